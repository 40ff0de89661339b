"""Formats with promises, some of them false: what the fact sheet has to find out.

Each stores `slope` and `offset` of a line as text, so that any byte of it matters.
"""

from __future__ import annotations

import os
import struct
import time
import zlib
from typing import Any, List, Tuple

from shelflife_worker.registry import DATA, Attack, Format, Unsupported, format_, model

ROWS = 6


class Rows:
    """Rows and targets of a line through two columns."""

    def __init__(self) -> None:
        import numpy

        self.X = self.ask = numpy.arange(12.0).reshape(ROWS, 2)
        self.y = self.ask_y = self.X.sum(axis=1) / 4

    def _replace(self, X: Any) -> Rows:
        made = Rows()
        made.X = X
        return made


class Line:
    """Answers slope * sum + offset; `memory` holds on to what it was fitted on."""

    def __init__(self, slope: float = 0.25, offset: float = 0.5, memory: Any = None) -> None:
        self.slope, self.offset, self.memory = slope, offset, memory

    def fit(self, X: Any, y: Any) -> Line:
        return self

    def predict(self, X: Any) -> Any:
        return X.sum(axis=1) * self.slope + self.offset


class Hoarder(Line):
    """Keeps its training rows."""

    def fit(self, X: Any, y: Any) -> Line:
        self.memory = X.copy()
        return self


DATA["line"] = Rows
model("sworn.line", data="line", summary="a line")(Line)
model("sworn.hoarder", data="line", summary="a line that keeps its rows")(Hoarder)


class Honest(Format):
    """Two numbers behind a checksum, nothing else accepted."""

    suffix = ".line"
    executes = "nothing"
    checksum = "CRC-32 of everything"
    subjects: Tuple[str, ...] = ("sworn.line",)

    def dump(self, model: Any, path: str, data: Any) -> None:
        if not isinstance(model, Line):
            raise Unsupported("no line")
        content = struct.pack("<dd", model.slope, model.offset)
        with open(path, "wb") as file:
            file.write(content + struct.pack("<I", zlib.crc32(content)))

    def load(self, path: str) -> Any:
        content = self.read(path)
        return Line(*struct.unpack("<dd", content))

    def read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            content = file.read()
        if len(content) != 20 or struct.unpack("<I", content[16:])[0] != zlib.crc32(content[:16]):
            raise ValueError("no line of ours")
        return content[:16]

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        def plant(path: str, canary: str) -> None:
            with open(path, "wb") as file:
                file.write(b"open(%r, 'w')" % canary.encode())

        return [Attack("strict", "a program instead of numbers", plant, self.load)]

    def outside(self, path: str, data: Any) -> Any:
        slope, offset = struct.unpack("<dd", self.read(path))
        return "arithmetic", [slope * sum(row) + offset for row in data.ask.tolist()]


@format_
class Sworn(Honest):
    """Keeps every promise."""

    id = "sworn.honest"
    summary = "keeps every promise"
    snippet = (
        "import struct\n"
        "with open(path, 'wb') as file:\n"
        "    file.write(struct.pack('<dd', model.slope, model.offset))\n"
        "with open(path, 'rb') as file:\n"
        "    loaded = type(model)(*struct.unpack('<dd', file.read()))\n"
    )


@format_
class Unchecked(Honest):
    """Claims a checksum that it does not look at."""

    id = "sworn.unchecked"
    summary = "does not look at its checksum"

    def read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read(16)


@format_
class Program(Honest):
    """Says that it executes nothing, and evaluates its file."""

    id = "sworn.program"
    summary = "evaluates its file"
    checksum = ""

    def dump(self, model: Any, path: str, data: Any) -> None:
        with open(path, "w") as file:
            file.write("Line(%r, %r)" % (model.slope, model.offset))

    def load(self, path: str) -> Any:
        with open(path) as file:
            return eval(file.read())

    def outside(self, path: str, data: Any) -> Any:
        return "a guess", [0.0] * ROWS


@format_
class Restless(Honest):
    """Writes the time into its file and says nothing of it."""

    id = "sworn.restless"
    summary = "writes the time"

    def dump(self, model: Any, path: str, data: Any) -> None:
        content = struct.pack("<dd", model.slope, model.offset + 1e-9 * time.time())
        with open(path, "wb") as file:
            file.write(content + struct.pack("<I", zlib.crc32(content)))

    snippet = "loaded = no_such_name"


@format_
class Fragile(Honest):
    """Hangs on some damages, dies of others, and takes an empty file for a line."""

    id = "sworn.fragile"
    summary = "hangs, dies, and takes nothing for something"
    checksum = ""

    def read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            content = file.read()
        if not content:
            return struct.pack("<dd", 0.0, 0.0)
        if len(content) < 10:
            os.kill(os.getpid(), 11)
        while len(content) == 19:
            time.sleep(0.01)
        return super().read(path)


@format_
class Hoarding(Honest):
    """Stores rows of the training data beside every model."""

    id = "sworn.hoarding"
    summary = "keeps training rows"
    varies = "it says so, though it is not true"
    subjects = ("sworn.line", "sworn.hoarder")

    def dump(self, model: Any, path: str, data: Any) -> None:
        super().dump(model, path, data)
        with open(path, "ab") as file:
            file.write(data.X.tobytes())

    def read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read(16)
