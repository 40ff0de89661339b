"""Covariances and the outliers that they tell."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("elliptic.robust", data="iris.unlabelled", summary="outliers of a robust ellipse")
def elliptic_robust() -> Any:
    from sklearn.covariance import EllipticEnvelope

    return EllipticEnvelope(contamination=0.1, support_fraction=0.9, random_state=0)


@model("covariance.ledoit-wolf", data="wine.unlabelled", summary="a shrunk covariance")
def covariance_ledoit_wolf() -> Any:
    from sklearn.covariance import LedoitWolf

    return LedoitWolf()


@model("covariance.empirical", data="wine.unlabelled", summary="the covariance as it is")
def covariance_empirical() -> Any:
    from sklearn.covariance import EmpiricalCovariance

    return EmpiricalCovariance()


@model("covariance.shrunk", data="wine.unlabelled", summary="a covariance shrunk by a fifth")
def covariance_shrunk() -> Any:
    from sklearn.covariance import ShrunkCovariance

    return ShrunkCovariance(shrinkage=0.2)


@model("covariance.oracle", data="wine.unlabelled", summary="shrunk by the oracle approximation")
def covariance_oracle() -> Any:
    from sklearn.covariance import OAS

    return OAS()


@model("covariance.robust", data="iris.unlabelled", summary="minimum covariance determinant")
def covariance_robust() -> Any:
    from sklearn.covariance import MinCovDet

    return MinCovDet(support_fraction=0.9, random_state=0)


@model("covariance.lasso", data="wine.unlabelled", summary="a sparse precision")
def covariance_lasso() -> Any:
    from sklearn.covariance import GraphicalLasso

    return GraphicalLasso(alpha=0.2)


@model("covariance.lasso-cv", data="iris.unlabelled", summary="the same, by cross-validation")
def covariance_lasso_cv() -> Any:
    from sklearn.covariance import GraphicalLassoCV

    return GraphicalLassoCV(alphas=[0.1, 0.3], cv=3)
