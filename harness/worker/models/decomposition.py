"""Decompositions, and topics."""

from __future__ import annotations

from typing import Any

from .. import registry
from ..registry import model
from ._api import at_least, either, find, only


@model("pca.full", data="wine.unlabelled", summary="principal components")
def pca_full() -> Any:
    from sklearn.decomposition import PCA

    return PCA(n_components=4, svd_solver="full")


@model("pca.whiten-variance", data="digits.unlabelled", summary="as many as explain 80 %, whitened")
def pca_whiten_variance() -> Any:
    from sklearn.decomposition import PCA

    return PCA(n_components=0.8, whiten=True, svd_solver="full")


@model("pca.randomized", data="digits.unlabelled", summary="randomised solver")
def pca_randomized() -> Any:
    from sklearn.decomposition import PCA

    return PCA(n_components=5, svd_solver="randomized", iterated_power=3, random_state=0)


@model("pca.incremental", data="digits.unlabelled", summary="principal components in batches")
def pca_incremental() -> Any:
    from sklearn.decomposition import IncrementalPCA

    return IncrementalPCA(n_components=5, batch_size=60, whiten=True)


@model("pca.kernel", data="iris.unlabelled", summary="RBF kernel, with the way back")
def pca_kernel() -> Any:
    from sklearn.decomposition import KernelPCA

    return KernelPCA(
        n_components=3, kernel="rbf", gamma=0.3, fit_inverse_transform=True, eigen_solver="dense"
    )


@model("pca.kernel-cosine", data="digits.unlabelled", summary="cosine kernel")
def pca_kernel_cosine() -> Any:
    from sklearn.decomposition import KernelPCA

    return KernelPCA(n_components=4, kernel="cosine", eigen_solver="dense")


@model("pca.sparse", data="wine.unlabelled", summary="components with zeros")
def pca_sparse() -> Any:
    from sklearn.decomposition import SparsePCA

    return SparsePCA(n_components=3, alpha=1.0, max_iter=20, random_state=0)


@model("svd.truncated", data="digits.sparse", summary="truncated, on a sparse matrix")
def svd_truncated() -> Any:
    from sklearn.decomposition import TruncatedSVD

    return TruncatedSVD(n_components=5, random_state=0)


@model("nmf.coordinate", data="digits.unlabelled", summary="non-negative factors")
def nmf_coordinate() -> Any:
    from sklearn.decomposition import NMF

    return NMF(n_components=4, init="nndsvda", max_iter=60, tol=1e-2, random_state=0)


@model("nmf.multiplicative", data="digits.counts", summary="Kullback-Leibler loss")
def nmf_multiplicative() -> Any:
    from sklearn.decomposition import NMF

    return NMF(
        n_components=3,
        solver="mu",
        beta_loss="kullback-leibler",
        init="random",
        max_iter=30,
        tol=1e-2,
        random_state=0,
    )


@model("nmf.minibatch", data="digits.unlabelled", summary="non-negative factors in batches")
def nmf_minibatch() -> Any:
    return find("decomposition.MiniBatchNMF")(
        n_components=4, init="nndsvda", batch_size=60, max_iter=5, random_state=0
    )


@model("ica.fast", data="wine.unlabelled", summary="independent components")
def ica_fast() -> Any:
    from sklearn.decomposition import FastICA

    whiten = "unit-variance" if at_least(1, 1) else True
    return FastICA(n_components=3, whiten=whiten, random_state=0)


@model("factor-analysis.varimax", data="wine.unlabelled", summary="factors, rotated")
def factor_analysis_varimax() -> Any:
    from sklearn.decomposition import FactorAnalysis

    rotation = only(FactorAnalysis, rotation="varimax")
    return FactorAnalysis(n_components=2, random_state=0, **rotation)


@model("topics.lda", data="digits.counts", summary="latent Dirichlet topics")
def topics_lda() -> Any:
    from sklearn.decomposition import LatentDirichletAllocation

    return LatentDirichletAllocation(
        n_components=3, max_iter=3, max_doc_update_iter=15, random_state=0
    )


@model("dictionary.omp", data="wine.unlabelled", summary="a learnt dictionary, sparse codes")
def dictionary_omp() -> Any:
    from sklearn.decomposition import DictionaryLearning

    return DictionaryLearning(
        n_components=3, alpha=1.0, max_iter=3, transform_algorithm="omp", random_state=0
    )


@model("dictionary.minibatch", data="wine.unlabelled", summary="a dictionary learnt in batches")
def dictionary_minibatch() -> Any:
    from sklearn.decomposition import MiniBatchDictionaryLearning

    rounds = either(MiniBatchDictionaryLearning, ("max_iter", "n_iter"), 2)
    return MiniBatchDictionaryLearning(n_components=3, batch_size=64, random_state=0, **rounds)


@model("pca.sparse-minibatch", data="wine.unlabelled", summary="sparse, small batches")
def pca_sparse_minibatch() -> Any:
    from sklearn.decomposition import MiniBatchSparsePCA

    return MiniBatchSparsePCA(n_components=3, alpha=0.5, random_state=0)


@model("coder.threshold", data="wine.unlabelled", summary="codes by a given dictionary")
def coder_threshold() -> Any:
    from sklearn.decomposition import SparseCoder

    words = registry.data("wine.unlabelled").X[:5]
    return SparseCoder(words, transform_algorithm="threshold", transform_alpha=0.5)
