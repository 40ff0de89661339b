"""reference x answer -> verdict. Pure: arrays in, a Comparison out.

Answers are described by the worker's `answers.py`: a spec, and raw bytes in its order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.records import IDENTICAL, Answer, Comparison, Json, Tolerance, Verdict

Array = npt.NDArray[Any]
ROUNDING = 64  # units of eps that sums in another order may differ by, relative to the array
SEVERITY = list(Verdict)
DEFAULT = Tolerance(1e-9, "other builds of numpy and scipy add in another order")


def compare(reference: Answer, answer: Answer, tolerance: Tolerance = DEFAULT) -> Comparison:
    """How `answer` differs from `reference`; NaN equals NaN, -0.0 equals 0.0."""
    if reference == answer:
        return IDENTICAL
    return _nodes(
        reference.spec, _Bytes(reference.data), answer.spec, _Bytes(answer.data), tolerance
    )


def values_only(answer: Answer) -> Answer:
    """The answer without its container: for a format whose scorer has types of its own.

    Floats become float64, integers int64, texts objects; a sparse matrix dense; axes of length 1
    go. Anything else stays as it is.
    """
    array = _dense(answer)
    if array is None:
        return answer
    kind = {"f": "<f8", "i": "<i8", "u": "<i8", "b": "<i8"}.get(array.dtype.kind, "<U")
    plain = np.squeeze(array.astype(kind))
    spec = {"k": "array", "dtype": plain.dtype.str, "shape": list(plain.shape), "n": plain.nbytes}
    return Answer(spec, plain.tobytes())


def plain(before: Answer, after: Answer) -> tuple[Answer, Answer]:
    """Both without their containers; numbers as floats where one side has them as integers."""
    pair = values_only(before), values_only(after)
    kinds = {str(answer.spec.get("dtype", ""))[1:2] for answer in pair}
    return (_as_float(pair[0]), _as_float(pair[1])) if kinds == {"f", "i"} else pair


def _as_float(answer: Answer) -> Answer:
    array = _Bytes(answer.data).array(answer.spec).astype("<f8")
    return Answer({**answer.spec, "dtype": "<f8", "n": array.nbytes}, array.tobytes())


def _dense(answer: Answer) -> Array | None:
    """Numbers or texts as one array; None where an answer is neither."""
    source = _Bytes(answer.data)
    match answer.spec["k"]:
        case "array" if np.dtype(answer.spec["dtype"]).kind in "fiubU":
            return source.array(answer.spec)
        case "sparse":
            rows, columns, values = _sparse(answer.spec, source)
            full = np.zeros(answer.spec["shape"], dtype=values.dtype)
            full[rows, columns] = values
            return full
        case "objects":
            values = json.loads(source.take(answer.spec["n"]))
            if all(isinstance(value, str) for value in values):
                return np.asarray(values, dtype=str).reshape(answer.spec["shape"])
    return None


def worst(comparisons: Sequence[Comparison]) -> Comparison:
    """One comparison for several: the worst verdict, the largest differences."""
    return reduce(_worse, comparisons, IDENTICAL)


def _worse(a: Comparison, b: Comparison) -> Comparison:
    top = max(a, b, key=lambda c: (SEVERITY.index(c.verdict), c.max_abs_diff, c.changed))
    return Comparison(
        top.verdict,
        max(a.max_abs_diff, b.max_abs_diff),
        max(a.max_ulp, b.max_ulp),
        a.changed + b.changed,
        top.worst_row,
        top.note,
    )


class _Bytes:
    """Raw bytes taken from the front, as the spec goes through them."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, length: int) -> bytes:
        part = self.data[self.at : self.at + length]
        if len(part) != length:
            raise ValueError(f"an answer ends {length - len(part)} bytes too early")
        self.at += length
        return part

    def array(self, spec: Json) -> Array:
        flat = np.frombuffer(self.take(spec["n"]), dtype=np.dtype(spec["dtype"]))
        return flat.reshape(spec["shape"])


def _nodes(left: Json, lb: _Bytes, right: Json, rb: _Bytes, tolerance: Tolerance) -> Comparison:
    """Each side takes its own bytes first, so that what follows is read where it stands."""
    lb, rb = _Bytes(lb.take(_length(left))), _Bytes(rb.take(_length(right)))
    if left["k"] != right["k"]:
        return _changed(f"{right['k']} instead of {left['k']}")
    match left["k"]:
        case "array":
            return arrays(lb.array(left), rb.array(right), tolerance)
        case "sparse":
            a, b = (_sparse(spec, source) for spec, source in ((left, lb), (right, rb)))
            return _sparse_pair(left["shape"], a, right["shape"], b, tolerance)
        case "list":
            return _lists(left["parts"], lb, right["parts"], rb, tolerance)
        case "objects":
            a, b = (json.loads(source.take(s["n"])) for s, source in ((left, lb), (right, rb)))
            return _objects(left["shape"], a, right["shape"], b, tolerance)
        case _:
            same = left == right
            return IDENTICAL if same else _changed(f"{right['type']} instead of {left['type']}")


