"""What can be read as the result of a matrix: a run on disk, or a committed baseline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from harness import project, store
from harness.records import Cell, Json


class Evidence(Protocol):
    """Cells with a header that explains them."""

    @property
    def id(self) -> str:
        """A run's id, or `baseline:` and the name of a matrix."""

    def header(self) -> dict[str, Json]:
        """As `run.json`; see docs/reference/run.schema.json."""

    def lines(self) -> Iterator[Json]:
        """As the lines of `cells.jsonl`; see docs/reference/cell.schema.json."""

    def cells(self) -> Iterator[Cell]:
        """The same as records."""


def find(name: str | None) -> Evidence:
    """The run that NAME says, the newest one for None. StoreError where there is none."""
    return store.find(project.results(), name)
