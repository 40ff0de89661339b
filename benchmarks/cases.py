"""The one definition of cases, as benchmarks see it: models and formats of the worker's registry.

Runs in the current environment, which must hold scikit-learn and what the formats need: the
dependency group `bench`. Ids are those of the matrix, `model/format`.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

from harness import project
from harness.worker import artifacts, produce, registry
from harness.worker.trial import Trial

MODELS = ("logreg.binary", "forest.classifier", "knn.kd-tree-cube", "pipeline.tfidf")


def ids(models: tuple[str, ...] = MODELS) -> list[str]:
    """Every case of the models and of the formats whose libraries are there, `model/format`.

    Formats of the folders in `SHELFLIFE_PLUGINS` are among them; wrappers of others are not.
    """
    registry.read(project.plugins())
    formats = sorted(id for id, format in registry.FORMATS.items() if _is_here(format))
    return [f"{model}/{format}" for model in models for format in formats]


def _is_here(format: registry.Format) -> bool:
    tops = {name.partition(".")[0] for name in (*format.requires, *format.requires_to_dump)}
    return not format.wraps and all(importlib.util.find_spec(top) for top in tops)


@cache
def fitted(model: str) -> produce.Fitted:
    """The model, fitted on its data, with what it answered."""
    registry.read(project.plugins())
    return produce.fit(registry.MODELS[model], Trial(lambda stage: None, {}))


class Case:
    """A case with a place for its artifact. `unsupported` says why there is none."""

    def __init__(self, id: str, folder: Path) -> None:
        self.id = id
        model, _, format = id.partition("/")
        self.model = fitted(model)
        self.format = registry.FORMATS[format]
        self.path = str(folder / f"artifact{self.format.suffix}")
        self.unsupported = ""
        try:
            self.format.prepare()
            self.dump()
        except (registry.Unsupported, registry.Absent) as reason:
            self.unsupported = str(reason)

    @property
    def bytes(self) -> int:
        return artifacts.measured(self.path)[1]

    def dump(self) -> None:
        artifacts.save(self.format, self.model.model, self.path, self.model.data)

    def load(self) -> Any:
        return self.format.load(self.path)

    def first_answer(self) -> Any:
        """Load, and ask the first method that both it and the fitted model have."""
        loaded = self.load()
        name = next(name for name in self.model.answers if hasattr(loaded, name))
        return self.model.asked[name](loaded)
