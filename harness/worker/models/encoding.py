"""Encoders of categories."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import either, find, only


@model("onehot.ignore", data="categories", summary="indicators, unknown words ignored, sparse")
def onehot_ignore() -> Any:
    from sklearn.preprocessing import OneHotEncoder

    return OneHotEncoder(handle_unknown="ignore")


@model("onehot.drop", data="categories", summary="first category dropped, dense, given categories")
def onehot_drop() -> Any:
    from sklearn.preprocessing import OneHotEncoder

    words = [
        ["female", "male"],
        ["low", "normal", "raised", "high", "unmeasured"],
        ["young", "middle", "older", "old"],
    ]
    dense = either(OneHotEncoder, ("sparse_output", "sparse"), False)
    return OneHotEncoder(categories=words, drop="first", **dense)


@model("onehot.infrequent", data="categories", summary="rare words together")
def onehot_infrequent() -> Any:
    from sklearn.preprocessing import OneHotEncoder

    rare = only(OneHotEncoder, min_frequency=40)
    return OneHotEncoder(handle_unknown="infrequent_if_exist", **rare)


@model("ordinal.unknown", data="categories", summary="numbers for words, -1 for unknown ones")
def ordinal_unknown() -> Any:
    from sklearn.preprocessing import OrdinalEncoder

    unknown = only(OrdinalEncoder, handle_unknown="use_encoded_value", unknown_value=-1)
    return OrdinalEncoder(**unknown)


@model("ordinal.infrequent", data="categories", summary="numbers for words, rare ones together")
def ordinal_infrequent() -> Any:
    from sklearn.preprocessing import OrdinalEncoder

    rare = only(OrdinalEncoder, max_categories=3)
    return OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, **rare)


@model("target-encoder.binary", data="categories", summary="share of a class in each category")
def target_encoder_binary() -> Any:
    cls = find("preprocessing.TargetEncoder")
    return cls(target_type="binary", smooth=5.0, cv=3, random_state=0)


@model("target-encoder.amount", data="categories.amount", summary="mean target, smoothed by itself")
def target_encoder_amount() -> Any:
    cls = find("preprocessing.TargetEncoder")
    return cls(target_type="continuous", smooth="auto", cv=3, random_state=0)


@model("dict-vectorizer.sparse", data="dicts", summary="a column for each key and word")
def dict_vectorizer_sparse() -> Any:
    from sklearn.feature_extraction import DictVectorizer

    return DictVectorizer()


@model("feature-hasher.dicts", data="dicts", summary="keys and words hashed into 32 columns")
def feature_hasher_dicts() -> Any:
    from sklearn.feature_extraction import FeatureHasher

    return FeatureHasher(n_features=32)
