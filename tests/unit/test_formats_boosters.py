"""The parts of the boosters' formats that need none of their libraries."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from harness.worker import capi, registry
from harness.worker.formats import (
    _lightgbm_json,
    _mlflow_attacks,
    _mlflow_needs,
    _scorers,
    catboosts,
    lightgbms,
    mlflows,
    treelites,
    xgboosts,
)
from harness.worker.models import _fits

MODULES = (catboosts, lightgbms, mlflows, treelites, xgboosts)
FORMATS = [
    format
    for format in registry.FORMATS.values()
    if format.family in {module.__name__.rpartition(".")[2] for module in MODULES}
]


def test_every_id_is_there() -> None:
    assert {format.id for format in FORMATS} == {
        "catboost-cbm",
        "catboost-json",
        "lightgbm-json",
        "lightgbm-text",
        "mlflow-cloudpickle",
        "mlflow-pickle",
        "mlflow-pyfunc",
        "mlflow-skops",
        "treelite",
        "xgboost-binary",
        "xgboost-json",
        "xgboost-ubj",
    }


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.id)
def test_a_snippet_is_code_that_saves_and_loads(format: registry.Format) -> None:
    compile(format.snippet, format.id, "exec")
    assert {"model", "path", "loaded"} <= set(re.findall(r"\w+", format.snippet))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (
            rb'{"learner":{"attributes":{"scikit_learn":"{\"_estimator_type\": \"ranker\"}"}',
            "XGBRanker",
        ),
        (b'scikit_learnSL\0\0!{"_estimator_type": "classifier"}}L', "XGBClassifier"),
        (b'"_estimator_type": "regressor" ... "_estimator_type": "ranker"', "XGBRegressor"),
    ],
)
def test_xgboost_says_what_it_has_saved(content: bytes, name: str) -> None:
    assert xgboosts.estimator(content) == name


@pytest.mark.parametrize("content", [b"", b'{"learner":{}}', b'_estimator_type": "clasifier"'])
def test_what_is_no_estimator_of_xgboost_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="does not say"):
        xgboosts.estimator(content)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'"loss_function":{"type":"MultiClass","params":{}}', "CatBoostClassifier"),
        (
            b'"loss_function":{"params":{},"type":"RMSE"},\n "loss_function":"YetiRank"',
            "CatBoostRanker",
        ),
        (b'"loss_function":"MultiQuantile:alpha=0.1,0.5,0.9"', "CatBoostRegressor"),
        (b'"loss_function":\n {\n "type":"Poisson"', "CatBoostRegressor"),
    ],
)
def test_catboost_says_what_it_has_saved(content: bytes, name: str) -> None:
    assert catboosts.estimator(content) == name


@pytest.mark.parametrize("content", [b"", b'"loss_function":"Custom"', b'"loss_function":7'])
def test_an_unknown_loss_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no loss that is known"):
        catboosts.estimator(content)


# -- LightGBM's JSON ------------------------------------------------------------------------


def _leaf(value: float) -> dict[str, Any]:
    return {"leaf_value": value}


def _split(threshold: Any, left: Any, right: Any, **more: Any) -> dict[str, Any]:
    node = {"split_feature": 0, "decision_type": "<=", "missing_type": "None"}
    node.update(threshold=threshold, left_child=left, right_child=right, default_left=True, **more)
    return node


def _walker(*trees: Any, **more: Any) -> Any:
    held = {"num_tree_per_iteration": 1, "max_feature_idx": 1, "average_output": False}
    held.update(objective="regression", tree_info=[{"tree_structure": tree} for tree in trees])
    return _lightgbm_json.Walker(json.loads(json.dumps(dict(held, **more))))


def _answers(walker: Any, *column: float) -> list[float]:
    numpy = pytest.importorskip("numpy")
    rows = numpy.column_stack([column, numpy.zeros(len(column))])
    return [float(value) for value in walker.answer(rows)]


NAN, INF = float("nan"), float("inf")


def test_trees_are_added_up() -> None:
    tree = _split(1.5, _leaf(1.0), _split(3.0, _leaf(2.0), _leaf(3.0)))
    assert _answers(_walker(tree, _leaf(10.0)), 1.5, 2.0, 3.5, -INF) == [11.0, 12.0, 13.0, 11.0]


@pytest.mark.parametrize(
    ("missing", "left", "expected"),
    [
        ("None", True, [1.0, 2.0, 1.0]),  # a hole is a zero
        ("NaN", True, [1.0, 2.0, 1.0]),
        ("NaN", False, [1.0, 2.0, 2.0]),
        ("Zero", True, [1.0, 2.0, 1.0]),
        ("Zero", False, [2.0, 2.0, 2.0]),  # and a zero is a hole
    ],
)
def test_holes_go_where_the_node_says(missing: str, left: bool, expected: list[float]) -> None:
    tree = _split(0.5, _leaf(1.0), _leaf(2.0), missing_type=missing)
    tree["default_left"] = left
    assert _answers(_walker(tree), 0.0, 1.0, NAN) == expected


def test_categories_are_whole_numbers_in_a_list() -> None:
    tree = _split("0||2", _leaf(1.0), _leaf(2.0), decision_type="==", missing_type="NaN")
    assert _answers(_walker(tree), 0.0, 2.9, 1.0, 7.0, -1.0, NAN) == [1.0, 1.0, 2.0, 2.0, 2.0, 2.0]
    tree["missing_type"] = "None"
    assert _answers(_walker(tree), NAN) == [1.0]


def test_a_leaf_may_hold_a_linear_model() -> None:
    leaf = {"leaf_value": 9.0, "leaf_const": 1.0, "leaf_features": [0], "leaf_coeff": [2.0]}
    assert _answers(_walker(leaf), 3.0, NAN) == [7.0, 9.0]


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("binary sigmoid:2", 1 / (1 + 2.718281828459045**-4)),
        ("poisson", 2.718281828459045**2),
        ("regression sqrt", 4.0),
        ("lambdarank", 2.0),
    ],
)
def test_sums_become_answers_as_the_objective_says(objective: str, expected: float) -> None:
    assert _answers(_walker(_leaf(2.0), objective=objective), 0.0) == pytest.approx([expected])


def test_classes_share_one() -> None:
    numpy = pytest.importorskip("numpy")
    trees = [_leaf(0.0), _leaf(0.0), _leaf(2.0), _leaf(2.0)]
    more = {"num_tree_per_iteration": 2, "average_output": True}
    walker = _walker(*trees, objective="multiclass num_class:2", **more)
    assert walker.raw(numpy.zeros((1, 2))).tolist() == [[2.0, 2.0]]
    assert walker.answer(numpy.zeros((1, 2))).tolist() == [[0.5, 0.5]]


def test_what_is_not_known_is_no_answer() -> None:
    numpy = pytest.importorskip("numpy")
    with pytest.raises(ValueError, match="objective 'cross_entropy_lambda'"):
        _walker(_leaf(1.0), objective="cross_entropy_lambda")
    with pytest.raises(ValueError, match="rows of 2 columns"):
        _walker(_leaf(1.0)).answer(numpy.zeros((1, 3)))
    with pytest.raises(ValueError, match="no decision"):
        _answers(_walker(_split(1, _leaf(1.0), _leaf(2.0), decision_type="<")), 0.0)
    with pytest.raises(KeyError):
        _lightgbm_json.Walker({})


def test_a_classifier_answers_numbers_of_classes() -> None:
    numpy = pytest.importorskip("numpy")
    two = _scorers.Classifier(lambda X: numpy.array([0.25, 0.5, 0.75]), "a test")
    assert two.predict_proba(None).tolist() == [[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]]
    assert two.predict(None).tolist() == [0, 0, 1]
    assert not hasattr(two, "decision_function")
    three = _scorers.Classifier(lambda X: numpy.array([[0.2, 0.2, 0.6]]), "a test", lambda X: X)
    assert (three.predict(None).tolist(), three.decision_function(7)) == ([2], 7)
    many = _scorers.Outputs(lambda X: [numpy.eye(2), numpy.eye(2)[::-1]], "a test")
    assert many.predict(None).tolist() == [[0, 1], [1, 0]]


# -- MLflow ------------------------------------------------------------------------


def _dist(version: str, modules: set[str], *requires: str) -> _mlflow_needs.Installed:
    return _mlflow_needs.Installed(version, modules, set(requires))


KNOWN = {
    "mlflow": _dist("3.0", {"mlflow"}, "mlflow-skinny", "pyyaml"),
    "mlflow-skinny": _dist("3.0", {"mlflow"}),
    "pyyaml": _dist("6.0", {"yaml", "_yaml"}),
    "scikit-learn": _dist("1.9.1", {"sklearn"}, "numpy"),
    "numpy": _dist("2.4", {"numpy"}),
    "skops": _dist("0.16", {"skops"}),
    "pandas": _dist("3.0", {"pandas"}),
}


def test_declared_needs_are_compared_with_imports() -> None:
    pins = {"mlflow": "3.0", "scikit-learn": "1.9.0", "pandas": "3.0", "gone": ""}
    imported = ["mlflow", "sklearn", "numpy", "yaml", "skops", "os"]
    assert _mlflow_needs.compared(pins, imported, KNOWN) == {
        "declared": ["gone", "mlflow==3.0", "pandas==3.0", "scikit-learn==1.9.0"],
        "missing": ["skops"],
        "needless": ["gone", "pandas"],
        "mismatched": ["scikit-learn: 1.9.0 declared, 1.9.1 here"],
    }


def test_requirements_are_read_from_both_files() -> None:
    text = "mlflow==3.17.2\nScikit_Learn==1.9.1\nuvicorn[standard]==0.5 ; python_version > '3'\nx\n"
    pins = {"mlflow": "3.17.2", "scikit-learn": "1.9.1", "uvicorn": "0.5", "x": ""}
    assert _mlflow_needs.pinned(text) == pins
    conda = "dependencies:\n- python=3.11.7\n- pip\n- pip:\n  - mlflow==3.17.2\nname: mlflow-env\n"
    assert _mlflow_needs.pinned(conda, r"^  - ") == {"mlflow": "3.17.2"}


MLMODEL = """\
flavors:
  python_function:
    loader_module: mlflow.sklearn
    model_path: model.skops
  sklearn:
    code: null
    pickled_model: model.skops
    serialization_format: skops
    skops_trusted_types:
    - sklearn.tree._tree.Tree
    - numpy.dtype
