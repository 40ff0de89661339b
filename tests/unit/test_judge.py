"""The rules that turn what a worker said into the outcome of a cell, one test each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from harness import judge, protocol, store
from harness.judge import Terms
from harness.protocol import Done, Manifest
from harness.records import (
    Case,
    Cell,
    CellId,
    Comparison,
    Failure,
    Model,
    Outcome,
    Tolerance,
    Verdict,
)
from harness.worker import answers, files, produce
from tests.unit.samples import FORMATS, MODELS, SHA, cell, format_, model, schema

CASE = Case("logreg.binary", "pickle-5")
CONVERTED = Case("logreg.binary", "onnx-f32")
TERMS = Terms("small", {m.id: m for m in MODELS}, {f.id: f for f in FORMATS})
RIGHT = np.array([1.0, 2.0, 3.0])
CLOSE = np.array([1.0, 2.0, np.nextafter(3.0, 4)])
DRIFT = np.array([1.0, 2.5, 3.0])
LABELS, OTHERS = np.array(["a", "b"]), np.array(["a", "c"])
BROKE = Failure("ValueError", "it broke\nbadly", "predict")
SAVING = ["ConvergenceWarning", "did not converge", 2, "fit"]
LOADING = {"category": "UserWarning", "message": "old", "count": 1, "stage": "load"}


class Place:
    """A producer's folder and a consumer's answers, written as the worker writes them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, folder / "answers.bin"

    def save(
        self, case: Case = CASE, reference: Any = None, fitted: Any = None, asked: bool = True
    ) -> Manifest:
        """Record an artifact, and the reference unless reloading it failed."""
        path = self.folder / f"{case}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"artifact")
        line = {
            "item": str(case), "kind": "saved", "path": f"{case}.bin", "sha256": SHA, "bytes": 8,
            "ms": {"fit": 3.0, "dump": 1.0}, "warnings": [SAVING],
        }  # fmt: skip
        files.append(str(self.folder / "manifest.jsonl"), line)
        if reference is not None:
            kept, before = self._kept(case, reference), self._kept(case, fitted or {})
            line = {
                "item": str(case), "kind": "reference", "answers": kept, "fitted": before,
                "compared": list(kept) if asked else [], "usable": [],
            }  # fmt: skip
            files.append(str(self.folder / "manifest.jsonl"), line)
        return Manifest(self.folder)

    def _kept(self, case: Case, given: Mapping[str, Any]) -> Mapping[str, Any]:
        to = str(self.folder / f"{case}.answers")
        return {name: produce.keep(answers.encode(value), to) for name, value in given.items()}

    def answer(self, **given: Any) -> Mapping[str, Any]:
        """What a consumer writes of answers that differ."""
        to = str(self.store)
        return {name: produce.keep(answers.encode(value), to) for name, value in given.items()}

    def judge(self, manifest: Manifest, done: Done, consumer: str = "new") -> Cell:
        id = CellId(done.case.model, done.case.format, "old", consumer)
        return judge.consumed(id, done, manifest, self.store, TERMS)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def done(status: str = "ok", case: Case = CASE, **more: Any) -> Done:
    empty = {"failure": None, "reason": None, "equal": (), "answers": {}, "lost": ()}
    return Done(case, status, **{**empty, "warnings": (), "ms": {"load": 2.0}, **more})


# -- a cell's outcome is the worst of its methods' verdicts and its errors ---------------------


def test_an_answer_with_the_references_digest_is_identical(place: Place) -> None:
    found = place.judge(place.save(reference={"predict": RIGHT}), done(equal=("predict",)))
    assert found.outcome is Outcome.IDENTICAL
    assert found.methods == {"predict": Comparison(Verdict.IDENTICAL)}


def test_any_other_answer_is_compared_by_its_bytes(place: Place) -> None:
    manifest = place.save(reference={"predict": RIGHT, "transform": RIGHT})
    told = done(equal=("transform",), answers=place.answer(predict=DRIFT))
    found = place.judge(manifest, told)
    assert found.outcome is Outcome.DRIFT
    assert found.methods["predict"].max_abs_diff == 0.5
    assert found.methods["transform"].verdict is Verdict.IDENTICAL


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({}, Outcome.IDENTICAL),
        ({"b": CLOSE}, Outcome.CLOSE),
        ({"b": CLOSE, "c": DRIFT}, Outcome.DRIFT),
        ({"a": OTHERS, "b": CLOSE, "c": DRIFT}, Outcome.CHANGED),
    ],
)
def test_the_worst_verdict_is_the_outcome(
    place: Place, given: Mapping[str, Any], outcome: Outcome
) -> None:
    reference = {"a": LABELS, "b": RIGHT, "c": RIGHT}
    equal = tuple(name for name in reference if name not in given)
    told = done(equal=equal, answers=place.answer(**given))
    assert place.judge(place.save(reference=reference), told).outcome is outcome


