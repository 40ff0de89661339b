"""What there is to save and how, asked of the worker across the wall."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.errors import UserError
from harness.project import WORKER
from harness.records import Format, Model, Tolerance


@dataclass(frozen=True)
class Registry:
    """Models and formats, each in order of their ids; families of formats with their titles."""

    models: tuple[Model, ...]
    formats: tuple[Format, ...]
    families: Mapping[str, str] = field(default_factory=dict)


def read(plugins: Sequence[str] = ()) -> Registry:
    """The registry with the plugins' additions. UserError where a file of it is broken."""
    command = [sys.executable, "-I", str(WORKER), "describe", *plugins]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        last = answer.stderr.strip().splitlines()[-1:] or ["no message"]
        hint = f"Try: {' '.join(command[1:])}"
        raise UserError(f"the registry of models and formats cannot be read: {last[0]}", hint)
    found = json.loads(answer.stdout)
    models = (Model(**{**m, "tolerance": _tolerance(m)}) for m in found["models"])
    formats = (
        Format(**{**f, "tolerance": _tolerance(f), "requires": tuple(f["requires"])})
        for f in found["formats"]
    )
    return Registry(
        tuple(sorted(models, key=lambda model: model.id)),
        tuple(sorted(formats, key=lambda format: format.id)),
        found["families"],
    )


def _tolerance(entry: Mapping[str, Any]) -> Tolerance | None:
    return Tolerance(**entry["tolerance"]) if entry["tolerance"] else None
