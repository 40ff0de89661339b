"""joblib: pickle with the arrays written apart."""

from __future__ import annotations

from typing import Any, List, Tuple, Union

from ..registry import Format, format_
from .pickles import ARBITRARY

Compress = Union[int, Tuple[str, int]]


@format_
class Joblib(Format):
    """`joblib.dump` with one setting of `compress`."""

    requires = ("joblib",)
    suffix = ".joblib"
    executes = ARBITRARY

    def __init__(self, id: str, summary: str, compress: Compress) -> None:
        self.id = id
        self.summary = summary
        self.compress = compress

    @classmethod
    def variants(cls) -> List[Format]:
        return [
            cls("joblib", "joblib, uncompressed", 0),
            cls("joblib-zlib3", "joblib, zlib at level 3", ("zlib", 3)),
        ]

    def dump(self, model: Any, path: str, data: Any) -> None:
        import joblib

        joblib.dump(model, path, compress=self.compress)

    def load(self, path: str) -> Any:
        import joblib

        return joblib.load(path)
