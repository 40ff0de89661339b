"""A measuring run from its choice to its last block: in order of what says most, as time allows."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Mapping

from rich.console import Console

from harness import __version__, environments, header, progress
from harness.environments import Broken, Ready
from harness.errors import EnvironmentTrouble
from harness.measure import plan, processes, sheet
from harness.measure.choose import Chosen
from harness.measure.conduct import Conductor
from harness.measure.plan import INSIDE, START, Track
from harness.measure.records import STAGES, Measured
from harness.measure.results import JUDGED, Results
from harness.measure.store import Ledger
from harness.records import Json

SEED = 20261122
STAGES_OF = {
    process: [stage for stage in JUDGED if STAGES[stage].process == process]
    for process in (INSIDE, START)
}
"""Stages that are judged, by the kind of process that they are measured in."""


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
    most: int,
    seconds: float = math.inf,
    say: Console | None = None,
) -> Results:
    """Measure until every set has `blocks` blocks, those with an open verdict `most`.

    Or until the time is up. What there is then.
    """
    began = time.monotonic()
    ledger.begin(opening(chosen, made, ledger))
    state = State(chosen, ledger.read())
    costs: dict[Track, float] = {}
    say = say or Console(stderr=True, highlight=False)
    with progress.processes(say, state.left(blocks)) as heard:
        conductor = Conductor(chosen, made, ledger, SEED, heard)
        try:
            while True:
                left = began + seconds - time.monotonic()
                track = plan.following(state.done, costs, state.undecided, blocks, most, left)
                if track is None or left <= 0:
                    break
                conductor.prepare(track.of)
                if state.done[track] >= blocks:
                    heard.more(len(track.wanted(track.of.arms)))
                costs[track] = _block(conductor, track, state)
                state = State(chosen, ledger.read(), state)
        finally:
            conductor.close()
            ledger.append(
                {
                    "kind": "spent",
                    "seconds": round(time.monotonic() - began, 3),
                    "measured": round(conductor.measured, 3),
                    "phases": {k: round(v, 3) for k, v in conductor.phases.items()},
                }
            )
    return Results(ledger.read())


def _block(conductor: Conductor, track: Track, state: State) -> float:
    """Measure a track's next block, or what is left of it; how long that took."""
    began = time.monotonic()
    block = state.done[track]
    others = {("inside", "")} if track.process == START else _starts(track)
    conductor.block(track.of, block, state.parts[*track.of.key, block] | others)
    state.tried[track] = block + 1
    return time.monotonic() - began


def _starts(track: Track) -> set[tuple[str, str]]:
    """Every start of a block of the track's set."""
    return {("start", arm) for arm in track.of.arms}


class State:
    """How far a run is: whole blocks of each track, parts of the next one, open verdicts.

    `before` knows what was tried in this invocation: a block whose arms have all failed is no
    block, and is not tried again.
    """

    def __init__(self, chosen: Chosen, measured: Measured, before: State | None = None) -> None:
        self.tried: dict[Track, int] = before.tried if before else {}
        self.parts: dict[tuple[str, str, int], set[tuple[str, str]]] = defaultdict(set)
        for process in measured.processes:
            key = (process.environment, process.model, process.block)
            self.parts[key].add((process.process, process.arm))
        given_up = {(c.environment, c.model, c.arm) for c in measured.cases if c.status != "ok"}
        self.done = {
            track: max(self._whole(track, given_up), self.tried.get(track, 0))
            for track in plan.tracks(chosen.sets)
        }
        found = Results(measured)
        ripe = [track for track, count in self.done.items() if count >= plan.ENOUGH]
        is_time = len(ripe) == len(self.done)  # before that, no verdict decides the order
        self.undecided = {
            t for t in ripe if is_time and found.is_open(t.of.key, STAGES_OF[t.process])
        }

    def _whole(self, track: Track, given_up: set[tuple[str, str, str]]) -> int:
        """How many blocks, from the first on, lack nothing."""
        arms = [arm for arm in track.of.arms if (*track.of.key, arm) not in given_up]
        wanted = track.wanted(arms)
        count = 0
        while arms and wanted <= self.parts.get((*track.of.key, count), set()):
            count += 1
        return count

    def left(self, blocks: int) -> int:
        """Processes that are still to be measured."""
        return sum(
            max(0, blocks - count) * len(track.wanted(track.of.arms))
            for track, count in self.done.items()
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
