"""Real shards of `minimal`, merged: equal to the whole, in any order, one missing, one twice."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import ROOT, by_id, command, environment

SHARDS = ("1/3", "2/3", "3/3")


def call(results: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, cwd=ROOT, env=environment(results),
        timeout=600,
    )  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole run of `minimal`, and one for each of its shards."""
    folder = tmp_path_factory.mktemp("shards")
    for more in ((), *(("--shard", shard) for shard in SHARDS)):
        answer = call(folder, "run", "minimal", *more)
        assert answer.returncode == 0, answer.stderr
    return folder


def header(folder: Path) -> Any:
    return json.loads((folder / "run.json").read_text())


def shard(results: Path, number: int) -> Path:
    (found,) = results.glob(f"minimal-*-shard{number}of3")
    return found


def whole(results: Path) -> Path:
    (found,) = (path for path in results.glob("minimal-????????") if path.is_dir())
    return found


def essence(folder: Path) -> dict[str, Any]:
    """All that is recorded of each cell, but for the times.

    skops writes them into the file: of its artifacts the size is compared, not the digest.
    """
    lines = by_id([json.loads(line) for line in (folder / "cells.jsonl").read_text().splitlines()])
    for line in lines.values():
        del line["ms"]
        if line["format"] == "skops":
            del line["artifact"]["sha256"]
    return lines


def merged(results: Path, folders: Sequence[Path], name: str) -> tuple[Any, Path]:
    out = results / "merges" / name
    out.parent.mkdir(exist_ok=True)
    answer = call(results, "merge", *map(str, folders), "--out", str(out), "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout), out


def test_each_shard_has_a_header_of_its_own_and_its_footer(results: Path) -> None:
    found = [header(shard(results, number)) for number in (1, 2, 3)]
    for number, head in enumerate(found, 1):
        assert head["shard"] == {"number": number, "of": 3, "whole": 48}
        assert head["footer"]["cells"] == head["planned"]
    assert sum(head["planned"] for head in found) == 48
    assert len({head["fingerprint"] for head in found}) == 1
    assert header(whole(results))["shard"] is None


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 2, 1, 3)])
def test_merged_in_any_order_and_one_twice_they_are_the_whole(
    results: Path, order: tuple[int, ...]
) -> None:
    folders = [shard(results, number) for number in order]
    if len(order) > 3:  # a second arrival of the same shard, from elsewhere
        folders[1] = results / "twice" / folders[0].name
        shutil.copytree(folders[0], folders[1], dirs_exist_ok=True)
    told, out = merged(results, folders, "-".join(map(str, order)))
    assert told["complete"] and not told["missing_shards"] and not told["missing_cells"]
    assert essence(out) == essence(whole(results))
    assert header(out)["footer"]["outcomes"] == dict(
        sorted(header(whole(results))["footer"]["outcomes"].items())
    )


def test_a_missing_shard_is_named_and_a_run_goes_on_with_its_cells(results: Path) -> None:
    elsewhere = results / "elsewhere"
    elsewhere.mkdir()
    there = [shard(results, 3), shard(results, 2)]
    told = json.loads(call(elsewhere, "merge", *map(str, there), "--json").stdout)
    lacking = sorted(essence(shard(results, 1)))
    assert told["missing_shards"] == ["1/3"]
    assert lacking and sorted(told["missing_cells"]) == lacking and not told["complete"]
    (out,) = elsewhere.iterdir()
    assert header(out)["footer"] is None
    assert not set(lacking) & set(essence(out))
    again = call(elsewhere, "run", "minimal")
    assert again.returncode == 0, again.stderr
    assert header(out)["footer"]["cells"] == 48
    assert len(header(out)["merged"]["parts"]) == 2
    assert essence(out) == essence(whole(results))


def test_a_merged_run_can_be_reported_shown_and_compared(results: Path) -> None:
    _, out = merged(results, [shard(results, number) for number in (1, 2, 3)], "read")
    for arguments in (
        ("report", str(out), "--out", str(results / "site")),
        ("cells", str(out)),
        ("diff", str(whole(results)), str(out)),
    ):
        answer = call(results, *arguments)
        assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("text", ["0/3", "5/3", "x"])
@pytest.mark.parametrize("name", ["run", "plan"])
def test_what_is_no_shard_is_one_clear_message(results: Path, name: str, text: str) -> None:
    answer = call(results, name, "minimal", "--shard", text)
    assert answer.returncode == 2
    assert f"{text!r} is no shard" in answer.stderr and "Traceback" not in answer.stderr


def test_a_shard_can_be_planned_and_one_without_a_model_is_complete(results: Path) -> None:
    told = json.loads(call(results, "plan", "minimal", "--shard", "1/3", "--json").stdout)
    assert len(told["cells"]) == header(shard(results, 1))["planned"]
    assert told["missing"] == 0
    empty = next(n for n in (1, 2, 3) if not header(shard(results, n))["planned"])
    assert header(shard(results, empty))["footer"]["cells"] == 0
