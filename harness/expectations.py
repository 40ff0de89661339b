"""What is foreseen of a matrix's cells: outcome, reason, link and expiry, as data beside it.

`matrices/expectations/<matrix>.toml` holds tables `[[expect]]`. A cell that several of them select
has the last one, so that what is general stands first and its exceptions after it. An expectation
is compared with an outcome and never alters it.
"""

from __future__ import annotations

import datetime as dt
import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness import matrix, plan, project, registry
from harness.errors import did_you_mean
from harness.records import CellId, Json, Matrix, Outcome
from harness.source import Source

AXES = ("model", "format", "producer", "consumer")
KEYS = {*AXES, "outcome", "reason", "link", "expires"}
EXPECT = "[[expect]]"


@dataclass(frozen=True)
class Expectation:
    """One `[[expect]]`: patterns by axis (a missing one takes any), and the outcomes foreseen.

    It counts up to and with the day `expires`; `line` is where it stands in its file.
    """

    patterns: Mapping[str, tuple[str, ...]]
    outcomes: frozenset[Outcome]
    reason: str
    line: int = 0
    link: str = ""
    expires: dt.date | None = None

    def takes(self, axis: str, value: str) -> bool:
        """Whether the patterns of one axis take an id."""
        patterns = self.patterns.get(axis, ("*",))
        return any(fnmatch.fnmatchcase(value, pattern) for pattern in patterns)

    def is_expired(self, today: dt.date) -> bool:
        """Whether its last day has passed."""
        return self.expires is not None and self.expires < today

    def foresees(self, outcome: Outcome) -> bool:
        """Whether an outcome is one of those foreseen."""
        return outcome in self.outcomes

    @property
    def ordered(self) -> list[Outcome]:
        """The outcomes foreseen, mildest first."""
        return [outcome for outcome in Outcome if outcome in self.outcomes]

    @property
    def wanted(self) -> str:
        """The same in words."""
        return " or ".join(outcome.value for outcome in self.ordered)

    def as_json(self) -> Json:
        return {
            "line": self.line,
            "outcomes": [outcome.value for outcome in self.ordered],
            "reason": self.reason,
            "link": self.link,
            "expires": self.expires.isoformat() if self.expires else None,
        }


@dataclass(frozen=True)
class Expectations:
    """Those of one matrix that count today, in the order of their file, and those that expired."""

    applied: tuple[Expectation, ...] = ()
    expired: tuple[Expectation, ...] = ()
    path: str = ""
    _masks: tuple[dict[str, int], ...] = field(
        default_factory=lambda: tuple({} for _ in AXES), repr=False, compare=False
    )

    def of(self, cell: str) -> Expectation | None:
        """The last expectation that selects the cell of this id; None where none does."""
        taken = self.selecting(cell) if self.applied else 0
        return self.applied[taken.bit_length() - 1] if taken else None

    def selecting(self, cell: str) -> int:
        """Which expectations select the cell: bit n for number n. An id is matched once."""
        taken = -1
        for axis, masks, value in zip(AXES, self._masks, cell.split("/"), strict=True):
            mask = masks.get(value)
            if mask is None:
                mask = masks[value] = self._mask(axis, value)
            taken &= mask
        return taken

    def _mask(self, axis: str, value: str) -> int:
        return sum(1 << n for n, expected in enumerate(self.applied) if expected.takes(axis, value))


NONE = Expectations()


def path(of_matrix: Path) -> Path:
    """Where the expectations of the matrix in this file stand."""
    return of_matrix.parent / "expectations" / f"{of_matrix.stem}.toml"


def of_header(header: Mapping[str, Json], today: dt.date) -> Expectations:
    """The expectations of the matrix that a run or a baseline is of; none where it has no file."""
    name = header["matrix"]
    given = Path(header.get("argument") or name)
    folder = project.matrices()
    source = given if given.suffix == ".toml" else folder / f"{name}.toml"
    if not path(source).is_file():
        return NONE
    found = matrix.find(str(header.get("argument") or name), folder)
    known = registry.read(matrix.plugins(Source.read(found)))
    return load(path(found), matrix.load(found, folder, known.models, known.formats), today)


