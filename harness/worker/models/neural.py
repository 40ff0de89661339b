"""Small neural networks."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("mlp.classifier", data="iris", summary="one hidden layer, three classes")
def mlp_classifier() -> Any:
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(
        hidden_layer_sizes=(6,), max_iter=40, learning_rate_init=0.01, tol=0.05, random_state=0
    )


@model("mlp.early-stopping", data="breast_cancer", summary="keeps the best held-out weights")
def mlp_early_stopping() -> Any:
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(
        hidden_layer_sizes=(5,),
        max_iter=30,
        early_stopping=True,
        n_iter_no_change=3,
        random_state=0,
    )


@model("mlp.multilabel", data="wine.labels", summary="three yes-or-no labels, logistic units")
def mlp_multilabel() -> Any:
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(
        hidden_layer_sizes=(5,), activation="logistic", solver="lbfgs", alpha=0.5, random_state=0
    )


@model("mlp.float32", data="wine.float32", summary="weights in single precision")
def mlp_float32() -> Any:
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(hidden_layer_sizes=(5, 4), max_iter=25, tol=0.05, random_state=0)


@model("mlp.regressor", data="diabetes", summary="a number, tanh units, stochastic descent")
def mlp_regressor() -> Any:
    from sklearn.neural_network import MLPRegressor

    return MLPRegressor(
        hidden_layer_sizes=(5,),
        activation="tanh",
        solver="sgd",
        learning_rate="adaptive",
        learning_rate_init=0.001,
        max_iter=25,
        tol=1.0,
        random_state=0,
    )


@model("mlp.regressor-outputs", data="diabetes.outputs", summary="two targets, started warm")
def mlp_regressor_outputs() -> Any:
    from sklearn.neural_network import MLPRegressor

    return MLPRegressor(
        hidden_layer_sizes=(3,), solver="lbfgs", max_iter=60, warm_start=True, random_state=0
    )


@model("rbm.bits", data="digits.bits", summary="restricted Boltzmann machine")
def rbm_bits() -> Any:
    from sklearn.neural_network import BernoulliRBM

    return BernoulliRBM(n_components=4, n_iter=5, learning_rate=0.05, random_state=0)
