"""The failing cells of a run or baseline, put together by root cause; unknown ones first.

One pass over the lines. Of a cell that answers as it should, two bits are kept; of a failing one
its id.
"""

from __future__ import annotations

import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from harness import remedies
from harness.causes import fingerprints
from harness.causes.known import Book, Known
from harness.causes.pairs import Releases
from harness.errors import UserError, did_you_mean
from harness.records import CellId, Json, Outcome
from harness.remedies import Ledger, Remedy, Tried

SEVERITY = {outcome.value: outcome.severity for outcome in Outcome}


class Evidence(Protocol):
    """What is asked of a run or baseline; see `harness/evidence.py`."""

    def header(self) -> dict[str, Any]:
        """As `run.json`."""

    def lines(self) -> Iterable[Json]:
        """As the lines of `cells.jsonl`."""


@dataclass
class Cause:
    """One root cause. `id` is the known cause's, or the fingerprint of its cells.

    `first` and `last` are the bad pairs in the order of releases, `producers` and `consumers` the
    oldest and newest on either side; `artifacts` counts what was saved, whoever loads it.
    """

    id: str
    known: Known | None
    outcomes: Counter[str] = field(default_factory=Counter)
    directions: Counter[str] = field(default_factory=Counter)
    fingerprints: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    errors: Counter[tuple[str, str]] = field(default_factory=Counter)
    cells: list[CellId] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    artifacts: int = 0
    example: str = ""
    remedies: list[Remedy] = field(default_factory=list)
    worst: int = -1

    @property
    def count(self) -> int:
        """Cells that it hits."""
        return len(self.cells)

    @property
    def severity(self) -> int:
        """That of its worst outcome."""
        return self.worst

    @property
    def is_explained(self) -> bool:
        """Whether something says why: a known cause, or the format, which cannot keep the model."""
        return self.known is not None or self.outcomes.keys() == {Outcome.UNSUPPORTED.value}

    @property
    def first(self) -> tuple[str, str] | None:
        """The first bad pair (producer, consumer) in the order of releases."""
        return self.pairs[0] if self.pairs else None

    @property
    def last(self) -> tuple[str, str] | None:
        """The last bad pair."""
        return self.pairs[-1] if self.pairs else None

    def take(self, cell: CellId, line: Json, fingerprint: str, releases: Releases) -> None:
        """Count one failing cell."""
        self.cells.append(cell)
        self.outcomes[line["outcome"]] += 1
        self.directions[releases.direction(cell.producer, cell.consumer)] += 1
        self.fingerprints[fingerprint] += 1
        self.models[cell.model] += 1
        self.formats[cell.format] += 1
        self.methods.update(fingerprints.differing(line))
        error = line["error"]
        said = fingerprints.message(line)
        if error or said:
            self.errors[error["type"] if error else "", said] += 1
        severity = SEVERITY[line["outcome"]]
        if severity > self.worst:
            self.worst, self.example = severity, str(cell)

    def close(self, releases: Releases, ledger: Ledger, tried: Sequence[Tried]) -> None:
        """What can be said once every cell is there."""
        pairs = {(cell.producer, cell.consumer) for cell in self.cells}
        self.pairs = sorted(pairs, key=lambda pair: (*map(releases.place, pair), pair))
        self.artifacts = len({(c.model, c.format, c.producer) for c in self.cells})
        self.remedies = remedies.measured(self.cells, ledger, releases.order, tried)


