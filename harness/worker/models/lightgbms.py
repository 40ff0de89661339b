"""LightGBM's estimators for scikit-learn: trees grown leaf by leaf, and what else it boosts."""

from __future__ import annotations

import inspect
from typing import Any, Dict

from ..registry import model
from ._api import library, since
from ._fits import Fit, Watched, group_sizes

SMALL: Dict[str, Any] = {
    "n_estimators": 8,
    "num_leaves": 6,
    "min_child_samples": 8,
    "random_state": 0,
    "n_jobs": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


@model("lightgbm.binary", data="breast_cancer.names", summary="two classes with names")
def lightgbm_binary() -> Any:
    return library("lightgbm").LGBMClassifier(**SMALL)


@model("lightgbm.multiclass", data="iris", summary="three classes, softmax")
def lightgbm_multiclass() -> Any:
    return library("lightgbm").LGBMClassifier(learning_rate=0.3, class_weight="balanced", **SMALL)


@model("lightgbm.ova", data="wine.scaled", summary="three classes, each against the others")
def lightgbm_ova() -> Any:
    return library("lightgbm").LGBMClassifier(objective="multiclassova", **SMALL)


@model("lightgbm.missing", data="breast_cancer.missing", summary="missing values")
def lightgbm_missing() -> Any:
    return library("lightgbm").LGBMClassifier(**SMALL)


@model("lightgbm.categorical", data="codes", summary="two columns are categories")
def lightgbm_categorical() -> Any:
    return Fit(
        library("lightgbm").LGBMClassifier(min_data_per_group=5, max_cat_to_onehot=2, **SMALL),
        lambda X, y: {"categorical_feature": [0, 1]},
    )


@model("lightgbm.early-stopping", data="breast_cancer", summary="stops by rows held out")
def lightgbm_early_stopping() -> Any:
    many = dict(SMALL, n_estimators=60, learning_rate=0.9)
    model = library("lightgbm").LGBMClassifier(early_stopping_rounds=2, **many)
    return Watched(model, lambda X, y: _watched(model, X, y))


def _watched(model: Any, X: Any, y: Any) -> Dict[str, Any]:
    """The rows to stop by; `eval_set` is on its way out since 4.7."""
    if "eval_X" in inspect.signature(model.fit).parameters:
        return {"eval_X": X, "eval_y": y}
    return {"eval_set": [(X, y)]}


@model("lightgbm.regressor", data="diabetes", summary="squared error, not the default parameters")
def lightgbm_regressor() -> Any:
    return library("lightgbm").LGBMRegressor(
        subsample=0.8, subsample_freq=1, colsample_bytree=0.7, reg_alpha=0.5, reg_lambda=2, **SMALL
    )


@model("lightgbm.poisson", data="diabetes", summary="Poisson loss")
def lightgbm_poisson() -> Any:
    return library("lightgbm").LGBMRegressor(objective="poisson", **SMALL)


@model("lightgbm.quantile", data="diabetes", summary="the upper decile")
def lightgbm_quantile() -> Any:
    return library("lightgbm").LGBMRegressor(objective="quantile", alpha=0.9, **SMALL)


@model("lightgbm.dart", data="diabetes", summary="trees are dropped while boosting")
def lightgbm_dart() -> Any:
    return library("lightgbm").LGBMRegressor(boosting_type="dart", drop_rate=0.3, **SMALL)


@model("lightgbm.forest", data="wine.scaled", summary="a random forest, three classes")
def lightgbm_forest() -> Any:
    return library("lightgbm").LGBMClassifier(
        boosting_type="rf", subsample=0.7, subsample_freq=1, colsample_bytree=0.7, **SMALL
    )


@model("lightgbm.linear-tree", data="diabetes", summary="a linear model in each leaf")
def lightgbm_linear_tree() -> Any:
    return since("lightgbm", "3.2", "linear models in its leaves").LGBMRegressor(
        linear_tree=True, linear_lambda=0.1, **SMALL
    )


@model("lightgbm.ranker", data="iris", summary="ranks within groups of rows")
def lightgbm_ranker() -> Any:
    return Fit(library("lightgbm").LGBMRanker(**SMALL), group_sizes)
