"""Selection of columns."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import find


@model("select.kbest", data="wine", summary="the best by F test")
def select_kbest() -> Any:
    from sklearn.feature_selection import SelectKBest, f_classif

    return SelectKBest(f_classif, k=5)


@model("select.percentile-chi2", data="digits.sparse", summary="the best third by chi-squared")
def select_percentile_chi2() -> Any:
    from sklearn.feature_selection import SelectPercentile, chi2

    return SelectPercentile(chi2, percentile=33)


@model("select.false-discovery", data="diabetes", summary="by false discovery rate")
def select_false_discovery() -> Any:
    from sklearn.feature_selection import SelectFdr, f_regression

    return SelectFdr(f_regression, alpha=0.01)


@model("select.variance", data="digits", summary="columns that vary")
def select_variance() -> Any:
    from sklearn.feature_selection import VarianceThreshold

    return VarianceThreshold(threshold=20.0)


@model("select.from-lasso", data="diabetes", summary="columns with a coefficient")
def select_from_lasso() -> Any:
    from sklearn.feature_selection import SelectFromModel
    from sklearn.linear_model import Lasso

    return SelectFromModel(Lasso(alpha=3.0), threshold="1.1*mean")


@model("select.rfe", data="breast_cancer", summary="recursive elimination, asked for classes too")
def select_rfe() -> Any:
    from sklearn.feature_selection import RFE
    from sklearn.linear_model import LogisticRegression

    return RFE(LogisticRegression(C=0.2), n_features_to_select=4, step=2)


@model("select.rfe-cv", data="diabetes", summary="recursive elimination by cross-validation")
def select_rfe_cv() -> Any:
    from sklearn.feature_selection import RFECV
    from sklearn.linear_model import Ridge

    return RFECV(Ridge(), step=3, cv=2)


@model("select.sequential", data="iris", summary="columns added one by one")
def select_sequential() -> Any:
    from sklearn.naive_bayes import GaussianNB

    cls = find("feature_selection.SequentialFeatureSelector")
    return cls(GaussianNB(), n_features_to_select=2, cv=2)


@model("select.false-positive", data="diabetes", summary="columns by their false positive rate")
def select_false_positive() -> Any:
    from sklearn.feature_selection import SelectFpr, f_regression

    return SelectFpr(f_regression, alpha=0.01)


@model("select.family-error", data="diabetes", summary="columns by the family-wise error")
def select_family_error() -> Any:
    from sklearn.feature_selection import SelectFwe, f_regression

    return SelectFwe(f_regression, alpha=0.01)


@model("select.generic", data="wine", summary="columns by a strategy that is a parameter")
def select_generic() -> Any:
    from sklearn.feature_selection import GenericUnivariateSelect, f_classif

    return GenericUnivariateSelect(f_classif, mode="k_best", param=5)
