"""Indexes, scalars, types, arrays and offsets of pandas; estimators fitted on its frames."""

from __future__ import annotations

from typing import Any, Dict

from ..registry import Asks
from ._frames import INDEX, building, kind, patients
from ._tables import register

SCALAR: Asks = {"text": str, "type": lambda scalar: type(scalar).__name__}
SPAN: Asks = {"value": lambda span: span.value, "parts": lambda span: list(span.components)}
MOMENT: Asks = dict(SCALAR, value=lambda moment: moment.value, zone=lambda m: str(m.tz))
DATED: Asks = dict(
    INDEX,
    step=lambda index: [type(index.freq).__name__, index.freq.n],
    shifted=lambda i: str(i[0] + i.freq),
)
LEVELS: Asks = {
    "values": lambda index: [str(value) for value in index.tolist()],
    "names": lambda index: [str(name) for name in index.names],
    "levels": lambda index: [str(level.tolist()) for level in index.levels],
    "codes": lambda index: [list(map(int, codes)) for codes in index.codes],
    "place": lambda index: int(index.get_loc(index[1])),
}
ARRAY: Asks = {
    "values": lambda array: [str(value) for value in array],
    "dtype": lambda array: kind(array.dtype),
    "missing": lambda array: array.isna(),
}
DTYPE: Asks = {"text": str, "name": lambda dtype: dtype.name}
KINDS: Asks = dict(
    DTYPE, categories=lambda dtype: dtype.categories.tolist(), ordered=lambda dtype: dtype.ordered
)


def _steps(offset: Any) -> Any:
    """Where the offset leads, forwards and back, from a Friday at the end of a month."""
    import pandas

    start = pandas.Timestamp("2024-05-31 10:00")
    return [str(start + offset), str(start - offset), str(start + 3 * offset)]


OFFSET: Asks = {"steps": _steps, "type": SCALAR["type"]}


def _frame_of_numbers() -> Any:
    import pandas

    frame = patients(pandas)[["age", "bmi"]]
    return frame.fillna(25.0)


def _frame_of_all() -> Any:
    import pandas

    frame = patients(pandas)
    frame["city"] = frame["city"].fillna("nowhere")
    return frame.fillna({"bmi": 25.0})


NUMBERS: Asks = {
    "names": lambda model: [str(name) for name in model.feature_names_in_],
    "transform": lambda model: model.transform(_frame_of_numbers()),
}
ROWS: Asks = {
    "names": lambda model: [str(name) for name in model.feature_names_in_],
    "predict": lambda model: model.predict(_frame_of_all()),
    "probabilities": lambda model: model.predict_proba(_frame_of_all()),
}
FRAMES: Asks = dict(
    NUMBERS,
    transform=lambda model: model.transform(_frame_of_numbers()).values,
    columns=lambda model: model.transform(_frame_of_numbers()).columns.tolist(),
)


def _scaler(pd: Any) -> Any:
    from sklearn.preprocessing import StandardScaler

    return StandardScaler().fit(_frame_of_numbers())


def _framed(pd: Any) -> Any:
    return _scaler(pd).set_output(transform="pandas")


def _columns(pd: Any) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    parts = [("numbers", StandardScaler(), ["age", "bmi"]), ("words", OneHotEncoder(), ["city"])]
    model = make_pipeline(ColumnTransformer(parts), LogisticRegression())
    return model.fit(_frame_of_all(), [0, 1, 0, 1, 1, 0])


def _forest(pd: Any) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    table = ColumnTransformer([("words", OrdinalEncoder(), ["city"])], remainder="passthrough")
    forest = RandomForestClassifier(n_estimators=5, max_depth=3, random_state=0)
    return make_pipeline(table, forest).fit(_frame_of_all(), [0, 1, 0, 1, 1, 0])


def _holding(pd: Any) -> Any:
    """A transformer that was given a frame and keeps it."""
    from sklearn.neighbors import KNeighborsRegressor

    rows = _frame_of_numbers()
    return KNeighborsRegressor(n_neighbors=2).fit(rows, rows["age"])


def _indexed(pd: Any) -> Any:
    return pd.Index(["b", "a", "c"], name="key")


def _pairs(pd: Any) -> Any:
    return pd.MultiIndex.from_product([[2024, 2025], ["a", "b"]], names=["year", "half"])


def _days(pd: Any, freq: str, **more: Any) -> Any:
    return pd.date_range("2024-01-29", periods=4, freq=freq, name="day", **more)


def _kinds(pd: Any) -> Any:
    return pd.CategoricalDtype(["low", "high"], ordered=True)


