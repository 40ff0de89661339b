"""What answers for a file of trees that holds neither an estimator nor the names of classes."""

from __future__ import annotations

from typing import Any, Callable, Optional

Ask = Callable[[Any], Any]


class Regressor:
    """`predict` as the library answers it; also for what ranks."""

    def __init__(self, predict: Ask, source: str) -> None:
        self.predict = predict
        self.source = source

    def __repr__(self) -> str:
        return "%s(%s)" % (type(self).__name__, self.source)


class Classifier(Regressor):
    """Probabilities as the library answers them; `predict` gives the number of the likeliest.

    `proba` gives one probability per row, of the second of two classes, or one for each class.
    `margin`, where there is one, answers as `decision_function`.
    """

    def __init__(self, proba: Ask, source: str, margin: Optional[Ask] = None) -> None:
        super().__init__(self._number, source)
        self.proba = proba
        if margin is not None:
            self.decision_function = margin

    def predict_proba(self, X: Any) -> Any:
        import numpy

        given = self.proba(X)
        return numpy.column_stack([1.0 - given, given]) if given.ndim == 1 else given

    def _number(self, X: Any) -> Any:
        return self.predict_proba(X).argmax(axis=1)


class Outputs(Regressor):
    """Several targets with classes each: a list of probabilities, columns of classes' numbers."""

    def __init__(self, proba: Ask, source: str) -> None:
        super().__init__(self._numbers, source)
        self.predict_proba = proba

    def _numbers(self, X: Any) -> Any:
        import numpy

        return numpy.column_stack([part.argmax(axis=1) for part in self.predict_proba(X)])


def dense(X: Any) -> Any:
    """Rows as a plain array."""
    return X.toarray() if hasattr(X, "toarray") else X
