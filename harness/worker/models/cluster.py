"""Clusterers; those without `predict` are kept for their attributes."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import either, find, only


@model("kmeans.lloyd", data="wine.unlabelled", summary="k-means, Lloyd")
def kmeans_lloyd() -> Any:
    from sklearn.cluster import KMeans

    return KMeans(n_clusters=4, n_init=2, random_state=0)


@model("kmeans.elkan", data="iris.unlabelled", summary="k-means, Elkan, random start")
def kmeans_elkan() -> Any:
    from sklearn.cluster import KMeans

    return KMeans(n_clusters=3, init="random", algorithm="elkan", n_init=2, random_state=0)


@model("kmeans.minibatch", data="wine.unlabelled", summary="k-means in small batches")
def kmeans_minibatch() -> Any:
    from sklearn.cluster import MiniBatchKMeans

    return MiniBatchKMeans(n_clusters=4, batch_size=64, n_init=2, max_iter=10, random_state=0)


@model("kmeans.bisecting", data="wine.unlabelled", summary="a tree of two-means")
def kmeans_bisecting() -> Any:
    return find("cluster.BisectingKMeans")(n_clusters=4, random_state=0)


@model("dbscan.euclidean", data="iris.unlabelled", summary="dense regions")
def dbscan_euclidean() -> Any:
    from sklearn.cluster import DBSCAN

    return DBSCAN(eps=0.5, min_samples=4)


@model("hdbscan.leaf", data="iris.unlabelled", summary="dense regions of varying density")
def hdbscan_leaf() -> Any:
    cls = find("cluster.HDBSCAN")
    return cls(min_cluster_size=8, cluster_selection_method="leaf", copy=True)


@model("optics.xi", data="iris.unlabelled", summary="an order of reachability")
def optics_xi() -> Any:
    from sklearn.cluster import OPTICS

    return OPTICS(min_samples=8, max_eps=1.5)


@model("agglomerative.average", data="iris.unlabelled", summary="a tree by average city-block link")
def agglomerative_average() -> Any:
    from sklearn.cluster import AgglomerativeClustering

    metric = either(AgglomerativeClustering, ("metric", "affinity"), "manhattan")
    return AgglomerativeClustering(n_clusters=3, linkage="average", **metric)


@model("agglomerative.features", data="digits.unlabelled", summary="columns merged into groups")
def agglomerative_features() -> Any:
    from sklearn.cluster import FeatureAgglomeration

    return FeatureAgglomeration(n_clusters=5)


@model("birch.tree", data="iris.unlabelled", summary="a tree of cluster features")
def birch_tree() -> Any:
    from sklearn.cluster import Birch

    return Birch(threshold=0.6, branching_factor=12, n_clusters=3)


@model("meanshift.flat", data="iris.unlabelled", summary="peaks of density")
def meanshift_flat() -> Any:
    from sklearn.cluster import MeanShift

    return MeanShift(bandwidth=1.2, bin_seeding=True, min_bin_freq=3)


@model("affinity.preference", data="iris.unlabelled", summary="exemplars by message passing")
def affinity_preference() -> Any:
    from sklearn.cluster import AffinityPropagation

    return AffinityPropagation(
        preference=-20.0, damping=0.7, **only(AffinityPropagation, random_state=0)
    )


@model("spectral.rbf", data="iris.unlabelled", summary="spectral clustering")
def spectral_rbf() -> Any:
    from sklearn.cluster import SpectralClustering

    return SpectralClustering(n_clusters=3, gamma=1.0, n_init=2, random_state=0)
