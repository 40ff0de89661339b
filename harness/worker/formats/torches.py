"""PyTorch: whole modules, their tensors alone, and programs made of them."""

from __future__ import annotations

import json
from typing import Any, List

from ..registry import Attack, Format, Tolerance, Unsupported, format_
from . import _torch_attacks as planted
from ._torch import SAFETENSORS, Torch, architecture, example, fit, module_of, rebuilt, text
from .pickles import ARBITRARY

ANSWERS = "answers"  # file inside an archive: what the outputs of a program are
NET = "net"  # entry of the metadata: how the module is built


@format_
class Module(Torch):
    """`torch.save` of the whole module: a pickle in a zip, which names its classes by module."""

    suffix = ".pt"
    executes = ARBITRARY
    python_only = "the file names Python classes; the code of the network is not in it"
    snippet = """\
import torch

torch.save(model.module, path)
loaded = type(model)(torch.load(path, weights_only=False))
"""

    def __init__(self, id: str, summary: str, zipped: bool) -> None:
        self.id = id
        self.summary = summary
        self.zipped = zipped

    @classmethod
    def variants(cls) -> List[Format]:
        return [
            cls("torch-module", "torch.save of the whole module", True),
            cls("torch-module-legacy", "torch.save of the whole module, as before 1.6", False),
        ]

    def dump(self, model: Any, path: str, data: Any) -> None:
        module = module_of(model)
        try:
            self._save(module, path)
        except RuntimeError as error:
            if "only supported through state_dict" in str(error):
                raise Unsupported("torch.save refuses: %s" % str(error).split("\n")[0])
            raise

    def _save(self, thing: Any, path: str) -> None:
        import torch

        torch.save(thing, path, _use_new_zipfile_serialization=self.zipped)

    def load(self, path: str) -> Any:
        import torch

        return fit().network(torch.load(path, weights_only=False))

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return [planted.saved(self._save, self.load)]


@format_
class State(Torch):
    """`torch.save` of the state dict and of how the module was built, loaded as weights only."""

    id = "torch-state"
    summary = "torch.save of tensors, loaded with weights_only"
    suffix = ".pt"
    executes = "a class on the loader's own list; torch.load with weights_only runs no other code"
    python_only = "the tensors lie in a pickle, and the network itself is Python code"
    snippet = """\
import torch

torch.save({"config": model.module.config, "state": model.module.state_dict()}, path)
held = torch.load(path, weights_only=True)
module = type(model.module)(**held["config"])
module.load_state_dict(held["state"])
loaded = type(model)(module.eval())
"""

    def dump(self, model: Any, path: str, data: Any) -> None:
        import torch

        module, described = architecture(model)
        torch.save(dict(described, state=module.state_dict()), path)

    def load(self, path: str, weights_only: bool = True) -> Any:
        import torch

        held = torch.load(path, weights_only=weights_only)
        module = rebuilt(held)
        module.load_state_dict(held["state"])
        return fit().network(module.eval())

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return planted.states(self.load, lambda path: self.load(path, weights_only=False))


@format_
class Safetensors(Torch):
    """`safetensors.torch.save_model`, which also takes tensors that share memory."""

    id = "torch-safetensors"
    summary = "safetensors, architecture in the metadata"
    suffix = ".safetensors"
    requires = ("torch", "safetensors.torch")
    executes = "a class on the loader's own list, no other code"
    varies = "entries of the metadata come in any order; several where tensors share memory"
    python_only = "any language reads the tensors, but the network itself is Python code"
    snippet = SAFETENSORS

    def dump(self, model: Any, path: str, data: Any) -> None:
        from safetensors.torch import save_model

        module, described = architecture(model)
        save_model(module, path, metadata={NET: json.dumps(described, sort_keys=True)})

    def load(self, path: str) -> Any:
        from safetensors import safe_open
        from safetensors.torch import load_model

        with safe_open(path, "pt") as file:
            module = rebuilt(json.loads(file.metadata()[NET]))
        load_model(module, path)
        return fit().network(module.eval())

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return [planted.named_in_metadata(NET, self.load)]


@format_
class Script(Torch):
    """TorchScript: the module compiled from its source, whose path and lines stand in the file.

    Deprecated, as PyTorch 2.13 warns.
    """

    id = "torch-script"
    summary = "TorchScript, compiled from the source"
    suffix = ".pt"
    executes = "the program in the file, whose operators also write files; no Python"
    varies = "classes are numbered by what the process has compiled before"
    converts = True
    snippet = """\
import torch

torch.jit.save(torch.jit.script(model.module), path)
loaded = type(model)(torch.jit.load(path))
"""

    def dump(self, model: Any, path: str, data: Any) -> None:
        import torch

        module = module_of(model)
        with torch.no_grad():
            program = self._program(module, example(data))
        torch.jit.save(program, path, _extra_files={ANSWERS: fit().answers_of(model)})

    def _program(self, module: Any, example: Any) -> Any:
        import torch

        return torch.jit.script(module)

    def load(self, path: str) -> Any:
        import torch

        extra = {ANSWERS: ""}
        program = torch.jit.load(path, _extra_files=extra)
        return fit().network(program, text(extra[ANSWERS]))

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return planted.programs(ANSWERS, self.load)


@format_
class Trace(Script):
    """TorchScript: what the module did with two rows; a branch on values is lost in silence."""

    id = "torch-trace"
    summary = "TorchScript, traced with two rows"
    snippet = """\
import torch

with torch.no_grad():
    program = torch.jit.trace(model.module, torch.tensor(X[:2], dtype=torch.float32))
torch.jit.save(program, path)
loaded = type(model)(torch.jit.load(path))
"""

    def _program(self, module: Any, example: Any) -> Any:
        import torch

        return torch.jit.trace(module, example)


@format_
class Export(Torch):
    """`torch.export`: a graph of ATen operators for any number of rows.

    The archive keeps the rows that it was made with, here the first two of the training data, and
    the path and text of each line of the source.
    """

    id = "torch-export"
    summary = "torch.export, any number of rows"
    suffix = ".pt2"
    requires = ("torch", "torch.export")
    executes = "anything: it unpickles, and evaluates text of the file as Python"
    converts = True
    tolerance = Tolerance(1e-5, "float32; a fused layer is taken apart, which differs by 1e-6")
    python_only = "loading rebuilds Python code; C++ needs it compiled or lowered first"
    snippet = """\
import torch

rows = torch.tensor(X[:2], dtype=torch.float32)
shapes = ({0: torch.export.Dim("rows")},)
torch.export.save(torch.export.export(model.module, (rows,), dynamic_shapes=shapes), path)
loaded = type(model)(torch.export.load(path).module())
"""

    def dump(self, model: Any, path: str, data: Any) -> None:
        import torch
        from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

        module = module_of(model)
        shapes = ({0: torch.export.Dim("rows")},)
        try:
            program = torch.export.export(module, (example(data),), dynamic_shapes=shapes)
        except GuardOnDataDependentSymNode as error:
            raise Unsupported("torch.export refuses: %s" % str(error).split("\n")[0])
        with open(path, "wb") as file:  # given a name, it insists on its own ending
            torch.export.save(program, file, extra_files={ANSWERS: fit().answers_of(model)})

    def load(self, path: str) -> Any:
        import torch

        extra = {ANSWERS: ""}
        with open(path, "rb") as file:
            program = torch.export.load(file, extra_files=extra)
        return fit().network(program.module(), text(extra[ANSWERS]))

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return planted.exports(lambda path: self.dump(model, path, data), self.load)
