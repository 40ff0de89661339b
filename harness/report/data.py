"""The site's data: script files, because a page opened from disk may not fetch.

`data/cells.js` holds every cell as dictionary-encoded columns, each deflated, which browsers undo
themselves; `data/evidence-N.js` holds what is
known of some cells of one pair of environments, each repeated text once.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from array import array
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from harness.records import Json
from harness.report.columns import OUTCOMES, Columns
from harness.words import LOOKS, WORST_FIRST, group

CELLS_PER_CHUNK = 2_000
BUFFERED_BYTES = 40_000_000
_slow = json.JSONEncoder(separators=(",", ":")).encode
_OWN = re.compile(r"^evidence-\d+\.js$")


def _encode(value: Json) -> str:
    """JSON in ASCII: by msgspec, five times as fast as by `json`, which knows to escape."""
    try:
        return msgspec.json.encode(value).decode("ascii")
    except (UnicodeError, msgspec.MsgspecError):  # other letters, a lone surrogate
        return _slow(value)


def script(text: str) -> str:
    """JSON text made safe inside a script, wherever the script may be put."""
    return text.replace("<", "\\u003c")


class Chunk:
    """The evidence of some cells of one pair; texts are kept once and named by their place."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.bytes = 0
        self._texts: dict[str, int] = {}
        self._rows: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def _text(self, value: Json) -> int:
        text = "null" if value is None else _encode(value)
        known = len(self._texts)
        place = self._texts.setdefault(text, known)
        if place == known:
            self.bytes += len(text) + 120
        return place

    def add(self, row: int, line: Json) -> None:
        error, artifact, text = line["error"], line["artifact"], self._text
        entry = [
            text(line["methods"]),
            [text(error[key]) for key in ("type", "message", "stage", "traceback")]
            if error
            else None,
            [
                [text(w["category"]), text(w["message"]), w["count"], text(w["stage"])]
                for w in line["warnings"]
            ],
            [artifact["sha256"], artifact["bytes"]] if artifact else None,
            text(line["fidelity"]),
            line["ms"],
            text(line["reason"]),
            text(line["observed"]),
            line["runs"],
        ]
        self._rows[row] = _encode(entry)
        self.bytes += len(self._rows[row]) + 150

    def script(self) -> str:
        rows = ",".join(f'"{row}":{entry}' for row, entry in self._rows.items())
        body = f'{{"texts":[{",".join(self._texts)}],"rows":{{{rows}}}}}'
        return f"shelflifeEvidence({self.number},{script(body)});\n"


class EvidenceWriter:
    """Puts each line into the open chunk of its pair; writes chunks before they grow large."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[tuple[int, int], Chunk] = {}
        self._buffered = 0
        self.chunks = 0
        for old in folder.iterdir():
            if _OWN.match(old.name):
                old.unlink()

    def add(self, row: int, pair: tuple[int, int], line: Json) -> int:
        """The number of the chunk that now holds the line."""
        if pair not in self._open:
            self._open[pair] = Chunk(self.chunks)
            self.chunks += 1
        chunk = self._open[pair]
        before = chunk.bytes
        chunk.add(row, line)
        self._buffered += chunk.bytes - before
        if len(chunk) >= CELLS_PER_CHUNK:
            self._write(pair)
        elif self._buffered > BUFFERED_BYTES:
            self._write(max(self._open, key=lambda key: self._open[key].bytes))
        return chunk.number

    def _write(self, pair: tuple[int, int]) -> None:
        chunk = self._open.pop(pair)
        self._buffered -= chunk.bytes
        path = self._folder / f"evidence-{chunk.number}.js"
        path.write_text(chunk.script(), encoding="ascii")

    def close(self) -> None:
        for pair in list(self._open):
            self._write(pair)


def _packed(values: NDArray[np.generic]) -> dict[str, str]:
    """A column as base64 of its deflated little-endian bytes, and the type to read it with."""
    little = values.astype(values.dtype.newbyteorder("<"))
    kind = f"{values.dtype.kind}{values.dtype.itemsize * 8}"
    return {"type": kind, "deflated": base64.b64encode(zlib.compress(little.tobytes())).decode()}


def packed_codes(values: array[int], distinct: int) -> dict[str, str]:
    """Codes of so many distinct things, in as few bytes as hold them."""
    width = np.uint8 if distinct <= 1 << 8 else np.uint16 if distinct <= 1 << 16 else np.uint32
    return _packed(np.frombuffer(values, dtype=f"u{values.itemsize}").astype(width))


def packed_columns(columns: Columns, chunks: int) -> dict[str, dict[str, str]]:
    """Every column that the page filters, sorts or shows in its list."""
    codes = columns.codes
    return {
        "model": packed_codes(codes["model"], len(columns.models)),
        "format": packed_codes(codes["format"], len(columns.formats)),
        "producer": packed_codes(codes["producer"], len(columns.environments)),
        "consumer": packed_codes(codes["consumer"], len(columns.environments)),
        "outcome": packed_codes(codes["outcome"], len(OUTCOMES)),
        "detail": packed_codes(codes["detail"], len(columns.details)),
        "chunk": packed_codes(columns.chunk, chunks),
        "bytes": _packed(columns.sizes().astype(np.float32)),
        "difference": _packed(_single(np.frombuffer(columns.difference, dtype=np.float64))),
    }


def _single(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """In single precision, which is all that the list shows; beyond its range it is infinite."""
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def outcome_table() -> list[dict[str, str]]:
    """The outcomes in the order of their codes, with their words."""
    return [
        {"id": o.value, "symbol": LOOKS[o].symbol, "says": LOOKS[o].says, "group": group(o)}
        for o in OUTCOMES
    ]


def write_cells(path: Path, columns: Columns, chunks: int, about: Json) -> None:
    """`data/cells.js`. `about` is what the panel says of environments, models and formats."""
    content = {
        "cells": len(columns),
        "outcomes": outcome_table(),
        "worstFirst": [OUTCOMES.index(outcome) for outcome in WORST_FIRST],
        "names": {
            "model": columns.models.list(),
            "format": columns.formats.list(),
            "environment": columns.environments.list(),
            "detail": columns.details.list(),
        },
        "columns": packed_columns(columns, chunks),
        **about,
    }
    path.write_text(f"globalThis.shelflifeData={script(_encode(content))};\n", encoding="ascii")
