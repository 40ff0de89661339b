"""Making ONNX graphs of scikit-learn's models: types of the inputs, conversion, smaller numbers."""

from __future__ import annotations

import os
import re
import tempfile
from typing import Any, Dict, List, Optional, Tuple

from .registry import Unsupported

REFUSAL = re.compile(
    r"not (yet )?supported|unsupported|only supports?|cannot convert|no longer works"
    r"|Unexpected value .* for option",
    re.IGNORECASE,
)
EIGHT_BITS = ("MatMulInteger", "ConvInteger", "DynamicQuantizeLinear", "DequantizeLinear")
UNQUANTISED = "nothing to quantise: no product of matrices with fixed weights"
FLOAT16 = 10  # onnx.TensorProto.FLOAT16

Inputs = List[Tuple[str, Any]]


def inputs(data: Any, double: bool = False) -> Inputs:
    """The graph's inputs: one tensor of all columns, or one for each where their types differ."""
    from skl2onnx.common import data_types as types

    number = types.DoubleTensorType if double else types.FloatTensorType
    ask = data.ask
    if hasattr(ask, "tocsr"):
        raise Unsupported("sparse input: an ONNX tensor is dense")
    if isinstance(ask, (list, tuple)) or ask.ndim == 1:
        return [("X", types.StringTensorType([None]))]
    if ask.dtype.kind in "fiub":
        return [("X", number([None, ask.shape[1]]))]
    kinds = [kind(data.X[:, place].tolist()) for place in range(ask.shape[1])]
    if set(kinds) == {"text"}:
        return [("X", types.StringTensorType([None, ask.shape[1]]))]
    made = {
        "text": types.StringTensorType,
        "bool": types.BooleanTensorType,
        "integer": types.Int64TensorType,
        "float": number,
    }
    return [("x%d" % place, made[kind]([None, 1])) for place, kind in enumerate(kinds)]


def kind(values: List[Any]) -> str:
    """`text`, `bool`, `integer` or `float`: the narrowest that holds every value of a column."""
    if all(isinstance(value, str) for value in values):
        return "text"
    if all(isinstance(value, bool) for value in values):
        return "bool"
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return "integer"
    if all(isinstance(value, (int, float)) for value in values):
        return "float"
    raise Unsupported("a column of several types: an ONNX tensor has one")


def convert(model: Any, given: Inputs, opset: Optional[Dict[str, int]], zipmap: Any) -> Any:
    """The graph that skl2onnx makes. Raises Unsupported where it says itself that it cannot."""
    from skl2onnx.common.exceptions import MissingConverter, MissingShapeCalculator

    try:
        return _convert(model, given, opset, zipmap)
    except (MissingConverter, MissingShapeCalculator, NotImplementedError) as error:
        raise Unsupported("skl2onnx has no converter: %s" % _first_line(error))
    except (AssertionError, RuntimeError, ValueError) as error:
        if REFUSAL.search(str(error)) is None:
            raise
        raise Unsupported("skl2onnx refuses: %s" % _first_line(error))


def _convert(model: Any, given: Inputs, opset: Optional[Dict[str, int]], zipmap: Any) -> Any:
    """Words are compared in the locale C: the converter's own, en_US, is not on every machine."""
    import skl2onnx
    from sklearn.base import is_classifier
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    words = {CountVectorizer: {"locale": "C"}, TfidfVectorizer: {"locale": "C"}}
    arrays = {id(model): {"zipmap": zipmap}} if is_classifier(model) else {}
    for chosen in ((words, arrays), (arrays,), (words,)):
        options: Dict[Any, Any] = {}
        for part in chosen:
            options.update(part)
        try:
            return skl2onnx.to_onnx(model, initial_types=given, options=options, target_opset=opset)
        except NameError as error:  # a converter, or a version of it, that lacks the option
            if "Option" not in str(error):
                raise
    return skl2onnx.to_onnx(model, initial_types=given, target_opset=opset)


def newest() -> Dict[str, int]:
    """The newest opset that this skl2onnx was tested with.

    Operators of machine learning at version 3, the newest that every skl2onnx takes.
    """
    import skl2onnx

    return {"": skl2onnx.get_latest_tested_opset_version(), "ai.onnx.ml": 3}


def in_eight_bits(graph: Any) -> Any:
    """`graph` with its weights as 8-bit integers, by onnxruntime's dynamic quantisation."""
    import onnx
    from onnxruntime.quantization import quantize_dynamic

    if not any(node.domain == "" for node in nodes(graph.graph)):
        raise Unsupported(UNQUANTISED)  # the quantiser has no words for such a graph
    with tempfile.TemporaryDirectory() as folder:
        before, after = (os.path.join(folder, name) for name in ("float.onnx", "int8.onnx"))
        with open(before, "wb") as file:
            file.write(graph.SerializeToString())
        quantize_dynamic(before, after)
        small = onnx.load(after)
    if not any(node.op_type in EIGHT_BITS for node in nodes(small.graph)):
        raise Unsupported(UNQUANTISED)
    return small


def in_float16(graph: Any) -> Any:
    """`graph` in half precision between inputs and outputs that stay as they were."""
    from onnxruntime.transformers.float16 import convert_float_to_float16

    small = convert_float_to_float16(graph, keep_io_types=True)
    if not any(tensor.data_type == FLOAT16 for tensor in tensors(small.graph)):
        raise Unsupported("nothing to halve: no tensor of weights")
    return small


def mapped(model: Any, zipmap: Any) -> bool:
    """Whether the probabilities are dictionaries, or an output for each class, as was asked."""
    if zipmap == "columns":
        return len(model.graph.output) > 2
    return any(node.op_type == "ZipMap" for node in nodes(model.graph))


def nodes(graph: Any) -> Any:
    """Every node of a graph and of the graphs within its nodes."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from nodes(attribute.g)


def tensors(graph: Any) -> Any:
    """Every constant tensor of a graph, of its nodes, and of the graphs within them."""
    yield from graph.initializer
    for node in nodes(graph):
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            if attribute.HasField("g"):
                yield from attribute.g.initializer


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0]
