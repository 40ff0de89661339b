"""What neighbours and clusters rely on."""

from __future__ import annotations

from typing import Any, Callable, List

from . import classes, made
from .expect import array, between, columns, held, require, whole

CFNODE, SUBCLUSTER = "sklearn.cluster._birch._CFNode", "sklearn.cluster._birch._CFSubcluster"
NODE = "sklearn.cluster._bisect_k_means._BisectingTree"
WAYS = {"brute": "", "kd_tree": "KDTree", "ball_tree": "BallTree"}


def neighbours(model: Any) -> None:
    """The rows that it was fitted on have the columns that it is asked about."""
    import numpy
    import scipy.sparse

    if "_fit_method" not in vars(model):
        return
    rows = held(model, "_fit_X")
    good = type(rows) is numpy.ndarray or getattr(rows, "format", "") == "csr"
    require(good and len(rows.shape) == 2, "what it was fitted on is no table")
    require(rows.shape[1] == columns(model), "it was fitted on other columns than it says")
    count = whole(held(model, "n_samples_fit_"), "n_samples_fit_", 1, 1 << 40)
    require(count == rows.shape[0], "it was fitted on other rows than it says")
    require(scipy.sparse.issparse(rows) or rows.dtype.kind in "biuf", "it was fitted on no numbers")
    for name in ("metric_params", "effective_metric_params_"):
        _metric(vars(model).get(name), rows.shape[1])
    way, tree = held(model, "_fit_method"), held(model, "_tree")
    require(type(way) is str and way in WAYS, "no way to find neighbours")
    if WAYS[way]:
        require(made.name(tree).endswith("." + WAYS[way]), "_tree is none")
        require(tree.data.shape == rows.shape, "the tree has other rows")
    else:
        require(tree is None, "a tree that is not used")
    wanted = vars(model).get("n_neighbors")
    if wanted is not None:
        whole(wanted, "n_neighbors", 0, count + 10000)  # so much room is made for each row
    labels = vars(model).get("_y")
    if type(model).__name__.endswith("Classifier"):
        _labels(model, labels, count)


def _metric(given: Any, wide: int) -> None:
    """Arrays of a metric have as many columns as the rows."""
    for key in ("V", "VI", "w"):
        value = (given or {}).get(key)
        require(value is None or value.shape[0] == wide, "the keyword %s has another length" % key)


def _labels(model: Any, labels: Any, count: int) -> None:
    """Counted up in C by their numbers."""
    import numpy

    require(type(labels) is numpy.ndarray and len(labels) == count, "_y has other rows")
    if labels.ndim == 1:
        array(labels, "_y", "<i8", [count])
        between(labels, "_y", 0, len(held(model, "classes_")))


def centres(model: Any) -> None:
    """Distances to the centres are taken over as many columns as the rows have."""
    if "cluster_centers_" in vars(model):
        _centres(model.cluster_centers_, columns(model), 2)


def _centres(found: Any, wide: int, axes: int) -> None:
    import numpy

    require(type(found) is numpy.ndarray and found.dtype.str in ("<f4", "<f8"), "no centres")
    require(found.ndim == axes and found.shape[-1] == wide and len(found), "no centres of clusters")


def bisecting(model: Any) -> None:
    """A tree of clusters; each has a centre with the columns of the rows."""
    centres(model)
    pending, seen = [vars(model).get("_bisecting_tree")], set()
    while pending:
        node = pending.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        require(classes.class_name(node) == NODE, "a node of the clusters is none")
        _centres(held(node, "center"), columns(model), 1)
        pending += [vars(node).get("left"), vars(node).get("right")]


def birch(model: Any) -> None:
    """The lengths of the centres are given to code in C beside the centres."""
    if "subcluster_centers_" in vars(model):
        found = model.subcluster_centers_
        _centres(found, columns(model), 2)
        array(held(model, "_subcluster_norms"), "_subcluster_norms", "<f8", [len(found)])
    dummy = vars(model).get("dummy_leaf_")
    if dummy is not None:
        _once([dummy], lambda leaf: [vars(leaf).get("next_leaf_")])
    _once([vars(model).get("root_")], _children)


def _children(node: Any) -> List[Any]:
    parts = held(node, "subclusters_")
    require(type(parts) is list, "subclusters_ is no list")
    require(all(classes.class_name(part) == SUBCLUSTER for part in parts), "a cluster is none")
    return [vars(part).get("child_") for part in parts]


def _once(pending: List[Any], following: Callable[[Any], List[Any]]) -> None:
    """Every node of Birch that is reached is one, and is reached once."""
    seen = set()
    while pending:
        node = pending.pop()
        if node is None:
            continue
        good = classes.class_name(node) == CFNODE and id(node) not in seen
        require(good, "a node of the clusters is none, or is reached twice")
        seen.add(id(node))
        pending += following(node)


def linkage(model: Any) -> None:
    """Each row of the tree joins two that came before it."""
    import numpy

    tree = vars(model).get("_single_linkage_tree_")
    if tree is not None:
        require(type(tree) is numpy.ndarray and tree.ndim == 1, "no tree of links")
        latest = len(tree) + 1 + numpy.arange(len(tree))
        for side in ("left_node", "right_node"):
            require(side in (tree.dtype.names or ()), "no tree of links")
            good = (tree[side] >= 0) & (tree[side] < latest)
            require(good.all(), "a link to what is not there")
