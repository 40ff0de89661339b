"""One measured process: started, limited, waited for, and its answer read."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import project
from harness.environments import Ready
from harness.execute import worker_environment
from harness.measure.records import lines
from harness.records import Json

START = project.WORKER / "measuring" / "start.py"
FILE_BYTES = 8 << 30  # no process of ours writes a larger file
LIMITS = "a session of its own; address space, file size and time limited"
OFFLINE = ", no network where the kernel allows to give it up"


@dataclass(frozen=True)
class Answer:
    """What a process said, when it was started (monotonic clock), and how long it took.

    `death` says how it ended where it did not end well: ("crash" or "timeout", words); `at` is the
    arm that it was at, "" where it has not said.
    """

    lines: tuple[Json, ...]
    began: float
    seconds: float
    steal: float | None
    death: tuple[str, str] | None
    at: str

    def of(self, kind: str) -> list[Json]:
        """Its lines of a kind."""
        return [line for line in self.lines if line["kind"] == kind]


def run(
    ready: Ready,
    request: Mapping[str, Any],
    folder: Path,
    imports: Path | None,
    seconds: float,
    script: Path = START,
) -> Answer:
    """Have the worker of an environment answer a request, in a folder that takes its files."""
    folder.mkdir(parents=True, exist_ok=True)
    response, at, log = folder / "response.jsonl", folder / "at", folder / "log.txt"
    for path in (response, at):
        path.unlink(missing_ok=True)
    asked = folder / "request.json"
    asked.write_text(json.dumps({**request, "response": str(response), "at": str(at)}))
    command = [str(ready.python), "-I", str(script), str(imports or "-"), str(asked)]
    stolen = _cpu_seconds()
    with log.open("wb") as out:
        began = time.monotonic()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=folder,
            env=worker_environment(), start_new_session=True,
        )  # fmt: skip
    try:
        _limit(process.pid)
        ended = _wait(process, seconds)
    finally:
        _kill(process)
    took = time.monotonic() - began
    said = tuple(lines(response))
    death = _death(process.returncode, ended, seconds, log)
    return Answer(said, began, took, _steal(stolen), death, _at(at, said))


def _limit(pid: int) -> None:
    """Limit a process from outside: to fork with limits would cost it what is measured.

    CPU time is not limited: while it is, Linux counts a process's CPU time in ticks of 4 ms.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_AS: memory,
    }
    for which, limit in wanted.items():
        try:
            resource.prlimit(pid, which, (limit, limit))
        except (ProcessLookupError, PermissionError, ValueError):  # it has ended, or has less
            return


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether the process ended by itself. No polling: that would add its own steps to times."""
    handle = os.pidfd_open(process.pid)
    try:
        ready, _, _ = select.select([handle], [], [], seconds)
    finally:
        os.close(handle)
    return bool(ready)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it has started in its session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _death(code: int, ended: bool, seconds: float, log: Path) -> tuple[str, str] | None:
    if not ended:
        return "timeout", f"still at it after {seconds:g} s"
    if code == 0:
        return None
    said = log.read_text(errors="replace").strip().splitlines()[-1:]
    how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return "crash", how + (f": {said[0]}" if said else "")


def _at(path: Path, said: tuple[Json, ...]) -> str:
    """The arm at work when the process ended."""
    if path.exists():
        return path.read_text().strip()
    named = [line["arm"] for line in said if "arm" in line]
    return named[-1] if named else ""


def _cpu_seconds() -> tuple[int, int] | None:
    """(ticks stolen, all ticks) of the machine so far, from proc(5)."""
    try:
        first = Path("/proc/stat").read_text().split("\n", 1)[0]
        ticks = [int(word) for word in first.split()[1:9]]
    except (OSError, ValueError):
        return None
    return ticks[7], sum(ticks)


def _steal(before: tuple[int, int] | None) -> float | None:
    """The share of all CPU time since then that the host took for others."""
    now = _cpu_seconds()
    if before is None or now is None or now[1] <= before[1]:
        return None
    return (now[0] - before[0]) / (now[1] - before[1])
