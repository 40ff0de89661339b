"""Locks: every pin of an environment with its hashes, generated from the matrix by uv."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import EnvironmentTrouble, MatrixError
from harness.project import uv_environment
from harness.records import Environment

PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s\\;]+)")
INPUT = re.compile(r"^# input: ([0-9a-f]{64})$", re.MULTILINE)
HEADER = "# Made by `shelflife lock` from the matrices. Do not edit.\n# input: {digest}\n"


@dataclass(frozen=True)
class Lock:
    """A lock's text, its pins by normal name, and the digest of what it was made from."""

    path: Path
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def pins(self) -> dict[str, str]:
        return pins(self.text)

    @property
    def input(self) -> str:
        match = INPUT.search(self.text)
        return match[1] if match else ""


def pins(text: str) -> dict[str, str]:
    """Versions by normal name in a lock's text, whatever extras or markers stand beside them."""
    found = (PIN.match(line) for line in text.splitlines())
    return {normal(match[1]): match[2] for match in found if match}


def normal(name: str) -> str:
    """A distribution's name in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def path(folder: Path, environment_id: str) -> Path:
    """Where the lock of an environment is, `folder` being that of the matrices."""
    return folder / "locks" / f"{environment_id}.txt"


def digest(environment: Environment) -> str:
    """Of all that a lock is made from: a lock with another one is stale."""
    parts = [environment.python, environment.cutoff.isoformat(), *environment.requirements]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read(folder: Path, environment: Environment) -> Lock:
    """The lock of an environment. MatrixError where there is none or where it is stale."""
    where = path(folder, environment.id)
    hint = f"Run: shelflife lock {environment.id}"
    if not where.is_file():
        raise MatrixError(f"environment {environment.id!r} has no lock at {where}", hint)
    lock = Lock(where, where.read_text(encoding="utf-8"))
    if lock.input != digest(environment):
        raise MatrixError(
            f"{where}: the lock of {environment.id!r} is older than its requirements", hint
        )
    return lock


def read_all(folder: Path, environments: Iterable[Environment]) -> dict[str, Lock]:
    """The locks of several environments, by id; without those that need none and have none."""
    return {
        environment.id: read(folder, environment)
        for environment in environments
        if not environment.notrun or path(folder, environment.id).exists()
    }


def make(environment: Environment) -> str:
    """The text of a lock, resolved from nothing but the matrix. Needs the package index.

    Raises EnvironmentTrouble with uv's explanation where nothing satisfies the requirements.
    """
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet"),
        *("--python-version", environment.python, "--generate-hashes", "--no-header"),
        *("--exclude-newer", f"{environment.cutoff.isoformat()}T23:59:59Z"),
        *("--only-binary", ":all:", "--no-annotate", "--no-emit-index-url"),
        *("--no-emit-find-links", "--no-config"),
    ]
    answer = subprocess.run(
        command,
        input="\n".join(environment.requirements) + "\n",
        capture_output=True,
        text=True,
        check=False,
        env={**uv_environment(), "UV_PYTHON_DOWNLOADS": "never"},
    )
    if answer.returncode:
        message = f"no lock for {environment.id!r}: {answer.stderr.strip()}"
        raise EnvironmentTrouble(message, "Change its requirements or its cut-off date.")
    return HEADER.format(digest=digest(environment)) + answer.stdout


def differences(pins: Mapping[str, str], installed: Mapping[str, str]) -> list[str]:
    """How what is installed differs from the lock, a sentence each; none where it does not.

    Packages that environments hold by themselves (pip and the like) are no difference.
    """
    found = [
        f"{name} is {installed.get(name, 'missing')}, its lock says {version}"
        for name, version in pins.items()
        if installed.get(name) != version
    ]
    extra = installed.keys() - pins.keys() - {"pip", "setuptools", "wheel"}
    return found + [f"{name} {installed[name]} is not in the lock" for name in sorted(extra)]
