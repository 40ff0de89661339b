"""The warning's worth: which cells count, who warned, and what published claims come to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness import worth, worthtables
from harness.records import Outcome
from harness.worth import FAILS, ONLY_IF, OTHERWISE, REFUTED, REPRODUCED, RIGHT, UNTRIED, VERSION
from tests.unit.test_shelflives import cell, environment, header

SK = [
    environment(f"e{n}", f"202{n}-01-01", main="scikit-learn") for n in range(4)
]  # a release a year
NEW = {"category": "InconsistentVersionWarning", "message": "whatever", "count": 1, "stage": "load"}
OLD = {"category": "UserWarning", "message": "Trying to unpickle estimator SVC from version 1.1",
       "count": 1, "stage": "load"}  # fmt: skip
ELSE = {"category": "UserWarning", "message": "something else", "count": 1, "stage": "load"}


def warned(producer: str, consumer: str, outcome: str, *warnings: Any, format: str = "f") -> Any:
    return {**cell(producer, consumer, outcome, format=format), "warnings": list(warnings)}


def found(*cells: Any) -> worth.Worth:
    return worth.worth(header(SK), cells)


@pytest.mark.parametrize(("warning", "said"), [(NEW, "version"), (OLD, "version"), (ELSE, "other")])
def test_what_is_about_versions(warning: Any, said: str) -> None:
    assert worth.spoken(warned("e0", "e1", "drift", warning)) == said
    assert worth.spoken(warned("e0", "e1", "drift", ELSE, warning)) == said
    assert worth.spoken(warned("e0", "e1", "drift")) == "none"


@pytest.mark.parametrize("outcome", Outcome)
def test_what_counts_and_as_what(outcome: Outcome) -> None:
    kinds = {
        "identical": RIGHT, "close": RIGHT, "drift": OTHERWISE, "changed": OTHERWISE,
        "load-error": FAILS, "use-error": FAILS, "timeout": FAILS, "crash": FAILS,
    }  # fmt: skip
    assert worth.kind_of(warned("e0", "e1", outcome.value)) == kinds.get(outcome.value)
    assert worth.kind_of(warned("e0", "e0", outcome.value)) is None


def example() -> worth.Worth:
    return found(
        warned("e0", "e1", "identical", NEW),
        warned("e0", "e1", "drift", OLD),
        warned("e0", "e2", "load-error", NEW),
        warned("e0", "e2", "changed", ELSE),
        warned("e2", "e0", "drift"),
        warned("e2", "e0", "close"),
        warned("e2", "e0", "invalid", NEW),
        warned("e2", "e2", "drift", NEW),
    )


def test_precision_and_recall_by_hand() -> None:
    table = example().whole()
    assert table.cells == 6 and table.of((VERSION,)) == 3
    measured = worth.measures(table)
    assert (measured.precision.hits, measured.precision.of) == (1, 3)
    assert (measured.trouble.hits, measured.trouble.of) == (2, 3)
    assert (measured.recall.hits, measured.recall.of) == (1, 3)
    assert (measured.heard.hits, measured.heard.of) == (2, 3)
    assert (measured.quiet.hits, measured.quiet.of) == (2, 3)


def test_by_format_direction_and_distance() -> None:
    groups = example().by(lambda key: key)
    assert set(groups) == {
        ("f", "upgrade", "1 release"),
        ("f", "upgrade", "several releases"),
        ("f", "rollback", "several releases"),
    }
    assert sum(table.cells for table in groups.values()) == 6


def test_a_warning_that_was_always_right_is_refuted_by_one_cell() -> None:
    good = [warned("e0", "e1", "identical", NEW)] * 3
    ignored, _ = worth.judgements(found(*good))
    assert ignored.verdict == REPRODUCED
    ignored, _ = worth.judgements(found(*good, warned("e0", "e1", "drift", NEW)))
    assert (ignored.verdict, ignored.share.hits, ignored.share.of) == (REFUTED, 1, 4)


def test_it_holds_only_where_enough_cells_are_right() -> None:
    good = [warned("e0", "e1", "identical", NEW)] * worth.ENOUGH
    ignored, _ = worth.judgements(found(*good, warned("e2", "e0", "drift", NEW)))
    assert ignored.verdict == ONLY_IF
    assert f"upgrade, 1 release ({worth.ENOUGH} cells)" in ignored.says


def test_pickles_abroad() -> None:
    _, alone = worth.judgements(
        found(warned("e0", "e1", "load-error"), warned("e0", "e2", "drift"))
    )
    assert (alone.verdict, alone.share.of) == (REPRODUCED, 2)
    _, alone = worth.judgements(example())
    assert (alone.verdict, alone.share.hits) == (REFUTED, 2)
    _, alone = worth.judgements(worth.worth(header(), [warned("e0", "e1", "close")]))
    assert alone.verdict == UNTRIED


def test_nothing_is_divided_by_nothing() -> None:
    empty = found()
    assert [judged.verdict for judged in worth.judgements(empty)] == [UNTRIED, UNTRIED]
    assert worth.measures(empty.whole()).recall.share is None
    assert "no cell that was loaded elsewhere" in worthtables.text("r", empty, "format")
    json.dumps(worthtables.as_json("r", header(SK), empty, "all"))


def test_the_text_and_the_json_have_the_same_figures() -> None:
    text = worthtables.text("r", example(), "pair")
    assert "1 of 3: 33.3 %" in text and "warned about versions" in text
    said = worthtables.as_json("r", header(SK), example(), "pair")
    assert said["whole"]["precision"]["hits"] == 1
    assert said["whole"]["counts"]["version"] == {"right": 1, "fails": 1, "otherwise": 1}
    assert [claim["verdict"] for claim in said["claims"]] == [REFUTED, REFUTED]
    assert all(claim["sources"] for claim in said["claims"])
