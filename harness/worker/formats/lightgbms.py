"""LightGBM's own files: the text that it loads again, and the JSON that it only writes."""

from __future__ import annotations

import json
import pickle
import re
from typing import Any, List, Optional, Tuple

from .. import capi
from ..registry import Attack, Canary, Format, Unsupported, format_
from ._lightgbm_json import Walker
from ._scorers import Classifier, Regressor

TEXT = """\
import lightgbm

model.booster_.save_model(path)
loaded = lightgbm.Booster(model_file=path)  # a classifier's predict then gives probabilities
"""
JSON = """\
import json

import numpy

with open(path, "w") as file:
    json.dump(model.booster_.dump_model(), file)


class Trees:
    def __init__(self, trees):
        self.trees = [tree["tree_structure"] for tree in trees]

    def answer(self, node, row):
        while "leaf_value" not in node:
            left = row[node["split_feature"]] <= node["threshold"]
            node = node["left_child" if left else "right_child"]
        return node["leaf_value"]

    def predict(self, X):
        return numpy.array([sum(self.answer(tree, row) for tree in self.trees) for row in X])


with open(path) as file:
    loaded = Trees(json.load(file)["tree_info"])  # numbers alone, none missing, squared error
"""


class LightGBM(Format):
    """What both files share: an ensemble without the estimator and without the classes' names."""

    requires_to_dump = ("lightgbm",)
    converts = True
    subjects = ("lightgbm.regressor",)

    def large(self) -> Any:
        """90 trees with 2500 leaves each."""
        import lightgbm
        import numpy

        random = numpy.random.RandomState(0)
        return lightgbm.LGBMRegressor(
            n_estimators=90,
            num_leaves=2500,
            min_child_samples=1,
            min_child_weight=0,
            max_bin=15,
            min_data_in_bin=1,
            n_jobs=1,
            verbosity=-1,
        ).fit(random.random_sample((3000, 3)), random.standard_normal(3000))


@format_
class LightGBMText(LightGBM):
    """`Booster.save_model` and `Booster(model_file=...)`.

    A Booster's `predict` gives probabilities where the model is a classifier: they are answered as
    `predict_proba`, and the number of the likeliest class as `predict`.
    """

    id = "lightgbm-text"
    summary = "LightGBM's own file, as text"
    suffix = ".txt"
    requires = ("lightgbm",)
    executes = "nothing by design; the parser in C++ believes the numbers in the file"
    snippet = TEXT

    def dump(self, model: Any, path: str, data: Any) -> None:
        booster(model).save_model(path)

    def load(self, path: str) -> Any:
        import lightgbm

        loaded = lightgbm.Booster(model_file=path)
        if objective(path) in CLASSIFY:
            raw = lambda X: loaded.predict(X, raw_score=True)  # noqa: E731
            return Classifier(loaded.predict, "LightGBM", raw)
        return Regressor(loaded.predict, "LightGBM")

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        def pickled(path: str, canary: str) -> None:
            with open(path, "wb") as file:
                file.write(pickle.dumps(Canary(canary)))

        def parsed(path: str, canary: str) -> None:
            code = "[__import__('os').open(%r, 64)]" % canary
            text = booster(model).model_to_string()
            _write(path, re.sub("(?m)^pandas_categorical:.*$", "pandas_categorical:" + code, text))

        def outside(path: str, canary: str) -> None:
            text = booster(model).model_to_string()
            _write(path, re.sub(r"(?m)^left_child=\S+", "left_child=1000000000", text))

        known = "a tree whose child lies outside of it (issue 7357): memory, not code"
        how = "code in the line that the Python package parses"
        return [
            Attack("strict", "a pickle in the place of the model", pickled, self.load),
            Attack("strict", how, parsed, self.load),
            Attack("strict", known, outside, self.load),
        ]

    def outside(self, path: str, data: Any) -> Optional[Tuple[str, Any]]:
        return "lib_lightgbm.so through its C interface", capi.lightgbm(path, data.ask)


@format_
class LightGBMJson(LightGBM):
    """`Booster.dump_model` as JSON, answered by a walker of this file's own.

    LightGBM has no loader for it (issues 1151, 6834): it is written for other programs to walk
    through. What this shows is whether the JSON holds all that is needed to answer.
    """

    id = "lightgbm-json"
    summary = "LightGBM's JSON, which it cannot load; walked by code of our own"
    suffix = ".json"
    executes = "nothing: json and arithmetic"
    snippet = JSON

    def dump(self, model: Any, path: str, data: Any) -> None:
        held = booster(model).dump_model()
        if "objective" not in held or "average_output" not in held:
            raise Unsupported("the JSON of this LightGBM does not say what its sums mean")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(held, file)

    def load(self, path: str) -> Any:
        with open(path, encoding="utf-8") as file:
            walker = Walker(json.load(file))
        if walker.objective in CLASSIFY:
            return Classifier(walker.answer, "LightGBM's JSON", walker.raw)
        return Regressor(walker.answer, "LightGBM's JSON")

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        def pickled(path: str, canary: str) -> None:
            with open(path, "wb") as file:
                file.write(pickle.dumps(Canary(canary)))

        return [Attack("strict", "a pickle in the place of the model", pickled, self.load)]


CLASSIFY = ("binary", "multiclass", "multiclassova", "cross_entropy")


def objective(path: str) -> str:
    """What the text says was boosted for; "" where it does not. Before 3.0 no Booster tells it."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        named = [line.partition("=")[2].split() for line in lines if line.startswith("objective=")]
    return named[0][0] if named and named[0] else ""


def booster(model: Any) -> Any:
    """The Booster in a fitted estimator of LightGBM's."""
    import lightgbm

    if not isinstance(model, lightgbm.LGBMModel):
        raise Unsupported("LightGBM saves its own models alone")
    return model.booster_


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
