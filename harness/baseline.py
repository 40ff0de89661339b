"""Baselines: what runs have found, in a compact form that is committed beside the matrices.

`matrices/baselines/<matrix>.json.xz` is the form of `condensed` in xz, with a SHA-256 of its
content. The same run gives the same bytes.
"""

from __future__ import annotations

import lzma
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path

import msgspec

from harness import condensed
from harness.condensed import Content
from harness.errors import StoreError, did_you_mean
from harness.lines import Recorded, objects
from harness.records import Json
from harness.words import cells

SUFFIX = ".json.xz"
LEVEL = 6  # of xz: more takes three times as long for a sixth less
AGAIN = "Restore it from the project's history, or make it anew: shelflife baseline RUN"
NEEDED = {"run", "matrix", "started", "planned", "environments", "models", "formats", "footer"}


class Baseline(Recorded):
    """The committed form of a run, for reading. `id` is `baseline:` and the name of its matrix."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def matrix(self) -> str:
        return self.path.name.removesuffix(SUFFIX)

    @property
    def id(self) -> str:
        return f"baseline:{self.matrix}"

    @cached_property
    def content(self) -> Content:
        """All of it, read once. StoreError where it cannot be read."""
        try:
            found = msgspec.json.decode(_unpacked(self.path), type=Content)
        except (lzma.LZMAError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise StoreError(f"{self.path} is damaged: {error}", AGAIN) from None
        if found.form != condensed.FORM:
            hint = "Use that one, or make it anew: shelflife baseline RUN"
            raise StoreError(f"{self.path} is of another version of Shelflife", hint)
        if not found.header.keys() >= NEEDED:
            raise StoreError(f"{self.path} is damaged: its header is not whole", AGAIN)
        return found

    def header(self) -> dict[str, Json]:
        """`run.json` of the run that it was made of."""
        return self.content.header

    @property
    def is_complete(self) -> bool:
        """Whether the run had recorded every cell that it was to."""
        return self.header()["footer"] is not None

    @property
    def cells_kept(self) -> int:
        """How many cells there are."""
        return condensed.count(self.content)

    @property
    def state(self) -> str:
        """In words, how much of the matrix it holds."""
        return f"{'complete' if self.is_complete else 'incomplete'}, {cells(self.cells_kept)}"

    def lines_of(self, models: Collection[str]) -> Iterator[Json]:
        """The lines of some models: far sooner than all, where they are few."""
        rows = [row for row in self.content.rows if row.model in models]
        some = msgspec.structs.replace(self.content, rows=rows)
        return chain.from_iterable(map(objects, self._blocks(some)))

    def blocks(self) -> Iterator[bytes]:
        """The lines of `cells.jsonl`, without what a baseline does not keep."""
        return self._blocks(self.content)

    def _blocks(self, content: Content) -> Iterator[bytes]:
        try:
            yield from condensed.blocks(content)
        except (LookupError, TypeError, ValueError) as error:
            raise StoreError(f"{self.path} is damaged: {error!r}", AGAIN) from None


def find(folder: Path, matrix: str) -> Baseline:
    """The committed baseline of a matrix. StoreError where there is none."""
    known = {found.matrix: found for found in baselines(folder)}
    if matrix not in known:
        hint = did_you_mean(matrix, known) if known else "Make one: shelflife baseline RUN"
        raise StoreError(f"there is no baseline of {matrix!r} in {folder}", hint)
    return known[matrix]


def baselines(folder: Path) -> list[Baseline]:
    """Every baseline in a folder, by name."""
    return [Baseline(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]


def write(header: dict[str, Json], lines: Iterable[Json], folder: Path) -> Baseline:
    """Make the baseline of a run, whole or not at all. StoreError where the disk refuses."""
    path = folder / (header["matrix"] + SUFFIX)
    text = msgspec.json.encode(condensed.condensed(header, lines))
    packed = lzma.compress(text, check=lzma.CHECK_SHA256, preset=LEVEL)
    new = path.with_name(path.name + ".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new.write_bytes(packed)
        new.replace(path)
    except OSError as error:
        hint = "Make room, or say --out PATH."
        raise StoreError(f"cannot write {path}: {error.strerror}", hint) from None
    return Baseline(path)


def _unpacked(path: Path) -> bytes:
    """The content of an xz file. LZMAError where it is damaged, cut short, or more follows."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}", AGAIN) from None
    unzip = lzma.LZMADecompressor(lzma.FORMAT_XZ)
    found = unzip.decompress(raw)
    if not unzip.eof:
        raise lzma.LZMAError("it is cut short")
    if unzip.unused_data:
        raise lzma.LZMAError("something follows its end")
    return found
