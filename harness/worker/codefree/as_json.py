"""One JSON file, plain or within gzip: `{"sha256", "structure", "arrays"}`.

Each of `arrays` is a list of its numbers in C order, as `figures.py` writes them; one of more than
`LISTED` numbers is a string instead, base64 of its bytes in the order that the structure names.
The SHA-256 fills the first line and is that of all the lines after it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import zlib
from typing import Any, Dict, List, Tuple

from . import figures, sealed
from .expect import require
from .limits import Cannot, allowance, crowded, opened, size

LISTED = 4096
GZIP = 31  # zlib's word for a whole gzip file
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03"  # no name, no time
HEAD = re.compile(rb'\{"sha256":"([0-9a-f]{64})",\n')


def write(path: str, text: str, arrays: List[Any]) -> None:
    """Write the file, a line for each object and each array."""
    with open(path, "wb") as file:
        file.write(_whole(text, arrays))


def write_gzip(path: str, text: str, arrays: List[Any]) -> None:
    """The same within gzip, without a time in its header."""
    whole = _whole(text, arrays)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(whole) + packer.flush()
    with open(path, "wb") as file:
        file.write(GZIP_HEAD + data + struct.pack("<LL", zlib.crc32(whole), len(whole) % (1 << 32)))
    if len(whole) > allowance(path) or crowded(whole, size(path)):
        raise Cannot("it is compressed so well that it would be refused as a bomb")


def _whole(text: str, arrays: List[Any]) -> bytes:
    found = json.loads(text)
    structure = found["structure"]
    head = {key: structure[key] for key in ("store", "versions", "root")}
    parts = [
        '"structure":%s,\n' % sealed.canonical(head)[:-1],
        '"objects":[\n%s],\n' % _lines(structure["objects"]),
        '"arrays":[\n%s]},\n' % _lines(structure["arrays"]),
        '"arrays":[\n%s]}\n' % _lines([_array(*pair) for pair in zip(structure["arrays"], arrays)]),
    ]
    lines = "".join(parts)
    return ('{"sha256":"%s",\n%s' % (sealed.digest(lines), lines)).encode("ascii")


def _lines(values: List[Any]) -> str:
    return ",\n".join(sealed.canonical(value) for value in values)


def _array(entry: Dict[str, Any], array: Any) -> Any:
    if array.size <= LISTED:
        return figures.listed(array)
    return base64.b64encode(sealed.raw(array, entry["order"])).decode()


def read(path: str) -> Tuple[sealed.Opened, List[Any]]:
    """Structure and arrays in a JSON file."""
    with opened(path) as file:
        return _model(file.read(), allowance(path), size(path))


def read_gzip(path: str) -> Tuple[sealed.Opened, List[Any]]:
    """Structure and arrays in a JSON file within gzip."""
    allowed = allowance(path)
    with opened(path) as file:
        data = file.read()
    require(data.startswith(GZIP_HEAD), "no gzip file of this store")
    unpacker = zlib.decompressobj(GZIP)
    text = unpacker.decompress(data, allowed)
    require(unpacker.eof, "the gzip file is cut off, or unfolds to too much")
    require(not unpacker.unused_data, "there is something behind the gzip file")
    return _model(text, allowed, len(data))


def _model(text: bytes, allowed: int, file_size: int) -> Tuple[sealed.Opened, List[Any]]:
    head = HEAD.match(text)
    given = head.group(1).decode() if head else ""
    same = hashlib.sha256(text[len(head.group()) if head else 0 :]).hexdigest() == given
    require(same, "no JSON of this store, or damaged: its SHA-256 differs")
    whole = sealed.parse(text, file_size)
    good = isinstance(whole, dict) and list(whole) == ["sha256", "structure", "arrays"]
    require(good, "no JSON of this store")
    found = sealed.Opened(whole["structure"], allowed)
    values = whole["arrays"]
    require(isinstance(values, list) and len(values) == len(found.entries), "other arrays")
    arrays = [found.array(place, _bytes(found, place, held)) for place, held in enumerate(values)]
    return found, arrays


def _bytes(found: sealed.Opened, place: int, held: Any) -> bytes:
    entry = found.entries[place]
    if isinstance(held, str):
        return base64.b64decode(held.encode("ascii"), validate=True)
    require(isinstance(held, list), "array %d is no list" % place)
    flat = figures.numbers(held, entry["dtype"])
    return sealed.raw(flat.reshape(entry["shape"]), entry["order"])
