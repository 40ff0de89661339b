"""A case in this very process, for pytest-benchmark: saved, loaded and asked as a user would.

Which cases there are, `benchmarks/suite/sets.py` says; what they are, the worker's registry. The
current environment must hold scikit-learn and what the formats need: the dependency group `bench`.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.suite import sets
from harness.worker import answers, artifacts, registry
from harness.worker.measuring import formats, subject


class Lacking(Exception):
    """This case cannot be here: its format cannot hold it, or its libraries are not there."""


@lru_cache(maxsize=1)  # cases come by model, and a large one is enough
def fitted(model: str) -> Any:
    """The model, fitted on its data. Lacking where its libraries are not there."""
    registry.read(sets.plugins())
    request = {"own": "", "model": model}
    try:
        return subject.make(request)
    except (registry.Absent, ImportError) as reason:
        raise Lacking(str(reason)) from None


class Case:
    """A case with a place for its artifact. Lacking where it cannot be here."""

    def __init__(self, id: str, folder: Path) -> None:
        self.id = id
        self.model, _, self.format_id = id.partition("/")
        self.fitted = fitted(self.model)
        self.data = registry.data(registry.MODELS[self.model].data)
        self.format = registry.FORMATS[self.format_id]
        self.path = str(folder / f"artifact{self.format.suffix}")
        try:
            for module in (*self.format.requires, *self.format.requires_to_dump):
                importlib.import_module(module)
            self.format.prepare()
            self.dump()
        except (registry.Unsupported, registry.Absent, ImportError) as reason:
            raise Lacking(str(reason)) from None

    @property
    def bytes(self) -> int:
        parts = formats.files(self.format, self.path)
        return sum(Path(part).stat().st_size for part in parts)

    def clear(self) -> None:
        """Remove the artifact: to write over a file costs more than to write a new one."""
        artifacts.remove(self.path)

    def dump(self) -> None:
        """As a user of the format saves: not by way of a temporary folder, as the harness does."""
        formats.dumper(self.format)(self.fitted, self.path, self.data)

    def load(self) -> Any:
        return self.format.load(self.path)

    def first_answer(self) -> Any:
        """Load, and ask the first question that it can answer."""
        loaded = self.load()
        asked = answers.about(registry.MODELS[self.model])
        own = registry.MODELS[self.model].asks is not None
        return asked[next(n for n in asked if own or answers.answerable(loaded, {n: asked[n]}))](
            loaded
        )
