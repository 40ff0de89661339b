"""What frames, columns and indexes are asked, and small tables to make them of; no models here."""

from __future__ import annotations

import re
from typing import Any, Callable, List

from ..registry import Absent, Asks


def _texts(column: Any) -> List[str]:
    """Each value as text, at full precision: missing ones by the name of what stands for them."""
    return [str(value) for value in column.tolist()]


def _columns(frame: Any) -> List[Any]:
    return [frame.iloc[:, place] for place in range(frame.shape[1])]


def _kinds(dtypes: Any) -> List[str]:
    return [kind(dtype) for dtype in dtypes]


def kind(dtype: Any) -> str:
    """The type's name, without an address and without the side on which intervals are closed."""
    name = str(getattr(dtype, "subtype", dtype)) if "interval" in str(dtype) else str(dtype)
    return re.sub(r" at 0x\w+", "", name)


def _index(index: Any) -> Any:
    return [str(value) for value in index.tolist()] + [str(name) for name in index.names]


def _sums(frame: Any) -> Any:
    numbers = frame.select_dtypes("number")
    return [float(sum(column.dropna().tolist())) for column in _columns(numbers)]


INDEX: Asks = {
    "values": _texts,
    "dtype": lambda index: kind(index.dtype),
    "names": lambda index: [str(name) for name in index.names],
    "place": lambda index: int(index.get_indexer([index[1]])[0]),
    "unique": lambda index: bool(index.is_unique),
    "joined": lambda index: _texts(index[:1].append(index[1:])),
}
SERIES: Asks = {
    "values": _texts,
    "dtype": lambda series: kind(series.dtype),
    "name": lambda series: str(series.name),
    "index": lambda series: _index(series.index),
    "missing": lambda series: [bool(value) for value in series.isna()],
    "unique": lambda series: len(series.unique()),
    "changed": lambda series: _texts(series.iloc[::-1].reset_index(drop=True)),
    "equal": lambda series: bool(series.equals(series.copy())),
}
FRAME: Asks = {
    "values": lambda frame: [str(_texts(column)) for column in _columns(frame)],
    "dtypes": lambda frame: _kinds(frame.dtypes),
    "index": lambda frame: _index(frame.index),
    "columns": lambda frame: _index(frame.columns),
    "missing": lambda frame: frame.isna().values,
    "sums": _sums,
    "changed": lambda frame: [str(_texts(c)) for c in _columns(frame.iloc[::-1].reset_index())],
    "equal": lambda frame: bool(frame.equals(frame.copy())),
}
HELD: Asks = {name: ask for name, ask in SERIES.items() if name != "unique"}  # lists have no hash
CATEGORIES: Asks = dict(
    SERIES,
    codes=lambda series: series.cat.codes.tolist(),
    categories=lambda series: _texts(series.cat.categories),
    ordered=lambda series: bool(series.cat.ordered),
)
TIMES: Asks = dict(
    SERIES,
    years=lambda series: [str(year) for year in series.dt.year.tolist()],
    counts=lambda series: series.dropna().astype("int64").tolist(),
)
ZONED: Asks = dict(
    TIMES,
    offsets=lambda series: [str(moment.utcoffset()) for moment in series.dropna()],
    zone=lambda series: str(series.dt.tz),
)


def building(make: Callable[[Any], Any]) -> Callable[[], Any]:
    """A recipe of what `make` makes with the module pandas, of what this pandas has."""

    def build() -> Any:
        try:
            import pandas

            return make(pandas)
        except (AttributeError, ImportError, TypeError) as error:
            raise Absent("this environment does not have it: %s" % error)

    return build


def patients(pd: Any) -> Any:
    """A small table of numbers, words and truths, some of it missing."""
    return pd.DataFrame(
        {
            "age": [34, 71, 22, 50, 43, 65],
            "bmi": [21.5, 30.25, 0.1 + 18.6, float("nan"), 27.0, 24.75],
            "smokes": [True, False, False, True, False, True],
            "city": ["Bern", "Genève", None, "Basel", "Bern", "Zürich"],
        },
        index=["p1", "p2", "p3", "p4", "p5", "p6"],
    )
