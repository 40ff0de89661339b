"""Neighbours: trees, brute force, metrics, centroids, densities."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("knn.distance", data="breast_cancer", summary="weighted by distance")
def knn_distance() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=7, weights="distance")


@model("knn.uniform", data="breast_cancer.names", summary="a vote of nine, string labels")
def knn_uniform() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=9, algorithm="brute")


@model("knn.kd-tree-cube", data="wine.scaled", summary="k-d tree, Minkowski with p = 3")
def knn_kd_tree_cube() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(
        n_neighbors=12, weights="distance", algorithm="kd_tree", leaf_size=10, p=3
    )


@model("knn.ball-tree-city", data="breast_cancer", summary="ball tree, city-block distance")
def knn_ball_tree_city() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(
        n_neighbors=6, weights="distance", algorithm="ball_tree", leaf_size=10, metric="manhattan"
    )


@model("knn.ball-tree-weighted", data="wine.scaled", summary="ball tree, standardised distance")
def knn_ball_tree_weighted() -> Any:
    import numpy as np
    from sklearn.neighbors import KNeighborsClassifier

    variances = {"V": np.array([1.0, 2.0, 0.5, 1.5, 1.0, 0.25])}
    return KNeighborsClassifier(
        n_neighbors=12,
        weights="distance",
        algorithm="ball_tree",
        metric="seuclidean",
        metric_params=variances,
    )


@model("knn.brute-cosine", data="digits", summary="brute force, cosine distance")
def knn_brute_cosine() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(
        n_neighbors=15, weights="distance", algorithm="brute", metric="cosine"
    )


@model("knn.sparse", data="wine.sparse", summary="brute force on a sparse matrix")
def knn_sparse() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=15, weights="distance")


@model("knn.precomputed", data="wine.distances", summary="distances computed by the caller")
def knn_precomputed() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=25, metric="precomputed")


@model("knn.multilabel", data="wine.labels", summary="three yes-or-no labels at once")
def knn_multilabel() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=5, weights="distance")


@model("knn.regressor", data="diabetes", summary="mean of neighbours")
def knn_regressor() -> Any:
    from sklearn.neighbors import KNeighborsRegressor

    return KNeighborsRegressor(n_neighbors=6, weights="distance", metric="canberra")


@model("knn.regressor-outputs", data="diabetes.outputs", summary="two targets")
def knn_regressor_outputs() -> Any:
    from sklearn.neighbors import KNeighborsRegressor

    return KNeighborsRegressor(n_neighbors=6)


@model(
    "radius.classifier", data="iris.names", summary="all within a radius; else an outlier's label"
)
def radius_classifier() -> Any:
    from sklearn.neighbors import RadiusNeighborsClassifier

    return RadiusNeighborsClassifier(radius=1.117, weights="distance", outlier_label="setosa")


@model("radius.regressor", data="diabetes.bmi", summary="mean within a radius")
def radius_regressor() -> Any:
    from sklearn.neighbors import RadiusNeighborsRegressor

    return RadiusNeighborsRegressor(radius=3.05, weights="distance")


@model("neighbors.kd-tree", data="wine.unlabelled", summary="neighbours alone, k-d tree")
def neighbors_kd_tree() -> Any:
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=4, algorithm="kd_tree", leaf_size=8)


@model("neighbors.transformer", data="wine.unlabelled", summary="a sparse graph of distances")
def neighbors_transformer() -> Any:
    from sklearn.neighbors import KNeighborsTransformer

    return KNeighborsTransformer(n_neighbors=4, mode="distance", algorithm="ball_tree")


@model("centroid.shrunk", data="breast_cancer", summary="nearest centroid, shrunk")
def centroid_shrunk() -> Any:
    from sklearn.neighbors import NearestCentroid

    return NearestCentroid(shrink_threshold=0.2)


@model("lof.novelty", data="wine.unlabelled", summary="local outliers, asked about new rows")
def lof_novelty() -> Any:
    from sklearn.neighbors import LocalOutlierFactor

    return LocalOutlierFactor(n_neighbors=10, novelty=True, contamination=0.1)


@model("density.kernel", data="iris.unlabelled", summary="kernel density in a k-d tree")
def density_kernel() -> Any:
    from sklearn.neighbors import KernelDensity

    return KernelDensity(bandwidth=0.4, kernel="gaussian", leaf_size=10)


@model("nca.linear", data="iris", summary="a learnt linear map for neighbours")
def nca_linear() -> Any:
    from sklearn.neighbors import NeighborhoodComponentsAnalysis

    return NeighborhoodComponentsAnalysis(n_components=2, max_iter=5, random_state=0)


@model("radius.transformer", data="iris.unlabelled", summary="a graph of those within a radius")
def radius_transformer() -> Any:
    from sklearn.neighbors import RadiusNeighborsTransformer

    return RadiusNeighborsTransformer(radius=0.605, mode="distance")
