"""Isotonic regression, which keeps a function of SciPy inside."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import require


@model("isotonic.clip", data="diabetes.bmi", summary="rising, clipped outside")
def isotonic_clip() -> Any:
    from sklearn.isotonic import IsotonicRegression

    require(0, 24, "isotonic regression on a column")
    return IsotonicRegression(y_min=60.0, out_of_bounds="clip")


@model("isotonic.nan", data="diabetes.bmi", summary="direction found, no answer outside")
def isotonic_nan() -> Any:
    from sklearn.isotonic import IsotonicRegression

    require(0, 24, "isotonic regression on a column")
    return IsotonicRegression(increasing="auto", out_of_bounds="nan")
