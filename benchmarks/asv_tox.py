"""asv's environments are those of tox: pinned by their locks, and read back before they are used.

asv's own matrix installs requirement by requirement, so that a later one may move an earlier pin.
Here asv is handed the interpreters that `toxfile.py` makes, by the ids of the matrices:

    asv run --environment tox:sk1.9.1-np2.4-py313     one of them
    asv run                                           those under `pythons` in asv.conf.json

What moves from commit to commit is the worker, whose formats save and load: it is checked out, and
nothing is installed. asv_runner is in none of the locks and would be one package more than they
say; it is pure Python without dependencies, so a folder with nothing else in it goes on the path of
asv's processes. The processes that are measured are started without that path.

`ToxEnvironment` is no `ExistingEnvironment`, since asv refuses to interleave commits in those.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asv_runner
from asv import util
from asv.console import log
from asv.environment import Environment, EnvironmentUnavailable

from harness import environments, interpreters, locks, matrix, project
from harness.environments import Broken
from harness.errors import UserError, did_you_mean
from harness.locks import Lock

SHOWN = ("scikit-learn", "joblib", "numpy")  # axes of the published pages
QUICK = {"--quick", "-q"}


class ToxEnvironment(Environment):
    """An environment of the matrices. Its `python`, as asv calls it, is its id."""

    tool_name = "tox"
    matches_python_fallback = False

    def __init__(
        self, conf: Any, python: str, requirements: Mapping[str, str], tagged: Mapping[Any, str]
    ) -> None:
        if requirements:
            raise util.UserError(
                "asv.conf.json: tox's environments take no `matrix` of requirements; their"
                " versions stand in matrices/*.toml. Name environments under `pythons`."
            )
        self._lock = _lock(python)
        shown = {name: self._lock.pins[name] for name in SHOWN if name in self._lock.pins}
        super().__init__(conf, python, shown, tagged)
        self._checkout = Path(self._path) / "project"
        self._interpreter = environments.interpreter(python)
        self._runner = Path(conf.env_dir).absolute() / "runner"

    @classmethod
    def matches(cls, python: str) -> bool:
        return python in _declared()

    @property
    def name(self) -> str:
        """`tox-<id>`, and the variables of the configuration, where there are some."""
        variables = [key + value for key, value in sorted(self.env_vars.items())]
        return str(util.sanitize_filename("-".join([self.tool_name, self._python, *variables])))

    @property
    def dir_name(self) -> str:
        return self.name

    def check_presence(self) -> bool:
        """Never by itself: what is installed is read back, once, by `_setup`."""
        return False

    def create(self) -> None:
        if not self._is_setup:
            self._setup()
            self._is_setup = True

    def _setup(self) -> None:
        """Have it made, if it is not there, and hold what is in it against its lock."""
        interpreters.find_pyenv()
        state = environments.prepare({self._python: self._lock}, say=log.warning)[self._python]
        if isinstance(state, Broken):
            raise util.UserError(
                f"environment {self._python!r} cannot be used: {state.reason}\n"
                f"Make it with `tox run -e {self._python}`, or name others: "
                "asv run --environment tox:<id>; `shelflife list environments` has the ids."
            )
        _link(self._runner / "asv_runner", Path(asv_runner.__file__).parent)

    def install_project(self, conf: Any, repo: Any, commit_hash: str) -> None:
        """Check the commit out: its worker is what is measured."""
        if self._get_installed_commit_hash() != commit_hash or not self._checkout.is_dir():
            self._checkout.parent.mkdir(parents=True, exist_ok=True)
            self.checkout_project(repo, commit_hash)
            self._set_installed_commit_hash(commit_hash)
        self._set_commit_hash(commit_hash)

    def find_executable(self, executable: str) -> str:
        return str(util.which(executable, [str(self._interpreter.parent)]))

    def run(self, args: list[str], **kwargs: Any) -> Any:
        """Start the interpreter. asv's script takes PYTHONPATH off again but for ASV_PYTHONPATH."""
        path = os.pathsep.join([str(self._runner), str(project.ROOT)])
        given = kwargs.pop("env", None) or os.environ
        env = {**given, **self._global_env_vars, "PYTHONPATH": path, "ASV_PYTHONPATH": path}
        env["SHELFLIFE_WORKER"] = str(self._checkout / "harness" / "worker")
        env["SHELFLIFE_ENVIRONMENT"] = self._python
        env["SHELFLIFE_PYTHON"] = sys.executable
        if QUICK & set(sys.argv):  # asv tells benchmarks, but not their setup_cache
            env.setdefault("SHELFLIFE_BLOCKS", "1")
        return util.check_output([str(self._interpreter), *args], env=env, **kwargs)


def _declared() -> Mapping[str, Any]:
    return matrix.declared(project.matrices())


def _lock(id: str) -> Lock:
    """The lock of an environment. EnvironmentUnavailable, in one sentence, where there is none."""
    try:
        declared = _declared()
        if id not in declared:
            raise EnvironmentUnavailable(
                f"no environment is called {id!r} in matrices/. {did_you_mean(id, declared)}"
            )
        if declared[id].notrun:
            raise EnvironmentUnavailable(f"environment {id!r}: {declared[id].notrun}")
        return locks.read(project.matrices(), declared[id])
    except UserError as error:
        raise EnvironmentUnavailable(str(error)) from None


def _link(link: Path, target: Path) -> None:
    """Have `link` lead to `target`, also where it led elsewhere, as after an upgrade of asv."""
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink() and link.readlink() == target:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(target)
