"""`kill -9`, Ctrl-C, a full disk: nothing recorded is lost or doubled; the same command goes on."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import ROOT, by_id, command, environment, read_cells

MOMENTS = 14


def start(results: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command("run", "minimal", *arguments),
        cwd=ROOT,
        env=environment(results),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # CI may ignore it
    )


def whole_lines(results: Path) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for path in results.glob("*/cells.jsonl"):
        lines += [json.loads(x) for x in path.read_bytes().split(b"\n")[:-1]]
    return lines


def essence(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """What must not depend on interruptions: outcome, verdicts, errors; not times."""
    return {
        id: (
            cell["outcome"],
            {name: m["verdict"] for name, m in cell["methods"].items()},
            cell["error"] and (cell["error"]["type"], cell["error"]["stage"]),
        )
        for id, cell in by_id(cells).items()
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    results = tmp_path_factory.mktemp("undisturbed")
    assert start(results).wait(timeout=300) == 0
    return essence(read_cells(results))


def test_kill_9_at_many_random_moments_loses_and_doubles_nothing(
    tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    moments = random.Random(20261121)
    kept: dict[str, Any] = {}
    for _ in range(MOMENTS):
        process = start(tmp_path)
        time.sleep(moments.uniform(0.05, 2.5))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        now = by_id(whole_lines(tmp_path))
        assert kept.items() <= now.items(), "a recorded cell is gone or altered"
        kept = now
    assert start(tmp_path).wait(timeout=300) == 0
    finished = by_id(read_cells(tmp_path))
    assert kept.items() <= finished.items()
    assert essence(list(finished.values())) == undisturbed
    header = json.loads(next(tmp_path.glob("*/run.json")).read_text())
    assert header["footer"]["cells"] == len(undisturbed)


def test_ctrl_c_ends_with_130_and_the_same_command_goes_on(
    tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    process = start(tmp_path)
    deadline = time.monotonic() + 60
    while not whole_lines(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=30) == 130
    header = json.loads(next(tmp_path.glob("*/run.json")).read_text())
    assert header["footer"] is None
    assert start(tmp_path).wait(timeout=300) == 0
    assert essence(read_cells(tmp_path)) == undisturbed


def test_a_full_disk_is_one_clear_message_and_no_verdict(
    tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=320k", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        answer = subprocess.run(
            command("run", "minimal"),
            cwd=ROOT,
            env=environment(disk),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert answer.returncode == 2, answer.stdout + answer.stderr
        assert "Traceback" not in answer.stderr
        assert "the same command" in answer.stderr
        assert essence(whole_lines(disk)).items() <= undisturbed.items()
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        assert start(disk).wait(timeout=300) == 0
        assert essence(read_cells(disk)) == undisturbed
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_two_runs_of_the_same_matrix_at_once_do_not_mix(
    tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    both = [start(tmp_path), start(tmp_path)]
    codes = sorted(process.wait(timeout=300) for process in both)
    assert codes in ([0, 0], [0, 2])
    assert essence(read_cells(tmp_path)) == undisturbed


def test_a_second_run_has_nothing_to_do_and_changes_nothing(tmp_path: Path) -> None:
    assert start(tmp_path).wait(timeout=300) == 0
    before = next(tmp_path.glob("*/cells.jsonl")).read_bytes()
    answer = subprocess.run(
        command("run", "minimal"),
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 0
    assert "Nothing to do" in answer.stdout
    assert next(tmp_path.glob("*/cells.jsonl")).read_bytes() == before


def test_evidence_that_was_lost_or_damaged_is_notrun_and_the_rest_goes_on(
    tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    assert start(tmp_path).wait(timeout=300) == 0
    (run,) = tmp_path.iterdir()
    path = run / "cells.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:4]))
    produced = run / "produced" / "sk1.3.2-np1.26-py311"
    (produced / "scaler.standard" / "pickle-5.pkl").unlink()
    answers = produced / "logreg.binary" / "pickle-5.answers"
    damaged = bytearray(answers.read_bytes())
    damaged[20] ^= 1
    answers.write_bytes(damaged)
    assert start(tmp_path).wait(timeout=300) == 0
    cells = by_id(read_cells(tmp_path))
    assert cells.keys() == undisturbed.keys()
    gone = cells["scaler.standard/pickle-5/sk1.3.2-np1.26-py311/sk1.3.2-np1.26-py311"]
    assert (gone["outcome"], gone["reason"]) == ("notrun", "the artifact is no longer there")
    close = cells["logreg.binary/pickle-5/sk1.3.2-np1.26-py311/sk1.7.2-np2.3-py311"]
    assert close["outcome"] in ("notrun", "close")
    assert close["outcome"] == "close" or "SHA-256 differs" in close["reason"]
    others = [id for id in cells if "scaler.standard/pickle-5/sk1.3" not in id]
    same = [id for id in others if cells[id]["outcome"] == undisturbed[id][0]]
    assert len(same) >= len(others) - 2


def test_a_footer_that_an_interruption_prevented_is_written_by_the_next_run(tmp_path: Path) -> None:
    assert start(tmp_path).wait(timeout=300) == 0
    header = next(tmp_path.glob("*/run.json"))
    whole = json.loads(header.read_text())
    header.write_text(json.dumps({**whole, "footer": None}))
    next(tmp_path.glob("*/spent.json")).write_text("")
    assert start(tmp_path).wait(timeout=300) == 0
    assert json.loads(header.read_text())["footer"]["cells"] == whole["footer"]["cells"]


def test_a_retry_of_a_part_keeps_the_rest(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    assert start(tmp_path).wait(timeout=300) == 0
    assert start(tmp_path, "--retry", "--select", "scaler.standard").wait(timeout=300) == 0
    assert essence(read_cells(tmp_path)) == undisturbed
