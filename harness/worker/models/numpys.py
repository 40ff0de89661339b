"""What numpy keeps numbers in: arrays of every type and layout, scalars, data types, functions."""

from __future__ import annotations

import tempfile
from typing import Any, Callable, Dict

from ..registry import Absent, Asks
from ._tables import register

Make = Callable[[Any], Any]  # takes the module numpy
PLACES = (-1.0, 0.25, 3.0)


def _layout(array: Any) -> Any:
    """Whether rows or columns come first in memory: all of its layout that a pickle keeps."""
    return [bool(array.flags[name]) for name in ("C_CONTIGUOUS", "F_CONTIGUOUS")]


def _bits(array: Any) -> Any:
    """Every bit of it, in C order and the machine's byte order: tolerances end here."""
    return array.astype(array.dtype.newbyteorder("=")).tobytes()


def _means(array: Any) -> Any:
    """What it computes to, which goes through the array's own methods."""
    return [float(array.mean()), float(array.std()), float(array.max()), float(array.min())]


ARRAY: Asks = {
    "values": lambda array: array,
    "dtype": lambda array: repr(array.dtype.descr),
    "type": lambda array: type(array).__name__.replace("memmap", "ndarray"),
}
NUMBERS: Asks = dict(ARRAY, bits=_bits, means=_means)
ORDERED: Asks = dict(NUMBERS, layout=_layout)
FOREIGN: Asks = {"bits": _bits, "means": _means}  # that it comes back in native order is no loss
WIDE: Asks = dict(
    ARRAY, values=lambda array: [str(value) for value in array]
)  # it has unused bytes
TEXTS: Asks = dict(ARRAY, bits=_bits, sorted=lambda array: sorted(array.ravel().tolist()))
TIMES: Asks = dict(
    ARRAY,
    texts=lambda array: array.astype(str).tolist(),
    counts=lambda array: array.astype("i8"),
)
RECORDS: Asks = dict(
    ARRAY,
    fields=lambda array: [repr(array.dtype[name]) for name in array.dtype.names],
    offsets=lambda array: [array.dtype.fields[name][1] for name in array.dtype.names],
    first=lambda array: array[array.dtype.names[0]],
    itemsize=lambda array: array.dtype.itemsize,
)
MASKED: Asks = {
    "filled": lambda array: array.filled(),
    "mask": lambda array: array.mask,
    "data": lambda array: array.data[~array.mask],
    "fill": lambda array: str(array.fill_value),
    "dtype": lambda array: repr(array.dtype.descr),
    "count": lambda array: int(array.count()),
}
SCALAR: Asks = {
    "value": lambda scalar: scalar,
    "dtype": lambda scalar: repr(scalar.dtype.descr),
    "text": str,
}
DTYPE: Asks = {
    "descr": lambda dtype: repr(dtype.descr),
    "size": lambda dtype: [dtype.itemsize, dtype.alignment, dtype.num],
    "kind": lambda dtype: dtype.kind + dtype.byteorder,
    "fields": lambda dtype: repr(dtype.fields),
}
STRINGS: Asks = {"values": ARRAY["values"], "dtype": lambda array: str(array.dtype)}
NOTED: Asks = dict(DTYPE, metadata=lambda dtype: repr(dtype.metadata))
POLYNOMIAL: Asks = {
    "values": lambda polynomial: [polynomial(at) for at in PLACES],
    "derivative": lambda polynomial: [polynomial.deriv()(at) for at in PLACES],
    "product": lambda polynomial: [(polynomial * polynomial)(at) for at in PLACES],
}


def _calling(*given: Any) -> Asks:
    """For a function: what it returns."""
    return {"call": lambda function: function(*given), "name": lambda function: function.__name__}


def _class(given: Any) -> Asks:
    """For a class of scalars: what it makes of a value, and its code."""
    return {"made": lambda cls: cls(given), "code": lambda cls: cls(given).dtype.str}