@pytest.mark.parametrize("given", [{}, {"b": CLOSE}])
def test_a_method_that_fails_is_worse_than_answers_that_are_right(
    place: Place, given: Mapping[str, Any]
) -> None:
    told = done(answers=place.answer(**given), lost=(BROKE,))
    found = place.judge(place.save(reference={"a": LABELS, "b": RIGHT}), told)
    assert (found.outcome, found.error) == (Outcome.USE_ERROR, BROKE)


@pytest.mark.parametrize(("given", "outcome"), [(DRIFT, "drift"), (LABELS, "changed")])
def test_a_wrong_answer_is_worse_than_a_method_that_fails(
    place: Place, given: Any, outcome: str
) -> None:
    told = done(answers=place.answer(b=given), lost=(BROKE,))
    found = place.judge(place.save(reference={"b": RIGHT}), told)
    assert (found.outcome, found.error) == (Outcome(outcome), BROKE)


def test_outcomes_stand_in_order_of_severity() -> None:
    wanted = [
        "identical",
        "close",
        "unsupported",
        "dump-error",
        "load-error",
        "use-error",
        "timeout",
        "crash",
        "drift",
        "changed",
        "invalid",
        "notrun",
    ]
    assert [outcome.value for outcome in sorted(Outcome, key=lambda o: o.severity)] == wanted
    assert [o.value for o in Outcome if not o.is_result] == ["invalid", "notrun"]


@pytest.mark.parametrize(
    ("status", "outcome"), [("failed", "load-error"), ("crash", "crash"), ("timeout", "timeout")]
)
def test_what_ends_before_it_answers_has_the_outcome_of_its_end(
    place: Place, status: str, outcome: str
) -> None:
    found = place.judge(place.save(reference={"a": RIGHT}), done(status, failure=BROKE))
    assert (found.outcome, found.error, found.methods) == (Outcome(outcome), BROKE, {})


def test_where_the_environment_lacks_the_format_the_cell_is_not_run(place: Place) -> None:
    told = done("absent", reason="no working skops")
    found = place.judge(place.save(reference={"a": RIGHT}), told)
    assert (found.outcome, found.reason, found.runs) == (Outcome.NOTRUN, "no working skops", 0)


def test_a_cell_names_its_artifact_and_all_that_it_cost(place: Place) -> None:
    found = place.judge(place.save(reference={"a": RIGHT}), done(equal=("a",)))
    assert found.artifact == {"sha256": SHA, "bytes": 8}
    assert found.ms == {"fit": 3.0, "dump": 1.0, "load": 2.0}


def test_warnings_of_saving_are_told_once_in_the_control(place: Place) -> None:
    manifest = place.save(reference={"a": RIGHT})
    told = done(equal=("a",), warnings=(LOADING,))
    saving = {"category": SAVING[0], "message": SAVING[1], "count": SAVING[2], "stage": "fit"}
    assert list(place.judge(manifest, told).warnings) == [LOADING]
    assert list(place.judge(manifest, told, consumer="old").warnings) == [saving, LOADING]


@pytest.mark.parametrize("consumer", ["old", "new"])
def test_a_judged_cell_is_what_its_schema_says(place: Place, consumer: str) -> None:
    told = done(answers=place.answer(a=DRIFT), lost=(BROKE,), warnings=(LOADING,))
    found = place.judge(place.save(reference={"a": RIGHT}), told, consumer)
    jsonschema.validate(store.cell_json(found), schema("cell"))


# -- tolerances ----------------------------------------------------------------------------------


def terms_of(one: Model, declared: Tolerance | None = None) -> Terms:
    return Terms("small", {one.id: one}, {"pickle-5": format_("pickle-5", tolerance=declared)})


def test_the_widest_declared_tolerance_counts() -> None:
    narrow, wide = Tolerance(1e-6, "narrow"), Tolerance(1e-3, "wide")
    id = CellId("logreg.binary", "pickle-5", "old", "new")
    assert terms_of(model(tolerance=narrow), wide).tolerance(id) == wide
    assert terms_of(model(tolerance=wide), narrow).tolerance(id) == wide
    assert terms_of(model(tolerance=narrow)).tolerance(id) == narrow


