"""The rows of the charts as tables. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.charts.rows import STAGED, Grown, Level, Memory, Spot, Stack
from harness.measure.results import Figure
from harness.measure.tables import bytes_text, seconds_text
from harness.words import digits


@dataclass(frozen=True)
class Grid:
    """A table: headings, and rows of text of which the first cell is a heading."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def of_spots(rows: Sequence[Spot]) -> Grid:
    """Bytes and start to first answer."""
    return Grid(
        ("format", "size", "start to first answer", "on the front"),
        tuple(
            (row.arm, bytes_text(row.bytes), timed(row.start), "yes" if row.front else "")
            for row in rows
        ),
    )


def of_stacks(rows: Sequence[Stack]) -> Grid:
    """Seconds of each stage and their sum."""
    return Grid(
        ("format", "load", *STAGED, "sum"),
        tuple(
            (
                row.arm,
                row.load,
                *(seconds_text(s) if (s := dict(row.parts).get(k)) else "" for k in STAGED),
                seconds_text(row.total),
            )
            for row in rows
        ),
    )


def of_levels(rows: Sequence[Level]) -> Grid:
    """Ratio and times of each codec at each level."""
    return Grid(
        ("format", "times smaller", "save", "load"),
        tuple((row.arm, digits(row.ratio), timed(row.dump), timed(row.load)) for row in rows),
    )


def of_memory(rows: Sequence[Memory]) -> Grid:
    """Peaks of memory."""
    return Grid(
        ("format", "before loading", "by the end of loading", "by the first answer"),
        tuple(
            (row.arm, *(bytes_text(f.value) for f in (row.base, row.load, row.answer)))
            for row in rows
        ),
    )


def of_growth(rows: Sequence[Grown]) -> Grid:
    """Each format's time of each stage at each size."""
    return Grid(
        ("format", "stage", "model", "arrays", "time"),
        tuple(
            (row.arm, row.stage, row.model, bytes_text(row.payload), timed(row.figure))
            for row in rows
        ),
    )


def timed(figure: Figure) -> str:
    """`1.23 ms (1.2 ms to 1.3 ms)`."""
    low, high = seconds_text(figure.low), seconds_text(figure.high)
    return f"{seconds_text(figure.value)} ({low} to {high})"
