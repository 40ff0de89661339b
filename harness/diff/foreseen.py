"""One run against what is foreseen of its matrix, without a base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from harness.diff.text import show
from harness.evidence import Evidence
from harness.expectations import Expectation, Expectations
from harness.records import Json, Outcome
from harness.words import LOOKS, cells

LISTED = 5  # surprises of each expectation


@dataclass
class Met:
    """What became of the cells of one expectation, as far as no later one has them.

    `unknown` cells are `invalid` or `notrun`, where that is not what is foreseen.
    """

    expected: Expectation
    as_foreseen: int = 0
    unknown: int = 0
    surprises: list[tuple[str, Outcome]] = field(default_factory=list)

    def add(self, cell: str, outcome: Outcome) -> None:
        if self.expected.foresees(outcome):
            self.as_foreseen += 1
        elif outcome.is_result:
            self.surprises.append((cell, outcome))
        else:
            self.unknown += 1

    def as_json(self) -> Json:
        surprises = [{"cell": cell, "outcome": outcome.value} for cell, outcome in self.surprises]
        counts = {"as_foreseen": self.as_foreseen, "unknown": self.unknown}
        return {**self.expected.as_json(), **counts, "surprises": surprises}


def met(run: Evidence, expected: Expectations) -> list[Met]:
    """Each expectation that counts today and its cells in a run, in the order of the file."""
    found = {id(each): Met(each) for each in expected.applied}
    for mark in run.marks() if found else ():
        each = expected.of(mark.cell)
        if each:
            found[id(each)].add(mark.cell, Outcome(mark.outcome))
    return list(found.values())


def text(found: Sequence[Met], expected: Expectations) -> str:
    """The same for a terminal."""
    if not (expected.applied or expected.expired):
        return "There are no expectations: matrices/expectations holds none for this matrix."
    lines = [line for each in found for line in _lines(each)]
    for old in expected.expired:
        lines.append(f"expired on {old.expires}: line {old.line}, {old.reason}")
    count = sum(len(each.surprises) for each in found)
    foot = f"{count:,} surprise" + ("" if count == 1 else "s")
    return "\n".join([*lines, f"{foot}; {len(found)} expectations in {expected.path}"])


def _lines(met: Met) -> Iterator[str]:
    expected = met.expected
    link = f" ({expected.link})" if expected.link else ""
    yield f"line {expected.line}: {expected.wanted}: {expected.reason}{link}"
    counts = f"{len(met.surprises):,} not, {met.unknown:,} unknown"
    yield f"  {cells(met.as_foreseen)} as foreseen, {counts}"
    for cell, outcome in sorted(met.surprises)[:LISTED]:
        yield f"  {LOOKS[outcome].symbol} {outcome}: {show(cell)}"
    if len(met.surprises) > LISTED:
        yield f"  ... and {len(met.surprises) - LISTED:,} more: --json"
