"""The first bad release of several: a binary search that does not believe in monotony.

Pure, as in `delta.py`. A release is bad when loading or asking fails in any way, good when the
answers are right; one that cannot be tried is passed over, and the result is then an interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.delta import Answer, Search

BAD = frozenset({Answer.SAME, Answer.OTHER})


@dataclass(frozen=True)
class Boundary:
    """Where releases become bad. `answers` holds what was tried, in the order of the releases.

    `kind`: `found`, with the last good and the first bad one, `untried` between them where some
    could not be tried; `mixed`, where good and bad take turns, so that there is no first bad one;
    `unseen`, where the ends are not good and bad.
    """

    kind: str
    answers: Mapping[str, Answer]
    last_good: str = ""
    first_bad: str = ""
    untried: tuple[str, ...] = ()
    first_same: str = ""


def search(releases: Sequence[str], thorough: bool = False) -> Search[str, Boundary]:
    """Find the boundary between `releases[0]`, good, and `releases[-1]`, bad.

    Asks the ends, or what is next to them where they cannot be tried; halves in between; then a few
    more to see whether the answers are monotone, all of them where it is `thorough`.
    """
    known: dict[str, Answer] = {}
    end = len(releases) - 1
    known |= yield [releases[0], releases[end]]
    low = yield from _testable(releases, known, range(end))
    high = yield from _testable(releases, known, range(end, low, -1))
    if known[releases[low]] is not Answer.RIGHT or known[releases[high]] not in BAD:
        if thorough:
            known |= yield releases
        return Boundary("unseen", _ordered(releases, known))
    low, high = yield from _halve(releases, known, low, high, BAD)
    more = releases if thorough else [releases[at] for at in _doubts(low, high, end)]
    known |= yield more
    if _takes_turns(releases, known):
        known |= yield releases  # no guessing: the whole map
        return Boundary("mixed", _ordered(releases, known))
    first_same = yield from _first_same(releases, known, high)
    tried = _ordered(releases, known)
    untried = tuple(releases[low + 1 : high])
    return Boundary("found", tried, releases[low], releases[high], untried, first_same)


def _testable(
    releases: Sequence[str], known: dict[str, Answer], places: Sequence[int]
) -> Search[str, int]:
    """The first of `places` whose release can be tried; the last one where none can."""
    for at in places:
        if releases[at] not in known:
            known |= yield [releases[at]]
        if known[releases[at]] is not Answer.UNTESTABLE:
            return at
    return places[-1]


def _halve(
    releases: Sequence[str],
    known: dict[str, Answer],
    low: int,
    high: int,
    bad: frozenset[Answer],
) -> Search[str, tuple[int, int]]:
    """Places of the last that is not `bad` and the first that is; untestable ones lie between."""
    while True:
        middle = (low + high) // 2
        between = sorted(range(low + 1, high), key=lambda at: abs(at - middle))
        open = [at for at in between if known.get(releases[at]) is not Answer.UNTESTABLE]
        if not open:
            return low, high
        at = open[0]
        known |= yield [releases[at]]
        if known[releases[at]] is Answer.UNTESTABLE:
            continue
        low, high = (low, at) if known[releases[at]] in bad else (at, high)


def _doubts(low: int, high: int, end: int) -> list[int]:
    """Places that would show that the answers are not monotone: neighbours, and half-way out."""
    wanted = {low - 1, high + 1, low // 2, (high + end) // 2}
    return sorted(at for at in wanted if 0 < at < end and not low <= at <= high)


def _takes_turns(releases: Sequence[str], known: Mapping[str, Answer]) -> bool:
    """Whether a good release follows a bad one."""
    tried = [known[r] for r in releases if known.get(r, Answer.UNTESTABLE) != Answer.UNTESTABLE]
    return any(one in BAD and other is Answer.RIGHT for one, other in pairwise(tried))


def _first_same(releases: Sequence[str], known: dict[str, Answer], high: int) -> Search[str, str]:
    """From where on it fails as the cell does, where it first fails in another way; else ''."""
    same = [at for at in range(high, len(releases)) if known.get(releases[at]) is Answer.SAME]
    if known[releases[high]] is Answer.SAME or not same:
        return ""
    _, at = yield from _halve(releases, known, high, same[-1], frozenset({Answer.SAME}))
    return releases[at]


def _ordered(releases: Sequence[str], known: Mapping[str, Answer]) -> dict[str, Answer]:
    return {release: known[release] for release in releases if release in known}
