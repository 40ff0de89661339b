"""Taken apart and made again: decision trees, and trees of neighbours."""

from __future__ import annotations

import importlib
from typing import Any, Dict

from .expect import array, between, number, require, whole
from .limits import COLUMNS, Cannot

Parts = Dict[str, Any]
MODULES = {"KDTree": "sklearn.neighbors._kd_tree", "BallTree": "sklearn.neighbors._ball_tree"}
METRICS = (  # without parameters of their own
    "euclidean manhattan chebyshev hamming canberra braycurtis jaccard dice rogerstanimoto"
    " russellrao sokalmichener sokalsneath haversine"
).split()
LARGEST = 1 << 26  # rows of a leaf


def take_tree(value: Any) -> Parts:
    """A decision tree of scikit-learn."""
    state = value.__getstate__()
    if state["node_count"] != len(state["nodes"]):
        raise Cannot("a tree whose nodes are not as many as it says")
    return {
        "n_features": int(value.n_features),
        "n_classes": value.n_classes,
        "max_depth": int(state["max_depth"]),
        "nodes": state["nodes"],
        "values": state["values"],
    }


def make_tree(n_features: Any, n_classes: Any, max_depth: Any, nodes: Any, values: Any) -> Any:
    """Walking down a tree trusts its nodes, and what it writes down trusts the depth."""
    from sklearn.tree._tree import Tree

    whole(n_features, "the columns of a tree", 1, COLUMNS)
    array(n_classes, "the classes of a tree", "<i8", [None])
    require(len(n_classes) and n_classes.min() >= 1, "a tree without classes")
    array(values, "the values of a tree", "<f8", [None, len(n_classes), n_classes.max()], "C")
    require(nodes.dtype.names is not None and nodes.ndim == 1, "the nodes of a tree are no records")
    for field, dtype in (("left_child", "<i8"), ("right_child", "<i8"), ("feature", "<i8")):
        require(field in nodes.dtype.names, "the nodes of a tree have no %s" % field)
        require(nodes.dtype[field].str == dtype, "a field of a tree has another type")
    require(len(nodes) == len(values), "a tree has as many nodes as values")
    whole(max_depth, "the depth of a tree", 0, len(nodes))
    leaf = nodes["left_child"] == -1
    require((nodes["right_child"][leaf] == -1).all(), "a leaf of a tree has a child")
    between(nodes["feature"][~leaf], "the feature of a tree", 0, n_features)
    deep = depth(leaf, nodes["left_child"], nodes["right_child"])
    require(deep == max_depth, "a tree is not as deep as it says")
    tree = Tree(n_features, n_classes, len(n_classes))
    state = {"max_depth": max_depth, "node_count": len(nodes), "nodes": nodes, "values": values}
    tree.__setstate__(state)
    return tree


def depth(leaf: Any, left: Any, right: Any) -> int:
    """How deep the tree is. Raises Refused where it is none: a child comes after its one parent."""
    import numpy

    require(len(leaf), "a tree without nodes")
    inner = numpy.flatnonzero(~leaf)
    for child in (left[inner], right[inner]):
        between(child, "a child in a tree", 1, len(leaf))
        require((child > inner).all(), "a child in a tree comes before its parent")
    children = numpy.concatenate([left[inner], right[inner]]).astype("i8")
    once = numpy.bincount(children, minlength=len(leaf))[1:]
    require((once == 1).all(), "a node of a tree has no parent, or several")
    level, deep = numpy.zeros(1, dtype="i8"), -1
    while len(level):
        deep += 1
        level = level[~leaf[level]]
        level = numpy.concatenate([left[level], right[level]]).astype("i8")
    return deep


def take_neighbours(value: Any) -> Parts:
    """The data of a tree of neighbours, and how it was built; tried, whether it comes out equal."""
    state = value.__getstate__()
    metric = type(state[11]).__name__.replace("Distance64", "").replace("Distance", "").lower()
    p, vec, mat = state[11].__getstate__()[:3]
    parts = {
        "data": state[0],
        "leaf_size": int(state[4]),
        "weights": state[12],
        "metric": metric,
        "p": float(p) if metric == "minkowski" else None,
        "vec": vec if metric == "seuclidean" or (metric == "minkowski" and len(vec)) else None,
        "mat": mat if metric == "mahalanobis" else None,
    }
    try:
        again = make_neighbours(type(value).__name__, **parts).__getstate__()
    except ValueError as error:
        raise Cannot("a tree of neighbours by %s: %s" % (metric, error))
    if any(again[part].tobytes() != state[part].tobytes() for part in (1, 2, 3)):
        raise Cannot("a tree of neighbours that does not come out equal when it is built again")
    return parts


def make_neighbours(
    plain: str, data: Any, leaf_size: Any, weights: Any, metric: Any, p: Any, vec: Any, mat: Any
) -> Any:
    """Build the tree from its data, as fitting did."""
    array(data, "the data of a tree of neighbours", "<f8", [None, None], "C")
    whole(leaf_size, "the leaf size of a tree of neighbours", 1, LARGEST)
    if weights is not None:
        array(weights, "the weights of a tree of neighbours", "<f8", [len(data)])
    given = {}
    if metric == "minkowski":
        given["p"] = number(p, "the power of a metric")
        if vec is not None:
            given["w"] = array(vec, "the weights of a metric", "<f8", [data.shape[1]])
    elif metric == "seuclidean":
        given["V"] = array(vec, "the variances of a metric", "<f8", [data.shape[1]])
    elif metric == "mahalanobis":
        given["VI"] = array(mat, "the matrix of a metric", "<f8", [data.shape[1]] * 2)
    else:
        require(metric in METRICS, "%.50r is no listed metric" % (metric,))
    cls = vars(importlib.import_module(MODULES[plain]))[plain]
    return cls(data, leaf_size=leaf_size, metric=metric, sample_weight=weights, **given)
