"""Which of several changes makes the difference: searches that ask, and are told.

Pure: a search is a generator that yields batches of questions and is sent the answers. Whoever
drives it may ask in any order, at once, or from memory. The minimising is Zeller and Hildebrandt's
ddmin ("Simplifying and Isolating Failure-Inducing Input", 2002), where answers may be unresolved.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

Changed = frozenset[str]  # what has been taken from the consumer's lock
PART_WAY = "~"  # after a name: the package goes only as far as the others allow


class Answer(StrEnum):
    """What a probe says of the failure in question."""

    RIGHT = "right"
    SAME = "same"
    OTHER = "other"
    UNTESTABLE = "untestable"


Question = TypeVar("Question")
Result = TypeVar("Result")
Search = Generator[Sequence[Question], Mapping[Question, Answer], Result]


@dataclass(frozen=True)
class Finding:
    """What a search for the difference came to.

    `kind`: `alone`, where each of `sets` makes the difference by itself; `together`, where the one
    set does, and none of its parts; `carried`, where `culprits` of that set do, and the rest only
    has to go with them; `apart`, where parts of the set could not be tried without each other, and
    nothing tells them apart; `unseen`, where the failure was not seen again at the ends.
    """

    kind: str
    sets: tuple[Changed, ...] = ()
    culprits: Changed = frozenset()


def attribute(
    candidates: Sequence[str], companions: Callable[[Changed], Changed]
) -> Search[Changed, Finding]:
    """Search the smallest set of changes that brings the failure about.

    Each change is made alone; what brings the failure is also left out alone. Where no change by
    itself is enough, those that cannot be tried alone are tried with the `companions` that they
    need, first in pairs; then all are minimised.
    """
    every = frozenset(candidates)
    known = dict((yield [frozenset(), every]))
    if known[frozenset()] is not Answer.RIGHT or known[every] is not Answer.SAME:
        return Finding("unseen")
    known |= yield [frozenset({name}) for name in candidates]
    alone = [frozenset({name}) for name in candidates if known[frozenset({name})] is Answer.SAME]
    stuck = [name for name in candidates if known[frozenset({name})] is Answer.UNTESTABLE]
    if not alone:
        known |= yield [frozenset({name + PART_WAY}) for name in stuck]
        part = [frozenset({name + PART_WAY}) for name in stuck]
        alone = [change for change in part if known[change] is Answer.SAME]
    if alone:
        return Finding("alone", (*alone, *(yield from _besides(candidates, alone))))
    start = yield from _group(candidates, stuck, companions)
    least = frozenset((yield from minimise([name for name in candidates if name in start])))
    known |= yield [*(least - {name} for name in least), *(frozenset({n}) for n in least)]
    return _told_apart(least, known)


def _told_apart(least: Changed, known: Mapping[Changed, Answer]) -> Finding:
    """What the parts of the least set say of each other.

    Without a culprit the rest answers right. Where no rest can be tried, one that fails in some
    way when it goes part of its way is the culprit.
    """
    culprits = {name for name in least if known[least - {name}] is Answer.RIGHT}
    if culprits == least:
        return Finding("together", (least,), least)
    if not culprits:
        failing = (Answer.SAME, Answer.OTHER)
        culprits = {n for n in least if known.get(frozenset({n + PART_WAY})) in failing}
    kind = "carried" if 0 < len(culprits) < len(least) else "apart"
    return Finding(kind, (least,), frozenset(culprits) if kind == "carried" else frozenset())


def _besides(candidates: Sequence[str], alone: Sequence[Changed]) -> Search[Changed, list[Changed]]:
    """What else brings the failure about where it stays without those that do so alone."""
    guilty = {name.removesuffix(PART_WAY) for change in alone for name in change}
    rest = frozenset(candidates) - guilty
    answers = (yield [rest]) if rest else {}
    if answers.get(rest) is not Answer.SAME:
        return []
    least = yield from minimise([name for name in candidates if name in rest])
    return [frozenset(least)]


def _group(
    candidates: Sequence[str], stuck: Sequence[str], companions: Callable[[Changed], Changed]
) -> Search[Changed, Changed]:
    """A small group of a change and what it needs that brings the failure; else all of them."""
    every = frozenset(candidates)
    needed = {name: companions(frozenset({name})) for name in stuck}
    pairs = [frozenset({name, other}) for name in stuck for other in needed[name] - {name}]
    groups = sorted(needed.values(), key=len)
    for tier in (pairs, groups):
        asked = [group for group in dict.fromkeys(tier) if 1 < len(group) < len(every)]
        answers = (yield asked) if asked else {}
        for group in asked:
            if answers[group] is Answer.SAME:
                return group
    return every


def minimise(items: Sequence[str]) -> Search[Changed, list[str]]:
    """ddmin: a part of `items` that still brings the failure, and no longer does without any one.

    `items` as a whole brings it. The order of the items decides which are tried first.
    """
    kept, parts = list(items), 2
    while len(kept) >= 2:
        chunks = _split(kept, parts)
        rests = [[item for item in kept if item not in chunk] for chunk in chunks]
        asked = [*chunks, *(rests if parts > 2 else [])]
        answers = yield [frozenset(part) for part in asked]
        hits = [part for part in asked if answers[frozenset(part)] is Answer.SAME]
        if hits:
            parts = 2 if hits[0] in chunks else max(parts - 1, 2)
            kept = hits[0]
        elif parts >= len(kept):
            break
        else:
            parts = min(2 * parts, len(kept))
    return kept


def _split(items: Sequence[str], parts: int) -> list[list[str]]:
    """`items` in so many parts of nearly equal size, none of them empty."""
    bounds = [len(items) * at // parts for at in range(parts + 1)]
    return [list(items[a:b]) for a, b in pairwise(bounds)]
