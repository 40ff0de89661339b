"""Labels spread over a graph."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("label-propagation.rbf", data="iris.few-labels", summary="labels propagated, RBF kernel")
def label_propagation_rbf() -> Any:
    from sklearn.semi_supervised import LabelPropagation

    return LabelPropagation(gamma=2.0, max_iter=200, tol=1e-2)


@model("label-spreading.knn", data="wine.few-labels", summary="labels spread to neighbours")
def label_spreading_knn() -> Any:
    from sklearn.semi_supervised import LabelSpreading

    return LabelSpreading(kernel="knn", n_neighbors=7, alpha=0.3)
