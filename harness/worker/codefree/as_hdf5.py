"""HDF5: the text in the dataset `structure`, each array in `arrays/0000` and so on.

Every dataset is chunked, shuffled, compressed by gzip and guarded by Fletcher's 32-bit checksum;
an array without elements has no dataset, one without axes has one of length 1, and truth values
are bytes. The user block, 512 bytes before what HDF5 reads, holds the SHA-256 of all that follows
it: a damaged file is refused before the library sees it.

Before anything is read, every link has to be a hard one to exactly the expected object, and every
dataset has to be chunked, in this file, with these three filters and no others: no external
links or storage, no virtual datasets, no plug-ins. Each chunk is unfolded here first, so that it
cannot unfold to more in the library. The library itself, which parses the file, is trusted.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import Any, Dict, Iterator, List, Tuple

from . import sealed
from .expect import require
from .limits import Cannot, allowance, crowded, opened, size

BLOCK = 512  # the smallest user block
HEAD = b"shelflife code-free store in HDF5\nsha256 of what follows this block: "
FILTERS = [2, 1, 3]  # HDF5's numbers for shuffle, gzip and fletcher32, in the order of writing


def write(path: str, text: str, arrays: List[Any]) -> None:
    """Write the file."""
    import h5py
    import numpy

    with h5py.File(path, "w", userblock_size=BLOCK) as file:
        words = numpy.array([text.encode("ascii")])
        file.create_dataset("structure", data=words, chunks=(1,), **_kept())
        group = file.create_group("arrays")
        for place, array in enumerate(arrays):
            if array.size:
                data = array.view("u1") if array.dtype.kind == "b" else array
                data = numpy.atleast_1d(data)
                group.create_dataset(name(place), data=data, chunks=True, **_kept())
    with open(path, "r+b") as whole:
        whole.write(block(path))
    large = sum(array.nbytes for array in arrays) + len(text) > allowance(path)
    if large or crowded(text.encode("ascii"), size(path)):
        raise Cannot("it is compressed so well that it would be refused as a bomb")


def _kept() -> Dict[str, Any]:
    return {"compression": "gzip", "compression_opts": 4, "shuffle": True, "fletcher32": True}


def name(place: int) -> str:
    """The dataset that holds the array of that place."""
    return "%04d" % place


def block(path: str) -> bytes:
    """The user block that belongs to the rest of the file."""
    digest = hashlib.sha256()
    with opened(path) as file:
        file.seek(BLOCK)
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return (HEAD + digest.hexdigest().encode() + b"\n").ljust(BLOCK, b"\0")


def read(path: str) -> Tuple[sealed.Opened, List[Any]]:
    """Structure and arrays in the file."""
    import h5py

    with opened(path) as start:
        same = start.read(BLOCK) == block(path)
    require(same, "the file is damaged: its SHA-256 differs from that in its user block")
    allowed = allowance(path)
    with h5py.File(path, "r") as file:
        require(file.userblock_size == BLOCK, "no user block")
        _hard(file, ["arrays", "structure"])
        found = sealed.unseal(_text(file["structure"], allowed), allowed)
        group = file["arrays"]
        require(isinstance(group, h5py.Group), "arrays is no group")
        full = [place for place, entry in enumerate(found.entries) if sealed.bytes_of(entry)]
        _hard(group, [name(place) for place in full])
        arrays = []
        for place, entry in enumerate(found.entries):
            data = _array(group[name(place)], entry) if place in full else b""
            arrays.append(found.array(place, data))
    return found, arrays


def _hard(group: Any, names: List[str]) -> None:
    """Whether the group has exactly these links, and each leads to an object of this file."""
    import h5py

    require(sorted(group) == sorted(names), "other members than expected")
    for member in names:
        kind = group.get(member, getlink=True)
        require(type(kind) is h5py.HardLink, "%s is a link to somewhere else" % member)


def _text(data: Any, allowed: int) -> bytes:
    import h5py

    require(isinstance(data, h5py.Dataset), "structure is no dataset")
    good = data.shape == (1,) and data.dtype.kind == "S" and data.dtype.itemsize <= allowed
    require(good, "structure is no text")
    _stored(data)
    return bytes(data[0])


def _array(data: Any, entry: Dict[str, Any]) -> bytes:
    """The bytes of an array, in the order that the structure names."""
    import h5py

    require(isinstance(data, h5py.Dataset), "%s is no dataset" % entry["name"])
    dtype = "|u1" if entry["dtype"] == "|b1" else entry["dtype"]
    same = data.dtype.str == dtype and list(data.shape) == (entry["shape"] or [1])
    require(same, "a dataset is of another kind than the structure says")
    _stored(data)
    return sealed.raw(data[()].reshape(entry["shape"]), entry["order"])


def _stored(data: Any) -> None:
    """Whether the dataset is stored as this store does, and its chunks unfold to no more."""
    import h5py

    made = data.id.get_create_plist()
    require(made.get_layout() == h5py.h5d.CHUNKED, "a dataset that is not in chunks of this file")
    require(made.get_external_count() == 0, "a dataset that is stored in another file")
    found = [made.get_filter(place)[0] for place in range(made.get_nfilters())]
    require(found == FILTERS, "a dataset with other filters: %s" % found)
    pairs = list(zip(data.chunks, data.shape))
    require(all(1 <= chunk <= length for chunk, length in pairs), "chunks larger than the dataset")
    wanted, length = 1, data.dtype.itemsize
    for chunk, whole in pairs:
        wanted *= -(-whole // chunk)
        length *= chunk
    require(wanted <= 1 + data.nbytes // 1024, "chunks that are too small")
    require(data.id.get_num_chunks() == wanted, "chunks are missing")
    for packed in _chunks(data, wanted):
        unpacker = zlib.decompressobj()
        unfolded = len(unpacker.decompress(packed, length + 1))
        require(unfolded == length and unpacker.eof, "a chunk of another length")


def _chunks(data: Any, count: int) -> Iterator[bytes]:
    """What gzip made of each chunk, without the checksum behind it."""
    limit = size(data.file.filename)
    for place in range(count):
        info = data.id.get_chunk_info(place)
        require(info.filter_mask == 0 and info.size <= limit, "a chunk of another kind")
        _, packed = data.id.read_direct_chunk(info.chunk_offset)
        yield packed[:-4]
