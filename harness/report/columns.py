"""The cells of a run as dictionary-encoded columns: a few bytes a cell, however long its line."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.records import Json, Outcome, Verdict

OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)
_CODE = {outcome.value: code for code, outcome in enumerate(OUTCOMES)}
_SEVERITY = {verdict.value: rank for rank, verdict in enumerate(Verdict)}
_MAX_DETAILS = 60_000
_NAN, _INF = float("nan"), float("inf")

_ADDRESS = re.compile(r"0x[0-9A-Fa-f]{4,}")
_PATH = re.compile(r"(?:/[^\s/'\"<>:]+){2,}/([^\s/'\"<>:]+)")

Ints = NDArray[np.int64]


class Names:
    """A table of strings; the code of a string is its place."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._codes: dict[str, int] = {}
        for name in names:
            self.code(name)

    def __len__(self) -> int:
        return len(self._codes)

    def __contains__(self, name: str) -> bool:
        return name in self._codes

    def code(self, name: str) -> int:
        return self._codes.setdefault(name, len(self._codes))

    def list(self) -> list[str]:
        return list(self._codes)


def normal(text: str, limit: int = 140) -> str:
    """One line of an error's message without what differs from process to process."""
    lines = text.strip().splitlines()
    line = _PATH.sub(r"…/\1", _ADDRESS.sub("0x…", lines[0])) if lines else ""
    return line if len(line) <= limit else line[: limit - 1] + "…"


def detail(line: Json) -> str:
    """What happened in a cell, in one short line that many cells share."""
    error, reason = line["error"], line.get("reason")
    wrong = line["outcome"] in (Outcome.DRIFT, Outcome.CHANGED)
    if error and not wrong:
        text = normal(error["message"])
        return f"{error['type']} at {error['stage']}" + (f": {text}" if text else "")
    odd = [(m, c["verdict"]) for m, c in line["methods"].items() if c["verdict"] != "identical"]
    if odd:
        odd.sort(key=lambda item: -_SEVERITY[item[1]])
        more = f" and {len(odd) - 4} more" if len(odd) > 4 else ""
        also = f"; also {error['type']} at {error['stage']}" if error else ""
        return ", ".join(f"{method}: {verdict}" for method, verdict in odd[:4]) + more + also
    if reason:
        return normal(reason)
    return ", ".join(sorted({warning["category"] for warning in line["warnings"]}))


def largest_difference(methods: Mapping[str, Json]) -> float:
    """The largest difference over the methods: NaN where none was compared."""
    differences = [method["max_abs_diff"] for method in methods.values()]
    if not differences:
        return _NAN
    return max(_INF if value is None else float(value) for value in differences)


class Row(NamedTuple):
    """One cell, encoded."""

    model: int
    format: int
    producer: int
    consumer: int
    outcome: int
    detail: int
    warned: bool
    erred: bool
    bytes: float
    difference: float


class Columns:
    """Grows by a line at a time. A cell that comes twice keeps its place; its last line counts."""

    def __init__(
        self, environments: Iterable[str], models: Iterable[str], formats: Iterable[str]
    ) -> None:
        self.environments = Names(environments)
        self.models = Names(models)
        self.formats = Names(formats)
        self.details = Names([""])
        self.codes = {name: array("H") for name in ("model", "format", "producer", "consumer")}
        self.codes |= {
            "outcome": array("B"),
            "warned": array("B"),
            "erred": array("B"),
            "detail": array("H"),
        }
        self.bytes = array("d")
        self.difference = array("d")
        self.chunk = array("L")
        kept: dict[str, array[Any]] = {
            **self.codes,
            "bytes": self.bytes,
            "difference": self.difference,
        }
        self._appends = [kept[name].append for name in Row._fields]
        self.repeated = 0
        self._rows: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.bytes)

    def add(self, line: Json) -> tuple[int, Row]:
        """Row number and codes of a line. KeyError, TypeError, ValueError: not a cell's line."""
        row = self._encode(line)
        key = ((row.model << 16 | row.format) << 16 | row.producer) << 16 | row.consumer
        known = len(self.bytes)
        place = self._rows.setdefault(key, known)
        if place == known:
            for append, value in zip(self._appends, row, strict=True):
                append(value)
            self.chunk.append(0)
        else:
            self.repeated += 1
            for name, codes in self.codes.items():
                codes[place] = int(getattr(row, name))
            self.bytes[place], self.difference[place] = row.bytes, row.difference
        return place, row

    def close(self) -> None:
        """Forget what finds a cell that comes twice: 150 bytes a cell, of no use after the last."""
        self._rows.clear()

    def _encode(self, line: Json) -> Row:
        outcome = _CODE[line["outcome"]]
        ids = line["model"], line["format"], line["producer"], line["consumer"]
        if not (type(ids[0]) is type(ids[1]) is type(ids[2]) is type(ids[3]) is str):
            raise TypeError("an id is a text")
        text, artifact = detail(line), line["artifact"]
        size = float(artifact["bytes"]) if artifact else _NAN
        difference = largest_difference(line["methods"])
        if len(self.details) >= _MAX_DETAILS and text not in self.details:
            text = line["error"]["type"] if line["error"] else ""
        full = len(self.details) >= _MAX_DETAILS + 5_000 and text not in self.details
        return Row(
            model=self.models.code(ids[0]),
            format=self.formats.code(ids[1]),
            producer=self.environments.code(ids[2]),
            consumer=self.environments.code(ids[3]),
            outcome=outcome,
            detail=0 if full else self.details.code(text),
            warned=bool(line["warnings"]),
            erred=line["error"] is not None,
            bytes=size,
            difference=difference,
        )

    def ints(self, name: str) -> Ints:
        """A column of codes as integers that may be calculated with."""
        return np.frombuffer(self.codes[name], dtype=f"u{self.codes[name].itemsize}").astype(
            np.int64
        )

    def sizes(self) -> NDArray[np.float64]:
        return np.frombuffer(self.bytes, dtype=np.float64)
