"""The little grid of a matrix: what became of each pair of environments, as one drawing. Pure.

A square a pair, in the order of releases: rows save, columns load. Each is a bar of the outcomes'
shares of its results, the worst at the left; a pair without any result is left hatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from markupsafe import Markup

from harness.records import OK_OUTCOMES, Outcome
from harness.report.columns import OUTCOMES, Columns, Ints
from harness.words import LOOKS, SILENT, WORST_FIRST, count

SIDE, GAP = 20, 2
"""Of a square, and between two, in units of the drawing."""
WRITTEN = 20
"""Environments whose pairs stand in the table below the drawing, at the most."""


@dataclass(frozen=True)
class Pairs:
    """Cells of a matrix: `counts` by producer, consumer and outcome."""

    counts: Ints

    @property
    def size(self) -> int:
        return int(self.counts.shape[0])

    @property
    def side(self) -> int:
        """Of the whole drawing."""
        return max(self.size * (SIDE + GAP) - GAP, SIDE)

    @cached_property
    def paths(self) -> list[tuple[Outcome, str]]:
        """For each outcome the path of all its bars; what was not run is not among them."""
        found: dict[Outcome, list[str]] = {}
        for producer in range(self.size):
            for consumer in range(self.size):
                for outcome, start, width in self._bars(producer, consumer):
                    x, y = self._corner(producer, consumer)
                    found.setdefault(outcome, []).append(
                        f"M{x + start:.4g} {y}h{width:.3g}v{SIDE}h-{width:.3g}z"
                    )
        return [(o, "".join(found[o])) for o in WORST_FIRST if o in found]

    @cached_property
    def absent(self) -> str:
        """The path of the squares that have no result."""
        empty = [
            self._corner(producer, consumer)
            for producer in range(self.size)
            for consumer in range(self.size)
            if not self._results(producer, consumer)
        ]
        return "".join(f"M{x + 4} {y + SIDE - 4}l{SIDE - 8} -{SIDE - 8}" for x, y in empty)

    def _corner(self, producer: int, consumer: int) -> tuple[int, int]:
        return consumer * (SIDE + GAP), producer * (SIDE + GAP)

    def _results(self, producer: int, consumer: int) -> int:
        return sum(self._count(producer, consumer, o) for o in OUTCOMES if o.is_result)

    def _count(self, producer: int, consumer: int, outcome: Outcome) -> int:
        return int(self.counts[producer, consumer, OUTCOMES.index(outcome)])

    def _bars(self, producer: int, consumer: int) -> list[tuple[Outcome, float, float]]:
        total, start, bars = self._results(producer, consumer), 0.0, []
        for outcome in WORST_FIRST:
            n = self._count(producer, consumer, outcome) if outcome.is_result else 0
            if n:
                width = SIDE * n / total
                bars.append((outcome, start, width))
                start += width
        return bars

    def said(self, producer: int, consumer: int) -> Markup:
        """What the table says of a pair: the share that answers as before, and the worst."""
        results = self._results(producer, consumer)
        if not results:
            return Markup('<span class="zero">no result</span>')
        good = sum(self._count(producer, consumer, o) for o in OK_OUTCOMES)
        wrong = sum(self._count(producer, consumer, o) for o in SILENT)
        share = f"{100 * good / results:.0f} %" if good < results else "all"
        more = f" <small>{LOOKS[Outcome.CHANGED].symbol} {count(wrong)}</small>" if wrong else ""
        return Markup(f"{share}{more}")  # noqa: S704 - digits and a symbol of our own


def pairs(columns: Columns, environments: int) -> Pairs:
    """The counts of a matrix's pairs."""
    producer, consumer, outcome = (columns.ints(n) for n in ("producer", "consumer", "outcome"))
    width = len(OUTCOMES)
    place = (producer * environments + consumer) * width + outcome
    counts = np.bincount(place, minlength=environments * environments * width)
    return Pairs(counts.reshape(environments, environments, width))


def names(versions: Sequence[str]) -> tuple[str, str]:
    """The first and the last of a line, for the sides of the drawing."""
    return (versions[0], versions[-1]) if versions else ("", "")
