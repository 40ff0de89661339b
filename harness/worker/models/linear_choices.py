"""Linear models that choose their own strength, or one for several targets."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("elasticnet.cv", data="diabetes", summary="elastic net, by cross-validation")
def elasticnet_cv() -> Any:
    from sklearn.linear_model import ElasticNetCV

    return ElasticNetCV(l1_ratio=[0.3, 0.8], eps=0.05, cv=3)


@model("lars.cv", data="diabetes", summary="least angles, length by cross-validation")
def lars_cv() -> Any:
    from sklearn.linear_model import LarsCV

    return LarsCV(max_iter=8, cv=3)


@model("lars.lasso", data="diabetes", summary="lasso along least angles")
def lars_lasso() -> Any:
    from sklearn.linear_model import LassoLars

    return LassoLars(alpha=0.8)


@model("lars.lasso-cv", data="diabetes", summary="the same, by cross-validation")
def lars_lasso_cv() -> Any:
    from sklearn.linear_model import LassoLarsCV

    return LassoLarsCV(max_iter=8, cv=3)


@model("lasso.multitask", data="diabetes.outputs", summary="lasso, two targets together")
def lasso_multitask() -> Any:
    from sklearn.linear_model import MultiTaskLasso

    return MultiTaskLasso(alpha=0.8)


@model("lasso.multitask-cv", data="diabetes.outputs", summary="the same, by cross-validation")
def lasso_multitask_cv() -> Any:
    from sklearn.linear_model import MultiTaskLassoCV

    return MultiTaskLassoCV(eps=0.05, cv=3)


@model(
    "elasticnet.multitask-cv",
    data="diabetes.outputs",
    summary="elastic net, two targets, cross-validation",
)
def elasticnet_multitask_cv() -> Any:
    from sklearn.linear_model import MultiTaskElasticNetCV

    return MultiTaskElasticNetCV(l1_ratio=0.5, eps=0.05, cv=3)


@model("omp.cv", data="diabetes", summary="orthogonal matching pursuit, by cross-validation")
def omp_cv() -> Any:
    from sklearn.linear_model import OrthogonalMatchingPursuitCV

    return OrthogonalMatchingPursuitCV(cv=3)


@model("ridge.classifier-cv", data="wine.scaled", summary="ridge on indicators, cross-validated")
def ridge_classifier_cv() -> Any:
    from sklearn.linear_model import RidgeClassifierCV

    return RidgeClassifierCV(alphas=(0.5, 5.0, 50.0))


@model("passive-aggressive.regressor", data="diabetes", summary="passive-aggressive, one target")
def passive_aggressive_regressor() -> Any:
    from sklearn.linear_model import PassiveAggressiveRegressor

    return PassiveAggressiveRegressor(C=0.1, random_state=0)