@dataclass
class Survey:
    """The root causes of some evidence, and all that was noted on the way: what answers where."""

    releases: Releases
    ledger: Ledger = field(default_factory=Ledger)
    causes: list[Cause] = field(default_factory=list)

    def between(self, cell: CellId) -> list[str]:
        """Environments in which the cell's artifact answers as it should, the nearest first."""
        return remedies.between(cell, self.ledger, self.releases.order)

    def examples(self, id: str, most: int) -> list[CellId]:
        """Up to `most` cells of a cause, of other models and pairs, with somewhere `between`."""
        cause = next((cause for cause in self.causes if cause.id == id), None)
        if cause is None:
            hint = did_you_mean(id, [cause.id for cause in self.causes])
            raise UserError(f"no failing cell has the root cause {id!r}", hint)
        found: list[CellId] = []
        for least in (0, 1, 2):  # how often a model, format or pair may have been taken before
            for cell in sorted(cause.cells, key=_shuffled):
                alike = sum(_alike(cell, other) for other in found)
                if len(found) < most and cell not in found and alike <= least:
                    found += [cell] if self.between(cell) else []
        if not found:
            hint = "Name one yourself by --via, or another format helps: shelflife causes"
            raise UserError(f"no environment is known in which a cell of {id!r} answers", hint)
        return found


def _shuffled(cell: CellId) -> int:
    """The same disorder each time: the first of a sorted list are too much alike."""
    return zlib.crc32(str(cell).encode())


def _alike(a: CellId, b: CellId) -> bool:
    pairs = (a.producer, a.consumer) == (b.producer, b.consumer)
    return a.model == b.model or (a.format == b.format and pairs)


def group(
    evidence: Evidence,
    known: Sequence[Known] = (),
    tried: Sequence[Tried] = (),
    wanted: Callable[[CellId], bool] | None = None,
) -> list[Cause]:
    """The root causes of the failing cells that are `wanted`: unexplained ones first, then worst.

    A remedy may be shown by any cell, also by one that is not wanted.
    """
    return survey(evidence, known, tried, wanted).causes


def survey(
    evidence: Evidence,
    known: Sequence[Known] = (),
    tried: Sequence[Tried] = (),
    wanted: Callable[[CellId], bool] | None = None,
) -> Survey:
    """The same with what was noted on the way."""
    made = Survey(Releases(evidence.header()["environments"]))
    book, found = Book(known, made.releases), dict[str, Cause]()
    for line in evidence.lines():
        cell = _cell_id(line)
        made.ledger.add(cell, line["outcome"])
        mark = fingerprints.fingerprint(line)
        if mark is None or (wanted and not wanted(cell)):
            continue
        explained = book.cause(line)
        id = explained.id if explained else mark
        found.setdefault(id, Cause(id, explained)).take(cell, line, mark, made.releases)
    for cause in found.values():
        cause.close(made.releases, made.ledger, tried)
    made.causes = sorted(
        found.values(), key=lambda c: (c.is_explained, -c.severity, -c.count, c.id)
    )
    return made


def _cell_id(line: Mapping[str, str]) -> CellId:
    parts = line["model"], line["format"], line["producer"], line["consumer"]
    return CellId(*map(sys.intern, parts))


def unused(known: Iterable[Known], causes: Iterable[Cause]) -> list[str]:
    """Ids of the known causes that explain none of the cells."""
    used = {cause.known.template or cause.known.id for cause in causes if cause.known}
    return [cause.id for cause in known if cause.id not in used]


def as_json(cause: Cause) -> Json:
    """A cause for programs; see docs/reference/commands.md."""
    known = cause.known
    error = cause.errors.most_common(1)
    return {
        "id": cause.id,
        "known": known is not None,
        "severity": cause.severity,
        "outcomes": dict(cause.outcomes.most_common()),
        "directions": dict(cause.directions.most_common()),
        "count": cause.count,
        "artifacts": cause.artifacts,
        "type": error[0][0][0] if error else "",
        "message": error[0][0][1] if error else "",
        "methods": dict(cause.methods.most_common()),
        "models": dict(cause.models.most_common()),
        "formats": dict(cause.formats.most_common()),
        "first": cause.first,
        "last": cause.last,
        "example": cause.example,
        "fingerprints": dict(cause.fingerprints.most_common()),
        "sentence": known.sentence if known else "",
        "hint": known.hint if known else "",
        "links": list(known.links) if known else [],
        "remedies": [vars(remedy) for remedy in cause.remedies],
    }
