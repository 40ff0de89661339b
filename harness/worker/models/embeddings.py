"""What only places or groups the rows that it was fitted on: asked for what it has found."""

from __future__ import annotations

import operator
from typing import Any, Callable, Dict

from .. import registry
from ..registry import model
from ._api import find


def _kept(*names: str) -> Dict[str, Callable[[Any], Any]]:
    """Questions for attributes of the fitted model."""
    return {name: operator.attrgetter(name) for name in names}


def _rows(name: str = "iris.unlabelled") -> Any:
    return registry.data(name).X[:60]


PLACES = _kept("embedding_", "n_features_in_")
GROUPS = _kept("row_labels_", "column_labels_", "rows_", "columns_")


@model("mds.metric", asks=_kept("embedding_", "stress_"), summary="multidimensional scaling")
def mds_metric() -> Any:
    from sklearn.manifold import MDS

    return MDS(n_components=2, n_init=1, max_iter=30, random_state=0).fit(_rows())


@model("mds.classical", asks=PLACES, summary="classical scaling, by eigenvectors")
def mds_classical() -> Any:
    return find("manifold.ClassicalMDS")(n_components=2).fit(_rows())


@model("spectral.embedding", asks=_kept("embedding_", "affinity_matrix_"), summary="spectral map")
def spectral_embedding() -> Any:
    from sklearn.manifold import SpectralEmbedding

    return SpectralEmbedding(n_components=2, affinity="rbf", random_state=0).fit(_rows())


@model("tsne.exact", asks=_kept("embedding_", "kl_divergence_"), summary="t-SNE, exact gradient")
def tsne_exact() -> Any:
    from sklearn.manifold import TSNE

    plain = {"init": "random", "learning_rate": 100.0, "method": "exact", "random_state": 0}
    return TSNE(n_components=2, perplexity=10.0, **plain).fit(_rows())


@model("bicluster.spectral", asks=GROUPS, summary="rows and columns in a checkerboard")
def bicluster_spectral() -> Any:
    from sklearn.cluster import SpectralBiclustering

    rows = abs(_rows("digits.unlabelled")) + 1.0
    return SpectralBiclustering(n_clusters=(3, 2), random_state=0).fit(rows)


@model("bicluster.cocluster", asks=GROUPS, summary="rows and columns in blocks")
def bicluster_cocluster() -> Any:
    from sklearn.cluster import SpectralCoclustering

    rows = abs(_rows("digits.unlabelled")) + 1.0
    return SpectralCoclustering(n_clusters=3, random_state=0).fit(rows)


def _patches(extractor: Any) -> Any:
    """All patches of ten pictures of digits, eight pixels wide."""
    return extractor.transform(registry.data("digits.pictures").ask[:10].reshape(-1, 8, 8))


@model("patches.all", asks={"transform": _patches}, summary="patches of pictures")
def patches_all() -> Any:
    from sklearn.feature_extraction.image import PatchExtractor

    pictures = registry.data("digits.pictures").X[:20].reshape(-1, 8, 8)
    return PatchExtractor(patch_size=(3, 3)).fit(pictures)
