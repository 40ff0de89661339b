"""Discriminant analysis."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("lda.svd", data="wine.scaled", summary="linear, by SVD")
def lda_svd() -> Any:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    return LinearDiscriminantAnalysis(n_components=1, store_covariance=True)


@model("lda.shrunk", data="breast_cancer.names", summary="linear, shrunk, by eigenvalues")
def lda_shrunk() -> Any:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    return LinearDiscriminantAnalysis(solver="eigen", shrinkage="auto")


@model("qda.multiclass", data="wine.scaled", summary="quadratic, regularised")
def qda_multiclass() -> Any:
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

    return QuadraticDiscriminantAnalysis(reg_param=0.3)


@model("qda.covariance", data="iris.binary", summary="quadratic, covariances kept")
def qda_covariance() -> Any:
    from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

    return QuadraticDiscriminantAnalysis(reg_param=0.5, store_covariance=True)
