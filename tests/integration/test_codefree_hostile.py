"""Hostile files of the code-free store, in the environment that it runs in: refused, every one."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from harness import environments, locks, matrix
from tests.integration.conftest import ROOT

CONTAINERS = ("json", "json-gzip", "hdf5", "npz", "npz-deflate", "safetensors", "text")
MUTANTS = 500
HERE = Path(__file__).parent
HOSTILE = HERE / "codefree_hostile.py"
CASES = sorted(
    node.name
    for node in ast.parse(HOSTILE.read_text()).body
    if isinstance(node, ast.FunctionDef)
    for made in node.decorator_list
    if isinstance(made, ast.Call) and ast.unparse(made.func) in ("case", "after")
)


@pytest.fixture(scope="module")
def interpreter() -> Path:
    """Of the environment with scikit-learn, h5py and safetensors."""
    folder = ROOT / "matrices"
    declared = [e for e in matrix.declared(folder).values() if e.id.startswith("core-")]
    (ready,) = environments.prepare(locks.read_all(folder, declared)).values()
    assert isinstance(ready, environments.Ready), ready
    return ready.python


def told(interpreter: Path, script: Path, *arguments: str) -> Any:
    """What a script prints, in one thread."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    done = subprocess.run(
        [interpreter, "-s", script, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **one},
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def outcomes(interpreter: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return told(interpreter, HOSTILE, str(tmp_path_factory.mktemp("hostile")))


@pytest.mark.parametrize("case", CASES)
def test_a_file_made_by_hand_is_refused(case: str, outcomes: dict[str, str]) -> None:
    assert outcomes[case].startswith("refused: ")


@pytest.mark.parametrize("container", CONTAINERS)
def test_mutated_models_neither_crash_nor_hang(
    container: str, interpreter: Path, tmp_path: Path
) -> None:
    """Loaded and asked everything, or refused; other seeds for each container."""
    first = str(MUTANTS * CONTAINERS.index(container))
    child = HERE / "codefree_child.py"
    found = told(interpreter, child, container, first, str(MUTANTS), str(tmp_path))
    assert found["bad"] == {}
    counts = found["counts"]
    assert sum(counts.values()) == MUTANTS
    assert counts["refused"] > MUTANTS // 3
    assert counts["asked"] > MUTANTS // 10, "the mutants are too wild to say much"
