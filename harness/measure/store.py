"""A measuring run on disk: a header, and lines that are appended whole or not at all."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.errors import StoreError
from harness.measure.records import HEADER, LINES, Measured, read
from harness.records import Json
from harness.store import disk_error


class Ledger:
    """A run's folder while one process adds to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make {folder}: {error.strerror}") from None
        self.file = os.open(folder / LINES, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self.file)
            hint = "Wait for it, or stop it, and try again."
            raise StoreError(f"another process measures in {folder}", hint) from None
        self._end_torn_line()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.file)

    def _end_torn_line(self) -> None:
        """Cut off what an interruption left half written."""
        size = os.fstat(self.file).st_size
        if size and os.pread(self.file, 1, size - 1) != b"\n":
            content = os.pread(self.file, size, 0)
            os.ftruncate(self.file, content.rfind(b"\n") + 1)

    def begin(self, header: Mapping[str, Any]) -> None:
        """Write the header, where there is none yet."""
        path = self.folder / HEADER
        if path.exists():
            return
        new = path.with_name(HEADER + ".new")
        try:
            new.write_text(json.dumps(header, indent=1) + "\n", encoding="utf-8")
            new.replace(path)
        except OSError as error:
            raise disk_error(self.folder, error) from None

    def append(self, line: Mapping[str, Json]) -> None:
        """Record a line. StoreError where the disk refuses; nothing stays torn."""
        block = (json.dumps(line, separators=(",", ":")) + "\n").encode()
        before = os.fstat(self.file).st_size
        try:
            view = memoryview(block)
            while view:
                view = view[os.write(self.file, view) :]
        except OSError as error:
            os.ftruncate(self.file, before)
            raise disk_error(self.folder, error) from None

    def read(self) -> Measured:
        """All that is recorded so far."""
        return read(self.folder)


def find(results: Path, name: str | None) -> Path:
    """The folder of the run `name`, a path or a run's id; the newest run where it is None."""
    if name and (Path(name) / HEADER).is_file():
        return Path(name).resolve()
    known = runs(results)
    chosen = [folder for folder in known if name in (None, folder.name)]
    if not chosen:
        listed = ", ".join(folder.name for folder in known[-8:])
        hint = f"There are: {listed}." if listed else "Make one: shelflife measure --quick"
        what = f"no measuring run is called {name!r}" if name else "there is no measuring run"
        raise StoreError(f"{what} in {results}", hint)
    return chosen[-1]


def runs(results: Path) -> list[Path]:
    """The folder of every measuring run, the newest last."""
    known = sorted(results.glob(f"*/{HEADER}"), key=lambda path: path.stat().st_mtime)
    return [path.parent for path in known]
