"""PyTorch, Keras and TensorFlow without them: fields, settings, how hostile files are made."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from harness.worker import nets_settings, registry
from harness.worker.formats import (
    _keras_attacks,
    _tensorflow_c,
    _torch_attacks,
    kerases,
    torches,
)
from harness.worker.models import kerases as keras_models
from harness.worker.models import torches as torch_models

WORKER = Path(registry.__file__).parent
MODELS = {id: model for id, model in registry.MODELS.items() if id.startswith(("torch.", "keras."))}
FORMATS = {
    id: format
    for id, format in registry.FORMATS.items()
    if format.family in ("torches", "kerases") and not format.wraps
}


def has(library: str) -> bool:
    return importlib.util.find_spec(library) is not None


def test_ids_name_the_framework() -> None:
    assert set(FORMATS) == {
        "torch-module", "torch-module-legacy", "torch-state", "torch-safetensors", "torch-script",
        "torch-trace", "torch-export", "keras-v3", "keras-h5", "keras-json", "tf-savedmodel",
    }  # fmt: skip
    assert {model.family for model in MODELS.values()} == {"torches", "kerases"}
    assert torch_models.__name__.endswith("torches") and keras_models.__name__.endswith("kerases")


@pytest.mark.parametrize("format", FORMATS.values(), ids=lambda format: format.id)
def test_a_format_says_what_it_is(format: registry.Format) -> None:
    assert format.executes and format.summary and format.suffix.startswith(".")
    assert format.subjects and set(format.subjects) <= set(MODELS)
    framework = format.requires[0]
    assert all(id.startswith(framework + ".") for id in format.subjects)


@pytest.mark.parametrize("format", FORMATS.values(), ids=lambda format: format.id)
def test_a_snippet_saves_and_loads_with_the_librarys_own_calls(format: registry.Format) -> None:
    tree = ast.parse(format.snippet)
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert {"model", "path", "loaded"} <= stored
    roots = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    known = {"torch", "json", "safetensors", "safetensors.torch", "keras", "tensorflow"}
    assert roots and roots <= known


@pytest.mark.parametrize("name", [id for id in MODELS if id.startswith("torch.")])
def test_a_recipe_names_a_network_of_the_list(name: str) -> None:
    tree = ast.parse((WORKER / "nets_torch.py").read_text(encoding="utf-8"))
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    constants = MODELS[name].build.__code__.co_consts
    assert len(classes & {value for value in constants if isinstance(value, str)}) == 1


@pytest.mark.parametrize("name", MODELS)
def test_a_recipe_without_its_library_is_absent(name: str) -> None:
    library = name.partition(".")[0]
    if has(library):
        pytest.skip(f"{library} is installed here")
    with pytest.raises(registry.Absent, match=f"this environment has no working {library}"):
        MODELS[name].build()


# -- settings ------------------------------------------------------------------------------------


def test_the_backend_is_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for there, backend in (({"jax"}, "jax"), ({"jax", "tensorflow"}, "tensorflow")):
        monkeypatch.delenv("KERAS_BACKEND", raising=False)
        monkeypatch.setattr(nets_settings, "_installed", there.__contains__)
        nets_settings.apply()
        assert os.environ["KERAS_BACKEND"] == backend
        assert nets_settings.needed() == ("keras", backend)


def test_a_backend_that_is_not_there_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    monkeypatch.setattr(nets_settings, "_installed", lambda module: False)
    assert nets_settings.needed() == ("keras",)


def test_what_is_set_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "4")
    nets_settings.apply()
    assert os.environ["KERAS_BACKEND"] == "torch"
    assert os.environ["TF_NUM_INTRAOP_THREADS"] == "4"


def test_keras_can_write_no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KERAS_HOME", raising=False)
    nets_settings.apply()
    with pytest.raises(OSError, match="Not a directory"):
        Path(os.environ["KERAS_HOME"]).mkdir(parents=True)


# -- how hostile files are made ------------------------------------------------------------------


CONFIG = {
    "class_name": "Functional",
    "config": {
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "input"}, "inbound_nodes": []},
            {"class_name": "Activation", "config": {"name": "door"}, "inbound_nodes": ["here"]},
        ]
    },
}


def in_json(path: Path) -> None:
    path.write_text(json.dumps(CONFIG), encoding="utf-8")


def in_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(CONFIG))
        archive.writestr("metadata.json", "{}")


def layers_of(path: Path) -> Any:
    if path.suffix == ".json":
        text = path.read_text(encoding="utf-8")
    else:
        with zipfile.ZipFile(path) as archive:
            assert archive.read("metadata.json") == b"{}"
            text = archive.read("config.json").decode()
    return json.loads(text)["config"]["layers"]


@pytest.mark.parametrize(("suffix", "write"), [(".json", in_json), (".keras", in_zip)])
def test_a_call_stands_after_an_honest_layer(tmp_path: Path, suffix: str, write: Any) -> None:
    path = tmp_path / ("model" + suffix)
    write(path)
    _keras_attacks._edit(str(path), lambda layer: _keras_attacks._foreign(layer, "canary"))
    first, door, call = layers_of(path)
    assert (first, door) == tuple(CONFIG["config"]["layers"])  # type: ignore[index]
    assert (call["module"], call["config"]) == ("os", "mkdir")
    assert call["inbound_nodes"] == [{"args": ["canary"], "kwargs": {}}]


def test_a_file_is_fetched_to_where_the_canary_is_looked_for() -> None:
    _, call = _keras_attacks._fetch({}, "/folder/canary")
    node = call["inbound_nodes"][0]
    assert node["args"] == ["canary"] and node["kwargs"]["cache_dir"] == "/folder"
    assert Path(node["kwargs"]["origin"].removeprefix("file://")).is_file()


@pytest.mark.parametrize("change", [_torch_attacks._sizes, _torch_attacks._guards])
def test_text_of_a_graph_becomes_python(tmp_path: Path, change: Any) -> None:
    path = tmp_path / "model.pt2"
    graph = {"nodes": [{"size": {"expr_str": "s77"}}], "guards_code": []}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/models/model.json", json.dumps(graph))
        archive.writestr("model/data/weights/weight_0", b"\0\1")
    _torch_attacks._rewrite(str(path), change("the canary"))
    with zipfile.ZipFile(path) as archive:
        changed = archive.read("model/models/model.json").decode()
        assert archive.read("model/data/weights/weight_0") == b"\0\1"
    assert json.loads(changed) != graph
    code = "open('the canary', 'w')"
    assert code in changed and ast.parse(code)


def test_programs_of_torchscript_are_python_that_parses() -> None:
    for methods in (_torch_attacks.ASKED, _torch_attacks.RESTORED):
        names = [node.name for node in ast.parse(methods).body if isinstance(node, ast.FunctionDef)]
        assert "forward" in names and "torch.save" in methods


# -- TensorFlow's C library ----------------------------------------------------------------------


def test_without_tensorflow_its_library_is_not_found() -> None:
    if has("tensorflow"):
        pytest.skip("tensorflow is installed here")
    with pytest.raises(ImportError, match="TensorFlow is not installed"):
        _tensorflow_c.run("nowhere", None)


def test_the_names_beside_an_artifact_are_of_those_that_belong_to_it() -> None:
    assert kerases.ABOUT.startswith("assets.extra" + os.sep)
    assert torches.ANSWERS != torches.NET
