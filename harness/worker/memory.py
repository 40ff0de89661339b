"""Resident memory and its peak, from proc(5). `ru_maxrss` would be the parent's legacy."""

from __future__ import annotations

import ctypes
from typing import Dict, Optional

RESET = "5"  # to clear_refs: the peak begins anew at what is resident now


def reset() -> Optional[int]:
    """Begin a new peak; the bytes that are resident now, None where the system does not tell."""
    _trim()
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write(RESET)
    except OSError:
        return None
    return _status().get("VmRSS")


def peak() -> Optional[int]:
    """The most bytes that were resident since `reset`."""
    return _status().get("VmHWM")


def _status() -> Dict[str, int]:
    found = {}
    try:
        with open("/proc/self/status") as file:
            for line in file:
                name, _, rest = line.partition(":")
                if name in ("VmRSS", "VmHWM"):
                    found[name] = int(rest.split()[0]) << 10
    except OSError:
        return {}
    return found


def _trim() -> None:
    """Give freed memory back, or what is used again would not be seen. glibc alone can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
