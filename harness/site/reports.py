"""The report of each matrix: written in the pass that reads it, or by a process beside it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from harness.evidence import Evidence
from harness.report import Read, Taker, Tallies, read_matrix, write_matrix, write_site

HOME = "../../index.html"
"""From a report to the first page of the site."""


class Reports:
    """Without `workers` a matrix is read once. With them twice, but at the same time."""

    def __init__(self, workers: Executor | None = None) -> None:
        self.workers = workers
        self._begun: list[Future[Path]] = []

    def write(
        self, evidence: Evidence, folder: Path, also: Sequence[Taker], tallies: Tallies
    ) -> Read:
        """Hand each cell to others, and write the report, or begin to."""
        if not self.workers:
            return write_matrix(evidence, folder, also=also, home=HOME, tallies=tallies)
        self._begun.append(self.workers.submit(write_site, evidence, folder, HOME))
        return read_matrix(evidence, also=also, home=HOME, tallies=tallies)

    def end(self) -> None:
        """Wait until all are there. Raises what went wrong with one."""
        for report in self._begun:
            report.result()
