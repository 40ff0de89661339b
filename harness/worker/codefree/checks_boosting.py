"""What decision trees and both kinds of gradient boosting rely on."""

from __future__ import annotations

from typing import Any

from . import classes, made, made_values
from .checks_scores import VARIES, one_number, one_score
from .expect import array, between, columns, held, require, whole

LINKS = ("Link", "MultinomialLogit")  # of the listed ones all but Interval


def decision_tree(model: Any) -> None:
    """Rows are checked against the model's columns, and then walk down the tree unchecked."""
    if "tree_" in vars(model):
        tree = model.tree_
        require(made.name(tree) == "sklearn.tree._tree.Tree", "tree_ is no tree")
        require(tree.n_features == columns(model), "the tree has other columns than the model")


def gradient_boosting(model: Any) -> None:
    """The trees' values are added to an array that has as many columns as the first guess."""
    import numpy

    if "estimators_" not in vars(model):
        return
    trees = model.estimators_
    require(type(trees) is numpy.ndarray and trees.dtype == object, "estimators_ is no array")
    require(trees.ndim == 2 and trees.size, "estimators_ has no columns")
    for tree in trees.ravel():
        kind = classes.class_name(tree) == "sklearn.tree._classes.DecisionTreeRegressor"
        require(kind and "tree_" in vars(tree), "a member is no fitted tree")
        require(tree.tree_.value.shape[1:] == (1, 1), "a tree that gives several numbers")
        require(tree.tree_.n_features == columns(model), "a tree has other columns than the model")
    each = trees.shape[1]
    loss = held(model, "_loss")
    if classes.class_name(loss).startswith("sklearn.ensemble._gb_losses."):
        several = _old_loss(loss, each)
    else:
        several = _loss(loss, held(model, "n_trees_per_iteration_"), each)
    require(several is (each > 1), "a loss for another number of classes")
    _first_guess(held(model, "init_"), each, hasattr(model, "predict_proba"))


def _loss(loss: Any, given: Any, each: int) -> bool:
    """Whether it is for several classes."""
    whole(given, "n_trees_per_iteration_", each, each)
    require(classes.class_name(loss).startswith("sklearn._loss.loss."), "no loss")
    link = classes.class_name(held(loss, "link"))
    require(link.startswith("sklearn._loss.link.") and link.endswith(LINKS), "no link of a loss")
    return bool(type(loss).is_multiclass)


def _old_loss(loss: Any, each: int) -> bool:
    """The same up to scikit-learn 1.3."""
    whole(held(loss, "K"), "K", each, each)
    return bool(type(loss).is_multi_class)


def _first_guess(guess: Any, each: int, classifies: bool) -> None:
    """What it starts from gives as many columns as there are trees in an iteration."""
    if type(guess) is str:
        require(guess == "zero", "no first guess")
        return
    name = classes.class_name(guess)
    if name == "sklearn.dummy.DummyRegressor" and not classifies:
        require(whole(held(guess, "n_outputs_"), "n_outputs_", 1, 1) == each, "several guesses")
        array(held(guess, "constant_"), "constant_", "<f8", [1, 1])
    elif name == "sklearn.dummy.DummyClassifier" and classifies:
        whole(held(guess, "n_outputs_"), "n_outputs_", 1, 1)
        count = whole(held(guess, "n_classes_"), "n_classes_", 2, 1 << 20)
        array(held(guess, "class_prior_"), "class_prior_", "<f8", [count])
        require(each == (1 if count == 2 else count), "a guess for other classes")
    else:
        require(each == 1, VARIES)
        one_score(guess) if classifies else one_number(guess)


