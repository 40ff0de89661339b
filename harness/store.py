"""Results on disk: a folder per run with a header, cells in append-only lines, and a footer.

One process writes; it holds a lock that its workers inherit, so that nothing of an interrupted
run is still at work when the next one begins. A line is written whole or taken back.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness import lines, segments
from harness.errors import StoreError
from harness.lines import cell_json, cell_of
from harness.records import Cell, Json, Outcome

__all__ = ["MAKE_ROOM", "Run", "Writer", "cell_json", "cell_of", "disk_error", "find", "runs"]


MAKE_ROOM = "Make room and give the same command again: it goes on where it stopped."
WAIT = 20.0  # seconds that a killed run's workers may take to notice


class Run(lines.Recorded):
    """A run's folder, for reading. Anything torn or foreign in it is passed over, never guessed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cells_path = folder / "cells.jsonl"

    @property
    def id(self) -> str:
        return self.folder.name

    def header(self) -> dict[str, Any]:
        """What `run.json` holds. StoreError where it cannot be read."""
        try:
            found = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            hint = "Remove the folder and run again, or name another run."
            raise StoreError(f"{self.folder}: no readable run.json ({error})", hint) from None
        if not isinstance(found, dict):
            raise StoreError(f"{self.folder}: run.json is no object")
        return found

    def blocks(self) -> Iterator[bytes]:
        """All that is recorded, as it is; a torn last line is the end of the last block."""
        return segments.blocks(self.folder)

    def parts(self, count: int) -> Sequence[lines.Recorded]:
        """Its segments in parts of about the same size, the live file in the last one."""
        return [_Part(self.folder, part) for part in segments.parts(self.folder, count)]

    def facts(self) -> dict[str, Json]:
        """The fact sheets of the run's formats, by id; those that can be read."""
        found = {}
        for path in sorted((self.folder / "facts").glob("*.json")):
            try:
                found[path.stem] = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
        return found


class _Part(lines.Recorded):
    """Some of a run's segments."""

    def __init__(self, folder: Path, part: range) -> None:
        self.folder, self.part = folder, part

    def blocks(self) -> Iterator[bytes]:
        return segments.blocks(self.folder, self.part)


