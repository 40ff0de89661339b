"""What is checked of an object's attributes, on saving and on loading alike.

scikit-learn checks what it is asked about against what it was fitted on, and trusts what it was
fitted on: its code in C and that of libsvm read and write where the attributes say. Whatever it
relies on there is checked here, in the kinds of model that have such code; `numpy` itself checks
the rest. Each check raises Refused in words.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Dict

from . import (
    checks_boosting,
    checks_columns,
    checks_losses,
    checks_others,
    checks_scores,
    checks_settings,
    checks_svm,
)
from .expect import require, whole
from .limits import COLUMNS, NAME

PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
HIDES = {("sklearn.linear_model._least_angle.LassoLarsIC", "positive"): bool}
ANSWERS = ("predict", "predict_proba", "predict_log_proba", "decision_function")
PATTERNS = (None, r"(?u)\b\w\w+\b", r"(?u)\b\w+\b", r"\b\w\w+\b", r"\b\w+\b", r"\w+", r"\S+")


def attribute(cls: type, name: str, value: Any) -> None:
    """Whether an instance of `cls` may have that attribute: its name, and what is known by name."""
    good = len(name) <= NAME and PLAIN_NAME.match(name) and not name.startswith("__")
    require(good, "no name of an attribute: %.60r" % name)
    if any(name in vars(base) for base in cls.__mro__):
        allowed = HIDES.get(("%s.%s" % (cls.__module__, cls.__qualname__), name))
        require(type(value) is allowed, "it would hide what the class itself calls %s" % name)
    if name in BY_NAME:
        BY_NAME[name](value)


def _jobs(value: Any) -> None:
    """A model that is asked starts so many threads or processes."""
    if value is not None:
        whole(value, "n_jobs", -1024, 64)


def _threads(value: Any) -> None:
    whole(value, "_n_threads", 1, 1024)


def _dispatch(value: Any) -> None:
    """Old versions of joblib evaluate it as code."""
    known = value in (None, "all", "n_jobs", "2*n_jobs", "2 * n_jobs") or type(value) is int
    require(known, "pre_dispatch may only be a number, all, n_jobs or 2*n_jobs")


def _memory(value: Any) -> None:
    require(value is None, "a folder of pickles to read from (memory)")


def _input(value: Any) -> None:
    """Otherwise the words that it is asked about are names of files that it opens."""
    require(value == "content", "it reads files when it is asked (input is not 'content')")


def _pattern(value: Any) -> None:
    """A pattern is a program that may run for ever."""
    require(value in PATTERNS, "a pattern of its own for words: a pattern may run for ever")


def _answers(value: Any) -> None:
    """Names of methods that are looked up and called."""
    names = list(value) if isinstance(value, (list, tuple)) else [value]
    for name in names:
        if isinstance(name, (list, tuple)):
            _answers(name)
        else:
            known = name in (None, "auto", "default", "drop") or name in ANSWERS
            require(known, "%.50r is no method that answers" % (name,))


def _getter(value: Any) -> None:
    """A path of attributes that is followed."""
    require(value in ("auto", "coef_", "feature_importances_"), "a path of attributes of its own")


def _width(value: Any) -> None:
    """So many names of columns are made up."""
    whole(value, "the number of columns", 0, COLUMNS)


def _hashed(value: Any) -> None:
    """Divided by in C."""
    whole(value, "n_features", 1, (1 << 31) - 1)


BY_NAME: Dict[str, Callable[[Any], None]] = {
    "n_jobs": _jobs,
    "_n_threads": _threads,
    "pre_dispatch": _dispatch,
    "memory": _memory,
    "input": _input,
    "token_pattern": _pattern,
    "stack_method_": _answers,
    "stack_method": _answers,
    "response_method": _answers,
    "_response_method": _answers,
    "chain_method": _answers,
    "chain_method_": _answers,
    "importance_getter": _getter,
    "n_features": _hashed,
    "n_features_in_": _width,
    "_n_features_out": _width,
    **checks_settings.BY_NAME,
}


def _for(check: Callable[[Any], None], module: str, names: str) -> Dict[str, Callable[[Any], None]]:
    return {"%s.%s" % (module, name): check for name in names.split()}


WHOLE: Dict[str, Callable[[Any], None]] = {}
for _check, _module, _names in (
    (
        checks_boosting.decision_tree,
        "sklearn.tree._classes",
        "DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor",
    ),
    (
        checks_boosting.gradient_boosting,
        "sklearn.ensemble._gb",
        "GradientBoostingClassifier GradientBoostingRegressor",
    ),
    (
        checks_boosting.histograms,
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting",
        "HistGradientBoostingClassifier HistGradientBoostingRegressor",
    ),
    (
        checks_boosting.bins,
        "sklearn.ensemble._hist_gradient_boosting.binning",
        "_BinMapper",
    ),
    (
        checks_losses.generalized,
        "sklearn.linear_model._glm.glm",
        "GammaRegressor PoissonRegressor TweedieRegressor",
    ),
    (checks_losses.loss, "sklearn._loss.loss", checks_losses.LOSSES),
    (checks_columns.powers, "sklearn.preprocessing._polynomial", "PolynomialFeatures"),
    (checks_svm.classifier, "sklearn.svm._classes", "SVC NuSVC"),
    (checks_svm.regressor, "sklearn.svm._classes", "SVR NuSVR OneClassSVM"),
    (checks_scores.one_versus_rest, "sklearn.multiclass", "OneVsRestClassifier"),
    (
        checks_columns.vocabulary,
        "sklearn.feature_extraction.text",
        "CountVectorizer TfidfVectorizer",
    ),
    (checks_columns.vocabulary, "sklearn.feature_extraction._dict_vectorizer", "DictVectorizer"),
    (checks_columns.one_hot, "sklearn.preprocessing._encoders", "OneHotEncoder"),
    (checks_columns.merged_features, "sklearn.cluster._agglomerative", "FeatureAgglomeration"),
    (
        checks_others.neighbours,
        "sklearn.neighbors._classification",
        "KNeighborsClassifier RadiusNeighborsClassifier",
    ),
    (
        checks_others.neighbours,
        "sklearn.neighbors._regression",
        "KNeighborsRegressor RadiusNeighborsRegressor",
    ),
    (
        checks_others.neighbours,
        "sklearn.neighbors._graph",
        "KNeighborsTransformer RadiusNeighborsTransformer",
    ),
    (checks_others.neighbours, "sklearn.neighbors._unsupervised", "NearestNeighbors"),
    (checks_others.neighbours, "sklearn.neighbors._lof", "LocalOutlierFactor"),
    (checks_others.centres, "sklearn.cluster._kmeans", "KMeans MiniBatchKMeans"),
    (checks_others.bisecting, "sklearn.cluster._bisect_k_means", "BisectingKMeans"),
    (checks_others.birch, "sklearn.cluster._birch", "Birch"),
    (checks_others.linkage, "sklearn.cluster._hdbscan.hdbscan", "HDBSCAN"),
):
    WHOLE.update(_for(_check, _module, _names))


def together(name: str, value: Any) -> None:
    """Whether the attributes of an object of that listed class go together."""
    if name in WHOLE:
        WHOLE[name](value)
