"""C libraries of packages, called without the packages: a file that they answer needs no Python.

Each function loads the file at `path` in the library and gives its predictions of the rows `X`.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
from typing import Any, Callable

Call = Callable[..., None]


def xgboost(path: str, X: Any) -> Any:
    """libxgboost: a Booster and a dense matrix."""
    import numpy

    library = shared("xgboost", "libxgboost.so")
    call = _checked(library, library.XGBGetLastError)
    rows = numpy.ascontiguousarray(X, dtype=numpy.float64)
    booster, matrix = ctypes.c_void_p(), ctypes.c_void_p()
    shape, out = ctypes.POINTER(ctypes.c_uint64)(), ctypes.POINTER(ctypes.c_float)()
    dimensions = ctypes.c_uint64()
    call("XGBoosterCreate", None, 0, ctypes.byref(booster))
    call("XGBoosterLoadModel", booster, path.encode())
    described = json.dumps(
        {
            "data": [rows.ctypes.data, True],
            "shape": rows.shape,
            "typestr": rows.dtype.str,
            "version": 3,
        }
    )
    options = json.dumps({"missing": float("nan"), "nthread": 1})
    call("XGDMatrixCreateFromDense", described.encode(), options.encode(), ctypes.byref(matrix))
    what = {"type": 0, "training": False, "iteration_begin": 0, "iteration_end": 0}
    what["strict_shape"] = False
    call(
        "XGBoosterPredictFromDMatrix",
        booster,
        matrix,
        json.dumps(what).encode(),
        ctypes.byref(shape),
        ctypes.byref(dimensions),
        ctypes.byref(out),
    )
    answer = numpy.ctypeslib.as_array(out, shape=shape[: dimensions.value]).copy()
    call("XGDMatrixFree", matrix)
    call("XGBoosterFree", booster)
    return answer


def lightgbm(path: str, X: Any) -> Any:
    """lib_lightgbm: a Booster from a file of text, rows of doubles."""
    import numpy

    library = shared("lightgbm", "lib_lightgbm.so")
    call = _checked(library, library.LGBM_GetLastError)
    rows = numpy.ascontiguousarray(X, dtype=numpy.float64)
    booster, classes, rounds = ctypes.c_void_p(), ctypes.c_int(), ctypes.c_int()
    call(
        "LGBM_BoosterCreateFromModelfile",
        path.encode(),
        ctypes.byref(rounds),
        ctypes.byref(booster),
    )
    call("LGBM_BoosterGetNumClasses", booster, ctypes.byref(classes))
    answer = numpy.zeros((len(rows), classes.value))
    length = ctypes.c_int64()
    call(
        "LGBM_BoosterPredictForMat",
        booster,
        ctypes.c_void_p(rows.ctypes.data),
        1,  # float64
        ctypes.c_int32(rows.shape[0]),
        ctypes.c_int32(rows.shape[1]),
        1,  # row by row
        0,  # as the objective says
        0,  # from the first tree
        -1,  # to the last
        b"num_threads=1",
        ctypes.byref(length),
        ctypes.c_void_p(answer.ctypes.data),
    )
    call("LGBM_BoosterFree", booster)
    return answer[:, 0] if classes.value == 1 else answer


def treelite(path: str, X: Any) -> Any:
    """libtreelite: a checkpoint, and its general inference; (rows, targets, classes)."""
    import numpy

    library = shared("treelite", "libtreelite.so")
    call = _checked(library, library.TreeliteGetLastError)
    model, config = ctypes.c_void_p(), ctypes.c_void_p()
    name, width = ctypes.c_char_p(), ctypes.c_uint64()
    shape = ctypes.POINTER(ctypes.c_uint64)()
    call("TreeliteDeserializeModelFromFile", path.encode(), ctypes.byref(model))
    call("TreeliteGetInputType", model, ctypes.byref(name))
    rows = numpy.ascontiguousarray(X, dtype=(name.value or b"").decode())
    options = json.dumps({"predict_type": "default", "nthread": 1}).encode()
    call("TreeliteGTILParseConfig", options, ctypes.byref(config))
    count = ctypes.c_uint64(len(rows))
    call(
        "TreeliteGTILGetOutputShape", model, count, config, ctypes.byref(shape), ctypes.byref(width)
    )
    answer = numpy.zeros(shape[: width.value], dtype=rows.dtype)
    place, out = ctypes.c_void_p(rows.ctypes.data), ctypes.c_void_p(answer.ctypes.data)
    call("TreeliteGTILPredict", model, place, rows.dtype.name.encode(), count, out, config)
    call("TreeliteGTILDeleteConfig", config)
    call("TreeliteFreeModel", model)
    return answer


def shared(package: str, file: str) -> Any:
    """The shared library `file` that the package brings; the package itself is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("no package %r is installed here" % package)
    return ctypes.CDLL(os.path.join(spec.submodule_search_locations[0], "lib", file))


def _checked(library: Any, last_error: Any) -> Call:
    """Calls functions of `library` by name and raises what it says where one fails."""
    last_error.restype = ctypes.c_char_p

    def call(name: str, *arguments: Any) -> None:
        if getattr(library, name)(*arguments) != 0:
            raise RuntimeError("%s: %s" % (name, last_error().decode("utf-8", "replace")))

    return call