def test_without_a_declared_one_the_default_counts() -> None:
    id = CellId("logreg.binary", "pickle-5", "old", "new")
    assert terms_of(model()).tolerance(id) == judge.compare.DEFAULT


def test_a_close_cell_says_why_that_is_close_enough(place: Place) -> None:
    manifest = place.save(reference={"a": RIGHT})
    found = place.judge(manifest, done(answers=place.answer(a=CLOSE)))
    assert (found.outcome, found.reason) == (Outcome.CLOSE, judge.compare.DEFAULT.reason)
    assert place.judge(manifest, done(answers=place.answer(a=DRIFT))).reason is None


# -- before there is an artifact -----------------------------------------------------------------

ID = CellId("logreg.binary", "pickle-5", "old", "new")


@pytest.mark.parametrize(
    ("status", "outcome"), [("failed", "dump-error"), ("crash", "crash"), ("timeout", "timeout")]
)
def test_what_never_became_an_artifact_has_the_outcome_of_its_end(
    status: str, outcome: str
) -> None:
    found = judge.not_produced(ID, done(status, failure=BROKE), TERMS)
    assert (found.outcome, found.error, found.artifact) == (Outcome(outcome), BROKE, None)


def test_a_format_that_says_it_cannot_is_unsupported_and_says_why() -> None:
    found = judge.not_produced(ID, done("unsupported", reason="no trees"), TERMS)
    assert (found.outcome, found.reason, found.error) == (Outcome.UNSUPPORTED, "no trees", None)


def test_a_format_that_is_not_there_is_not_run_and_says_why() -> None:
    found = judge.not_produced(ID, done("absent", reason="no skops"), TERMS)
    assert (found.outcome, found.reason, found.runs) == (Outcome.NOTRUN, "no skops", 0)


@pytest.mark.parametrize("status", ["failed", "crash", "timeout", "unsupported", "absent"])
def test_a_cell_without_an_artifact_is_what_its_schema_says(status: str) -> None:
    found = judge.not_produced(ID, done(status, failure=BROKE, reason="so"), TERMS)
    jsonschema.validate(store.cell_json(found), schema("cell"))


# -- fidelity ------------------------------------------------------------------------------------


def fidelity(place: Place, case: Case, reference: Any, fitted: Any) -> Any:
    manifest = place.save(case, reference, fitted)
    id = CellId(case.model, case.format, "old", "old")
    return judge.fidelity(id, manifest, TERMS)


def control(case: Case, outcome: Outcome = Outcome.IDENTICAL, **more: Any) -> Cell:
    return cell(f"{case}/old/old", outcome, **more)


def test_answers_that_saving_did_not_change_are_faithful(place: Place) -> None:
    found = fidelity(place, CASE, {"a": RIGHT, "b": RIGHT}, {})
    assert found == {"verdict": "identical", "max_abs_diff": 0.0, "method": None}


def test_the_method_that_saving_changed_most_is_named(place: Place) -> None:
    reference = {"a": RIGHT, "b": RIGHT, "c": RIGHT}
    found = fidelity(place, CASE, reference, {"b": CLOSE, "c": DRIFT})
    assert found == {"verdict": "drift", "max_abs_diff": 0.5, "method": "c"}


def test_a_faithful_format_that_changed_the_answers_fails_its_control(place: Place) -> None:
    found = fidelity(place, CASE, {"a": RIGHT}, {"a": DRIFT})
    judged = judge.control(control(CASE), found, TERMS)
    assert (judged.outcome, judged.fidelity) == (Outcome.DRIFT, found)
    assert judged.reason is not None and "saving changed it" in judged.reason
    assert "a answers otherwise" in judged.reason


def test_for_a_converting_format_that_is_its_fidelity_alone(place: Place) -> None:
    found = fidelity(place, CONVERTED, {"a": RIGHT}, {"a": DRIFT})
    judged = judge.control(control(CONVERTED), found, TERMS)
    assert (judged.outcome, judged.fidelity) == (Outcome.IDENTICAL, found)
    assert found["verdict"] == "drift"


def test_a_converting_format_is_compared_by_values_alone(place: Place) -> None:
    found = fidelity(place, CONVERTED, {"a": RIGHT.astype("f4")}, {"a": RIGHT.reshape(3, 1)})
    assert found["verdict"] == "identical"
    assert fidelity(place, CASE, {"a": RIGHT.astype("f4")}, {"a": RIGHT})["verdict"] == "changed"


def test_a_close_fidelity_leaves_the_control_right(place: Place) -> None:
    found = fidelity(place, CASE, {"a": RIGHT}, {"a": CLOSE})
    assert judge.control(control(CASE), found, TERMS).outcome is Outcome.IDENTICAL


