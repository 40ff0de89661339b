"""The one definition of cases, as benchmarks see it: models and formats of the worker's registry.

Runs in the current environment, which must hold scikit-learn and what the formats need: the
dependency group `bench`. Ids are those of the matrix, `model/format`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from harness.worker import produce, registry
from harness.worker.trial import Trial

MODELS = ("logreg.binary", "forest.classifier", "knn.kd-tree-cube", "pipeline.tfidf")


def ids() -> list[str]:
    """Every case of the benchmarked models, `model/format`."""
    registry.read()
    return [f"{model}/{format}" for model in MODELS for format in sorted(registry.FORMATS)]


@cache
def fitted(model: str) -> produce.Fitted:
    """The model, fitted on its data, with what it answered."""
    registry.read()
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
            self.dump()
        except registry.Unsupported as reason:
            self.unsupported = str(reason)

    @property
    def bytes(self) -> int:
        return Path(self.path).stat().st_size

    def dump(self) -> None:
        self.format.dump(self.model.model, self.path, self.model.data)

    def load(self) -> Any:
        return self.format.load(self.path)

    def first_answer(self) -> Any:
        """Load, and ask the first method that both it and the fitted model have."""
        loaded = self.load()
        name = next(name for name in self.model.answers if hasattr(loaded, name))
        return self.model.asked[name](loaded)
