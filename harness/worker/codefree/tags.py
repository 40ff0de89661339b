"""What each tag of a node stands for: functions of the builder, what is tagged, and the depth."""

from __future__ import annotations

import base64
import re
from typing import Any, Callable, Dict, List

from . import classes, made_values
from .expect import require, whole
from .limits import NUMBERS, RATIO, check_shape

NAMED = {"sklearn.impute._iterative._ImputerTriplet": 3}  # named tuples, and their length
WORDS = re.compile(r"<U([1-9][0-9]{0,8})\Z")
FIELD = re.compile(r"[a-z_]{1,40}\Z")


def _float(builder: Any, inner: Any, depth: int) -> Any:
    require(inner in ("nan", "inf", "-inf"), "no number that JSON lacks: %.20r" % (inner,))
    return float(inner)


def _set(builder: Any, inner: Any, depth: int) -> Any:
    require(isinstance(inner, list), "no list of members")
    members = [builder.key(node, depth) for node in inner]
    require(len(set(members)) == len(members), "a member stands in a set twice")
    return set(members)


def _dict(builder: Any, inner: Any, depth: int) -> Any:
    return {key: builder.value(node, depth + 1) for key, node in builder.pairs(inner, depth)}


def _bytes(builder: Any, inner: Any, depth: int) -> Any:
    require(type(inner) is str, "no bytes")
    return base64.b64decode(inner.encode("ascii"), validate=True)


def _slice(builder: Any, inner: Any, depth: int) -> Any:
    ends = builder.items(inner, depth)
    plain = all(end is None or type(end) in (int, str) for end in ends)
    require(len(ends) == 3 and plain, "no ends of a slice")
    return slice(*ends)


def _dtype(builder: Any, inner: Any, depth: int) -> Any:
    import numpy

    require(type(inner) is str and (inner in NUMBERS or inner == "|O"), "no listed dtype")
    return numpy.dtype(inner)


def _constant(builder: Any, inner: Any, depth: int) -> Any:
    known = type(inner) is str and inner in classes.CONSTANTS
    require(known, "%.100r is not on the list" % (inner,))
    own = classes.ONLY_AS.get(inner, builder.attribute)
    require(
        own == builder.attribute and (inner not in classes.ONLY_AS or depth == 1), "no use for it"
    )
    return classes.find_constant(inner)


def _histogram_check(builder: Any, inner: Any, depth: int) -> Any:
    require(inner is True, "no check of columns")
    return made_values.histogram_check()


def _named(builder: Any, inner: Any, depth: int) -> Any:
    """A named tuple, filled as a tuple is."""
    from sklearn.impute import _iterative

    require(isinstance(inner, list) and len(inner) == 2, "no named tuple")
    name = inner[0]
    require(type(name) is str and name in NAMED, "%.100r is not on the list" % (name,))
    values = builder.items(inner[1], depth)
    require(len(values) == NAMED[name], "a named tuple with other parts")
    return tuple.__new__(vars(_iterative)["_ImputerTriplet"], values)


def _count(shape: List[int]) -> int:
    count = 1
    for length in shape:
        count *= length
    return count


def letters(values: List[str]) -> int:
    """How many there are in all the words, and their ends."""
    return len(values) + sum(len(value) for value in values)


def _words(builder: Any, inner: Any, depth: int) -> Any:
    import numpy

    require(isinstance(inner, list) and len(inner) == 3, "no array of words")
    dtype, shape, values = inner[0], check_shape(inner[1]), inner[2]
    match = WORDS.match(dtype) if type(dtype) is str else None
    require(match and isinstance(values, list), "no array of words")
    require(len(values) == _count(shape), "other words than the shape has room for")
    require(all(type(value) is str for value in values), "a word that is no string")
    wide = int(dtype[2:])
    builder.room.take(4 * wide * len(values), RATIO * letters(values))
    require(all(len(value) <= wide for value in values), "a word that does not fit")
    made = numpy.array(values, dtype=dtype)
    require(made.tolist() == values, "a word that ends in nothing")
    return made.reshape(shape)


