"""Single trees, whose nodes gained fields for missing values and monotonic constraints."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import at_least, only, require


@model("tree.classifier", data="breast_cancer", summary="two classes, mixed leaves")
def tree_classifier() -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(min_samples_leaf=14, random_state=0)


@model("tree.multiclass", data="wine.scaled", summary="three classes, entropy, by number of leaves")
def tree_multiclass() -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(criterion="entropy", max_leaf_nodes=6, random_state=0)


@model("tree.string-labels", data="breast_cancer.names", summary="classes that are words, weighted")
def tree_string_labels() -> Any:
    from sklearn.tree import DecisionTreeClassifier

    weights = {"benign": 0.8, "malignant": 1.5}
    return DecisionTreeClassifier(min_samples_leaf=10, class_weight=weights, random_state=0)


@model("tree.outputs", data="iris.outputs", summary="two targets with three and two classes")
def tree_outputs() -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(min_samples_leaf=6, random_state=0)


@model("tree.missing", data="breast_cancer.missing", summary="missing values in the rows")
def tree_missing() -> Any:
    from sklearn.tree import DecisionTreeClassifier

    require(1, 3, "trees that take missing values")
    return DecisionTreeClassifier(min_samples_leaf=14, random_state=0)


@model("tree.missing-regressor", data="diabetes.missing", summary="missing values, a number")
def tree_missing_regressor() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    require(1, 3, "trees that take missing values")
    return DecisionTreeRegressor(min_samples_leaf=14, random_state=0)


@model("tree.monotonic", data="breast_cancer", summary="forced to fall with two of the columns")
def tree_monotonic() -> Any:
    from sklearn.tree import DecisionTreeClassifier

    signs = only(DecisionTreeClassifier, monotonic_cst=[0, -1, 0, 0, -1, 0, 0, 0, 0, 0])
    return DecisionTreeClassifier(min_samples_leaf=14, random_state=0, **signs)


@model("tree.regressor", data="diabetes", summary="a number, pruned by cost")
def tree_regressor() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    return DecisionTreeRegressor(ccp_alpha=30.0, min_samples_leaf=4, random_state=0)


@model("tree.regressor-outputs", data="linnerud", summary="three targets")
def tree_regressor_outputs() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    return DecisionTreeRegressor(max_depth=3, random_state=0)


@model("tree.absolute-error", data="diabetes", summary="medians in the leaves")
def tree_absolute_error() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    criterion = "absolute_error" if at_least(1, 0) else "mae"
    return DecisionTreeRegressor(criterion=criterion, max_depth=4, random_state=0)


@model("tree.poisson", data="diabetes", summary="half Poisson deviance")
def tree_poisson() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    require(0, 24, "trees with Poisson deviance")
    return DecisionTreeRegressor(criterion="poisson", max_depth=4, random_state=0)


@model("tree.extra", data="wine.scaled", summary="one extremely randomised tree")
def tree_extra() -> Any:
    from sklearn.tree import ExtraTreeClassifier

    return ExtraTreeClassifier(min_samples_leaf=5, random_state=0)


@model("tree.extra-regressor", data="diabetes", summary="one extremely randomised tree, a number")
def tree_extra_regressor() -> Any:
    from sklearn.tree import ExtraTreeRegressor

    return ExtraTreeRegressor(max_depth=4, random_state=0)