def _grid(np: Any) -> Any:
    return np.array([[1.5, -2.25, 1e-3], [4.0, 0.1, -7e5], [2.0 / 3.0, 1e100, -1e-100]])


def _special(np: Any) -> Any:
    return np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1.7976931348623157e308])


def _big_endian(np: Any) -> Any:
    return _grid(np).astype(">f8")


def _moments(np: Any, unit: str) -> Any:
    days = np.array(["1969-12-31", "2000-02-29", "NaT", "2038-01-19"], dtype="M8[D]")
    return days.astype("M8[%s]" % unit)


def _structured(np: Any, **layout: Any) -> Any:
    fields = {"names": ["id", "name", "at"], "formats": ["<i4", "<U6", ("<f4", (2,))]}
    rows = [(1, "one", (0.5, 1.5)), (2, "zwei", (-1.0, 8.0)), (3, "", (0.0, 2.0))]
    return np.array(rows, dtype=np.dtype(dict(fields, **layout.pop("more", {})), **layout))


def _nested(np: Any) -> Any:
    inner = np.dtype([("low", "<f8"), ("high", ">f8")])
    return np.array(
        [((0.5, 1.5), b"ab"), ((2.5, 3.5), b"c")], dtype=[("span", inner), ("tag", "S2")]
    )


def _objects(np: Any) -> Any:
    array = np.empty(6, dtype=object)
    array[:] = [None, "text", 1.5, 2**70, (1, "two"), {"key": [1, 2]}]
    return array


def _ragged(np: Any) -> Any:
    array = np.empty(3, dtype=object)
    array[:] = [np.arange(2), np.linspace(0.0, 1.0, 3), np.array(["x", "yz"])]
    return array


def _masked(np: Any) -> Any:
    return np.ma.array(_grid(np), mask=_grid(np) < 0, fill_value=-9.5)


def _masked_records(np: Any) -> Any:
    rows = [(1, 0.5), (2, 1.5)]
    return np.ma.array(rows, mask=[(0, 1), (1, 0)], dtype=[("a", "<i4"), ("b", "<f8")])


def _memmap(np: Any) -> Any:
    with tempfile.TemporaryFile() as file:
        array = np.memmap(file, dtype="<f8", mode="w+", shape=(3, 3))
        array[:] = _grid(np)
    return array


def _chars(np: Any) -> Any:
    return np.char.array(["spam ", "eggs", "ham"])


def _strings(np: Any) -> Any:
    return np.array(["short", "a longer text of any length", ""], dtype=np.dtypes.StringDType())


def _void(np: Any) -> Any:
    return np.array([b"abcd", b"efgh"]).view("V4")


