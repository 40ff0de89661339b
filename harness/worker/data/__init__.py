"""Data sets by name: what models are fitted on and what they are asked.

The numbers are committed in `arrays.bin` (raw little-endian bytes, described by `arrays.json`)
and the sentences in `text.json`; `make.py` says where they come from. Variants such as
`iris.missing` are derived here by selecting, comparing and integer arithmetic alone, so that
every version of every library sees the same bits. No random numbers, no scikit-learn.

    >>> load("iris").X.shape
    (105, 4)
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import Any, Callable, Dict, NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
SUGAR = ["low", "normal", "raised", "high"]
AGES = ["young", "middle", "older", "old"]


class Data(NamedTuple):
    """`X, y` to fit on; `ask` the rows that are asked about and `ask_y` their targets."""

    X: Any
    y: Any
    ask: Any
    ask_y: Any


def load(name: str) -> Data:
    """The data set called `name`, as copies that the caller may write to."""
    data = _build(name)
    return Data(*[None if part is None else part.copy() for part in data])


@lru_cache(maxsize=None)
def _build(name: str) -> Data:
    if name not in SETS:
        raise KeyError("no data set is called %r; there are %s" % (name, ", ".join(sorted(SETS))))
    return SETS[name]()


@lru_cache(maxsize=None)
def _raw() -> bytes:
    with open(os.path.join(HERE, "arrays.bin"), "rb") as file:
        return file.read()


@lru_cache(maxsize=None)
def _index() -> Any:
    with open(os.path.join(HERE, "arrays.json"), encoding="utf-8") as file:
        return json.load(file)


def _array(name: str) -> Any:
    """A committed array, in the byte order of this machine."""
    import numpy as np

    entry = _index()[name]
    count = 1
    for length in entry["shape"]:
        count *= length
    flat = np.frombuffer(_raw(), dtype=entry["dtype"], count=count, offset=entry["offset"])
    return flat.astype(entry["dtype"][1:]).reshape(entry["shape"])


def _split(X: Any, y: Any, fit: int) -> Data:
    """The first `fit` rows to fit on, the others to ask."""
    return Data(X[:fit], y[:fit], X[fit:], y[fit:])


def _iris() -> Data:
    return _split(_array("iris.X"), _array("iris.y"), 105)


def _wine() -> Data:
    return _split(_array("wine.X"), _array("wine.y"), 130)


def _wine_scaled() -> Data:
    return _split(_array("wine.scaled"), _array("wine.y"), 130)


def _breast_cancer() -> Data:
    return _split(_array("breast_cancer.X"), _array("breast_cancer.y"), 165)


def _digits() -> Data:
    return _split(_array("digits.X"), _array("digits.y"), 180)


def _digits_pictures() -> Data:
    """The same digits with all of their eight times eight pixels, row by row."""
    return _split(_array("digits.pictures"), _array("digits.y"), 180)


def _diabetes() -> Data:
    return _split(_array("diabetes.X"), _array("diabetes.y"), 165)


def _linnerud() -> Data:
    """All 20 men to fit on; asked about 30 men half-way between two of them."""
    X, y = _array("linnerud.X"), _array("linnerud.y")
    pairs = [(row % 20, (row * 3 + 7) % 20) for row in range(30)]
    left, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return Data(X, y, (X[left] + X[right]) / 2, (y[left] + y[right]) / 2)


# Variants of a data set: other labels, other columns, another representation.


def _unlabelled(data: Data) -> Data:
    return data._replace(y=None, ask_y=None)


def _named(data: Data, names: Any) -> Data:
    """Integer labels as strings."""
    import numpy as np

    words = np.array(names)
    return data._replace(y=words[data.y], ask_y=words[data.ask_y])


def _iris_names() -> Data:
    return _named(_iris(), ["setosa", "versicolor", "virginica"])


def _breast_cancer_names() -> Data:
    return _named(_breast_cancer(), ["malignant", "benign"])


def _iris_binary() -> Data:
    """The two species that overlap."""
    X, y = _array("iris.X"), _array("iris.y")
    return _split(X[y > 0], y[y > 0], 65)


def _iris_outputs() -> Data:
    """Two targets with three and two classes: the species, and whether the sepal is wide."""
    import numpy as np

    X, y = _array("iris.X"), _array("iris.y")
    return _split(X[:, [0, 2, 3]], np.column_stack([y, (X[:, 1] > 3.0).astype(y.dtype)]), 105)


def _few_labels(data: Data) -> Data:
    """Three of four labels unknown, written as -1."""
    data.y[[row for row in range(len(data.y)) if row % 4]] = -1
    return data


def _wine_distances() -> Data:
    """City-block distances to the rows that the model was fitted on, without ties."""
    import numpy as np

    data = _wine_scaled()
    fit, ask = [(part * 1000).round().astype("i8") for part in (data.X, data.ask)]
    near = [abs(part[:, None, :] - fit[None, :, :]).sum(axis=2) for part in (fit, ask)]
    X, rows = [(part * 256 + np.arange(len(fit))) / 256000.0 for part in near]
    return data._replace(X=X, ask=rows)


def _iris_kernel() -> Data:
    """Dot products with the rows that the model was fitted on."""
    data = _iris()
    fit, ask = [(part * 10).round().astype("i8") for part in (data.X, data.ask)]
    return data._replace(X=fit.dot(fit.T) / 100.0, ask=ask.dot(fit.T) / 100.0)


def _wine_labels() -> Data:
    """Three yes-or-no labels at once: the first grower, much malic acid, a strong hue."""
    import numpy as np

    X, y = _array("wine.scaled"), _array("wine.y")
    labels = np.column_stack([y == 0, X[:, 1] > 0, X[:, 5] > 0]).astype("i8")
    return _split(X[:, [0, 2, 3, 4]], labels, 130)


def _wine_float32() -> Data:
    data = _wine_scaled()
    return data._replace(X=data.X.astype("f4"), ask=data.ask.astype("f4"))


def _missing(data: Data) -> Data:
    """Holes: about one value in eight; the first column is whole until the model is asked."""
    import numpy as np

    for part, first in ((data.X, 1), (data.ask, 0)):
        row, column = np.indices(part.shape)
        part[((row * 7 + column * 3) % 11 == 0) & (column >= first)] = np.nan
        part[((row * 5 + column) % 17 == 2) & (column >= first)] = np.nan
    return data


def _sparse(data: Data) -> Data:
    from scipy.sparse import csr_matrix

    return data._replace(X=csr_matrix(data.X), ask=csr_matrix(data.ask))


def _wine_sparse() -> Data:
    """Values near the mean set to zero, as a sparse matrix."""
    data = _wine_scaled()
    for part in (data.X, data.ask):
        part[abs(part) < 0.5] = 0.0
    return _sparse(data)


def _digits_counts() -> Data:
    """Eight pixels in four grades of ink: small counts, and close decisions."""
    X = (_array("digits.X")[:, [0, 2, 5, 8, 11, 14, 16, 18]] / 5.0).astype("i8").astype("f8")
    return _split(X, _array("digits.y") % 4, 180)


def _digits_bits() -> Data:
    """Ten pixels, black or white."""
    return _split((_array("digits.X")[:, ::2] > 7).astype("f8"), _array("digits.y") % 4, 180)


def _diabetes_outputs() -> Data:
    """Two targets: the disease's progress and the blood sugar."""
    import numpy as np

    X, raw, y = _array("diabetes.X"), _array("diabetes.raw"), _array("diabetes.y")
    return _split(X[:, :9], np.column_stack([y, raw[:, 9]]), 165)


