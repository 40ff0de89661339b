"""Environments are made by tox from locks, checked against them, and given up one by one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness import environments, locks, matrix
from tests.integration.conftest import ROOT, by_id, command, environment, read_cells

TEMPLATE = """
description = "environments that cannot be had, beside one that can"
plugins = ["{plugins}"]
models = ["good.a"]
formats = ["pickle-5"]
{tables}
"""
TABLE = """
[[environment]]
id = "{id}"
python = "{python}"
main = "numpy"
released = 2024-02-05
cutoff = 2024-03-01
requirements = ["numpy==1.26.4", "scipy==1.12.0"]
"""
GOOD, NO_PYTHON, NO_WHEEL = "good-py311", "no-python", "no-wheel"


@pytest.fixture(scope="module")
def matrices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one matrix of three environments, two of which cannot be made."""
    folder = tmp_path_factory.mktemp("matrices")
    named = ((GOOD, "3.11"), (NO_PYTHON, "3.99"), (NO_WHEEL, "3.11"))
    tables = "".join(TABLE.format(id=id, python=python) for id, python in named)
    plugins = ROOT / "tests" / "miniatures"
    (folder / "three.toml").write_text(TEMPLATE.format(plugins=plugins, tables=tables))
    declared = matrix.declared(folder)
    text = locks.make(declared[GOOD])
    (folder / "locks").mkdir()
    for id in (GOOD, NO_PYTHON):
        body = text.split("\n", 2)[2]
        header = locks.HEADER.format(digest=locks.digest(declared[id]))
        locks.path(folder, id).write_text(header + body)
    header = locks.HEADER.format(digest=locks.digest(declared[NO_WHEEL]))
    pin = f"shelflife-no-such-thing==1.0 \\\n    --hash=sha256:{'0' * 64}\n"
    locks.path(folder, NO_WHEEL).write_text(header + pin)
    return folder


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tox")


def run(matrices: Path, work: Path, results: Path, *more: str) -> subprocess.CompletedProcess[str]:
    variables = {"SHELFLIFE_MATRICES": str(matrices), "SHELFLIFE_TOX_WORK_DIR": str(work)}
    return subprocess.run(
        command("run", "three", *more),
        cwd=ROOT,
        env=environment(results, **variables),
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_what_cannot_be_had_is_notrun_with_its_reason_and_the_rest_goes_on(
    matrices: Path, work: Path, tmp_path: Path
) -> None:
    answer = run(matrices, work, tmp_path)
    assert answer.returncode == 0, answer.stderr
    cells = by_id(read_cells(tmp_path))
    assert len(cells) == 9
    assert cells[f"good.a/pickle-5/{GOOD}/{GOOD}"]["outcome"] == "identical"
    without = [cell for id, cell in cells.items() if id.count(GOOD) < 2]
    assert {cell["outcome"] for cell in without} == {"notrun"}
    reasons = {cell["consumer"]: cell["reason"] for cell in without}
    assert "interpreter" in reasons[NO_PYTHON].lower() or "3.99" in reasons[NO_PYTHON]
    assert "shelflife-no-such-thing" in reasons[NO_WHEEL]


def test_what_was_notrun_is_run_again_when_asked(
    matrices: Path, work: Path, tmp_path: Path
) -> None:
    assert run(matrices, work, tmp_path).returncode == 0
    assert "Nothing to do" in run(matrices, work, tmp_path).stdout
    again = run(matrices, work, tmp_path, "--retry")
    assert "Nothing to do" not in again.stdout
    assert len(by_id(read_cells(tmp_path))) == 9


def test_an_environment_that_differs_from_its_lock_is_stopped_and_can_be_made_anew(
    matrices: Path, work: Path, tmp_path: Path
) -> None:
    assert run(matrices, work, tmp_path / "before").returncode == 0
    python = work / GOOD / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "uv", "pip", "install", "-q", "-p", str(python), "scipy==1.13.1"],
        check=True,
        env={k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"},
    )
    assert run(matrices, work, tmp_path / "changed").returncode == 0
    cell = by_id(read_cells(tmp_path / "changed"))[f"good.a/pickle-5/{GOOD}/{GOOD}"]
    assert cell["outcome"] == "notrun"
    assert "scipy is 1.13.1, its lock says 1.12.0" in cell["reason"]
    assert run(matrices, work, tmp_path / "anew", "--recreate").returncode == 0
    cell = by_id(read_cells(tmp_path / "anew"))[f"good.a/pickle-5/{GOOD}/{GOOD}"]
    assert cell["outcome"] == "identical"


def pyenv_version() -> str | None:
    """A Python that pyenv keeps and that its shims do not show."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in ("3.9", "3.10", "3.12"):
        if list(root.glob(f"versions/{version}.*/bin/python{version}")):
            return version
    return None


def test_an_interpreter_of_pyenv_is_found_and_models_cross_pythons(
    work: Path, tmp_path: Path
) -> None:
    version = pyenv_version()
    if version is None:
        pytest.skip("pyenv keeps no other Python here")
    folder = tmp_path / "matrices"
    (folder / "locks").mkdir(parents=True)
    named = ((GOOD, "3.11"), ("other", version))
    tables = "".join(TABLE.format(id=id, python=python) for id, python in named)
    plugins = ROOT / "tests" / "miniatures"
    (folder / "three.toml").write_text(TEMPLATE.format(plugins=plugins, tables=tables))
    for declared in matrix.declared(folder).values():
        locks.path(folder, declared.id).write_text(locks.make(declared))
    answer = run(folder, work, tmp_path / "results")
    assert answer.returncode == 0, answer.stderr
    cells = by_id(read_cells(tmp_path / "results"))
    assert {cell["outcome"] for cell in cells.values()} == {"identical"}
    assert len(cells) == 4


def test_the_environments_of_the_project_hold_what_their_locks_say() -> None:
    folder = ROOT / "matrices"
    declared = matrix.declared(folder)
    wanted = locks.read_all(folder, [e for e in declared.values() if "sk1.3.2" in e.id])
    for id, found in environments.prepare(wanted).items():
        assert isinstance(found, environments.Ready), found
        assert locks.differences(wanted[id].pins, found.packages) == []
        compiled = list(environments.folder(id).glob("lib/*/site-packages/sklearn/**/*.pyc"))
        assert compiled, "an environment is byte-compiled when it is made"


def test_tox_knows_every_environment_and_labels_them_by_matrix() -> None:
    listed = tox("list", "--no-desc")
    by_label = tox("list", "--no-desc", "-m", "minimal")
    for id, declared in matrix.declared(ROOT / "matrices").items():
        assert (id in listed.split()) is not bool(declared.notrun)
    assert "sk1.3.2-np1.26-py311" in by_label.split()
    assert "sk1.9.1-np2.4-py311" not in by_label.split()


def test_tox_run_in_an_environment_prints_what_it_holds() -> None:
    assert '"scikit-learn": "1.3.2"' in tox("run", "-e", "sk1.3.2-np1.26-py311")


def test_tox_exec_opens_an_environment() -> None:
    program = "import sklearn; print('version', sklearn.__version__)"
    said = tox("exec", "-e", "sk1.3.2-np1.26-py311", "--", "python", "-c", program)
    assert "version 1.3.2" in said


def tox(*arguments: str) -> str:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TOX")}
    answer = subprocess.run(
        [sys.executable, "-m", "tox", *arguments],
        cwd=ROOT,
        env={**clean, "UV_PYTHON_DOWNLOADS": "never"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout
