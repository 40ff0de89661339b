"""One run: jobs go to workers, what comes back is settled and recorded.

For each producer: produce, then its controls, then its artifacts in every other environment.
An environment works at one task at a time, and up to `jobs` environments at once.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness import plan, protocol
from harness.environments import Broken, Prepared, Ready
from harness.errors import StoreError
from harness.execute import Lost, MachineTrouble, Station
from harness.judge import Terms
from harness.protocol import Request
from harness.records import Case, Cell, CellId, Matrix
from harness.settle import Court, cell_id
from harness.store import MAKE_ROOM, Writer

CHUNK = 400  # cells of a task: small enough that the last ones end together
PATIENCE = 0.01  # seconds between looks at the workers

Report = Callable[[Sequence[Cell]], None]


@dataclass(frozen=True)
class Task:
    """One request to one environment. `batch` is 1 where each item gets a process of its own."""

    kind: str
    environment: str
    producer: str
    cases: tuple[Case, ...]
    batch: int = 0
    rank: int = 2  # the lower, the sooner: produce, confirm, control, consume


@dataclass
class Phases:
    """CPU seconds by what they were spent on."""

    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, amount: float) -> None:
        self.seconds[name] = self.seconds.get(name, 0.0) + amount

    def worker(self, spent: Mapping[str, float]) -> None:
        """A child's account: its stages, and what remains of all that it used."""
        stages = {name: value for name, value in spent.items() if name != "all"}
        for name, value in stages.items():
            self.add(name, value)
        self.add("worker", max(0.0, spent["all"] - sum(stages.values())))


