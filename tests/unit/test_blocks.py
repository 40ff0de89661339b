"""Blocks as benchmarks take them: values by case, and what another commit cannot do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import blocks
from harness import project
from harness.environments import Ready
from harness.measure.records import Measured, of_lines

HERE = Ready("here", Path(sys.executable), {})
PLACE = {"environment": "here", "model": "m"}


def run_of(*lines: dict[str, object]) -> Measured:
    return of_lines(Path(), {}, [{**PLACE, **line} for line in lines])


def process(block: int, kind: str, arm: str, samples: object, peaks: object) -> dict[str, object]:
    rest = {"seconds": 1.0, "measured": 0.9, "load_average": 0.0, "steal": None}
    found = {"block": block, "process": kind, "arm": arm, "samples": samples, "peaks": peaks}
    return {"kind": "process", **found, **rest}


CASE = {"kind": "case", "format": "f", "arm": "f", "status": "ok", "bytes": 5}


def test_a_case_has_a_value_of_each_block_by_the_clock_of_the_stage() -> None:
    samples = [["f", "load-warm", 9.0, 1.0, 3], ["f", "load-cold", 9.0, 1.0, 3]]
    found = blocks._found(run_of(CASE, *(process(n, "inside", "", samples, {}) for n in (0, 1))))
    assert found["f"].stages == {"load-warm": [1.0, 1.0], "load-cold": [9.0, 9.0]}
    assert (found["f"].status, found["f"].bytes) == ("ok", 5)


def test_peaks_are_above_what_was_resident_before() -> None:
    start = process(0, "start", "f", [], {"f": {"base": 100, "load": 130, "answer": 90}})
    inside = process(0, "inside", "", [], {"f": {"dump": 7}})
    assert blocks._found(run_of(CASE, start, inside))["f"].peaks == {
        "load": [30],
        "answer": [0],
        "dump": [7],
    }


def test_a_commit_whose_worker_cannot_measure_has_every_case_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "WORKER", tmp_path)
    found = blocks.measure(HERE, "logreg.binary", ["pickle-5", "skops"])
    assert {id: one.status for id, one in found.items()} == {
        "pickle-5": "absent",
        "skops": "absent",
    }
    assert found["skops"].reason == "this commit's worker cannot measure"


def test_a_commit_without_a_model_has_its_cases_absent() -> None:
    found = blocks.measure(HERE, "no.such", ["pickle-5"])
    assert found["pickle-5"].reason == "this commit has no model no.such"
