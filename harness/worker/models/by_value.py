"""Models with code of their own, which plain pickle saves by name or not at all.

The code is a script's or a notebook's: it is run in `__main__`, where the process that builds the
model finds it and the one that loads the model does not, as for a user.
"""

from __future__ import annotations

import sys
from typing import Any

from ..registry import data, model

SCRIPT = '''
import numpy
from sklearn.base import BaseEstimator, TransformerMixin

FLOOR = 0.5


class Centred(TransformerMixin, BaseEstimator):
    """Columns less their medians, in units of `unit`; a class of the script itself."""

    def __init__(self, unit=2.0):
        self.unit = unit

    def fit(self, X, y=None):
        self.medians_ = numpy.median(X, axis=0)
        return self

    def transform(self, X):
        return (X - self.medians_) / self.unit


def floored(X):
    """A function of the script itself; it uses two of the script's globals."""
    return numpy.maximum(X, FLOOR)


def beyond(quantiles):
    """A function with what was found in the data inside it."""

    def excess(X):
        return abs(X - quantiles)

    return excess


def locally_centred():
    """An instance of a class that no name leads to."""

    class Local(Centred):
        def transform(self, X):
            return super().transform(X) * 3.0

    return Local()


def squared():
    return lambda X: X * X


def logged():
    return lambda X: numpy.log1p(abs(X))
'''
DEFINED = "_shelflife_by_value"


def _script() -> Any:
    """The module `__main__`, in which the script has been run once."""
    main = sys.modules["__main__"]
    if not hasattr(main, DEFINED):
        setattr(main, DEFINED, True)
        code = compile(SCRIPT, "<by_value>", "exec")
        exec(code, vars(main))  # noqa: S102 - its own text: in `__main__`, as scripts are
    return main


def _before_regression(transformer: Any) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), transformer, LogisticRegression(C=0.1))


def _function(function: Any) -> Any:
    from sklearn.preprocessing import FunctionTransformer

    return _before_regression(FunctionTransformer(function))


@model("by-value.lambda", data="wine", summary="a lambda that uses its argument alone")
def by_value_lambda() -> Any:
    return _function(_script().squared())


@model("by-value.lambda-global", data="wine", summary="a lambda that uses an imported module")
def by_value_lambda_global() -> Any:
    return _function(_script().logged())


@model("by-value.function", data="wine", summary="a function of the script that saves the model")
def by_value_function() -> Any:
    return _function(_script().floored)


@model("by-value.closure", data="wine", summary="a function with quantiles of the data inside")
def by_value_closure() -> Any:
    import numpy

    rows = data("wine").X
    scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    return _function(_script().beyond(numpy.quantile(scaled, 0.9, axis=0)))


@model("by-value.class", data="wine", summary="a class of the script that saves the model")
def by_value_class() -> Any:
    return _before_regression(_script().Centred())


@model("by-value.local-class", data="wine", summary="a class defined within a function")
def by_value_local_class() -> Any:
    return _before_regression(_script().locally_centred())
