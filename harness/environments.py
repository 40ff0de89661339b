"""Environment -> interpreter. tox makes them; what is really installed is read back."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import locks, project
from harness.errors import EnvironmentTrouble
from harness.locks import Lock

STAMP = "shelflife.json"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Ready:
    """An environment that can be used: its interpreter, and what is installed beside it."""

    id: str
    python: Path
    packages: Mapping[str, str]


@dataclass(frozen=True)
class Broken:
    """An environment that cannot be used, and why, in one sentence for a person."""

    id: str
    reason: str


Prepared = Mapping[str, Ready | Broken]


def prepare(
    wanted: Mapping[str, Lock], say: Callable[[str], None] = lambda _: None, again: bool = False
) -> Prepared:
    """Make the environments whose lock has changed, by tox, in parallel; check all of them.

    `say` is told what takes long. `again` makes all of them anew. An environment that cannot be
    made or that differs from its lock is Broken; the others are not touched by it.
    """
    told = ""
    stale = [id for id, lock in wanted.items() if again or not _is_current(id, lock)]
    if stale:
        with alone(say):  # another one may have made them meanwhile
            stale = [id for id in stale if again or not _is_current(id, wanted[id])]
            if stale:
                say(f"making {len(stale)} environments: {', '.join(stale)}")
                told = _tox_make(stale, again)
    return {id: _check(id, lock, told if id in stale else "") for id, lock in wanted.items()}


@contextmanager
def alone(say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other process makes environments in the same folder; then hold that place."""
    path = _work_dir() / "shelflife.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
    except OSError as error:
        raise EnvironmentTrouble(f"cannot write {path}: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting: another shelflife is making environments")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def folder(environment_id: str) -> Path:
    """Where tox keeps the environment."""
    return _work_dir() / environment_id


def _work_dir() -> Path:
    return Path(os.environ.get("SHELFLIFE_TOX_WORK_DIR") or project.ROOT / ".tox")


def interpreter(environment_id: str) -> Path:
    """The environment's own interpreter."""
    return folder(environment_id) / "bin" / "python"


def _is_current(id: str, lock: Lock) -> bool:
    stamp = folder(id) / STAMP
    try:
        return bool(json.loads(stamp.read_text())["lock"] == lock.sha256)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _tox_make(ids: Sequence[str], again: bool) -> str:
    """Ask tox for the environments; what it said. One that fails does not stop the others."""
    command = [
        *(sys.executable, "-m", "tox", "run-parallel", "--notest", "--parallel-no-spinner"),
        *("--root", str(project.ROOT), "--workdir", str(_work_dir()), "-c", str(project.ROOT)),
        *("-e", ",".join(ids), "--skip-missing-interpreters", "true"),
        *(["--recreate"] if again else []),
    ]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("TOX")}
    clean.pop("VIRTUAL_ENV", None)
    clean["PYTHONUNBUFFERED"] = "1"  # or the two streams come in another order
    try:
        answer = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # in the order in which it was said
            text=True,
            check=False,
            env=clean,
            cwd=project.ROOT,
        )
    except OSError as error:
        raise EnvironmentTrouble(f"tox cannot be started: {error.strerror}") from None
    return answer.stdout


def probe(python: Path) -> Any:
    """What the worker's `probe` says in that interpreter; None where it does not run."""
    command = [str(python), "-I", str(project.WORKER), "probe"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        return json.loads(answer.stdout) if answer.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def _check(id: str, lock: Lock, told: str) -> Ready | Broken:
    python = interpreter(id)
    found = probe(python) if python.exists() else None
    if found is None:
        return Broken(id, _why(id, told))
    differing = locks.differences(lock.pins, found["packages"])
    if differing:
        (folder(id) / STAMP).unlink(missing_ok=True)
        status = _blocks(told).get(id, ("", []))[0]
        reason = "differs from its lock: " + "; ".join(differing[:3])
        hint = f"Make it anew: shelflife run --recreate, or tox run -r -e {id}"
        return Broken(id, _why(id, told) if status == "FAIL" else f"{reason}. {hint}")
    if not _is_current(id, lock):
        (folder(id) / STAMP).write_text(json.dumps({"lock": lock.sha256}))
    return Ready(id, python, found["packages"])


def _why(id: str, told: str) -> str:
    """Why there is no interpreter, in one sentence, from what tox and uv said of it."""
    status, said = _blocks(told).get(id, ("", []))
    if status == "SKIP":
        return "no interpreter of its Python version was found on PATH, among uv's or pyenv's"
    causes = [line for line in said if re.match(r"(error|cause|hint|×|╰─▶|├─▶)", line)]
    return " ".join(causes) or f"tox could not make it; see: tox run -e {id}"


def _blocks(told: str) -> dict[str, tuple[str, list[str]]]:
    """What tox's parallel run printed before the status line of each environment."""
    found: dict[str, tuple[str, list[str]]] = {}
    block: list[str] = []
    for line in (ANSI.sub("", line).strip() for line in told.splitlines()):
        status = re.match(r"(\S+): (OK|FAIL|SKIP)\b", line)
        if status and status[1] not in found:
            found[status[1]] = status[2], block
            block = []
        else:
            block.append(line)
    return found
