"""Files out of the page cache, and how much of them stays in it (posix_fadvise(2), mincore(2))."""

from __future__ import annotations

import ctypes
import mmap
import os
from typing import Sequence

COLD = 0.01  # a load is cold where less than this share of its bytes stayed resident
NO_FILE = ("tmpfs", "ramfs", "nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "virtiofs", "overlay-nfs")


def why_never_cold(folder: str) -> str:
    """Why files in `folder` cannot be made cold, in words; "" where they can."""
    if not hasattr(os, "posix_fadvise"):
        return "this system has no posix_fadvise"
    kind = filesystem(folder)
    if kind in NO_FILE or kind.startswith("fuse."):
        return "%s keeps its files elsewhere than on a disk of this machine" % kind
    return ""


def filesystem(folder: str) -> str:
    """The type of the file system that holds `folder`, from proc(5); "" where it is not known."""
    here, best, kind = os.path.realpath(folder) + "/", "", ""
    try:
        with open("/proc/self/mounts", encoding="utf-8", errors="replace") as mounts:
            for line in mounts:
                _, place, found = line.split()[:3]
                place = place.replace("\\040", " ").rstrip("/") + "/"
                if here.startswith(place) and len(place) >= len(best):
                    best, kind = place, found
    except OSError:
        return ""
    return kind


def sync(paths: Sequence[str]) -> None:
    """Have files, or folders, on the disk: what is dirty cannot be dropped."""
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def drop(paths: Sequence[str]) -> float:
    """Drop files from the page cache; the share of their bytes that stayed."""
    sync(paths)
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(file)
    return resident(paths)


def resident(paths: Sequence[str]) -> float:
    """The share of the pages of `paths` that is in the page cache; 0 of nothing."""
    pages = [page for path in paths for page in (_pages(path),) if page[1]]
    total = sum(count for _, count in pages)
    return sum(held for held, _ in pages) / float(total) if total else 0.0


def _pages(path: str) -> Sequence[int]:
    """(pages held, pages) of one file."""
    size = os.path.getsize(path)
    if not size:
        return 0, 0
    count = -(-size // mmap.PAGESIZE)
    held = (ctypes.c_ubyte * count)()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    whole = ctypes.c_int
    libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, whole, whole, whole, ctypes.c_long)
    libc.mincore.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
    libc.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
    file = os.open(path, os.O_RDONLY)
    try:
        place = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file, 0)
    finally:
        os.close(file)
    if place in (None, ctypes.c_void_p(-1).value):
        raise OSError(ctypes.get_errno(), "cannot map", path)
    try:
        if libc.mincore(place, size, held):
            raise OSError(ctypes.get_errno(), "mincore", path)
    finally:
        libc.munmap(place, size)
    return sum(page & 1 for page in held), count
