"""safetensors: structure and arrays of scikit-learn's estimators, without code."""

from __future__ import annotations

from ..registry import format_
from ._codefree import CodeFree


@format_
class Safetensors(CodeFree):
    """The code-free store as tensors, with the structure in the metadata."""

    id = "safetensors"
    summary = "code-free store: safetensors"
    suffix = ".safetensors"
    requires = ("safetensors",) + CodeFree.requires
