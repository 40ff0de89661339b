"""Treelite: tree ensembles of several libraries in one checkpoint, with an inference of its own."""

from __future__ import annotations

import json
import pickle
from typing import Any, List, Optional, Tuple

from .. import capi
from ..registry import Attack, Canary, Format, Tolerance, Unsupported, format_
from ._scorers import Classifier, Outputs, Regressor

BINARY, REGRESS, CLASSES, RANK, ISOLATE = range(5)  # the tasks that a checkpoint may name
NARROW = "shelflife.float32"  # attribute of a checkpoint: rows are rounded to float32 first
SNIPPET = """\
import treelite
import treelite.gtil
import treelite.sklearn

treelite.sklearn.import_model(model).serialize(path)  # or treelite.frontend.from_xgboost(...)
trees = treelite.Model.deserialize(path)


class Loaded:
    def predict(self, X):
        return treelite.gtil.predict(trees, X.astype("f4"))[:, 0, 0]  # scikit-learn rounds


loaded = Loaded()
"""


@format_
class Treelite(Format):
    """A checkpoint of Treelite, answered by its general inference (GTIL).

    Trees of scikit-learn, XGBoost and LightGBM. GTIL gives an array of (rows, targets, classes):
    the answers of the estimator are read from it as Treelite's documents say. The names of
    classes are not in the checkpoint; `predict` gives their numbers. scikit-learn's trees round
    what they are asked to float32, which is left to the caller (issue 250): a mark in the
    checkpoint's attributes says where.
    """

    id = "treelite"
    summary = "Treelite's checkpoint of trees, its general inference"
    suffix = ".tl"
    requires = ("treelite", "treelite.gtil")
    requires_to_dump = ("treelite.sklearn",)
    executes = "nothing by design; the parser in C++ believes the numbers in the file"
    converts = True
    tolerance = Tolerance(1e-5, "XGBoost's trees are summed in float32, and softmax is in float32")
    subjects = ("forest.regressor",)
    snippet = SNIPPET

    def dump(self, model: Any, path: str, data: Any) -> None:
        trees = _imported(model)
        if type(model).__module__.startswith("sklearn.") and "Hist" not in type(model).__name__:
            fields = trees.get_header_accessor()
            held = json.loads(fields.get_field("attributes") or "{}")
            fields.set_field("attributes", json.dumps(dict(held, **{NARROW: True})))
        trees.serialize(path)

    def load(self, path: str) -> Any:
        import treelite

        trees = treelite.Model.deserialize(path)
        fields = trees.get_header_accessor()
        task = int(fields.get_field("task_type")[0])
        return scorer(trees, task, int(fields.get_field("num_target")[0]))

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        def pickled(path: str, canary: str) -> None:
            with open(path, "wb") as file:
                file.write(pickle.dumps(Canary(canary)))

        return [Attack("strict", "a pickle in the place of the model", pickled, self.load)]

    def outside(self, path: str, data: Any) -> Optional[Tuple[str, Any]]:
        return "libtreelite.so through its C interface", capi.treelite(path, data.ask.astype("f4"))[
            :, 0, 0
        ]

    def large(self) -> Any:
        """Trees with a leaf for each of 40 000 rows."""
        import numpy
        from sklearn.ensemble import ExtraTreesRegressor

        random = numpy.random.RandomState(0)
        trees = ExtraTreesRegressor(n_estimators=6, max_features=1, random_state=0)
        return trees.fit(random.random_sample((40_000, 4)), random.standard_normal(40_000))


def _imported(model: Any) -> Any:
    """A Treelite model of a fitted estimator."""
    import treelite
    import treelite.sklearn

    library = type(model).__module__.partition(".")[0]
    try:
        if library == "xgboost":
            if model.get_params().get("booster") == "gblinear":
                raise Unsupported("Treelite holds trees alone, and this is a linear booster")
            return treelite.frontend.from_xgboost(model.get_booster())
        if library == "lightgbm":
            return treelite.frontend.from_lightgbm(model.booster_)
        return treelite.sklearn.import_model(model)
    except (treelite.TreeliteError, NotImplementedError) as error:
        if "upported" not in str(error):  # [Nn]ot supported, [Uu]nsupported
            raise
        words = str(error)
        words = words.rpartition(": ")[2] if words.startswith("[") else words  # of the C++ side
        raise Unsupported("Treelite refuses: %s" % words)


def scorer(trees: Any, task: int, targets: int) -> Any:
    """What answers as the estimator did, as far as the task that the checkpoint names allows."""

    narrow = NARROW in trees.attributes

    def given(X: Any) -> Any:
        import treelite.gtil

        return treelite.gtil.predict(trees, X.astype("f4") if narrow else X, nthread=1)

    if task == ISOLATE:
        return Isolation(given, float(trees.attributes["sklearn_iforest_offset"]))
    if task == CLASSES and targets > 1:
        counts = [int(count) for count in trees.get_header_accessor().get_field("num_class")]
        return Outputs(lambda X: _split(given(X), counts), "Treelite")
    if task == CLASSES:
        return Classifier(lambda X: given(X)[:, 0, :], "Treelite")
    one = (lambda X: given(X)[:, 0, 0]) if targets == 1 else (lambda X: given(X)[:, :, 0])
    if task == BINARY:
        return Classifier(one, "Treelite") if targets == 1 else Labels(one, "Treelite")
    if task in (REGRESS, RANK):
        return Regressor(one, "Treelite")
    raise ValueError("no task of Treelite is known as %d" % task)


def _split(given: Any, counts: List[int]) -> List[Any]:
    """The probabilities of each target's classes."""
    return [given[:, place, :count] for place, count in enumerate(counts)]


class Labels(Regressor):
    """Several yes-or-no labels: the probability of each, and 0.0 or 1.0, as XGBoost answers."""

    def __init__(self, proba: Any, source: str) -> None:
        super().__init__(lambda X: (proba(X) > 0.5).astype("f8"), source)
        self.predict_proba = proba


class Isolation:
    """Treelite gives the negative of `score_samples`; the rest follows from the offset it keeps."""

    def __init__(self, given: Any, offset: float) -> None:
        self.given = given
        self.offset = offset

    def score_samples(self, X: Any) -> Any:
        return -self.given(X)[:, 0, 0]

    def decision_function(self, X: Any) -> Any:
        return self.score_samples(X) - self.offset

    def predict(self, X: Any) -> Any:
        import numpy

        return numpy.where(self.decision_function(X) < 0, -1, 1)
