"""Makes a tox environment of every environment in `matrices/*.toml`.

`tox list` shows them, `tox run -e <id>` makes one and prints what it holds, `tox run -m <matrix>`
makes those of a matrix. They are installed from their locks alone, byte-compiled, by tox-uv.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tox.config.loader.memory import MemoryLoader
from tox.config.types import Command
from tox.plugin import impl
from tox.report import HandledError

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import interpreters, locks, matrix, project
from harness.errors import UserError
from harness.source import Source

if TYPE_CHECKING:
    from tox.config.sets import ConfigSet
    from tox.session.state import State

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def environments() -> dict[str, tuple[str, list[str]]]:
    """{environment id: (Python version, names of the matrices that use it)}, of those with a lock.

    A fault in a matrix is one message for tox's users too.
    """
    try:
        return _declared(project.matrices())
    except UserError as error:
        raise HandledError(str(error)) from None


def _declared(folder: Path) -> dict[str, tuple[str, list[str]]]:
    labels: dict[str, list[str]] = {}
    for path in matrix.files(folder):
        for environment in matrix.chosen_environments(Source.read(path), folder):
            labels.setdefault(environment.id, []).append(path.stem)
    return {
        id: (environment.python, labels.get(id, []))
        for id, environment in matrix.declared(folder).items()
        if not environment.notrun or locks.path(folder, id).exists()
    }


@impl
def tox_extend_envs() -> tuple[str, ...]:
    """Names of the environments that no configuration file lists."""
    interpreters.find_pyenv()
    os.environ.update(project.uv_environment())
    return tuple(environments())


@impl
def tox_add_core_config(core_conf: ConfigSet, state: State) -> None:
    """Configuration of each environment, and a label for each matrix."""
    for id, (python, labels) in environments().items():
        lock = locks.path(project.matrices(), id)
        state.conf.memory_seed_loaders[id].append(
            MemoryLoader(
                base_python=[f"python{python}"],
                package="skip",
                deps=f"-r {shlex.quote(str(lock))}",
                labels=labels,
                description=f"environment of {', '.join(labels) or 'no matrix'}",
                set_env={
                    "UV_COMPILE_BYTECODE": "1",
                    "PYTHONDONTWRITEBYTECODE": "",
                    **dict.fromkeys(THREADS, "1"),
                },
                commands=[Command(["python", "-I", str(project.WORKER), "probe"])],
            )
        )
