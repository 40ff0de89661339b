"""Which cases are measured: patterns over the one registry, for asv and pytest-benchmark alike.

An id is that of the matrix, `model/format`, and what it stands for, the registry says. Nothing here
depends on what is installed: asv keeps one list of parameters for all environments, and what an
environment cannot do is skipped there, with the reason.

asv imports this in the pinned environments: Python 3.7, standard library only.
"""

from __future__ import annotations

import fnmatch
import inspect
import os
from typing import Dict, List, NamedTuple, Sequence, Tuple

from harness.worker import registry

HERE = os.path.dirname(os.path.abspath(__file__))
CODECS = os.path.join(os.path.dirname(HERE), "codecs")  # plugin: every level of every codec


class Set(NamedTuple):
    """Models, each with the formats that are measured on it. `!` before a pattern takes away.

    Those of a set share their blocks, or those of a codec alone, where `apart`: there a block of
    all would take hours. `starts`: whether also from the start of a process to the first answer.
    """

    models: Tuple[str, ...]
    formats: Tuple[str, ...]
    apart: bool = False
    starts: bool = True


NO_LEVELS = ("!joblib-*-[0-9]", "!pickle-*-[0-9]*")
SETS: Dict[str, Set] = {
    "formats": Set(
        ("forest.classifier", "sized.forest-500", "sized.mlp-10m"),
        (
            *("pickle-*", "joblib*", "cloudpickle", "dill*", "skops*", "onnx-*", "pmml*"),
            *("json*", "npz*", "hdf5", "safetensors", "text", "mlflow-*", "treelite"),
            *NO_LEVELS,
            "joblib-zlib-3",
        ),
    ),
    "boosters": Set(
        ("xgboost.binary", "lightgbm.binary", "catboost.binary"),
        ("pickle-5", "joblib", "skops", "xgboost-*", "lightgbm-*", "catboost-*", "treelite"),
    ),
    "networks": Set(
        ("torch.mlp", "keras.mlp"), ("pickle-5", "joblib", "torch-*", "keras-*", "tf-*")
    ),
    "compression": Set(
        (
            *("sized.forest-500", "sized.boosted-300", "sized.mlp-10m"),
            *("sized.knn-100k", "sized.tfidf-200k", "sized.logistic-1m"),
        ),
        ("pickle-5", "joblib", "joblib-*-[0-9]", "pickle-*-[0-9]*"),
        apart=True,
        starts=False,
    ),
}


def plugins() -> Tuple[str, ...]:
    """Folders that add to the registry: the codecs' levels, and those of `SHELFLIFE_PLUGINS`."""
    named = os.environ.get("SHELFLIFE_PLUGINS", "").split(os.pathsep)
    return (CODECS,) + tuple(os.path.abspath(name) for name in named if name)


def cases(name: str) -> List[str]:
    """The ids of a set, `model/format`. KeyError where it names a model that there is none of."""
    registry.read(plugins())
    chosen = SETS[name]
    taken = picked(sorted(registry.FORMATS), chosen.formats)
    taken += outside() if name == "formats" else []
    return [
        "%s/%s" % (registry.MODELS[model].id, format) for model in chosen.models for format in taken
    ]


def outside() -> List[str]:
    """The formats that come from a folder of `SHELFLIFE_PLUGINS`."""
    folders = tuple(folder + os.sep for folder in plugins()[1:])
    where = {id: inspect.getfile(type(format)) for id, format in registry.FORMATS.items()}
    return sorted(id for id in where if os.path.abspath(where[id]).startswith(folders))


def beside(name: str, format: str) -> List[str]:
    """The formats that are measured together with this one, itself among them."""
    registry.read(plugins())
    if format in outside():  # beside pickle alone: what is one's own is tried often
        return [format, "pickle-5"]
    chosen = SETS[name]
    taken = picked(sorted(registry.FORMATS), chosen.formats)
    return [id for id in taken if codec(id) == codec(format)] if chosen.apart else taken


def codec(format: str) -> str:
    """What levels of one codec have in common: `joblib-zlib` of `joblib-zlib-3`; "" of others."""
    start, _, level = format.rpartition("-")
    return start if "-" in start and level.isdigit() else ""


def picked(ids: Sequence[str], patterns: Sequence[str]) -> List[str]:
    """The ids that the patterns select, in turn; a `+` is taken by a pattern with one."""
    found = set()  # type: ignore[var-annotated]
    for pattern in patterns:
        named = pattern.lstrip("!")
        matching = {id for id in fnmatch.filter(ids, named) if "+" in named or "+" not in id}
        found = found - matching if pattern.startswith("!") else found | matching
    return [id for id in ids if id in found]