def histograms(model: Any) -> None:
    """Nodes point to nodes, to columns, and for categories to rows of bits."""
    if "_predictors" not in vars(model):
        return
    bins = held(model, "_bin_mapper")
    kind = "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper"
    require(classes.class_name(bins) == kind, "_bin_mapper is none")
    wide = columns(model)
    is_category = array(held(bins, "is_categorical_"), "is_categorical_", "|u1", [wide])
    thresholds = held(bins, "bin_thresholds_")
    require(isinstance(thresholds, list) and len(thresholds) == wide, "no thresholds of bins")
    for column in is_category.nonzero()[0]:
        known = array(thresholds[column], "the categories of a column", "<f8", [None])
        require(((known >= 0) & (known < 256)).all(), "a category beyond 255")
    _preprocessor(vars(model).get("_preprocessor"), wide)  # older releases have none
    require(isinstance(model._predictors, list), "_predictors is no list")
    for iteration in model._predictors:
        require(isinstance(iteration, list), "_predictors is no list of lists")
        for predictor in iteration:
            _predictor(predictor, is_category)


def bins(mapper: Any) -> None:
    """Columns become the numbers of bins in C, with as many of everything as there are columns."""
    whole(vars(mapper).get("n_threads") or 1, "n_threads", 1, 64)
    if not {"bin_thresholds_", "n_bins_non_missing_", "is_categorical_"} & set(vars(mapper)):
        return
    thresholds = held(mapper, "bin_thresholds_")
    require(type(thresholds) is list, "no thresholds of bins")
    for each in thresholds:
        array(each, "the thresholds of bins", "<f8", [None])
        require(len(each) < 256, "too many bins")
    array(held(mapper, "is_categorical_"), "is_categorical_", "|u1", [len(thresholds)])
    counts = held(mapper, "n_bins_non_missing_")
    array(counts, "n_bins_non_missing_", "<u4", [len(thresholds)])
    whole(held(mapper, "missing_values_bin_idx_"), "missing_values_bin_idx_", 0, 255)


def _predictor(predictor: Any, is_category: Any) -> None:
    import numpy
    from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE

    kind = "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"
    require(classes.class_name(predictor) == kind, "a member of _predictors is none")
    nodes = held(predictor, "nodes")
    good = type(nodes) is numpy.ndarray and nodes.dtype == PREDICTOR_RECORD_DTYPE
    require(good and nodes.ndim == 1 and len(nodes), "the nodes of a predictor are no records")
    raw = array(held(predictor, "raw_left_cat_bitsets"), "bits of categories", "<u4", [None, 8])
    binned = held(predictor, "binned_left_cat_bitsets")
    array(binned, "bits of categories", "<u4", list(raw.shape))
    inner = nodes["is_leaf"] == 0
    places = inner.nonzero()[0]
    for side in ("left", "right"):
        child = nodes[side][inner].astype("i8")
        between(child, "a child in a tree", 1, len(nodes))
        require((child > places).all(), "a child in a tree comes before its parent")
    between(nodes["feature_idx"][inner], "the column of a node", 0, len(is_category))
    by_category = nodes[inner & (nodes["is_categorical"] != 0)]
    between(by_category["bitset_idx"], "the bits of a node", 0, len(raw))
    listed = is_category[by_category["feature_idx"]]
    require((listed != 0).all(), "a node asks for categories of a column of numbers")


def _preprocessor(columns_: Any, wide: int) -> None:
    """The one that it makes for itself gives back as many columns as it takes."""
    import numpy

    if columns_ is None:
        return
    kind = "sklearn.compose._column_transformer.ColumnTransformer"
    require(classes.class_name(columns_) == kind, "_preprocessor is no ColumnTransformer")
    parts, total = held(columns_, "transformers_"), 0
    require(isinstance(parts, list), "transformers_ is no list")
    for part in parts:
        require(isinstance(part, tuple) and len(part) == 3, "transformers_ has no parts")
        if type(part[1]) is str and part[1] == "drop":
            continue
        encodes = classes.class_name(part[1]) == "sklearn.preprocessing._encoders.OrdinalEncoder"
        if not encodes:
            known = "sklearn.preprocessing._function_transformer.FunctionTransformer"
            require(classes.class_name(part[1]) == known, "a part that is not its own")
            own = made_values.is_histogram_check(held(part[1], "func"))
            require(own and not held(part[1], "kw_args"), "a function that is not its own")
        require(type(part[2]) in (slice, list, numpy.ndarray), "no columns of a part")
        total += numpy.arange(wide)[part[2]].size
    require(total == wide, "_preprocessor gives another number of columns")
