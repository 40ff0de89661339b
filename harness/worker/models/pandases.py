"""Frames and columns of pandas, of every type that a column can have."""

from __future__ import annotations

import importlib
from typing import Any, Dict

from ..registry import Absent
from ._frames import CATEGORIES, FRAME, HELD, SERIES, TIMES, ZONED, building, patients
from ._tables import register

DAYS = ["2024-02-28", "2024-02-29", None, "2024-10-27"]
WORDS = ["low", "high", None, "low", "middle"]


def _times(pd: Any, zone: Any = None) -> Any:
    times = pd.Series(pd.to_datetime(DAYS), name="day")
    return times if zone is None else times.dt.tz_localize(zone)


def _units(pd: Any) -> Any:
    if int(pd.__version__.split(".")[0]) < 2:
        raise Absent("this pandas has nanoseconds alone")
    return _times(pd).astype("datetime64[s]")


def _zone_of(pd: Any, module: str, name: str) -> Any:
    return _times(pd, getattr(importlib.import_module(module), name)("Europe/Zurich"))


def _typed(pd: Any, values: Any, dtype: str) -> Any:
    """A column of `dtype`, which this pandas may not know."""
    return pd.Series(values, dtype=dtype, name="column")


def _ordered(pd: Any) -> Any:
    kinds = pd.CategoricalDtype(["low", "middle", "high"], ordered=True)
    return pd.Series(WORDS, dtype=kinds, name="level")


def _intervals(pd: Any) -> Any:
    return pd.Series(pd.interval_range(0.0, 2.0, periods=4, closed="left"), name="bin")


def _periods(pd: Any) -> Any:
    return pd.Series(pd.period_range("2023-11", periods=4, freq="M"), name="month")


def _spans(pd: Any) -> Any:
    return pd.Series(pd.to_timedelta(["1 days 02:03:04", None, "-5ms"]), name="span")


def _sparse(pd: Any) -> Any:
    return pd.Series(pd.arrays.SparseArray([0.0, 0.0, 1.5, 0.0, -2.0], fill_value=0.0), name="few")


def _sparse_frame(pd: Any) -> Any:
    few = pd.DataFrame({"a": [0, 0, 3], "b": [1, 0, 0]})
    return few.astype(pd.SparseDtype("int64", 0))


def _many_types(pd: Any) -> Any:
    frame = patients(pd)
    frame["level"] = pd.Categorical(["low", "high", "low", None, "high", "low"])
    frame["seen"] = pd.date_range("2024-01-30", periods=6, tz="UTC").values
    frame["count"] = pd.array([1, None, 3, 4, None, 6], dtype="Int64")
    return frame


def _levels(pd: Any) -> Any:
    frame = patients(pd)[["age", "bmi"]]
    pairs = [(year, half) for year in (2023, 2024, 2025) for half in ("a", "b")]
    frame.index = pd.MultiIndex.from_tuples(pairs, names=["year", "half"])
    return frame


def _wide(pd: Any) -> Any:
    return _levels(pd).unstack("half")


def _twice(pd: Any) -> Any:
    frame = patients(pd)[["age", "bmi"]]
    return pd.concat([frame, frame * 2], axis=1)


def _noted(pd: Any) -> Any:
    frame = patients(pd)
    frame.attrs["source"] = {"ward": 7}
    return frame


def _unrepeatable(pd: Any) -> Any:
    return patients(pd).set_flags(allows_duplicate_labels=False)


def _dated(pd: Any) -> Any:
    frame = patients(pd)[["age"]].copy()
    frame.index = pd.date_range("2024-01-31", periods=6, freq="D", name="day")
    return frame


def _grouped(pd: Any) -> Any:
    return patients(pd).groupby("smokes")[["age", "bmi"]].agg(["mean", "max"])


def _grouping(pd: Any) -> Any:
    return patients(pd).groupby("smokes")["age"]


def _view(pd: Any) -> Any:
    return patients(pd).iloc[::2, 1:]


def _nested(pd: Any) -> Any:
    return pd.Series([[1, 2], {"a": 3}, None, (4, "five")], name="held")


def _strings_of_frame(pd: Any, dtype: str) -> Any:
    return patients(pd).astype({"city": dtype})


