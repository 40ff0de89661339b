"""The pickle module of the standard library."""

from __future__ import annotations

import contextlib
import pickle
import re
from typing import Any, Iterator, List

from ..registry import Absent, Format, Unsupported, format_

ARBITRARY = "anything: a pickle is a program"
PYTHON_ONLY = "a pickle is a program for Python's own machine, and what it builds are its objects"
# What pickle, copyreg, and classes written in Cython say of an object that they will not save.
REFUSAL = re.compile(r"[Cc]an(not|'t) (be )?(pickle|get local)|no default __reduce__")

SNIPPET = """\
import pickle

with open(path, "wb") as file:
    pickle.dump(model, file, protocol=%d)

with open(path, "rb") as file:
    loaded = pickle.load(file)
"""


@format_
class Pickle(Format):
    """`pickle.dump` with a fixed protocol."""

    suffix = ".pkl"
    executes = ARBITRARY
    python_only = PYTHON_ONLY

    def __init__(self, protocol: int) -> None:
        self.protocol = protocol
        self.id = "pickle-%d" % protocol
        self.summary = "pickle, protocol %d" % protocol
        self.snippet = SNIPPET % protocol

    @classmethod
    def variants(cls) -> List[Format]:
        return [cls(protocol) for protocol in range(6)]

    def dump(self, model: Any, path: str, data: Any) -> None:
        if self.protocol > pickle.HIGHEST_PROTOCOL:
            raise Absent("pickle of this Python has no protocol %d" % self.protocol)
        with refusals("pickle"), open(path, "wb") as file:
            pickle.dump(model, file, protocol=self.protocol)

    def load(self, path: str) -> Any:
        with open(path, "rb") as file:
            return pickle.load(file)


@contextlib.contextmanager
def refusals(library: str) -> Iterator[None]:
    """Make Unsupported of what pickle refuses to save; any other error stays what it is."""
    try:
        yield
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        words = str(error)
        if not isinstance(error, pickle.PicklingError) and not REFUSAL.search(words):
            raise
        raise Unsupported("%s cannot store it: %s" % (library, re.sub(r" at 0x\w+", "", words)))
