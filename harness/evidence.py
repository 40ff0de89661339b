"""What can be read as the result of a matrix: a run on disk, or a committed baseline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from harness import baseline, project, store
from harness.lines import Mark
from harness.records import Cell, Json

BASELINE = "baseline:"


class Evidence(Protocol):
    """Cells with a header that explains them."""

    @property
    def id(self) -> str:
        """A run's id, or `baseline:` and the name of a matrix."""

    def header(self) -> dict[str, Json]:
        """As `run.json`; see docs/reference/run.schema.json."""

    def lines(self) -> Iterator[Json]:
        """As the lines of `cells.jsonl`; see docs/reference/cell.schema.json."""

    def marks(self) -> Iterator[Mark]:
        """The same as far as it tells one cell from another: ten times as fast."""

    def cells(self) -> Iterator[Cell]:
        """The same as records."""


def find(name: str | None) -> Evidence:
    """What NAME says: `baseline:` and a matrix, a baseline's file, or a run; for None the newest.

    StoreError where there is none.
    """
    if name and name.startswith(BASELINE):
        return baseline.find(baselines(), name.removeprefix(BASELINE))
    if name and name.endswith(baseline.SUFFIX) and Path(name).is_file():
        return baseline.Baseline(Path(name))
    return store.find(project.results(), name)


def baselines() -> Path:
    """The folder of the committed baselines, beside the matrices."""
    return project.matrices() / "baselines"