def _length(spec: Json) -> int:
    """Bytes that a spec describes."""
    return sum(map(_length, spec["parts"])) if "parts" in spec else spec.get("n", 0)


def _changed(note: str, count: int = 1) -> Comparison:
    return Comparison(Verdict.CHANGED, changed=count, note=note)


def arrays(
    a: Array, b: Array, tolerance: Tolerance = DEFAULT, column: Array | None = None
) -> Comparison:
    """Two arrays, `a` being the reference. Shapes and dtypes must be equal; texts may be wider.

    `column` is the largest value of each element's column, where the axes do not tell it.
    """
    if a.shape != b.shape:
        return _changed(f"shape {_shape(b)} instead of {_shape(a)}", max(a.size, b.size))
    if a.dtype != b.dtype and not (a.dtype.kind == b.dtype.kind and a.dtype.kind in "US"):
        inner = _values(a, b, tolerance, column) if _numeric(a) and _numeric(b) else IDENTICAL
        note = f"dtype {b.dtype} instead of {a.dtype}"
        return Comparison(
            Verdict.CHANGED, inner.max_abs_diff, 0, inner.changed, inner.worst_row, note
        )
    return _values(a, b, tolerance, column)


def _numeric(a: Array) -> bool:
    return a.dtype.kind in "fiub"


def _shape(a: Array) -> str:
    return "x".join(map(str, a.shape)) or "scalar"


def _values(a: Array, b: Array, tolerance: Tolerance, column: Array | None) -> Comparison:
    if a.dtype.kind == "c":
        parts = [(a.real, b.real), (a.imag, b.imag)]
        return worst([_floats(x, y, tolerance) for x, y in parts])
    if a.dtype.kind == "f" and b.dtype.kind == "f":
        return _floats(a, b, tolerance, column)
    return _exact(a, b)


def _exact(a: Array, b: Array) -> Comparison:
    different = np.atleast_1d(a != b)
    if not different.any():
        return IDENTICAL
    first = np.argwhere(different)[0]
    diff = 0.0
    if _numeric(a) and _numeric(b):
        x, y = a.astype(np.float64), b.astype(np.float64)
        both = np.isfinite(x) & np.isfinite(y)
        diff = float(np.abs(np.where(both, x, 0) - np.where(both, y, 0)).max())
    place = tuple(int(i) for i in first)
    note = f"{np.atleast_1d(b)[place]!s} instead of {np.atleast_1d(a)[place]!s}"
    return Comparison(
        Verdict.CHANGED, diff, changed=int(different.sum()), worst_row=place[0], note=note
    )


def _floats(a: Array, b: Array, tolerance: Tolerance, column: Array | None = None) -> Comparison:
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if same.all():
        return IDENTICAL
    finite = np.isfinite(a) & np.isfinite(b)
    odd = ~same & ~finite
    with np.errstate(over="ignore"):
        diff = np.abs(np.where(finite, b, 0).astype(np.longdouble) - np.where(finite, a, 0))
    diff = np.minimum(diff, np.finfo(np.float64).max).astype(np.float64)
    beyond = diff > _room(a, tolerance, column)
    place = _place(odd, np.where(beyond, diff, 0) if beyond.any() else diff)
    ulp = _ulp(a[finite & ~same], b[finite & ~same]) if a.dtype == b.dtype else 0
    if not odd.any() and not beyond.any():
        return Comparison(Verdict.CLOSE, float(diff.max()), ulp, 0, place[0])
    note = f"{float(b[place])!r} instead of {float(a[place])!r}"
    return Comparison(Verdict.DRIFT, float(diff.max()), ulp, int(odd.sum()), place[0], note)


def _place(odd: Array, diff: Array) -> tuple[int, ...]:
    """Where the worst element is: not finite before far away."""
    ranked = np.where(odd, np.inf, diff) if odd.any() else diff
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(ranked)), diff.shape))


def _size(a: Array) -> Array:
    """Absolute values, 0 for what is not finite."""
    finite: Array = np.abs(np.where(np.isfinite(a), a, 0)).astype(np.float64)
    return finite


def _room(reference: Array, tolerance: Tolerance, column: Array | None) -> Array:
    """How far each element may be: relative to its column, and rounding relative to the array."""
    size = _size(reference)
    if column is None:
        column = size.max(axis=0) if size.ndim > 1 else size.max()
    rounding: float = ROUNDING * float(np.finfo(reference.dtype).eps) * float(size.max() or 1.0)
    return np.asarray(tolerance.rtol * column + rounding)


