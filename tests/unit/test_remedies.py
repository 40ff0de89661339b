"""Remedies: only what cells show, with how often."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import remedies, resave
from harness.errors import StoreError, UserError
from harness.records import CellId
from harness.remedies import Ledger, Tried

ORDER = {"e0": 0, "e1": 1, "e2": 2, "e3": 3}


def ids(*texts: str) -> list[CellId]:
    return [CellId.parse(text) for text in texts]


def ledger(cells: dict[str, str]) -> Ledger:
    made = Ledger()
    for text, outcome in cells.items():
        made.add(CellId.parse(text), outcome)
    return made


def test_another_format_helps_where_the_same_cell_in_it_answers() -> None:
    bad = ids("m/pickle/e0/e3", "n/pickle/e0/e3", "o/pickle/e0/e3")
    noted = ledger(
        {
            **{str(cell): "load-error" for cell in bad},
            "m/onnx/e0/e3": "close",
            "n/onnx/e0/e3": "drift",
            "m/skops/e0/e3": "identical",
            "o/skops/e0/e3": "notrun",
            "o/onnx/e0/e2": "identical",
        }
    )
    found = {r.what: (r.helps, r.of, r.shown_by) for r in remedies.by_format(bad, noted)}
    assert found == {"onnx": (1, 2, "m/onnx/e0/e3"), "skops": (1, 1, "m/skops/e0/e3")}


def test_a_pin_is_the_nearest_release_in_which_the_artifact_answers() -> None:
    noted = ledger(
        {
            "m/f/e0/e0": "identical",
            "m/f/e0/e1": "identical",
            "m/f/e0/e2": "identical",
            "m/f/e0/e3": "changed",
            "m/f/e3/e0": "load-error",
            "m/f/e3/e1": "close",
            "m/f/e3/e2": "close",
        }
    )
    up, down = ids("m/f/e0/e3", "m/f/e3/e0")
    assert remedies.between(up, noted, ORDER) == ["e2", "e1"]
    assert remedies.between(down, noted, ORDER) == ["e1", "e2"]
    assert remedies.nearest(up, noted, ORDER) == "e2"


def test_to_stay_where_one_is_is_no_remedy() -> None:
    noted = ledger({"m/f/e1/e1": "identical", "m/f/e1/e0": "identical", "m/f/e1/e3": "drift"})
    (bad,) = ids("m/f/e1/e3")
    assert remedies.between(bad, noted, ORDER) == []
    assert remedies.by_pin([bad], noted, ORDER) == []


def test_resaving_counts_what_was_tried_with_and_without_help() -> None:
    bad = ids("m/f/e0/e3", "n/f/e0/e3", "o/f/e0/e3")
    tried = [
        Tried("m/f/e0/e3", "resave", "e2", "identical", "2026-11-22"),
        Tried("n/f/e0/e3", "resave", "e2", "load-error", "2026-11-22"),
        Tried("n/f/e0/e3", "resave", "e1", "drift", "2026-11-22"),
        Tried("elsewhere/f/e0/e3", "resave", "e2", "identical", "2026-11-22"),
    ]
    found = [(r.what, r.helps, r.of) for r in remedies.by_resave(bad, tried)]
    assert found == [("e2", 1, 2), ("e1", 0, 1)]


def test_what_was_never_tried_is_never_said_to_help() -> None:
    bad = ids("m/f/e0/e3")
    assert remedies.measured(bad, ledger({"m/f/e0/e3": "load-error"}), ORDER, []) == []


OUTCOMES = st.sampled_from(["identical", "close", "drift", "load-error", "notrun", "invalid"])
CELLS = st.dictionaries(
    st.builds(
        CellId,
        st.sampled_from("mn"),
        st.sampled_from(["f", "g"]),
        st.sampled_from(["e0", "e1", "e2"]),
        st.sampled_from(["e0", "e1", "e2"]),
    ),
    OUTCOMES,
    max_size=30,
)


@given(CELLS)
def test_every_remedy_is_shown_by_a_cell_that_answers(cells: dict[CellId, str]) -> None:
    noted = Ledger()
    for cell, outcome in cells.items():
        noted.add(cell, outcome)
    bad = [cell for cell, outcome in cells.items() if outcome in ("drift", "load-error")]
    for remedy in remedies.measured(bad, noted, ORDER, []):
        assert 0 < remedy.helps <= remedy.of
        assert cells[CellId.parse(remedy.shown_by)] in remedies.OK
    for cell, outcome in cells.items():
        assert noted.is_good(cell) == (outcome in remedies.OK)


TRIED = st.builds(
    Tried,
    cell=st.sampled_from(["m/f/a/b", "n/f/a/b"]),
    kind=st.just("resave"),
    via=st.sampled_from(["x", "y"]),
    outcome=OUTCOMES,
    date=st.just("2026-11-22"),
    error=st.text(max_size=20),
    versions=st.dictionaries(st.text(min_size=1, max_size=5), st.lists(st.text(max_size=5))),
)


@given(st.lists(TRIED, max_size=8))
def test_what_was_tried_comes_back_and_the_last_one_counts(
    tmp_path: Path, tried: list[Tried]
) -> None:
    path = tmp_path / "deep" / "tried.json"
    remedies.write(path, tried)
    last = {(t.cell, t.via): t for t in tried}
    assert remedies.read(path) == [last[key] for key in sorted(last)]
    before = path.read_text()
    remedies.write(path, remedies.read(path))
    assert path.read_text() == before


def test_a_file_of_remedies_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert remedies.read(tmp_path / "none.json") == []
    (tmp_path / "tried.json").write_text('[{"cell": "a"}]')
    with pytest.raises(StoreError, match="not the remedies that were tried"):
        remedies.read(tmp_path / "tried.json")


def test_trials_are_put_together_by_pair_and_place() -> None:
    a, b, c = ids("m/f/e0/e3", "n/f/e0/e3", "m/f/e0/e2")
    found = resave.trials({a: ["e2", "e1"], b: ["e2", "e1"], c: ["e1"]})
    assert [(t.cells, t.vias) for t in found] == [((a, b), ("e2", "e1")), ((c,), ("e1",))]
    assert found[0].environments == {"e0", "e1", "e2", "e3"}


def test_a_cell_that_answers_nowhere_needs_a_place() -> None:
    with pytest.raises(UserError, match="no environment is known"):
        resave.trials({CellId("m", "f", "e0", "e3"): []})
