"""Loaded and answering is not yet usable: what else people do with a model."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from . import artifacts
from .registry import Format


def checks(format: Format, data: Any, scratch: str) -> Dict[str, Callable[[Any], Any]]:
    """What is tried, by name; each takes the model and raises where it cannot."""

    def clone(model: Any) -> Any:
        from sklearn.base import clone as copy

        return copy(model)

    def dump_again(model: Any) -> None:
        try:
            format.dump(model, scratch, data)
        finally:
            artifacts.remove(scratch)

    tried: Dict[str, Callable[[Any], Any]] = {"repr": repr}
    if not format.converts:
        tried["get_params"] = lambda model: model.get_params(deep=True)
        tried["clone"] = clone
        tried["dump-again"] = dump_again
    return tried


def applicable(model: Any, names: List[str]) -> List[str]:
    """The checks that make sense for `model`: only estimators have parameters."""
    estimator = hasattr(type(model), "get_params")
    return [name for name in names if estimator or name not in ("get_params", "clone")]
