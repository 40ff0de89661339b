"""What the configured package index offers, asked through uv: releases, their days, companions.

Only releases with wheels for the Python in question count, as in the locks.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterable, Sequence

from packaging.version import Version

from harness import locks
from harness.errors import EnvironmentTrouble
from harness.project import uv_environment

FIRST_DAY = dt.date(2010, 1, 1)  # before any wheel
OFFLINE = ("network was disabled", "Failed to fetch", "error sending request", "Could not connect")


class NoneFits(Exception):
    """No release fulfils what was asked; the message is uv's explanation."""


def resolve(
    requirements: Sequence[str],
    python: str,
    *options: str,
    cutoff: dt.date | None = None,
) -> dict[str, str]:
    """The pins that uv resolves. Raises NoneFits, and EnvironmentTrouble without an index."""
    until = ["--exclude-newer", f"{cutoff.isoformat()}T23:59:59Z"] if cutoff else []
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "-", "--quiet", "--no-config"),
        *("--python-version", python, "--only-binary", ":all:", "--no-header", "--no-annotate"),
        *until,
        *options,
    ]
    answer = subprocess.run(
        command,
        input="\n".join(requirements) + "\n",
        capture_output=True,
        text=True,
        check=False,
        env={**uv_environment(), "UV_PYTHON_DOWNLOADS": "never"},
    )
    if answer.returncode == 0:
        return locks.pins(answer.stdout)
    told = " ".join(answer.stderr.split())
    check_reached(told)
    if "No solution found" in told:
        raise NoneFits(told[:300])
    raise EnvironmentTrouble(f"uv cannot resolve {bounds(requirements)}: {told[:300]}")


def bounds(requirements: Iterable[str]) -> str:
    """Requirements as they are written in a sentence."""
    return ", ".join(requirements)


def check_reached(told: str) -> None:
    """Raises EnvironmentTrouble where uv says that it could not reach the index."""
    if any(sign in told for sign in OFFLINE):
        message = f"the package index cannot be reached: {' '.join(told.split())[:200]}"
        raise EnvironmentTrouble(message, "Connect, or configure an index for uv, and try again.")


def releases(name: str, python: str, one: str, other: str) -> list[str]:
    """Final releases of a package with wheels for that Python, between two and with both.

    In the order from `one` to `other`, whichever is the older.
    """
    low, high = sorted((one, other), key=Version)
    found: list[str] = []
    bound = f"{name}>={low},<={high}"
    while True:
        try:
            version = resolve([bound], python, "--no-deps")[locks.normal(name)]
        except NoneFits:
            break
        found.append(version)
        if Version(version) <= Version(low):
            break
        bound = f"{name}>={low},<{version}"
    found = sorted({*found, one, other}, key=Version)
    return found if one == low else found[::-1]


def released(name: str, version: str, python: str, today: dt.date) -> dt.date:
    """The day on which a release first had a wheel for that Python. Raises NoneFits without one."""
    resolve([f"{name}=={version}"], python, "--no-deps", cutoff=today)
    early, late = FIRST_DAY, today
    while early < late:
        middle = early + (late - early) // 2
        try:
            resolve([f"{name}=={version}"], python, "--no-deps", cutoff=middle)
            late = middle
        except NoneFits:
            early = middle + dt.timedelta(days=1)
    return late


def part_way(name: str, start: str, goal: str, others: Sequence[str], python: str) -> str | None:
    """How far a package can go from `start` towards `goal` while the others' pins allow it.

    None where they allow no step, or all of the way.
    """
    upwards = Version(goal) > Version(start)
    between = f"{name}>{start},<={goal}" if upwards else f"{name}>={goal},<{start}"
    towards = ["--resolution", "highest" if upwards else "lowest-direct"]
    try:
        found = resolve([between, *others], python, *towards)[locks.normal(name)]
    except NoneFits:
        return None
    return None if found == goal else found