def _diabetes_bmi() -> Data:
    """One column: the body-mass index."""
    return _split(_array("diabetes.raw")[:, 2:3], _array("diabetes.y"), 165)


def _grades(values: Any, limits: Any, words: Any) -> Any:
    """Each value as the word for its place among the limits."""
    import numpy as np

    return np.array(words, dtype=object)[np.searchsorted(np.array(limits), values)]


def _categories_and_target() -> Any:
    """Sex, sugar and age of the diabetes patients in words; and whether they got worse."""
    import numpy as np

    raw = _array("diabetes.raw")
    columns = [
        _grades(raw[:, 1], [1.5], ["female", "male"]),
        _grades(raw[:, 9], [82.0, 92.0, 102.0], SUGAR),
        _grades(raw[:, 0], [35.0, 50.0, 60.0], AGES),
    ]
    worse = (_array("diabetes.y") > 140).astype("i8")
    return np.column_stack(columns), np.array(["steady", "worse"])[worse]


def _categories() -> Data:
    """Words alone; one asked row in nine holds a word never seen before."""
    words, target = _categories_and_target()
    data = _split(words, target, 165)
    data.ask[4::9, 1] = "unmeasured"
    return data


def _categories_amount() -> Data:
    """The same words, with a number to foresee."""
    y = _array("diabetes.y")
    return _categories()._replace(y=y[:165], ask_y=y[165:])


