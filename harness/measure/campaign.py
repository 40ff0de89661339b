"""A measuring run from its choice to its last block: in order of what says most, as time allows."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console

from harness import __version__, environments, header, progress
from harness.environments import Broken, Ready
from harness.errors import EnvironmentTrouble
from harness.measure import plan, processes, sheet
from harness.measure.choose import Chosen
from harness.measure.conduct import Conductor
from harness.measure.plan import Set
from harness.measure.records import Measured
from harness.measure.results import Results
from harness.measure.store import Ledger
from harness.records import Json

SEED = 20261122


@dataclass
class Budget:
    """Seconds that may be spent; of the last blocks it knows how long one takes."""

    seconds: float
    began: float
    longest: float = 0.0

    def allows(self) -> bool:
        """Whether another block like those before can be done in time."""
        return time.monotonic() - self.began + self.longest <= self.seconds

    def took(self, seconds: float) -> None:
        self.longest = max(seconds, 0.8 * self.longest)


def ready(chosen: Chosen, say: Console) -> dict[str, Ready]:
    """The environments, made and checked. EnvironmentTrouble where one cannot be had."""
    with say.status("environments: a minute or more where they have to be made"):
        made = environments.prepare(chosen.locks, say.out)
    found = {}
    for id, state in made.items():
        if isinstance(state, Broken):
            raise EnvironmentTrouble(f"{id} cannot be measured in: {state.reason}")
        found[id] = state
    return found


def run(
    chosen: Chosen,
    made: Mapping[str, Ready],
    ledger: Ledger,
    blocks: int,
    seconds: float = math.inf,
    say: Console | None = None,
) -> Results:
    """Measure until every set has `blocks` blocks or the time is up; what there is then."""
    budget = Budget(seconds, time.monotonic())
    ledger.begin(opening(chosen, made, ledger))
    state = State(chosen, ledger.read())
    say = say or Console(stderr=True, highlight=False)
    with progress.processes(say, state.left(blocks)) as heard:
        conductor = Conductor(chosen, made, ledger, SEED, heard)
        try:
            while budget.allows():
                each = plan.following(chosen.sets, state.done, state.undecided, blocks)
                if each is None:
                    break
                began = time.monotonic()
                block = state.done[each.key]
                conductor.block(each, block, state.parts[*each.key, block])
                state = State(chosen, ledger.read())
                state.done[each.key] = block + 1  # also where every arm has failed
                budget.took(time.monotonic() - began)
        finally:
            conductor.close()
            ledger.append(
                {
                    "kind": "spent",
                    "seconds": round(time.monotonic() - budget.began, 3),
                    "measured": round(conductor.measured, 3),
                    "phases": {k: round(v, 3) for k, v in conductor.phases.items()},
                }
            )
    return Results(ledger.read())


class State:
    """How far a run is: whole blocks of each set, parts of the next, open verdicts."""

    def __init__(self, chosen: Chosen, measured: Measured) -> None:
        self.chosen = chosen
        self.parts: dict[tuple[str, str, int], set[tuple[str, str]]] = defaultdict(set)
        for process in measured.processes:
            key = (process.environment, process.model, process.block)
            self.parts[key].add((process.process, process.arm))
        given_up = {(c.environment, c.model, c.arm) for c in measured.cases if c.status != "ok"}
        self.done = {each.key: self._whole(each, given_up) for each in chosen.sets}
        found = Results(measured)
        few = min(self.done.values(), default=0) < plan.ENOUGH
        self.undecided = set() if few else {key for key in self.done if found.is_open(key)}

    def _whole(self, each: Set, given_up: set[tuple[str, str, str]]) -> int:
        """How many blocks, from the first on, lack nothing."""
        starts = {("start", arm) for arm in each.arms if (*each.key, arm) not in given_up}
        wanted = starts | {("inside", "")}
        count = 0
        while starts and wanted <= self.parts.get((*each.key, count), set()):
            count += 1
        return count

    def left(self, blocks: int) -> int:
        """Processes that are still to be measured."""
        return sum(
            max(0, blocks - self.done[each.key]) * (1 + len(each.arms)) for each in self.chosen.sets
        )


def opening(chosen: Chosen, made: Mapping[str, Ready], ledger: Ledger) -> Json:
    """The header of a run."""
    own = chosen.own
    return {
        "run": ledger.folder.name,
        "shelflife": __version__,
        "started": header.now(),
        "environments": {
            id: {"lock": lock.sha256, "packages": dict(made[id].packages)}
            for id, lock in chosen.locks.items()
        },
        "models": chosen.models,
        "formats": list(dict.fromkeys(f for each in chosen.sets for f in each.formats)),
        "baseline": chosen.baseline,
        "gc": chosen.gc,
        "own": own
        and {"sha256": own.sha256, "bytes": own.path.stat().st_size, "suffix": own.path.suffix},
        "sheet": sheet.sheet(ledger.folder),
        "isolation": processes.LIMITS + (processes.OFFLINE if own else ""),
        "seed": SEED,
    }
