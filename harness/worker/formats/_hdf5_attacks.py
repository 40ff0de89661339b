"""HDF5 files that lead elsewhere; no formats here."""

from __future__ import annotations

import pickle
from typing import Any, Callable, List

from ..codefree import as_hdf5
from ..registry import Attack, Canary

Write = Callable[[Any, str], None]


def attacks(load: Callable[[str], Any]) -> List[Attack]:
    """Nothing in HDF5 runs by itself; these are its ways to what the file does not hold."""

    def written(how: str, write: Write) -> Attack:
        def plant(path: str, canary: str) -> None:
            import h5py

            with open(path + ".pickle", "wb") as file:
                pickle.dump(Canary(canary), file)
            with h5py.File(path, "w", userblock_size=as_hdf5.BLOCK) as file:
                write(file, path + ".pickle")
            seal(path)

        return Attack("strict", how, plant, load)

    return [
        written("the structure as a link to another file", _external_link),
        written("the structure stored in another file", _external_storage),
        written("a virtual dataset of another file", _virtual),
        written("a pickle as an opaque value", _opaque),
    ]


def seal(path: str) -> None:
    """Write the user block that belongs to the file, as an attacker would."""
    block = as_hdf5.block(path)
    with open(path, "r+b") as file:
        file.write(block)


def _external_link(file: Any, other: str) -> None:
    import h5py

    file.create_group("arrays")
    file["structure"] = h5py.ExternalLink(other, "/structure")


def _external_storage(file: Any, other: str) -> None:
    file.create_group("arrays")
    file.create_dataset("structure", shape=(1,), dtype="S64", external=[(other, 0, 64)])


def _virtual(file: Any, other: str) -> None:
    import h5py

    file.create_group("arrays")
    layout = h5py.VirtualLayout(shape=(1,), dtype="S64")
    layout[:] = h5py.VirtualSource(other, "structure", shape=(1,))
    file.create_virtual_dataset("structure", layout)


def _opaque(file: Any, other: str) -> None:
    import numpy

    with open(other, "rb") as pickled:
        data = numpy.void(pickled.read())
    file.create_group("arrays")
    file["structure"] = data
    file["structure"].attrs["pickled"] = data
