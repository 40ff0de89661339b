"""XGBoost's estimators for scikit-learn: trees, trees with dropout, linear terms, forests."""

from __future__ import annotations

import inspect
from typing import Any, Dict

from ..registry import model
from ._api import library, since
from ._fits import Fit, Watched, eval_set, group_sizes, groups

SMALL: Dict[str, Any] = {"n_estimators": 8, "max_depth": 3, "random_state": 0, "n_jobs": 1}
DIGITS: Dict[str, Any] = {"rtol": 1e-6, "why": "it answers in float32, and so a score has 7 digits"}


@model("xgboost.binary", data="breast_cancer", summary="two classes, logistic loss", **DIGITS)
def xgboost_binary() -> Any:
    return library("xgboost").XGBClassifier(**SMALL)


@model("xgboost.multiclass", data="iris", summary="three classes, softmax", **DIGITS)
def xgboost_multiclass() -> Any:
    return library("xgboost").XGBClassifier(learning_rate=0.5, **SMALL)


@model("xgboost.multilabel", data="wine.labels", summary="three yes-or-no labels", **DIGITS)
def xgboost_multilabel() -> Any:
    return since("xgboost", "1.6", "several targets").XGBClassifier(**SMALL)


@model("xgboost.missing", data="breast_cancer.missing", summary="missing values", **DIGITS)
def xgboost_missing() -> Any:
    return library("xgboost").XGBClassifier(**SMALL)


@model("xgboost.categorical", data="codes", summary="two columns are categories", **DIGITS)
def xgboost_categorical() -> Any:
    kinds = ["c", "c", "q", "q", "q"]
    return since("xgboost", "1.7", "types of the columns of an array").XGBClassifier(
        enable_categorical=True, feature_types=kinds, max_cat_to_onehot=2, **SMALL
    )


@model("xgboost.early-stopping", data="breast_cancer", summary="stops by rows held out", **DIGITS)
def xgboost_early_stopping() -> Any:
    many = dict(SMALL, n_estimators=60, learning_rate=0.9)
    kind, stop = library("xgboost").XGBClassifier, {"early_stopping_rounds": 2}
    if "early_stopping_rounds" in inspect.signature(kind.fit).parameters:  # until 2.0
        return Watched(kind(**many), lambda X, y: dict(eval_set(X, y), **stop))
    return Watched(kind(**many, **stop), eval_set)


@model("xgboost.forest", data="wine.scaled", summary="a random forest, three classes", **DIGITS)
def xgboost_forest() -> Any:
    return library("xgboost").XGBRFClassifier(**SMALL)


@model(
    "xgboost.regressor",
    data="diabetes",
    summary="squared error, not the default parameters",
    **DIGITS,
)
def xgboost_regressor() -> Any:
    return library("xgboost").XGBRegressor(
        subsample=0.8, colsample_bytree=0.7, reg_alpha=0.5, reg_lambda=2.0, gamma=0.1, **SMALL
    )


@model("xgboost.poisson", data="diabetes", summary="Poisson loss", **DIGITS)
def xgboost_poisson() -> Any:
    return library("xgboost").XGBRegressor(objective="count:poisson", base_score=100.0, **SMALL)


@model("xgboost.quantiles", data="diabetes", summary="three quantiles at once", **DIGITS)
def xgboost_quantiles() -> Any:
    return since("xgboost", "2.0", "quantiles").XGBRegressor(
        objective="reg:quantileerror", quantile_alpha=[0.1, 0.5, 0.9], **SMALL
    )


@model(
    "xgboost.outputs",
    data="diabetes.outputs",
    summary="two targets, a vector in each leaf",
    **DIGITS,
)
def xgboost_outputs() -> Any:
    return since("xgboost", "2.0", "a vector in each leaf").XGBRegressor(
        multi_strategy="multi_output_tree", **SMALL
    )


@model("xgboost.dart", data="diabetes", summary="trees are dropped while boosting", **DIGITS)
def xgboost_dart() -> Any:
    return library("xgboost").XGBRegressor(booster="dart", rate_drop=0.3, **SMALL)


@model("xgboost.linear", data="diabetes", summary="boosted linear terms, no trees", **DIGITS)
def xgboost_linear() -> Any:
    few = {"n_estimators": 8, "random_state": 0, "n_jobs": 1}
    return library("xgboost").XGBRegressor(booster="gblinear", updater="coord_descent", **few)


@model("xgboost.ranker", data="iris", summary="ranks within groups of rows", **DIGITS)
def xgboost_ranker() -> Any:
    ranker = library("xgboost").XGBRanker(objective="rank:ndcg", **SMALL)
    by_row = "qid" in inspect.signature(ranker.fit).parameters  # since 1.4
    return Fit(ranker, groups("qid") if by_row else group_sizes)
