"""Hostile files of the code-free store, written by hand and sealed anew; no formats here."""

from __future__ import annotations

import glob
import json
import os
import pickle
from typing import Any, Callable, Dict, List

from .. import codefree
from ..codefree import sealed
from ..registry import Attack, Canary, Unsupported

Structure = Dict[str, Any]
Edit = Callable[[Structure, str], None]


def attacks(container: str, load: Callable[[str], Any], data: Any) -> List[Attack]:
    """What the other formats fall to, put into the words of this one."""

    def edited(how: str, edit: Edit) -> Attack:
        def plant(path: str, canary: str) -> None:
            rewrite(container, _honest(), path, lambda structure: edit(structure, canary))

        return Attack("strict", how, plant, load)

    def pickled(path: str, canary: str) -> None:
        with open(path, "wb") as file:
            pickle.dump(Canary(canary), file)

    return [
        edited("an object made by os.mknod", _made("posix.mknod")),
        edited("os.mkdir by way of a trusted module", _made("sklearn.datasets._base.os.mkdir")),
        edited("an instance of subprocess.Popen", _instance("subprocess.Popen", "args")),
        edited("a partial call of os.mkdir as a function of a transformer", _partial),
        edited("a function of a transformer by a dotted name", _dotted),
        edited("__class__ and __reduce__ among the attributes", _dunder),
        edited("a state for __setstate__", _state),
        edited("an array of objects with a pickle in it", _objects),
        Attack("strict", "a pickle in place of the file", pickled, load),
        Attack("strict", "scikit-learn's own classes: " + STACK, _memory(container, data), load),
    ]


def rewrite(container: str, model: Any, path: str, edit: Callable[[Structure], None]) -> None:
    """Save `model` with an edited structure, and digests that fit it."""
    text, arrays = sealed.pack(model, codefree.CONTAINERS[container].libraries)
    structure = json.loads(text)["structure"]
    edit(structure)
    inner = sealed.canonical(structure)
    text = '{"sha256":"%s","structure":%s}' % (sealed.digest(inner), inner)
    codefree.CONTAINERS[container].write(path, text, arrays)


def _honest() -> Any:
    """A model that would call its function when it is asked."""
    import numpy
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer(numpy.log1p, kw_args={"dtype": "f8"})


def _made(name: str) -> Edit:
    def edit(structure: Structure, canary: str) -> None:
        structure["objects"].append({"made": name, "of": {"path": canary}})
        structure["objects"][0]["attributes"]["func"] = {"object": 1}

    return edit


def _instance(name: str, attribute: str) -> Edit:
    def edit(structure: Structure, canary: str) -> None:
        structure["objects"].append({"class": name, "attributes": {attribute: ["touch", canary]}})
        structure["objects"][0]["attributes"]["func"] = {"object": 1}

    return edit


def _partial(structure: Structure, canary: str) -> None:
    parts = {"func": {"constant": "os.mkdir"}, "args": {"tuple": [canary]}, "keywords": {}}
    structure["objects"].append({"made": "functools.partial", "of": parts})
    structure["objects"][0]["attributes"]["func"] = {"object": 1}


def _dotted(structure: Structure, canary: str) -> None:
    name = "sklearn.preprocessing._function_transformer.np.f2py.os.mkdir"
    structure["objects"][0]["attributes"]["func"] = {"constant": name}
    structure["objects"][0]["attributes"]["kw_args"] = {"dict": [["path", canary]]}


def _dunder(structure: Structure, canary: str) -> None:
    attributes = structure["objects"][0]["attributes"]
    attributes["__class__"] = {"constant": "subprocess.Popen"}
    attributes["__reduce__"] = {"tuple": [{"constant": "os.mkdir"}, {"tuple": [canary]}]}


def _state(structure: Structure, canary: str) -> None:
    entry = structure["objects"][0]
    entry["state"] = {"tuple": [{"constant": "os.mkdir"}, {"tuple": [canary]}]}


def _objects(structure: Structure, canary: str) -> None:
    import base64

    data = base64.b64encode(pickle.dumps(Canary(canary))).decode()
    structure["arrays"].append(
        {"name": "", "dtype": "|O", "shape": [1], "order": "C", "sha256": data}
    )
    structure["objects"][0]["attributes"]["kw_args"] = {"array": 0}


STACK = "a stack that fits a pipeline whose memory is a folder of pickles"


def _memory(container: str, data: Any) -> Callable[[str, str], None]:
    """Nothing but listed classes, and a folder that joblib would load pickles from.

    Asked to predict, a stack calls the methods that its file names; here `fit` of a pipeline,
    which joblib spares by loading what it finds in the folder for the same input.
    """

    def plant(path: str, canary: str) -> None:
        import joblib

        folder = path + ".memory"
        try:
            _stack(folder, "fit").predict(data.ask)  # fills the folder, then has no answer
        except Exception:
            found = glob.glob(os.path.join(folder, "**", "output.pkl"), recursive=True)
            if not found:
                raise Unsupported("these rows are nothing that the first step can take")
            for name in found:
                joblib.dump(Canary(canary), name)
        rewrite(container, _stack(None, "predict"), path, lambda s: _refit(s, folder))

    return plant


def _stack(folder: Any, method: str) -> Any:
    """Attributes that only a fit would set, set by hand."""
    import numpy
    from sklearn.dummy import DummyClassifier
    from sklearn.ensemble import StackingClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer

    steps = [(name, FunctionTransformer(numpy.isnan)) for name in "ab"]
    pipeline = Pipeline(steps + [("c", "passthrough")], memory=folder)
    stack = StackingClassifier([("p", pipeline)])
    stack.estimators_, stack.stack_method_ = [pipeline], [method]
    stack.final_estimator_ = DummyClassifier()
    return stack


def _refit(structure: Structure, folder: str) -> None:
    for entry in structure["objects"]:
        attributes = entry["attributes"]
        if "stack_method_" in attributes:
            attributes["stack_method_"] = ["fit"]
        if "memory" in attributes:
            attributes["memory"] = folder