TABLE: Dict[str, Any] = {
    "index-range": (INDEX, "rows by number", lambda pd: pd.RangeIndex(2, 11, 3, name="row")),
    "index-integers": (INDEX, "integers", lambda pd: pd.Index([5, 2, 9], name="key")),
    "index-unsigned": (INDEX, "unsigned integers", lambda pd: pd.Index([5, 2**63], dtype="uint64")),
    "index-floats": (INDEX, "doubles", lambda pd: pd.Index([0.5, -2.25, 9.0])),
    "index-words": (INDEX, "words", _indexed),
    "index-levels": (LEVELS, "two levels", _pairs),
    "index-days": (DATED, "days", lambda pd: _days(pd, "D")),
    "index-business": (DATED, "working days", lambda pd: _days(pd, "B")),
    "index-months": (DATED, "month ends", lambda pd: _days(pd, pd.offsets.MonthEnd())),
    "index-zone": (INDEX, "days in a zone", lambda pd: _days(pd, "D", tz="Europe/Zurich")),
    "index-spans": (INDEX, "spans", lambda pd: pd.timedelta_range("1h", periods=3, freq="30min")),
    "index-periods": (INDEX, "quarters", lambda pd: pd.period_range("2024Q1", periods=3, freq="Q")),
    "index-intervals": (INDEX, "intervals", lambda pd: pd.interval_range(0, 3)),
    "index-categories": (INDEX, "categories", lambda pd: pd.CategoricalIndex(["b", "a", "c"])),
    "timestamp": (MOMENT, "a moment", lambda pd: pd.Timestamp("2024-02-29 01:02:03.000000004")),
    "timestamp-zone": (MOMENT, "one in a zone", lambda pd: pd.Timestamp("2024-07-01", tz="UTC")),
    "timestamp-named": (
        *(MOMENT, "one in a zone by its name"),
        lambda pd: pd.Timestamp("2024-07-01", tz="Europe/Zurich"),
    ),
    "timedelta": (SPAN, "a span", lambda pd: pd.Timedelta("-1 days +02:03:04.000000005")),
    "period": (SCALAR, "a month", lambda pd: pd.Period("2024-02", freq="M")),
    "interval": (SCALAR, "an interval", lambda pd: pd.Interval(0.5, 2, closed="both")),
    "missing": (SCALAR, "what stands for a missing value", lambda pd: [pd.NA, pd.NaT]),
    "offset-business": (OFFSET, "a working day", lambda pd: pd.offsets.BusinessDay(2)),
    "offset-month": (OFFSET, "a month's end", lambda pd: pd.offsets.MonthEnd()),
    "offset-custom": (OFFSET, "with holidays", lambda pd: _holidays(pd)),
    "offset-relative": (OFFSET, "years and days", lambda pd: pd.DateOffset(years=1, days=2)),
    "dtype-categories": (KINDS, "a type of categories", _kinds),
    "dtype-zone": (DTYPE, "a type of times", lambda pd: pd.DatetimeTZDtype(tz="UTC")),
    "dtype-string": (DTYPE, "the type of words", lambda pd: pd.StringDtype()),
    "dtype-integers": (DTYPE, "a nullable type", lambda pd: pd.Int32Dtype()),
    "array-integers": (ARRAY, "a nullable array", lambda pd: pd.array([1, None], dtype="Int64")),
    "array-string": (ARRAY, "an array of words", lambda pd: pd.array(["a", None], dtype="string")),
    "array-categories": (ARRAY, "an array of categories", lambda pd: pd.Categorical(["b", "a"])),
    "array-periods": (ARRAY, "an array of months", lambda pd: _months(pd)),
    "estimator-scaler": (NUMBERS, "scaler with names of columns", _scaler),
    "estimator-framed": (FRAMES, "scaler that gives frames back", _framed),
    "estimator-columns": (ROWS, "columns by name, regression", _columns),
    "estimator-forest": (ROWS, "columns by name, small forest", _forest),
    "estimator-neighbours": (
        {"predict": lambda model: model.predict(_frame_of_numbers())},
        *("neighbours of a frame's rows", _holding),
    ),
}


def _holidays(pd: Any) -> Any:
    return pd.offsets.CustomBusinessDay(holidays=["2024-06-03"])


def _months(pd: Any) -> Any:
    return pd.period_range("2024-01", periods=3, freq="M").array


for _name, (_asks, _summary, _make) in TABLE.items():
    register("pandas." + _name, _summary, building(_make), _asks, __name__)
