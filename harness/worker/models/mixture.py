"""Mixtures of Gaussians."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("mixture.full", data="iris.unlabelled", summary="three Gaussians, full covariances")
def mixture_full() -> Any:
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(n_components=3, max_iter=20, tol=0.01, reg_covar=0.05, random_state=0)


@model("mixture.tied", data="wine.unlabelled", summary="one covariance for all")
def mixture_tied() -> Any:
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(
        n_components=2,
        covariance_type="tied",
        init_params="random",
        max_iter=20,
        tol=0.01,
        random_state=0,
    )


@model("mixture.bayesian", data="wine.unlabelled", summary="as many as are needed, diagonal")
def mixture_bayesian() -> Any:
    from sklearn.mixture import BayesianGaussianMixture

    return BayesianGaussianMixture(
        n_components=4, covariance_type="diag", max_iter=30, tol=0.1, random_state=0
    )
