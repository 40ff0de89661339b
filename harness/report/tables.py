"""The tables behind the charts: pure, from columns to rows. A chart draws its table, no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.records import OK_OUTCOMES, Outcome
from harness.report.columns import OUTCOMES, Columns, Ints

FEW = 10
"""A share of fewer cells than this is drawn hollow."""


@dataclass(frozen=True)
class FormatOutcomes:
    """How many cells of one format have each outcome."""

    format: str
    counts: Mapping[Outcome, int]

    @property
    def results(self) -> int:
        return sum(n for outcome, n in self.counts.items() if outcome.is_result)

    @property
    def absent(self) -> int:
        return sum(n for outcome, n in self.counts.items() if not outcome.is_result)

    def share(self, outcome: Outcome) -> float:
        """Share of the results; of nothing, nothing."""
        return self.counts[outcome] / self.results if self.results else 0.0


@dataclass(frozen=True)
class Point:
    """Of `cells` cells that load `distance` releases away, `kept` answer as before."""

    distance: int
    kept: int
    cells: int

    @property
    def share(self) -> float:
        return self.kept / self.cells


@dataclass(frozen=True)
class Survival:
    """One format over the distance in releases; `later` is an upgrade, `earlier` a rollback."""

    format: str
    later: Sequence[Point]
    earlier: Sequence[Point]


@dataclass(frozen=True)
class Sizes:
    """Bytes of one format's artifacts: how many, and how they are spread."""

    format: str
    artifacts: int
    smallest: float
    quarter: float
    median: float
    three_quarters: float
    largest: float


def outcomes_by_format(columns: Columns) -> list[FormatOutcomes]:
    """A row per format, those of the header first and in its order."""
    names = columns.formats.list()
    width = len(OUTCOMES)
    keys = columns.ints("format") * width + columns.ints("outcome")
    counts = np.bincount(keys, minlength=len(names) * width).reshape(-1, width)
    return [
        FormatOutcomes(name, dict(zip(OUTCOMES, map(int, row), strict=True)))
        for name, row in zip(names, counts, strict=True)
    ]


def _points(distances: Ints, kept: Ints) -> list[Point]:
    if not len(distances):
        return []
    cells = np.bincount(distances)
    good = np.bincount(distances, weights=kept)
    return [Point(int(n), int(good[n]), int(cells[n])) for n in np.flatnonzero(cells)]


def survival(columns: Columns, ranks: Sequence[int]) -> list[Survival]:
    """Shares of cells that answer as before, by releases between producer and consumer.

    `ranks` gives each environment's release its place in time, -1 where the date is unknown.
    `unsupported`, `invalid` and `notrun` are in no denominator.
    """
    rank = np.asarray([*ranks], dtype=np.int64)
    outcome, fmt = columns.ints("outcome"), columns.ints("format")
    counted = [o.is_result and o is not Outcome.UNSUPPORTED for o in OUTCOMES]
    if not len(outcome):
        return [Survival(name, [], []) for name in columns.formats.list()]
    saved, loaded = rank[columns.ints("producer")], rank[columns.ints("consumer")]
    usable = np.asarray(counted)[outcome] & (saved >= 0) & (loaded >= 0)
    kept = np.asarray([o in OK_OUTCOMES for o in OUTCOMES])[outcome].astype(np.int64)
    distance = loaded - saved
    rows = []
    for code, name in enumerate(columns.formats.list()):
        later = usable & (fmt == code) & (distance > 0)
        earlier = usable & (fmt == code) & (distance < 0)
        rows.append(
            Survival(
                name,
                _points(distance[later], kept[later]),
                _points(-distance[earlier], kept[earlier]),
            )
        )
    return rows


def sizes_by_format(columns: Columns) -> list[Sizes]:
    """Sizes of artifacts, one for each model and producer, however many consumers loaded it."""
    sizes = columns.sizes()
    there = np.flatnonzero(~np.isnan(sizes))
    fmt = columns.ints("format")[there]
    keys = (fmt << 32) | (columns.ints("model")[there] << 16) | columns.ints("producer")[there]
    first = np.unique(keys, return_index=True)[1]
    fmt, sizes = fmt[first], sizes[there][first]
    rows = []
    for code, name in enumerate(columns.formats.list()):
        own = sizes[fmt == code]
        if len(own):
            spread = np.percentile(own, [0, 25, 50, 75, 100])
            rows.append(Sizes(name, len(own), *map(float, spread)))
    return rows