def test_a_control_that_is_worse_than_its_fidelity_stays_as_it_is(place: Place) -> None:
    found = fidelity(place, CASE, {"a": RIGHT}, {"a": DRIFT})
    assert judge.control(control(CASE, Outcome.CHANGED), found, TERMS).outcome is Outcome.CHANGED


def test_where_nothing_could_be_compared_there_is_no_fidelity(place: Place) -> None:
    manifest = place.save(CASE, reference={"a": RIGHT}, asked=False)
    id = CellId(CASE.model, CASE.format, "old", "old")
    assert judge.fidelity(id, manifest, TERMS) is None
    assert judge.control(control(CASE), None, TERMS) == control(CASE)


def test_where_reloading_failed_there_is_no_fidelity_and_no_explanation(place: Place) -> None:
    manifest = place.save(CASE, reference=None)
    id = CellId(CASE.model, CASE.format, "old", "old")
    assert judge.fidelity(id, manifest, TERMS) is None
    refused = done("failed", failure=Failure("EOFError", "what was it?", "reload"))
    found = judge.unexplained(control(CASE, Outcome.INVALID), refused)
    assert (found.outcome, found.error) == (Outcome.INVALID, refused.failure)


def test_where_no_method_answered_the_control_has_that_error(place: Place) -> None:
    refused = done("failed", failure=Failure("InvalidArgument", "a double", "predict"))
    found = judge.unexplained(control(CASE, Outcome.INVALID), refused)
    assert (found.outcome, found.error) == (Outcome.USE_ERROR, refused.failure)


# -- a cell in the light of its control ----------------------------------------------------------


@pytest.mark.parametrize("right", [Outcome.IDENTICAL, Outcome.CLOSE])
def test_under_a_control_that_came_out_right_a_cell_stands(right: Outcome) -> None:
    fine = {"verdict": "close", "max_abs_diff": 1e-16, "method": "a"}
    found = judge.under(cell(outcome=Outcome.DRIFT), control(CASE, right, fidelity=fine))
    assert (found.outcome, found.observed, found.fidelity) == (Outcome.DRIFT, None, fine)


FAILED = [o for o in Outcome if o not in (Outcome.IDENTICAL, Outcome.CLOSE, Outcome.NOTRUN)]


@pytest.mark.parametrize("failed", FAILED)
@pytest.mark.parametrize("seen", [Outcome.IDENTICAL, Outcome.LOAD_ERROR, Outcome.CHANGED])
def test_under_a_failed_control_a_cell_is_invalid_whatever_was_observed(
    failed: Outcome, seen: Outcome
) -> None:
    found = judge.under(cell(outcome=seen), control(CASE, failed, error=BROKE))
    assert (found.outcome, found.observed) == (Outcome.INVALID, seen)
    assert found.reason == f"its control is {failed}: it broke"


@pytest.mark.parametrize("message", ["", "\n", "\n\nmore"])
def test_a_control_that_failed_without_a_message_is_told_all_the_same(message: str) -> None:
    failed = control(CASE, Outcome.CRASH, error=Failure("SIGSEGV", message, "load"))
    assert judge.under(cell(), failed).reason == "its control is crash"


def test_what_was_not_even_tried_under_a_failed_control_was_not_observed() -> None:
    untried = judge.notrun(ID, TERMS, "")
    found = judge.under(untried, control(CASE, Outcome.LOAD_ERROR))
    assert (found.outcome, found.observed) == (Outcome.INVALID, None)


def test_under_a_control_that_was_not_run_a_cell_is_not_run_either() -> None:
    found = judge.under(cell(), control(CASE, Outcome.NOTRUN, reason="no Python"))
    assert found.outcome is Outcome.NOTRUN
    assert found.reason == "its control did not run: no Python"


@pytest.mark.parametrize("outcome", Outcome)
def test_what_is_kept_of_a_control_judges_like_the_whole_of_it(outcome: Outcome) -> None:
    fine = {"verdict": "close", "max_abs_diff": 1e-16, "method": "a"}
    methods = {"a": Comparison(Verdict.CLOSE)}
    whole = control(CASE, outcome, error=BROKE, fidelity=fine, methods=methods, reason="so")
    assert judge.under(cell(), judge.slim(whole)) == judge.under(cell(), whole)


def test_where_the_control_was_excluded_a_cell_stands_as_it_is() -> None:
    assert judge.under(cell(outcome=Outcome.DRIFT), None) == cell(outcome=Outcome.DRIFT)


