"""Finding a cause by trying: real environments between two of `quick`, real probes."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import wheels
from harness.environments import Broken, Ready, probe
from harness.errors import EnvironmentTrouble
from harness.experiment import Mix, Workshop
from tests.integration.conftest import ROOT, command, environment

OLD, NEW = "sk1.2.2-np1.24-py311", "sk1.3.2-np1.26-py311"
Call = Callable[..., subprocess.CompletedProcess[str]]
CELL = f"tree.classifier/pickle-5/{OLD}/{NEW}"


@pytest.fixture(scope="module", autouse=True)
def index() -> None:
    """These tests install what no lock names."""
    try:
        wheels.resolve(["threadpoolctl==3.1.0"], "3.11", "--no-deps")
    except EnvironmentTrouble as trouble:
        pytest.skip(trouble.message)


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Call:
    """`call(*arguments)`: the command, beside a run with one failing cell and its control.

    The matrices are a copy: what is recorded goes there.
    """
    folder = tmp_path_factory.mktemp("experiments")
    shutil.copytree(ROOT / "matrices", folder / "matrices", ignore=shutil.ignore_patterns("causes"))
    here = environment(folder / "results", SHELFLIFE_MATRICES=str(folder / "matrices"))

    def call(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments), capture_output=True, text=True, cwd=ROOT, env={**here, **more}
        )

    assert call("run", "quick", "-s", CELL).returncode == 0
    return call


def test_the_cause_and_the_first_bad_release_of_a_tree_that_cannot_be_loaded(
    call: Call, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """scikit-learn 1.3.0 added missing values to trees: their nodes have a field more."""
    answer = call("bisect", CELL, "--record", "--json")
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert (found["package"], found["kind"]) == ("scikit-learn", "found")
    assert (found["last_good"], found["first_bad"]) == ("1.2.2", "1.3.0")
    assert found["releases"][0]["version"] == "1.2.2"
    (kept,) = tmp_path_factory.getbasetemp().glob("experiments0/matrices/causes/*.json")
    (entry,) = json.loads(kept.read_text())
    assert entry["cell"] == CELL
    (changed,) = entry["explained"]["changes"]
    assert changed == [{"package": "scikit-learn", "from": "1.2.2", "to": "1.3.2"}]
    assert "alone makes the difference" in entry["explained"]["sentence"]
    again = call("explain", CELL)
    assert again.returncode == 0, again.stderr
    assert "probes in" not in again.stderr, "every answer is remembered"
    assert "scikit-learn 1.2.2 -> 1.3.2 alone makes the difference" in again.stdout


def test_an_environment_holds_exactly_its_pins_and_is_made_once(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    mix = Mix.of("3.11", {"joblib": "1.3.1", "threadpoolctl": "3.1.0"})
    made = workshop.make(mix)
    assert isinstance(made, Ready), made
    assert probe(made.python)["packages"] == mix.pins
    assert list(made.python.parents[1].glob("lib/*/site-packages/joblib/__pycache__/*.pyc"))
    assert Workshop(tmp_path).make(mix) == made


def test_what_cannot_be_made_says_why(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    no_python = workshop.make(Mix.of("3.99", {"joblib": "1.3.1"}))
    assert isinstance(no_python, Broken)
    assert "no interpreter of Python 3.99" in no_python.reason
    no_wheel = workshop.make(Mix.of("3.11", {"scikit-learn": "0.22.2"}))
    assert isinstance(no_wheel, Broken)
    assert "scikit-learn 0.22.2 for Python 3.11" in no_wheel.reason


def test_without_an_index_there_is_one_clear_message(call: Call, tmp_path: Path) -> None:
    nowhere = {"UV_OFFLINE": "1", "UV_CACHE_DIR": str(tmp_path / "empty")}
    answer = call("bisect", CELL, "--package", "scipy", **nowhere)
    assert answer.returncode == 2
    assert "the package index cannot be reached" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_control_has_nothing_to_explain(call: Call) -> None:
    answer = call("explain", f"tree.classifier/pickle-5/{OLD}/{OLD}")
    assert answer.returncode == 2
    assert "nothing to explain" in answer.stderr