def _cells(builder: Any, inner: Any, depth: int) -> Any:
    """An array of objects, one after the other."""
    import numpy

    require(isinstance(inner, list) and len(inner) == 2, "no array of objects")
    shape, values = check_shape(inner[0]), builder.items(inner[1], depth)
    require(len(values) == _count(shape), "other objects than the shape has room for")
    made = numpy.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        made[place] = value
    return made.reshape(shape)


def _records(builder: Any, inner: Any, depth: int) -> Any:
    """An array of records of the arrays of its fields; what lies between the fields is zero."""
    import numpy

    require(isinstance(inner, list) and len(inner) == 2, "no array of records")
    wide, fields = whole(inner[0], "the size of a record", 1, 4096), inner[1]
    require(isinstance(fields, list) and 1 <= len(fields) <= 32, "no fields of records")
    columns, names, offsets, end = [], [], [], 0
    for field in fields:
        require(isinstance(field, list) and len(field) == 3, "no field of records")
        require(type(field[0]) is str and FIELD.match(field[0]), "no name of a field")
        offsets.append(whole(field[1], "the place of a field", end, wide))
        names.append(field[0])
        columns.append(builder.value(field[2], depth + 1))
        one = type(columns[-1]) is numpy.ndarray and columns[-1].ndim == 1
        require(one and len(columns[-1]) == len(columns[0]), "fields of different lengths")
        end = offsets[-1] + columns[-1].itemsize
    require(end <= wide and len(set(names)) == len(names), "fields that do not fit")
    sizes = [column.itemsize for column in columns]
    require(wide <= sum(sizes) + 8 * len(sizes), "too wide a record")
    builder.room.take(wide * len(columns[0]), 0)
    formats = [column.dtype for column in columns]
    kind: Any = {"names": names, "formats": formats, "offsets": offsets, "itemsize": wide}
    made: Any = numpy.zeros(len(columns[0]), dtype=numpy.dtype(kind))
    for name, column in zip(names, columns):
        made[name] = column
    return made


def _masked(builder: Any, inner: Any, depth: int) -> Any:
    import numpy

    parts = builder.items(inner, depth)
    require(len(parts) == 3, "no masked array")
    values, mask, fill = parts
    for part in (values, mask):
        require(type(part) is numpy.ndarray and part.dtype.names is None, "no masked array")
    require(mask.dtype.str == "|b1" and mask.shape == values.shape, "no mask")
    require(fill is None or type(fill) in (int, float, str, bool) or _is_scalar(fill), "no fill")
    return numpy.ma.MaskedArray(values, mask=mask, fill_value=fill)


def _is_scalar(value: Any) -> bool:
    import numpy

    return isinstance(value, numpy.generic)


def _numpy(builder: Any, inner: Any, depth: int) -> Any:
    """A scalar of NumPy."""
    import numpy

    require(isinstance(inner, list) and len(inner) == 2, "no scalar")
    kind, value = inner[0], builder.value(inner[1], depth + 1)
    if kind == "str":
        require(type(value) is str, "no word")
        return numpy.str_(value)
    require(type(kind) is str and kind in NUMBERS, "no listed dtype")
    wanted = {"b": bool, "f": float}.get(kind[1], int)
    require(type(value) is wanted, "a scalar of another type")
    return numpy.dtype(kind).type(value)


Tag = Callable[[Any, Any, int], Any]
TAGS: Dict[str, Tag] = {
    "object": lambda builder, inner, depth: builder.object(inner),
    "array": lambda builder, inner, depth: builder.array(inner),
    "float": _float,
    "tuple": lambda builder, inner, depth: tuple(builder.items(inner, depth)),
    "dict": _dict,
    "set": _set,
    "frozenset": lambda builder, inner, depth: frozenset(_set(builder, inner, depth)),
    "bytes": _bytes,
    "slice": _slice,
    "dtype": _dtype,
    "constant": _constant,
    "histogram_check": _histogram_check,
    "named": _named,
    "words": _words,
    "cells": _cells,
    "records": _records,
    "masked": _masked,
    "numpy": _numpy,
}
