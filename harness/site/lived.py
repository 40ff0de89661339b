"""Shelf lives of one estimator in words: how soon it stops answering, and where. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from harness.shelflives import ROLLBACK, UPGRADE, Life
from harness.survival import kaplan_meier
from harness.words import count

WAYS = {UPGRADE: ("an upgrade", "later"), ROLLBACK: ("a rollback", "earlier")}


def releases(n: int) -> str:
    """`1 release`, `3 releases`."""
    return f"{count(n)} release" + ("" if n == 1 else "s")


def shortest(lives: Sequence[Life]) -> Life | None:
    """The one that died soonest; of several the first by id. None where none died."""
    died = [life for life in lives if life.died]
    return min(died, key=lambda life: (life.releases, life.producer, life.format), default=None)


def words(lives: Sequence[Life], way: str) -> str:
    """What became of what was saved, in one direction; '' where nothing was followed."""
    some = [life for life in lives if life.direction == way]
    if not some:
        return ""
    step, when = WAYS[way]
    died = sum(life.died for life in some)
    followed = max(life.releases for life in some if not life.died) if died < len(some) else 0
    first = shortest(some)
    if first is None:
        return (
            f"None of {count(len(some))} stops answering after {step}; "
            f"followed for up to {releases(followed)}."
        )
    said = (
        f"{count(died)} of {count(len(some))} stop answering after {step}. The soonest: saved in "
        f"{first.producer}, it is {first.outcome} in {first.fatal}, "
        f"{releases(first.releases)} {when}."
    )
    if followed:
        said += f" The others were followed for up to {releases(followed)}."
    returned = sum(bool(life.returned) for life in some)
    if returned:
        said += f" {count(returned)} answer again in a release further on."
    return said


def median(lives: Sequence[Life]) -> str:
    """The median shelf life after an upgrade, by Kaplan and Meier: `3 releases`, `> 13 releases`.

    `not known` where nothing was followed.
    """
    some = [life for life in lives if life.direction == UPGRADE]
    return _median(tuple(sorted((life.releases, life.died) for life in some)))


@cache
def _median(times: tuple[tuple[int, bool], ...]) -> str:
    """The same of times and whether each is a death; few of these differ."""
    if not times:
        return "not known"
    releases_, died = zip(*times, strict=True)
    curve = kaplan_meier(np.array(releases_, dtype=np.float64), np.array(died, dtype=bool))
    middle = curve.median()[0]
    if middle is None:
        return f"> {releases(int(curve.end))}"
    return releases(int(middle))
