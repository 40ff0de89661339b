"""Gaussian processes, whose kernels are objects inside the model."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("gpr.rbf-noise", data="diabetes.bmi", summary="constant x RBF + noise, fitted, normalised")
def gpr_rbf_noise() -> Any:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    kernel = ConstantKernel(1.0) * RBF(10.0) + WhiteKernel(1.0)
    return GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)


@model("gpr.matern-outputs", data="linnerud", summary="Matern, three targets, kernel kept fixed")
def gpr_matern_outputs() -> Any:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Matern

    return GaussianProcessRegressor(
        Matern(40.0, nu=1.5), alpha=0.5, optimizer=None, normalize_y=True
    )


@model("gpr.quadratic", data="diabetes.bmi", summary="rational quadratic + dot product, fixed")
def gpr_quadratic() -> Any:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import DotProduct, RationalQuadratic

    kernel = RationalQuadratic(5.0, alpha=0.5) + DotProduct(1.0)
    return GaussianProcessRegressor(kernel, alpha=10.0, optimizer=None)


@model("gpc.binary", data="iris.binary", summary="two classes")
def gpc_binary() -> Any:
    from sklearn.gaussian_process import GaussianProcessClassifier
    from sklearn.gaussian_process.kernels import RBF

    return GaussianProcessClassifier(4.0 * RBF(1.5), optimizer=None, random_state=0)


@model("gpc.multiclass", data="iris.names", summary="one process for each word")
def gpc_multiclass() -> Any:
    from sklearn.gaussian_process import GaussianProcessClassifier
    from sklearn.gaussian_process.kernels import RBF

    return GaussianProcessClassifier(2.0 * RBF(2.0), optimizer=None, random_state=0)
