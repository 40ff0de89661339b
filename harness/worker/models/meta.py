"""Models made of models: voting, stacking, several targets, targets transformed, thresholds."""

from __future__ import annotations

from typing import Any

from .. import registry
from ..registry import model
from ._api import base, find


@model("voting.soft", data="wine.scaled", summary="weighted mean of probabilities")
def voting_soft() -> Any:
    from sklearn.ensemble import VotingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.tree import DecisionTreeClassifier

    members = [
        ("linear", LogisticRegression(C=0.1)),
        ("tree", DecisionTreeClassifier(max_depth=3, min_samples_leaf=5, random_state=0)),
    ]
    return VotingClassifier(members, voting="soft", weights=[2, 1])


@model("voting.hard", data="iris.names", summary="majority of three, string labels")
def voting_hard() -> Any:
    from sklearn.ensemble import VotingClassifier
    from sklearn.linear_model import RidgeClassifier
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import NearestCentroid

    members = [("ridge", RidgeClassifier()), ("bayes", GaussianNB()), ("near", NearestCentroid())]
    return VotingClassifier(members)


@model("voting.regressor", data="diabetes", summary="mean of two, one dropped")
def voting_regressor() -> Any:
    from sklearn.ensemble import VotingRegressor
    from sklearn.linear_model import Lasso, Ridge
    from sklearn.tree import DecisionTreeRegressor

    tree = DecisionTreeRegressor(max_depth=3, random_state=0)
    return VotingRegressor([("ridge", Ridge()), ("tree", tree), ("lasso", Lasso())]).set_params(
        lasso="drop"
    )


@model("stacking.classifier", data="breast_cancer", summary="probabilities stacked, columns too")
def stacking_classifier() -> Any:
    from sklearn.ensemble import StackingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import GaussianNB
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=5, random_state=0)
    return StackingClassifier(
        [("bayes", GaussianNB()), ("tree", tree)],
        final_estimator=LogisticRegression(C=0.1),
        cv=2,
        passthrough=True,
    )


@model("stacking.multiclass", data="wine.scaled", summary="three classes, decisions stacked")
def stacking_multiclass() -> Any:
    from sklearn.ensemble import StackingClassifier
    from sklearn.linear_model import LogisticRegression, RidgeClassifier
    from sklearn.naive_bayes import GaussianNB

    return StackingClassifier(
        [("ridge", RidgeClassifier()), ("bayes", GaussianNB())],
        final_estimator=LogisticRegression(C=0.2),
        cv=2,
    )


@model("stacking.regressor", data="diabetes", summary="two regressors under a third")
def stacking_regressor() -> Any:
    from sklearn.ensemble import StackingRegressor
    from sklearn.linear_model import Ridge
    from sklearn.neighbors import KNeighborsRegressor

    return StackingRegressor(
        [("ridge", Ridge()), ("near", KNeighborsRegressor(n_neighbors=5))],
        final_estimator=Ridge(),
        cv=2,
    )


@model("ovr.multiclass", data="wine.scaled", summary="a linear model for each class")
def ovr_multiclass() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    return OneVsRestClassifier(LogisticRegression(C=0.2))


@model("ovr.multilabel", data="wine.labels", summary="a linear model for each label")
def ovr_multilabel() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    return OneVsRestClassifier(LogisticRegression(C=0.2))


@model("ovo.multiclass", data="wine.scaled", summary="a linear SVM for each pair of classes")
def ovo_multiclass() -> Any:
    from sklearn.multiclass import OneVsOneClassifier
    from sklearn.svm import LinearSVC

    return OneVsOneClassifier(LinearSVC(C=0.1, dual=False, random_state=0))


@model("output-code.multiclass", data="iris.names", summary="error-correcting codes for classes")
def output_code_multiclass() -> Any:
    from sklearn.linear_model import RidgeClassifier
    from sklearn.multiclass import OutputCodeClassifier

    return OutputCodeClassifier(RidgeClassifier(), code_size=2.0, random_state=0)


@model("multioutput.classifier", data="iris.outputs", summary="a tree for each target")
def multioutput_classifier() -> Any:
    from sklearn.multioutput import MultiOutputClassifier
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=5, random_state=0)
    return MultiOutputClassifier(tree)


@model("multioutput.regressor", data="linnerud", summary="a ridge for each target")
def multioutput_regressor() -> Any:
    from sklearn.linear_model import Ridge
    from sklearn.multioutput import MultiOutputRegressor

    return MultiOutputRegressor(Ridge(alpha=0.5))


@model("chain.classifier", data="wine.labels", summary="each label sees those before it")
def chain_classifier() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.multioutput import ClassifierChain

    linear = base(ClassifierChain, LogisticRegression(C=0.2))
    return ClassifierChain(order=[2, 0, 1], **linear)


@model("chain.regressor", data="linnerud", summary="each target sees those before it")
def chain_regressor() -> Any:
    from sklearn.linear_model import Ridge
    from sklearn.multioutput import RegressorChain

    return RegressorChain(order=[1, 2, 0], **base(RegressorChain, Ridge(alpha=0.5)))


@model("target.log", data="diabetes", summary="the target's logarithm by functions of NumPy")
def target_log() -> Any:
    import numpy as np
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.linear_model import Ridge

    return TransformedTargetRegressor(regressor=Ridge(), func=np.log1p, inverse_func=np.expm1)


@model("target.quantile", data="diabetes", summary="the target's ranks by a transformer")
def target_quantile() -> Any:
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import QuantileTransformer

    ranks = QuantileTransformer(n_quantiles=30, output_distribution="normal", random_state=0)
    return TransformedTargetRegressor(regressor=Ridge(), transformer=ranks)


@model("threshold.fixed", data="breast_cancer", summary="decides at 0.3 instead of 0.5")
def threshold_fixed() -> Any:
    from sklearn.linear_model import LogisticRegression

    cls = find("model_selection.FixedThresholdClassifier")
    return cls(LogisticRegression(C=0.1), threshold=0.3)


@model("threshold.tuned", data="breast_cancer", summary="decides where balanced accuracy is best")
def threshold_tuned() -> Any:
    from sklearn.naive_bayes import GaussianNB

    cls = find("model_selection.TunedThresholdClassifierCV")
    return cls(GaussianNB(), cv=2, thresholds=10, random_state=0)


@model("self-training.logreg", data="iris.few-labels", summary="labels its own surest guesses")
def self_training_logreg() -> Any:
    from sklearn.linear_model import LogisticRegression

    cls = find("semi_supervised.SelfTrainingClassifier")
    return cls(threshold=0.6, max_iter=3, **base(cls, LogisticRegression(C=0.2)))


@model("dummy.stratified", data="iris.names", summary="guesses at the rate of the classes")
def dummy_stratified() -> Any:
    from sklearn.dummy import DummyClassifier

    return DummyClassifier(strategy="stratified", random_state=0)


@model("dummy.quantile", data="diabetes.outputs", summary="always the same quantile")
def dummy_quantile() -> Any:
    from sklearn.dummy import DummyRegressor

    return DummyRegressor(strategy="quantile", quantile=0.3)


@model("frozen.voting", data="breast_cancer", summary="a fitted model that fitting leaves alone")
def frozen_voting() -> Any:
    frozen = find("frozen.FrozenEstimator")
    from sklearn.linear_model import LogisticRegression

    data = registry.data("breast_cancer")
    return frozen(LogisticRegression(C=0.1, max_iter=300).fit(data.X[:80], data.y[:80]))
