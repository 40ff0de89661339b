"""Two runs -> what changed. Reads both side by side and keeps only what is not as it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from harness import causes, cores
from harness.diff import sides
from harness.diff.changes import Change, Group, Kind, Notice, grouped, kind, notice
from harness.diff.marks import LOUD, Pairing, Seen, seen
from harness.diff.shares import Cells, shares
from harness.diff.sides import Directions, Moved, Side
from harness.errors import StoreError
from harness.evidence import Evidence
from harness.expectations import NONE, Expectations
from harness.records import OK_OUTCOMES, Outcome

LARGER = 10.0
"""A difference this many times as large as it was is news, though the outcome is the same."""
OUTCOMES = {outcome.value: outcome for outcome in Outcome}
QUIET = frozenset(outcome.value for outcome in OK_OUTCOMES)
SAYS = 200  # characters of what a cell says of itself


@dataclass(frozen=True)
class Diff:
    """All that differs from the base, or from what is foreseen.

    `as_before` cells are in both and have the same outcome, cause and size of difference.
    """

    base: Side
    new: Side
    environments: Sequence[Moved]
    notes: Sequence[str]
    changes: Sequence[Change]
    as_before: int
    expectations: Expectations = NONE

    @cached_property
    def groups(self) -> list[Group]:
        """Every change in one of them, what matters most first."""
        return grouped(self.changes)

    @property
    def surprises(self) -> int:
        """Cells that differ from what was foreseen of them."""
        return self.count(Notice.SURPRISE)

    def count(self, of: Notice | Kind) -> int:
        """How many changes are of a kind, or stand so to what was foreseen."""
        return sum(of in (change.kind, change.notice) for change in self.changes)


@dataclass
class _Walk:
    """The way through both: what is told of each cell, and what was found so far."""

    expected: Expectations
    directions: Directions
    pairing: Pairing = field(default_factory=Pairing)
    changes: list[Change] = field(default_factory=list)
    as_before: int = 0
    common: int = 0

    def through(self, base: Iterable[Seen], new: Iterable[Seen]) -> None:
        """Look at the cells of both; nearly all are quickly done."""
        quick = frozenset() if self.expected.applied else QUIET
        for before, after in self.pairing.of(base, new):
            self.common += 1
            if before.outcome == after.outcome and after.outcome in quick:
                self.as_before += 1
            else:
                self._both(before, after)

    def anew(self) -> _Walk:
        """The same at its beginning."""
        return _Walk(self.expected, self.directions)

    def take(self, other: _Walk) -> None:
        """Add what was found on the way through another part, and look for what waits in both."""
        self.changes += other.changes
        self.as_before += other.as_before
        self.common += other.common
        self.through(other.pairing.left.values(), other.pairing.right.values())

    def end(self) -> tuple[int, int]:
        """What has found no counterpart has none. How many cells the base and the new one have."""
        gone, added = self.pairing.left.values(), self.pairing.right.values()
        for before in gone:
            self._note(before, None, Kind.GONE)
        for after in added:
            self._note(None, after, Kind.NEW)
        return self.common + len(gone), self.common + len(added)

    def _both(self, before: Seen, after: Seen) -> None:
        if before.outcome != after.outcome:
            self._note(before, after, kind(OUTCOMES[before.outcome], OUTCOMES[after.outcome]))
            return
        what = Kind.SAME if after.outcome in QUIET else _same(before, after)
        self.as_before += what is Kind.SAME
        if what is not Kind.SAME or self.expected.applied:
            self._note(before, after, what)

    def _note(self, before: Seen | None, after: Seen | None, what: Kind) -> None:
        was, now = (OUTCOMES[seen.outcome] if seen else None for seen in (before, after))
        cell = after.cell if after else before.cell if before else ""
        foreseen = self.expected.of(cell) if after else None
        stands = notice(what, was, now, foreseen)
        if what is Kind.SAME and stands is not Notice.SURPRISE:
            return
        parts = cell.split("/")
        self.changes.append(
            Change(
                cell=cell,
                kind=what,
                before=was,
                after=now,
                direction=self.directions.of(parts[2], parts[3]),
                notice=stands,
                expected=foreseen,
                cause_before=_cause(before),
                cause_after=_cause(after),
                says=_says(after, before),
                difference=(_difference(before), _difference(after)),
            )
        )


def between(
    base: Evidence, new: Evidence, expected: Expectations = NONE, processes: int = 1
) -> Diff:
    """What is different in `new`. StoreError for one without cells, or two that share none.

    Large runs are read by up to so many processes; the result does not depend on it.
    """
    headers = base.header(), new.header()
    walk = _walked(_Walk(expected, Directions(*headers)), shares(base, new, processes))
    counts = walk.end()
    _comparable((base, new), counts, walk.common)
    old, now = (
        Side.of(side.id, header, count)
        for side, header, count in zip((base, new), headers, counts, strict=True)
    )
    return Diff(
        base=old,
        new=now,
        environments=sides.moved(*headers),
        notes=[*sides.notes(old, now, headers), *_expired(expected)],
        changes=walk.changes,
        as_before=walk.as_before,
        expectations=expected,
    )


def _walked(walk: _Walk, parts: Sequence[tuple[Cells, Cells]]) -> _Walk:
    """The way through all parts: through the first one here, through each other in a process."""
    first, *others = parts
    if not others:
        return _through(walk, first)
    with cores.pool(len(others)) as workers:
        apart = [workers.submit(_through, walk.anew(), part) for part in others]
        _through(walk, first)
        for each in apart:
            walk.take(each.result())
    return walk


def _through(walk: _Walk, part: tuple[Cells, Cells]) -> _Walk:
    walk.through(*map(seen, part))
    return walk


def _comparable(sides: Sequence[Evidence], counts: Sequence[int], common: int) -> None:
    for side, count in zip(sides, counts, strict=True):
        if not count:
            hint = "Go on with it, shelflife run MATRIX, or name another one."
            raise StoreError(f"{side.id} has no cell: there is nothing to compare", hint)
    if not common:
        base, new = sides
        hint = "Name two runs of one matrix: shelflife list runs."
        raise StoreError(f"{base.id} and {new.id} have no cell in common", hint)


def _expired(expected: Expectations) -> list[str]:
    return [
        f"an expectation has expired on {each.expires} and no longer counts:"
        f" {expected.path}:{each.line}: {each.reason}"
        for each in expected.expired
    ]


def _same(before: Seen, after: Seen) -> Kind:
    """Of two equal outcomes: whether the cause is another one, or the difference far larger."""
    if before.says_as(after):
        return Kind.SAME
    if causes.fingerprint(before.line) != causes.fingerprint(after.line):
        return Kind.CAUSE
    old, now = _difference(before), _difference(after)
    return Kind.LARGER if old and now and now >= LARGER * old else Kind.SAME


def _cause(seen: Seen | None) -> str | None:
    """The fingerprint of a cell's root cause; of one that is no result, its reason without detail.

    The fingerprint of `invalid` and `notrun` is None, since nothing is known of the cell.
    """
    if seen is None or OUTCOMES[seen.outcome].is_result:
        return causes.fingerprint(seen.line) if seen else None
    return f"{seen.outcome}: {causes.normalise(seen.reason or '')}"[:SAYS]


def _difference(seen: Seen | None) -> float | None:
    worst = seen.worst if seen and seen.outcome in LOUD else None
    return worst[1] if worst else None


def _says(after: Seen | None, before: Seen | None) -> str:
    """What the new cell says of itself in one line, or the old one where the new has nothing."""
    for side in (after, before):
        if side and (said := _said(side)):
            return said
    return ""


def _said(seen: Seen) -> str:
    if seen.outcome in LOUD and seen.worst:
        name, figure = seen.worst
        return f"{name} differs by up to {figure:.3g}"
    if seen.error:
        first = seen.error.message.strip().splitlines()[:1] or ["no message"]
        return f"{seen.error.type} at {seen.error.stage}: {first[0]}"[:SAYS]
    return "" if seen.outcome in QUIET else (seen.reason or "")[:SAYS]
