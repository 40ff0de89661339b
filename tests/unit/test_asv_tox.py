"""asv's environments: those of tox, named by id, verified before use, nothing put into them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import environments, locks, project
from harness.environments import Broken, Ready

asv = pytest.importorskip("asv")

from asv import util  # noqa: E402
from asv.config import Config  # noqa: E402
from asv.environment import EnvironmentUnavailable, ExistingEnvironment  # noqa: E402
from asv.plugin_manager import plugin_manager  # noqa: E402

from benchmarks import asv_tox  # noqa: E402
from benchmarks.asv_tox import ToxEnvironment  # noqa: E402

ID = "core-sk1.9.1-py311"
SHOW = """\
import asv_runner, json, os, sys
print(json.dumps([asv_runner.__file__, sys.path, dict(os.environ)]))
"""


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The project's own configuration, its folders elsewhere."""
    monkeypatch.chdir(project.ROOT)
    found = Config.load()
    found.env_dir = str(tmp_path / "env")
    return found


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This very interpreter, as if it were the environment's and had passed."""
    here = Path(sys.executable)
    monkeypatch.setattr(environments, "interpreter", lambda id: here)
    monkeypatch.setattr(environments, "prepare", lambda wanted, say: {ID: Ready(ID, here, {})})
    yield


def environment(conf: Any, id: str = ID) -> ToxEnvironment:
    return ToxEnvironment(conf, id, {}, {})


def test_the_configuration_loads_it_and_names_environments_that_there_are(conf: Any) -> None:
    assert conf.plugins == [".benchmarks.asv_tox"] and conf.environment_type == "tox"
    for name in conf.plugins:
        plugin_manager.import_plugin(name)
    found = list(asv.environment.get_environments(conf, None))
    assert [env.name for env in found] == [f"tox-{id}" for id in conf.pythons]
    assert len({env.requirements["scikit-learn"] for env in found}) == 4
    assert len({env.requirements["joblib"] for env in found}) == 4


def test_commits_may_be_interleaved_in_it() -> None:
    assert not issubclass(ToxEnvironment, ExistingEnvironment)


def test_what_is_shown_are_the_pins_of_its_lock(conf: Any) -> None:
    text = locks.path(project.matrices(), ID).read_text(encoding="utf-8")
    pins = locks.pins(text)
    assert environment(conf).requirements == {name: pins[name] for name in asv_tox.SHOWN}


def test_an_id_that_there_is_none_of_is_one_sentence(conf: Any) -> None:
    with pytest.raises(EnvironmentUnavailable, match="no environment is called 'core-sk1"):
        environment(conf, "core-sk1.9.1-py3")


def test_requirements_in_the_configuration_are_refused(conf: Any) -> None:
    with pytest.raises(util.UserError, match="versions stand in matrices"):
        ToxEnvironment(conf, ID, {"numpy": "1.23.5"}, {})


def test_one_that_differs_from_its_lock_is_refused_with_what_differs(
    conf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = "differs from its lock: numpy is 2.4.6, its lock says 1.23.5"
    monkeypatch.setattr(environments, "prepare", lambda wanted, say: {ID: Broken(ID, why)})
    with pytest.raises(util.UserError, match="numpy is 2.4.6.*\n.*tox run -e " + ID):
        environment(conf).create()


def test_asv_runner_comes_from_a_folder_with_nothing_else(conf: Any, made: None) -> None:
    env = environment(conf)
    env.create()
    where, path, variables = json.loads(env.run(["-S", "-c", SHOW]))
    runner = Path(conf.env_dir) / "runner"
    assert Path(where).parent.parent == runner and str(runner) in path
    assert [entry.name for entry in runner.iterdir()] == ["asv_runner"]
    assert variables["SHELFLIFE_ENVIRONMENT"] == ID
    assert variables["SHELFLIFE_PYTHON"] == sys.executable
    assert variables["ASV_PYTHONPATH"] == variables["PYTHONPATH"]


def test_a_link_is_put_right_after_asv_has_moved(tmp_path: Path) -> None:
    for target in ("old", "new", "new"):
        asv_tox._link(tmp_path / "env" / "runner", tmp_path / target)
    assert (tmp_path / "env" / "runner").readlink() == tmp_path / "new"


@pytest.mark.parametrize(("words", "blocks"), [(["run", "--quick"], "1"), (["run"], None)])
def test_quick_means_one_block(
    conf: Any, made: None, monkeypatch: pytest.MonkeyPatch, words: list[str], blocks: str | None
) -> None:
    monkeypatch.setattr(sys, "argv", ["asv", *words])
    monkeypatch.delenv("SHELFLIFE_BLOCKS", raising=False)
    env = environment(conf)
    env.create()
    _, _, variables = json.loads(env.run(["-S", "-c", SHOW]))
    assert variables.get("SHELFLIFE_BLOCKS") == blocks


def test_a_commit_is_checked_out_and_its_worker_measured(conf: Any, made: None) -> None:
    class Repo:
        def checkout(self, path: str, commit: str) -> None:
            Path(path).mkdir()
            (Path(path) / "commit").write_text(commit)

    env = environment(conf)
    env.create()
    for commit in ("a" * 40, "b" * 40):
        (env._checkout / "commit").unlink(missing_ok=True)
        if env._checkout.is_dir():
            env._checkout.rmdir()
        env.install_project(conf, Repo(), commit)
        assert (env._checkout / "commit").read_text() == env.installed_commit_hash == commit
    _, _, variables = json.loads(env.run(["-S", "-c", SHOW]))
    assert variables["SHELFLIFE_WORKER"] == str(env._checkout / "harness" / "worker")


def test_the_worker_of_another_commit_is_the_one_that_is_used(tmp_path: Path) -> None:
    code = "from harness import project; print(project.WORKER)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project.ROOT,
        env={"SHELFLIFE_WORKER": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()) == tmp_path.resolve()
