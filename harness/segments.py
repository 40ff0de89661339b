"""The lines of a run on disk: packed segments, oldest first, and the live file that grows.

    cells-0001.jsonl.gz  cells-0002.jsonl.gz  ...  cells.jsonl

A small run has the live file alone. When it has grown past `ROLL` it is renamed to
`cells-0001.jsonl`, packed beside that as `cells-0001.jsonl.gz`, and the unpacked one goes. Each
step is one rename or one removal, and of a number that is there twice one is read: an
interruption anywhere loses no line and doubles none.
"""

from __future__ import annotations

import os
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from harness.errors import StoreError

ROLL = 32 << 20
"""Bytes of the live file past which it is packed: some twenty thousand cells."""
LEVEL = 6  # of gzip: 13 times smaller at 150 MB/s; 9 takes half as long again and gains 2 %
PIECE = 1 << 18  # bytes of a packed file that are unpacked at once, to some 3 MB
BLOCK = 4 << 20  # bytes of an unpacked file that are read at once
DAMAGED = "Put it back from a copy, or begin a new run: --fresh."
LIVE = "cells.jsonl"
_NUMBERED = re.compile(r"^cells-(\d{4,})\.jsonl(?:\.gz)?$", re.ASCII)


def numbers(folder: Path) -> list[int]:
    """The numbers of the segments, in order. StoreError where one is missing in between."""
    names = _names(folder) | _names(folder)  # one look may miss what is renamed under its eyes
    found = sorted({int(match[1]) for match in map(_NUMBERED.match, names) if match})
    if found != list(range(1, len(found) + 1)):
        lost = next(n for n in range(1, found[-1] + 1) if n not in found)
        raise StoreError(f"{packed(folder, lost)} is missing, and later ones are there", DAMAGED)
    return found


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def packed(folder: Path, number: int) -> Path:
    """Where a segment is when it has been packed."""
    return folder / f"cells-{number:04}.jsonl.gz"


def unpacked(folder: Path, number: int) -> Path:
    """Where a segment is until then."""
    return folder / f"cells-{number:04}.jsonl"


ALL = range(1, sys.maxsize)


def blocks(folder: Path, part: range = ALL) -> Iterator[bytes]:
    """All that is recorded, in blocks of whole lines; only the last block may end within a line.

    Of a `part` the segments of these numbers; the live file follows where the numbers go on
    without end. The next block is unpacked while this one is looked at. StoreError where a segment
    is damaged.
    """
    return _ahead(_blocks(folder, part))


def parts(folder: Path, count: int) -> list[range]:
    """The numbers of the segments in up to `count` parts that are read apart; the last is open."""
    segments = len(numbers(folder))
    count = max(1, min(count, segments))
    starts = [1 + segments * n // count for n in range(count)]
    return [range(*ends) for ends in zip(starts, [*starts[1:], ALL.stop], strict=True)]


def _ahead(found: Iterator[bytes]) -> Iterator[bytes]:
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, found, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, found, None)
            yield block


def _blocks(folder: Path, part: range) -> Iterator[bytes]:
    segments, live = _snapshot(folder)
    try:
        for number in segments:
            if number in part:
                yield from _segment(folder, number)
        if live and part.stop == ALL.stop:
            yield from _in_lines(_pieces(live))
    finally:
        if live:
            live.close()


def _snapshot(folder: Path) -> tuple[list[int], BinaryIO | None]:
    """The segments and the live file of one moment, though a writer may be at work."""
    while True:
        segments = numbers(folder)
        try:
            live: BinaryIO | None = (folder / LIVE).open("rb")
        except FileNotFoundError:
            live = None
        if numbers(folder) == segments:
            return segments, live
        if live:
            live.close()


def _segment(folder: Path, number: int) -> Iterator[bytes]:
    """The blocks of one segment, packed or not yet."""
    with _opened(folder, number) as file:
        path = Path(file.name)
        end = b"\n"
        for end in _in_lines(_unzipped(file, path) if path.suffix == ".gz" else _pieces(file)):
            yield end
    if not end.endswith(b"\n"):
        raise StoreError(f"{path} is damaged: it ends within a line", DAMAGED)


def _opened(folder: Path, number: int) -> BinaryIO:
    path = packed(folder, number)
    for place in (path, unpacked(folder, number), path):  # it may be packed between the looks
        try:
            return place.open("rb")
        except FileNotFoundError:
            continue
        except OSError as error:
            hint = "Check its permissions."
            raise StoreError(f"cannot read {place}: {error.strerror}", hint) from None
    raise StoreError(f"{path} is missing", DAMAGED)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(BLOCK):
        yield piece


def _unzipped(file: BinaryIO, path: Path) -> Iterator[bytes]:
    unzip = zlib.decompressobj(31)  # one gzip member, its checksum and length verified
    try:
        while raw := file.read(PIECE):
            yield unzip.decompress(raw)
    except zlib.error as error:
        raise StoreError(f"{path} is damaged: {error}", DAMAGED) from None
    if not unzip.eof:
        raise StoreError(f"{path} is damaged: it is cut short", DAMAGED)
    if unzip.unused_data:
        raise StoreError(f"{path} is damaged: something follows its end", DAMAGED)


def _in_lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces cut anew at ends of lines; what follows the last one comes by itself."""
    rest = b""
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if not end:
            rest += piece
            continue
        yield rest + piece[:end]
        rest = piece[end:]
    if rest:
        yield rest


def roll(folder: Path) -> None:
    """Make the live file the next segment; whoever writes begins a new one. OSError as it comes."""
    number = len(numbers(folder)) + 1
    (folder / LIVE).rename(unpacked(folder, number))


def pack(folder: Path) -> None:
    """Pack the segments that are not packed yet. OSError as it comes: then they stay."""
    for number in numbers(folder):
        plain, target = unpacked(folder, number), packed(folder, number)
        if not plain.exists():
            continue
        if not target.exists():
            with plain.open("rb") as file:
                _replace(target, _zipped(_pieces(file)))
        plain.unlink()


def keep(folder: Path, wanted: Callable[[bytes], bool]) -> int:
    """Keep the lines that are `wanted`; how many went. OSError as it comes.

    Each file that has others is replaced whole or not at all. The segments have to be packed;
    whoever writes opens the live file anew.
    """
    gone = 0
    for number in numbers(folder):
        lines = b"".join(_segment(folder, number)).splitlines(keepends=True)
        kept = [line for line in lines if wanted(line)]
        if len(kept) < len(lines):
            _replace(packed(folder, number), _zipped(iter(kept)))
            gone += len(lines) - len(kept)
    live = folder / LIVE
    lines = live.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if wanted(line)]
    if len(kept) < len(lines):
        _replace(live, iter(kept))
    return gone + len(lines) - len(kept)


def _zipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """One gzip member without name and time: the same lines give the same bytes."""
    zip = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
    for piece in pieces:
        yield zip.compress(piece)
    yield zip.flush()


def _replace(target: Path, pieces: Iterator[bytes]) -> None:
    """A file made anew, on disk before it takes its name: whole or not at all."""
    new = target.with_name(target.name + ".new")
    try:
        with new.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        new.unlink(missing_ok=True)
        raise
    new.replace(target)
