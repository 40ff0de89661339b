"""Numbers as JSON values and words, and back, so that every bit is the same again.

Finite floats are written in the fewest digits that give the same float again; the others as
`"inf"`, `"-inf"` and `"nan"`; a nan with other bits than the usual one as `"nan:"` and its bits.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, List

from .expect import require

USUAL = {2: "7e00", 4: "7fc00000", 8: "7ff8000000000000"}  # the bits of the usual nan


def listed(array: Any) -> List[Any]:
    """The elements in C order: bool, int, float, or a word for a float that JSON lacks."""
    import numpy

    flat = array.ravel(order="C")
    if array.dtype.kind != "f":
        return flat.tolist()  # type: ignore[no-any-return]
    values = flat.tolist() if array.itemsize == 8 else _short(flat)
    for place in numpy.flatnonzero(~numpy.isfinite(flat)):
        values[place] = _word(flat[place])
    return values


def _short(flat: Any) -> List[Any]:
    """Floats of 16 or 32 bits in their own few digits, where these lead back to them."""
    import numpy

    short = [float(str(value)) for value in flat]
    again = numpy.array(short, dtype=flat.dtype)
    return short if again.tobytes() == flat.tobytes() else flat.tolist()


def _word(value: Any) -> str:
    if value != value:
        bits = value.tobytes()[::-1].hex()
        return "nan" if bits == USUAL[len(bits) // 2] else "nan:" + bits
    return "inf" if value > 0 else "-inf"


def numbers(values: List[Any], dtype: str) -> Any:
    """A flat array of what `listed` gives."""
    import numpy

    kind = numpy.dtype(dtype)
    if kind.kind != "f":
        wanted = bool if kind.kind == "b" else int
        require(all(type(value) is wanted for value in values), "an element of another type")
        require(_fits(values, kind), "an integer that does not fit")
        return numpy.array(values, dtype=kind)
    odd = [place for place, value in enumerate(values) if type(value) is str]
    plain = list(values)
    for place in odd:
        plain[place] = 0.0
    require(all(type(value) is float for value in plain), "an element of another type")
    made = numpy.array(plain, dtype=kind)
    for place in odd:
        made[place : place + 1] = _unusual(values[place], kind)
    return made


def _fits(values: List[Any], kind: Any) -> bool:
    import numpy

    if kind.kind == "b" or not values:
        return True
    limits = numpy.iinfo(kind)
    return bool(min(values) >= limits.min and max(values) <= limits.max)


def _unusual(word: str, kind: Any) -> Any:
    import numpy

    signs = {"inf": "inf", "-inf": "-inf", "nan": "nan"}
    if word in signs:
        return numpy.array([float(word)], dtype=kind)
    bits = word[4:]
    good = word[:4] == "nan:" and len(bits) == 2 * kind.itemsize
    require(good and set(bits) <= set("0123456789abcdef"), "no number: %.30r" % word)
    return numpy.frombuffer(bytes.fromhex(bits)[::-1], dtype=kind)


def rows(values: List[str], width: int) -> str:
    """Words in lines of `width`."""
    lines = (" ".join(values[at : at + width]) for at in range(0, len(values), max(width, 1)))
    return "".join(chain.from_iterable((line, "\n") for line in lines))
