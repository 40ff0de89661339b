"""Models whose number of answers can be foreseen from their attributes."""

from __future__ import annotations

from typing import Any

from . import classes
from .expect import array, columns, held, require

MODULE = "sklearn.linear_model."
LINEAR = (
    MODULE + "_logistic.LogisticRegression",
    MODULE + "_logistic.LogisticRegressionCV",
    MODULE + "_ridge.RidgeClassifier",
    MODULE + "_stochastic_gradient.SGDClassifier",
    MODULE + "_perceptron.Perceptron",
    MODULE + "_passive_aggressive.PassiveAggressiveClassifier",
    "sklearn.svm._classes.LinearSVC",
)
OTHERS = (  # as many answers as rows, once their own checks have passed
    "sklearn.ensemble._forest.ExtraTreesClassifier",
    "sklearn.ensemble._forest.RandomForestClassifier",
    "sklearn.svm._classes.NuSVC",
    "sklearn.svm._classes.SVC",
    "sklearn.tree._classes.DecisionTreeClassifier",
    "sklearn.tree._classes.ExtraTreeClassifier",
)
NUMBERS = (
    "sklearn.ensemble._forest.ExtraTreesRegressor",
    "sklearn.ensemble._forest.RandomForestRegressor",
    "sklearn.tree._classes.DecisionTreeRegressor",
    "sklearn.tree._classes.ExtraTreeRegressor",
)
LINES = tuple(
    MODULE + name
    for name in (
        "_base.LinearRegression _ridge.Ridge _coordinate_descent.Lasso"
        " _coordinate_descent.ElasticNet _huber.HuberRegressor"
    ).split()
)
VARIES = "it is made of a model whose answers cannot be foreseen"


def one_score(model: Any) -> None:
    """A classifier of two classes that gives exactly one score for each row."""
    require(classes.class_name(model) in LINEAR + OTHERS, VARIES)
    require(len(held(model, "classes_")) == 2, "it is made of a model of several classes")
    if classes.class_name(model) in LINEAR:
        _line(model)


def one_number(model: Any) -> None:
    """A regressor that gives exactly one number for each row."""
    require(classes.class_name(model) in LINES + NUMBERS, VARIES)
    if classes.class_name(model) in LINES:
        _line(model)


def _line(model: Any) -> None:
    """One row of coefficients, and one number that is added."""
    import numpy

    found, added = held(model, "coef_"), held(model, "intercept_")
    wide = "<f4" if getattr(found, "itemsize", 8) == 4 else "<f8"
    array(found, "coef_", wide, [1, columns(model)] if found.ndim == 2 else [columns(model)])
    if type(added) is numpy.ndarray:
        array(added, "intercept_", wide, [1])
    else:
        require(isinstance(added, (float, numpy.floating)), "intercept_ is no number")


def one_versus_rest(model: Any) -> None:
    """With several labels, whatever scores above a threshold is written into a sparse matrix."""
    import numpy

    if "estimators_" not in vars(model) or "label_binarizer_" not in vars(model):
        return
    binarizer = model.label_binarizer_
    kind = "sklearn.preprocessing._label.LabelBinarizer"
    require(classes.class_name(binarizer) == kind, "label_binarizer_ is none")
    if held(binarizer, "y_type_") == "multiclass":
        return
    require(isinstance(model.estimators_, list), "estimators_ is no list")
    for member in model.estimators_:
        if classes.class_name(member) == "sklearn.multiclass._ConstantPredictor":
            value = held(member, "y_")
            require(type(value) is numpy.ndarray and value.shape == (1,), "no constant")
        else:
            one_score(member)