TABLE: Dict[str, Any] = {
    "frame": (FRAME, "numbers, truths and words", patients),
    "frame-numbers": (FRAME, "numbers alone, rows by number", lambda pd: _numbers(pd)),
    "frame-types": (FRAME, "seven types of columns", _many_types),
    "frame-string": (FRAME, "words as `string`", lambda pd: _strings_of_frame(pd, "string")),
    "frame-levels": (FRAME, "two levels of rows", _levels),
    "frame-wide": (FRAME, "two levels of columns", _wide),
    "frame-twice": (FRAME, "columns of one name", _twice),
    "frame-dated": (FRAME, "a row for each day", _dated),
    "frame-grouped": (FRAME, "aggregated by groups", _grouped),
    "frame-sparse": (FRAME, "mostly zeros", _sparse_frame),
    "frame-view": (FRAME, "some rows and columns of another", _view),
    "frame-empty": (FRAME, "no rows", lambda pd: patients(pd).iloc[:0]),
    "frame-nothing": (FRAME, "neither rows nor columns", lambda pd: pd.DataFrame()),
    "frame-notes": (dict(FRAME, notes=lambda f: repr(f.attrs)), "with notes of its own", _noted),
    "frame-flags": (
        dict(FRAME, flag=lambda frame: frame.flags.allows_duplicate_labels),
        *("labels that must not repeat", _unrepeatable),
    ),
    "grouping": (
        {"sums": lambda grouping: grouping.sum().tolist(), "groups": lambda g: sorted(g.indices)},
        *("groups, not yet aggregated", _grouping),
    ),
    "floats": (SERIES, "doubles, one missing", lambda pd: patients(pd)["bmi"]),
    "integers": (SERIES, "integers", lambda pd: patients(pd)["age"]),
    "objects": (HELD, "lists and dictionaries", _nested),
    "words": (SERIES, "words, as this pandas keeps them", lambda pd: patients(pd)["city"]),
    "words-object": (SERIES, "words as objects", lambda pd: _typed(pd, WORDS, "object")),
    "words-string": (SERIES, "words as `string`", lambda pd: _typed(pd, WORDS, "string")),
    "words-python": (SERIES, "`string[python]`", lambda pd: _typed(pd, WORDS, "string[python]")),
    "words-pyarrow": (SERIES, "`string[pyarrow]`", lambda pd: _typed(pd, WORDS, "string[pyarrow]")),
    "words-str": (SERIES, "words as pandas 3 keeps them", lambda pd: _str(pd)),
    "categories": (CATEGORIES, "categories", lambda pd: _typed(pd, WORDS, "category")),
    "categories-ordered": (CATEGORIES, "categories in an order", _ordered),
    "categories-numbers": (CATEGORIES, "of numbers", lambda pd: _typed(pd, [3, 1, 3], "category")),
    "nullable-integers": (SERIES, "`Int64`", lambda pd: _typed(pd, [1, None, 2**60], "Int64")),
    "nullable-small": (SERIES, "`UInt8`", lambda pd: _typed(pd, [1, None, 255], "UInt8")),
    "nullable-truths": (SERIES, "`boolean`", lambda pd: _typed(pd, [True, None, False], "boolean")),
    "nullable-floats": (SERIES, "`Float64`", lambda pd: _typed(pd, [0.1, None, -2.5], "Float64")),
    "arrow-integers": (
        *(SERIES, "integers kept by Arrow"),
        lambda pd: _typed(pd, [1, None, 3], "int64[pyarrow]"),
    ),
    "times": (TIMES, "days, one missing", _times),
    "times-seconds": (TIMES, "the same in seconds", _units),
    "times-utc": (ZONED, "in UTC", lambda pd: _times(pd, "UTC")),
    "times-zone": (ZONED, "in a zone by its name", lambda pd: _times(pd, "Europe/Zurich")),
    "times-offset": (ZONED, "at a fixed offset", lambda pd: _fixed(pd)),
    "times-pytz": (ZONED, "in a zone of pytz", lambda pd: _zone_of(pd, "pytz", "timezone")),
    "times-dateutil": (
        ZONED,
        "in one of dateutil",
        lambda pd: _of_dateutil(pd),
    ),
    "times-zoneinfo": (ZONED, "in one of Python", lambda pd: _zone_of(pd, "zoneinfo", "ZoneInfo")),
    "spans": (SERIES, "spans of time", _spans),
    "periods": (SERIES, "months", _periods),
    "intervals": (SERIES, "intervals", _intervals),
    "sparse": (SERIES, "mostly zeros", _sparse),
}


def _numbers(pd: Any) -> Any:
    return pd.DataFrame([[0.5, 1.5], [-2.25, 1e9], [0.1, 3.0]], columns=["a", "b"])


def _str(pd: Any) -> Any:
    if int(pd.__version__.split(".")[0]) < 3:
        raise Absent("this pandas keeps words as objects")
    return pd.Series(WORDS, dtype="str", name="column")


def _of_dateutil(pd: Any) -> Any:
    return _times(pd, importlib.import_module("dateutil.tz").tzutc())


def _fixed(pd: Any) -> Any:
    times = importlib.import_module("datetime")
    return _times(pd, times.timezone(times.timedelta(hours=5, minutes=45)))


for _name, (_asks, _summary, _make) in TABLE.items():
    register("pandas." + _name, _summary, building(_make), _asks, __name__)
