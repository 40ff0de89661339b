"""What a process gives up before it reads a file that nobody vouches for. Linux alone."""

from __future__ import annotations

import ctypes

NEWUSER, NEWNET = 0x10000000, 0x40000000  # sched.h
NO_NEW_PRIVILEGES = 38  # prctl.h


def enter() -> bool:
    """Give up the network and the gaining of rights; whether the kernel lets go of the network."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return bool(libc.unshare(NEWUSER | NEWNET) == 0)
