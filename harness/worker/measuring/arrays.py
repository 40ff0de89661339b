"""The arrays of a loaded object: found by walking it, touched a page at a time."""

from __future__ import annotations

import gc
import mmap
import types
from typing import Any, List

PAGE = 4096
STOPS = (
    type,
    types.ModuleType,
    types.FunctionType,
    types.BuiltinFunctionType,
    types.CodeType,
    types.FrameType,
    str,
    bytes,
    int,
    float,
    complex,
)


def of(loaded: Any) -> List[Any]:
    """Every numpy array that can be reached from `loaded` without leaving it, once each.

    The walk is the garbage collector's own: it also goes through objects of compiled classes,
    whatever attributes they show, and reads no page of an array's content.
    """
    import numpy

    found, seen, ahead = [], set(), [loaded]
    while ahead:
        thing = ahead.pop()
        if isinstance(thing, STOPS) or id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, numpy.ndarray):
            found.append(thing)
            if thing.dtype.hasobject:
                ahead.extend(thing.ravel().tolist())
        else:
            ahead.extend(gc.get_referents(thing))
    return found


def touch(arrays: List[Any]) -> int:
    """Read a byte of every page of every array; a sum, so that nothing can leave it out."""
    import numpy

    total = 0
    for array in arrays:
        if array.size and not array.dtype.hasobject:
            flat = array.ravel(order="K") if not array.flags.forc else array
            flat = flat.reshape(-1, order="A").view(numpy.uint8)
            total += int(flat[::PAGE].sum(dtype=numpy.int64)) + int(flat[-1])
    return total


def is_mapped(array: Any) -> bool:
    """Whether the array's memory is a file that is mapped."""
    base = array
    while base is not None:
        if isinstance(base, mmap.mmap):
            return True
        base = base.obj if isinstance(base, memoryview) else getattr(base, "base", None)
    return False


def payload(model: Any) -> int:
    """Bytes of the model's arrays: what pickle's protocol 5 hands out of band.

    Raises what pickling raises, and ValueError on a Python before 3.8.
    """
    import pickle

    buffers: List[Any] = []
    pickle.dumps(model, protocol=5, buffer_callback=buffers.append)
    return sum(buffer.raw().nbytes for buffer in buffers)
