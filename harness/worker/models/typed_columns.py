"""Tables whose columns are floats, integers, truths and words: each has a type of its own."""

from __future__ import annotations

from typing import Any

from ..registry import model
from ._api import only

FLOATS, INTEGERS, TRUTH, WORD = [0, 1], [2, 3], [4], [5]


@model("typed.logreg", data="typed", summary="four types of columns, logistic regression")
def typed_logreg() -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

    parts = [
        ("floats", StandardScaler(), FLOATS),
        ("integers", MinMaxScaler(), INTEGERS),
        ("truth", OneHotEncoder(), TRUTH),
        ("word", OneHotEncoder(handle_unknown="ignore"), WORD),
    ]
    return make_pipeline(ColumnTransformer(parts), LogisticRegression(C=0.5))


@model("typed.forest", data="typed", summary="numbers and truths as they are, small forest")
def typed_forest() -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    parts = [
        ("numbers", "passthrough", FLOATS + INTEGERS + TRUTH),
        ("word", OrdinalEncoder(), WORD),
    ]
    forest = RandomForestClassifier(n_estimators=6, max_depth=4, random_state=0)
    return make_pipeline(ColumnTransformer(parts), forest)


@model("typed.integers", data="typed", summary="codes of integers and truths, no words")
def typed_integers() -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

    parts = [
        ("integers", OneHotEncoder(handle_unknown="ignore"), [2]),
        ("truth", OrdinalEncoder(), TRUTH),
    ]
    return ColumnTransformer(parts)


@model("typed.boost", data="typed", summary="words as codes, the rest through, boosted trees")
def typed_boost() -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    unknown = only(OrdinalEncoder, handle_unknown="use_encoded_value", unknown_value=-1)
    table = ColumnTransformer([("word", OrdinalEncoder(**unknown), WORD)], remainder="passthrough")
    boost = GradientBoostingClassifier(n_estimators=6, max_depth=2, random_state=0)
    return make_pipeline(table, boost)
