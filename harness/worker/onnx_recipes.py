"""The choices behind each id of ONNX, and the code that a person writes for each."""

from __future__ import annotations

from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple

from . import onnx_graph
from .registry import Format, Tolerance

SINGLE = Tolerance(1e-4, "the scorer computes in float32, with kernels of its own")
DOUBLE = Tolerance(1e-5, "float64 between the operators, some of which compute in float32")
HALF = Tolerance(1e-2, "float16 keeps 11 bits: 5e-4 at each of the graph's steps, some twenty")
EIGHT = Tolerance(
    5e-2, "weights and rows round to 8 bits, 4e-3 of the largest, at each of some ten products"
)

SNIPPET = """\
import numpy, onnxruntime, skl2onnx
from skl2onnx.common.data_types import FloatTensorType

graph = skl2onnx.to_onnx(
    model,
    initial_types=[("X", FloatTensorType([None, X.shape[1]]))],
    options={"zipmap": False},
    target_opset={"": skl2onnx.get_latest_tested_opset_version(), "ai.onnx.ml": 3},
)
with open(path, "wb") as file:
    file.write(graph.SerializeToString())

session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


class Loaded:
    def predict(self, X):
        return session.run(None, {"X": numpy.asarray(X, numpy.float32)})[0]


loaded = Loaded()
"""
OPSET = '    target_opset={"": skl2onnx.get_latest_tested_opset_version(), "ai.onnx.ml": 3},\n'
WRITE = """\
with open(path, "wb") as file:
    file.write(graph.SerializeToString())
"""
QUANTISE = """\
from onnxruntime.quantization import quantize_dynamic

quantize_dynamic(graph, path)
"""
HALVE = """\
from onnxruntime.transformers.float16 import convert_float_to_float16

graph = convert_float_to_float16(graph, keep_io_types=True)
"""


class Recipe(NamedTuple):
    """What is chosen for one id."""

    tolerance: Tolerance = SINGLE
    opset: Callable[[], Optional[Dict[str, int]]] = onnx_graph.newest
    zipmap: Any = False  # what skl2onnx calls it: True makes dictionaries, "columns" an output each
    double: bool = False
    shrink: Optional[Callable[[Any], Any]] = None
    tools: Tuple[str, ...] = ()  # more modules that saving needs
    subjects: Tuple[str, ...] = Format.subjects
    edits: Tuple[Tuple[str, str], ...] = ()  # where its snippet differs from that of onnx-f32


RECIPES = {
    "onnx-f32": ("ONNX in float32, newest tested opset of skl2onnx", Recipe()),
    "onnx-f32-default": (
        "ONNX in float32, the opset that skl2onnx takes by itself",
        Recipe(opset=lambda: None, edits=((OPSET, ""),)),
    ),
    "onnx-f32-opset15": (
        "ONNX in float32, opset 15 of 2021, for older runtimes",
        Recipe(
            opset=lambda: {"": 15, "ai.onnx.ml": 2},
            edits=((OPSET, '    target_opset={"": 15, "ai.onnx.ml": 2},\n'),),
        ),
    ),
    "onnx-f32-zipmap": (
        "ONNX in float32, probabilities as dictionaries",
        Recipe(zipmap=True, edits=(('    options={"zipmap": False},\n', ""),)),
    ),
    "onnx-f32-columns": (
        "ONNX in float32, probabilities as an output for each class",
        Recipe(zipmap="columns", edits=(('"zipmap": False', '"zipmap": "columns"'),)),
    ),
    "onnx-f64": (
        "ONNX in float64, newest tested opset of skl2onnx",
        Recipe(
            tolerance=DOUBLE,
            double=True,
            edits=(("FloatTensorType", "DoubleTensorType"), ("numpy.float32", "numpy.float64")),
        ),
    ),
    "onnx-f16": (
        "ONNX in float16 between inputs and outputs in float32",
        Recipe(
            tolerance=HALF,
            shrink=onnx_graph.in_float16,
            tools=("onnxruntime.transformers.float16",),
            subjects=("mlp.classifier", "pca.whiten-variance"),
            edits=((WRITE, HALVE + WRITE),),
        ),
    ),
    "onnx-int8": (
        "ONNX with weights in 8-bit integers, quantised dynamically",
        Recipe(
            tolerance=EIGHT,
            shrink=onnx_graph.in_eight_bits,
            tools=("onnx", "onnxruntime.quantization"),
            subjects=("mlp.classifier", "pca.whiten-variance"),
            edits=((WRITE, QUANTISE),),
        ),
    ),
}
