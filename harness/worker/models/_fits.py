"""Fitting that needs more than `fit(X, y)`: rows to stop by, groups to rank within."""

from __future__ import annotations

from typing import Any, Callable, Dict

Arguments = Callable[[Any, Any], Dict[str, Any]]
WATCHED = 40  # rows
GROUP = 15  # rows that are ranked against one another


class Fit:
    """An estimator, to be fitted with the keyword arguments that `arguments` makes of the data.

    `fit` returns the estimator itself, so that nothing of this class is in what is saved.
    """

    def __init__(self, estimator: Any, arguments: Arguments) -> None:
        self.estimator = estimator
        self.arguments = arguments

    def fit(self, X: Any, y: Any) -> Any:
        return self.estimator.fit(X, y, **self.arguments(X, y))


class Watched(Fit):
    """The same with the last rows held out; of those alone the keyword arguments are made."""

    def fit(self, X: Any, y: Any) -> Any:
        more = self.arguments(X[-WATCHED:], y[-WATCHED:])
        return self.estimator.fit(X[:-WATCHED], y[:-WATCHED], **more)


def eval_set(X: Any, y: Any) -> Dict[str, Any]:
    """The rows to stop by, as most libraries take them."""
    return {"eval_set": [(X, y)], "verbose": False}


def groups(name: str) -> Arguments:
    """The number of the group of each row as the argument `name`; a group is rows in a row."""
    return lambda X, y: {name: [row // GROUP for row in range(len(X))]}


def group_sizes(X: Any, y: Any) -> Dict[str, Any]:
    """How many rows each group has."""
    return {"group": [min(GROUP, len(X) - first) for first in range(0, len(X), GROUP)]}
