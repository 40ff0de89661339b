"""XGBoost's own files: `save_model` and `load_model` of its estimators for scikit-learn."""

from __future__ import annotations

import os
import pickle
import re
from typing import Any, List, Optional, Tuple

from .. import capi
from ..registry import Attack, Canary, Format, Unsupported, format_

KIND = re.compile(rb"type\W+(XGB\w+|classifier|regressor|ranker)")  # of XGBoost's own attribute
CLASSES = {b"classifier": "XGBClassifier", b"regressor": "XGBRegressor", b"ranker": "XGBRanker"}
SNIPPET = """\
import xgboost

model.save_model(path)  # the end of the name, .json or .ubj, chooses the form
loaded = xgboost.XGBRegressor()  # or XGBClassifier, XGBRanker
loaded.load_model(path)
"""


@format_
class XGBoost(Format):
    """`save_model` of the fitted estimator, `load_model` of a new one of the same kind.

    A person knows whether the file is of a classifier; here it is read from the attribute that
    XGBoost writes into the file and compares when it loads it.
    """

    requires = ("xgboost",)
    requires_to_dump = ("xgboost",)
    executes = "nothing by design: a parser in C++, and json in Python"
    subjects = ("xgboost.regressor", "xgboost.linear")

    def __init__(self, kind: str, suffix: str, words: str) -> None:
        self.id = "xgboost-" + kind
        self.suffix = suffix  # it tells XGBoost what to write
        self.summary = "XGBoost's own file, " + words
        self.snippet = SNIPPET

    @classmethod
    def variants(cls) -> List[Format]:
        return [
            cls("json", ".json", "as JSON"),
            cls("ubj", ".ubj", "as Universal Binary JSON, since 1.6"),
            cls("binary", ".deprecated", "in the binary form that it wrote until 3.0"),
        ]

    def dump(self, model: Any, path: str, data: Any) -> None:
        import xgboost

        if not isinstance(model, xgboost.XGBModel):
            raise Unsupported("XGBoost saves its own models alone")
        written = path if path.endswith(self.suffix) else path + self.suffix
        model.save_model(written)
        os.replace(written, path)
        with open(path, "rb") as file:
            is_json = file.read(1) == b"{"
        if is_json == (self.id == "xgboost-binary"):
            raise Unsupported("XGBoost %s does not write this form" % xgboost.__version__)

    def load(self, path: str) -> Any:
        import xgboost

        with open(path, "rb") as file:
            model = getattr(xgboost, estimator(file.read()))()
        model.load_model(path)
        return model

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        def pickled(path: str, canary: str) -> None:
            with open(path, "wb") as file:
                file.write(pickle.dumps(Canary(canary)) + b'_estimator_type": "regressor"')

        def parsed(path: str, canary: str) -> None:
            booster = model.get_booster().copy()
            code = "open(%r, 'w')" % canary
            booster.set_attr(scikit_learn="{_estimator_type: regressor, x: %s}" % code)
            booster.save_model(path)

        how = "code in the attribute that the Python package parses"
        return [
            Attack("strict", "a pickle in the place of the model", pickled, self.load),
            Attack("strict", how, parsed, self.load),
        ]

    def outside(self, path: str, data: Any) -> Optional[Tuple[str, Any]]:
        return "libxgboost.so through its C interface", capi.xgboost(path, data.ask)

    def large(self) -> Any:
        """A linear model of so many columns that its weights alone are 16 MB."""
        import numpy
        import xgboost

        rows = numpy.random.RandomState(0).random_sample((2, 4_200_000)).astype("f4")
        return xgboost.XGBRegressor(
            booster="gblinear",
            updater="shotgun",
            n_estimators=1,
            learning_rate=1e-8,
            reg_lambda=0,
            random_state=0,
            n_jobs=1,
        ).fit(rows, [0.3, 0.9])


def estimator(content: bytes) -> str:
    """The name of the class that the file says it is of; before 1.4 it says the name itself."""
    kind = KIND.search(content)
    if kind is None:
        raise ValueError("the file does not say what kind of estimator it is of")
    return CLASSES.get(kind.group(1)) or kind.group(1).decode()
