"""What the formats of the code-free store have in common; no formats here."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from .. import codefree
from ..registry import Attack, Format, Unsupported
from . import _codefree_attacks

NOTHING = (
    "nothing of the file's: instances of classes on an exact list are filled without calling them"
)
PYTHON_ONLY = (
    "the numbers and the structure are there for any reader, but what to do with them"
    " is scikit-learn's code in Python"
)
DIGESTS = "SHA-256 over the structure, which holds a SHA-256 of each array"
SNIPPET = """\
from shelflife_worker import codefree

codefree.save(model, path, "%s")
loaded = codefree.load(path, "%s")
"""


class CodeFree(Format):
    """The store of `codefree` in one of its containers, which is named as the format is."""

    executes = NOTHING
    python_only = PYTHON_ONLY
    checksum = DIGESTS
    requires: Tuple[str, ...] = ("sklearn.base", "scipy.sparse")

    def __init__(self) -> None:
        self.snippet = SNIPPET % (self.id, self.id)

    def dump(self, model: Any, path: str, data: Any) -> None:
        try:
            codefree.save(model, path, self.id)
        except codefree.Cannot as error:
            raise Unsupported(str(error))

    def load(self, path: str) -> Any:
        return codefree.load(path, self.id)

    def declared(self, path: str, data: Any) -> Optional[Dict[str, Any]]:
        """The versions that it names, against those that are here."""
        named = codefree.versions(path, self.id)
        library = codefree.CONTAINERS[self.id].libraries
        here = codefree.here(named)
        return {
            "missing": [name for name in ("scikit-learn",) + library if name not in named],
            "needless": [name for name in named if name not in here],
            "mismatched": [name for name in here if here[name] != named[name]],
        }

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return super().attacks(model, data) + _codefree_attacks.attacks(self.id, self.load, data)
