"""Formats that lie, refuse or fail."""

from __future__ import annotations

import os
import pickle
from typing import Any

from shelflife_worker.registry import Format, Tolerance, Unsupported, format_


class Plain(Format):
    """pickle under another name, to be misused."""

    suffix = ".mini"
    executes = "anything"

    def dump(self, model: Any, path: str, data: Any) -> None:
        with open(path, "wb") as file:
            pickle.dump(model, file)

    def load(self, path: str) -> Any:
        with open(path, "rb") as file:
            return pickle.load(file)


@format_
class Liar(Plain):
    """Stores another model than it was given."""

    id = "liar"
    summary = "answers otherwise as soon as it is reloaded"

    def load(self, path: str) -> Any:
        model = super().load(path)
        model.predict = lambda X: X.sum(axis=1) / 2 + 1
        return model


@format_
class Translator(Liar):
    """The same, but says that it converts."""

    id = "translator"
    summary = "converts, and answers otherwise"
    converts = True
    tolerance = Tolerance(1e-6, "it says so")


@format_
class Refuser(Plain):
    """Cannot, and says so."""

    id = "refuser"
    summary = "stores nothing"

    def dump(self, model: Any, path: str, data: Any) -> None:
        raise Unsupported("not on a Saturday")


@format_
class Breaker(Plain):
    """Fails while saving."""

    id = "breaker"
    summary = "fails while saving"

    def dump(self, model: Any, path: str, data: Any) -> None:
        raise OverflowError("too much")


@format_
class Killer(Plain):
    """Kills the process while saving."""

    id = "killer"
    summary = "kills the process while saving"

    def dump(self, model: Any, path: str, data: Any) -> None:
        os._exit(7)


@format_
class Needy(Plain):
    """Needs what no environment has."""

    id = "needy"
    summary = "needs a module that is not there"
    requires = ("a_module_that_is_not_there",)


@format_
class Amnesiac(Plain):
    """Cannot read what it has written."""

    id = "amnesiac"
    summary = "cannot read what it has written"

    def load(self, path: str) -> Any:
        raise EOFError("what was it?")
