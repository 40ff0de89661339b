"""Plain text: parameters, structure and arrays of scikit-learn's estimators, without code."""

from __future__ import annotations

import os
import pickle
from typing import Any, List

from ..registry import Attack, Canary, format_
from . import _codefree


@format_
class Text(_codefree.CodeFree):
    """The code-free store as a folder of text files that any tool reads."""

    id = "text"
    summary = "code-free store: a folder of text files"
    suffix = ".model"
    checksum = "SHA-256 of every file, in SHA256SUMS"

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        def plant(path: str, canary: str) -> None:
            self.dump(model, path, data)
            elsewhere = path + ".pickle"
            with open(elsewhere, "wb") as file:
                pickle.dump(Canary(canary), file)
            os.remove(os.path.join(path, "0000.txt"))
            os.symlink(elsewhere, os.path.join(path, "0000.txt"))

        how = "a link from the folder to a pickle"
        return super().attacks(model, data) + [Attack("strict", how, plant, self.load)]
