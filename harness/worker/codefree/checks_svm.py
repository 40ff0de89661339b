"""What libsvm relies on: it is given pointers, and takes the lengths for granted."""

from __future__ import annotations

from typing import Any

from . import classes
from .expect import array, between, columns, held, require, whole

KERNELS = ("linear", "poly", "rbf", "sigmoid")


def classifier(model: Any) -> None:
    """SVC and NuSVC: as many of everything as there are classes, and pairs of them."""
    if "support_vectors_" not in vars(model):
        return  # not fitted, and then nothing of it reaches libsvm
    counts = array(held(model, "_n_support"), "_n_support", "<i4", [None])
    require(len(held(model, "classes_")) == len(counts) >= 2, "other classes than of the vectors")
    between(counts, "_n_support", 0, 1 << 31)
    _vectors(model, len(counts), int(counts.sum()))


def regressor(model: Any) -> None:
    """SVR, NuSVR and OneClassSVM: as if there were two classes."""
    if "support_vectors_" in vars(model):
        array(held(model, "_n_support"), "_n_support", "<i4", [2])
        _vectors(model, 2, len(held(model, "support_")))


def _vectors(model: Any, classes_: int, vectors: int) -> None:
    pairs = classes_ * (classes_ - 1) // 2
    array(held(model, "support_"), "support_", "<i4", [vectors])
    array(held(model, "_intercept_"), "_intercept_", "<f8", [pairs])
    first = held(model, "_probA")
    given = pairs if getattr(first, "size", 0) else 0
    array(first, "_probA", "<f8", [given])
    array(held(model, "_probB"), "_probB", "<f8", [given])
    sparse = held(model, "_sparse")
    require(type(sparse) is bool, "_sparse is neither true nor false")
    if sparse:
        _sparse(model, classes_, vectors, given)
    else:
        _dense(model, classes_, vectors)


def _dense(model: Any, classes_: int, vectors: int) -> None:
    array(held(model, "_dual_coef_"), "_dual_coef_", "<f8", [classes_ - 1, vectors], "C")
    found = held(model, "support_vectors_")
    kernel = held(model, "kernel")
    if type(kernel) is str and kernel in KERNELS:
        array(found, "support_vectors_", "<f8", [vectors, columns(model)], "C")
        return
    shape = held(model, "shape_fit_")
    require(isinstance(shape, tuple) and len(shape) == 2, "no shape_fit_")
    rows = whole(shape[0], "shape_fit_", 1, 1 << 31)
    between(held(model, "support_"), "support_", 0, rows)
    array(found, "support_vectors_", "<f8", [None, None])
    if kernel == "precomputed":
        require(columns(model) == rows, "other columns than rows that it was fitted on")
        return
    name = classes.constant_name(kernel) or ""
    known = name.startswith("sklearn.metrics.pairwise.")  # a name from our own list
    require(known, "the kernel is no function of sklearn.metrics.pairwise")
    array(held(model, "_BaseLibSVM__Xfit"), "what it was fitted on", "<f8", [rows, None])


def _sparse(model: Any, classes_: int, vectors: int, given: int) -> None:
    """A model that says it has probabilities makes libsvm copy them, whether they are there."""
    import scipy.sparse

    kernel = held(model, "kernel")
    require(type(kernel) is str and kernel in KERNELS, "no kernel for sparse rows")
    found, weights = held(model, "support_vectors_"), held(model, "_dual_coef_")
    for part, width in ((found, columns(model)), (weights, vectors)):
        rows = getattr(part, "format", "") == "csr" and scipy.sparse.issparse(part)
        require(rows and part.dtype.str == "<f8", "the vectors are no sparse rows")
        require(part.shape[1] == width, "the vectors have other columns")
    require(found.shape[0] == vectors, "other vectors than it says")
    require(len(weights.data) == (classes_ - 1) * vectors, "other coefficients than vectors")
    for name in ("_effective_probability", "probability"):  # the one is read, or the other
        chance = vars(model).get(name, False)
        known = chance is False or (given and chance is True) or type(chance) is str
        require(known, "it says that it has probabilities and has none")
