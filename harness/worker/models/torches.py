"""Networks of PyTorch: each of another kind of layer, fitted on pictures or tables."""

from __future__ import annotations

import importlib
from typing import Any

from ..registry import model
from ._api import library


def _network(name: str, **config: Any) -> Any:
    """The network `name` of `nets_torch`, not yet fitted."""
    library("torch")
    package = __name__.rpartition(".models.")[0]
    module = importlib.import_module(package + ".nets_torch").build(name, config)
    return importlib.import_module(package + ".nets_torch_fit").network(module)


@model("torch.mlp", data="digits", summary="two hidden layers, dropout, ten classes")
def torch_mlp() -> Any:
    return _network("Mlp", inputs=20, hidden=48, dropout=0.2, dtype="float32")


@model("torch.bfloat16", data="digits", summary="the same, fitted and kept in bfloat16")
def torch_bfloat16() -> Any:
    return _network("Mlp", inputs=20, hidden=32, dropout=0.0, dtype="bfloat16")


@model("torch.cnn", data="digits.pictures", summary="convolutions, batch norm, dropout")
def torch_cnn() -> Any:
    return _network("Cnn", channels=6, dropout=0.1)


@model("torch.gru", data="digits.pictures", summary="recurrent, two layers, both directions")
def torch_gru() -> Any:
    return _network("Gru", hidden=12, layers=2)


@model("torch.attention", data="digits.pictures", summary="a layer of a transformer's encoder")
def torch_attention() -> Any:
    return _network("Attention", width=16, heads=2)


@model("torch.embedding", data="codes", summary="embeddings of codes beside numbers, two outputs")
def torch_embedding() -> Any:
    return _network("Codes", codes=5, width=3)


@model("torch.shared", data="digits", summary="one layer used twice under two names")
def torch_shared() -> Any:
    return _network("Shared", inputs=20, hidden=32)


@model("torch.branch", data="digits", summary="a branch that depends on the values of a batch")
def torch_branch() -> Any:
    return _network("Branch", inputs=20, hidden=32)


@model("torch.regressor", data="diabetes.outputs", summary="two numbers, double, weight norm")
def torch_regressor() -> Any:
    return _network("Normed", inputs=9, hidden=8)


@model("torch.autoencoder", data="digits.unlabelled", summary="a code of four numbers, no targets")
def torch_autoencoder() -> Any:
    return _network("Autoencoder", inputs=20, code=4)
