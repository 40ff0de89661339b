"""A cell as its line of `cells.jsonl`, and a line read back: whole, or only what tells it apart.

Most lines are read by msgspec, ten times as fast as by `json`; what it refuses and `json` takes,
such as a lone surrogate in a message, is read by `json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar

import msgspec

from harness.records import (
    IDENTICAL,
    OK_OUTCOMES,
    Cell,
    CellId,
    Comparison,
    Failure,
    Json,
    Outcome,
    Verdict,
)

IDENTICAL_JSON = IDENTICAL.as_json()
REFUSED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
EMPTY = msgspec.Raw(b"null")
T = TypeVar("T", bound=msgspec.Struct)
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Fault(msgspec.Struct, frozen=True, gc=False):
    """The error of a mark, without its traceback."""

    type: str
    message: str
    stage: str


class Mark(msgspec.Struct, frozen=True, gc=False):
    """What tells one cell's line from another's; a twentieth of the time that all of it takes.

    `cell` is the id, `outcome` and `observed` the words of `records.Outcome`.
    """

    cell: str
    outcome: str
    reason: str | None = None
    observed: str | None = None
    error: Fault | None = None


class Brief(Mark, frozen=True, gc=False):
    """A mark, and what a run that goes on has to know besides, as the bytes of the block."""

    methods: msgspec.Raw = EMPTY
    warnings: msgspec.Raw = EMPTY
    artifact: msgspec.Raw = EMPTY
    fidelity: msgspec.Raw = EMPTY
    runs: int = 1

    def record(self, outcome: Outcome) -> Cell:
        """The cell as far as a tally tells of it; one that is right is slim from the beginning."""
        is_loud = outcome in (Outcome.DRIFT, Outcome.CHANGED)
        methods = _decoded(self.methods) if is_loud else {}
        error = self.error
        return Cell(
            CellId.parse(self.cell),
            "",
            outcome,
            {name: _comparison(found) for name, found in methods.items()},
            Failure(error.type, error.message, error.stage) if error else None,
            _decoded(self.warnings) if is_loud else (),
            None if outcome in OK_OUTCOMES else _decoded(self.artifact),
            _decoded(self.fidelity),
            {},
            self.reason,
            Outcome(self.observed) if self.observed else None,
            self.runs,
        )


_PLAIN = msgspec.json.Decoder(dict[str, Any])
_MARKS = msgspec.json.Decoder(Mark)
_BRIEFS = msgspec.json.Decoder(Brief)


def cell_json(cell: Cell) -> Json:
    """A cell as its line of `cells.jsonl`; see docs/reference/cell.schema.json."""
    return {
        "cell": str(cell.id),
        "matrix": cell.matrix,
        "producer": cell.id.producer,
        "consumer": cell.id.consumer,
        "model": cell.id.model,
        "format": cell.id.format,
        "outcome": cell.outcome.value,
        "methods": {name: found.as_json() for name, found in cell.methods.items()},
        "error": _failure_json(cell.error),
        "warnings": list(cell.warnings),
        "artifact": cell.artifact,
        "fidelity": cell.fidelity,
        "ms": dict(cell.ms),
        "reason": cell.reason,
        "observed": cell.observed.value if cell.observed else None,
        "runs": cell.runs,
    }


def _failure_json(error: Failure | None) -> Json:
    if error is None:
        return None
    return {
        "type": error.type,
        "message": error.message,
        "stage": error.stage,
        "traceback": error.traceback,
    }


def _comparison(found: Json) -> Comparison:
    """Most methods are identical: those share one object."""
    if found == IDENTICAL_JSON:
        return IDENTICAL
    return Comparison(**{**found, "verdict": Verdict(found["verdict"])})


def cell_of(line: Json) -> Cell:
    """The inverse of `cell_json`."""
    return Cell(
        id=CellId.parse(line["cell"]),
        matrix=line["matrix"],
        outcome=Outcome(line["outcome"]),
        methods={name: _comparison(found) for name, found in line["methods"].items()},
        error=Failure(**line["error"]) if line["error"] else None,
        warnings=tuple(line["warnings"]),
        artifact=line["artifact"],
        fidelity=line["fidelity"],
        ms=line["ms"],
        reason=line["reason"],
        observed=Outcome(line["observed"]) if line["observed"] else None,
        runs=line["runs"],
    )


def encoded(cells: Iterable[Cell]) -> bytes:
    """The lines of cells, in ASCII."""
    return "".join(_encode(cell_json(cell)) + "\n" for cell in cells).encode("ascii")


def objects(block: bytes) -> Iterator[Json]:
    """Every whole line that is an object with a `cell`; others are passed over."""
    for line in _whole_lines(block).split(b"\n"):
        found: dict[str, Json] | None
        try:
            found = _PLAIN.decode(line)
        except REFUSED:
            found = _second_look(line)
        if found is not None and "cell" in found:
            yield found


def structs(block: bytes, decoder: msgspec.json.Decoder[T], kind: type[T]) -> list[T]:
    """Every whole line as a struct of this kind; a line that is none is passed over."""
    whole = _whole_lines(block)
    try:
        return decoder.decode_lines(whole)
    except REFUSED:
        found = (_struct(line, decoder, kind) for line in whole.split(b"\n"))
        return [struct for struct in found if struct is not None]


def marks(block: bytes) -> list[Mark]:
    """The marks of a block of lines."""
    return structs(block, _MARKS, Mark)


def briefs(block: bytes) -> list[Brief]:
    """The same with what a run that goes on has to know."""
    return structs(block, _BRIEFS, Brief)


def _whole_lines(block: bytes) -> bytes:
    return block if block.endswith(b"\n") else block[: block.rfind(b"\n") + 1]


def _struct(line: bytes, decoder: msgspec.json.Decoder[T], kind: type[T]) -> T | None:
    try:
        return decoder.decode(line)
    except REFUSED:
        found = _second_look(line) or {}
    raw = [field.name for field in msgspec.structs.fields(kind) if field.type is msgspec.Raw]
    again = {name: msgspec.Raw(_encode(found[name])) for name in raw if name in found}
    try:
        return msgspec.convert({**found, **again}, kind)
    except msgspec.MsgspecError:
        return None


def _decoded(raw: msgspec.Raw) -> Json:
    try:
        return msgspec.json.decode(raw)
    except REFUSED:
        return json.loads(bytes(raw))


def _second_look(line: bytes) -> dict[str, Json] | None:
    """The line by `json`; None where it is no object."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


class Recorded:
    """Cells that come as blocks of lines."""

    def blocks(self) -> Iterator[bytes]:
        """All lines, in blocks that begin and end with one; the last one may be torn."""
        raise NotImplementedError

    def parts(self, count: int) -> Sequence[Recorded]:
        """The same cells in up to `count` parts that can be read apart; one where they cannot."""
        return [self]

    def lines(self) -> Iterator[Json]:
        """Every whole line, as it is."""
        return chain.from_iterable(map(objects, self.blocks()))

    def marks(self) -> Iterator[Mark]:
        """Every whole line, as far as it tells one cell from another: a million in seconds."""
        return chain.from_iterable(map(marks, self.blocks()))

    def cells(self) -> Iterator[Cell]:
        """Every whole line as a record."""
        return map(cell_of, self.lines())
