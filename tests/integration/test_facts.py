"""The fact sheet finds out which promises are false, and says what it did not measure."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import MATRICES, ROOT, command, environment

Sheets = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one run of the miniatures."""
    folder = tmp_path_factory.mktemp("facts")
    assert "sworn.unchecked: checksum" in run(folder)
    return folder


def run(results: Path) -> str:
    """What it says. Claims that are refuted are a surprise, and surprises are its exit code 1."""
    done = subprocess.run(
        command("run", str(MATRICES / "facts.toml")),
        env=environment(results),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 1, done.stderr
    return done.stdout


def read(results: Path) -> Sheets:
    (folder,) = results.glob("*/facts")
    return {path.stem: json.loads(path.read_text())["facts"] for path in folder.glob("*.json")}


@pytest.fixture(scope="module")
def sheets(results: Path) -> Sheets:
    return read(results)


def values(sheets: Sheets, format: str) -> dict[str, Any]:
    return {name: fact["value"] for name, fact in sheets[format].items()}


def test_every_format_of_the_matrix_has_a_sheet(sheets: Sheets) -> None:
    assert len(sheets) == 6
    for facts in sheets.values():
        assert all(set(fact) == {"value", "says", "evidence"} for fact in facts.values())


def test_promises_that_are_kept_are_found_to_be(sheets: Sheets) -> None:
    found = values(sheets, "sworn.honest")
    for name in ("empty", "truncation", "trailing", "flips"):
        assert found[name] == "detected", sheets["sworn.honest"][name]
    assert found["repeat"] == "equal" and found["executes"] == "no"
    assert found["odd-path"] == found["replace"] == found["snippet"] == "ok"
    assert found["read-only"] == "one error"
    assert found["python-free"] == "yes" and found["training-rows"] == "adds none"


def test_twenty_positions_or_more_are_changed_and_cut(sheets: Sheets) -> None:
    evidence = sheets["sworn.hoarding"]["flips"]["evidence"]["sworn.line"]
    assert sum(evidence[word] for word in ("raise", "same", "other") if word in evidence) >= 20


def test_a_checksum_that_is_not_looked_at_is_found_out(sheets: Sheets) -> None:
    assert values(sheets, "sworn.unchecked")["flips"] == "wrong answers"
    assert values(sheets, "sworn.unchecked")["trailing"] == "unnoticed"
    where = sheets["sworn.unchecked"]["flips"]["evidence"]["sworn.line"]["where"]
    assert ["other", "flip at byte 7 of sworn.line.line"] in where


def test_code_in_a_file_is_caught_in_the_act(sheets: Sheets) -> None:
    fact = sheets["sworn.program"]["executes"]
    assert fact["value"] == "yes"
    assert [attack["executed"] for attack in fact["evidence"]] == ["load"]
    assert values(sheets, "sworn.honest")["executes"] == "no"


def test_other_answers_from_outside_are_no_proof(sheets: Sheets) -> None:
    assert values(sheets, "sworn.program")["python-free"] == "differs"


def test_bytes_that_differ_from_dump_to_dump_are_seen(sheets: Sheets) -> None:
    assert values(sheets, "sworn.restless")["repeat"] == "differ"
    assert "no reason is declared" in sheets["sworn.restless"]["repeat"]["says"]


def test_a_snippet_that_does_not_run_fails(sheets: Sheets) -> None:
    assert values(sheets, "sworn.restless")["snippet"] == "fails"
    assert "no_such_name" in sheets["sworn.restless"]["snippet"]["says"]


def test_crash_and_hang_and_an_accepted_empty_file_are_told_apart(sheets: Sheets) -> None:
    found = sheets["sworn.fragile"]
    assert found["empty"]["value"] == "wrong answers"
    counts = found["truncation"]["evidence"]["sworn.line"]
    assert counts["crash"] == 9 and counts["hang"] == 1
    assert found["flips"]["value"] == "detected"


def test_training_rows_that_only_the_format_keeps_are_found(sheets: Sheets) -> None:
    seen = sheets["sworn.hoarding"]["training-rows"]
    assert seen["value"] == "adds"
    assert seen["evidence"]["sworn.line"] == {"fitted": False, "loaded": False, "file": True}
    assert seen["evidence"]["sworn.hoarder"]["fitted"] is True


def test_what_loading_needs_is_proved_with_the_rest_hidden(sheets: Sheets) -> None:
    needs = sheets["sworn.honest"]["needs"]
    assert set(needs["evidence"]["packages"]) == {"numpy"}
    assert 10 < needs["value"] < 120


def test_an_unmeasured_fact_says_why(sheets: Sheets) -> None:
    lazy = sheets["sworn.honest"]["lazy"]
    assert lazy["value"] is None and "no line" in lazy["says"]


def test_a_sheet_that_is_there_is_not_made_again(results: Path) -> None:
    (folder,) = results.glob("*/facts")
    shutil.copy(folder / "sworn.honest.json", folder.parent / "kept.json")
    (folder / "sworn.honest.json").write_text('{"facts": {"kept": {}}, "reason": ""}')
    (folder / "sworn.program.json").unlink()
    run(results)
    assert set(read(results)["sworn.honest"]) == {"kept"}
    assert read(results)["sworn.program"]["executes"]["value"] == "yes"
    shutil.copy(folder.parent / "kept.json", folder / "sworn.honest.json")