def _mixed() -> Data:
    """A table of objects: three columns of numbers (one with holes), three of words."""
    import numpy as np

    data, raw = _categories(), _array("diabetes.raw")
    numbers = _missing(_split(raw[:, [4, 2, 3]], raw[:, 0], 165))
    return data._replace(
        X=np.column_stack([numbers.X.astype(object), data.X]),
        ask=np.column_stack([numbers.ask.astype(object), data.ask]),
    )


def _typed() -> Data:
    """A table of objects, a type for each column: two of floats, two integers, a truth, a word."""
    import numpy as np

    raw = _array("diabetes.raw")
    words, target = _categories_and_target()
    columns = [raw[:, 2].tolist(), raw[:, 3].tolist()]
    columns += [raw[:, place].astype("i8").tolist() for place in (0, 4)]
    columns += [(raw[:, 1] > 1.5).tolist(), words[:, 1].tolist()]
    table = np.empty((len(raw), len(columns)), dtype=object)
    for place, column in enumerate(columns):
        table[:, place] = column
    return _split(table, target, 165)


def _codes() -> Data:
    """Two columns of category codes and three of numbers; code 4 is never seen when fitting."""
    import numpy as np

    words, target = _categories_and_target()
    X, codes = _array("diabetes.X"), {word: code for code, word in enumerate(SUGAR)}
    ages = {word: code for code, word in enumerate(AGES)}
    sugar = np.array([codes[word] for word in words[:, 1]], dtype="f8")
    age = np.array([ages[word] for word in words[:, 2]], dtype="f8")
    table = np.column_stack([sugar, age, X[:, 2], X[:, 3], X[:, 8]])
    data = _split(table, (target == "worse").astype("i8"), 165)
    data.ask[4::9, 0] = 4.0
    return data


def _codes_amount() -> Data:
    y = _array("diabetes.y")
    return _codes()._replace(y=y[:165], ask_y=y[165:])


def _dicts() -> Data:
    """A dictionary per row, as DictVectorizer takes them."""
    data, raw = _categories(), _array("diabetes.raw")
    words, bmi = data.X.tolist() + data.ask.tolist(), raw[:, 2].tolist()
    rows = [
        {"sex": word[0], "sugar": word[1], "age": word[2], "bmi": bmi[row]}
        for row, word in enumerate(words)
    ]
    return Data(rows[:165], data.y, rows[165:], data.ask_y)


def _text() -> Data:
    """Short sentences on three subjects; half of those asked about were fitted on."""
    import numpy as np

    with open(os.path.join(HERE, "text.json"), encoding="utf-8") as file:
        lines = json.load(file)
    labels, sentences = np.array([line[0] for line in lines]), [line[1] for line in lines]
    return Data(sentences[:48], labels[:48], sentences[32:], labels[32:])


SETS: Dict[str, Callable[[], Data]] = {
    "iris": _iris,
    "iris.names": _iris_names,
    "iris.binary": _iris_binary,
    "iris.outputs": _iris_outputs,
    "iris.missing": lambda: _missing(_iris()),
    "iris.few-labels": lambda: _few_labels(_iris()),
    "iris.unlabelled": lambda: _unlabelled(_iris()),
    "iris.kernel": _iris_kernel,
    "wine": _wine,
    "wine.scaled": _wine_scaled,
    "wine.labels": _wine_labels,
    "wine.few-labels": lambda: _few_labels(_wine_scaled()),
    "wine.distances": _wine_distances,
    "wine.sparse": _wine_sparse,
    "wine.float32": _wine_float32,
    "wine.unlabelled": lambda: _unlabelled(_wine_scaled()),
    "breast_cancer": _breast_cancer,
    "breast_cancer.names": _breast_cancer_names,
    "breast_cancer.missing": lambda: _missing(_breast_cancer()),
    "digits": _digits,
    "digits.pictures": _digits_pictures,
    "digits.sparse": lambda: _sparse(_digits()),
    "digits.unlabelled": lambda: _unlabelled(_digits()),
    "digits.counts": _digits_counts,
    "digits.bits": _digits_bits,
    "diabetes": _diabetes,
    "diabetes.missing": lambda: _missing(_diabetes()),
    "diabetes.outputs": _diabetes_outputs,
    "diabetes.bmi": _diabetes_bmi,
    "linnerud": _linnerud,
    "categories": _categories,
    "categories.amount": _categories_amount,
    "mixed": _mixed,
    "typed": _typed,
    "codes": _codes,
    "codes.amount": _codes_amount,
    "dicts": _dicts,
    "text": _text,
}
