"""Shelf lives in tables, for the terminal, the JSON, the site and the findings. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from harness import survival
from harness.aligned import aligned
from harness.records import Json
from harness.shelflives import DIRECTIONS, Life, Lives, families, grouped
from harness.survival import MARKS, MONTHS, RELEASES, Curve, Step

Key: TypeAlias = Callable[[Life], tuple[str, ...]]
UNITS = (RELEASES, MONTHS)
SAID = {"upgrade": "loaded in later releases", "rollback": "loaded in earlier releases"}
LISTED = 12


@dataclass(frozen=True)
class Row:
    """A group of subjects in one direction: its curves by unit, and those that came back."""

    group: tuple[str, ...]
    direction: str
    curves: Mapping[str, Curve]
    returned: int
    gaps: int

    @property
    def subjects(self) -> int:
        return self.curves[RELEASES].subjects

    @property
    def died(self) -> int:
        return self.curves[RELEASES].died


def keys(header: Json) -> dict[str, tuple[tuple[str, ...], Key]]:
    """The ways to group subjects: the headings of the group's columns, and the key."""
    family = families(header)
    return {
        "format": (("format",), lambda life: (life.format,)),
        "family": (
            ("format", "family of models"),
            lambda life: (life.format, family.get(life.model, "")),
        ),
        "case": (("format", "model"), lambda life: (life.format, life.model)),
        "producer": (("format", "producer"), lambda life: (life.format, life.producer)),
    }


def rows(found: Lives, direction: str, key: Key) -> list[Row]:
    """A row for each group of the lives in a direction."""
    some = (life for life in found.lives if life.direction == direction)
    return [row(group, direction, lives) for group, lives in grouped(some, key).items()]


def row(group: tuple[str, ...], direction: str, some: Sequence[Life]) -> Row:
    """What some lives come to."""
    curves = {unit: survival.curve(some, unit) for unit in UNITS}
    returned = sum(bool(life.returned) for life in some)
    return Row(group, direction, curves, returned, sum(life.gap for life in some))


def returns(found: Lives) -> list[Life]:
    """Those that died and answered again further on, in the order of their ids."""
    back = [life for life in found.lives if life.returned]
    return sorted(back, key=lambda life: (life.direction, life.model, life.format, life.producer))


# -- JSON ----------------------------------------------------------------------------------------


def as_json(id: str, header: Json, found: Lives, by: str) -> Json:
    """All that `shelflife life --json` says."""
    headings, key = keys(header)[by]
    return {
        "evidence": id,
        "matrix": header["matrix"],
        "artifacts": found.artifacts,
        "unsaved": dict(sorted(found.unsaved.items())),
        "failed_controls": dict(sorted(found.failed.items())),
        "unknown": _unknown(found),
        "by": list(headings),
        "confidence": survival.CONFIDENCE,
        "directions": {
            direction: [_row_json(row) for row in rows(found, direction, key)]
            for direction in DIRECTIONS
        },
        "returns": [_return_json(life) for life in returns(found)],
    }


def _unknown(found: Lives) -> Json:
    return {
        direction: {fmt: n for (fmt, way), n in sorted(found.unknown.items()) if way == direction}
        for direction in DIRECTIONS
    }


def _row_json(row: Row) -> Json:
    return {
        "group": list(row.group),
        "subjects": row.subjects,
        "died": row.died,
        "returned": row.returned,
        "gaps": row.gaps,
        **{unit: _curve_json(row.curves[unit], unit) for unit in UNITS},
    }


def _curve_json(curve: Curve, unit: str) -> Json:
    middle, low, high = curve.median()
    at = {str(m): _step_json(curve.at(m)) for m in MARKS[unit]}
    return {
        "median": {"value": middle, "low": low, "high": high},
        "at": at,
        "steps": [{"time": s.time, "died": s.died, **_step_json(s)} for s in curve.steps],
    }


def _step_json(step: Step | None) -> Json:
    if step is None:
        return None
    return {"share": step.share, "low": step.low, "high": step.high, "at_risk": step.risk}


def _return_json(life: Life) -> Json:
    return {
        "direction": life.direction,
        "died": life.cell(life.fatal),
        "outcome": life.outcome.value if life.outcome else None,
        "returned": life.cell(life.returned),
    }


# -- text ----------------------------------------------------------------------------------------


def share(step: Step | None) -> str:
    """`75 % (70-79) of 298`; `-` where nobody was followed so long."""
    if step is None:
        return "-"
    low, high = 100 * step.low, 100 * step.high
    return f"{100 * step.share:.0f} % ({low:.0f}-{high:.0f}) of {step.risk:,}"


def mark(time: int, unit: str) -> str:
    """`1 release`, `12 months`."""
    return f"{time} {unit.removesuffix('s') if time == 1 else unit}"


def median(curve: Curve, unit: str) -> str:
    """`2`, `14.5`; `> 41.1` where more than half still answer at the end."""
    middle = curve.median()[0]
    digits = 0 if unit == RELEASES else 1
    if middle is None:
        return f"> {curve.end:.{digits}f}"
    return f"{middle:.{digits}f}"


def text(id: str, header: Json, found: Lives, by: str) -> str:
    """All that `shelflife life` prints."""
    headings, key = keys(header)[by]
    parts = [f"Shelf life in {id}: {found.artifacts:,} artifacts of the line of releases"]
    for direction in DIRECTIONS:
        parts += _direction_text(found, direction, headings, key)
    parts += _aside(found)
    parts.append(
        "Shares by Kaplan and Meier, with 95 % limits and how many were followed so long;\n"
        "subjects of one producer are not independent: the true limits are wider."
    )
    return "\n\n".join(parts)


def _direction_text(
    found: Lives, direction: str, headings: Sequence[str], key: Key
) -> Iterable[str]:
    some = rows(found, direction, key)
    if not some:
        return [f"{direction.capitalize()}: no artifact has a result there."]
    tables = []
    for unit in UNITS:
        head = [*headings, "subjects", "died", "median", *(mark(m, unit) for m in MARKS[unit])]
        body = [
            [
                *row.group, f"{row.subjects:,}", f"{row.died:,}", median(row.curves[unit], unit),
                *(share(row.curves[unit].at(m)) for m in MARKS[unit]),
            ]
            for row in some
        ]  # fmt: skip
        title = f"{direction.capitalize()} ({SAID[direction]}), in {unit}"
        tables.append(f"{title}\n{aligned(head, body, len(headings))}")
    return tables


def _aside(found: Lives) -> list[str]:
    """What is in no curve, and what came back."""
    parts = []
    for words, counts in (("could not be saved", found.unsaved), ("failed control", found.failed)):
        if counts:
            each = ", ".join(f"{fmt} {n:,}" for fmt, n in sorted(counts.items()))
            parts.append(f"No subjects, {words}: {counts.total():,} ({each})")
    if found.unknown:
        parts.append(f"No result in a direction: {found.unknown.total():,} artifacts")
    back = returns(found)
    if back:
        listed = [
            f"  {life.cell(life.fatal)} is {life.outcome}; answers again in {life.returned}"
            for life in back[:LISTED]
        ]
        more = [f"  ... and {len(back) - LISTED:,} more: --json"] if len(back) > LISTED else []
        said = f"Came back after they had died: {len(back):,}; they count as dead."
        parts.append("\n".join([said, *listed, *more]))
    return parts
