"""LightGBM's estimators away from their defaults: losses, sampling, constraints, missing values."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import library, since
from ._fits import Fit, Watched, group_sizes
from .lightgbms import SMALL, _watched


def _regressor(**more: Any) -> Any:
    return library("lightgbm").LGBMRegressor(**dict(SMALL, **more))


def _classifier(**more: Any) -> Any:
    return library("lightgbm").LGBMClassifier(**dict(SMALL, **more))


@model("lightgbm.l1", data="diabetes", summary="absolute error, medians in the leaves")
def lightgbm_l1() -> Any:
    return _regressor(objective="regression_l1")


@model("lightgbm.huber", data="diabetes", summary="Huber loss")
def lightgbm_huber() -> Any:
    return _regressor(objective="huber", alpha=30.0)


@model("lightgbm.fair", data="diabetes", summary="Fair loss")
def lightgbm_fair() -> Any:
    return _regressor(objective="fair", fair_c=20.0)


@model("lightgbm.mape", data="diabetes", summary="error relative to the target")
def lightgbm_mape() -> Any:
    return _regressor(objective="mape")


@model("lightgbm.gamma", data="diabetes", summary="gamma loss")
def lightgbm_gamma() -> Any:
    return _regressor(objective="gamma")


@model("lightgbm.tweedie", data="diabetes", summary="Tweedie loss of a power that is not default")
def lightgbm_tweedie() -> Any:
    return _regressor(objective="tweedie", tweedie_variance_power=1.3)


@model("lightgbm.square-root", data="diabetes", summary="squared error of square roots")
def lightgbm_square_root() -> Any:
    return _regressor(reg_sqrt=True)


@model("lightgbm.cross-entropy", data="breast_cancer", summary="a regressor of probabilities")
def lightgbm_cross_entropy() -> Any:
    return _regressor(objective="cross_entropy")


@model("lightgbm.sigmoid", data="breast_cancer", summary="a steeper logistic curve, no first guess")
def lightgbm_sigmoid() -> Any:
    return _classifier(sigmoid=2.0, boost_from_average=False)


@model("lightgbm.unbalanced", data="breast_cancer", summary="classes weigh as they are frequent")
def lightgbm_unbalanced() -> Any:
    return _classifier(is_unbalance=True)


@model("lightgbm.weights", data="breast_cancer", summary="rows weigh differently")
def lightgbm_weights() -> Any:
    weigh = lambda X, y: {"sample_weight": [1.0 + row % 4 for row in range(len(X))]}  # noqa: E731
    return Fit(_classifier(), weigh)


@model("lightgbm.goss", data="diabetes", summary="rows of small gradients are sampled")
def lightgbm_goss() -> Any:
    return _regressor(boosting_type="goss", learning_rate=0.5, top_rate=0.3, other_rate=0.2)


@model("lightgbm.extra-trees", data="wine.scaled", summary="one random threshold for each column")
def lightgbm_extra_trees() -> Any:
    since("lightgbm", "3.0", "random thresholds")
    return _classifier(extra_trees=True, extra_seed=3)


@model("lightgbm.smooth", data="diabetes", summary="leaves lean on their parents")
def lightgbm_smooth() -> Any:
    since("lightgbm", "3.0", "smoothing along a path")
    return _regressor(path_smooth=4.0)


@model("lightgbm.quantised", data="diabetes", summary="gradients in a few bits")
def lightgbm_quantised() -> Any:
    since("lightgbm", "4.4", "gradients in a few bits that hold with so few rows")
    return _regressor(use_quantized_grad=True, num_grad_quant_bins=16)


@model("lightgbm.monotone", data="diabetes", summary="may only rise with one column")
def lightgbm_monotone() -> Any:
    return _regressor(monotone_constraints=[0, 0, 1, -1] + [0] * 6)


@model("lightgbm.zero-missing", data="digits", summary="zero is declared to be missing")
def lightgbm_zero_missing() -> Any:
    return _classifier(zero_as_missing=True)


@model("lightgbm.no-missing", data="breast_cancer.missing", summary="missing values count as zero")
def lightgbm_no_missing() -> Any:
    return _classifier(use_missing=False)


@model("lightgbm.sparse", data="wine.sparse", summary="a sparse matrix")
def lightgbm_sparse() -> Any:
    return _classifier()


@model("lightgbm.one-hot", data="codes", summary="categories split off one by one")
def lightgbm_one_hot() -> Any:
    return Fit(
        _classifier(min_data_per_group=5, max_cat_to_onehot=30),
        lambda X, y: {"categorical_feature": [0, 1]},
    )


@model("lightgbm.dart-multiclass", data="wine.scaled", summary="dropout of trees, three classes")
def lightgbm_dart_multiclass() -> Any:
    return _classifier(boosting_type="dart", drop_rate=0.5, skip_drop=0.2, uniform_drop=True)


@model("lightgbm.linear-classifier", data="wine.scaled", summary="linear leaves, three classes")
def lightgbm_linear_classifier() -> Any:
    since("lightgbm", "3.2", "linear models in its leaves")
    return _classifier(linear_tree=True, linear_lambda=0.1)


@model("lightgbm.linear-missing", data="diabetes.missing", summary="linear leaves, missing values")
def lightgbm_linear_missing() -> Any:
    since("lightgbm", "3.2", "linear models in its leaves")
    return _regressor(linear_tree=True, linear_lambda=0.1)


@model("lightgbm.early-regressor", data="diabetes", summary="stops long before its last tree")
def lightgbm_early_regressor() -> Any:
    many = dict(SMALL, n_estimators=60, learning_rate=0.9, early_stopping_rounds=8)
    model = library("lightgbm").LGBMRegressor(**many)
    return Watched(model, lambda X, y: _watched(model, X, y))


@model("lightgbm.xendcg", data="iris", summary="ranks by a loss with random numbers")
def lightgbm_xendcg() -> Any:
    return Fit(
        library("lightgbm").LGBMRanker(objective="rank_xendcg", objective_seed=7, **SMALL),
        group_sizes,
    )