mlflow_version: 3.17.2
"""


def test_a_hostile_mlmodel_says_what_it_should(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text(MLMODEL)
    _mlflow_attacks.change(str(tmp_path), skops_trusted_types="[builtins.open]", code="code")
    changed = (tmp_path / "MLmodel").read_text()
    assert "    skops_trusted_types: [builtins.open]\nmlflow_version: 3.17.2\n" in changed
    assert "    code: code\n    pickled_model: model.skops\n" in changed


# -- the rest ------------------------------------------------------------------------


def test_a_fit_leaves_only_the_estimator() -> None:
    class Estimator:
        def fit(self, X: Any, y: Any, **more: Any) -> Any:
            self.seen = (len(X), len(y), more)
            return self

    rows = list(range(100))
    fitted = _fits.Fit(Estimator(), _fits.groups("qid")).fit(rows, rows)
    assert isinstance(fitted, Estimator)
    assert fitted.seen == (100, 100, {"qid": [row // 15 for row in rows]})
    assert sum(_fits.group_sizes(rows, rows)["group"]) == 100
    stopped = _fits.Watched(Estimator(), _fits.eval_set).fit(rows, rows)
    assert stopped.seen == (60, 60, {"eval_set": [(rows[60:], rows[60:])], "verbose": False})


def test_a_library_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no package 'shelflife_nowhere'"):
        capi.shared("shelflife_nowhere", "lib.so")
