"""Linear regressors: least squares, shrinkage, robust and generalised."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import base, either, find


@model("linear.one", data="diabetes", summary="least squares")
def linear_one() -> Any:
    from sklearn.linear_model import LinearRegression

    return LinearRegression()


@model("linear.outputs", data="diabetes.outputs", summary="least squares, two targets")
def linear_outputs() -> Any:
    from sklearn.linear_model import LinearRegression

    return LinearRegression()


@model("ridge.one", data="diabetes", summary="ridge, Cholesky solver")
def ridge_one() -> Any:
    from sklearn.linear_model import Ridge

    return Ridge(alpha=3.0, solver="cholesky")


@model("ridge.outputs", data="linnerud", summary="ridge with a strength for each target")
def ridge_outputs() -> Any:
    import numpy as np
    from sklearn.linear_model import Ridge

    return Ridge(alpha=np.array([0.5, 1.0, 2.0]))


@model("ridge.classifier", data="wine.scaled", summary="ridge on class indicators")
def ridge_classifier() -> Any:
    from sklearn.linear_model import RidgeClassifier

    return RidgeClassifier(alpha=2.0, class_weight="balanced")


@model("ridge.cv-stored", data="diabetes", summary="leave-one-out ridge that keeps its errors")
def ridge_cv_stored() -> Any:
    from sklearn.linear_model import RidgeCV

    stored = either(RidgeCV, ("store_cv_results", "store_cv_values"), True)
    return RidgeCV(alphas=(0.5, 5.0, 50.0), **stored)


@model("lasso.one", data="diabetes", summary="lasso")
def lasso_one() -> Any:
    from sklearn.linear_model import Lasso

    return Lasso(alpha=0.8)


@model("lasso.cv", data="diabetes", summary="lasso, strength by cross-validation")
def lasso_cv() -> Any:
    from sklearn.linear_model import LassoCV

    return LassoCV(alphas=[0.5, 2.0, 8.0], cv=3)


@model("elasticnet.random", data="diabetes", summary="elastic net, random coordinate descent")
def elasticnet_random() -> Any:
    from sklearn.linear_model import ElasticNet

    return ElasticNet(alpha=0.5, l1_ratio=0.7, selection="random", random_state=0)


@model("elasticnet.multitask", data="diabetes.outputs", summary="elastic net, two targets jointly")
def elasticnet_multitask() -> Any:
    from sklearn.linear_model import MultiTaskElasticNet

    return MultiTaskElasticNet(alpha=0.5)


@model("lars.one", data="diabetes", summary="least angles")
def lars_one() -> Any:
    from sklearn.linear_model import Lars

    return Lars(n_nonzero_coefs=5)


@model("lars.lasso-ic", data="diabetes", summary="lasso path chosen by information criterion")
def lars_lasso_ic() -> Any:
    from sklearn.linear_model import LassoLarsIC

    return LassoLarsIC(criterion="bic")


@model("omp.one", data="diabetes", summary="orthogonal matching pursuit")
def omp_one() -> Any:
    from sklearn.linear_model import OrthogonalMatchingPursuit

    return OrthogonalMatchingPursuit(n_nonzero_coefs=4)


@model("bayesian-ridge.one", data="diabetes", summary="Bayesian ridge with scores")
def bayesian_ridge_one() -> Any:
    from sklearn.linear_model import BayesianRidge

    return BayesianRidge(compute_score=True)


@model("ard.one", data="diabetes", summary="automatic relevance determination")
def ard_one() -> Any:
    from sklearn.linear_model import ARDRegression

    return ARDRegression()


@model("huber.one", data="diabetes", summary="least squares that bears outliers")
def huber_one() -> Any:
    from sklearn.linear_model import HuberRegressor

    return HuberRegressor(epsilon=1.2, max_iter=300)


@model("theil-sen.one", data="diabetes.bmi", summary="median of slopes")
def theil_sen_one() -> Any:
    from sklearn.linear_model import TheilSenRegressor

    return TheilSenRegressor(max_subpopulation=200, random_state=0)


@model("ransac.one", data="diabetes.bmi", summary="consensus of random samples over ridge")
def ransac_one() -> Any:
    from sklearn.linear_model import RANSACRegressor, Ridge

    return RANSACRegressor(
        max_trials=10, min_samples=30, random_state=0, **base(RANSACRegressor, Ridge())
    )


@model("quantile-regression.one", data="diabetes.bmi", summary="the upper quartile, linear")
def quantile_regression_one() -> Any:
    return find("linear_model.QuantileRegressor")(quantile=0.75, alpha=0.01, solver="highs")


@model("glm.poisson", data="diabetes", summary="Poisson regression")
def glm_poisson() -> Any:
    return find("linear_model.PoissonRegressor")(alpha=0.1, max_iter=300)


@model("glm.gamma", data="diabetes", summary="gamma regression")
def glm_gamma() -> Any:
    return find("linear_model.GammaRegressor")(alpha=0.1, max_iter=300)


@model("glm.tweedie", data="diabetes", summary="Tweedie regression, power 1.5, logarithmic link")
def glm_tweedie() -> Any:
    return find("linear_model.TweedieRegressor")(power=1.5, link="log", alpha=0.1, max_iter=300)
