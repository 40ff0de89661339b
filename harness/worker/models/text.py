"""Words and characters to numbers."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("text.count", data="text", summary="counts of words and pairs, common words stopped")
def text_count() -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(ngram_range=(1, 2), stop_words="english", min_df=2)


@model("text.tfidf", data="text", summary="weighted words, sublinear")
def text_tfidf() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, max_df=0.5)


@model("text.characters", data="text", summary="weighted runs of characters within words")
def text_characters() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), max_features=120, norm="l1")


@model("text.hashing", data="text", summary="words hashed into 64 columns")
def text_hashing() -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(n_features=64, strip_accents="unicode")


@model("text.tfidf-transformer", data="digits.sparse", summary="weights for counts")
def text_tfidf_transformer() -> Any:
    from sklearn.feature_extraction.text import TfidfTransformer

    return TfidfTransformer(smooth_idf=False, norm="l2")
