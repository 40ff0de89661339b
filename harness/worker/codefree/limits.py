"""What is too much, and the two ways of saying no."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO, List

DEPTH = 32  # containers within containers
OBJECTS = 1000000
NODES = 10000000  # values, and values seen when every shared object is followed anew
COLUMNS = 1 << 24
NAME = 200  # characters of an attribute's name
INTEGER = 1 << 192  # seeds have 128 bits
KEY = 1 << 60  # integers that are keys: larger ones can be made to collide
SHARED = 100  # times as many objects, when every shared one is followed anew
TOKENS = 2000000  # brackets and commas of JSON: this many, and as many as bytes of the file
EARNED = 16  # times the bytes of its arrays: records made of them
FREE, RATIO = 64 << 20, 100  # bytes of arrays: this much, and so many times the size of the file

NUMBERS = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8")


class Room:
    """Counts the bytes of what is made of arrays and words, for all of a model."""

    def __init__(self) -> None:
        self.left = FREE

    def take(self, used: int, earned: int) -> None:
        """So many bytes are used, and so many more may be, as they stand in the file."""
        self.left += earned - used
        if self.left < 0:
            raise Refused("it unfolds to too much")


class Refused(ValueError):
    """A file that is damaged, hostile, or not one of this store."""


class Cannot(ValueError):
    """A model that the store cannot hold, with the reason in words."""


def allowance(path: str) -> int:
    """How many bytes of arrays the file at `path` may unfold to."""
    return FREE + RATIO * size(path)


def guard(path: str, folder: bool) -> None:
    """Raise Refused unless there is a regular file, or a folder, at `path`."""
    mode = os.stat(path).st_mode
    if not (stat.S_ISDIR(mode) if folder else stat.S_ISREG(mode)):
        raise Refused("it is no %s" % ("folder" if folder else "regular file"))


def opened(path: str) -> BinaryIO:
    """The regular file at `path`, open for reading; a pipe is not waited for."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    file: BinaryIO = os.fdopen(handle, "rb")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        file.close()
        raise Refused("it is no regular file")
    return file


def crowded(text: bytes, file_size: int) -> bool:
    """Whether JSON has more brackets and commas than a file of that size may have."""
    return sum(map(text.count, (b"[", b"{", b","))) > TOKENS + file_size


def size(path: str) -> int:
    """Bytes of the file, or of the files directly in the folder, at `path`."""
    if not os.path.isdir(path):
        return os.stat(path).st_size
    with os.scandir(path) as entries:
        return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)


def check_shape(shape: object) -> List[int]:
    """`shape` again where it is one: up to 8 lengths, none negative."""
    if not isinstance(shape, list) or len(shape) > 8:
        raise Refused("no shape: %s" % str(shape)[:80])
    for length in shape:
        if type(length) is not int or not 0 <= length < 1 << 48:
            raise Refused("no length of an array: %s" % str(length)[:80])
    return shape
