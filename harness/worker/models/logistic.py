"""Logistic regression, whose rule for several classes changed more than once."""

from __future__ import annotations

from typing import Any, Dict

from ..registry import model
from ._api import at_least, only, require


def _elastic(ratio: float) -> Dict[str, Any]:
    """A mixture of penalties; since 1.8 the ratio alone says so."""
    if at_least(1, 8):
        return {"l1_ratio": ratio}
    return {"penalty": "elasticnet", "l1_ratio": ratio}


def _lasso() -> Dict[str, Any]:
    return {"l1_ratio": 1.0} if at_least(1, 8) else {"penalty": "l1"}


def _cv() -> Dict[str, Any]:
    """The fitted attributes as they have always been, where that must be asked for."""
    if not at_least(1, 8):
        return {"penalty": "l2"}
    return {"l1_ratios": (0.0,), "use_legacy_attributes": True}


@model("logreg.binary", data="breast_cancer", summary="logistic regression, two classes")
def logreg_binary() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=0.5, max_iter=300)


@model("logreg.multinomial", data="wine.scaled", summary="three classes at once (softmax)")
def logreg_multinomial() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=0.3, max_iter=300)


@model("logreg.string-labels", data="iris.names", summary="classes that are words")
def logreg_string_labels() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=0.05, max_iter=300)


@model("logreg.balanced", data="breast_cancer.names", summary="balanced classes, Newton solver")
def logreg_balanced() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=0.2, class_weight="balanced", solver="newton-cg")


@model("logreg.newton-cholesky", data="breast_cancer", summary="the solver that came with 1.2")
def logreg_newton_cholesky() -> Any:
    from sklearn.linear_model import LogisticRegression

    require(1, 2, "solver newton-cholesky")
    return LogisticRegression(C=0.4, solver="newton-cholesky")


@model("logreg.l1-liblinear", data="breast_cancer", summary="sparse coefficients by liblinear")
def logreg_l1_liblinear() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=0.3, solver="liblinear", random_state=0, **_lasso())


@model("logreg.elasticnet-saga", data="wine.scaled", summary="elastic net by saga")
def logreg_elasticnet_saga() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(
        C=0.3, solver="saga", max_iter=500, tol=1e-3, random_state=0, **_elastic(0.5)
    )


@model("logreg.sparse", data="digits.sparse", summary="ten classes on a sparse matrix")
def logreg_sparse() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=0.002, max_iter=300)


@model("logreg.ovr-lbfgs", data="wine.scaled", summary="one class versus the rest, by lbfgs")
def logreg_ovr_lbfgs() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=0.3, **only(LogisticRegression, multi_class="ovr"))


@model("logreg.ovr-liblinear", data="wine.scaled", summary="one versus the rest, by liblinear")
def logreg_ovr_liblinear() -> Any:
    from sklearn.linear_model import LogisticRegression

    rest = only(LogisticRegression, multi_class="ovr")
    return LogisticRegression(C=0.3, solver="liblinear", random_state=0, **rest)


@model("logreg.multinomial-binary", data="breast_cancer", summary="softmax over two classes")
def logreg_multinomial_binary() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=0.2, **only(LogisticRegression, multi_class="multinomial"))


@model("logreg-cv.binary", data="breast_cancer", summary="strength chosen by cross-validation")
def logreg_cv_binary() -> Any:
    from sklearn.linear_model import LogisticRegressionCV

    return LogisticRegressionCV(Cs=[0.02, 0.2], cv=3, scoring="accuracy", **_cv())


@model("logreg-cv.multinomial", data="wine.scaled", summary="the same with three classes")
def logreg_cv_multinomial() -> Any:
    from sklearn.linear_model import LogisticRegressionCV

    return LogisticRegressionCV(Cs=[0.02, 0.2], cv=3, scoring="accuracy", **_cv())
