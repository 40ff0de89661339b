"""Integration tests run the real command on real environments, with results of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MATRICES = ROOT / "tests" / "matrices"

Shelflife = Callable[..., subprocess.CompletedProcess[str]]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "harness.cli", *arguments]


def environment(results: Path, **more: str) -> dict[str, str]:
    """Variables of a run that shares this checkout's environments and nothing else."""
    own = ("TOX", "SHELFLIFE_R", "PYTEST_XDIST")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(own)}
    return {**kept, "SHELFLIFE_RESULTS": str(results), "UV_PYTHON_DOWNLOADS": "never", **more}


@pytest.fixture
def shelflife(tmp_path: Path) -> Shelflife:
    """`shelflife(*arguments)`: the command, with its results under tmp_path/results."""

    def call(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments),
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment(tmp_path / "results", **more),
            timeout=600,
        )

    return call


def read_cells(results: Path) -> list[dict[str, Any]]:
    """Every line of the only run in the folder; a torn one raises."""
    (path,) = results.glob("*/cells.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def by_id(cells: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {cell["cell"]: cell for cell in cells}
    assert len(found) == len(cells), "a cell is recorded twice"
    return found
