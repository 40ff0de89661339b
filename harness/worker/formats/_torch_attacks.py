"""Hostile files for the formats of PyTorch; no formats here."""

from __future__ import annotations

import io
import json
import pickle
import tarfile
import zipfile
from typing import Any, Callable, Dict, List

from ..registry import Attack, Canary

Load = Callable[[str], Any]
Rewrite = Callable[[str, bytes], bytes]

ASKED = """
def forward(self, x):
    torch.save([x], self.path)
    return x
"""
RESTORED = """
def forward(self, x):
    return x
def __getstate__(self):
    return self.path, self.training
def __setstate__(self, state: Tuple[str, bool]):
    self.path, self.training = state
    torch.save([state[1]], state[0])
"""


def saved(save: Callable[[Any, str], None], load: Load) -> Attack:
    """An object that says how to rebuild it, instead of a module."""

    def plant(path: str, canary: str) -> None:
        save(Canary(canary), path)

    return Attack("strict", "an object whose __reduce__ opens a file", plant, load)


def states(strict: Load, lax: Load) -> List[Attack]:
    """Instead of tensors: an object; the old tar, whose check was missing once; a class's name."""

    def plant(path: str, canary: str) -> None:
        import torch

        torch.save({"class": "Mlp", "config": {}, "state": Canary(canary)}, path)

    def plant_tar(path: str, canary: str) -> None:
        code = pickle.dumps(Canary(canary), protocol=2)
        with tarfile.open(path, "w:", format=tarfile.PAX_FORMAT) as archive:
            for name in ("storages", "tensors", "pickle"):
                entry = tarfile.TarInfo(name)
                entry.size = len(code)
                archive.addfile(entry, io.BytesIO(code))

    def plant_name(path: str, canary: str) -> None:
        import torch

        torch.save({"class": "os.mkdir", "config": {"path": canary}}, path)

    how = "an object whose __reduce__ opens a file, among the tensors"
    return [
        Attack("strict", how, plant, strict),
        Attack("strict", "pickles in the tar of PyTorch 0.1 (CVE-2025-32434)", plant_tar, strict),
        Attack("strict", "a function's name instead of a network's", plant_name, strict),
        Attack("lax", how + "; torch.load with weights_only=False", plant, lax),
    ]


def named_in_metadata(entry: str, load: Load) -> Attack:
    """All that a header of safetensors can say is text."""

    def plant(path: str, canary: str) -> None:
        import torch
        from safetensors.torch import save_file

        said = json.dumps({"class": "os.mkdir", "config": {"path": canary}})
        save_file({"weight": torch.zeros(2)}, path, metadata={entry: said})

    return Attack("strict", "a function's name instead of a network's", plant, load)


def programs(answers: str, load: Load) -> List[Attack]:
    """TorchScript whose own program writes a file, when it is loaded and when it is asked."""

    def planter(methods: str) -> Callable[[str, str], None]:
        def plant(path: str, canary: str) -> None:
            import torch

            hostile = type("Hostile", (torch.nn.Module,), {})()  # a class takes methods once
            hostile.path = canary
            program = torch.jit.script(hostile)
            program.define(methods)
            torch.jit.save(program, path, _extra_files={answers: "encoder"})

        return plant

    return [
        Attack("strict", "__setstate__ calls aten::save", planter(RESTORED), load),
        Attack("strict", "forward calls aten::save", planter(ASKED), load),
    ]


def exports(dump: Callable[[str], None], load: Load) -> List[Attack]:
    """An honest archive with one of its members rewritten."""

    def planter(rewrite: Callable[[str], Rewrite]) -> Callable[[str, str], None]:
        def plant(path: str, canary: str) -> None:
            dump(path)
            _rewrite(path, rewrite(canary))

        return plant

    return [
        Attack("strict", "a pickle instead of the sample inputs", planter(_inputs), load),
        Attack("strict", "a size written as Python, for sympify", planter(_sizes), load),
        Attack("strict", "a guard written as Python", planter(_guards), load),
    ]


def _inputs(canary: str) -> Rewrite:
    def rewrite(name: str, content: bytes) -> bytes:
        import torch

        if "/sample_inputs/" not in name:
            return content
        file = io.BytesIO()
        torch.save((Canary(canary),), file)
        return file.getvalue()

    return rewrite


def _sizes(canary: str) -> Rewrite:
    def replace(node: Dict[str, Any]) -> None:
        if "expr_str" in node:
            node["expr_str"] = "open(%r, 'w')" % canary

    return _in_graph(replace)


def _guards(canary: str) -> Rewrite:
    def replace(node: Dict[str, Any]) -> None:
        if "guards_code" in node:
            node["guards_code"] = ["open(%r, 'w')" % canary]

    return _in_graph(replace)


def _in_graph(replace: Callable[[Dict[str, Any]], None]) -> Rewrite:
    """Change each object of the JSON that describes the graph."""

    def rewrite(name: str, content: bytes) -> bytes:
        if not name.endswith("/models/model.json"):
            return content
        graph = json.loads(content)
        pending = [graph]
        while pending:
            node = pending.pop()
            if isinstance(node, dict):
                replace(node)
                pending.extend(node.values())
            elif isinstance(node, list):
                pending.extend(node)
        return json.dumps(graph).encode()

    return rewrite


def _rewrite(path: str, rewrite: Rewrite) -> None:
    """The zip at `path` again, each member as `rewrite(name, content)` wants it."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            archive.writestr(name, rewrite(name, content))
