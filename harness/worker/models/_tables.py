"""Models that stand in a table, a line each; no models here."""

from __future__ import annotations

import re
from typing import Any, Callable

from ..registry import Asks, model


def register(id: str, summary: str, build: Callable[[], Any], asks: Asks, module: str) -> None:
    """Register `build` as the recipe of `id`, as if a function of that name stood in `module`."""
    build.__name__ = re.sub("[.-]", "_", id)
    build.__module__ = module
    model(id, summary=summary, asks=asks)(build)
