"""Naive Bayes kinds."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("gnb.binary", data="iris.binary", summary="Gaussian, two classes")
def gnb_binary() -> Any:
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB(var_smoothing=0.05)


@model("gnb.priors", data="wine.scaled", summary="Gaussian with given priors")
def gnb_priors() -> Any:
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB(priors=[0.2, 0.5, 0.3], var_smoothing=0.1)


@model("mnb.counts", data="digits.counts", summary="multinomial")
def mnb_counts() -> Any:
    from sklearn.naive_bayes import MultinomialNB

    return MultinomialNB(alpha=0.5)


@model("cnb.counts", data="digits.counts", summary="complement, normalised")
def cnb_counts() -> Any:
    from sklearn.naive_bayes import ComplementNB

    return ComplementNB(norm=True)


@model("bnb.bits", data="digits.bits", summary="Bernoulli")
def bnb_bits() -> Any:
    from sklearn.naive_bayes import BernoulliNB

    return BernoulliNB(alpha=0.5, binarize=None)


@model("catnb.grades", data="digits.counts", summary="categorical, a table for each column")
def catnb_grades() -> Any:
    from sklearn.naive_bayes import CategoricalNB

    return CategoricalNB(alpha=0.7)
