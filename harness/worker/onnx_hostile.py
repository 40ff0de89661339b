"""ONNX files that try to do more than compute: the attempts that are known for the format."""

from __future__ import annotations

import os
from typing import Any, Callable, List

from .registry import Attack

OPSET, IR = 15, 8


def attacks(load: Callable[[str], Any]) -> List[Attack]:
    """An operator that ran Python in some builds; weights that are written back outside."""
    return [
        Attack("strict", "a node of PyOp, which some builds answer with Python", _python, load),
        Attack("strict", "weights in a file outside the folder", _elsewhere, load),
        Attack(
            "lax", "weights outside the folder, by onnx.load and onnx.save", _elsewhere, _resave
        ),
    ]


def _python(path: str, canary: str) -> None:
    from onnx import helper

    node = helper.make_node(
        "PyOp", ["X"], ["Y"], domain="pyop", module="pathlib", class_name="Path", W=canary
    )
    _write(path, node, [])


def _elsewhere(path: str, canary: str) -> None:
    """A tensor with bytes of its own that says that they are kept in the file `canary`."""
    from onnx import TensorProto, helper

    tensor = TensorProto(name="W", data_type=TensorProto.FLOAT, dims=[1])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.raw_data = bytes(4)
    entry = tensor.external_data.add()
    entry.key = "location"
    entry.value = os.path.join("..", os.path.basename(os.path.dirname(canary)), "canary")
    _write(path, helper.make_node("Add", ["X", "W"], ["Y"]), [tensor])


def _write(path: str, node: Any, tensors: List[Any]) -> None:
    from onnx import TensorProto, helper

    X, Y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1]) for name in "XY")
    domains = [helper.make_opsetid("", OPSET)]
    if node.domain:
        domains.append(helper.make_opsetid(node.domain, 1))
    graph = helper.make_graph([node], "hostile", [X], [Y], tensors)
    model = helper.make_model(graph, opset_imports=domains, ir_version=IR)
    with open(path, "wb") as file:
        file.write(model.SerializeToString())


def _resave(path: str) -> Any:
    """What a person does who only wants to rename or trim a model with onnx."""
    import onnx

    model = onnx.load(path, load_external_data=False)
    onnx.save(model, path + ".again")
    return model
