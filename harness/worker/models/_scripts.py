"""Scripts that make what is saved: run in `__main__`, as a user's own are; no models here."""

from __future__ import annotations

import sys
from typing import Any, Callable

from ..registry import Absent, Asks
from ._tables import register


def script(name: str, summary: str, asks: Asks, module: str, text: str) -> None:
    """Register what the script `text` calls `subject`, as the model `python.code-<name>`."""
    register("python.code-" + name, summary, _building(name, text), asks, module)


def _building(name: str, text: str) -> Callable[[], Any]:
    """Run the script where the process that saves finds it and the one that loads does not.

    A text that this Python cannot compile is absent from it.
    """

    def build() -> Any:
        main = vars(sys.modules["__main__"])
        try:
            exec(compile(text, "<%s>" % name, "exec"), main)  # noqa: S102 - its own text
        except (SyntaxError, AttributeError) as error:
            raise Absent("this Python cannot run it: %s" % error.args[0])
        return main.pop("subject")

    return build


def calling(*given: Any) -> Asks:
    """For a function: what it returns for these arguments."""
    return {"call": lambda function: repr(function(*given))}
