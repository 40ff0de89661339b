"""A failing cell is mended by saving its artifact again in an environment between: for real."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.integration.conftest import ROOT, command, environment

OLD, BETWEEN, NEW = "sk1.2.2-np1.24-py311", "sk1.3.2-np1.26-py311", "sk1.7.2-np2.3-py311"
CASE = "scaler.standard/pickle-4"
FAILS = f"{CASE}/{NEW}/{OLD}"  # NumPy 2 renamed numpy.core; 1.26 reads that and writes the old name


class Project:
    """The command with results and matrices of its own, so that no trial goes to the project's."""

    def __init__(self, folder: Path) -> None:
        self.results, self.matrices = folder / "results", folder / "matrices"
        shutil.copytree(ROOT / "matrices", self.matrices)
        self.tried.unlink(missing_ok=True)

    @property
    def tried(self) -> Path:
        return self.matrices / "causes" / "tried.json"

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments),
            cwd=ROOT,
            env=environment(self.results, SHELFLIFE_MATRICES=str(self.matrices)),
            capture_output=True,
            text=True,
            timeout=300,
        )


@pytest.fixture(scope="module")
def shelflife(tmp_path_factory: pytest.TempPathFactory) -> Project:
    found = Project(tmp_path_factory.mktemp("resave"))
    ran = found("run", "quick", "--select", f"{CASE}/sk1.7*/*")
    assert ran.returncode == 0, ran.stderr
    return found


def test_an_artifact_saved_again_in_between_answers_as_its_producer_did(shelflife: Project) -> None:
    tried = shelflife("remedy", FAILS, "--json")
    assert tried.returncode == 0, tried.stderr
    (one,) = json.loads(tried.stdout)
    assert (one["cell"], one["via"], one["outcome"]) == (FAILS, BETWEEN, "identical")
    assert one["versions"]["scikit-learn"] == ["1.7.2", "1.3.2", "1.2.2"]
    assert json.loads(shelflife.tried.read_text()) == [one]
    said = shelflife("causes", "--select", FAILS)
    assert f"helps: re-saved in {BETWEEN}: 1 of 1 cell answer" in said.stdout, said.stdout
    assert not list(shelflife.results.glob("remedy-*")), "nothing is left behind"


def test_where_saving_again_cannot_help_that_is_what_is_recorded(shelflife: Project) -> None:
    tried = shelflife("remedy", FAILS, "--via", OLD, "--json")
    assert tried.returncode == 0, tried.stderr
    (one,) = json.loads(tried.stdout)
    assert one["outcome"] == "load-error"
    assert "numpy._core" in one["error"]


def test_a_cell_that_does_not_fail_needs_no_remedy(shelflife: Project) -> None:
    answered = shelflife("remedy", f"{CASE}/{NEW}/{BETWEEN}", "--via", OLD)
    assert answered.returncode == 2
    assert "does not fail here: it is identical" in answered.stderr


def test_cells_or_a_cause_have_to_be_named(shelflife: Project) -> None:
    for arguments in ((), (FAILS, "--cause", "any")):
        answered = shelflife("remedy", *arguments)
        assert answered.returncode == 2
        assert "name cells, or one cause" in answered.stderr
