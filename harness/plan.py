"""Matrix -> cells, selected, split and grouped. Pure: the same matrix, the same plan and order."""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from harness.errors import UserError, did_you_mean
from harness.records import Case, CellId, Exclude, Matrix


def cells(matrix: Matrix) -> list[CellId]:
    """Every cell of the matrix that is not excluded; by producer, consumer, model, format."""
    ids = [environment.id for environment in matrix.environments]
    pairs = [(p, c) for p in ids for c in ids if p == c or matrix.pairs == "all"]
    wanted = {pair: dict[CellId, None]() for pair in pairs}
    for producer, consumer in pairs:
        for include in matrix.includes:
            if include.has(producer, consumer):
                wanted[producer, consumer].update(
                    (CellId(model.id, format.id, producer, consumer), None)
                    for model in include.models
                    for format in include.formats
                )
    found = [cell for cells in wanted.values() for cell in cells]
    for exclude in matrix.excludes:
        matches = _exclusion(exclude)
        found = [cell for cell in found if not matches(cell)]
    return found


def _exclusion(exclude: Exclude) -> Callable[[CellId], bool]:
    parts = [
        re.compile(fnmatch.translate(pattern))
        for pattern in (exclude.model, exclude.format, exclude.producer, exclude.consumer)
    ]

    def matches(cell: CellId) -> bool:
        values = (cell.model, cell.format, cell.producer, cell.consumer)
        return all(part.match(value) for part, value in zip(parts, values, strict=True))

    return matches


def select(planned: Sequence[CellId], patterns: Sequence[str]) -> list[CellId]:
    """The cells that any pattern matches, all of them where there is no pattern.

    A pattern with a `/` is matched against the whole id, one without against each of its four
    parts. UserError for a pattern that selects nothing.
    """
    if not patterns:
        return list(planned)
    chosen: set[CellId] = set()
    for pattern in patterns:
        taken = [cell for cell in planned if matches(cell, pattern)]
        if not taken:
            parts = {part for cell in planned for part in str(cell).split("/")}
            raise UserError(f"--select {pattern!r} selects no cell", did_you_mean(pattern, parts))
        chosen.update(taken)
    return [cell for cell in planned if cell in chosen]


def matches(cell: CellId, pattern: str) -> bool:
    """Whether a pattern of `--select` takes the cell."""
    text = str(cell)
    if "/" in pattern:
        return fnmatch.fnmatchcase(text, pattern)
    return any(fnmatch.fnmatchcase(part, pattern) for part in text.split("/"))


def with_controls(chosen: Sequence[CellId], planned: Sequence[CellId]) -> list[CellId]:
    """`chosen` and the controls that they are judged by, in the order of `planned`."""
    wanted = set(chosen) | {cell.control for cell in chosen}
    return [cell for cell in planned if cell in wanted]


@dataclass(frozen=True, order=True)
class Shard:
    """The part `number` of `of` of a matrix's cells, counted from 1; its text is `2/4`."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The inverse of `str`. UserError where it is no such part."""
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text, re.ASCII)
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            hint = "Write K/N with 1 <= K <= N, such as 2/4 for the second of four."
            raise UserError(f"{text!r} is no shard", hint)
        return cls(int(found[1]), int(found[2]))

    def takes(self, name: str) -> bool:
        """Whether this shard has the model (or the format's fact sheet) of that name.

        The name alone decides, by its SHA-256: the shard of a cell does not change when a matrix
        gains others. All cells of a model stay together, and so with their controls; a model is
        fitted in one shard.
        """
        digest = hashlib.sha256(name.encode()).hexdigest()
        return int(digest, 16) % self.of == self.number - 1


def shard(cells: Sequence[CellId], part: Shard | None) -> list[CellId]:
    """The cells of one shard, in their order; all of them for None."""
    if part is None:
        return list(cells)
    models = {model for model in {cell.model for cell in cells} if part.takes(model)}
    return [cell for cell in cells if cell.model in models]


def by_pair(missing: Iterable[CellId]) -> dict[tuple[str, str], list[Case]]:
    """The cases of the missing cells by (producer, consumer), in their order."""
    found: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for cell in missing:
        found[cell.producer, cell.consumer].append(cell.case)
    return dict(found)
