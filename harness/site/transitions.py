"""The history of a matrix over releases: each saved model as stretches of one outcome. Pure.

A row is what one environment saved of a model in a format, over its consumers in the order of
releases. Only environments on the line of releases stand in it; variants, which differ from one of
these in one thing, are in the grid. Rows with the same stretches are one group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from harness.records import OK_OUTCOMES, Json, Outcome
from harness.releases import Line
from harness.report.columns import OUTCOMES, Columns
from harness.site.cells import NOTHING, Array, Cells
from harness.site.routes import Stretch, stretches
from harness.words import SILENT

OK = frozenset(o.value for o in OK_OUTCOMES)
WRONG = frozenset(o.value for o in SILENT)
_NAMES = [*(o.value for o in OUTCOMES), ""]


@dataclass(frozen=True)
class Kind:
    """One way over the releases: what was saved in `producer`, as stretches."""

    producer: str
    stretches: Sequence[Stretch]

    @cached_property
    def text(self) -> str:
        """`identical a..b; load-error c`."""
        return "; ".join(
            f"{s.outcome} {s.first}" + (f"..{s.last}" if s.length > 1 else "")
            for s in self.stretches
        )

    @cached_property
    def wrong(self) -> bool:
        """Whether any of it is an answer that is another one."""
        return any(s.outcome in WRONG for s in self.stretches)

    @property
    def moves(self) -> bool:
        """Whether it answers somewhere and somewhere does not, or its answer is another one."""
        results = {s.outcome in OK for s in self.stretches if Outcome(s.outcome).is_result}
        return len(results) > 1 or self.wrong


@dataclass(frozen=True)
class Group:
    """Saved models that go the same way: how many, of which models, in which formats."""

    kind: Kind
    count: int
    models: Sequence[str]
    formats: Sequence[str]
    example: str

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Wrong answers first, then the largest."""
        return (not self.kind.wrong, -self.count, self.example)


class History:
    """Every row of a matrix, and the kinds that they are of."""

    def __init__(self, columns: Columns, cells: Cells, header: Json) -> None:
        c = cells
        ids = columns.environments.list()
        self._names = columns.models.list(), columns.formats.list()
        line = Line(header["environments"])
        on_line = np.array([line.on_line(id) for id in ids], dtype=bool)
        self.ids = ids
        if not len(c):
            self.model = self.format = self.producer = self._kind = np.zeros(0, dtype=np.int64)
            self._rows = np.zeros((0, len(ids)), dtype=np.uint8)
            return
        new = np.ones(len(c), dtype=bool)
        new[1:] = (
            (np.diff(c.model.astype(np.int64)) != 0)
            | (np.diff(c.format.astype(np.int64)) != 0)
            | (np.diff(c.producer.astype(np.int64)) != 0)
        )
        at = np.flatnonzero(new)
        rows = np.full((len(at), len(ids)), NOTHING, dtype=np.uint8)
        kept = on_line[c.consumer] & on_line[c.producer]
        rows[(np.cumsum(new) - 1)[kept], c.consumer[kept]] = c.outcome[kept]
        self.model, self.format, self.producer = (x[at] for x in (c.model, c.format, c.producer))
        some = (rows != NOTHING).any(axis=1)
        self.model, self.format, self.producer, rows = (
            x[some] for x in (self.model, self.format, self.producer, rows)
        )
        keyed = np.column_stack(
            [self.producer.astype(np.uint16).view(np.uint8).reshape(-1, 2), rows]
        )
        self._rows, self._kind = _unique(keyed)

    def __len__(self) -> int:
        return len(self.model)

    @cached_property
    def kinds(self) -> list[Kind]:
        """Every kind there is."""
        return [self._made(row) for row in self._rows]

    def _made(self, row: Array) -> Kind:
        producer = self.ids[int(row[0]) | int(row[1]) << 8]
        return Kind(producer, stretches([_NAMES[code] for code in row[2:].tolist()], self.ids))

    def kind_of(self, row: int) -> Kind:
        """The kind of a row."""
        return self.kinds[int(self._kind[row])]

    def groups(self) -> list[Group]:
        """The kinds that change on the way, wrong answers first, then those of most rows."""
        members: defaultdict[int, list[int]] = defaultdict(list)
        moving = np.array([kind.moves for kind in self.kinds], dtype=bool)
        for row in np.flatnonzero(moving[self._kind]).tolist() if len(self) else ():
            members[int(self._kind[row])].append(row)
        found = [self._group(self.kinds[kind], rows) for kind, rows in members.items()]
        return sorted(found, key=lambda group: group.rank)

    def _group(self, kind: Kind, rows: Sequence[int]) -> Group:
        names = self._names
        models, formats = (
            [table[code] for code in np.unique(column[rows]).tolist()]
            for table, column in zip(names, (self.model, self.format), strict=True)
        )
        first = rows[0]
        bad = min(kind.stretches, key=_telling)
        example = "/".join((
            names[0][self.model[first]], names[1][self.format[first]], kind.producer, bad.first,
        ))  # fmt: skip
        return Group(kind, len(rows), models, formats, example)


def _telling(stretch: Stretch) -> int:
    """Wrong answers tell most of a row, then what fails; the first of them."""
    if stretch.outcome in WRONG:
        return 0
    return 1 if stretch.outcome not in OK and Outcome(stretch.outcome).is_result else 2


def _unique(rows: Array) -> tuple[Array, Array]:
    """The different rows, and which of them each is."""
    packed = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    return rows[first], inverse.ravel()
