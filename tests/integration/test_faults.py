"""Whatever a model or a format does, it is blamed on exactly its cell, and the rest goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import MATRICES, ROOT, by_id, command, environment, read_cells

OLD, NEW = "sk1.3.2-np1.26-py311", "sk1.7.2-np2.3-py311"

# model -> outcome, type of the error, its stage: loaded in the other environment
AWAY = {
    "load.segfault": ("crash", "SIGSEGV", "load"),
    "load.kill": ("crash", "SIGKILL", "load"),
    "load.leave": ("crash", "exit", "load"),
    "load.leave-quietly": ("crash", "exit", "load"),
    "load.leave-loudly": ("load-error", "SystemExit", "load"),
    "load.loop": ("timeout", "timeout", "load"),
    "load.spin": ("timeout", "timeout", "load"),
    "load.bomb": ("load-error", "MemoryError", "load"),
    "load.complain": ("load-error", "ValueError", "load"),
    "load.unprintable": ("load-error", "Mute", "load"),
    "load.close-all": ("load-error", "OSError", "load"),
    "load.chatter": ("identical", None, None),
    "load.fork": ("identical", None, None),
    "load.wander": ("identical", None, None),
    "load.warn": ("identical", None, None),
    "ask.segfault": ("crash", "SIGSEGV", "predict"),
    "ask.loop": ("timeout", "timeout", "predict"),
    "ask.complain": ("use-error", "ValueError", "predict"),
    "repr.complain": ("use-error", "ValueError", "repr"),
    "clone.complain": ("use-error", "ValueError", "get_params"),
    "ask.nudge": ("close", None, None),
    "ask.drift": ("drift", None, None),
    "ask.forget": ("drift", None, None),
    "ask.toss": ("drift", None, None),
    "ask.relabel": ("changed", None, None),
    "ask.shorten": ("changed", None, None),
    "load.segfault.always": ("invalid", None, None),
    "ask.toss.always": ("invalid", None, None),
    "ask.complain.always": ("invalid", None, None),
    "good.a": ("identical", None, None),
    "good.z": ("identical", None, None),
}
CONTROLS = {
    "load.segfault.always": "crash",
    "ask.toss.always": "drift",
    "ask.complain.always": "invalid",
}


def run(matrix: str, results: Path) -> dict[str, dict[str, Any]]:
    answer = subprocess.run(
        command("run", str(MATRICES / matrix)),
        env=environment(results),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert answer.returncode == 0, answer.stderr
    return by_id(read_cells(results))


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return run("faults.toml", tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def formats(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return run("formats.toml", tmp_path_factory.mktemp("formats"))


def test_every_model_of_the_matrix_is_expected_here(faults: dict[str, dict[str, Any]]) -> None:
    assert {cell["model"] for cell in faults.values()} == set(AWAY)


@pytest.mark.parametrize("model", AWAY)
@pytest.mark.parametrize(("producer", "consumer"), [(OLD, NEW), (NEW, OLD)])
def test_a_fault_elsewhere_is_blamed_on_its_cell(
    faults: dict[str, dict[str, Any]], model: str, producer: str, consumer: str
) -> None:
    cell = faults[f"{model}/pickle-5/{producer}/{consumer}"]
    outcome, kind, stage = AWAY[model]
    error = cell["error"] or {"type": None, "stage": None}
    assert (cell["outcome"], error["type"], error["stage"]) == (outcome, kind, stage)


@pytest.mark.parametrize("model", AWAY)
def test_the_control_comes_out_right_but_for_what_is_wrong_everywhere(
    faults: dict[str, dict[str, Any]], model: str
) -> None:
    outcomes = {faults[f"{model}/pickle-5/{at}/{at}"]["outcome"] for at in (OLD, NEW)}
    assert outcomes == {CONTROLS.get(model, "identical")}


def test_drift_says_how_much_and_where_and_was_seen_twice(
    faults: dict[str, dict[str, Any]],
) -> None:
    cell = faults[f"ask.drift/pickle-5/{OLD}/{NEW}"]
    assert cell["methods"]["predict"]["max_abs_diff"] == 0.25
    assert cell["methods"]["predict"]["worst_row"] == 2
    assert cell["runs"] == 2


def test_one_unit_in_the_last_place_is_close(faults: dict[str, dict[str, Any]]) -> None:
    cell = faults[f"ask.nudge/pickle-5/{OLD}/{NEW}"]
    assert cell["methods"]["predict"]["verdict"] == "close"
    assert cell["methods"]["predict"]["max_ulp"] == 1
    assert cell["reason"]


def test_warnings_are_kept_with_category_and_count(faults: dict[str, dict[str, Any]]) -> None:
    (warning,) = faults[f"load.warn/pickle-5/{OLD}/{NEW}"]["warnings"]
    assert (warning["category"], warning["count"]) == ("FutureWarning", 50)


def test_what_fails_under_a_failed_control_is_invalid_and_says_what_was_observed(
    faults: dict[str, dict[str, Any]],
) -> None:
    cell = faults[f"ask.toss.always/pickle-5/{OLD}/{NEW}"]
    assert cell["outcome"] == "invalid"
    assert cell["observed"] == "drift"
    assert "its control is drift" in cell["reason"]


@pytest.mark.parametrize(
    ("format", "control", "away"),
    [
        ("pickle-5", "identical", "identical"),
        ("liar", "drift", "invalid"),
        ("translator", "identical", "identical"),
        ("refuser", "unsupported", "unsupported"),
        ("breaker", "dump-error", "dump-error"),
        ("killer", "crash", "crash"),
        ("needy", "notrun", "notrun"),
        ("amnesiac", "load-error", "invalid"),
    ],
)
def test_a_format_that_lies_refuses_or_fails(
    formats: dict[str, dict[str, Any]], format: str, control: str, away: str
) -> None:
    assert formats[f"good.a/{format}/{OLD}/{OLD}"]["outcome"] == control
    assert formats[f"good.a/{format}/{OLD}/{NEW}"]["outcome"] == away


def test_a_converting_format_says_how_faithful_it_is(formats: dict[str, dict[str, Any]]) -> None:
    cell = formats[f"good.a/translator/{OLD}/{OLD}"]
    assert cell["fidelity"]["verdict"] == "drift"
    assert cell["fidelity"]["max_abs_diff"] == 1.0


def test_unsupported_and_notrun_give_their_reasons(formats: dict[str, dict[str, Any]]) -> None:
    assert formats[f"good.a/refuser/{OLD}/{NEW}"]["reason"] == "not on a Saturday"
    assert "a_module_that_is_not_there" in formats[f"good.a/needy/{OLD}/{NEW}"]["reason"]


def test_no_process_of_a_run_is_left_behind(faults: dict[str, dict[str, Any]]) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("reads /proc")
    worker = str(ROOT / "harness" / "worker").encode()
    left = [
        entry.name
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and worker in _command_line(entry) and _parent(entry) == "1"
    ]
    assert left == [], "the runs have ended, and these have lost their parents"


def _parent(entry: Path) -> str:
    """Its parent's id; "1" where that has ended. Tests beside this one have runs of their own."""
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()[1]
    except OSError:
        return ""


