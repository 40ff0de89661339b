"""CatBoost's own files: `save_model` and `load_model` of its estimators."""

from __future__ import annotations

import json
import pickle
import re
from typing import Any, List, Optional

from ..registry import Attack, Canary, Format, Unsupported, format_

LOSS = re.compile(rb'"loss_function":\s*(?:\{\s*"type":\s*)?"(\w+)')  # as CatBoost writes it
CLASSES = {
    "CatBoostClassifier": "Logloss CrossEntropy Focal MultiClass MultiClassOneVsAll MultiLogloss"
    " MultiCrossEntropy",
    "CatBoostRegressor": "RMSE MAE Quantile MultiQuantile LogLinQuantile Expectile Tweedie Huber"
    " Poisson MAPE Lq LogCosh RMSEWithUncertainty MultiRMSE MultiRMSEWithMissingValues"
    " SurvivalAft Cox",
    "CatBoostRanker": "YetiRank YetiRankPairwise PairLogit PairLogitPairwise QueryRMSE"
    " QuerySoftMax QueryCrossEntropy StochasticFilter StochasticRank LambdaMart",
}
SNIPPET = """\
import catboost

model.save_model(path, format="%s")
loaded = catboost.CatBoostRegressor()  # or CatBoostClassifier, CatBoostRanker
loaded.load_model(path, format="%s")
"""


@format_
class CatBoost(Format):
    """`save_model` of the fitted estimator, `load_model` of a new one of the same kind.

    A person knows whether the file is of a classifier, and CatBoost compares nothing; here it is
    read from the loss that CatBoost writes into the file.
    """

    requires = ("catboost",)
    requires_to_dump = ("catboost",)
    executes = "nothing by design: a parser in C++, and json in Python"
    subjects = ("catboost.regressor",)

    def __init__(self, kind: str, words: str) -> None:
        self.kind = kind
        self.id = "catboost-" + kind
        self.suffix = "." + kind
        self.summary = "CatBoost's own file, " + words
        self.snippet = SNIPPET % (kind, kind)

    @classmethod
    def variants(cls) -> List[Format]:
        return [cls("cbm", "binary"), cls("json", "as JSON")]

    def dump(self, model: Any, path: str, data: Any) -> None:
        import catboost

        if not isinstance(model, catboost.CatBoost):
            raise Unsupported("CatBoost saves its own models alone")
        model.save_model(path, format=self.kind)

    def load(self, path: str) -> Any:
        import catboost

        with open(path, "rb") as file:
            name = estimator(file.read())
        model = getattr(catboost, name)()
        model.load_model(path, format=self.kind)
        return model

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        def pickled(path: str, canary: str) -> None:
            with open(path, "wb") as file:
                file.write(pickle.dumps(Canary(canary)) + b'"loss_function":"RMSE"')

        def parsed(path: str, canary: str) -> None:
            changed = model.copy()
            code = "open(%r, 'w')" % canary
            held = json.loads(changed.get_metadata()["params"])
            held["flat_params"].update({"loss_function": "RMSE", "custom_metric": [code]})
            changed.get_metadata()["params"] = json.dumps(held, separators=(",", ":"))
            changed.save_model(path, format=self.kind)

        how = "code among the parameters that the Python package takes over"
        return [
            Attack("strict", "a pickle in the place of the model", pickled, self.load),
            Attack("strict", how, parsed, self.load),
        ]

    def large(self) -> Any:
        """Symmetric trees with 4096 leaves of 100 numbers each."""
        import catboost
        import numpy

        random = numpy.random.RandomState(0)
        return catboost.CatBoostRegressor(
            iterations=6,
            depth=12,
            loss_function="MultiRMSE",
            boosting_type="Plain",
            border_count=32,
            random_seed=0,
            thread_count=1,
            allow_writing_files=False,
            verbose=False,
        ).fit(random.random_sample((1000, 4)), random.standard_normal((1000, 100)))


def estimator(content: bytes) -> str:
    """The name of the class that a model with the loss in the file belongs to."""
    found = LOSS.search(content)
    loss: Optional[str] = found.group(1).decode() if found else None
    for name, losses in CLASSES.items():
        if loss in losses.split():
            return name
    raise ValueError("the file is of a model with no loss that is known here: %r" % loss)