def load(file: Path, of_matrix: Matrix, today: dt.date) -> Expectations:
    """What `file` foresees of a matrix's cells. MatrixError, with its line, for every fault."""
    source = Source.read(file)
    source.keys(source.data, {"expect"}, "the expectations")
    tables = matrix.tables(source, "expect")
    axes = axes_of(of_matrix)
    found = [_expectation(source, table, axes) for table in tables]
    _all_select(source, tables, found, plan.cells(of_matrix) if found else [], of_matrix.name)
    applied = tuple(each for each in found if not each.is_expired(today))
    expired = tuple(each for each in found if each.is_expired(today))
    return Expectations(applied, expired, str(file))


def axes_of(of_matrix: Matrix) -> dict[str, list[str]]:
    """The ids that each axis of a matrix has."""
    ids = [environment.id for environment in of_matrix.environments]
    models = [model.id for model in of_matrix.models]
    formats = [format.id for format in of_matrix.formats]
    return {"model": models, "format": formats, "producer": ids, "consumer": ids}


def _expectation(
    source: Source, table: Mapping[str, Any], axes: Mapping[str, Sequence[str]]
) -> Expectation:
    source.keys(table, KEYS, EXPECT)
    reason = source.need(table, "reason", str, EXPECT)
    patterns = {axis: _texts(source, table, axis) for axis in AXES if axis in table}
    if not patterns:
        hint = 'Add model, format, producer or consumer; model = "*" takes every cell.'
        source.fail(f"{EXPECT} without a pattern", hint, "reason", table=table)
    for axis, texts in patterns.items():
        for pattern in texts:
            if not fnmatch.filter(axes[axis], pattern):
                message = f"{pattern!r} selects no {axis} of the matrix"
                source.fail(message, did_you_mean(pattern, axes[axis]), pattern, table=table)
    return Expectation(
        patterns=patterns,
        outcomes=_outcomes(source, table),
        reason=reason,
        line=source.begin(table),
        link=_link(source, table),
        expires=source.typed(table["expires"], "expires", dt.date, table)
        if "expires" in table
        else None,
    )


def _texts(source: Source, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A string, or a list of some strings."""
    value = table[key]
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        source.fail(f"{key!r} must be a string or a list of strings", token=key, table=table)
    if not texts:
        source.fail(f"{key!r} is an empty list", f'Write {key} = ["..."].', key, table=table)
    return tuple(texts)


def _outcomes(source: Source, table: Mapping[str, Any]) -> frozenset[Outcome]:
    if "outcome" not in table:
        source.need(table, "outcome", str, EXPECT)
    known = [outcome.value for outcome in Outcome]
    texts = _texts(source, table, "outcome")
    for text in texts:
        if text not in known:
            hint = did_you_mean(text, known)
            source.fail(f"{text!r} is no outcome", hint, text, table=table)
    return frozenset(map(Outcome, texts))


def _link(source: Source, table: Mapping[str, Any]) -> str:
    link: str = source.typed(table.get("link", ""), "link", str, table)
    if link and not link.startswith(("https://", "http://")):
        hint = "Write the whole address, such as that of an upstream issue."
        source.fail(f"link {link!r} is no web address", hint, "link", table=table)
    return link


def _all_select(
    source: Source,
    tables: Sequence[Mapping[str, Any]],
    found: Sequence[Expectation],
    cells: Iterable[CellId],
    name: str,
) -> None:
    """Each pattern may select something, and all four of them together no cell."""
    idle = dict(enumerate(found))
    each = Expectations(tuple(found))
    for cell in cells:
        if not idle:
            return
        taken = each.selecting(str(cell))
        for n in [n for n in idle if taken >> n & 1]:
            del idle[n]
    for n in idle:
        message = f"{EXPECT} selects no cell of matrix {name!r}"
        hint = "Each of its patterns selects something, and no cell has them all."
        source.fail(message, hint, "expect", table=tables[n])
