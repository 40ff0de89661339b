"""Encoders of labels: fitted on the targets, and asked about them."""

from __future__ import annotations

from typing import Any

from .. import registry
from ..registry import model

BACK_AND_FORTH = {
    "transform": lambda coder: coder.transform(_asked(coder)),
    "inverse_transform": lambda coder: coder.inverse_transform(coder.transform(_asked(coder))),
    "classes_": lambda coder: coder.classes_,
}


def _asked(coder: Any) -> Any:
    """Labels of the kind that the encoder was fitted on."""
    if type(coder).__name__ == "MultiLabelBinarizer":
        return [["sour", "deep"], ["deep"], [], ["first", "sour"]]
    return registry.data("iris.names").ask_y


@model("labels.encoder", asks=BACK_AND_FORTH, summary="classes as numbers")
def labels_encoder() -> Any:
    from sklearn.preprocessing import LabelEncoder

    return LabelEncoder().fit(registry.data("iris.names").y)


@model("labels.binarizer", asks=BACK_AND_FORTH, summary="classes as indicators")
def labels_binarizer() -> Any:
    from sklearn.preprocessing import LabelBinarizer

    return LabelBinarizer(neg_label=-1, pos_label=2).fit(registry.data("iris.names").y)


@model("labels.binarizer-sparse", asks=BACK_AND_FORTH, summary="classes as sparse indicators")
def labels_binarizer_sparse() -> Any:
    from sklearn.preprocessing import LabelBinarizer

    return LabelBinarizer(sparse_output=True).fit(registry.data("iris.names").y)


@model("labels.several", asks=BACK_AND_FORTH, summary="several labels for a row as indicators")
def labels_several() -> Any:
    from sklearn.preprocessing import MultiLabelBinarizer

    return MultiLabelBinarizer().fit([["first", "sour"], ["deep"], ["sour", "deep"], []])
