"""Where the project's own files are; environment variables that move them."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKER = ROOT / "harness" / "worker"


def matrices() -> Path:
    """Folder of the matrices: `SHELFLIFE_MATRICES`, or `matrices/` of the project."""
    return Path(os.environ.get("SHELFLIFE_MATRICES") or ROOT / "matrices").resolve()


def results() -> Path:
    """Folder of the runs: `SHELFLIFE_RESULTS`, or `results/` of the project."""
    return Path(os.environ.get("SHELFLIFE_RESULTS") or ROOT / "results").resolve()