def _ulp(a: Array, b: Array) -> int:
    """Largest distance in representable numbers between a and b, of one dtype; 0 if it is exotic.

    The bits of IEEE 754 numbers, read as integers with the sign folded, stand in the order of the
    numbers (Dawson, Comparing Floating Point Numbers, 2012).
    """
    if a.dtype.itemsize not in (2, 4, 8) or not a.size:
        return 0
    bits = np.dtype(f"<u{a.dtype.itemsize}")
    top = bits.type(1 << (8 * a.dtype.itemsize - 1))

    def order(x: Array) -> Array:
        u = np.ascontiguousarray(x).view(bits)
        return np.asarray(np.where(u & top, ~u + bits.type(1), u | top))

    left, right = order(a), order(b)
    return int(np.where(left > right, left - right, right - left).max())


def _sparse(spec: Json, source: _Bytes) -> tuple[Array, Array, Array]:
    """Rows, columns and values of a canonical CSR matrix."""
    values, columns, starts = (source.array(part) for part in spec["parts"])
    return np.repeat(np.arange(spec["shape"][0]), np.diff(starts)), columns, values


def _sparse_pair(
    left: Sequence[int],
    a: tuple[Array, Array, Array],
    right: Sequence[int],
    b: tuple[Array, Array, Array],
    tolerance: Tolerance,
) -> Comparison:
    """Stored elements on either side, an absent one being zero."""
    if list(left) != list(right):
        return _changed(f"shape {right} instead of {left}")
    width = max(left[-1], 1)
    a_keys, b_keys = (rows * width + columns for rows, columns, _ in (a, b))
    keys = np.union1d(a_keys, b_keys)
    filled = []
    for positions, (_, _, values) in ((a_keys, a), (b_keys, b)):
        full = np.zeros(len(keys), dtype=values.dtype)
        full[np.searchsorted(keys, positions)] = values
        filled.append(full)
    columns = keys % width
    largest = np.zeros(width)
    np.maximum.at(largest, columns, _size(filled[0]))
    found = arrays(filled[0], filled[1], tolerance, largest[columns])
    if found.worst_row is None:
        return found
    row = int(keys[found.worst_row] // width)
    return Comparison(
        found.verdict, found.max_abs_diff, found.max_ulp, found.changed, row, found.note
    )


def _lists(left: Json, lb: _Bytes, right: Json, rb: _Bytes, tolerance: Tolerance) -> Comparison:
    if len(left) != len(right):
        return _changed(f"{len(right)} parts instead of {len(left)}")
    pairs = zip(left, right, strict=True)
    return worst([_nodes(x, lb, y, rb, tolerance) for x, y in pairs])


def _objects(left: Json, a: Json, right: Json, b: Json, tolerance: Tolerance) -> Comparison:
    """Elements of any kind. Numbers within them are numbers, all else must be equal."""
    if left != right:
        return _changed(f"shape {right} instead of {left}", max(len(a), len(b)))
    found = []
    for row, (x, y) in enumerate(zip(a, b, strict=True)):
        comparison = _element(x, y, tolerance)
        if comparison is not IDENTICAL:
            place = row // max(int(np.prod(left[1:])), 1) if left else 0
            found.append(
                Comparison(
                    comparison.verdict,
                    comparison.max_abs_diff,
                    comparison.max_ulp,
                    comparison.changed,
                    place,
                    comparison.note,
                )
            )
    return worst(found)


def _element(x: Json, y: Json, tolerance: Tolerance) -> Comparison:
    if json.dumps(x) == json.dumps(y):  # True is not 1
        return IDENTICAL
    numbers = [_as_floats(x), _as_floats(y)]
    if numbers[0] is not None and numbers[1] is not None:
        return arrays(numbers[0], numbers[1], tolerance)
    if isinstance(x, list) and isinstance(y, list) and len(x) == len(y):
        return worst([_element(p, q, tolerance) for p, q in zip(x, y, strict=True)])
    return _changed(f"{_short(y)} instead of {_short(x)}")


def _as_floats(x: Json) -> Array | None:
    """A float, or an array of floats, as an array; None for anything else."""
    if isinstance(x, dict) and set(x) == {"array", "values"} and x["array"].startswith("float"):
        return np.asarray(_float(x["values"]), dtype=x["array"])
    if isinstance(x, float) or (isinstance(x, dict) and set(x) == {"float"}):
        return np.asarray(_float(x))
    return None


def _float(x: Json) -> Json:
    """Floats, at any depth of lists, from the form that JSON can hold."""
    if isinstance(x, list):
        return [_float(item) for item in x]
    return float(x["float"]) if isinstance(x, dict) else float(x)


def _short(x: Json) -> str:
    text = json.dumps(x)
    return text if len(text) <= 60 else text[:57] + "..."
