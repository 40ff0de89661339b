"""A whole night on one machine, twice: the second finds what was planted in between."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import ROOT, command, environment

OLD, NEW = "sk1.3.2-np1.26-py311", "sk1.7.2-np2.3-py311"
NIGHTLY = "sknightly-py311"
TINY = f"""
description = "three models of two shards, one of which will change"
plugins = ["plugins"]
models = ["good.*", "load.wander"]
formats = ["pickle-5"]

[[from]]
matrix = "quick"
environments = ["{OLD}", "{NEW}"]

[limits]
seconds = 20
"""
PROGRAMME = f"""
[night]
keep = 2

[[matrix]]
name = "tiny"
shards = 2

[[prerelease]]
id = "{NIGHTLY}"
matrix = "tiny"
main = "scikit-learn"
python = "3.11"
requirements = ["scikit-learn", "numpy"]
index = "SHELFLIFE_NIGHTLY_INDEX"
"""
SOUND = 'model("good.z", data="rows", summary="does nothing wrong, after all the others")(Mini)'
DRIFTING = """model("good.z", data="rows", summary="drifts")(lambda: Mini("drift", "ask"))"""
EARLIER = "2026-01-01"


class Place:
    """A folder of matrices with a nightly.toml, and what the nights leave beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.history = folder / "history"
        self.matrices = folder / "matrices"
        (self.matrices / "locks").mkdir(parents=True)
        (self.matrices / "plugins").mkdir()
        shutil.copy(ROOT / "matrices" / "quick.toml", self.matrices)
        for lock in (ROOT / "matrices" / "locks").glob("sk1.*-py311.txt"):
            shutil.copy(lock, self.matrices / "locks")
        (self.matrices / "tiny.toml").write_text(TINY)
        (self.matrices / "nightly.toml").write_text(PROGRAMME)
        self.plant(SOUND)

    def plant(self, line: str) -> None:
        text = (ROOT / "tests" / "miniatures" / "misbehaving.py").read_text()
        assert SOUND in text
        (self.matrices / "plugins" / "moods.py").write_text(text.replace(SOUND, line))

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        variables = environment(self.folder / "results", SHELFLIFE_MATRICES=str(self.matrices))
        variables.pop("SHELFLIFE_NIGHTLY_INDEX", None)
        return subprocess.run(
            command(*arguments), capture_output=True, text=True, cwd=ROOT, env=variables,
            timeout=600,
        )  # fmt: skip

    def night(self, name: str, *more: str) -> subprocess.CompletedProcess[str]:
        where = ("--night", str(self.folder / name), "--history", str(self.history))
        return self.call("nightly", *where, *more)

    def age(self) -> None:
        """What is the newest night becomes an earlier one."""
        (newest,) = [path for path in self.history.iterdir() if path.is_dir()]
        newest.rename(self.history / EARLIER)
        index = self.history / "index.json"
        index.write_text(index.read_text().replace(newest.name, EARLIER))

    def index(self) -> Any:
        return json.loads((self.history / "index.json").read_text())["nights"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    found = Place(tmp_path_factory.mktemp("nightly"))
    found.first = found.night("first")  # type: ignore[attr-defined]
    found.age()
    return found


def test_the_first_night_runs_all_and_has_nothing_to_compare_with(place: Place) -> None:
    first = place.first  # type: ignore[attr-defined]
    assert first.returncode == 0, first.stderr
    assert "27 cells, complete; nothing to compare with" in first.stdout
    assert "neither an earlier night nor a baseline" in first.stdout
    assert not (place.folder / "first" / "issue.md").exists()
    night = json.loads((place.folder / "first" / "night.json").read_text())
    assert night["matrices"]["tiny"]["outcomes"] == {"identical": 12, "notrun": 15}


def test_a_pre_release_without_an_index_is_notrun_and_says_so(place: Place) -> None:
    (folder,) = (place.folder / "first" / "merged").glob("tiny-*/")
    lines = [json.loads(line) for line in (folder / "cells.jsonl").read_text().splitlines()]
    nightly = [line for line in lines if NIGHTLY in (line["producer"], line["consumer"])]
    assert len(nightly) == 15
    for line in nightly:
        assert line["outcome"] == "notrun"
        assert "SHELFLIFE_NIGHTLY_INDEX names no index" in line["reason"]


def test_a_quiet_night_has_no_issue(place: Place) -> None:
    quiet = place.night("quiet")
    assert quiet.returncode == 0, quiet.stdout + quiet.stderr
    assert "0 surprises" in quiet.stdout
    assert not (place.folder / "quiet" / "issue.md").exists()
    assert len(place.index()) == 2


def test_a_planted_change_is_a_regression_with_an_issue_and_exit_1(place: Place) -> None:
    place.plant(DRIFTING)
    try:
        changed = place.night("changed")
    finally:
        place.plant(SOUND)
    assert changed.returncode == 1, changed.stdout + changed.stderr
    issue = (place.folder / "changed" / "issue.md").read_text()
    assert issue.startswith("# Night of ")
    assert "2 cells worse than before in tiny" in issue.splitlines()[0]
    assert "### regression: drift, 2 cells" in issue
    assert f"Compared with the night of {EARLIER}" in issue
    cell = f"good.z/pickle-5/{OLD}/{NEW}"
    assert f"`{cell}`: identical → drift" in issue
    assert f"shelflife run tiny --select {cell} --fresh" in issue
    assert "good.a" not in issue


def test_the_site_and_the_history_are_there(place: Place) -> None:
    site = place.folder / "first" / "site"
    assert '<a href="m/tiny/index.html">' in (site / "nights.html").read_text()
    assert (site / "m" / "tiny" / "index.html").is_file()
    assert "How long does a saved model keep?" in (site / "index.html").read_text()
    assert 'href="nights.html"' in (site / "changes.html").read_text()
    assert place.index()[EARLIER]["matrices"]["tiny"]["cells"] == 27
    kept = place.history / EARLIER / "tiny.json.xz"
    answer = place.call("diff", str(kept), str(kept))
    assert answer.returncode == 0, answer.stderr


def test_the_steps_alone_conclude_without_a_shard_that_did_not_arrive(place: Place) -> None:
    """As in CI: planned here, one shard run there, another lost on the way."""
    night = str(place.folder / "steps")
    planned = place.call("nightly", "plan", "--night", night)
    jobs = [{"matrix": "tiny", "shard": "1/2"}, {"matrix": "tiny", "shard": "2/2"}]
    assert json.loads(planned.stdout) == {"include": jobs}
    shutil.rmtree(Path(night) / "matrices")  # another machine has the plan and the locks alone
    ran = place.call("nightly", "shard", "tiny", "1/2", "--night", night)
    assert ran.returncode == 0, ran.stderr
    ended = place.call("nightly", "conclude", night, "--history", str(place.folder / "other"))
    assert ended.returncode == 0, ended.stderr
    assert "tiny: shard 2/2 did not arrive" in ended.stdout
    assert "incomplete" in ended.stdout
    missing = json.loads(next(Path(night).glob("merged/tiny-*.json")).read_text())["missing_cells"]
    assert len(missing) == 9
    assert "did not arrive" in (Path(night) / "site" / "nights.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--matrices", "tyni"], "no night runs the matrix 'tyni'"),
        (["--shards", "300"], "CI starts 256 jobs at most"),
    ],
)
def test_a_users_mistake_is_one_clear_message(
    place: Place, arguments: list[str], said: str
) -> None:
    answer = place.night("never", *arguments)
    assert answer.returncode == 2
    assert said in answer.stderr and "Traceback" not in answer.stderr
