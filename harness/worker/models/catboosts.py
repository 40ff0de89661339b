"""CatBoost's estimators: symmetric trees, categories by statistics of the target."""

from __future__ import annotations

from typing import Any, Dict

from ..registry import model
from ._api import library
from ._fits import Fit, Watched, eval_set, groups

SMALL: Dict[str, Any] = {
    "iterations": 8,
    "depth": 3,
    "random_seed": 0,
    "thread_count": 1,
    "allow_writing_files": False,
    "verbose": False,
}


@model("catboost.binary", data="breast_cancer", summary="two classes, logistic loss")
def catboost_binary() -> Any:
    return library("catboost").CatBoostClassifier(**SMALL)


@model("catboost.multiclass", data="iris.names", summary="three classes with names")
def catboost_multiclass() -> Any:
    return library("catboost").CatBoostClassifier(learning_rate=0.5, **SMALL)


@model("catboost.multilabel", data="wine.labels", summary="three yes-or-no labels")
def catboost_multilabel() -> Any:
    return library("catboost").CatBoostClassifier(loss_function="MultiLogloss", **SMALL)


@model("catboost.missing", data="breast_cancer.missing", summary="missing values")
def catboost_missing() -> Any:
    return library("catboost").CatBoostClassifier(**SMALL)


@model("catboost.categorical", data="mixed", summary="three columns of words, three of numbers")
def catboost_categorical() -> Any:
    return library("catboost").CatBoostClassifier(cat_features=[3, 4, 5], **SMALL)


@model("catboost.early-stopping", data="breast_cancer", summary="stops by rows held out")
def catboost_early_stopping() -> Any:
    many = dict(SMALL, iterations=60, learning_rate=0.9)
    return Watched(
        library("catboost").CatBoostClassifier(early_stopping_rounds=2, **many), eval_set
    )


@model("catboost.regressor", data="diabetes", summary="squared error, not the default parameters")
def catboost_regressor() -> Any:
    return library("catboost").CatBoostRegressor(
        l2_leaf_reg=5.0, rsm=0.7, bootstrap_type="Bernoulli", subsample=0.8, **SMALL
    )


@model("catboost.poisson", data="diabetes", summary="Poisson loss")
def catboost_poisson() -> Any:
    return library("catboost").CatBoostRegressor(loss_function="Poisson", **SMALL)


@model("catboost.quantiles", data="diabetes", summary="three quantiles at once")
def catboost_quantiles() -> Any:
    loss = "MultiQuantile:alpha=0.1,0.5,0.9"
    return library("catboost").CatBoostRegressor(loss_function=loss, **SMALL)


@model("catboost.outputs", data="diabetes.outputs", summary="two targets")
def catboost_outputs() -> Any:
    return library("catboost").CatBoostRegressor(loss_function="MultiRMSE", **SMALL)


@model("catboost.leaf-by-leaf", data="wine.scaled", summary="trees that are not symmetric")
def catboost_leaf_by_leaf() -> Any:
    few = {name: value for name, value in SMALL.items() if name != "depth"}
    return library("catboost").CatBoostClassifier(
        grow_policy="Lossguide", max_leaves=6, min_data_in_leaf=5, **few
    )


@model("catboost.ranker", data="iris", summary="ranks within groups of rows")
def catboost_ranker() -> Any:
    return Fit(library("catboost").CatBoostRanker(**SMALL), groups("group_id"))