TABLE: Dict[str, Any] = {
    "float64": (ORDERED, "doubles of all sizes", _grid),
    "float32": (NUMBERS, "single precision", lambda np: np.linspace(-1, 1, 7, dtype="<f4")),
    "float16": (NUMBERS, "half precision", lambda np: np.linspace(-1, 1, 7).astype("<f2")),
    "longdouble": (WIDE, "extended precision", lambda np: np.arange(5, dtype="g") / 3),
    "float-special": (ARRAY, "infinities, NaN, zeros of both signs", _special),
    "complex128": (ARRAY, "complex numbers", lambda np: np.arange(4) * (0.5 - 2j)),
    "complex64": (ARRAY, "complex singles", lambda np: (np.arange(4) * 1j).astype("<c8")),
    "clongdouble": (WIDE, "complex, extended", lambda np: np.arange(3, dtype="G") * 1j),
    "int8": (NUMBERS, "small integers", lambda np: np.arange(-128, 128, 17, dtype="i1")),
    "int64": (NUMBERS, "integers to the limits", lambda np: np.array([-(2**63), 0, 2**63 - 1])),
    "uint64": (NUMBERS, "unsigned to the limit", lambda np: np.array([0, 2**64 - 1], "<u8")),
    "bool": (ARRAY, "truths", lambda np: np.arange(9).reshape(3, 3) % 2 == 0),
    "fortran": (ORDERED, "columns first in memory", lambda np: np.asfortranarray(_grid(np))),
    "big-endian": (FOREIGN, "the other byte order", _big_endian),
    "view": (NUMBERS, "every second row of a larger array", lambda np: _grid(np)[::2]),
    "reversed": (NUMBERS, "a view with negative strides", lambda np: _grid(np)[::-1, ::-1]),
    "broadcast": (NUMBERS, "one row seen twice", lambda np: np.broadcast_to(_grid(np)[0], (2, 3))),
    "zero-d": (NUMBERS, "an array of no dimensions", lambda np: np.array(2.5)),
    "empty": (ARRAY, "no rows, three columns", lambda np: np.empty((0, 3))),
    "many-dims": (ORDERED, "seven dimensions", lambda np: np.arange(128.0).reshape((2,) * 7)),
    "unicode": (TEXTS, "texts of fixed width", lambda np: np.array(["a", "äöü", "日本", "🙂"])),
    "bytes": (TEXTS, "bytes of fixed width", lambda np: np.array([b"a", b"\xff\x01", b""])),
    "void": (ARRAY, "raw bytes without a meaning", _void),
    "strings": (STRINGS, "texts of any length, a type of numpy 2", _strings),
    "datetime-days": (TIMES, "days, one missing", lambda np: _moments(np, "D")),
    "datetime-ns": (TIMES, "nanoseconds, one missing", lambda np: _moments(np, "ns")),
    "datetime-odd": (TIMES, "units of 25 seconds", lambda np: _moments(np, "25s")),
    "timedelta": (TIMES, "spans of time", lambda np: np.array([1, -7, "NaT"], dtype="m8[h]")),
    "structured": (RECORDS, "fields of three types", _structured),
    "structured-aligned": (RECORDS, "the same, padded", lambda np: _structured(np, align=True)),
    "structured-offsets": (
        *(RECORDS, "the same, at places of their own"),
        lambda np: _structured(np, more={"offsets": [0, 8, 40], "itemsize": 64}),
    ),
    "structured-titles": (
        *(RECORDS, "the same, with titles"),
        lambda np: _structured(np, more={"titles": ["the id", "the name", "the place"]}),
    ),
    "structured-nested": (ARRAY, "fields within a field", _nested),
    "recarray": (RECORDS, "fields as attributes", lambda np: _structured(np).view(np.recarray)),
    "objects": (ARRAY, "objects of Python", _objects),
    "ragged": (ARRAY, "arrays within an array", _ragged),
    "masked": (MASKED, "some values masked", _masked),
    "masked-records": (
        {"filled": lambda a: a.filled(), "mask": lambda a: a.mask},
        *("a mask for each field", _masked_records),
    ),
    "masked-constant": (
        {"same": lambda masked: masked is __import__("numpy").ma.masked},
        *("the constant `masked` itself", lambda np: np.ma.masked),
    ),
    "matrix": (
        NUMBERS,
        "the old class of matrices",
        lambda np: np.matrix([[1.0, 2.0], [3.0, 4.0]]),
    ),
    "memmap": (FOREIGN, "an array that lies in a file", _memmap),
    "chararray": (TEXTS, "the old class of texts", _chars),
    "poly1d": (POLYNOMIAL, "the old class of polynomials", lambda np: np.poly1d([2.0, -1.0, 0.5])),
    "polynomial": (
        *(POLYNOMIAL, "a polynomial with a domain"),
        lambda np: np.polynomial.Polynomial([1.0, -2.0, 0.5], domain=[0.0, 4.0]),
    ),
    "chebyshev": (
        *(POLYNOMIAL, "a series of Chebyshev"),
        lambda np: np.polynomial.Chebyshev([0.5, 1.0, -0.25]),
    ),
    "scalar-float64": (SCALAR, "a number of numpy", lambda np: np.float64(0.1)),
    "scalar-longdouble": ({"text": str}, "an extended number", lambda np: np.longdouble(1) / 3),
    "scalar-bool": (SCALAR, "a truth of numpy", lambda np: np.bool_(True)),
    "scalar-str": (SCALAR, "a text of numpy", lambda np: np.str_("äöü")),
    "scalar-datetime": (SCALAR, "a day", lambda np: np.datetime64("2000-02-29")),
    "scalar-void": (
        {"value": lambda scalar: scalar, "dtype": SCALAR["dtype"]},
        *("a row of fields", lambda np: _structured(np)[1]),
    ),
    "scalar-record": (
        {"name": lambda record: record.name, "row": lambda record: repr(record.item())},
        *("a row of a recarray", lambda np: _structured(np).view(np.recarray)[1]),
    ),
    "dtype-float": (DTYPE, "a type of the other byte order", lambda np: np.dtype(">f8")),
    "dtype-datetime": (DTYPE, "a type with a unit", lambda np: np.dtype("M8[25s]")),
    "dtype-structured": (DTYPE, "a type with fields", lambda np: _structured(np).dtype),
    "dtype-metadata": (NOTED, "a type with notes", lambda np: np.dtype("f8", metadata={"u": "m"})),
    "dtype-subarray": (DTYPE, "a type of two by three", lambda np: np.dtype(("<i2", (2, 3)))),
    "class-float64": (_class(1.5), "a class of scalars", lambda np: np.float64),
    "class-bool": (_class(True), "the class of truths", lambda np: np.bool_),
    "class-int": (_class(7), "the class of default integers", lambda np: np.int_),
    "class-longlong": (_class(7), "the class of the longest integers", lambda np: np.longlong),
    "class-str": (_class("text"), "the class of texts", lambda np: np.str_),
    "ufunc": (_calling([0.5, 2.0]), "a universal function", lambda np: np.arctan),
    "ufunc-method": (_calling([1.0, 2.5]), "a method of one", lambda np: np.add.reduce),
    "function": (_calling([1.0, 2.0, 4.0]), "a function of numpy", lambda np: np.median),
    "function-linalg": (_calling([3.0, 4.0]), "of its linear algebra", lambda np: np.linalg.norm),
    "vectorize": (
        {"call": lambda function: function([1, 2, 3], 2)},
        *("a function made to take arrays", lambda np: np.vectorize(pow, otypes=["f8"])),
    ),
    "error": (
        {"text": str, "type": lambda error: type(error).__name__},
        *("an error of linear algebra", lambda np: np.linalg.LinAlgError("singular")),
    ),
    "axis-error": (
        {"text": str, "axis": lambda error: [error.axis, error.ndim]},
        *("an error that moved to another module", lambda np: _raised(np)),
    ),
    "shared": (
        {"same": lambda pair: pair[0] is pair[1], "values": lambda pair: pair[0]},
        *("one array twice in a list", lambda np: [_grid(np)] * 2),
    ),
    "dict": (
        {"keys": lambda held: sorted(held), "values": lambda held: [held[k] for k in sorted(held)]},
        *("arrays by name", lambda np: {"weights": _grid(np), "bias": np.arange(3)}),
    ),
}


def _raised(np: Any) -> Any:
    """The error of an axis that is not there; which class it is, numpy decides."""
    try:
        np.sum([1.0], axis=3)
    except ValueError as error:
        return error
    raise Absent("this numpy takes any axis")


def _building(make: Make) -> Callable[[], Any]:
    def build() -> Any:
        import numpy

        try:
            return make(numpy)
        except AttributeError as error:
            raise Absent("this numpy does not have it: %s" % error)

    return build


for _name, (_asks, _summary, _make) in TABLE.items():
    register("numpy." + _name, _summary, _building(_make), _asks, __name__)
