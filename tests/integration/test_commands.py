"""The commands as an engineer uses them, on a real run of `minimal`."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness import matrix
from tests.integration.conftest import ROOT, command, environment

OLD, NEW = "sk1.3.2-np1.26-py311", "sk1.7.2-np2.3-py311"
DRIFTED = f"logreg.binary/skops/{NEW}/{OLD}"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    assert call(folder, "run", "minimal").returncode == 0
    return folder


def call(results: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment(results),
        capture_output=True,
        text=True,
        timeout=300,
    )


def said(results: Path, *arguments: str) -> str:
    answer = call(results, *arguments)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def schema(name: str) -> Any:
    return json.loads((ROOT / "docs" / "reference" / name).read_text())


def test_the_lines_and_the_header_of_a_real_run_are_as_published(results: Path) -> None:
    cells = [json.loads(line) for line in said(results, "cells").splitlines()]
    assert len(cells) == 48
    check = jsonschema.Draft202012Validator(schema("cell.schema.json"))
    for cell in cells:
        check.validate(cell)
    header = json.loads(next(results.glob("*/run.json")).read_text())
    jsonschema.Draft202012Validator(schema("run.schema.json")).validate(header)
    assert header["footer"]["cells"] == 48
    assert sum(header["footer"]["outcomes"].values()) == 48


def test_every_control_is_identical(results: Path) -> None:
    for at in (OLD, NEW):
        lines = said(results, "cells", "-s", f"*/{at}/{at}").splitlines()
        assert {json.loads(line)["outcome"] for line in lines} == {"identical"}


def test_a_logistic_regression_taken_back_answers_otherwise_without_an_error(results: Path) -> None:
    """1.7 stores `multi_class="deprecated"`, which 1.3 takes for multinomial."""
    (line,) = said(results, "cells", "-s", DRIFTED).splitlines()
    cell = json.loads(line)
    assert cell["outcome"] == "drift"
    assert cell["error"] is None
    assert cell["methods"]["predict"]["verdict"] == "identical"
    assert cell["methods"]["predict_proba"]["max_abs_diff"] > 0.1
    assert cell["runs"] == 2


def test_show_says_everything_and_how_to_run_the_cell_again(results: Path) -> None:
    text = said(results, "show", DRIFTED)
    for part in ("drift", "predict_proba", "scikit-learn", "1.7.2", "1.3.2", "artifact"):
        assert part in text
    again = re.search(r"shelflife (run .* --fresh)", text)
    assert again is not None
    arguments = again[1].replace("'", "").split()
    before = {path.name for path in results.iterdir()}
    alone = call(results, *arguments)
    assert alone.returncode == 0, alone.stderr
    assert "2 of 48 cells" in alone.stdout
    assert {path.name for path in results.iterdir()} - before <= {"aside"}


def test_the_summary_names_the_worst_first_in_words(results: Path) -> None:
    text = said(results, "run", "minimal")
    worst = text.split("Worst first:")[1]
    assert worst.index("answers otherwise") < worst.index("cannot be loaded")
    assert f"saved by {OLD} and loaded by {NEW}" in worst


def test_report_writes_a_page_with_the_cells(results: Path, tmp_path: Path) -> None:
    text = said(results, "report", "--out", str(tmp_path / "site"))
    index = Path(text.strip().rpartition(": ")[2])
    assert index == tmp_path / "site" / "index.html"
    assert "minimal" in index.read_text()


def test_plan_says_what_a_run_would_do(results: Path) -> None:
    plan = json.loads(said(results, "plan", "minimal", "--json"))
    assert len(plan["cells"]) == 48
    assert plan["missing"] == 0
    assert "48 cells" in said(results, "plan", "minimal")


@pytest.mark.parametrize(
    ("what", "least"),
    [("models", 60), ("formats", 8), ("environments", 5), ("matrices", 2), ("runs", 1)],
)
def test_lists_are_there_for_people_and_machines(results: Path, what: str, least: int) -> None:
    rows = json.loads(said(results, "list", what, "--json"))
    assert len(rows) >= least
    text = said(results, "list", what)
    assert all(row["id"] in text for row in rows if not row.get("wraps"))
    wrappers = {row["id"].removeprefix(row["wraps"]) for row in rows if row.get("wraps")}
    assert all(wrapper in text.splitlines()[-1] for wrapper in wrappers)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "quik"), "Did you mean quick?"),
        (("run", "minimal", "--select", "forst.*"), "selects no cell"),
        (("plan", "minimal", "-s", "*/skop/*"), "selects no cell"),
        (("show", "logreg.binary"), "model/format/producer/consumer"),
        (("show", f"logreg.binary/skop/{OLD}/{NEW}"), "no run has the cell"),
        (("report", "nothing"), "no run is called 'nothing'"),
        (("cells", "-s", "nothing"), "selects no cell"),
        (("lock", "sk1.3-*"), "no environment matches"),
        (("list", "nothing"), "'nothing' is not one of"),
    ],
)
def test_a_mistake_is_one_message_and_exit_code_2(
    results: Path, arguments: tuple[str, ...], words: str
) -> None:
    answer = call(results, *arguments)
    assert answer.returncode == 2
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr


SETTLED = dt.date(2026, 10, 1)
"""Behind later cut-offs the index was still filling up when they were resolved: onnxruntime 1.32.0
appeared there a week after, dated before."""


def test_locks_come_out_the_same_from_nothing(results: Path) -> None:
    """Resolved anew, without the old lock to lean on: needs the package index. One in eight."""
    declared = matrix.declared(ROOT / "matrices").values()
    settled = (each for each in declared if not each.notrun and each.cutoff < SETTLED)
    some = sorted(each.id for each in settled)[::8]
    assert len(some) >= 10
    answer = call(results, "lock", "--check", *some)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "changed  " not in answer.stdout


def test_the_worker_alone_says_the_versions_of_its_environment() -> None:
    python = ROOT / ".tox" / OLD / "bin" / "python"
    answer = subprocess.run(
        [python, "-I", ROOT / "harness" / "worker", "probe"], capture_output=True, text=True
    )
    assert json.loads(answer.stdout)["packages"]["scikit-learn"] == "1.3.2"