# -- confirmation --------------------------------------------------------------------------------


def run(outcome: Outcome, **more: Any) -> Cell:
    return cell(outcome=outcome, **more)


@pytest.mark.parametrize("plain", [Outcome.IDENTICAL, Outcome.NOTRUN, Outcome.INVALID])
def test_some_outcomes_need_no_confirmation(plain: Outcome) -> None:
    assert judge.settle([run(plain)]) == run(plain)


OTHER = [o for o in Outcome if o not in (Outcome.IDENTICAL, Outcome.NOTRUN, Outcome.INVALID)]


@pytest.mark.parametrize("outcome", OTHER)
def test_every_other_outcome_needs_a_second_run(outcome: Outcome) -> None:
    assert judge.settle([run(outcome)]) is None


@pytest.mark.parametrize("outcome", OTHER)
def test_two_runs_that_agree_are_believed(outcome: Outcome) -> None:
    found = judge.settle([run(outcome, reason="so")] * 2)
    assert found == run(outcome, reason="so", runs=2)


def test_two_runs_that_disagree_need_a_third() -> None:
    assert judge.settle([run(Outcome.DRIFT), run(Outcome.IDENTICAL)]) is None


def test_of_three_runs_the_last_two_decide_where_they_agree() -> None:
    runs = [run(Outcome.DRIFT), run(Outcome.IDENTICAL), run(Outcome.IDENTICAL)]
    found = judge.settle(runs)
    assert found is not None
    assert (found.outcome, found.runs) == (Outcome.IDENTICAL, 3)
    assert found.reason == "alone in a process; among others it was drift"


@pytest.mark.parametrize(
    "runs",
    [
        [Outcome.DRIFT, Outcome.IDENTICAL, Outcome.DRIFT],
        [Outcome.DRIFT, Outcome.IDENTICAL, Outcome.CRASH],
    ],
)
def test_a_coin_toss_is_invalid(runs: list[Outcome]) -> None:
    found = judge.settle([run(outcome) for outcome in runs])
    assert found is not None
    assert (found.outcome, found.observed, found.runs) == (Outcome.INVALID, runs[-1], 3)
    assert found.reason == f"not confirmed: its runs came out {', '.join(runs)}"


def test_agreement_is_about_outcome_error_and_each_methods_verdict() -> None:
    base = run(Outcome.DRIFT, error=BROKE, methods={"a": Comparison(Verdict.DRIFT, 0.5)})
    more = {"error": BROKE, "methods": {"a": Comparison(Verdict.DRIFT, 0.25)}}
    assert judge.agree(base, run(Outcome.DRIFT, **more))
    assert not judge.agree(base, run(Outcome.CHANGED, **more))
    assert not judge.agree(base, run(Outcome.DRIFT, **{**more, "error": None}))
    elsewhere = Failure(BROKE.type, BROKE.message, "transform")
    assert not judge.agree(base, run(Outcome.DRIFT, **{**more, "error": elsewhere}))
    milder = {"a": Comparison(Verdict.CLOSE, 0.5)}
    assert not judge.agree(base, run(Outcome.DRIFT, **{**more, "methods": milder}))
    assert not judge.agree(base, run(Outcome.DRIFT, **{**more, "methods": {}}))


def test_the_words_of_an_error_need_not_be_the_same_twice() -> None:
    a = run(Outcome.LOAD_ERROR, error=Failure("ValueError", "at 0x7f01", "load"))
    b = run(Outcome.LOAD_ERROR, error=Failure("ValueError", "at 0x7f02", "load"))
    assert judge.agree(a, b)


@pytest.mark.parametrize("outcome", Outcome)
def test_grave_outcomes_are_confirmed_in_a_process_of_their_own(outcome: Outcome) -> None:
    grave = outcome in (Outcome.DRIFT, Outcome.CHANGED, Outcome.CRASH, Outcome.TIMEOUT)
    assert judge.is_grave(run(outcome)) is grave


# -- the wire ------------------------------------------------------------------------------------


def test_a_line_of_the_worker_is_read_as_it_is_meant() -> None:
    line = {
        "kind": "done", "item": str(CASE), "status": "failed", "ms": {"load": 1.5},
        "failure": {"type": "E", "message": "m", "stage": "load", "traceback": "t"},
        "warnings": [["UserWarning", "old", 1, "load"]],
    }  # fmt: skip
    wanted = done("failed", failure=Failure("E", "m", "load", "t"), warnings=(LOADING,))
    assert protocol.done({**line, "ms": {"load": 2.0}}) == wanted
