"""A format from outside, through the documented hook, is everywhere that the built-in ones are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import ROOT, command, environment

FORMAT = '''
"""XML of a pickle: nobody's favourite."""

import base64
import pickle
import xml.etree.ElementTree as ET

from shelflife_worker.registry import Format, format_


@format_
class Xml(Format):
    id = "xml-pickle"
    summary = "pickle within XML"
    suffix = ".xml"
    executes = "anything: a pickle is a program"

    def dump(self, model, path, data):
        root = ET.Element("model")
        root.text = base64.b64encode(pickle.dumps(model, 4)).decode()
        ET.ElementTree(root).write(path)

    def load(self, path):
        return pickle.loads(base64.b64decode(ET.parse(path).getroot().text))
'''
MATRIX = """
description = "whatever there is"
models = ["logreg.binary"]
formats = ["*", "!*-*", "xml-*"]
pairs = "own"
facts = true

[[from]]
matrix = "quick"
environments = ["sk1.7.2-*"]
"""
CELL = "logreg.binary/xml-pickle/sk1.7.2-np2.3-py311/sk1.7.2-np2.3-py311"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outside")
    (folder / "plugins").mkdir()
    (folder / "plugins" / "xmls.py").write_text(FORMAT)
    (folder / "ours.toml").write_text(MATRIX)
    return folder


def call(place: Path, *arguments: str) -> str:
    """A command with the folder of plugins named in the environment, and nothing else of it."""
    variables = {"SHELFLIFE_PLUGINS": str(place / "plugins"), "HOME": str(place)}
    done = subprocess.run(
        arguments,
        env={**environment(place / "results"), **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_lists_and_the_plan_have_it(place: Path) -> None:
    listed = json.loads(call(place, *command("list", "formats", "--json")))
    assert "xml-pickle" in {row["id"] for row in listed}
    planned = call(place, *command("plan", str(place / "ours.toml"), "--json"))
    assert CELL in json.loads(planned)["cells"]


def test_it_is_run_and_reported_with_its_facts(place: Path) -> None:
    ours = str(place / "ours.toml")
    call(place, *command("run", ours, "--select", "xml-pickle"))
    (folder,) = (place / "results").glob("ours-*")
    (cell,) = [json.loads(line) for line in (folder / "cells.jsonl").read_text().splitlines()]
    assert (cell["cell"], cell["outcome"]) == (CELL, "identical")
    sheet = json.loads((folder / "facts" / "xml-pickle.json").read_text())
    assert sheet["facts"]["executes"]["value"] == "yes"
    call(place, *command("report", folder.name))
    assert "xml-pickle" in (folder / "site" / "formats.html").read_text()


def test_pytest_benchmark_measures_it(place: Path) -> None:
    said = call(
        place,
        *(sys.executable, "-m", "pytest", "benchmarks", "--benchmark-only", "-q"),
        *("-k", "xml-pickle and forest and classifier", "-p", "no:cacheprovider"),
        f"--benchmark-json={place / 'benchmark.json'}",
    )
    assert "3 passed" in said
    measured = json.loads((place / "benchmark.json").read_text())["benchmarks"]
    assert {entry["extra_info"]["case"] for entry in measured} == {"forest.classifier/xml-pickle"}
    assert all(entry["extra_info"]["bytes"] > 0 for entry in measured)


def test_asv_measures_it(place: Path) -> None:
    asv = [sys.executable, "-m", "asv"]
    call(place, *asv, "machine", "--yes")
    said = call(
        place,
        *(*asv, "run", "--quick", "--dry-run", "--show-stderr", "--set-commit-hash", "HEAD"),
        *(
            "--environment",
            f"existing:{sys.executable}",
            "--bench",
            r"Formats_forest_classifier.track_bytes\(.*xml-pickle",
        ),
    )
    assert "xml-pickle" in said and "failed" not in said
