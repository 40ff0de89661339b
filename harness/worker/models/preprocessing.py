"""Scalers and transformations of numbers."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import at_least, find, only


@model("scaler.standard", data="wine", summary="mean 0, deviation 1")
def scaler_standard() -> Any:
    from sklearn.preprocessing import StandardScaler

    return StandardScaler()


@model("scaler.robust", data="diabetes.missing", summary="median and quantiles, with holes")
def scaler_robust() -> Any:
    from sklearn.preprocessing import RobustScaler

    return RobustScaler(quantile_range=(10.0, 90.0))


@model("scaler.minmax", data="wine", summary="between -1 and 1, clipped")
def scaler_minmax() -> Any:
    from sklearn.preprocessing import MinMaxScaler

    return MinMaxScaler((-1, 1), **only(MinMaxScaler, clip=True))


@model("scaler.maxabs-sparse", data="digits.sparse", summary="largest value 1, sparse")
def scaler_maxabs_sparse() -> Any:
    from sklearn.preprocessing import MaxAbsScaler

    return MaxAbsScaler()


@model("scaler.normalizer", data="wine", summary="rows of length 1")
def scaler_normalizer() -> Any:
    from sklearn.preprocessing import Normalizer

    return Normalizer(norm="l1")


@model("scaler.binarizer", data="wine", summary="above a threshold or not")
def scaler_binarizer() -> Any:
    from sklearn.preprocessing import Binarizer

    return Binarizer(threshold=2.3)


@model("quantile.normal", data="wine", summary="ranks to a normal distribution")
def quantile_normal() -> Any:
    from sklearn.preprocessing import QuantileTransformer

    return QuantileTransformer(n_quantiles=20, output_distribution="normal", random_state=0)


@model("quantile.uniform-missing", data="diabetes.missing", summary="ranks, subsampled, with holes")
def quantile_uniform_missing() -> Any:
    from sklearn.preprocessing import QuantileTransformer

    return QuantileTransformer(n_quantiles=15, subsample=100, random_state=0)


@model("power.yeo-johnson", data="diabetes", summary="powers, any sign")
def power_yeo_johnson() -> Any:
    from sklearn.preprocessing import PowerTransformer

    return PowerTransformer()


@model("power.box-cox", data="wine", summary="powers of positive values, not standardised")
def power_box_cox() -> Any:
    from sklearn.preprocessing import PowerTransformer

    return PowerTransformer(method="box-cox", standardize=False)


@model("kbins.onehot", data="wine", summary="quantile bins, sparse indicators")
def kbins_onehot() -> Any:
    from sklearn.preprocessing import KBinsDiscretizer

    return KBinsDiscretizer(n_bins=4, encode="onehot", strategy="quantile", **_kbins())


@model("kbins.ordinal", data="wine", summary="bins by k-means, numbered")
def kbins_ordinal() -> Any:
    from sklearn.preprocessing import KBinsDiscretizer

    return KBinsDiscretizer(n_bins=3, encode="ordinal", strategy="kmeans", **_kbins())


def _kbins() -> Any:
    """All rows and the old rule for quantiles, where these must be asked for."""
    quantiles = {"quantile_method": "linear"} if at_least(1, 7) else {}
    return dict(quantiles, subsample=None) if at_least(1, 3) else quantiles


@model("spline.linear", data="diabetes.bmi", summary="cubic splines, linear outside")
def spline_linear() -> Any:
    return find("preprocessing.SplineTransformer")(
        n_knots=4, knots="quantile", extrapolation="linear"
    )


@model("spline.periodic", data="wine", summary="quadratic splines that come round")
def spline_periodic() -> Any:
    return find("preprocessing.SplineTransformer")(
        n_knots=4, degree=2, extrapolation="periodic", include_bias=False
    )


@model("polynomial.interactions", data="iris", summary="products of columns")
def polynomial_interactions() -> Any:
    from sklearn.preprocessing import PolynomialFeatures

    return PolynomialFeatures(degree=3, interaction_only=True, include_bias=False)


@model("function.log1p", data="wine", summary="functions of NumPy, there and back")
def function_log1p() -> Any:
    import numpy as np
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer(np.log1p, inverse_func=np.expm1, validate=True)


@model("function.keywords", data="wine", summary="a function of NumPy with arguments")
def function_keywords() -> Any:
    import numpy as np
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer(np.clip, kw_args={"a_min": 1.0, "a_max": 12.5}, check_inverse=False)


@model("kernel.centerer", data="iris.kernel", summary="a kernel matrix, centred")
def kernel_centerer() -> Any:
    from sklearn.preprocessing import KernelCenterer

    return KernelCenterer()
