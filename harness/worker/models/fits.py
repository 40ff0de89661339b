"""Fitted in another way than at once: in parts, with weights for the rows, twice to go on."""

from __future__ import annotations

from typing import Any, Dict

from ..registry import model
from ._fits import Fit

PART = 30  # rows that are learnt at a time


class InParts:
    """An estimator that learns some rows after the others; the object itself is what is saved."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, X: Any, y: Any = None) -> Any:
        labels = {} if y is None or y.dtype.kind == "f" else {"classes": sorted(set(y.tolist()))}
        for start in range(0, len(X), PART):
            rows = slice(start, start + PART)
            target = () if y is None else (y[rows],)
            self.estimator.partial_fit(X[rows], *target, **labels)
        return self.estimator


class Twice:
    """An estimator that goes on, with other parameters, from where its first fit has ended."""

    def __init__(self, estimator: Any, **then: Any) -> None:
        self.estimator = estimator
        self.then = then

    def fit(self, X: Any, y: Any) -> Any:
        return self.estimator.fit(X, y).set_params(**self.then).fit(X, y)


def weights(X: Any, y: Any) -> Dict[str, Any]:
    """A weight for each row, from a quarter to two."""
    return {"sample_weight": [0.25 + (row * 7 % 8) / 4.0 for row in range(len(X))]}


@model("sgd.in-parts", data="wine.scaled", summary="gradient descent, some rows at a time")
def sgd_in_parts() -> Any:
    from sklearn.linear_model import SGDClassifier

    return InParts(SGDClassifier(alpha=0.01, random_state=0))


@model("gnb.in-parts", data="iris", summary="Gaussian Bayes, some rows at a time")
def gnb_in_parts() -> Any:
    from sklearn.naive_bayes import GaussianNB

    return InParts(GaussianNB())


@model("mlp.in-parts", data="wine.scaled", summary="a network, some rows at a time")
def mlp_in_parts() -> Any:
    from sklearn.neural_network import MLPClassifier

    return InParts(MLPClassifier(hidden_layer_sizes=(4,), random_state=0))


@model("kmeans.in-parts", data="wine.unlabelled", summary="k-means, some rows at a time")
def kmeans_in_parts() -> Any:
    from sklearn.cluster import MiniBatchKMeans

    return InParts(MiniBatchKMeans(n_clusters=3, n_init=1, random_state=0))


@model("birch.in-parts", data="iris.unlabelled", summary="a tree of clusters, some rows at a time")
def birch_in_parts() -> Any:
    from sklearn.cluster import Birch

    return InParts(Birch(threshold=0.4, n_clusters=3))


@model("scaler.in-parts", data="wine.unlabelled", summary="means and scales, some rows at a time")
def scaler_in_parts() -> Any:
    from sklearn.preprocessing import StandardScaler

    return InParts(StandardScaler())


@model("pca.in-parts", data="digits.unlabelled", summary="components, some rows at a time")
def pca_in_parts() -> Any:
    from sklearn.decomposition import IncrementalPCA

    return InParts(IncrementalPCA(n_components=4))


@model("logreg.weighted", data="breast_cancer", summary="logistic regression, rows with weights")
def logreg_weighted() -> Any:
    from sklearn.linear_model import LogisticRegression

    return Fit(LogisticRegression(C=0.1, max_iter=300), weights)


@model("svc.weighted", data="iris.binary", summary="support vectors, rows with weights")
def svc_weighted() -> Any:
    from sklearn.svm import SVC

    return Fit(SVC(gamma=0.5), weights)


@model("tree.weighted", data="wine.scaled", summary="a tree, rows with weights")
def tree_weighted() -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return Fit(DecisionTreeClassifier(max_depth=3, random_state=0), weights)


@model("forest.weighted", data="diabetes", summary="a forest, rows with weights")
def forest_weighted() -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return Fit(RandomForestRegressor(n_estimators=8, max_depth=4, random_state=0), weights)


@model("histgb.weighted", data="diabetes", summary="histogram boosting, rows with weights")
def histgb_weighted() -> Any:
    from ._api import at_least, enable, require

    require(0, 23, "histogram boosting with weights")
    if not at_least(1, 0):
        enable("hist_gradient_boosting")
    from sklearn.ensemble import HistGradientBoostingRegressor

    boost = HistGradientBoostingRegressor(max_iter=8, max_leaf_nodes=6, random_state=0)
    return Fit(boost, weights)


@model("ridge.weighted", data="diabetes", summary="ridge, rows with weights")
def ridge_weighted() -> Any:
    from sklearn.linear_model import Ridge

    return Fit(Ridge(alpha=2.0), weights)


@model("isotonic.weighted", data="diabetes.bmi", summary="isotonic, rows with weights")
def isotonic_weighted() -> Any:
    from sklearn.isotonic import IsotonicRegression

    from ._api import require

    require(0, 24, "isotonic regression on a column")
    return Fit(IsotonicRegression(out_of_bounds="clip"), weights)


@model("gb.warm", data="breast_cancer", summary="boosting that went on with more trees")
def gb_warm() -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    first = GradientBoostingClassifier(
        n_estimators=4, max_depth=2, warm_start=True, subsample=0.8, random_state=0
    )
    return Twice(first, n_estimators=9)


@model("forest.warm", data="wine.scaled", summary="a forest that went on with more trees")
def forest_warm() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    first = RandomForestClassifier(
        n_estimators=4, min_samples_leaf=4, warm_start=True, random_state=0
    )
    return Twice(first, n_estimators=9)


@model("logreg.warm", data="wine.scaled", summary="logistic regression that went on from before")
def logreg_warm() -> Any:
    from sklearn.linear_model import LogisticRegression

    return Twice(LogisticRegression(C=0.1, max_iter=300, warm_start=True), C=0.5)
