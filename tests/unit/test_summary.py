"""What a person reads at the end of a run: every count, and the worst finds first."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import summary
from harness.records import CellId, Comparison, Failure, Outcome, Verdict
from harness.summary import Tally
from tests.unit.samples import SHA, cell

BROKE = Failure("ValueError", "it broke\nbadly", "predict")
WARNED = {"category": "UserWarning", "message": "old", "count": 1, "stage": "load"}
ARTIFACT = {"sha256": SHA, "bytes": 3}


def tally(*cells: Any) -> Tally:
    found = Tally()
    found.extend(cells)
    return found


def between(model: str, outcome: Outcome, format: str = "pickle-5", **more: Any) -> Any:
    return cell(f"{model}/{format}/old/new", outcome, **more)


def test_nothing_recorded_is_told_as_nothing() -> None:
    assert summary.text(Tally(), 12) == "0 of 12 cells\n"


@given(st.lists(st.sampled_from(Outcome), max_size=30))
def test_every_cell_is_counted_once(outcomes: list[Outcome]) -> None:
    found = tally(*(between("m", outcome) for outcome in outcomes))
    assert sum(found.outcomes.values()) == len(outcomes)
    text = summary.text(found, 1234)
    assert text.splitlines()[0] == f"{len(outcomes)} of 1,234 cells"
    for outcome in Outcome:
        shown = any(line.split()[1:2] == [outcome.value] for line in text.splitlines())
        assert shown == (outcome in outcomes)


def test_counts_come_with_shares_and_words_mildest_first() -> None:
    cells = [between("m", Outcome.DRIFT), *[between("m", Outcome.IDENTICAL)] * 3]
    rows = summary.text(tally(*cells), 4).splitlines()[2:4]
    assert rows[0].split()[1:5] == ["identical", "3", "75.0", "%"]
    assert rows[1].split()[1:5] == ["drift", "1", "25.0", "%"]


def test_the_worst_finds_stand_first() -> None:
    order = [Outcome.LOAD_ERROR, Outcome.CHANGED, Outcome.CRASH, Outcome.DRIFT, Outcome.TIMEOUT]
    found = tally(*(between(f"m{n}", outcome) for n, outcome in enumerate(order)))
    assert [find.example.outcome for find in found.worst()] == [
        Outcome.CHANGED, Outcome.DRIFT, Outcome.CRASH, Outcome.TIMEOUT, Outcome.LOAD_ERROR,
    ]  # fmt: skip


def test_what_is_fine_or_says_nothing_is_no_find() -> None:
    harmless = ("identical", "close", "unsupported", "dump-error", "invalid", "notrun")
    assert tally(*(between("m", Outcome(name)) for name in harmless)).worst() == []


def test_formats_that_come_out_alike_are_one_find() -> None:
    found = tally(
        between("m", Outcome.LOAD_ERROR, "pickle-4", error=BROKE),
        between("m", Outcome.LOAD_ERROR, "pickle-5", error=BROKE),
    )
    assert [find.formats for find in found.worst()] == [["pickle-4", "pickle-5"]]


def test_formats_that_fail_otherwise_are_another_find() -> None:
    other = Failure("KeyError", "x", "load")
    found = tally(
        between("m", Outcome.LOAD_ERROR, "pickle-5", error=BROKE),
        between("m", Outcome.LOAD_ERROR, "skops", error=other),
    )
    assert sorted(found.finds.values()) == [["pickle-5"], ["skops"]]


def test_a_model_is_listed_once_for_each_outcome() -> None:
    ids = ("m/pickle-5/old/new", "m/pickle-5/new/old", "n/pickle-5/old/new")
    found = tally(*(cell(id, Outcome.CRASH) for id in ids))
    assert [find.example.id.model for find in found.worst()] == ["m", "n"]


def test_those_without_any_error_stand_before_others_of_the_same_outcome() -> None:
    found = tally(between("a", Outcome.DRIFT, error=BROKE), between("b", Outcome.DRIFT))
    assert [find.example.id.model for find in found.worst()] == ["b", "a"]


def test_a_long_list_is_cut_and_says_how_much_is_left() -> None:
    found = tally(*(between(f"m{n:02}", Outcome.CRASH) for n in range(15)))
    assert len(found.worst()) == summary.LISTED == 12
    assert "\n  ... and 3 more finds: shelflife report" in summary.text(found, 15)


@pytest.mark.parametrize(
    ("outcome", "more", "says"),
    [
        ("load-error", {"error": BROKE}, "cannot be loaded: ValueError: it broke (pickle-5)"),
        ("use-error", {"error": BROKE}, "fails at predict: ValueError: it broke (pickle-5)"),
        ("crash", {"error": Failure("SIGSEGV", "", "load")},
         "kills its process at load (pickle-5)"),
        ("timeout", {"error": Failure("timeout", "", "predict")},
         "never ends at predict (pickle-5)"),
        ("load-error", {"error": Failure("E", "", "load")},
         "cannot be loaded: E: no message (pickle-5)"),
        ("drift", {"methods": {"predict": Comparison(Verdict.DRIFT, 0.5, worst_row=3)}},
         "answers otherwise: predict gives up to 0.5 in row 3 (pickle-5)"),
        ("changed", {"methods": {"a": Comparison(Verdict.CHANGED, note="x instead of y"),
                                 "b": Comparison(Verdict.CHANGED),
                                 "c": Comparison(Verdict.DRIFT)}},
         "answers otherwise: a gives x instead of y, and 1 more of its methods (pickle-5)"),
    ],
    ids=["load", "use", "crash", "timeout", "wordless", "drift", "changed"],
)  # fmt: skip
def test_a_find_is_a_sentence(outcome: str, more: Any, says: str) -> None:
    (find,) = tally(between("m", Outcome(outcome), **more)).worst()
    assert find.sentence() == f"m saved by old and loaded by new {says}"


def test_a_sentence_is_one_line_of_bearable_length() -> None:
    error = Failure("E", "\n\n" + "x" * 1000 + "\nmore", "load")
    (find,) = tally(between("m", Outcome.LOAD_ERROR, error=error)).worst()
    assert "\n" not in find.sentence() and len(find.sentence()) < 250


def test_wrong_answers_are_counted_with_those_that_come_without_error_or_warning() -> None:
    found = tally(
        between("a", Outcome.DRIFT),
        between("b", Outcome.CHANGED, warnings=(WARNED,)),
        between("c", Outcome.DRIFT, error=BROKE),
    )
    text = summary.text(found, 3)
    assert "Other answers than the saved model gave: 3 cells;" in text
    assert "2 raise no error anywhere, 1 do not even warn." in text


def test_a_control_is_no_wrong_answer_of_a_cell() -> None:
    text = summary.text(tally(cell("m/pickle-5/old/old", Outcome.DRIFT)), 1)
    assert "other answers than" not in text


def test_failed_controls_are_told() -> None:
    failed = cell("m/pickle-5/old/old", Outcome.LOAD_ERROR, artifact=ARTIFACT)
    assert "1 controls failed: their cells say nothing" in summary.text(tally(failed), 1)


@pytest.mark.parametrize("outcome", ["identical", "close", "unsupported", "notrun"])
def test_no_other_control_counts_as_failed(outcome: str) -> None:
    assert tally(cell("m/pickle-5/old/old", Outcome(outcome))).failed_controls == 0


def test_reasons_for_what_was_not_run_are_told_most_frequent_first() -> None:
    reasons = ["no Python", "no skops", "no skops", None]
    cells = [between("m", Outcome.NOTRUN, reason=reason) for reason in reasons]
    rows = [line for line in summary.text(tally(*cells), 4).splitlines() if "not run:" in line]
    assert rows[0] == "  · 2 not run: no skops"
    assert sorted(rows[1:]) == ["  · 1 not run: no Python", "  · 1 not run: no reason given"]


def test_a_find_names_the_cell_that_can_be_shown() -> None:
    (find,) = tally(between("m", Outcome.CRASH)).worst()
    assert find.example.id == CellId.parse("m/pickle-5/old/new")
