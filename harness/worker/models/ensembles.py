"""Forests, bagging, AdaBoost and isolation forests."""

from __future__ import annotations

from typing import Any, Dict

from ..registry import Absent, model
from ._api import at_least, base, require


@model("forest.classifier", data="breast_cancer", summary="random forest, two classes")
def forest_classifier() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=10, max_depth=4, random_state=0)


@model("forest.multiclass", data="wine.scaled", summary="entropy, balanced in every sample")
def forest_multiclass() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        n_estimators=8,
        criterion="entropy",
        class_weight="balanced_subsample",
        min_samples_leaf=3,
        random_state=0,
    )


@model(
    "forest.string-labels", data="iris.names", summary="classes that are words, out-of-bag score"
)
def forest_string_labels() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        n_estimators=16, min_samples_leaf=6, oob_score=True, warm_start=True, random_state=3
    )


@model("forest.multilabel", data="wine.labels", summary="three yes-or-no labels at once")
def forest_multilabel() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=6, max_depth=4, random_state=0)


@model("forest.missing", data="breast_cancer.missing", summary="missing values in the rows")
def forest_missing() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    require(1, 4, "forests that take missing values")
    return RandomForestClassifier(n_estimators=8, max_depth=4, random_state=0)


@model("forest.regressor", data="diabetes", summary="random forest, a number")
def forest_regressor() -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(n_estimators=8, max_depth=5, max_features=0.5, random_state=0)


@model("forest.regressor-outputs", data="diabetes.outputs", summary="two targets")
def forest_regressor_outputs() -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(n_estimators=6, max_depth=5, max_samples=0.7, random_state=0)


@model("extratrees.classifier", data="wine.scaled", summary="extremely randomised trees")
def extratrees_classifier() -> Any:
    from sklearn.ensemble import ExtraTreesClassifier

    return ExtraTreesClassifier(n_estimators=8, min_samples_leaf=3, random_state=0)


@model("extratrees.regressor", data="diabetes", summary="extremely randomised trees, a number")
def extratrees_regressor() -> Any:
    from sklearn.ensemble import ExtraTreesRegressor

    return ExtraTreesRegressor(n_estimators=8, max_depth=5, random_state=0)


@model("extratrees.missing", data="diabetes.missing", summary="missing values in the rows")
def extratrees_missing() -> Any:
    from sklearn.ensemble import ExtraTreesRegressor

    require(1, 6, "extremely randomised trees that take missing values")
    return ExtraTreesRegressor(n_estimators=6, max_depth=5, random_state=0)


@model("bagging.trees", data="breast_cancer", summary="bagged trees on part of rows and columns")
def bagging_trees() -> Any:
    from sklearn.ensemble import BaggingClassifier
    from sklearn.tree import DecisionTreeClassifier

    tree = base(BaggingClassifier, DecisionTreeClassifier(max_depth=4))
    return BaggingClassifier(
        n_estimators=6, max_samples=0.7, max_features=0.6, random_state=0, **tree
    )


@model("bagging.knn", data="wine.scaled", summary="bagged neighbours, drawn without return")
def bagging_knn() -> Any:
    from sklearn.ensemble import BaggingClassifier
    from sklearn.neighbors import KNeighborsClassifier

    knn = base(BaggingClassifier, KNeighborsClassifier(n_neighbors=9))
    return BaggingClassifier(
        n_estimators=4, max_samples=0.5, bootstrap=False, random_state=0, **knn
    )


@model("bagging.default", data="diabetes", summary="bagged regression trees, nothing named")
def bagging_default() -> Any:
    from sklearn.ensemble import BaggingRegressor

    return BaggingRegressor(n_estimators=6, max_features=0.5, random_state=0)


def _samme() -> Dict[str, Any]:
    """SAMME is all there is since 1.6, where the parameter lost its meaning and then went."""
    return {} if at_least(1, 6) else {"algorithm": "SAMME"}


@model("adaboost.samme", data="wine.scaled", summary="AdaBoost by labels (SAMME)")
def adaboost_samme() -> Any:
    from sklearn.ensemble import AdaBoostClassifier
    from sklearn.tree import DecisionTreeClassifier

    stump = base(AdaBoostClassifier, DecisionTreeClassifier(max_depth=2))
    return AdaBoostClassifier(
        n_estimators=8, learning_rate=0.8, random_state=0, **stump, **_samme()
    )


@model("adaboost.samme-r", data="wine.scaled", summary="AdaBoost by probabilities (SAMME.R)")
def adaboost_samme_r() -> Any:
    from sklearn.ensemble import AdaBoostClassifier

    if at_least(1, 6):
        raise Absent("this scikit-learn has no AdaBoost by probabilities (SAMME.R)")
    return AdaBoostClassifier(n_estimators=6, algorithm="SAMME.R", random_state=0)


@model("adaboost.regressor", data="diabetes", summary="AdaBoost, exponential loss")
def adaboost_regressor() -> Any:
    from sklearn.ensemble import AdaBoostRegressor

    return AdaBoostRegressor(n_estimators=6, loss="exponential", random_state=0)


@model("isolation-forest.auto", data="wine.unlabelled", summary="isolation forest")
def isolation_forest_auto() -> Any:
    from sklearn.ensemble import IsolationForest

    return IsolationForest(n_estimators=10, random_state=0)


@model(
    "isolation-forest.contamination", data="digits.unlabelled", summary="threshold from the data"
)
def isolation_forest_contamination() -> Any:
    from sklearn.ensemble import IsolationForest

    return IsolationForest(
        n_estimators=8, max_samples=64, contamination=0.1, bootstrap=True, random_state=0
    )


@model(
    "trees-embedding.sparse", data="iris.unlabelled", summary="leaves of random trees as columns"
)
def trees_embedding_sparse() -> Any:
    from sklearn.ensemble import RandomTreesEmbedding

    return RandomTreesEmbedding(n_estimators=6, max_depth=3, random_state=0)
