"""safetensors: the structure in the metadata, each array as a tensor called `0000` and so on.

Tensors are in C order, as the format has no other.
"""

from __future__ import annotations

import struct
from typing import Any, Dict, List, Tuple

from . import sealed
from .expect import require
from .limits import Cannot, allowance, opened, size

KEY = "shelflife"
LIMIT = 90000000  # characters of the header; the library takes no more than 100 MB
TYPES = {
    "BOOL": "|b1",
    "I8": "|i1",
    "U8": "|u1",
    "I16": "<i2",
    "U16": "<u2",
    "I32": "<i4",
    "U32": "<u4",
    "I64": "<i8",
    "U64": "<u8",
    "F16": "<f2",
    "F32": "<f4",
    "F64": "<f8",
}


def write(path: str, text: str, arrays: List[Any]) -> None:
    """Write the file."""
    import numpy
    import safetensors.numpy

    if 2 * len(text) + 200 * len(arrays) > LIMIT:
        raise Cannot("its structure does not fit into the header of safetensors")
    tensors = {name(place): numpy.asarray(array, order="C") for place, array in enumerate(arrays)}
    with open(path, "wb") as file:
        file.write(safetensors.numpy.save(tensors, metadata={KEY: text}))


def name(place: int) -> str:
    """The tensor that holds the array of that place."""
    return "%04d" % place


def read(path: str) -> Tuple[sealed.Opened, List[Any]]:
    """Structure and arrays in the file; the header is read strictly before the library reads it."""
    import safetensors

    shapes = _header(path)
    with safetensors.safe_open(path, framework="numpy") as tensors:
        text: str = tensors.metadata()[KEY]
        found = sealed.unseal(text.encode("ascii"), allowance(path))
        names = [name(place) for place in range(len(found.entries))]
        require(set(shapes) == set(names), "other tensors than its arrays")
        arrays = []
        for place, entry in enumerate(found.entries):
            described = shapes[names[place]]
            same = TYPES.get(described["dtype"]) == entry["dtype"]
            require(same and described["shape"] == entry["shape"], "a tensor is of another kind")
            tensor = tensors.get_tensor(names[place])
            arrays.append(found.array(place, sealed.raw(tensor, entry["order"])))
    return found, arrays


def _header(path: str) -> Dict[str, Any]:
    """The descriptions of the tensors: no name twice, no other metadata."""
    with opened(path) as file:
        start = file.read(8)
        require(len(start) == 8, "no header of safetensors")
        (length,) = struct.unpack("<Q", start)
        require(length <= min(LIMIT, size(path) - 8), "no header of safetensors")
        header = sealed.parse(file.read(length).rstrip(b" "), size(path))
    require(isinstance(header, dict), "no header of safetensors")
    tensors: Dict[str, Any] = header
    metadata = tensors.pop("__metadata__", None)
    require(isinstance(metadata, dict) and list(metadata) == [KEY], "other metadata")
    for described in tensors.values():
        good = isinstance(described, dict) and set(described) == {"dtype", "shape", "data_offsets"}
        require(good and type(described["dtype"]) is str, "no description of a tensor")
    return tensors
