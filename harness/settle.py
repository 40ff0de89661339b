"""From answers to settled cells: every run of a cell is heard until it is believed.

Keeps, for one run of the harness, what the producers have saved, what the controls came to, and the
runs of cells that wait for their confirmation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness import judge
from harness.judge import Terms
from harness.protocol import Damaged, Done, Manifest
from harness.records import Case, Cell, CellId


class Court:
    """Hears what workers say of cells. `produced` is the folder of all producers' artifacts."""

    def __init__(self, terms: Terms, produced: Path) -> None:
        self.terms = terms
        self.produced = produced
        self.controls: dict[tuple[Case, str], Cell] = {}
        self.manifests: dict[str, Manifest] = {}
        self.runs: dict[CellId, list[Cell]] = {}

    def recall(self, controls: Mapping[CellId, Cell]) -> None:
        """These controls were recorded by an earlier, interrupted run."""
        self.controls.update(((id.case, id.producer), cell) for id, cell in controls.items())

    def manifest(self, producer: str, again: bool = False) -> Manifest:
        """What the producer has saved; read `again` after it has saved more."""
        if again or producer not in self.manifests:
            self.manifests[producer] = Manifest(self.produced / producer)
        return self.manifests[producer]

    def hear(self, id: CellId, done: Done, answers: Path) -> Cell | None:
        """The cell, settled by this run of it and those before; None where one more is needed."""
        runs = self.runs.setdefault(id, [])
        try:
            runs.append(judge.consumed(id, done, self.manifest(id.producer), answers, self.terms))
            settled = judge.settle(runs)
            if settled is None:
                return None
            settled = self._lit(settled)
        except Damaged as error:
            settled = self.notrun(id, str(error))
        del self.runs[id]
        return settled

    def wants_again(self, id: CellId) -> bool:
        """Whether the cell waits for another run."""
        return id in self.runs

    def wants_it_alone(self, id: CellId) -> bool:
        """Whether that run deserves a process of its own."""
        runs = self.runs[id]
        return len(runs) > 1 or judge.is_grave(runs[-1])

    def _lit(self, cell: Cell) -> Cell:
        """The settled cell in the light of its control, or as the control itself."""
        key = cell.id.case, cell.id.producer
        if not cell.id.is_control:
            return judge.under(cell, self.controls.get(key))
        manifest = self.manifest(cell.id.producer)
        refused = manifest.refused.get(cell.id.case)
        if refused and not cell.outcome.is_result:
            cell = judge.unexplained(cell, refused)
        cell = judge.control(cell, judge.fidelity(cell.id, manifest, self.terms), self.terms)
        self.controls[key] = judge.slim(cell)
        return cell

    def without_artifact(self, id: CellId) -> Cell:
        """A cell whose producer never saved the case."""
        refused = self.manifest(id.producer).refused.get(id.case)
        if refused is None:
            return self.notrun(id, "its producer's worker said nothing of it")
        return judge.not_produced(id, refused, self.terms)

    def untried(self, id: CellId) -> Cell:
        """A cell without a reference: its control says why there is none."""
        saved = self.manifest(id.producer).saved[id.case]
        artifact = {"sha256": saved.sha256, "bytes": saved.bytes}
        blank = replace(self.notrun(id, ""), artifact=artifact)
        return judge.under(blank, self.controls.get((id.case, id.producer)))

    def notrun(self, id: CellId, reason: str) -> Cell:
        return judge.notrun(id, self.terms, reason)


def cell_id(case: Case, producer: str, consumer: str) -> CellId:
    """The cell of a case between two environments."""
    return CellId(case.model, case.format, producer, consumer)
