"""What asking about failing cells of a run takes: its matrix, both places, benches, a workshop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from harness import environments, matrix, project, registry
from harness.environments import Broken, Ready
from harness.errors import MatrixError, UserError
from harness.evidence import Evidence
from harness.experiment import Mix, Workshop
from harness.mixture import Mixture, Place
from harness.probes import Bench, Memory, Say
from harness.pursuit import Subject
from harness.records import CellId, Json, Matrix, Outcome
from harness.source import Source

FAILED = frozenset(Outcome) - {
    *(Outcome.IDENTICAL, Outcome.CLOSE, Outcome.INVALID, Outcome.NOTRUN),
    *(Outcome.UNSUPPORTED, Outcome.DUMP_ERROR),
}  # those that have an artifact that answers where it was saved, and not where it was loaded


class Investigation:
    """Of the cells of one run or baseline. `folder` is that of the results."""

    def __init__(self, evidence: Evidence, folder: Path, jobs: int, say: Say) -> None:
        self.evidence, self.folder, self.jobs, self.say = evidence, folder, jobs, say
        self.header = evidence.header()
        self.matrix = _matrix(self.header)
        self.entries = {entry["id"]: entry for entry in self.header["environments"]}
        self.workshop = Workshop(folder / "environments")
        self.memory = Memory(folder / "experiments" / "probes.jsonl")
        self.benches: dict[str, Bench] = {}
        self.formats = {format.id: format for format in self.matrix.formats}

    def place(self, id: str) -> Place:
        """An environment as the run had it."""
        entry = self.entries[id]
        return Place(id, entry["python"], entry["main"], entry["packages"])

    def cutoff(self, *ids: str) -> dt.date:
        """The day up to which releases count: the last cut-off date of these environments."""
        return max(dt.date.fromisoformat(str(self.entries[id]["cutoff"])) for id in ids)

    def lines(self, cells: Iterable[CellId]) -> dict[CellId, Json]:
        """The lines of these cells. UserError for one that is not there or has not failed so."""
        wanted = {str(cell): cell for cell in cells}
        found = {
            wanted[line["cell"]]: line for line in self.evidence.lines() if line["cell"] in wanted
        }
        for cell in wanted.values():
            self._check(cell, found.get(cell))
        return found

    def _check(self, cell: CellId, line: Json) -> None:
        if line is None:
            hint = f"List its failing cells: shelflife causes {self.evidence.id}"
            raise UserError(f"{self.evidence.id} has no cell {str(cell)!r}", hint)
        outcome = Outcome(line["outcome"])
        if outcome not in FAILED:
            hint = f"See what is known of it: shelflife show {cell}"
            why = "nothing to explain" if outcome.severity < 2 else "no artifact of it answers"
            raise UserError(f"{cell} is {outcome}: {why}", hint)
        if cell.is_control:
            raise UserError(f"{cell} fails where it was saved: no package differs")
        known = {model.id for model in self.matrix.models}
        if cell.model not in known or cell.format not in self.formats:
            raise UserError(f"the registry no longer has the model or format of {cell}")

    def subject(self, cell: CellId, line: Json) -> Subject:
        """The cell with the bench of its producer."""
        return Subject(cell, line, self._bench(cell.producer))

    def mixture(self, cell: CellId) -> Mixture:
        """All between the two locks of the cell that its case needs by requirements."""
        modules = self.formats[cell.format].requires
        places = self.place(cell.producer), self.place(cell.consumer)
        return Mixture.of(*places, modules, self.workshop.requires)

    def _bench(self, producer: str) -> Bench:
        if producer not in self.benches:
            run = getattr(self.evidence, "folder", None)
            self.benches[producer] = Bench(
                self.matrix,
                producer,
                self.folder / "experiments" / f"{producer}-{self.memory.mark[:8]}",
                (self.workshop, self.memory),
                lambda: self.original(producer),
                run / "produced" if run else None,
                self.jobs,
                self.say,
            )
        return self.benches[producer]

    def original(self, id: str) -> Ready | Broken:
        """The matrix's own environment where tox has made it; else the same pins, made here."""
        place = self.place(id)
        python = environments.interpreter(id)
        found = environments.probe(python) if python.exists() else None
        if found and found["packages"].items() >= place.pins.items():
            return Ready(id, python, found["packages"])
        self.say(f"making {id} from its pins")
        made = self.workshop.make(Mix.of(place.python, place.pins))
        if isinstance(made, Broken):
            return Broken(id, made.reason)
        return Ready(id, made.python, made.packages)


def _matrix(header: Mapping[str, Json]) -> Matrix:
    """What running cells needs of the run's matrix: its registry, plugins and limits."""
    plugins = _plugins(str(header.get("argument", header["matrix"])))
    known = registry.read(plugins)
    limits = header.get("limits", {})
    return Matrix(
        name=header["matrix"],
        path="",
        description="",
        environments=(),
        models=known.models,
        formats=known.formats,
        includes=(),
        plugins=plugins,
        seconds=limits.get("seconds", 60.0),
        memory_mib=limits.get("memory_mib", 2048),
    )


def _plugins(argument: str) -> tuple[str, ...]:
    """Those of the matrix, where its file is still there; else those of the environment."""
    try:
        return matrix.plugins(Source.read(matrix.find(argument, project.matrices())))
    except MatrixError:
        return project.plugins()
