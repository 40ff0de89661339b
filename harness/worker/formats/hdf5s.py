"""HDF5: parameters, structure and arrays of scikit-learn's estimators, without code."""

from __future__ import annotations

from typing import Any, List

from ..registry import Attack, format_
from . import _codefree
from ._hdf5_attacks import attacks


@format_
class Hdf5(_codefree.CodeFree):
    """The code-free store in HDF5; each dataset with gzip, shuffle and Fletcher's checksum."""

    id = "hdf5"
    summary = "code-free store: HDF5 with gzip, shuffle and fletcher32"
    suffix = ".h5"
    requires = ("h5py",) + _codefree.CodeFree.requires
    executes = _codefree.NOTHING + "; HDF5's library, in C, parses the file"
    checksum = "SHA-256 over the whole file before it is parsed; Fletcher's 32 bits of each dataset"

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return super().attacks(model, data) + attacks(self.load)