class Conductor:
    """Runs the missing cells of a matrix in environments that are ready.

    Each of `listeners` hears of every cell that is recorded. Nothing that was recorded is lost
    when this stops, for whatever reason; what was under way is run again. `batch` cells share a
    forked child, all of a task's where it is 0.
    """

    def __init__(
        self,
        matrix: Matrix,
        prepared: Prepared,
        store: Writer,
        jobs: int,
        listeners: Sequence[Report],
        batch: int = 0,
    ) -> None:
        self.matrix = matrix
        self.prepared = prepared
        self.store = store
        self.jobs = jobs
        self.listeners = listeners
        self.batch = batch
        self.court = Court(Terms.of(matrix), store.folder / "produced")
        self.phases = Phases()
        self.stations: dict[str, Station] = {}
        self.running: dict[str, Task] = {}
        self.waiting: list[Task] = []
        self.missing: dict[tuple[str, str], list[Case]] = {}
        self.open: dict[str, int] = {}
        self.todo: set[CellId] = set()
        self.heard: dict[str, set[CellId]] = {}
        self.lost = {
            id: found.reason for id, found in prepared.items() if isinstance(found, Broken)
        }

    # -- the loop ------------------------------------------------------------------------------

    def run(self, missing: Sequence[CellId], controls: Mapping[CellId, Cell]) -> None:
        """Run `missing`; `controls` are those recorded by an earlier, interrupted run."""
        shutil.rmtree(self.store.folder / "jobs", ignore_errors=True)
        self.court.recall(controls)
        began = time.process_time()
        self.todo = set(missing)
        self.missing = plan.by_pair(missing)
        for producer in dict.fromkeys(producer for producer, _ in self.missing):
            self._begin(producer)
        try:
            while self.waiting or self.running:
                self._start_tasks()
                if not self._look():
                    time.sleep(PATIENCE)
        finally:
            for station in self.stations.values():
                station.stop()
        self._sweep()
        compared = self.phases.seconds.get("compare", 0.0)
        self.phases.add("harness", time.process_time() - began - compared)
        shutil.rmtree(self.store.folder / "jobs", ignore_errors=True)

    def _start_tasks(self) -> None:
        self.waiting.sort(key=lambda task: (task.rank, -len(task.cases)))  # the longest first
        for task in list(self.waiting):
            if len(self.running) >= self.jobs:
                return
            if task.environment in self.running:
                continue
            self.waiting.remove(task)
            self.running[task.environment] = task
            self.heard[task.environment] = set()
            try:
                self._station(task.environment).submit(self._request(task))
            except Lost as lost:
                self._lose(task.environment, str(lost))

    def _station(self, environment: str) -> Station:
        if environment not in self.stations:
            ready = self.prepared[environment]
            assert isinstance(ready, Ready)
            log = self.store.folder / "logs" / f"{environment}.txt"
            self.stations[environment] = Station(ready, log, [self.store.lock])
        return self.stations[environment]

    def _request(self, task: Task) -> Request:
        return Request(
            kind=task.kind,
            folder=self.store.folder / "jobs" / task.environment,
            produced=self.court.produced / task.producer,
            cases=task.cases,
            plugins=self.matrix.plugins,
            seconds=self.matrix.seconds,
            memory_mib=self.matrix.memory_mib,
            batch=task.batch,
        )

    def _look(self) -> bool:
        """Take what the workers have answered; whether there was anything."""
        heard = False
        for environment in list(self.running):
            station = self.stations[environment]
            try:
                lines = station.poll()
            except Lost as lost:
                self._lose(environment, str(lost))
                continue
            except MachineTrouble as trouble:
                raise StoreError(f"a worker could not write: {trouble}", MAKE_ROOM) from None
            heard = heard or bool(lines)
            self._take(environment, lines, ended=not station.is_busy)
        return heard

    def _take(self, environment: str, lines: Sequence[Mapping[str, Any]], ended: bool) -> None:
        task = self.running[environment]
        before = time.process_time()
        recorded: list[Cell] = []
        for line in lines:
            match line["kind"]:
                case "hello":
                    self.phases.add("import", line["cpu"])
                case "spent":
                    self.phases.worker(line["cpu"])
                case "refused":
                    self._lose(environment, line["reason"])
                case "done" if task.kind == "consume":
                    recorded += self._hear(task, line)
        self._record(recorded)
        self.phases.add("compare", time.process_time() - before)
        if ended and environment not in self.lost:
            del self.running[environment]
            self._finish(task)

    # -- producing -----------------------------------------------------------------------------

    def _begin(self, producer: str) -> None:
        manifest = self.court.manifest(producer)
        cases = dict.fromkeys(
            case for (p, _), missing in self.missing.items() if p == producer for case in missing
        )
        needed = tuple(case for case in cases if not manifest.is_finished(case))
        if needed:
            self._queue(Task("produce", producer, producer, needed, rank=0))
        else:
            self._controls(producer)

    def _controls(self, producer: str) -> None:
        """After producing: say what never became an artifact, then load where it was saved."""
        saved = self.court.manifest(producer, again=True).saved
        for (p, consumer), cases in self.missing.items():
            if p == producer:
                lacking = [cell_id(case, p, consumer) for case in cases if case not in saved]
                self._record([self.court.without_artifact(id) for id in lacking])
                self.missing[p, consumer] = [case for case in cases if case in saved]
        cases = self.missing.pop((producer, producer), [])
        self._consume(producer, producer, cases)
        if not cases:
            self._others(producer)

    def _others(self, producer: str) -> None:
        """After the controls: every other environment, but for cases without a reference."""
        manifest = self.court.manifest(producer)
        for p, consumer in [pair for pair in self.missing if pair[0] == producer]:
            cases = self.missing.pop((p, consumer))
            unusable = [case for case in cases if not manifest.has_reference(case)]
            self._record([self.court.untried(cell_id(case, p, consumer)) for case in unusable])
            self._consume(p, consumer, [case for case in cases if manifest.has_reference(case)])

    def _consume(self, producer: str, consumer: str, cases: Sequence[Case]) -> None:
        rank = 2 if producer == consumer else 3
        cases = sorted(cases, key=lambda case: case.format)  # a chunk then needs few imports
        for at in range(0, len(cases), CHUNK):
            chunk = tuple(cases[at : at + CHUNK])
            self._queue(Task("consume", consumer, producer, chunk, self.batch, rank))

    def _queue(self, task: Task) -> None:
        if task.environment in self.lost:
            return
        if task.environment == task.producer and task.kind == "consume":
            self.open[task.producer] = self.open.get(task.producer, 0) + 1
        self.waiting.append(task)

    # -- consuming -----------------------------------------------------------------------------

    def _hear(self, task: Task, line: Mapping[str, Any]) -> list[Cell]:
        """The cell that this line settles; none where it has to be run once more."""
        done = protocol.done(line)
        id = cell_id(done.case, task.producer, task.environment)
        heard = self.heard[task.environment]
        if id in heard or id not in self.todo:  # of two lines of one task the first counts
            return []
        heard.add(id)
        answers = self.store.folder / "jobs" / task.environment / "answers.bin"
        cell = self.court.hear(id, done, answers)
        return [cell] if cell else []

    def _finish(self, task: Task) -> None:
        if task.kind == "produce":
            self._controls(task.producer)
            return
        self._confirm(task)
        if task.environment == task.producer:
            self.open[task.producer] -= 1
            if not self.open[task.producer]:
                self._others(task.producer)

    def _confirm(self, task: Task) -> None:
        """Ask again for the cells of this task that are not settled yet."""
        where = task.producer, task.environment
        again = [case for case in task.cases if self.court.wants_again(cell_id(case, *where))]
        alone = [case for case in again if self.court.wants_it_alone(cell_id(case, *where))]
        together = [case for case in again if case not in alone][::-1]  # other company before it
        for cases, batch in ((alone, 1), (together, 0)):
            if cases:
                self._queue(
                    Task("consume", task.environment, task.producer, tuple(cases), batch, rank=1)
                )

    def _record(self, cells: Sequence[Cell]) -> None:
        self.store.append(cells)
        self.todo.difference_update(cell.id for cell in cells)
        for hear in self.listeners if cells else ():
            hear(cells)

    # -- what cannot be run --------------------------------------------------------------------

    def _lose(self, environment: str, reason: str) -> None:
        """Give an environment up: it is not there, or its worker died, as children's deaths never
        make it do. Its cells stay in `todo` and end as notrun; the rest goes on."""
        self.lost[environment] = reason
        self.running.pop(environment, None)
        if environment in self.stations:
            self.stations.pop(environment).stop()
        self.waiting = [task for task in self.waiting if environment != task.environment]

    def _sweep(self) -> None:
        """Every cell that could not be run, with the reason of the environment that failed it."""
        cells = []
        for id in sorted(self.todo):
            at = next((e for e in (id.consumer, id.producer) if e in self.lost), None)
            reason = f"{at}: {self.lost[at]}" if at else "its control could not be run"
            cells.append(self.court.notrun(id, reason))
        self._record(cells)
