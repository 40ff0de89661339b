"""Models whose number of answers can be foreseen from their attributes."""

from __future__ import annotations

from typing import Any

from . import classes
from .expect import array, columns, held, require

LINEAR = (
    "sklearn.linear_model._logistic.LogisticRegression",
    "sklearn.linear_model._logistic.LogisticRegressionCV",
    "sklearn.linear_model._ridge.RidgeClassifier",
    "sklearn.linear_model._stochastic_gradient.SGDClassifier",
    "sklearn.linear_model._perceptron.Perceptron",
    "sklearn.linear_model._passive_aggressive.PassiveAggressiveClassifier",
    "sklearn.svm._classes.LinearSVC",
)


def one_score(model: Any) -> None:
    """A linear classifier of two classes: exactly one score for each row."""
    require(classes.class_name(model) in LINEAR, "it is made of a model whose answers vary")
    wide = "<f4" if held(model, "coef_").dtype == "f4" else "<f8"
    array(held(model, "coef_"), "coef_", wide, [1, columns(model)])
    array(held(model, "intercept_"), "intercept_", wide, [1])
    require(len(held(model, "classes_")) == 2, "it is made of a model of several classes")


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
