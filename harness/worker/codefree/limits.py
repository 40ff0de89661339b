"""What is too much, and the two ways of saying no."""

from __future__ import annotations

import os
from typing import List

DEPTH = 32  # containers within containers
OBJECTS = 1000000
NODES = 10000000  # values, and values seen when every shared object is followed anew
COLUMNS = 1 << 24
NAME = 200  # characters of an attribute's name
INTEGER = 1 << 192  # seeds have 128 bits
KEY = 1 << 60  # integers that are keys: larger ones can be made to collide
FREE, RATIO = 64 << 20, 100  # bytes of arrays: this much, and so many times the size of the file

NUMBERS = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8")


class Refused(ValueError):
    """A file that is damaged, hostile, or not one of this store."""


class Cannot(ValueError):
    """A model that the store cannot hold, with the reason in words."""


def allowance(path: str) -> int:
    """How many bytes of arrays the file at `path` may unfold to."""
    return FREE + RATIO * size(path)


def size(path: str) -> int:
    """Bytes of the file, or of the files directly in the folder, at `path`."""
    if not os.path.isdir(path):
        return os.lstat(path).st_size
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
