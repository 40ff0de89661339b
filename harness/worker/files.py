"""What crosses the wall, written so that a torn end never hides what came before."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from typing import Any, Dict, Iterator, Optional, Set

DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}


place = ""  # folder of the response at work
owner = 0  # the process that may write; 0: whoever has read this module


def mine() -> None:
    """End this process if a model has forked it: what it would write is no item's."""
    if owner and os.getpid() != owner:
        os._exit(0)


class Trouble(Exception):
    """The machine's fault and no model's: the disk is full, read-only or broken."""


def disk_trouble(error: Optional[BaseException]) -> str:
    """In words, if the error or what caused it is the disk's; else ''."""
    for _ in range(10):
        if isinstance(error, Trouble):
            return str(error)
        if isinstance(error, OSError) and error.errno in DISK:
            return "%s: %s" % (os.strerror(error.errno or 0), error.filename or "while writing")
        error = error and (error.__cause__ or error.__context__)
    return ""


def raise_if_disk(error: BaseException) -> None:
    """Raise Trouble instead of blaming a model for a full disk.

    A model may raise such an error by itself: it is believed where a write of ours fails as well.
    """
    words = disk_trouble(error)
    if words and (isinstance(error, Trouble) or not _can_write()):
        raise Trouble(words) from error


def _can_write() -> bool:
    """Whether a small file can be written beside the responses."""
    probe = os.path.join(place, "probe")
    try:
        with open(probe, "wb") as file:
            file.write(b"0" * 262144)
            file.flush()
            os.fsync(file.fileno())
        return True
    except OSError:
        return False
    finally:
        if os.path.exists(probe):
            os.remove(probe)


def append(path: str, line: Dict[str, Any]) -> None:
    """Add one line. The file is opened by name each time: a model may have closed every file."""
    write(path, (json.dumps(line, separators=(",", ":")) + "\n").encode("utf-8", "surrogatepass"))


def write(path: str, data: bytes) -> int:
    """Append `data`; where it began."""
    mine()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        at = os.fstat(file).st_size
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
    finally:
        os.close(file)
    return at


def lines(path: str, wanted: Set[str]) -> Iterator[Dict[str, Any]]:
    """Whole lines of a manifest about the `wanted` items; none where there is no file.

    The item stands first in its line, so that the others need not be parsed.
    """
    if not os.path.exists(path):
        return
    starts = {json.dumps({"item": item}, separators=(",", ":"))[:-1].encode() for item in wanted}
    with open(path, "rb") as file:
        for line in file:
            if line[: line.find(b',"kind":')] in starts:
                found = parsed(line)
                if found:
                    yield found


def parsed(line: bytes) -> Optional[Dict[str, Any]]:
    """A line of JSON; None for the torn end of something interrupted."""
    if not line.endswith(b"\n"):
        return None
    try:
        return json.loads(line.decode("utf-8", "surrogatepass"))  # type: ignore[no-any-return]
    except ValueError:
        return None


def end_torn_line(path: str) -> None:
    """End the last line if an interruption left it open, so that the next one stands alone."""
    if os.path.exists(path) and os.path.getsize(path):
        with open(path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            whole = file.read(1) == b"\n"
        if not whole:
            write(path, b"\n")


def sha256(path: str) -> str:
    """Hex digest of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
