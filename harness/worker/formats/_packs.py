"""An artifact and the files beside it as one stream of bytes, and back in memory; no formats here.

A pack has for each piece the length of its name and of its content, as 8 bytes each, and both. A
name is what follows the artifact's own: none for itself, `.types` for what lies beside it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import tempfile
from typing import Any, BinaryIO, Iterable, Iterator, Optional, Tuple, cast

LENGTHS = struct.Struct(">QQ")
BLOCK = 1 << 20
MEMORY = "/dev/shm"  # noqa: S108 - a folder of ours is made there
_memfd_create: Any = getattr(os, "memfd_create", None)


def packed(path: str, pieces: Iterable[str]) -> Iterator[bytes]:
    """The pack of `pieces`, whose names begin with `path`, a block at a time."""
    for piece in pieces:
        name = piece[len(path) :].encode("utf-8", "surrogateescape")
        with open(piece, "rb") as file:
            yield LENGTHS.pack(len(name), os.path.getsize(piece)) + name
            for block in iter(lambda: file.read(BLOCK), b""):  # noqa: B023 - used at once
                yield block


def unpack(pack: BinaryIO, path: str) -> None:
    """Make the pieces in `pack` files at `path` and beside it, for this user alone."""
    for lengths in iter(lambda: pack.read(LENGTHS.size), b""):
        length, left = LENGTHS.unpack(lengths)
        name = pack.read(length).decode("utf-8", "surrogateescape")
        made = os.open(path + name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(made, "wb") as file:
            while left:
                left -= file.write(pack.read(min(left, BLOCK)))


@contextlib.contextmanager
def private_file() -> Iterator[BinaryIO]:
    """An empty file without a name, in memory where that can be, which is gone afterwards."""
    if _memfd_create is None:
        with tempfile.TemporaryFile() as file:
            yield cast(BinaryIO, file)
    else:
        with open(_memfd_create("shelflife"), "w+b") as unnamed:
            yield unnamed


@contextlib.contextmanager
def private_folder(size: Optional[int] = None) -> Iterator[str]:
    """A folder that only this user can look into; gone afterwards with all that is in it.

    It is in memory where the system has room there for `size` bytes. It holds real files: HDF5 and
    others ask for a file's real path, which a file without a name does not have.
    """
    folder = tempfile.mkdtemp(prefix="shelflife-", dir=_memory(size))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory(size: Optional[int]) -> Optional[str]:
    """Linux's folder in memory, if there is one with room for twice as much; or None."""
    if size is None or not os.access(MEMORY, os.W_OK | os.X_OK):
        return None
    found = os.statvfs(MEMORY)
    return MEMORY if found.f_bavail * found.f_frsize > 2 * size else None


def chunks(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in chunks of `size`, the last perhaps a shorter one."""
    pending = b""
    for block in blocks:
        pending += block
        whole = len(pending) // size * size
        for at in range(0, whole, size):
            yield pending[at : at + size]
        pending = pending[whole:]
    if pending:
        yield pending


def numbered(items: Iterator[bytes]) -> Iterator[Tuple[int, bytes, bool]]:
    """Each item with its number, and whether it is the last."""
    number, held = 0, next(items, None)
    while held is not None:
        following = next(items, None)
        yield number, held, following is None
        number, held = number + 1, following
