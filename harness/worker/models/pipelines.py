"""Pipelines, unions and column transformers."""

from __future__ import annotations

from typing import Any

from ..registry import model


@model("pipeline.tfidf", data="text", summary="weighted words into logistic regression")
def pipeline_tfidf() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(C=3.0))


@model("pipeline.count-bayes", data="text", summary="counts, weights, naive Bayes")
def pipeline_count_bayes() -> Any:
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    return make_pipeline(CountVectorizer(), TfidfTransformer(use_idf=False), MultinomialNB())


@model("pipeline.hashing-svd", data="text", summary="hashed words, decomposed, nearest centroid")
def pipeline_hashing_svd() -> Any:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.neighbors import NearestCentroid
    from sklearn.pipeline import make_pipeline

    svd = TruncatedSVD(n_components=6, random_state=0)
    return make_pipeline(HashingVectorizer(n_features=256), svd, NearestCentroid())


def _columns(remainder: str) -> Any:
    """Numbers scaled after filling holes; words one-hot; what is left by `remainder`."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    words = OneHotEncoder(handle_unknown="ignore")
    parts = [("numbers", numbers, [1, 2]), ("words", words, [3, 4])]
    return ColumnTransformer(parts, remainder=remainder)


@model("pipeline.columns", data="mixed", summary="mixed columns into logistic regression")
def pipeline_columns() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(_columns("drop"), LogisticRegression(C=0.2))


@model("pipeline.columns-remainder", data="mixed", summary="mixed columns, the rest passed through")
def pipeline_columns_remainder() -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import OrdinalEncoder

    parts = [
        ("numbers", SimpleImputer(strategy="mean", add_indicator=True), slice(0, 3)),
        ("words", OrdinalEncoder(), [3, 5]),
    ]
    return ColumnTransformer(parts, remainder="passthrough")


@model("pipeline.columns-forest", data="mixed", summary="the rest encoded, into a small forest")
def pipeline_columns_forest() -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    table = make_column_transformer(
        (SimpleImputer(), [0, 1, 2]), remainder=OneHotEncoder(handle_unknown="ignore")
    )
    return make_pipeline(table, RandomForestClassifier(n_estimators=6, max_depth=4, random_state=0))


@model("pipeline.scaled", data="wine", summary="scaled, passed through, multinomial regression")
def pipeline_scaled() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    return Pipeline(
        [
            ("scale", StandardScaler()),
            ("nothing", "passthrough"),
            ("classify", LogisticRegression(C=0.01)),
        ]
    )


@model("pipeline.union", data="breast_cancer.names", summary="two transformers side by side")
def pipeline_union() -> Any:
    from sklearn.decomposition import PCA
    from sklearn.feature_selection import SelectKBest, f_classif
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    sides = make_union(PCA(n_components=3, svd_solver="full"), SelectKBest(f_classif, k=2))
    return make_pipeline(sides, LogisticRegression(C=0.1))


@model("pipeline.union-weights", data="wine", summary="a union with weights, transforming only")
def pipeline_union_weights() -> Any:
    from sklearn.pipeline import FeatureUnion
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    sides = [("standard", StandardScaler()), ("minmax", MinMaxScaler())]
    return FeatureUnion(sides, transformer_weights={"standard": 0.5, "minmax": 2.0})


@model("pipeline.impute-boost", data="breast_cancer.missing", summary="holes filled, then boosted")
def pipeline_impute_boost() -> Any:
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline

    boost = GradientBoostingClassifier(n_estimators=6, max_depth=2, random_state=0)
    return make_pipeline(SimpleImputer(add_indicator=True), boost)


@model("pipeline.cluster", data="digits.unlabelled", summary="components, then k-means")
def pipeline_cluster() -> Any:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline

    kmeans = KMeans(n_clusters=5, n_init=2, random_state=0)
    return make_pipeline(PCA(n_components=4, svd_solver="full"), kmeans)


@model("pipeline.polynomial", data="diabetes.bmi", summary="powers of one column, then ridge")
def pipeline_polynomial() -> Any:
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    return make_pipeline(
        PolynomialFeatures(degree=2, include_bias=False), StandardScaler(), Ridge()
    )
