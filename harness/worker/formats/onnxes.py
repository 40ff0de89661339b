"""ONNX: a graph of operators, made by skl2onnx and answered by onnxruntime."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Tuple

from ..registry import Format, Tolerance, Unsupported, format_

REFUSAL = re.compile(r"not supported|unsupported|only supports?|cannot convert", re.IGNORECASE)
METHODS = "shelflife.methods"  # metadata of the file: what each output answers


@format_
class OnnxFloat32(Format):
    """`skl2onnx.to_onnx` in float32 with the newest opset it was tested with; one input tensor."""

    id = "onnx-f32"
    summary = "ONNX in float32, newest tested opset of skl2onnx"
    suffix = ".onnx"
    requires = ("onnxruntime",)
    threads = ("onnxruntime",)  # since 1.24 or so
    requires_to_dump = ("skl2onnx", "sklearn.base", "sklearn.feature_extraction.text")
    executes = "operators of the runtime, no Python"
    converts = True
    tolerance = Tolerance(1e-4, "the scorer computes in float32, with kernels of its own")

    def dump(self, model: Any, path: str, data: Any) -> None:
        from skl2onnx.common.exceptions import MissingConverter, MissingShapeCalculator

        try:
            graph = _convert(model, _inputs(data.ask))
        except (MissingConverter, MissingShapeCalculator, NotImplementedError) as error:
            raise Unsupported("skl2onnx has no converter: %s" % _first_line(error))
        except (RuntimeError, ValueError) as error:
            if REFUSAL.search(str(error)) is None:
                raise
            raise Unsupported("skl2onnx refuses: %s" % _first_line(error))
        entry = graph.metadata_props.add()
        entry.key = METHODS
        entry.value = json.dumps(_methods(model, len(graph.graph.output)))
        with open(path, "wb") as file:
            file.write(graph.SerializeToString())

    def load(self, path: str) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        with open(path, "rb") as file:
            session = onnxruntime.InferenceSession(
                file.read(), options, providers=["CPUExecutionProvider"]
            )
        return Scorer(session)


def _convert(model: Any, inputs: List[Tuple[str, Any]]) -> Any:
    """The graph, without what would tie it to a machine or wrap its answers.

    Operators of machine learning at version 3, the newest that every skl2onnx takes; words are
    compared in the locale C, as the converter's own choice, en_US, is not on every machine.
    """
    import skl2onnx
    from sklearn.base import is_classifier
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    opset = {"": skl2onnx.get_latest_tested_opset_version(), "ai.onnx.ml": 3}
    words = {CountVectorizer: {"locale": "C"}, TfidfVectorizer: {"locale": "C"}}
    arrays = {id(model): {"zipmap": False}} if is_classifier(model) else {}
    for chosen in ((words, arrays), (arrays,), (words,)):
        options: Dict[Any, Any] = {}
        for part in chosen:
            options.update(part)
        try:
            return skl2onnx.to_onnx(
                model, initial_types=inputs, options=options, target_opset=opset
            )
        except NameError as error:  # a converter, or a version of it, that lacks the option
            if "Option" not in str(error):
                raise
    return skl2onnx.to_onnx(model, initial_types=inputs, target_opset=opset)


def _inputs(ask: Any) -> List[Tuple[str, Any]]:
    """The graph's one input, of the type of the data."""
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    if hasattr(ask, "tocsr"):
        raise Unsupported("sparse input: an ONNX tensor is dense")
    if isinstance(ask, (list, tuple)) or ask.ndim == 1:
        return [("X", StringTensorType([None]))]
    if ask.dtype.kind in "fiub":
        return [("X", FloatTensorType([None, ask.shape[1]]))]
    if all(isinstance(value, str) for value in ask.ravel()):
        return [("X", StringTensorType([None, ask.shape[1]]))]
    raise Unsupported("columns of several types: this format has one input tensor")


def _methods(model: Any, outputs: int) -> List[str]:
    """Which method of the estimator each output of the graph answers."""
    if outputs == 1:
        names = ["predict" if hasattr(model, "predict") else "transform"]
    elif hasattr(model, "predict_proba"):
        names = ["predict", "predict_proba"]
    elif hasattr(model, "score_samples") and hasattr(model, "decision_function"):
        names = ["predict", "decision_function"]
    else:
        names = ["predict", "scores"]
    return names + ["output%d" % place for place in range(len(names), outputs)]


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n")[0]


class Scorer:
    """A session with the methods that its graph answers, as attributes."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.names = json.loads(session.get_modelmeta().custom_metadata_map[METHODS])
        outputs = [output.name for output in session.get_outputs()]
        for method, output in zip(self.names, outputs):
            setattr(self, method, self._asker(output))

    def _asker(self, output: str) -> Any:
        return lambda X: self.session.run([output], self._feed(X))[0]

    def _feed(self, X: Any) -> Dict[str, Any]:
        import numpy

        wanted = self.session.get_inputs()[0]
        if hasattr(X, "tocsr"):
            raise TypeError("an ONNX tensor is dense")
        dtype = object if "string" in wanted.type else numpy.float32
        return {wanted.name: numpy.asarray(X, dtype=dtype)}

    def __repr__(self) -> str:
        return "Scorer(%s)" % ", ".join(self.names)