def _command_line(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def leaks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return run("leaks.toml", tmp_path_factory.mktemp("leaks"))


@pytest.mark.parametrize("pair", ["leak1", "leak2", "leak3", "leak5"])
@pytest.mark.parametrize(("producer", "consumer"), [(OLD, OLD), (OLD, NEW), (NEW, OLD)])
def test_what_one_model_leaves_behind_is_not_blamed_on_the_next(
    leaks: dict[str, dict[str, Any]], pair: str, producer: str, consumer: str
) -> None:
    cell = leaks[f"{pair}.victim/pickle-5/{producer}/{consumer}"]
    assert cell["outcome"] == "identical", cell
    assert "predict" in cell["methods"]


@pytest.mark.parametrize("by", range(1, 13))
def test_a_process_that_a_model_forked_answers_for_nobody(
    leaks: dict[str, dict[str, Any]], by: int
) -> None:
    cell = leaks[f"leak4.victim{by:02}/pickle-5/{OLD}/{NEW}"]
    assert cell["outcome"] == "drift"
    assert cell["methods"]["predict"]["max_abs_diff"] == by


def test_nothing_compared_is_not_identical(leaks: dict[str, dict[str, Any]]) -> None:
    for at in (OLD, NEW):
        cell = leaks[f"leak6.opaque/pickle-5/{OLD}/{at}"]
        assert cell["outcome"] == "invalid", cell
        assert cell["methods"] == {}
