"""The worker runs on real old interpreters, with nothing but their standard library."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from harness.execute import PINNED
from tests.integration.conftest import ROOT

WORKER = ROOT / "harness" / "worker"
VERSIONS = ("3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")


@cache
def interpreter(version: str) -> str | None:
    """A Python of that version: on PATH, or one that pyenv keeps."""
    kept = sorted(pyenv_root().glob(f"versions/{version}.*/bin/python{version}"))
    found = [str(path) for path in kept] or [shutil.which(f"python{version}") or ""]
    for path in filter(None, found):
        said = subprocess.run(
            [path, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True
        )
        if said.returncode == 0:
            return path
    return None


def pyenv_root() -> Path:
    return Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")


@pytest.fixture(params=VERSIONS)
def python(request: pytest.FixtureRequest) -> str:
    found = interpreter(request.param)
    if found is None:
        pytest.skip(f"no Python {request.param} on this machine")
    return found


def ask(python: str, *arguments: str) -> Any:
    answer = subprocess.run(
        [python, "-I", "-X", "faulthandler", str(WORKER), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_the_oldest_and_several_others_are_really_tried() -> None:
    assert sum(interpreter(version) is not None for version in VERSIONS) >= 1


def test_it_describes_the_same_registry_everywhere(python: str) -> None:
    found = ask(python, "describe")
    assert len(found["models"]) >= 60
    assert {"pickle-2", "pickle-4", "pickle-5", "joblib", "skops", "onnx-f32"} <= {
        format["id"] for format in found["formats"]
    }


def test_it_probes_what_is_installed(python: str) -> None:
    found = ask(python, "probe")
    assert found["python"].split(".")[0] == "3"
    assert isinstance(found["packages"], dict)


def test_it_serves_a_request_and_says_what_is_missing(python: str, tmp_path: Path) -> None:
    """Without joblib there is no joblib file: the worker says so of that item, and does not die."""
    request = {
        "kind": "produce",
        "response": str(tmp_path / "response.jsonl"),
        "answers": str(tmp_path / "answers.bin"),
        "log": str(tmp_path / "log.txt"),
        "produced": str(tmp_path / "produced"),
        "items": ["plain.model/pickle-2", "plain.model/joblib"],
        "plugins": [str(plugin(tmp_path))],
        "seconds": 20,
        "memory_mib": 512,
        "batch": 0,
    }
    (tmp_path / "produced").mkdir()
    (tmp_path / "request.json").write_text(json.dumps(request))
    lines = serve(python, tmp_path / "request.json", tmp_path / "response.jsonl")
    assert [line["kind"] for line in lines] == ["hello", "done", "done", "spent", "end"]
    saved, absent = lines[1], lines[2]
    assert saved["item"] == "plain.model/pickle-2"
    assert absent["status"] in ("absent", "ok")
    if absent["status"] == "absent":
        assert "joblib" in absent["reason"]


def serve(python: str, request: Path, response: Path) -> list[Any]:
    """The lines of a response. Standard input stays open till the end: closing it is giving up."""
    worker = subprocess.Popen(
        [python, "-I", "-X", "faulthandler", str(WORKER), "serve"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **PINNED},
    )
    assert worker.stdin is not None
    worker.stdin.write(f"{request}\n".encode())
    worker.stdin.flush()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and worker.poll() is None:
        if response.exists() and b'"kind":"end"' in response.read_bytes():
            break
        time.sleep(0.01)
    _, said = worker.communicate(timeout=20)
    assert worker.returncode == 0, said.decode()
    return [json.loads(line) for line in response.read_text().splitlines()]


PLAIN = """
from shelflife_worker.registry import DATA, model


class Nothing:
    X = ask = "text"
    y = ask_y = None


DATA["nothing"] = Nothing


class Model:
    def fit(self, X):
        return self


@model("plain.model", data="nothing", summary="needs no library")
def plain():
    return Model()
"""


def plugin(folder: Path) -> Path:
    plugins = folder / "plugins"
    plugins.mkdir()
    (plugins / "plain.py").write_text(PLAIN)
    return plugins
