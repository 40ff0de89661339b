"""Large models and models of many sizes, whose saving and loading is measured.

No matrix takes them but one that names them: there is nothing more to learn from their answers than
from those of small ones. They differ in how well they compress: trees and words repeat themselves,
random weights do not. Where fitting would be slow or chance, a model is fitted on a few rows and
then given large arrays, which are made by integer arithmetic alone, the same bits on every machine.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

from ..data import Data
from ..registry import DATA, model

Arrays = Callable[[], Dict[str, Any]]
COLUMNS = 16
CLASSES = 3
ASKED = 20  # rows
HIDDEN = 1109  # units in each of two layers: weights of 10 MB
TERMS = 200000
MILLION = 1000000
# Bytes of the coefficients of a linear model, as columns times targets of 8 bytes each.
GROWTH: Dict[str, Tuple[int, int]] = {
    "1k": (5, 25),
    "10k": (25, 50),
    "100k": (100, 125),
    "1m": (250, 500),
    "10m": (1000, 1250),
    "100m": (2500, 5000),
    "500m": (5000, 12500),
}


class Grown:
    """An estimator, to be fitted on what there is, and then given `arrays` in place of its own.

    `fit` returns the estimator itself, so that nothing of this class is in what is saved.
    """

    def __init__(self, estimator: Any, arrays: Arrays) -> None:
        self.estimator = estimator
        self.arrays = arrays

    def fit(self, X: Any, y: Any) -> Any:
        fitted = self.estimator.fit(X, y)
        for name, value in self.arrays().items():
            if name != "n_features_in_" or hasattr(fitted, name):  # scikit-learn 0.24 and later
                setattr(fitted, name, value)
        return fitted


def hashed(count: int, salt: int) -> Any:
    """`count` numbers from -1/2 to 1/2 with 53 random bits each, another series for each `salt`.

    SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014) of the
    numbers from salt * 2 ** 32 on.
    """
    import numpy as np

    found = np.empty(count)
    at_once = 1 << 16  # more at once would leave the processor's cache
    for first in range(0, count, at_once):
        part = found[first : first + at_once]
        z = np.arange(len(part), dtype="u8") + np.uint64((salt << 32) + first + 1)
        z *= np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
        part[:] = (z >> np.uint64(11)).astype("f8") * 2.0**-53 - 0.5
    return found


def table(rows: int, columns: int, salt: int) -> Tuple[Any, Any]:
    """Rows as measured, in hundredths, and the class of each: which of its first columns leads."""
    import numpy as np

    X = np.round(hashed(rows * columns, salt) * 1000).reshape(rows, columns) / 100
    return X, X[:, :CLASSES].argmax(axis=1)


def _rows(rows: int, columns: int) -> Callable[[], Data]:
    return lambda: Data(*(table(rows, columns, 1) + table(ASKED, columns, 2)))


def _words(first: int, count: int) -> str:
    """Different words of three syllables each."""
    syllables = [a + b for a in "bdfghjklmnprstvwyzcq" for b in "aeiou"]
    numbers = [number * 7919 % MILLION for number in range(first, first + count)]
    return " ".join(
        syllables[n // 10000] + syllables[n // 100 % 100] + syllables[n % 100] for n in numbers
    )


def _texts() -> Data:
    """Texts of a hundred words, no word twice in all that is fitted on; asked with old words."""
    texts = [_words(first, 100) for first in range(0, TERMS, 100)]
    return Data(texts, None, [_words(first * 997, 50) for first in range(ASKED)], None)


def _sparse() -> Data:
    """A few rows to fit on; asked with rows of a million columns, of which each has twenty."""
    import numpy as np
    from scipy.sparse import csr_matrix

    X, y = table(ASKED, COLUMNS, 1)
    values, _ = table(ASKED, ASKED, 3)
    columns = np.sort(np.arange(ASKED * ASKED).reshape(ASKED, ASKED) * 7919 % MILLION)
    ends = np.arange(0, ASKED * ASKED + 1, ASKED)
    ask = csr_matrix((values.ravel(), columns.ravel(), ends), shape=(ASKED, MILLION))
    return Data(csr_matrix(X), y % 2, ask, y % 2)


def _wide(columns: int, targets: int) -> Callable[[], Data]:
    """A few rows to fit on; asked with two rows of `columns` columns."""

    def build() -> Data:
        X, _ = table(8, 2, 1)
        return Data(X, X[::-1], table(2, columns, 2)[0], hashed(2 * targets, 4).reshape(2, targets))

    return build


DATA.update(
    {
        "sized.rows": _rows(1000, COLUMNS),
        "sized.rows-100k": _rows(100000, 8),
        "sized.texts": _texts,
        "sized.sparse": _sparse,
    }
)


@model("sized.forest-500", data="sized.rows", summary="500 trees")
def sized_forest_500() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=500, random_state=0)


@model("sized.boosted-300", data="sized.rows", summary="300 trees on binned features")
def sized_boosted_300() -> Any:
    from ._api import at_least, enable, find

    if not at_least(1, 0):
        enable("hist_gradient_boosting")
    cls = find("ensemble.HistGradientBoostingRegressor")
    return cls(max_iter=300, early_stopping=False, random_state=0)


@model("sized.mlp-10m", data="sized.rows", summary="10 MB of random weights")
def sized_mlp_10m() -> Any:
    from sklearn.neural_network import MLPClassifier

    small = MLPClassifier(
        hidden_layer_sizes=(2, 2), solver="lbfgs", max_iter=20, tol=0.5, random_state=0
    )
    return Grown(small, _network)


def _network() -> Dict[str, Any]:
    layers = (COLUMNS, HIDDEN, HIDDEN, CLASSES)
    shapes = list(zip(layers, layers[1:]))
    return {
        "hidden_layer_sizes": layers[1:-1],
        "coefs_": [hashed(a * b, 10 + n).reshape(a, b) for n, (a, b) in enumerate(shapes)],
        "intercepts_": [hashed(width, 20 + n) for n, width in enumerate(layers[1:])],
    }


@model("sized.knn-100k", data="sized.rows-100k", summary="100,000 rows in a k-d tree")
def sized_knn_100k() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=7, weights="distance", algorithm="kd_tree")


@model("sized.tfidf-200k", data="sized.texts", summary="a vocabulary of 200,000 words")
def sized_tfidf_200k() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer()


@model("sized.logistic-1m", data="sized.sparse", summary="a million random coefficients")
def sized_logistic_1m() -> Any:
    from sklearn.linear_model import LogisticRegression

    large = {"n_features_in_": MILLION}
    return Grown(
        LogisticRegression(solver="lbfgs"),
        lambda: {"coef_": hashed(MILLION, 30).reshape(1, MILLION), **large},
    )


def _growing(size: str, columns: int, targets: int) -> None:
    """Register the linear model of one size."""

    def build() -> Any:
        from sklearn.linear_model import Ridge

        return Grown(
            Ridge(),
            lambda: {
                "coef_": hashed(columns * targets, 40).reshape(targets, columns),
                "intercept_": hashed(targets, 41),
                "n_features_in_": columns,
            },
        )

    id, unit = "sized.linear-" + size, {"k": "kB", "m": "MB"}[size[-1]]
    build.__name__ = "sized_linear_" + size
    DATA["sized.wide-" + size] = _wide(columns, targets)
    model(
        id,
        data="sized.wide-" + size,
        summary="%s %s of random coefficients" % (size[:-1], unit),
    )(build)


for _size, (_columns, _targets) in GROWTH.items():
    _growing(_size, _columns, _targets)
