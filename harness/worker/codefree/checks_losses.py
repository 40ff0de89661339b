"""Losses are functions in Cython, and code in C trusts that they fit what they are given."""

from __future__ import annotations

from typing import Any

from . import classes, made
from .expect import array, columns, held, require

LOSSES = (
    "AbsoluteError ExponentialLoss HalfBinomialLoss HalfGammaLoss HalfMultinomialLoss"
    " HalfPoissonLoss HalfSquaredError HalfTweedieLoss HalfTweedieLossIdentity HuberLoss"
    " PinballLoss"
)
OF_MODELS = {
    "PoissonRegressor": ("HalfPoissonLoss",),
    "GammaRegressor": ("HalfGammaLoss",),
    "TweedieRegressor": ("HalfTweedieLoss", "HalfTweedieLossIdentity"),
}
LINKS = ("sklearn._loss.link.IdentityLink", "sklearn._loss.link.LogLink")


def loss(value: Any) -> None:
    """What computes it in C is that of its own class."""
    if "closs" in vars(value):
        wanted = "sklearn._loss._loss.Cy" + type(value).__name__
        require(made.name(value.closs) == wanted, "a loss that is computed as another")


def generalized(model: Any) -> None:
    """The loss of its class, and one coefficient for each column."""
    if "_base_loss" in vars(model):
        own = ["sklearn._loss.loss." + name for name in OF_MODELS[type(model).__name__]]
        require(classes.class_name(model._base_loss) in own, "the loss of another model")
        link = held(model._base_loss, "link")
        require(classes.class_name(link) in LINKS, "the link of another model")
    if "coef_" in vars(model):
        wide = "<f4" if getattr(model.coef_, "itemsize", 8) == 4 else "<f8"
        array(model.coef_, "coef_", wide, [columns(model)])
