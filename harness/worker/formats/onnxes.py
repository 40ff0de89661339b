"""ONNX: a graph of operators, made by skl2onnx and answered by onnxruntime."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Tuple

from .. import onnx_capi, onnx_graph, onnx_hostile
from ..onnx_recipes import RECIPES, SNIPPET, Recipe
from ..registry import Attack, Format, Unsupported, format_

METHODS = "shelflife.methods"  # metadata of the file: what each output answers
TYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(int64)": "int64",
    "tensor(bool)": "bool",
    "tensor(string)": "object",
}


@format_
class Onnx(Format):
    """`skl2onnx.to_onnx` with one choice of numbers, operators and probabilities."""

    suffix = ".onnx"
    requires = ("onnxruntime",)
    threads = ("onnxruntime",)  # since 1.24 or so
    executes = "operators of the runtime, no Python"
    converts = True

    def __init__(self, id: str, summary: str, recipe: Recipe) -> None:
        self.id = id
        self.summary = summary
        self.recipe = recipe
        self.tolerance = recipe.tolerance
        self.subjects = recipe.subjects
        self.requires_to_dump = (
            "skl2onnx",
            "sklearn.base",
            "sklearn.feature_extraction.text",
        ) + recipe.tools
        self.snippet = SNIPPET
        for old, new in recipe.edits:
            self.snippet = self.snippet.replace(old, new)

    @classmethod
    def variants(cls) -> List[Format]:
        return [cls(id, summary, recipe) for id, (summary, recipe) in RECIPES.items()]

    def dump(self, model: Any, path: str, data: Any) -> None:
        recipe = self.recipe
        given = onnx_graph.inputs(data, recipe.double)
        graph = onnx_graph.convert(model, given, recipe.opset(), recipe.zipmap)
        outputs = len(graph.graph.output)
        if recipe.zipmap and not onnx_graph.mapped(graph, recipe.zipmap):
            raise Unsupported("no probabilities of classes to name")
        if recipe.shrink:
            graph = recipe.shrink(graph)
        entry = graph.metadata_props.add()
        entry.key = METHODS
        entry.value = json.dumps(methods(model, outputs, recipe.zipmap == "columns"))
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

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return onnx_hostile.attacks(self.load)

    def outside(self, path: str, data: Any) -> Optional[Tuple[str, Any]]:
        library = onnx_capi.library()
        if library is None or getattr(data.ask, "dtype", None) is None or data.ask.dtype.hasobject:
            return None
        rows = data.ask.astype("f8" if self.recipe.double else "f4")
        return "onnxruntime's C library by ctypes", onnx_capi.first_output(library, path, rows)

    def large(self) -> Any:
        """A network, whose products of matrices every variant can hold."""
        import numpy
        from sklearn.neural_network import MLPClassifier

        draw = numpy.random.RandomState(0)
        model = MLPClassifier(hidden_layer_sizes=(1024,), max_iter=1, random_state=0)
        model.partial_fit(draw.standard_normal((4, 2048)), [0, 1, 0, 1], classes=[0, 1])
        return model


def methods(model: Any, outputs: int, columns: bool = False) -> List[str]:
    """Which method of the estimator each output of the graph answers, or gives a column of."""
    if outputs == 1:
        selects = hasattr(model, "get_support") and hasattr(model, "transform")  # RFE predicts too
        names = ["predict" if hasattr(model, "predict") and not selects else "transform"]
    elif columns:
        return ["predict"] + ["predict_proba"] * (outputs - 1)
    elif hasattr(model, "predict_proba"):
        names = ["predict", "predict_proba"]
    elif hasattr(model, "score_samples") and hasattr(model, "decision_function"):
        names = ["predict", "decision_function"]
    else:
        names = ["predict", "scores"]
    return names + ["output%d" % place for place in range(len(names), outputs)]


class Scorer:
    """A session with the methods that its graph answers, as attributes."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.names = json.loads(session.get_modelmeta().custom_metadata_map[METHODS])
        outputs: Dict[str, List[str]] = {}
        for method, output in zip(self.names, session.get_outputs()):
            outputs.setdefault(method, []).append(output.name)
        for method, named in outputs.items():
            setattr(self, method, self._asker(named))

    def _asker(self, outputs: List[str]) -> Any:
        return lambda X: joined(self.session.run(outputs, self._feed(X)))

    def _feed(self, X: Any) -> Dict[str, Any]:
        import numpy

        wanted = self.session.get_inputs()
        if hasattr(X, "tocsr"):
            raise TypeError("an ONNX tensor is dense")
        if len(wanted) == 1:
            return {wanted[0].name: numpy.asarray(X, dtype=TYPES[wanted[0].type])}
        table = numpy.asarray(X, dtype=object)
        return {one.name: table[:, [int(one.name[1:])]].astype(TYPES[one.type]) for one in wanted}

    def __repr__(self) -> str:
        return "Scorer(%s)" % ", ".join(self.names)


def joined(parts: List[Any]) -> Any:
    """What scikit-learn would give for a method's outputs: columns of probabilities side by side.

    A list where a tensor, or a sequence of tensors, holds the probabilities of several targets.
    """
    import numpy

    if len(parts) > 1:
        return numpy.column_stack(parts)
    if isinstance(parts[0], list) and isinstance(parts[0][0], dict):  # a ZipMap's rows
        return numpy.array([[row[key] for key in sorted(row)] for row in parts[0]], dtype="f4")
    return list(parts[0]) if getattr(parts[0], "ndim", 0) == 3 else parts[0]
