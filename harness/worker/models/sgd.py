"""Stochastic gradient descent and the perceptrons: losses are objects inside the model."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import at_least, find


@model("sgd.log-loss", data="breast_cancer", summary="logistic loss")
def sgd_log_loss() -> Any:
    from sklearn.linear_model import SGDClassifier

    loss = "log_loss" if at_least(1, 1) else "log"
    return SGDClassifier(loss=loss, alpha=0.05, random_state=0)


@model("sgd.modified-huber", data="wine.scaled", summary="three classes, smoothed hinge")
def sgd_modified_huber() -> Any:
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier(loss="modified_huber", alpha=0.5, random_state=0)


@model("sgd.hinge-average", data="iris.names", summary="averaged linear SVM, string labels")
def sgd_hinge_average() -> Any:
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier(alpha=0.01, average=True, class_weight="balanced", random_state=0)


@model("sgd.early-stopping", data="digits", summary="stops when a held-out part does not improve")
def sgd_early_stopping() -> Any:
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier(early_stopping=True, n_iter_no_change=3, random_state=0)


@model("sgd.regressor-huber", data="diabetes", summary="Huber loss, elastic net")
def sgd_regressor_huber() -> Any:
    from sklearn.linear_model import SGDRegressor

    return SGDRegressor(loss="huber", epsilon=30.0, penalty="elasticnet", random_state=0)


@model("sgd.regressor-adaptive", data="diabetes", summary="adaptive rate, insensitive loss")
def sgd_regressor_adaptive() -> Any:
    from sklearn.linear_model import SGDRegressor

    loss = "squared_epsilon_insensitive"
    return SGDRegressor(loss=loss, learning_rate="adaptive", eta0=0.01, tol=1.0, random_state=0)


@model("sgd.one-class", data="wine.unlabelled", summary="linear one-class SVM")
def sgd_one_class() -> Any:
    return find("linear_model.SGDOneClassSVM")(nu=0.2, random_state=0)


@model("perceptron.multiclass", data="wine.scaled", summary="the perceptron, three classes")
def perceptron_multiclass() -> Any:
    from sklearn.linear_model import Perceptron

    return Perceptron(penalty="l2", alpha=0.001, random_state=0)


@model("passive-aggressive.binary", data="breast_cancer", summary="passive-aggressive, two classes")
def passive_aggressive_binary() -> Any:
    from sklearn.linear_model import PassiveAggressiveClassifier

    return PassiveAggressiveClassifier(C=0.1, random_state=0)
