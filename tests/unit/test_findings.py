"""The page of findings: made of cells, each sentence with its counts, the committed one too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness import attributions as recorded
from harness import cli, findings
from harness.errors import StoreError
from harness.findings import attributions, page, silent
from harness.findings.gather import Size, gather
from harness.project import ROOT
from harness.records import CellId
from tests.unit.test_documents import HOSTS, MACHINE
from tests.unit.test_shelflives import LINE, cell
from tests.unit.test_shelflives import header as header_of

WARNING = {"category": "InconsistentVersionWarning", "message": "x", "count": 1, "stage": "load"}
EQUAL = {"verdict": "identical", "max_abs_diff": 0.0, "max_ulp": 0, "changed": 0}


class Some:
    """Evidence of given lines."""

    def __init__(self, *lines: Any) -> None:
        self._lines = lines

    id = "some-1"

    def header(self) -> Any:
        about = {"started": "2026-11-22T00:00:00+00:00", "shelflife": "0.1.0"}
        return {**header_of(), **about}

    def lines(self) -> Any:
        return iter(self._lines)


def line(producer: str, consumer: str, outcome: str, model: str = "m.a", **more: Any) -> Any:
    method = {"verdict": outcome, "max_abs_diff": 0.25, "max_ulp": 1, "changed": 0}
    methods = {"predict": EQUAL, "predict_proba": method} if outcome in ("drift", "changed") else {}
    error = {"type": "ValueError", "message": "no", "stage": "load", "traceback": ""}
    return {
        **cell(producer, consumer, outcome, model=model), "matrix": "m", "methods": methods,
        "warnings": [],
        "error": error if outcome.endswith("error") else None, "reason": None, **more,
    }  # fmt: skip


def example() -> list[Any]:
    changed = {"predict": {"verdict": "changed", "max_abs_diff": 1.0, "max_ulp": 0, "changed": 3}}
    return [
        line("e0", "e0", "identical"),
        line("e0", "e1", "drift", warnings=[WARNING]),
        line("e0", "e2", "drift"),
        line("e0", "e3", "load-error"),
        line("e0", "e4", "identical"),
        line("e1", "e1", "identical", model="n.b"),
        line("e1", "e0", "changed", model="n.b", methods=changed, warnings=[WARNING]),
        line("e1", "e2", "invalid", model="n.b"),
    ]


def text(*lines: Any, known: Any = None) -> str:
    return page.text([gather(Some(*lines), [], [])], known or {})


# ---- what is counted


def test_counts_are_of_cells_loaded_elsewhere() -> None:
    counts = gather(Some(*example()), [], []).counts
    assert (counts.cells, counts.controls, counts.loaded) == (8, 2, 5)
    assert (counts.right, counts.silent, counts.unwarned, counts.failing) == (1, 3, 1, 1)


def test_a_wrong_answer_beside_an_error_is_loud() -> None:
    error = {"type": "ValueError", "message": "no", "stage": "clone", "traceback": ""}
    found = gather(Some(line("e0", "e1", "drift", error=error)), [], [])
    assert found.silent == [] and [cause.count for cause in found.loud] == [1]
    assert found.counts.silent == 0 and found.counts.otherwise == 1


def test_those_that_say_nothing_stand_first() -> None:
    found = gather(Some(*example()), [], [])
    assert [drift.cause.models.most_common(1)[0][0] for drift in found.silent] == ["m.a", "n.b"]


def test_a_control_that_fails_is_no_finding() -> None:
    found = gather(Some(line("e0", "e0", "drift")), [], [])
    assert found.silent == [] and found.counts.failed_controls == 1


def test_the_size_is_by_method_and_infinity_is_told() -> None:
    size = Size()
    for far in (0.5, 0.125, None):
        wrong = {"verdict": "drift", "max_abs_diff": far, "max_ulp": 0, "changed": 0}
        size.take({"methods": {"predict": EQUAL, "transform": wrong}, "warnings": []})
    assert silent.wrong(size) == "`transform` by 0.12 to infinity"
    shape = {"verdict": "changed", "max_abs_diff": 0.0, "max_ulp": 0, "changed": 0}
    size.take({"methods": {"predict": shape}, "warnings": []})
    assert silent.wrong(size).endswith("another shape or type in 1 cell")


# ---- what is said


def test_the_headline_has_every_count() -> None:
    said = text(*example())
    assert "of 5 cells loaded elsewhere, 1 (20 %) answer as before; 1 fail" in said
    assert "**3 answer otherwise without any error**, 1 of them without any warning" in said


def test_each_wrong_answer_says_where_how_wrong_and_who_warned() -> None:
    said = text(*example())
    assert "#### m: drift in predict\\_proba, 2 cells" in said
    assert "1 of 2 about versions, **1 said nothing**" in said
    assert (
        "labels or other exact values differ in 1 cell, in up to 3 elements of one answer" in said
    )
    assert "shelflife show m.a/f/e0/e1 --run some-1" in said


def test_commands_name_cells_that_are_there() -> None:
    ids = {line["cell"] for line in example()}
    shown = re.findall(r"shelflife show (\S+) --run", text(*example()))
    assert shown and set(shown) <= ids


def test_what_was_taken_apart_is_told_with_its_count() -> None:
    known = {
        f"m.a/f/e0/{consumer}": attributions.Attribution(
            f"m.a/f/e0/{consumer}", "numpy", "numpy 1 -> 2 alone makes the difference"
        )
        for consumer in ("e1", "e2")
    }
    assert "In 2 cells taken apart: numpy 1 -&gt; 2" in text(*example(), known=known).replace(
        "\\>", "&gt;"
    )
    assert "not explained yet" in text(*example())


def test_nothing_wrong_is_good_news_and_nothing_at_all_says_so() -> None:
    said = text(*[line("e0", id["id"], "identical") for id in LINE])
    assert "None was found." in said and "**0 answer otherwise without any error**" in said
    assert "No baseline is committed yet" in page.text([], {})


def test_a_matrix_of_controls_says_so() -> None:
    said = text(line("e0", "e0", "identical"), line("e1", "e1", "load-error"))
    assert "each of 2 cells is loaded in the environment that saved it; 1 of them fail" in said


# ---- attributions


def test_attributions_are_those_that_were_recorded(tmp_path: Path) -> None:
    explained = {
        "kind": "alone", "sentence": "numpy 1 -> 2 alone makes the difference",
        "changes": [[{"package": "numpy", "from": "1", "to": "2"}]],
    }  # fmt: skip
    bisected = {"sentence": "numpy 2.0 is the first bad one"}
    recorded.keep(tmp_path, line("e0", "e1", "drift"), {"explained": explained})
    recorded.keep(tmp_path, line("e0", "e1", "drift"), {"bisected": bisected})
    recorded.keep(tmp_path, line("e0", "e2", "drift"), {"explained": {"kind": "unseen"}})
    (one,) = attributions.read(tmp_path).values()
    assert (one.cell, one.culprit) == ("m.a/f/e0/e1", "numpy")
    assert one.boundary == "numpy 2.0 is the first bad one"
    assert attributions.of([CellId("m.a", "f", "e0", "e1")] * 2, {one.cell: one})[0].cells == 2
    assert attributions.read(tmp_path / "none") == {}
    (tmp_path / recorded.FILE).write_text('[{"cell": "a", "explained": 1}]')
    with pytest.raises(StoreError, match="no attribution"):
        attributions.read(tmp_path)


# ---- what is committed


def test_the_committed_page_is_what_the_baselines_make() -> None:
    done = CliRunner().invoke(cli.shelflife, ["findings", "--check"])
    assert done.exit_code == 0, f"{done.output}make it anew: shelflife findings"


def test_the_committed_page_names_no_machine_and_no_package_index() -> None:
    said = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert re.findall(MACHINE, said) == []
    assert set(re.findall(r"https?://([\w.-]+)", said)) <= HOSTS
    assert page.MADE in said


def test_check_takes_no_run_and_says_what_would_change(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(cli.shelflife, ["findings", "some", "--check"]).exit_code == 2
    done = runner.invoke(cli.shelflife, ["findings", "--check", "-o", str(tmp_path / "new.md")])
    assert (done.exit_code, done.output) == (1, "differs new.md\n")
    assert not (tmp_path / "new.md").exists()


def test_without_baselines_the_page_says_so(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("SHELFLIFE_MATRICES", str(tmp_path))
    out = tmp_path / "page.md"
    done = CliRunner().invoke(cli.shelflife, ["findings", "-o", str(out)])
    assert done.exit_code == 0 and "No baseline is committed yet" in out.read_text()
    assert findings.text([], tmp_path) == out.read_text()
