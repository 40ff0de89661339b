"""onnxruntime's C library without its Python package: loaded by ctypes and asked for one output.

The C interface is a table of functions whose order never changes; the places of those used here
are those of `struct OrtApi` in `onnxruntime_c_api.h`.
"""

from __future__ import annotations

import ctypes
import glob
import importlib.util
import os
from typing import Any, Optional

VERSION = 11  # of the interface: each library also gives the older ones
GET_ERROR_MESSAGE, CREATE_ENV, CREATE_SESSION, RUN, CREATE_SESSION_OPTIONS = 2, 3, 7, 9, 10
SET_INTRA_OP_NUM_THREADS, INPUT_NAME, OUTPUT_NAME = 24, 36, 37
CREATE_TENSOR_WITH_DATA, TENSOR_DATA, STRINGS_LENGTH, STRINGS = 49, 51, 53, 54
ELEMENT_TYPE, DIMENSIONS_COUNT, DIMENSIONS, TYPE_AND_SHAPE = 60, 61, 62, 65
CREATE_CPU_MEMORY_INFO, DEFAULT_ALLOCATOR = 69, 78
TYPES = {1: "f4", 6: "i4", 7: "i8", 9: "?", 10: "f2", 11: "f8"}  # enum ONNXTensorElementDataType
STRING = 8
CODES = {code: number for number, code in TYPES.items()}
Pointer = ctypes.c_void_p


def library() -> Optional[str]:
    """The shared library that the Python package brings along; None where it brings none."""
    spec = importlib.util.find_spec("onnxruntime")  # does not import it
    for place in (spec and spec.submodule_search_locations) or ():
        for name in glob.glob(os.path.join(place, "capi", "libonnxruntime.so*")):
            return name
    return None


def first_output(library: str, path: str, rows: Any) -> Any:
    """What the model at `path` gives as its first output for `rows`, its only input."""
    import numpy

    rows = numpy.ascontiguousarray(rows)
    api = _Api(library)
    env = api.made(CREATE_ENV, 3, b"shelflife")
    options = api.made(CREATE_SESSION_OPTIONS)
    api.call(SET_INTRA_OP_NUM_THREADS, options, 1)
    session = api.made(CREATE_SESSION, env, os.fsencode(path), options)
    allocator = api.made(DEFAULT_ALLOCATOR)
    size = ctypes.c_size_t
    names = [api.made(which, session, size(0), allocator) for which in (INPUT_NAME, OUTPUT_NAME)]
    shape = (ctypes.c_int64 * rows.ndim)(*rows.shape)
    memory = api.made(CREATE_CPU_MEMORY_INFO, 1, 0)
    tensor = api.made(
        CREATE_TENSOR_WITH_DATA,
        memory,
        Pointer(rows.ctypes.data),
        size(rows.nbytes),
        shape,
        size(rows.ndim),
        CODES[rows.dtype.str[1:]],
    )
    given, asked = ((Pointer * 1)(name) for name in names)
    values, one = (Pointer * 1)(tensor), size(1)
    return api.array(api.made(RUN, session, None, given, values, one, asked, one))


class _Api:
    """The table of functions of one library."""

    def __init__(self, library: str) -> None:
        base = ctypes.CDLL(library).OrtGetApiBase
        base.restype = ctypes.POINTER(Pointer)
        get = ctypes.CFUNCTYPE(ctypes.POINTER(Pointer), ctypes.c_uint32)(base()[0])
        self.table = get(VERSION)

    def call(self, place: int, *arguments: Any) -> None:
        """Call a function that returns a status; RuntimeError where it failed."""
        status = ctypes.CFUNCTYPE(Pointer)(self.table[place])(*arguments)
        if status:
            message = ctypes.CFUNCTYPE(ctypes.c_char_p)(self.table[GET_ERROR_MESSAGE])
            raise RuntimeError(message(Pointer(status)).decode("utf-8", "replace"))

    def made(self, place: int, *arguments: Any) -> Any:
        """Call a function whose last argument is where it puts a pointer."""
        made = Pointer()
        self.call(place, *arguments, ctypes.byref(made))
        return made

    def array(self, value: Any) -> Any:
        """A tensor as an array of its own."""
        import numpy

        info, kind, count = self.made(TYPE_AND_SHAPE, value), ctypes.c_int(), ctypes.c_size_t()
        self.call(ELEMENT_TYPE, info, ctypes.byref(kind))
        self.call(DIMENSIONS_COUNT, info, ctypes.byref(count))
        shape = (ctypes.c_int64 * count.value)()
        self.call(DIMENSIONS, info, shape, count)
        length = 1
        for axis in shape:
            length *= axis
        if kind.value == STRING:
            return numpy.array(self._strings(value, length)).reshape(list(shape))
        dtype = numpy.dtype(TYPES[kind.value])
        data = ctypes.string_at(self.made(TENSOR_DATA, value).value, length * dtype.itemsize)
        return numpy.frombuffer(data, dtype).reshape(list(shape))

    def _strings(self, value: Any, length: int) -> Any:
        total = ctypes.c_size_t()
        self.call(STRINGS_LENGTH, value, ctypes.byref(total))
        text, starts = ctypes.create_string_buffer(total.value), (ctypes.c_size_t * length)()
        self.call(STRINGS, value, text, total, starts, ctypes.c_size_t(length))
        ends = list(starts)[1:] + [total.value]
        return [text.raw[start:end].decode() for start, end in zip(starts, ends)]
