"""Partial least squares and its relatives, several targets at once."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("pls.regression", data="linnerud", summary="PLS, three targets")
def pls_regression() -> Any:
    from sklearn.cross_decomposition import PLSRegression

    return PLSRegression(n_components=2)


@model("pls.one", data="diabetes", summary="PLS, one target")
def pls_one() -> Any:
    from sklearn.cross_decomposition import PLSRegression

    return PLSRegression(n_components=3)


@model("pls.canonical", data="linnerud", summary="canonical PLS")
def pls_canonical() -> Any:
    from sklearn.cross_decomposition import PLSCanonical

    return PLSCanonical(n_components=2)


@model("pls.svd", data="linnerud", summary="cross-covariance decomposed once")
def pls_svd() -> Any:
    from sklearn.cross_decomposition import PLSSVD

    return PLSSVD(n_components=2)


@model("pls.cca", data="diabetes.outputs", summary="canonical correlation")
def pls_cca() -> Any:
    from sklearn.cross_decomposition import CCA

    return CCA(n_components=1)
