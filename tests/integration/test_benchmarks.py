"""A comparison is really measured in a pinned environment, as asv's suite has it done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.suite import sets
from harness import environments, project

ID = "sk1.9.1-np2.4-py311"


def test_blocks_of_a_comparison_in_a_pinned_environment(tmp_path: Path) -> None:
    python = environments.interpreter(ID)
    if not python.exists():
        pytest.skip(f"environment {ID} is not made")
    formats = ["pickle-5", "joblib-zlib-1", "pickle-zstd-3", "pickle-gzip-9"]
    request = {
        "response": str(tmp_path / "found.json"),
        "python": str(python),
        "environment": ID,
        "model": "sized.linear-10k",
        "formats": formats,
        "plugins": sets.plugins(),
        "blocks": 2,
        "starts": True,
    }
    (tmp_path / "request.json").write_text(json.dumps(request))
    command = [sys.executable, "-m", "benchmarks.blocks", str(tmp_path / "request.json")]
    subprocess.run(command, cwd=project.ROOT, check=True, timeout=300)
    found = json.loads((tmp_path / "found.json").read_text())
    assert list(found) == formats
    assert found["pickle-zstd-3"]["status"] == "absent"  # its lock has no zstandard
    here = [one for id, one in found.items() if id != "pickle-zstd-3"]
    for one in here:
        assert one["status"] == "ok" and one["bytes"] > 8000
        for stage in ("dump-file", "load-warm", "load-touch", "first-answer", "start"):
            assert len(one["stages"][stage]) == 2 and min(one["stages"][stage]) > 0
        assert min(one["stages"]["start"]) > min(one["stages"]["load-warm"])
        assert set(one["peaks"]) == {"dump", "load", "answer"}
