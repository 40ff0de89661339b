"""Answers from the JSON that LightGBM's `dump_model` gives, without LightGBM."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Tuple

from ._scorers import dense

ZERO = 1e-35  # LightGBM takes what is nearer to zero for zero
Node = Dict[str, Any]


class Walker:
    """The trees of a dump. KeyError or ValueError for what it cannot answer."""

    def __init__(self, held: Any) -> None:
        words = held["objective"].split() if "objective" in held else ["regression"]
        self.objective = words[0]
        self.convert = _conversion(words)
        self.width = held["num_tree_per_iteration"]
        self.columns = held["max_feature_idx"] + 1
        self.trees = [tree["tree_structure"] for tree in held["tree_info"]]
        self.rounds = len(self.trees) // self.width if held["average_output"] else 1

    def raw(self, X: Any) -> Any:
        """Sums over the trees: (rows,) or (rows, classes)."""
        import numpy

        rows = numpy.asarray(dense(X), dtype=numpy.float64)
        if rows.ndim != 2 or rows.shape[1] != self.columns:
            raise ValueError("rows of %d columns are wanted" % self.columns)
        sums = numpy.zeros((len(rows), self.width))
        for place, tree in enumerate(self.trees):
            sums[:, place % self.width] += _leaves(tree, rows)
        return sums[:, 0] if self.width == 1 else sums

    def answer(self, X: Any) -> Any:
        """What `predict` of a Booster gives."""
        return self.convert(self.raw(X) / self.rounds)  # forests alone are averaged


def _leaves(tree: Node, rows: Any) -> Any:
    """The value of the leaf that each row comes to."""
    import numpy

    values = numpy.zeros(len(rows))
    pending: List[Tuple[Node, Any]] = [(tree, numpy.arange(len(rows)))]
    while pending:
        node, here = pending.pop()
        if "leaf_value" in node:
            values[here] = _leaf(node, rows[here])
        elif len(here):
            left = _goes_left(node, rows[here, node["split_feature"]])
            pending.append((node["left_child"], here[left]))
            pending.append((node["right_child"], here[~left]))
    return values


def _leaf(node: Node, rows: Any) -> Any:
    """A number; with linear trees the sum of some columns, or the number where one is missing."""
    import numpy

    if "leaf_const" not in node:
        return node["leaf_value"]
    columns = node.get("leaf_features", [])
    linear = numpy.full(len(rows), float(node["leaf_const"]))
    for column, weight in zip(columns, node.get("leaf_coeff", [])):
        linear += rows[:, column] * weight
    missing = numpy.isnan(rows[:, columns]).any(axis=1)
    return numpy.where(missing, node["leaf_value"], linear)


def _goes_left(node: Node, column: Any) -> Any:
    import numpy

    kind = node["missing_type"]
    nan = numpy.isnan(column)
    if node["decision_type"] == "==":
        known = [int(category) for category in str(node["threshold"]).split("||")]
        whole = numpy.where(nan, -1.0 if kind == "NaN" else 0.0, column)
        return numpy.isin(numpy.trunc(whole), known) & (whole >= 0)
    if node["decision_type"] != "<=":
        raise ValueError("no decision is known as %r" % node["decision_type"])
    filled = numpy.where(nan, 0.0, column) if kind != "NaN" else column
    left = filled <= node["threshold"]
    unknown = {"None": nan & False, "NaN": nan, "Zero": abs(filled) <= ZERO}[kind]
    return numpy.where(unknown, node["default_left"], left)


def _conversion(words: List[str]) -> Callable[[Any], Any]:
    """From sums to answers, as the objective of the model does it."""
    import numpy

    name = words[0]
    factor = float(re.findall(r"sigmoid:(\S+)", " ".join(words) + " sigmoid:1")[0])
    if name in ("binary", "multiclassova", "cross_entropy"):
        return lambda sums: 1.0 / (1.0 + numpy.exp(-factor * sums))
    if name == "multiclass":
        return _softmax
    if name in ("poisson", "gamma", "tweedie"):
        return lambda sums: numpy.exp(sums)
    if "sqrt" in words[1:]:
        return lambda sums: numpy.sign(sums) * sums * sums
    if name in ("regression", "regression_l1", "huber", "fair", "quantile", "mape"):
        return lambda sums: sums
    if name in ("lambdarank", "rank_xendcg"):
        return lambda sums: sums
    raise ValueError("it is not known what the objective %r makes of sums" % name)


def _softmax(sums: Any) -> Any:
    import numpy

    powers = numpy.exp(sums - sums.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
