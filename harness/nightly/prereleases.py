"""Pre-releases and nightly wheels: environments that are resolved when the night begins.

What cannot be resolved joins its matrix all the same, with the reason: its cells are `notrun`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from harness import locks
from harness.errors import MatrixError
from harness.nightly.programme import Prerelease
from harness.project import uv_environment
from harness.records import Environment

PATIENCE = 900.0  # seconds for one resolution


@dataclass(frozen=True)
class Joined:
    """The environment of a pre-release, and its lock: "" where it could not be resolved."""

    matrix: str
    environment: Environment
    lock: str = ""


def resolve(wanted: Prerelease, today: dt.date) -> Joined:
    """What the pre-release is today. Needs the package index."""
    index = os.environ.get(wanted.index, "") if wanted.index else ""
    if wanted.index and not index:
        return _unresolved(wanted, today, f"{wanted.index} names no index of nightly wheels")
    try:
        answer = subprocess.run(
            _command(wanted.python, index),
            input="\n".join(wanted.requirements) + "\n",
            capture_output=True,
            text=True,
            check=False,
            env={**uv_environment(), "UV_PYTHON_DOWNLOADS": "never"},
            timeout=PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _unresolved(wanted, today, f"uv did not answer: {type(error).__name__}")
    if answer.returncode:
        said = " ".join(answer.stderr.split())
        hidden = _without_addresses(said.replace(index, f"${wanted.index}") if index else said)
        return _unresolved(wanted, today, f"it could not be resolved: {hidden[:400]}")
    version = locks.pins(answer.stdout).get(locks.normal(wanted.main), "")
    if not version or not Version(version).is_prerelease:
        found = f"the newest is {version or 'none'}"
        return _unresolved(wanted, today, f"there is no pre-release of {wanted.main}: {found}")
    pinned = f"{wanted.main}=={version}"
    environment = _environment(wanted, today, [pinned, *_others(wanted)])
    lock = locks.HEADER.format(digest=locks.digest(environment)) + answer.stdout
    return Joined(wanted.matrix, environment, lock)


def _command(python: str, index: str) -> list[str]:
    """As for any lock, but with pre-releases and without a last day."""
    return [
        *(sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet"),
        *("--python-version", python, "--generate-hashes", "--no-header", "--prerelease", "allow"),
        *("--only-binary", ":all:", "--no-annotate", "--no-emit-index-url"),
        *("--no-emit-find-links", "--no-config"),
        *(["--index", index, "--index-strategy", "unsafe-best-match"] if index else []),
    ]


def _without_addresses(text: str) -> str:
    """An address may hold a password, and hosts are no business of a result."""
    return re.sub(r"\b[a-z]+://\S+", "<address>", text)


def _others(wanted: Prerelease) -> list[str]:
    """The requirements without the main library's own."""
    name = re.compile(rf"{re.escape(wanted.main)}(?![A-Za-z0-9._-])", re.IGNORECASE)
    return [line for line in wanted.requirements if not name.match(line)]


def _unresolved(wanted: Prerelease, today: dt.date, reason: str) -> Joined:
    declared = [f"{wanted.main} == unresolved", *_others(wanted)]  # the space: it is no pin
    return Joined(wanted.matrix, _environment(wanted, today, declared, reason))


def _environment(
    wanted: Prerelease, today: dt.date, requirements: Sequence[str], notrun: str = ""
) -> Environment:
    return Environment(
        id=wanted.id,
        python=wanted.python,
        requirements=tuple(requirements),
        cutoff=today,
        main=wanted.main,
        released=today,
        variant_of=wanted.variant_of,
        notrun=notrun,
    )


def table(environment: Environment) -> str:
    """The environment as `[[environment]]` of a matrix."""
    texts = {
        "id": environment.id,
        "python": environment.python,
        "main": environment.main,
        "variant_of": environment.variant_of,
        "notrun": environment.notrun,
    }
    lines = [f"{key} = {_quoted(value)}" for key, value in texts.items() if value]
    lines += [f"{key} = {getattr(environment, key)}" for key in ("released", "cutoff")]
    listed = ", ".join(map(_quoted, environment.requirements))
    return "\n".join(["[[environment]]", *lines, f"requirements = [{listed}]", ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def variables(prereleases: Sequence[Prerelease]) -> Mapping[str, str]:
    """For uv, to install from their locks: the indexes that are configured."""
    named = (os.environ.get(each.index, "") for each in prereleases if each.index)
    indexes = list(dict.fromkeys(index for index in named if index))
    if not indexes:
        return {}
    given = os.environ.get("UV_INDEX", "").split()
    return {
        "UV_INDEX": " ".join([*given, *indexes]),
        "UV_INDEX_STRATEGY": "unsafe-best-match",  # hashes decide what is installed
        "UV_PRERELEASE": "allow",
    }


def read_text(path: Path) -> str:
    """A matrix's text. MatrixError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MatrixError(f"{path}: cannot be read: {error}") from None
