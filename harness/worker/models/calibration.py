"""Calibrated probabilities."""

from __future__ import annotations

from typing import Any, Dict

from ..registry import model
from ._api import base, only, require


def _of(estimator: Any) -> Dict[str, Any]:
    from sklearn.calibration import CalibratedClassifierCV

    return base(CalibratedClassifierCV, estimator)


@model("calibrated.sigmoid", data="breast_cancer", summary="sigmoid over a linear SVM, two folds")
def calibrated_sigmoid() -> Any:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import LinearSVC

    svm = LinearSVC(C=0.1, dual=False, random_state=0)
    return CalibratedClassifierCV(method="sigmoid", cv=2, **_of(svm))


@model("calibrated.isotonic", data="breast_cancer", summary="isotonic over naive Bayes")
def calibrated_isotonic() -> Any:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.naive_bayes import GaussianNB

    return CalibratedClassifierCV(method="isotonic", cv=2, **_of(GaussianNB()))


@model("calibrated.multiclass", data="wine.scaled", summary="three classes, sigmoid over a tree")
def calibrated_multiclass() -> Any:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=5, random_state=0)
    return CalibratedClassifierCV(method="sigmoid", cv=2, **_of(tree))


@model("calibrated.whole", data="wine.scaled", summary="one model on all rows (ensemble=False)")
def calibrated_whole() -> Any:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import SVC

    whole = only(CalibratedClassifierCV, ensemble=False)
    return CalibratedClassifierCV(cv=2, **_of(SVC(C=0.5)), **whole)


@model("calibrated.temperature", data="wine.scaled", summary="one temperature for all classes")
def calibrated_temperature() -> Any:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.naive_bayes import GaussianNB

    require(1, 8, "calibration by temperature")
    return CalibratedClassifierCV(method="temperature", cv=2, **_of(GaussianNB()))
