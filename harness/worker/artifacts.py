"""An artifact on disk: one file or one folder, perhaps with files beside it; saved atomically."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from typing import Any, Iterator, List, Tuple

from . import files, registry


def save(format: registry.Format, model: Any, path: str, data: Any) -> None:
    """Dump `model` and put it at `path` at once: a reader sees the old artifact or the new one.

    It is written in a folder beside `path` and renamed, files beside it first. A folder is swapped
    by two renames. Raises what the format raises, and PermissionError with one clear message where
    the folder of `path` cannot be written to; what stood there before is then untouched.
    """
    folder, name = os.path.split(os.path.abspath(path))
    try:
        scratch = tempfile.mkdtemp(prefix=".saving-", dir=folder)
    except PermissionError as error:
        raise PermissionError(error.errno, "no file can be made in the folder", folder)
    try:
        new = os.path.join(scratch, name)
        format.dump(model, new, data)
        if not os.path.exists(new):
            raise FileNotFoundError("the format %s saved nothing as %r" % (format.id, name))
        for entry in sorted(os.listdir(scratch), key=lambda entry: entry == name):
            _replace(os.path.join(scratch, entry), os.path.join(folder, entry), scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _replace(new: str, old: str, scratch: str) -> None:
    if os.path.isdir(old):
        os.rename(old, os.path.join(scratch, ".old"))
    os.replace(new, old)


def remove(path: str) -> None:
    """Remove the artifact at `path`, if there is one."""
    for part in pieces(path):
        if os.path.isdir(part):
            shutil.rmtree(part)
        else:
            os.remove(part)


def pieces(path: str) -> List[str]:
    """The file or folder itself, and what lies beside it under its name and a dot; sorted."""
    folder, name = os.path.split(path)
    found = os.listdir(folder or ".") if os.path.isdir(folder or ".") else []
    beside = [os.path.join(folder, entry) for entry in found if entry.startswith(name + ".")]
    return ([path] if os.path.exists(path) else []) + sorted(beside)


def contents(path: str) -> List[str]:
    """Every file of the artifact, in a fixed order; the artifact itself where it is one file."""
    found: List[str] = []
    for piece in pieces(path):
        found.extend(sorted(_below(piece)) if os.path.isdir(piece) else [piece])
    return found


def _below(folder: str) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(place, name)


def measured(path: str) -> Tuple[str, int]:
    """SHA-256 and bytes. Of several files the digest is over their names, sizes and digests."""
    found = contents(path)
    if found == [path]:
        return files.sha256(path), os.path.getsize(path)
    digest, total = hashlib.sha256(), 0
    base = os.path.dirname(path)
    for part in found:
        size = os.path.getsize(part)
        name = os.path.relpath(part, base).encode("utf-8", "surrogateescape")
        digest.update(b"%s\0%d\0%s\n" % (name, size, files.sha256(part).encode()))
        total += size
    return digest.hexdigest(), total
