"""dill: pickle that also takes functions and classes of `__main__`, by value unless told not to."""

from __future__ import annotations

from typing import Any, Dict, List

from ..registry import Format, format_
from .pickles import ARBITRARY, PYTHON_ONLY, refusals

SNIPPET = """\
import dill

with open(path, "wb") as file:
    dill.dump(model, file%s)

with open(path, "rb") as file:
    loaded = dill.load(file)
"""


@format_
class Dill(Format):
    """`dill.dump` with one of the settings that decide what is saved with a function or a class.

    As it is, a function is saved with a reference to the module that its globals are in. With
    `recurse` the globals that it uses are saved with it. With `byref` classes are saved by name,
    as pickle saves them.
    """

    suffix = ".dill"
    requires = ("dill",)
    executes = ARBITRARY
    python_only = PYTHON_ONLY

    def __init__(self, id: str, summary: str, settings: Dict[str, bool]) -> None:
        self.id = id
        self.summary = summary
        self.settings = settings
        self.snippet = SNIPPET % "".join(", %s=%r" % pair for pair in settings.items())

    @classmethod
    def variants(cls) -> List[Format]:
        return [
            cls("dill", "dill, its default protocol", {}),
            cls("dill-recurse", "dill, with the globals that functions use", {"recurse": True}),
            cls("dill-byref", "dill, classes by name", {"byref": True}),
        ]

    def dump(self, model: Any, path: str, data: Any) -> None:
        import dill

        with refusals("dill"), open(path, "wb") as file:
            dill.dump(model, file, **self.settings)

    def load(self, path: str) -> Any:
        import dill

        with open(path, "rb") as file:
            return dill.load(file)
