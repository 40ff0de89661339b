"""Hostile folders for MLflow: whoever writes the model writes MLmodel too; no formats here."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
import zipfile
from typing import Any, Callable, Dict, List

from ..registry import Attack, Canary

Load = Callable[[str], Any]
SWITCH = "MLFLOW_ALLOW_PICKLE_DESERIALIZATION"
SHADOWED = ("skops", "sklearn")  # what MLflow or a pickle imports only when it loads
FRESH = "import sys, mlflow.%s; mlflow.%s.load_model(sys.argv[1])"


def attacks(author: Callable[[str], None], load: Load, flavor: str) -> List[Attack]:
    """`author(path)` saves an honest folder; then somebody else changes it.

    `flavor` is the module of MLflow that `load` loads with: a loader of python_functions is no
    danger to what is loaded as scikit-learn's.
    """

    def off(path: str) -> Any:
        os.environ[SWITCH] = "false"
        return load(path)

    def planted(change: Callable[[str, str], None]) -> Callable[[str, str], None]:
        def plant(path: str, canary: str) -> None:
            author(path)
            change(path, canary)

        return plant

    own = "strict" if flavor == "pyfunc" else "lax"
    flag = ", while %s=false" % SWITCH
    named = "MLmodel names pickle, and the file is one"
    trusted = "MLmodel trusts the types by which a skops file calls open"
    shadow = "a folder of code with packages of well-known names, put first on the path"
    loader = "MLmodel names a module in its folder of code as the loader of a python_function"
    return [
        Attack("strict", named, planted(_pickled), load),
        Attack("strict", trusted, planted(_trusted), load),
        Attack("strict", shadow, planted(_shadowed), _fresh(flavor)),
        Attack("strict", named + flag, planted(_pickled), off),
        Attack(own, loader, planted(_loader), _fresh("pyfunc")),
        Attack(own, loader + flag, planted(_loader), _fresh("pyfunc", **{SWITCH: "false"})),
    ]


def _fresh(flavor: str, **environment: str) -> Load:
    """Load in an interpreter that has imported MLflow and nothing else."""

    def load(path: str) -> None:
        code = FRESH % (flavor, flavor)
        given = dict(os.environ, **environment)
        command = [sys.executable, "-I", "-c", code, path]
        done = subprocess.run(command, env=given, stderr=subprocess.PIPE, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.decode("utf-8", "replace").strip()[-200:])

    return load


def change(path: str, **values: str) -> None:
    """Other values for keys of MLmodel, wherever they stand."""
    name = os.path.join(path, "MLmodel")
    with open(name, encoding="utf-8") as file:
        text = file.read()
    for key, value in values.items():
        text = re.sub(r"(?m)^(\s+)%s:.*(\n\1-.*)*$" % key, r"\g<1>%s: %s" % (key, value), text)
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def _pickled(path: str, canary: str) -> None:
    with open(os.path.join(path, "hostile.pkl"), "wb") as file:
        pickle.dump(Canary(canary), file)
    change(
        path, serialization_format="pickle", pickled_model="hostile.pkl", model_path="hostile.pkl"
    )


def _trusted(path: str, canary: str) -> None:
    """A call, as skops' schema writes it."""
    name = os.path.join(path, "hostile.skops")
    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("schema.json", json.dumps(_call(canary)))
    change(
        path,
        serialization_format="skops",
        pickled_model="hostile.skops",
        model_path="hostile.skops",
        skops_trusted_types="[operator.call, builtins.open]",
    )


def _call(canary: str) -> Dict[str, Any]:
    def node(module: str, name: str, loader: str, **more: Any) -> Dict[str, Any]:
        return dict({"__class__": name, "__module__": module, "__loader__": loader}, **more)

    def text(value: str) -> Dict[str, Any]:
        return node("builtins", "str", "JsonNode", content=json.dumps(value), is_json=True)

    opener = node("builtins", "open", "FunctionNode")
    parts = node("builtins", "tuple", "TupleNode", content=[opener, text(canary), text("w")])
    call = node("operator", "call", "OperatorFuncNode", attrs=parts)
    return dict(call, protocol=2, _skops_version="0.16.0")


def _code(path: str, names: List[str], canary: str) -> None:
    folder = os.path.join(path, "code")
    os.makedirs(folder, exist_ok=True)
    for name in names:
        with open(os.path.join(folder, name + ".py"), "w", encoding="utf-8") as file:
            file.write("open(%r, 'w').close()\n" % canary)


def _shadowed(path: str, canary: str) -> None:
    _code(path, list(SHADOWED), canary)
    change(path, code="code", loader_module="mlflow.sklearn\n    code: code")


def _loader(path: str, canary: str) -> None:
    _code(path, ["hostile_loader"], canary)
    change(path, loader_module="hostile_loader\n    code: code")
