"""A SavedModel answered by TensorFlow's C library, without its Python package."""

from __future__ import annotations

import ctypes
import importlib.util
import os
from typing import Any, List, Tuple

FLOAT = 1  # TF_FLOAT
POINTERS = """
    TF_NewStatus TF_Message TF_NewGraph TF_NewSessionOptions TF_LoadSessionFromSavedModel
    TF_GraphNextOperation TF_OperationName TF_OperationOpType TF_AllocateTensor TF_TensorData
"""  # the functions used here that return one


class Output(ctypes.Structure):
    """TF_Output: an operation, and which of its outputs."""

    _fields_ = [("operation", ctypes.c_void_p), ("index", ctypes.c_int)]


class Input(Output):
    """TF_Input has the same fields."""


def run(path: str, rows: Any) -> Any:
    """What the folder's serving function answers to `rows` in float32: its first output."""
    tf = _library()
    graph, session = _session(tf, path)
    placeholder = _placeholder(tf, graph)
    consumer = Input()
    if tf.TF_OperationOutputConsumers(placeholder, ctypes.byref(consumer), 1) < 1:
        raise ValueError("nothing in the graph takes the rows")
    answer = Output(consumer.operation, 0)
    return _run(tf, session, placeholder, answer, rows)


def _library() -> Any:
    """The shared library that lies in the wheel; its functions, with what they return."""
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("TensorFlow is not installed")
    folder = list(spec.submodule_search_locations)[0]
    for name in ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"):
        tf = ctypes.CDLL(os.path.join(folder, name), mode=ctypes.RTLD_GLOBAL)
    for name in POINTERS.split():
        getattr(tf, name).restype = ctypes.c_void_p
    for name in ("TF_Dim", "TF_TensorByteSize"):
        getattr(tf, name).restype = ctypes.c_int64
    return tf


def _check(tf: Any, status: Any) -> None:
    if tf.TF_GetCode(status):
        raise RuntimeError(ctypes.string_at(tf.TF_Message(status)).decode())


def _session(tf: Any, path: str) -> Tuple[Any, Any]:
    status, graph = _pointer(tf.TF_NewStatus()), _pointer(tf.TF_NewGraph())
    tags = (ctypes.c_char_p * 1)(b"serve")
    options = _pointer(tf.TF_NewSessionOptions())
    session = tf.TF_LoadSessionFromSavedModel(
        options, None, os.fsencode(path), tags, 1, graph, None, status
    )
    _check(tf, status)
    return graph, _pointer(session)


def _placeholder(tf: Any, graph: Any) -> Output:
    """Where the rows of the signature `serving_default` go in."""
    at = ctypes.c_size_t(0)
    found: List[Output] = []
    while True:
        operation = tf.TF_GraphNextOperation(graph, ctypes.byref(at))
        if not operation:
            break
        name = ctypes.string_at(tf.TF_OperationName(_pointer(operation)))
        kind = ctypes.string_at(tf.TF_OperationOpType(_pointer(operation)))
        if kind == b"Placeholder" and name.startswith(b"serving_default_"):
            found.append(Output(operation, 0))
    if len(found) != 1:
        raise ValueError("the signature takes %d inputs and not one" % len(found))
    return found[0]


def _run(tf: Any, session: Any, placeholder: Output, answer: Output, rows: Any) -> Any:
    import numpy

    given = numpy.ascontiguousarray(rows, dtype="float32")
    dims = (ctypes.c_int64 * given.ndim)(*given.shape)
    size = ctypes.c_size_t(given.nbytes)
    tensor = _pointer(tf.TF_AllocateTensor(FLOAT, dims, given.ndim, size))
    ctypes.memmove(tf.TF_TensorData(tensor), given.ctypes.data, given.nbytes)
    status, values = _pointer(tf.TF_NewStatus()), (ctypes.c_void_p * 1)()
    feeds = (ctypes.c_void_p * 1)(tensor)
    tf.TF_SessionRun(
        session, None,
        ctypes.byref(placeholder), feeds, 1,
        ctypes.byref(answer), values, 1,
        None, 0, None, status,
    )  # fmt: skip
    _check(tf, status)
    out = _pointer(values[0])
    shape = [tf.TF_Dim(out, axis) for axis in range(tf.TF_NumDims(out))]
    raw = ctypes.string_at(tf.TF_TensorData(out), tf.TF_TensorByteSize(out))
    return numpy.frombuffer(raw, dtype="float32").reshape(shape)


def _pointer(address: Any) -> Any:
    """An address as an argument: ctypes would cut a plain number to 32 bits."""
    return ctypes.c_void_p(address)
