"""Plans, runs and cells in words: what is said is what is recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import plan, show, store
from harness.errors import UserError
from harness.records import Cell, Comparison, Failure, Outcome, Verdict
from tests.synthetic import Synthetic, lines, write_run
from tests.unit.samples import SHA, cell, environment, lock_text, matrix

TRACE = "Traceback (most recent call last):\n  at load\nValueError: it broke\n"
RICH = cell(
    outcome=Outcome.INVALID,
    observed=Outcome.DRIFT,
    reason="its control is drift",
    artifact={"sha256": SHA, "bytes": 12345},
    fidelity={"verdict": "drift", "max_abs_diff": 0.5, "method": "predict"},
    methods={
        "predict": Comparison(Verdict.DRIFT, 0.25, 7, 1, worst_row=4, note="1.5 instead of 1.0"),
        "transform": Comparison(Verdict.IDENTICAL),
    },
    error=Failure("ValueError", "it broke", "clone", TRACE),
    warnings=({"category": "UserWarning", "message": "old\n", "count": 2, "stage": "load"},),
    ms={"load": 1.5},
    runs=2,
)
PLAIN = cell("logreg.binary/pickle-5/old/old")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[store.Writer]:
    """A run with two cells and the locks of both environments."""
    writer = store.Writer(tmp_path / "small-0123abcd")
    writer.write_header({"matrix": "small", "started": "2026-11-21T20:56:00+00:00", "footer": None})
    pins = {
        "old": {"numpy": "1.24.3", "joblib": "1.4.2"},
        "new": {"numpy": "2.1.3", "skops": "0.11"},
    }
    texts = {id: lock_text(environment(id), found) for id, found in pins.items()}
    texts["new"] += "joblib==1.4.2 \\\n    --hash=sha256:00\n"
    writer.keep_locks(texts)
    writer.append([RICH, PLAIN])
    yield writer
    writer.close()


def shown(run: store.Run, found: Cell) -> str:
    return show.text(run, json.loads(json.dumps(store.cell_json(found))))


def test_everything_known_about_a_cell_is_shown(run: store.Writer) -> None:
    text = shown(run, RICH)
    for said in (
        "logreg.binary/pickle-5/old/new\n  invalid (observed: drift), in run small-0123abcd",
        "because: its control is drift",
        f"artifact {SHA}, 12,345 bytes",
        "against the fitted model: drift (predict, 0.5)",
        "Error at clone: ValueError: it broke\n  Traceback (most recent call last):",
        "2 x UserWarning at load: old",
        "runs: 2",
    ):
        assert said in text


def test_each_method_has_a_line_with_its_figures(run: store.Writer) -> None:
    rows = [line.split() for line in shown(run, RICH).splitlines() if " max abs " in line]
    assert rows[0][:2] == ["predict", "drift"] and rows[1][:2] == ["transform", "identical"]
    assert " ".join(rows[0][2:]) == "max abs 0.25 ulp 7 changed 1 row 4 1.5 instead of 1.0"


def test_packages_that_differ_between_the_locks_are_shown_and_no_others(run: store.Writer) -> None:
    text = shown(run, RICH)
    rows = {line.split()[0]: line.split()[1:] for line in text.splitlines() if " -> " in line}
    assert rows["numpy"] == ["1.24.3", "->", "2.1.3"] and rows["skops"] == ["-", "->", "0.11"]
    assert "joblib" not in rows


def test_the_command_that_runs_it_again_alone_is_shown(run: store.Writer) -> None:
    text = shown(run, RICH)
    command = "shelflife run small --select 'logreg.binary/pickle-5/old/new' --fresh"
    assert command in text and "python -m tox exec -e new -- python" in text


def test_of_a_plain_control_nothing_is_said_that_is_not_known(run: store.Writer) -> None:
    text = shown(run, PLAIN)
    for absent in ("because", "artifact", "Error", "Warnings", "Methods", "observed", " -> "):
        assert absent not in text
    assert "a control: both the same" in text


def test_a_run_without_its_locks_can_be_shown(run: store.Writer) -> None:
    for path in (run.folder / "locks").iterdir():
        path.unlink()
    assert "Locks, old -> new:" in shown(run, RICH)


def test_a_figure_that_the_schema_allows_to_be_missing_may_be_missing(run: store.Writer) -> None:
    line = json.loads(json.dumps(store.cell_json(RICH)))
    line["methods"]["predict"]["max_abs_diff"] = None
    assert "predict" in show.text(run, line)


@given(st.integers(0, 10**6))
def test_any_cell_of_a_believable_run_can_be_shown(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    spec = Synthetic(6, seed=seed, environments=2, markup=seed % 2 == 0)
    folder = write_run(tmp_path_factory.mktemp("run") / "small-0123abcd", spec)
    for line in lines(spec):
        assert line["cell"] in show.text(store.Run(folder), line)


# -- finding a cell ------------------------------------------------------------------------------


def test_the_first_run_that_has_the_cell_is_taken(run: store.Writer, tmp_path: Path) -> None:
    empty = store.Writer(tmp_path / "small-ffffffff")
    empty.close()
    found, line = show.find(str(RICH.id), [empty, run])
    assert found is run and line["outcome"] == "invalid"


def test_an_unknown_cell_is_answered_with_the_nearest(run: store.Writer) -> None:
    with pytest.raises(UserError) as raised:
        show.find("logreg.binary/pickle-5/odl/new", [run])
    assert raised.value.message == "no run has the cell 'logreg.binary/pickle-5/odl/new'"
    assert raised.value.hint.startswith("Did you mean logreg.binary/pickle-5/old/")


@pytest.mark.parametrize("text", ["", "forest.*", "a/b/c", "a/b/c/d/e"])
def test_what_is_no_id_of_a_cell_is_answered_with_how_to_list_them(text: str) -> None:
    with pytest.raises(UserError) as raised:
        show.find(text, [])
    assert "model/format/producer/consumer" in raised.value.message
    assert raised.value.hint == "List them: shelflife cells --select PATTERN"


# -- runs and plans ------------------------------------------------------------------------------


def finished(folder: Path, cells: int, seconds: float) -> store.Run:
    header = {"matrix": "small", "started": "then", "footer": {"cells": cells, "seconds": seconds}}
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps(header))
    return store.Run(folder)


def test_a_run_without_a_footer_is_incomplete(run: store.Writer) -> None:
    row = show.run_row(run)
    assert row["id"] == "small-0123abcd" and row["summary"].endswith("incomplete")


def test_a_run_with_a_footer_is_complete(tmp_path: Path) -> None:
    row = show.run_row(finished(tmp_path / "small-1", 12345, 10))
    assert row["summary"] == "then, complete, 12,345 cells"


def test_the_rate_is_that_of_the_newest_complete_run_of_some_size(tmp_path: Path) -> None:
    runs = [finished(tmp_path / "a", 1000, 10), finished(tmp_path / "b", 3000, 10)]
    assert show.rate([*runs, finished(tmp_path / "c", 5, 0)], 200) == (300.0, "as in run b")


def test_without_a_complete_run_the_rate_is_said_to_be_a_guess(run: store.Writer) -> None:
    rate, source = show.rate([run], 200.0)
    assert rate == 200.0 and "no complete run" in source


def test_a_plan_says_cells_environments_formats_and_how_long() -> None:
    found = matrix()
    cells = plan.cells(found)
    text = show.plan_text(found, cells, cells[:6], 2.0, "a guess")
    assert text.startswith("small: a small one\n36 cells: 9 cases, 2 producers, 2 consumers; 6 of")
    assert "about 3 s at 2 cells/s (a guess)" in text
    assert "pickle-5                 12 cells" in text
    assert "not made yet" in text


def test_a_long_run_is_told_in_minutes() -> None:
    cells = plan.cells(matrix())
    assert "about 6 min" in show.plan_text(matrix(), cells, cells, 0.1, "a guess")


def test_a_plan_as_json_names_every_cell() -> None:
    cells = plan.cells(matrix())
    told: Any = json.loads(json.dumps(show.plan_json(matrix(), cells, cells[:9], 3.0)))
    assert told["cells"] == [str(cell) for cell in cells]
    assert (told["missing"], told["estimate_seconds"]) == (9, 3.0)
    assert [e["id"] for e in told["environments"]] == ["old", "new"]


@pytest.mark.parametrize(
    ("patterns", "taken"),
    [(["sk1.*"], True), (["sk2.*", "*py311"], True), (["SK*"], False), ([], False)],
)
def test_environments_are_chosen_by_patterns(patterns: list[str], taken: bool) -> None:
    assert show.matches_any("sk1.2.2-py311", patterns) is taken
