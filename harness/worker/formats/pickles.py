"""The pickle module of the standard library."""

from __future__ import annotations

import pickle
from typing import Any, List

from ..registry import Format, format_

ARBITRARY = "anything: a pickle is a program"


@format_
class Pickle(Format):
    """`pickle.dump` with a fixed protocol."""

    suffix = ".pkl"
    executes = ARBITRARY

    def __init__(self, protocol: int) -> None:
        self.protocol = protocol
        self.id = "pickle-%d" % protocol
        self.summary = "pickle, protocol %d" % protocol

    @classmethod
    def variants(cls) -> List[Format]:
        return [cls(protocol) for protocol in (2, 4, 5)]

    def dump(self, model: Any, path: str, data: Any) -> None:
        with open(path, "wb") as file:
            pickle.dump(model, file, protocol=self.protocol)

    def load(self, path: str) -> Any:
        with open(path, "rb") as file:
            return pickle.load(file)
