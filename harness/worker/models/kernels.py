"""Kernel ridge, approximations of kernels and random projections."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import find


@model("kernel-ridge.rbf", data="diabetes", summary="ridge in an RBF kernel")
def kernel_ridge_rbf() -> Any:
    from sklearn.kernel_ridge import KernelRidge

    return KernelRidge(alpha=0.5, kernel="rbf", gamma=0.02)


@model("kernel-ridge.outputs", data="diabetes.outputs", summary="polynomial kernel, two targets")
def kernel_ridge_outputs() -> Any:
    from sklearn.kernel_ridge import KernelRidge

    return KernelRidge(alpha=5.0, kernel="polynomial", degree=2, gamma=0.05)


@model("nystroem.rbf", data="wine.unlabelled", summary="a kernel by some of its rows")
def nystroem_rbf() -> Any:
    from sklearn.kernel_approximation import Nystroem

    return Nystroem(gamma=0.1, n_components=12, random_state=0)


@model("sampler.rbf", data="wine.unlabelled", summary="random cosines for an RBF kernel")
def sampler_rbf() -> Any:
    from sklearn.kernel_approximation import RBFSampler

    return RBFSampler(gamma=0.2, n_components=12, random_state=0)


@model("sampler.additive-chi2", data="digits.counts", summary="a chi-squared kernel sampled")
def sampler_additive_chi2() -> Any:
    from sklearn.kernel_approximation import AdditiveChi2Sampler

    return AdditiveChi2Sampler(sample_steps=2)


@model("sampler.skewed-chi2", data="digits.counts", summary="a skewed chi-squared kernel sampled")
def sampler_skewed_chi2() -> Any:
    from sklearn.kernel_approximation import SkewedChi2Sampler

    return SkewedChi2Sampler(skewedness=0.5, n_components=10, random_state=0)


@model("sampler.polynomial", data="wine.unlabelled", summary="a polynomial kernel by count sketch")
def sampler_polynomial() -> Any:
    return find("kernel_approximation.PolynomialCountSketch")(
        degree=2, n_components=16, random_state=0
    )


@model("projection.gaussian", data="digits.unlabelled", summary="random Gaussian directions")
def projection_gaussian() -> Any:
    from sklearn.random_projection import GaussianRandomProjection

    return GaussianRandomProjection(n_components=6, random_state=0)


@model("projection.sparse", data="digits.sparse", summary="random sparse directions")
def projection_sparse() -> Any:
    from sklearn.random_projection import SparseRandomProjection

    return SparseRandomProjection(n_components=6, density=0.3, random_state=0)
