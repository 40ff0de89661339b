"""Holes filled."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import enable, find


@model("impute.mean", data="diabetes.missing", summary="the mean of the column")
def impute_mean() -> Any:
    from sklearn.impute import SimpleImputer

    return SimpleImputer()


@model(
    "impute.median-indicator", data="iris.missing", summary="the median, and columns that say so"
)
def impute_median_indicator() -> Any:
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="median", add_indicator=True)


@model("impute.constant", data="diabetes.missing", summary="a fixed number")
def impute_constant() -> Any:
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="constant", fill_value=-9.5)


@model("impute.most-frequent", data="mixed", summary="the commonest value, in a table of objects")
def impute_most_frequent() -> Any:
    from sklearn.impute import SimpleImputer

    return SimpleImputer(strategy="most_frequent")


@model("impute.indicator", data="diabetes.missing", summary="only where the holes are, sparse")
def impute_indicator() -> Any:
    from sklearn.impute import MissingIndicator

    return MissingIndicator(sparse=True, error_on_new=False)


@model("impute.knn", data="breast_cancer.missing", summary="from the nearest rows")
def impute_knn() -> Any:
    from sklearn.impute import KNNImputer

    return KNNImputer(n_neighbors=4, weights="distance")


@model("impute.iterative", data="iris.missing", summary="from the other columns, in rounds")
def impute_iterative() -> Any:
    enable("iterative_imputer")
    return find("impute.IterativeImputer")(max_iter=4, tol=0.01, random_state=0)


@model("impute.iterative-trees", data="iris.missing", summary="the same with a tree, descending")
def impute_iterative_trees() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    enable("iterative_imputer")
    tree = DecisionTreeRegressor(max_depth=3, random_state=0)
    return find("impute.IterativeImputer")(
        tree, max_iter=2, tol=0.5, imputation_order="descending", random_state=0
    )
