"""Try whether an artifact that fails in its consumer answers there once it is saved again between.

For a cell whose artifact fails: its producer saves the model, the environment `via` loads that and
saves it in the same format, the consumer loads what `via` has saved. It must answer as the
producer's reference says. All of it is run, in made environments, in a folder of its own.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from harness import judge, protocol
from harness.environments import Broken, Prepared
from harness.errors import EnvironmentTrouble, UserError
from harness.execute import Lost, Station
from harness.judge import Terms
from harness.protocol import Done, Manifest, Request
from harness.records import OK_OUTCOMES, Case, Cell, CellId, Environment, Matrix, Outcome
from harness.remedies import Tried

PATIENCE = 0.02  # seconds between looks at a worker
NAME = re.compile(r"[A-Za-z0-9._-]+")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Trial:
    """Failing cells of one pair, and the environments to save their artifacts again in."""

    cells: tuple[CellId, ...]
    vias: tuple[str, ...]

    @property
    def environments(self) -> set[str]:
        """All that are needed."""
        return {self.cells[0].producer, self.cells[0].consumer, *self.vias}


def trials(vias: Mapping[CellId, Sequence[str]]) -> list[Trial]:
    """Cells with where to save them again, put together by pair. UserError where that is nowhere"""
    found: dict[tuple[str, ...], list[CellId]] = {}
    for cell, names in vias.items():
        if not names:
            hint = "Name an environment of the matrix to save it again in: --via ENVIRONMENT"
            raise UserError(
                f"no environment is known in which the artifact of {cell} answers", hint
            )
        found.setdefault((cell.producer, cell.consumer, *names), []).append(cell)
    return [Trial(tuple(cells), key[2:]) for key, cells in found.items()]


class Laboratory:
    """Environments at work for trials of remedies, one at a time; `folder` takes all they leave."""

    def __init__(self, matrix: Matrix, prepared: Prepared, folder: Path) -> None:
        self.matrix = matrix
        self.prepared = prepared
        self.folder = folder
        self.terms = Terms.of(matrix)
        self.stations: dict[str, Station] = {}

    def __enter__(self) -> Laboratory:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for station in self.stations.values():
            station.stop()

    def fails(self, cells: Sequence[CellId]) -> dict[CellId, Cell]:
        """The cells, of one pair, as they come out now: their models are saved for it first."""
        producer, consumer = cells[0].producer, cells[0].consumer
        produced = self.folder / "produced" / producer
        cases = [cell.case for cell in cells]
        self._ask(producer, "produce", produced, cases)
        return self._consume(consumer, produced, cells)

    def mended(self, cells: Sequence[CellId], via: str) -> dict[CellId, Cell]:
        """The same cells where their artifacts are saved again in `via`; call `fails` before."""
        producer, consumer = cells[0].producer, cells[0].consumer
        said = self._ask(
            via, "resave", self.folder / "produced" / producer, [cell.case for cell in cells]
        )
        found = {
            cell: self._refused(cell, said[cell.case])
            for cell in cells
            if said[cell.case].status != "ok"
        }
        again = [cell for cell in cells if cell not in found]
        if again:
            resaved = self._jobs(via) / "resaved"
            if not (resaved / "manifest.jsonl").exists():
                raise EnvironmentTrouble(f"{via}: its worker saved nothing again")
            found.update(self._consume(consumer, resaved, again))
        return found

    def _refused(self, cell: CellId, done: Done) -> Cell:
        """The cell whose artifact could not be saved again: what went wrong with that."""
        if done.status == "absent":
            return judge.notrun(cell, self.terms, done.reason or "")
        failed = judge.not_produced(cell, done, self.terms)
        loading = done.failure is not None and done.failure.stage == "load"
        if loading and failed.outcome is Outcome.DUMP_ERROR:
            return replace(failed, outcome=Outcome.LOAD_ERROR)
        return failed

    def _consume(
        self, consumer: str, produced: Path, cells: Sequence[CellId]
    ) -> dict[CellId, Cell]:
        manifest = Manifest(produced)
        there = [cell for cell in cells if manifest.has_reference(cell.case)]
        found = {
            cell: judge.notrun(cell, self.terms, "its producer could not save it")
            for cell in cells
            if cell not in there
        }
        said = self._ask(consumer, "consume", produced, [cell.case for cell in there])
        answers = self._jobs(consumer) / "answers.bin"
        for cell in there:
            found[cell] = judge.consumed(cell, said[cell.case], manifest, answers, self.terms)
        return found

    def _ask(
        self, environment: str, kind: str, produced: Path, cases: Sequence[Case]
    ) -> dict[Case, Done]:
        """What the worker of an environment says of the cases; each has a process of its own."""
        if not cases:
            return {}
        request = Request(
            kind=kind,
            folder=self._jobs(environment),
            produced=produced,
            cases=tuple(cases),
            plugins=self.matrix.plugins,
            seconds=self.matrix.seconds,
            memory_mib=self.matrix.memory_mib,
            batch=1,
        )
        station = self._station(environment)
        said: dict[Case, Done] = {}
        try:
            station.submit(request)
            while station.is_busy:
                for line in station.poll():
                    if line["kind"] == "done":
                        found = protocol.done(line)
                        said[found.case] = found
                time.sleep(PATIENCE)
        except Lost as lost:
            raise EnvironmentTrouble(f"{environment}: {lost}") from None
        absent = [str(case) for case in cases if case not in said]
        if absent:
            raise EnvironmentTrouble(f"{environment}: its worker said nothing of {absent[0]}")
        return said

    def _jobs(self, environment: str) -> Path:
        return self.folder / "jobs" / environment

    def _station(self, environment: str) -> Station:
        if environment not in self.stations:
            ready = self.prepared[environment]
            if isinstance(ready, Broken):
                raise EnvironmentTrouble(f"{environment}: {ready.reason}")
            log = self.folder / "logs" / f"{environment}.txt"
            self.stations[environment] = Station(ready, log)
        return self.stations[environment]


def attempt(laboratory: Laboratory, trial: Trial, say: Say) -> list[Tried]:
    """Save the artifacts again in one environment after the other, until all are mended.

    A cell that is mended is not tried further. UserError where one of them does not fail.
    """
    for cell, found in laboratory.fails(trial.cells).items():
        if found.outcome in OK_OUTCOMES:
            raise UserError(f"{cell} does not fail here: it is {found.outcome}")
        if not found.outcome.is_result:
            raise UserError(f"{cell} cannot be tried: {found.reason}")
    left, tried = list(trial.cells), list[Tried]()
    for via in trial.vias:
        if not left:
            break
        mended = laboratory.mended(left, via)
        for cell, found in mended.items():
            say(f"{cell} saved again in {via}: {found.outcome}")
            if found.outcome.is_result:
                tried.append(_tried(cell, via, found, laboratory.matrix))
        left = [cell for cell in left if mended[cell].outcome not in OK_OUTCOMES]
    return tried


def _tried(cell: CellId, via: str, found: Cell, matrix: Matrix) -> Tried:
    error = found.error
    places = cell.producer, via, cell.consumer
    return Tried(
        cell=str(cell),
        kind="resave",
        via=via,
        outcome=found.outcome.value,
        date=dt.datetime.now(dt.UTC).date().isoformat(),
        error=f"{error.type}: {error.message}"[:200] if error and error.message else "",
        versions=versions([_environment(matrix, id) for id in places]),
    )


def _environment(matrix: Matrix, id: str) -> Environment:
    return next(e for e in matrix.environments if e.id == id)


def versions(environments: Sequence[Environment]) -> Mapping[str, Sequence[str]]:
    """What the environments require by name and differ in: `{package: [version in each]}`."""
    required = [_required(environment) for environment in environments]
    names = dict.fromkeys(name for one in required for name in one)
    table = {name: [one.get(name, "") for one in required] for name in names}
    return {name: found for name, found in table.items() if len({*found}) > 1}


def _required(environment: Environment) -> dict[str, str]:
    found = {"python": environment.python}
    for requirement in environment.requirements:
        name = NAME.match(requirement)
        if name:
            found[name[0]] = requirement[name.end() :].strip("=~<> ")
    return found
