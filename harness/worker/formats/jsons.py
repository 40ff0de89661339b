"""JSON: parameters, structure and arrays of scikit-learn's estimators, without code."""

from __future__ import annotations

from ..registry import format_
from ._codefree import CodeFree


@format_
class Json(CodeFree):
    """The code-free store in one JSON file, every bit of every float kept."""

    id = "json"
    summary = "code-free store: one JSON file"
    suffix = ".json"
    checksum = "SHA-256 over the whole file after its first line"


@format_
class JsonGzip(CodeFree):
    """The same within gzip."""

    id = "json-gzip"
    summary = "code-free store: one JSON file within gzip"
    suffix = ".json.gz"
    checksum = "gzip's CRC-32, and SHA-256 over the whole JSON after its first line"
