"""NumPy's zip of arrays: structure and arrays of scikit-learn's estimators, without code."""

from __future__ import annotations

import io
import pickle
import zipfile
from typing import Any, List

from ..registry import Attack, Canary, format_
from . import _codefree

CHECKSUM = "CRC-32 of every member, all headers byte for byte, and " + _codefree.DIGESTS


@format_
class Npz(_codefree.CodeFree):
    """The code-free store as a .npz file, which `numpy.load` opens."""

    id = "npz"
    summary = "code-free store: NumPy's .npz"
    suffix = ".npz"
    checksum = CHECKSUM

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        def plant(path: str, canary: str) -> None:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("structure.json", b"{}")
                archive.writestr("0000.npy", _pickled(canary))

        how = "a member that is a pickled array of objects"
        more = [Attack("strict", how, plant, self.load), Attack("lax", how + LAX, plant, _lax)]
        return super().attacks(model, data) + more


LAX = ", loaded by numpy.load(path, allow_pickle=True)"


def _lax(path: str) -> Any:
    import numpy

    with numpy.load(path, allow_pickle=True) as found:
        return {name: found[name] for name in found}


def _pickled(canary: str) -> bytes:
    """A .npy file of one object, as NumPy writes it."""
    import numpy

    file = io.BytesIO()
    numpy.lib.format.write_array_header_1_0(
        file, {"descr": "|O", "fortran_order": False, "shape": (1,)}
    )
    return file.getvalue() + pickle.dumps(Canary(canary))


@format_
class NpzDeflate(Npz):
    """The same with its members deflated."""

    id = "npz-deflate"
    summary = "code-free store: NumPy's .npz, deflated"
