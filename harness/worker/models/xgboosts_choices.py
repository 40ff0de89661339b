"""XGBoost's estimators away from their defaults: losses, ways to grow a tree, what is missing."""

from __future__ import annotations

import inspect
from typing import Any, Dict

from ..registry import model
from ._api import library, since
from ._fits import Fit, Watched, eval_set, group_sizes, groups
from .xgboosts import DIGITS, SMALL


def _regressor(**more: Any) -> Any:
    return library("xgboost").XGBRegressor(**SMALL, **more)


def _classifier(**more: Any) -> Any:
    return library("xgboost").XGBClassifier(**SMALL, **more)


@model(
    "xgboost.hinge", data="breast_cancer", summary="hinge loss: labels, no probabilities", **DIGITS
)
def xgboost_hinge() -> Any:
    return _classifier(objective="binary:hinge")


@model("xgboost.gamma", data="diabetes", summary="gamma loss", **DIGITS)
def xgboost_gamma() -> Any:
    return _regressor(objective="reg:gamma", base_score=100.0)


@model(
    "xgboost.tweedie",
    data="diabetes",
    summary="Tweedie loss of a power that is not default",
    **DIGITS,
)
def xgboost_tweedie() -> Any:
    return _regressor(objective="reg:tweedie", tweedie_variance_power=1.3, base_score=100.0)


@model("xgboost.squared-log", data="diabetes", summary="squared error of logarithms", **DIGITS)
def xgboost_squared_log() -> Any:
    return _regressor(
        objective="reg:squaredlogerror",
        base_score=100.0,
        min_child_weight=0,
        reg_lambda=0.001,
        learning_rate=0.1,
    )


@model(
    "xgboost.pseudo-huber",
    data="diabetes",
    summary="a smooth Huber loss of another slope",
    **DIGITS,
)
def xgboost_pseudo_huber() -> Any:
    since("xgboost", "1.6", "a slope for the Huber loss")
    return _regressor(
        objective="reg:pseudohubererror", huber_slope=30.0, base_score=150.0, min_child_weight=0
    )


@model(
    "xgboost.absolute", data="diabetes", summary="absolute error, medians in the leaves", **DIGITS
)
def xgboost_absolute() -> Any:
    since("xgboost", "1.7", "the absolute error")
    return _regressor(objective="reg:absoluteerror")


@model("xgboost.cox", data="diabetes", summary="survival: hazard ratios of the Cox model", **DIGITS)
def xgboost_cox() -> Any:
    return _regressor(objective="survival:cox")


@model("xgboost.base-score", data="diabetes", summary="the first guess is given", **DIGITS)
def xgboost_base_score() -> Any:
    return _regressor(base_score=100.0)


@model(
    "xgboost.base-score-binary",
    data="breast_cancer",
    summary="a probability as first guess",
    **DIGITS,
)
def xgboost_base_score_binary() -> Any:
    return _classifier(base_score=0.3)


@model(
    "xgboost.weights", data="breast_cancer", summary="rows weigh differently, classes too", **DIGITS
)
def xgboost_weights() -> Any:
    weigh = lambda X, y: {"sample_weight": [1.0 + row % 4 for row in range(len(X))]}  # noqa: E731
    return Fit(_classifier(scale_pos_weight=3.0), weigh)


@model("xgboost.monotone", data="diabetes", summary="may only rise with one column", **DIGITS)
def xgboost_monotone() -> Any:
    return _regressor(monotone_constraints="(0,0,1,-1)")


@model(
    "xgboost.interactions", data="diabetes", summary="which columns may meet in a tree", **DIGITS
)
def xgboost_interactions() -> Any:
    return _regressor(interaction_constraints="[[0, 1, 2], [2, 3, 4, 5]]", tree_method="hist")


@model(
    "xgboost.lossguide", data="wine.scaled", summary="grown leaf by leaf from histograms", **DIGITS
)
def xgboost_lossguide() -> Any:
    return _classifier(tree_method="hist", grow_policy="lossguide", max_leaves=5, max_bin=16)


@model("xgboost.exact", data="wine.scaled", summary="every split is tried", **DIGITS)
def xgboost_exact() -> Any:
    return _classifier(tree_method="exact")


@model(
    "xgboost.approx", data="wine.scaled", summary="splits from sketches of the columns", **DIGITS
)
def xgboost_approx() -> Any:
    return _classifier(tree_method="approx")


@model("xgboost.missing-zero", data="digits", summary="zero is declared to be missing", **DIGITS)
def xgboost_missing_zero() -> Any:
    return _classifier(missing=0.0)


@model(
    "xgboost.sparse",
    data="wine.sparse",
    summary="a sparse matrix, where zeros are missing",
    **DIGITS,
)
def xgboost_sparse() -> Any:
    return _classifier()


@model("xgboost.boosted-forest", data="wine.scaled", summary="three trees in each round", **DIGITS)
def xgboost_boosted_forest() -> Any:
    return _classifier(num_parallel_tree=3, subsample=0.6)


@model("xgboost.forest-regressor", data="diabetes", summary="a random forest, one number", **DIGITS)
def xgboost_forest_regressor() -> Any:
    return library("xgboost").XGBRFRegressor(**SMALL)


@model(
    "xgboost.linear-multiclass",
    data="wine.scaled",
    summary="boosted linear terms, classes",
    **DIGITS,
)
def xgboost_linear_multiclass() -> Any:
    few: Dict[str, Any] = {"n_estimators": 8, "random_state": 0, "n_jobs": 1}
    return library("xgboost").XGBClassifier(booster="gblinear", updater="coord_descent", **few)


@model(
    "xgboost.dart-multiclass",
    data="wine.scaled",
    summary="dropout, trees drawn by weight",
    **DIGITS,
)
def xgboost_dart_multiclass() -> Any:
    drop = {"sample_type": "weighted", "normalize_type": "forest", "rate_drop": 0.4}
    return _classifier(booster="dart", skip_drop=0.2, **drop)


@model(
    "xgboost.early-regressor", data="diabetes", summary="stops long before its last tree", **DIGITS
)
def xgboost_early_regressor() -> Any:
    many = dict(SMALL, n_estimators=60, learning_rate=0.9)
    kind, stop = library("xgboost").XGBRegressor, {"early_stopping_rounds": 8}
    if "early_stopping_rounds" in inspect.signature(kind.fit).parameters:  # until 2.0
        return Watched(kind(**many), lambda X, y: dict(eval_set(X, y), **stop))
    return Watched(kind(**many, **stop), eval_set)


@model(
    "xgboost.outputs-apart",
    data="diabetes.outputs",
    summary="two targets, trees for each",
    **DIGITS,
)
def xgboost_outputs_apart() -> Any:
    since("xgboost", "1.6", "several targets")
    return _regressor()


@model("xgboost.ranker-pairwise", data="iris", summary="ranks by pairs of rows", **DIGITS)
def xgboost_ranker_pairwise() -> Any:
    ranker = library("xgboost").XGBRanker(objective="rank:pairwise", **SMALL)
    by_row = "qid" in inspect.signature(ranker.fit).parameters  # since 1.4
    return Fit(ranker, groups("qid") if by_row else group_sizes)
