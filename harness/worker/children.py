"""Forked children: whatever an item does to its process, it does to that item alone.

The parent only imports. A child goes through a batch of items and notes in shared memory which
one it is at, since when, and at what stage; the parent watches, and when a child dies or stays too
long it blames the item in flight and forks anew for the rest.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import faulthandler
import gc
import mmap
import os
import resource
import select
import signal
import struct
import sys
import time
import traceback
from typing import Any, Callable, List, NamedTuple, Optional

from . import files

HEAD = struct.Struct("=qdq")  # item, when it began (time.monotonic), length of the stage's name
ROOM = 4096
NONE = -1  # no item yet
DISK = -2  # the machine could not go on: the stage then says why
BUG = -3  # the worker itself failed: the stage then is its traceback
FILE_BYTES = 8 << 30


class Death(NamedTuple):
    """How a child ended before its batch did."""

    item: int
    kind: str  # crash, timeout; machine and bug, which are no item's fault
    type: str  # SIGSEGV, exit, timeout
    message: str
    stage: str
    seconds: float


class Abandoned(Exception):
    """The harness is gone: its end of standard input was closed."""


class Note:
    """The shared page in which a child says where it is. Survives whatever it does to its files."""

    def __init__(self) -> None:
        self.page = mmap.mmap(-1, ROOM)
        self.owner = os.getpid()
        self.begin(NONE)

    def begin(self, item: int) -> None:
        self.page[: HEAD.size] = HEAD.pack(item, time.monotonic(), 0)

    def __call__(self, stage: str) -> None:
        if os.getpid() != self.owner:  # a process that a model has forked
            return
        name = stage.encode("utf-8", "replace")[: ROOM - HEAD.size]
        self.page[HEAD.size : HEAD.size + len(name)] = name
        self.page[HEAD.size - 8 : HEAD.size] = struct.pack("=q", len(name))

    def read(self) -> Any:
        """(item, began, stage)."""
        item, began, length = HEAD.unpack(self.page[: HEAD.size])
        stage = self.page[HEAD.size : HEAD.size + length].decode("utf-8", "replace")
        return item, began, stage


class Limits(NamedTuple):
    """What one child may use: wall seconds for an item, MiB of address space over the parent's."""

    seconds: float
    memory_mib: int


class Nursery:
    """Forks the children of one worker, one after the other, and watches them."""

    def __init__(self, control: int) -> None:
        self.control = control
        self.note = Note()
        self.awake, wake = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(self.awake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.prctl = _prctl()

    def run(
        self, count: int, work: Callable[[int, Note], None], limits: Limits, log: str
    ) -> Optional[Death]:
        """Run `work(item, note)` for items 0 to count-1 in one child; None when all were done."""
        threads = threads_of_this_process()
        if threads > 1:
            raise RuntimeError("%d threads run after the imports: a fork could hang" % threads)
        self.note.begin(NONE)
        gc.collect()
        gc.freeze()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._child(count, work, limits, log, parent)
        status = self._watch(pid, limits.seconds)
        item, began, stage = self.note.read()
        if status in (0, None) and item == count:
            return None
        if status is None and item >= 0 and time.monotonic() - began < limits.seconds:
            return Death(item, "late", "", "", "", 0.0)  # it had gone on: nobody to blame
        return _death(status, item, stage, time.monotonic() - began)

    def _child(
        self, count: int, work: Callable[[int, Note], None], limits: Limits, log: str, parent: int
    ) -> None:
        """Never returns. Nothing of the parent's is left open but the shared page."""
        code, item = 1, 0
        try:
            os.setsid()
            if self.prctl:
                self.prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
            if os.getppid() == parent:
                _forget_signals()
                _redirect(log)
                _limit(limits.memory_mib)
                self.note.owner = os.getpid()
                files.owner = os.getpid()
                for item in range(count):
                    files.mine()
                    self.note.begin(item)
                    work(item, self.note)
                files.mine()
                self.note.begin(count)
                code = 0
        except BaseException as error:
            files.mine()
            disk = files.disk_trouble(error)
            self.note.begin(DISK if disk else BUG - item)
            self.note(disk or "".join(traceback.format_exception(*sys.exc_info())))
        finally:
            os._exit(code)

    def _watch(self, pid: int, seconds: float) -> Optional[int]:
        """The child's exit status; None when it had to be killed for staying too long."""
        while True:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                _kill_group(pid)  # what models have left running
                return status
            left = self.note.read()[1] + seconds - time.monotonic()
            if left <= 0:
                self._kill(pid)
                return None
            self._sleep(pid, left)

    def _sleep(self, pid: int, seconds: float) -> None:
        ready, _, _ = select.select([self.awake, self.control], [], [], seconds)
        if self.awake in ready:
            os.read(self.awake, 4096)
        if self.control in ready:  # no request comes while one is at work: this is the end
            self._kill(pid)
            raise Abandoned

    def _kill(self, pid: int) -> None:
        _kill_group(pid)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _kill_group(leader: int) -> None:
    """Kill every process of the session that a child began, if any is left."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _death(status: Optional[int], item: int, stage: str, seconds: float) -> Death:
    """Why the child ended early, in words."""
    if item == DISK:
        return Death(0, "machine", "worker", stage, "", seconds)
    if item <= BUG:  # what the item left behind made the worker itself fail
        last = stage.strip().splitlines()[-1:] or ["no message"]
        return Death(
            BUG - item,
            "crash",
            "worker",
            "the process was left unusable: " + last[0],
            "answer",
            seconds,
        )
    item = max(item, 0)
    if status is None:
        message = "still at it after %.3g s" % seconds
        return Death(item, "timeout", "timeout", message, stage, seconds)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name if number in _numbers() else "signal %d" % number
        hint = ", perhaps for lack of memory" if number == signal.SIGKILL else ""
        return Death(item, "crash", name, "killed by %s%s" % (name, hint), stage, seconds)
    message = "the process exited with code %d" % os.WEXITSTATUS(status)
    return Death(item, "crash", "exit", message, stage, seconds)


def _forget_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def _numbers() -> List[int]:
    return [int(number) for number in signal.Signals]


def _prctl() -> Any:
    """Linux's prctl, None elsewhere; looked up once, before any fork."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), "prctl", None)


def _redirect(log: str) -> None:
    """Nothing on standard input; what is printed, on any level, goes to the log."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for source, target in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(source, target)
    os.closerange(3, 256)
    faulthandler.enable()


def _limit(memory_mib: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_FSIZE, FILE_BYTES)
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        _lower(resource.RLIMIT_AS, used + (memory_mib << 20))


def _lower(which: int, bytes: int) -> None:
    """Lower the limit to `bytes`, or leave it where it is lower already."""
    _, hard = resource.getrlimit(which)
    wanted = bytes if hard == resource.RLIM_INFINITY else min(bytes, hard)
    resource.setrlimit(which, (wanted, hard))


def threads_of_this_process() -> int:
    """How many threads run here; 1 where that cannot be told."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1
