"""Small real things for the tests of this folder: environments, models, matrices, cells."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.locks import HEADER, digest
from harness.records import (
    Cell,
    CellId,
    Environment,
    Format,
    Include,
    Matrix,
    Model,
    Outcome,
    Tolerance,
)

ROOT = Path(__file__).resolve().parents[2]
SHA = "5e" * 32


def schema(name: str) -> Any:
    """A published schema, `cell` or `run`."""
    path = ROOT / "docs" / "reference" / f"{name}.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def environment(id: str = "old", day: int = 1, **changes: Any) -> Environment:
    fields = {
        "python": "3.11",
        "requirements": ("scikit-learn==1.2.2", "numpy==1.24.3"),
        "cutoff": dt.date(2023, 6, 30),
        "main": "scikit-learn",
        "released": dt.date(2023, 3, day),
    }
    return Environment(id, **{**fields, **changes})


def model(id: str = "logreg.binary", tolerance: Tolerance | None = None) -> Model:
    return Model(id, id.partition(".")[0], "iris", f"the model {id}", tolerance)


def format_(
    id: str = "pickle-5", converts: bool = False, tolerance: Tolerance | None = None
) -> Format:
    return Format(id, f"the format {id}", ".bin", (), "anything", converts, tolerance)


MODELS = tuple(model(id) for id in ("forest.classifier", "logreg.binary", "logreg.multinomial"))
FORMATS = (format_("onnx-f32", converts=True), format_("pickle-4"), format_("pickle-5"))


def matrix(**changes: Any) -> Matrix:
    environments = changes.get("environments", (environment("old", 1), environment("new", 2)))
    models, formats = changes.get("models", MODELS), changes.get("formats", FORMATS)
    include = Include(tuple(environment.id for environment in environments), models, formats)
    fields = {
        "name": "small",
        "path": "small.toml",
        "description": "a small one",
        "environments": environments,
        "models": models,
        "formats": formats,
        "includes": (include,),
    }
    return Matrix(**{**fields, **changes})


def lock_text(of: Environment, pins: Mapping[str, str]) -> str:
    """A lock that is current for the environment."""
    lines = [f"{name}=={version} \\\n    --hash=sha256:{SHA}" for name, version in pins.items()]
    return HEADER.format(digest=digest(of)) + "\n".join(lines) + "\n"


def cell(
    id: str = "logreg.binary/pickle-5/old/new", outcome: Outcome = Outcome.IDENTICAL, **more: Any
) -> Cell:
    return Cell(CellId.parse(id), "small", outcome, **more)
