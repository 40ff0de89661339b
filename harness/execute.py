"""job + interpreter -> responses: one importing parent per environment, asked through files."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from harness import project, protocol
from harness.environments import Ready
from harness.protocol import Request
from harness.records import Json

MACHINE = 3  # exit code of a worker that a full disk or the like has stopped
HELLO = 600.0  # seconds that the imports of an environment may take
ISOLATION = "fork+rlimits"  # a child per batch; address space, file size and time limited
PINNED = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    ),
    "1",
)
QUIET = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # or importing pandas starts a thread
    "MLFLOW_DISABLE_TELEMETRY": "true",  # or importing MLflow writes into the home folder
}
PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TZ", "JAVA_HOME")


class Lost(Exception):
    """The worker of an environment is gone; the message says why, as far as it is known."""


class MachineTrouble(Exception):
    """The worker could not write: nobody's fault but the disk's."""


class Station:
    """The worker of one environment: takes a request at a time and gives lines back."""

    def __init__(self, ready: Ready, log: Path, inherited: Sequence[int] = ()) -> None:
        self.ready = ready
        self.log = log
        self.request: Request | None = None
        self.at = 0
        self.since = 0.0
        self.greeted = False
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [*worker_command(ready), "serve"],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                env=worker_environment(),
                start_new_session=True,  # Ctrl-C is for the harness alone
                pass_fds=tuple(inherited),
            )

    @property
    def is_busy(self) -> bool:
        return self.request is not None

    def submit(self, request: Request) -> None:
        """Hand over a request; its lines come from `poll`."""
        request.response.unlink(missing_ok=True)
        path = request.write()
        self.request, self.at, self.greeted = request, 0, False
        self.since = time.monotonic()
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(f"{path}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Lost(self._last_words()) from None

    def poll(self) -> list[Json]:
        """What has been answered since the last time. Raises Lost and MachineTrouble."""
        assert self.request is not None
        gone = self.process.poll()
        lines, self.at = protocol.lines(self.request.response, self.at)
        self.greeted = self.greeted or bool(lines)
        if lines and lines[-1]["kind"] == "end":
            self.request = None
            return lines
        if gone == MACHINE:
            raise MachineTrouble(self._last_words())
        if gone is not None and not lines:
            raise Lost(self._last_words())
        if not self.greeted and time.monotonic() - self.since > HELLO:
            self.stop()
            raise Lost(f"its imports took more than {HELLO:g} s")
        return lines

    def _last_words(self) -> str:
        code = self.process.wait()
        how = f"ended by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        said = self.log.read_text(errors="replace").strip().splitlines()[-1:]
        return f"its worker died ({how})" + (f": {said[0]}" if said else "")

    def stop(self) -> None:
        """End the worker and whatever it is at."""
        if self.process.stdin is not None:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                self.process.stdin = None
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def worker_command(ready: Ready) -> list[str]:
    """What starts the worker in an environment; one of its commands follows."""
    return [str(ready.python), "-I", "-X", "faulthandler", str(project.WORKER)]


def worker_environment() -> dict[str, str]:
    """Variables of a worker: threads pinned, nothing that changes what Python imports."""
    kept = {name: os.environ[name] for name in PASSED if name in os.environ}
    return {"LANG": "C.UTF-8", **kept, **PINNED, **QUIET}
