"""What may change in a cell between two runs, and when that is a surprise. Pure.

Outcomes stand in the order of severity; an answer that is wrong without an error is worse than any
error, so load-error -> drift is a regression. `invalid` and `notrun` are no results: what goes
there is no longer known, what comes from there is known again, and neither is better or worse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from harness.expectations import Expectation
from harness.records import OK_OUTCOMES, CellId, Outcome


class Kind(StrEnum):
    """What became of a cell between base and new; in the order in which they are listed."""

    REGRESSION = "regression"
    LOST = "no longer known"
    SAME = "as before"
    CAUSE = "another cause"
    LARGER = "larger"
    FIX = "fix"
    KNOWN = "known again"
    UNKNOWN = "still unknown"
    NEW = "new"
    GONE = "gone"

    @property
    def place(self) -> int:
        """Its place in that order."""
        return list(Kind).index(self)


class Notice(StrEnum):
    """How a change stands to what was foreseen."""

    SURPRISE = "surprise"
    LISTED = "listed"
    EXPECTED = "expected"

    @property
    def place(self) -> int:
        """Surprises come first, what was foreseen last."""
        return list(Notice).index(self)


class Direction(StrEnum):
    """Whether a cell's consumer has a later release of its main library than its producer."""

    UPGRADE = "upgrade"
    ROLLBACK = "rollback"
    SAME = "same"


def kind(before: Outcome | None, after: Outcome | None) -> Kind:
    """The kind of a change of outcome; None is a cell that is not there."""
    if before is None:
        return Kind.NEW
    if after is None:
        return Kind.GONE
    if before is after:
        return Kind.SAME
    if before.is_result and after.is_result:
        return Kind.REGRESSION if after.severity > before.severity else Kind.FIX
    if before.is_result:
        return Kind.LOST
    return Kind.KNOWN if after.is_result else Kind.UNKNOWN


def notice(
    kind: Kind, before: Outcome | None, after: Outcome | None, expected: Expectation | None
) -> Notice:
    """Whether a cell differs from what was foreseen of it.

    A cell with an expectation surprises where its result is none of those foreseen, better or
    worse, changed or not. One without is foreseen to be no worse than in the base: a regression
    surprises, and so does a result that is no longer known, or else a broken environment would
    turn a check green. `close` is within the tolerance, so identical -> close is listed alone.
    """
    if expected and after:
        if expected.foresees(after):
            return Notice.EXPECTED
        if after.is_result:
            return Notice.SURPRISE
    harmless = before in OK_OUTCOMES and after in OK_OUTCOMES
    worse = kind is Kind.LOST or (kind is Kind.REGRESSION and not harmless)
    return Notice.SURPRISE if worse else Notice.LISTED


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is not as it was, or not as foreseen.

    `cause` is the fingerprint of what is wrong with it now, or was where nothing is any more;
    `says` one line in its own words; `difference` the largest absolute one of any method, in the
    model's unit, before and now.
    """

    cell: str
    kind: Kind
    before: Outcome | None
    after: Outcome | None
    direction: Direction
    notice: Notice
    expected: Expectation | None = None
    cause_before: str | None = None
    cause_after: str | None = None
    says: str = ""
    difference: tuple[float | None, float | None] = (None, None)

    @property
    def telling(self) -> tuple[Outcome | None, str]:
        """The outcome and the cause that it is listed by: of a fix, what it had been before."""
        if self.kind in (Kind.FIX, Kind.GONE):
            return self.before, self.cause_before or ""
        return self.after, self.cause_after or ""


@dataclass(frozen=True)
class Group:
    """Changes of one kind, outcome and cause, which stand alike to what was foreseen.

    `outcome` and `cause` are what they have in common: of fixes and gone cells, what they had.
    """

    changes: Sequence[Change]

    @property
    def example(self) -> Change:
        """One of them, the same whatever the order of recording was."""
        return self.changes[0]

    @property
    def outcome(self) -> Outcome:
        """The outcome that they have, or had."""
        return self.example.telling[0] or Outcome.NOTRUN

    @property
    def cause(self) -> str:
        return self.example.telling[1]

    @property
    def arrow(self) -> str:
        """`identical, load-error -> drift`, or the outcome alone where there is one."""
        sides = [
            ", ".join(outcome.value for outcome in Outcome if outcome in found)
            for found in (
                {change.before for change in self.changes},
                {change.after for change in self.changes},
            )
        ]
        return " -> ".join(dict.fromkeys(side for side in sides if side))

    @cached_property
    def ids(self) -> list[CellId]:
        return [CellId.parse(change.cell) for change in self.changes]

    @cached_property
    def models(self) -> list[str]:
        return sorted({id.model for id in self.ids})

    @cached_property
    def formats(self) -> list[str]:
        return sorted({id.format for id in self.ids})

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Producer and consumer, those with the most cells first."""
        count = Counter((id.producer, id.consumer) for id in self.ids)
        return [pair for pair, _ in sorted(count.items(), key=lambda item: (-item[1], item[0]))]

    @cached_property
    def directions(self) -> dict[Direction, int]:
        """How many cells there are of each direction."""
        count = Counter(change.direction for change in self.changes)
        return {direction: count[direction] for direction in Direction}


def grouped(changes: Iterable[Change]) -> list[Group]:
    """Each change in one group: surprises first, then by kind, the gravest and largest first."""
    found: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        found.setdefault(_key(change), []).append(change)
    groups = [Group(sorted(each, key=lambda change: change.cell)) for each in found.values()]
    return sorted(groups, key=_order)


def _key(change: Change) -> tuple[object, ...]:
    line = change.expected.line if change.expected else 0
    was = change.cause_before if change.kind is Kind.CAUSE else None
    return change.notice, change.kind, change.telling, was, line


def _order(group: Group) -> tuple[object, ...]:
    first = group.example
    severity = group.outcome.severity if group.outcome.is_result else -1
    return first.notice.place, first.kind.place, -severity, -len(group.changes), first.cell
