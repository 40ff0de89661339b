"""The machine that was measured on: what a figure means nothing without."""

from __future__ import annotations

import os
from pathlib import Path

from harness import header
from harness.execute import PINNED
from harness.records import Json

MEMORY = Path("/dev/shm")  # noqa: S108 - where Linux keeps files in memory
GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")


def sheet(folder: Path) -> Json:
    """The host, and where the artifacts lie."""
    return {
        **header.host(),
        "governor": _governor(),
        "filesystem": filesystem(folder),
        "memory_filesystem": filesystem(MEMORY) if memory() else None,
        "threads": dict(PINNED),
        "load_average": round(os.getloadavg()[0], 2),
    }


def memory() -> str:
    """A folder whose files are in memory; "" where there is none that can be written to."""
    return str(MEMORY) if filesystem(MEMORY) == "tmpfs" and os.access(MEMORY, os.W_OK) else ""


def filesystem(folder: Path) -> str:
    """Type of the file system that holds a folder; "unknown" where the system does not tell."""
    here, best, kind = f"{folder.resolve()}/", "", "unknown"
    try:
        mounts = Path("/proc/self/mounts").read_text(errors="replace").splitlines()
    except OSError:
        return kind
    for line in mounts:
        _, place, found = line.split()[:3]
        place = place.replace("\\040", " ").rstrip("/") + "/"
        if here.startswith(place) and len(place) >= len(best):
            best, kind = place, found
    return kind


def _governor() -> str:
    try:
        return GOVERNOR.read_text().strip()
    except OSError:
        return "unknown: the system does not show it"
