"""What the formats of PyTorch share; no formats here."""

from __future__ import annotations

import importlib
from typing import Any, Dict, Tuple

from ..registry import Format, Unsupported

SAFETENSORS = """\
import json
from safetensors import safe_open
from safetensors.torch import load_model, save_model

save_model(model.module, path, metadata={"config": json.dumps(model.module.config)})
with safe_open(path, "pt") as file:
    config = json.loads(file.metadata()["config"])
module = type(model.module)(**config)
load_model(module, path)
loaded = type(model)(module.eval())
"""  # a snippet: how tensors go there and back
PACKAGE = __name__.rpartition(".formats.")[0]


def nets() -> Any:
    """The author's networks; this imports torch."""
    return importlib.import_module(PACKAGE + ".nets_torch")


def fit() -> Any:
    """What makes estimators of them."""
    return importlib.import_module(PACKAGE + ".nets_torch_fit")


def module_of(model: Any) -> Any:
    import torch

    module = getattr(model, "module", None)
    if not isinstance(module, torch.nn.Module):
        raise Unsupported("not a PyTorch module")
    return module


def architecture(model: Any) -> Tuple[Any, Dict[str, Any]]:
    """The module, and as plain data how it is built, which the formats of tensors alone need."""
    module = module_of(model)
    name = type(module).__name__
    if nets().NETS.get(name) is not type(module):
        raise Unsupported("the architecture %s is not on the list of those to rebuild" % name)
    return module, {"class": name, "config": module.config}


def rebuilt(described: Any) -> Any:
    """An untrained module of an architecture on the list; any other name is a KeyError."""
    return nets().build(described["class"], described["config"])


class Torch(Format):
    """What all formats of PyTorch share."""

    requires: Tuple[str, ...] = ("torch",)
    subjects = ("torch.mlp", "torch.cnn")

    def large(self) -> Any:
        """A layer of 16 MiB."""
        return fit().network(nets().build("Wide", {"width": 2048}).eval())


def example(data: Any) -> Any:
    """The first two rows of the training data: one row alone would be taken for the only size."""
    import torch

    rows = torch.as_tensor(data.X[:2], dtype=torch.float32)
    return rows if len(rows) == 2 else rows.repeat(2, 1)


def text(found: Any) -> str:
    return found.decode() if isinstance(found, bytes) else str(found)
