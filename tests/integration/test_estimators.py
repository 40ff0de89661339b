"""Breadth finds drift: no estimator of any scikit-learn goes untried."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from harness import environments, matrix, project

CHILD = Path(__file__).with_name("estimators_child.py")
NOT_ALONE = {"IsotonicRegression"}  # before 0.24 it takes no table with a column, only a list
OLD = {"AffinityPropagation", "FactorAnalysis"}  # their recipes need parameters of later releases


def made() -> list[str]:
    """Environments of scikit-learn that are made on this machine."""
    declared = matrix.declared(project.matrices())
    return [
        id
        for id, environment in declared.items()
        if environment.main == "scikit-learn" and environments.interpreter(id).exists()
    ]


@pytest.mark.parametrize("id", made())
def test_every_estimator_of_this_scikit_learn_has_a_model(id: str) -> None:
    python = environments.interpreter(id)
    command = [str(python), "-I", str(CHILD), str(project.WORKER)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    allowed = NOT_ALONE | OLD if id.startswith(("sk0.22", "sk0.23")) else set()
    assert found["all"] > 180
    assert set(found["missing"]) <= allowed
