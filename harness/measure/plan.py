"""What is measured next. Pure: the same state gives the same plan."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from harness.measure.records import AGAIN

INSIDE, START = "inside", "start"
ENOUGH = 8  # blocks without which no verdict can be: the sign-flip test has p >= 2 / 2**n


@dataclass(frozen=True)
class Set:
    """A comparison set: formats of one model in one environment."""

    environment: str
    model: str
    formats: tuple[str, ...]
    baseline: str

    @property
    def key(self) -> tuple[str, str]:
        return self.environment, self.model

    @property
    def arms(self) -> tuple[str, ...]:
        """Every format, and the baseline once more: the equal arm that the noise is known by."""
        return (*self.formats, self.baseline + AGAIN)


@dataclass(frozen=True)
class Track:
    """Blocks of one kind of process of a set: all arms in one (`inside`), or each alone (`start`).

    Tracks are scheduled apart, since a start takes as long as its imports, and an inside does not.
    """

    of: Set
    process: str

    def wanted(self, arms: Collection[str]) -> set[tuple[str, str]]:
        """(process, arm) of every process of a block."""
        return {("inside", "")} if self.process == INSIDE else {("start", arm) for arm in arms}


def tracks(sets: Sequence[Set]) -> list[Track]:
    """The tracks of all sets."""
    return [Track(each, process) for each in sets for process in (INSIDE, START)]


def following(
    done: Mapping[Track, int],
    costs: Mapping[Track, float],
    undecided: Collection[Track],
    blocks: int,
    most: int,
    seconds: float = math.inf,
) -> Track | None:
    """The track whose next block says most, of those for which `seconds` are left; None for none.

    First a block of each, so that a run that is stopped has figures of all. Then whatever comes
    soonest to the blocks that a verdict needs, by what its blocks have cost so far. Then those of
    which a verdict is open, fewest blocks first; then the others. A track has enough with `blocks`
    where every verdict is there, and with `most` in any case.
    """

    def lacks(track: Track) -> bool:
        return done[track] < (most if track in undecided else blocks)

    left = [t for t in done if lacks(t) and costs.get(t, 0.0) <= seconds]

    def rank(track: Track) -> tuple[bool, bool, bool, float]:
        count = done[track]
        if count < ENOUGH:
            return count > 0, False, False, (ENOUGH - count) * costs.get(track, 0.0)
        return True, True, track not in undecided, count

    return min(left, key=rank, default=None)


def seed(run_seed: int, each: Set, block: int) -> int:
    """The seed of a block's orders: another one in each, the same whenever it is run."""
    text = f"{run_seed} {each.environment} {each.model} {block}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def order(run_seed: int, each: Set, block: int, arms: Sequence[str]) -> list[str]:
    """The processes of a block: "" for the one that goes through all arms, and one for each arm."""
    found = ["", *arms]
    random.Random(seed(run_seed, each, block)).shuffle(found)  # noqa: S311 - an order
    return found
