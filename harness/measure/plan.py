"""What is measured next. Pure: the same state gives the same plan."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from harness.measure.records import AGAIN

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


def following(
    sets: Sequence[Set],
    done: Mapping[tuple[str, str], int],
    undecided: Collection[tuple[str, str]],
    blocks: int,
) -> Set | None:
    """The set that the next block is of: the one of which it says most. None where all are done.

    First everything gets a few blocks, in turn, so that a run that is stopped has something of
    all; then those of which a verdict is open, fewest blocks first; then the others.
    """
    open_sets = [each for each in sets if done.get(each.key, 0) < blocks]

    def rank(each: Set) -> tuple[bool, bool, int]:
        count = done.get(each.key, 0)
        return count >= ENOUGH, each.key not in undecided, count

    return min(open_sets, key=rank, default=None)


def seed(run_seed: int, each: Set, block: int) -> int:
    """The seed of a block's orders: another one in each, the same whenever it is run."""
    text = f"{run_seed} {each.environment} {each.model} {block}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def order(run_seed: int, each: Set, block: int, arms: Sequence[str]) -> list[str]:
    """The processes of a block: "" for the one that goes through all arms, and one for each arm."""
    found = ["", *arms]
    random.Random(seed(run_seed, each, block)).shuffle(found)  # noqa: S311 - an order
    return found
