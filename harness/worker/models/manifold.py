"""Manifolds that can place new rows."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("isomap.neighbors", data="wine.unlabelled", summary="distances along a graph")
def isomap_neighbors() -> Any:
    from sklearn.manifold import Isomap

    return Isomap(n_neighbors=12, n_components=2, eigen_solver="dense", path_method="D")


@model("lle.standard", data="wine.unlabelled", summary="locally linear embedding")
def lle_standard() -> Any:
    from sklearn.manifold import LocallyLinearEmbedding

    return LocallyLinearEmbedding(
        n_neighbors=10, n_components=2, eigen_solver="dense", random_state=0
    )


@model("lle.modified", data="wine.unlabelled", summary="its modified method")
def lle_modified() -> Any:
    from sklearn.manifold import LocallyLinearEmbedding

    return LocallyLinearEmbedding(
        n_neighbors=10, n_components=2, method="modified", eigen_solver="dense", random_state=0
    )
