"""cloudpickle: pickle that also takes functions and classes by value."""

from __future__ import annotations

from typing import Any

from ..registry import Format, format_
from .pickles import ARBITRARY, PYTHON_ONLY, refusals


@format_
class Cloudpickle(Format):
    """`cloudpickle.dump` with its default, the highest protocol of the Python that saves."""

    id = "cloudpickle"
    summary = "cloudpickle, highest protocol"
    suffix = ".cpkl"
    requires = ("cloudpickle",)
    executes = ARBITRARY
    python_only = PYTHON_ONLY
    snippet = """\
import cloudpickle

with open(path, "wb") as file:
    cloudpickle.dump(model, file)

with open(path, "rb") as file:
    loaded = cloudpickle.load(file)
"""

    def dump(self, model: Any, path: str, data: Any) -> None:
        import cloudpickle

        with refusals("cloudpickle"), open(path, "wb") as file:
            cloudpickle.dump(model, file)

    def load(self, path: str) -> Any:
        import cloudpickle

        with open(path, "rb") as file:
            return cloudpickle.load(file)