class Writer(Run):
    """A run's folder while one process adds to it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make {self.folder}: {error.strerror}") from None
        self.lock = _locked(self.folder / "lock")
        self._end_torn_line()
        self.file = self._live()
        self._pack()

    def close(self) -> None:
        os.close(self.file)
        os.close(self.lock)

    def _live(self) -> int:
        return os.open(self.cells_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def _pack(self) -> None:
        try:
            segments.pack(self.folder)
        except OSError as error:
            raise disk_error(self.folder, error) from None

    def _roll(self) -> None:
        """Begin a new live file, and pack the old one."""
        try:
            segments.roll(self.folder)
            os.close(self.file)
            self.file = self._live()
        except OSError as error:
            raise disk_error(self.folder, error) from None
        self._pack()

    def _end_torn_line(self) -> None:
        """Cut off what an interruption left half written: a cell is recorded whole or not."""
        if not self.cells_path.exists():
            return
        with self.cells_path.open("rb+") as file:
            size = file.seek(0, os.SEEK_END)
            keep = size
            while keep:
                start = max(0, keep - 65536)
                file.seek(start)
                place = file.read(keep - start).rfind(b"\n")
                if place >= 0:
                    keep = start + place + 1
                    break
                keep = start
            if keep != size:
                file.truncate(keep)

    def append(self, cells: Sequence[Cell]) -> None:
        """Record cells with one write. StoreError where the disk refuses; nothing stays torn."""
        if not cells:
            return
        block = lines.encoded(cells)
        before = os.fstat(self.file).st_size
        try:
            view = memoryview(block)
            while view:
                view = view[os.write(self.file, view) :]
        except OSError as error:
            os.ftruncate(self.file, before)
            raise disk_error(self.folder, error) from None
        if before + len(block) > segments.ROLL:
            self._roll()

    def drop(self, outcome: Outcome, ids: Container[str] | None = None) -> int:
        """Forget the cells of an outcome, all or those in `ids`; how many they were."""

        def is_wanted(line: bytes) -> bool:
            return not any(
                mark.outcome == outcome.value and (ids is None or mark.cell in ids)
                for mark in lines.marks(line)
            )

        try:
            gone = segments.keep(self.folder, is_wanted)
        except OSError as error:
            raise disk_error(self.folder, error) from None
        os.close(self.file)
        self.file = self._live()
        return gone

    def write_header(self, header: Json) -> None:
        """Replace `run.json`, whole or not at all."""
        self._replace(self.folder / "run.json", json.dumps(header, indent=1) + "\n")

    def _replace(self, path: Path, text: str) -> None:
        new = path.with_name(path.name + ".new")
        try:
            new.write_text(text, encoding="utf-8")
            new.replace(path)
        except OSError as error:
            raise disk_error(self.folder, error) from None

    def keep_locks(self, texts: Mapping[str, str]) -> None:
        """A copy of each lock beside the results, so that they explain themselves later."""
        folder = self.folder / "locks"
        folder.mkdir(exist_ok=True)
        for id, text in texts.items():
            self._replace(folder / f"{id}.txt", text)

    def keep_facts(self, format: str, sheet: Mapping[str, Json]) -> None:
        """Record a format's fact sheet, whole or not at all."""
        folder = self.folder / "facts"
        folder.mkdir(exist_ok=True)
        self._replace(folder / f"{format}.json", json.dumps(sheet, indent=1) + "\n")

    def spend(self, seconds: float, phases: Mapping[str, float]) -> Json:
        """Add this invocation's wall time and CPU seconds to the run's; the sums."""
        path = self.folder / "spent.json"
        spent: dict[str, Any] = {"seconds": 0.0, "phases": {}}
        if path.exists():
            try:
                spent = json.loads(path.read_text())
            except ValueError:  # torn by an interruption: the account begins anew
                spent = {"seconds": 0.0, "phases": {}}
        spent["seconds"] = round(spent["seconds"] + seconds, 3)
        for name, amount in phases.items():
            spent["phases"][name] = round(spent["phases"].get(name, 0.0) + amount, 3)
        self._replace(path, json.dumps(spent))
        return spent


def disk_error(where: Path, error: OSError) -> StoreError:
    """A full disk and the like, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        free = shutil.disk_usage(where).free >> 20
        return StoreError(f"no room left in {where} ({free} MiB free): {error.strerror}", MAKE_ROOM)
    return StoreError(f"cannot write in {where}: {error.strerror}", "Check its permissions.")


def _locked(path: Path) -> int:
    """An open file with an exclusive lock that child processes inherit."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    os.set_inheritable(lock, True)
    until = time.monotonic() + WAIT
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(lock)
                hint = "Wait for it, or stop it, and try again."
                message = f"another process is at work in {path.parent}"
                raise StoreError(message, hint) from None
            time.sleep(0.1)


def _is_json(path: Path) -> bool:
    """Whether a header can be read: one that cannot is no run, and no other's trouble."""
    try:
        return isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    except (OSError, ValueError):
        return False


def runs(folder: Path) -> list[Run]:
    """Every run in the folder of results, the newest last."""
    found = [Run(path.parent) for path in folder.glob("*/run.json") if _is_json(path)]
    return sorted(found, key=lambda run: (run.folder / "run.json").stat().st_mtime)


def find(folder: Path, name: str | None) -> Run:
    """The run called `name`, a folder of that path, or the newest run where it is None."""
    if name and (Path(name) / "run.json").is_file():
        return Run(Path(name).resolve())
    known = runs(folder)
    if not name:
        if known:
            return known[-1]
        raise StoreError(f"there is no run in {folder}", "Make one: shelflife run quick")
    chosen = [run for run in known if run.id == name or run.id.rpartition("-")[0] == name]
    if not chosen:
        listed = ", ".join(run.id for run in known[-8:]) or "none"
        raise StoreError(f"no run is called {name!r} in {folder}", f"There are: {listed}.")
    return chosen[-1]
