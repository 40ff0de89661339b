"""What a part or an attribute has to be; each raises Refused in words where it is not."""

from __future__ import annotations

from typing import Any, Optional, Sequence

from .limits import COLUMNS, Refused


def require(holds: Any, what: str) -> None:
    """Raise Refused with these words unless it holds."""
    if not holds:
        raise Refused(what)


def number(value: Any, what: str) -> Any:
    """A plain int or float."""
    require(type(value) in (int, float), "%s is no number" % what)
    return value


def whole(value: Any, what: str, low: int, high: int) -> int:
    """An integer, of Python or NumPy, from `low` to `high`."""
    import numpy

    plain = type(value) is int or isinstance(value, numpy.integer)
    require(
        plain and low <= value <= high, "%s is no whole number from %d to %d" % (what, low, high)
    )
    return int(value)


def array(
    value: Any, what: str, dtype: str, shape: Sequence[Optional[int]], order: str = ""
) -> Any:
    """A NumPy array of exactly that dtype and shape, where None stands for any length."""
    import numpy

    require(type(value) is numpy.ndarray, "%s is no array" % what)
    require(value.dtype.str == dtype, "%s is an array of %s, not %s" % (what, value.dtype, dtype))
    fits = value.ndim == len(shape) and all(
        wanted is None or wanted == length for wanted, length in zip(shape, value.shape)
    )
    require(fits, "%s has the shape %s" % (what, value.shape))
    require(order != "C" or value.flags.c_contiguous, "%s is not in C order" % what)
    return value


def between(values: Any, what: str, low: int, high: int) -> None:
    """Every element of an array from `low` up to and without `high`."""
    inside = values.size == 0 or (values.min() >= low and values.max() < high)
    require(inside, "%s goes beyond %d to %d" % (what, low, high - 1))


def held(owner: Any, name: str) -> Any:
    """The instance's own attribute of that name."""
    require(name in vars(owner), "%s has no %s" % (type(owner).__name__, name))
    return vars(owner)[name]


def columns(owner: Any) -> int:
    """How many columns the rows have that it is asked about; what C code relies on."""
    return whole(held(owner, "n_features_in_"), "n_features_in_", 1, COLUMNS)
