"""Which measuring runs a site and an advice are made of, where nobody names one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import project
from harness.cli.publish import measuring_runs
from harness.measure.records import HEADER, LINES

COMMITTED = sorted(path.parent.name for path in project.measured().glob(f"*/{HEADER}"))


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHELFLIFE_RESULTS", str(tmp_path))
    return tmp_path


def made(results: Path, name: str, *kinds: str) -> Path:
    folder = results / name
    folder.mkdir()
    (folder / HEADER).write_text("{}")
    (folder / LINES).write_text("".join(json.dumps({"kind": kind}) + "\n" for kind in kinds))
    return folder


def test_those_committed_are_always_there(results: Path) -> None:
    assert COMMITTED and sorted(measuring_runs(())) == COMMITTED


def test_the_newest_that_has_come_to_a_block_is_there_too(results: Path) -> None:
    made(results, "measure-old", "case", "process")
    made(results, "measure-given-up", "case")
    assert sorted(measuring_runs(())) == sorted([*COMMITTED, "measure-old"])


def test_who_names_one_gets_that_alone(results: Path) -> None:
    folder = made(results, "measure-mine", "case")
    assert dict(measuring_runs(("measure-mine",))) == {"measure-mine": folder}
