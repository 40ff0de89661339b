"""Gradient boosting: the older one with loss objects, and the one on histograms."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import at_least, enable, find, only, require


def _hist(kind: str) -> Any:
    """The histogram estimator; before 1.0 it was an experiment that had to be enabled."""
    if not at_least(1, 0):
        enable("hist_gradient_boosting")
    return find("ensemble.HistGradientBoosting" + kind)


@model("gb.classifier", data="breast_cancer", summary="two classes, logistic loss")
def gb_classifier() -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(n_estimators=8, max_depth=2, random_state=0)


@model("gb.multiclass", data="wine.scaled", summary="three classes, subsampled")
def gb_multiclass() -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(n_estimators=5, max_depth=2, subsample=0.7, random_state=0)


@model("gb.exponential", data="breast_cancer.names", summary="exponential loss, string labels")
def gb_exponential() -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(
        loss="exponential", n_estimators=8, max_depth=2, random_state=0
    )


@model("gb.init", data="breast_cancer", summary="starts from another fitted model")
def gb_init() -> Any:
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    start = LogisticRegression(C=0.02)
    return GradientBoostingClassifier(n_estimators=6, max_depth=2, init=start, random_state=0)


@model("gb.early-stopping", data="wine.scaled", summary="stops when a held-out part says so")
def gb_early_stopping() -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(
        n_estimators=12, max_depth=2, n_iter_no_change=2, tol=0.02, random_state=0
    )


@model("gb.regressor", data="diabetes", summary="squared error")
def gb_regressor() -> Any:
    from sklearn.ensemble import GradientBoostingRegressor

    return GradientBoostingRegressor(n_estimators=10, max_depth=2, random_state=0)


@model("gb.regressor-huber", data="diabetes", summary="Huber loss")
def gb_regressor_huber() -> Any:
    from sklearn.ensemble import GradientBoostingRegressor

    return GradientBoostingRegressor(
        loss="huber", alpha=0.8, n_estimators=8, max_depth=2, random_state=0
    )


@model("gb.regressor-quantile", data="diabetes", summary="the upper decile")
def gb_regressor_quantile() -> Any:
    from sklearn.ensemble import GradientBoostingRegressor

    return GradientBoostingRegressor(
        loss="quantile", alpha=0.9, n_estimators=8, max_depth=2, random_state=0
    )


@model("gb.regressor-zero", data="diabetes", summary="starts from zero, absolute error")
def gb_regressor_zero() -> Any:
    from sklearn.ensemble import GradientBoostingRegressor

    loss = "absolute_error" if at_least(1, 0) else "lad"
    return GradientBoostingRegressor(
        loss=loss, init="zero", n_estimators=8, max_depth=2, random_state=0
    )


@model("histgb.classifier", data="breast_cancer", summary="histograms, two classes")
def histgb_classifier() -> Any:
    return _hist("Classifier")(max_iter=8, max_leaf_nodes=6, random_state=0)


@model("histgb.multiclass", data="iris.names", summary="histograms, three string labels")
def histgb_multiclass() -> Any:
    return _hist("Classifier")(max_iter=4, max_leaf_nodes=4, random_state=0)


@model("histgb.missing", data="breast_cancer.missing", summary="histograms with missing values")
def histgb_missing() -> Any:
    return _hist("Classifier")(max_iter=6, max_leaf_nodes=6, min_samples_leaf=8, random_state=0)


@model("histgb.classifier-categorical", data="codes", summary="two columns are categories")
def histgb_classifier_categorical() -> Any:
    cls = _hist("Classifier")
    columns = only(cls, categorical_features=[0, 1])
    return cls(max_iter=6, max_leaf_nodes=6, min_samples_leaf=8, random_state=0, **columns)


@model("histgb.regressor-categorical", data="codes.amount", summary="categories by mask, a number")
def histgb_regressor_categorical() -> Any:
    cls = _hist("Regressor")
    columns = only(cls, categorical_features=[True, True, False, False, False])
    return cls(max_iter=6, max_leaf_nodes=6, min_samples_leaf=8, random_state=0, **columns)


@model(
    "histgb.early-stopping", data="breast_cancer", summary="stops by the loss of a held-out part"
)
def histgb_early_stopping() -> Any:
    cls = _hist("Classifier")
    early = {} if not at_least(0, 23) else {"early_stopping": True}
    return cls(max_iter=12, n_iter_no_change=2, max_leaf_nodes=6, random_state=0, **early)


@model("histgb.regressor", data="diabetes", summary="histograms, a number")
def histgb_regressor() -> Any:
    return _hist("Regressor")(max_iter=8, max_leaf_nodes=8, l2_regularization=1.0, random_state=0)


@model("histgb.regressor-poisson", data="diabetes", summary="Poisson loss")
def histgb_regressor_poisson() -> Any:
    require(0, 23, "histogram boosting with Poisson loss")
    return _hist("Regressor")(loss="poisson", max_iter=6, max_leaf_nodes=6, random_state=0)


@model("histgb.regressor-quantile", data="diabetes", summary="the lower quartile")
def histgb_regressor_quantile() -> Any:
    cls = _hist("Regressor")
    quantile = only(cls, quantile=0.25)
    return cls(loss="quantile", max_iter=6, max_leaf_nodes=6, random_state=0, **quantile)


@model("histgb.monotonic", data="diabetes", summary="forced to rise with the third column")
def histgb_monotonic() -> Any:
    cls = _hist("Regressor")
    signs = only(cls, monotonic_cst=[0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    return cls(max_iter=6, max_leaf_nodes=6, random_state=0, **signs)
