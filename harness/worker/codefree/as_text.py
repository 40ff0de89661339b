"""A folder of text: `structure.json`, each array as `0000.txt` and so on, and `SHA256SUMS`.

A line of an array's file is one of its rows, or one number where it has one axis; the numbers are
written as `figures.py` says, in C order. `sha256sum --check SHA256SUMS` verifies the folder.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from typing import Any, Dict, List, Tuple

from . import figures, sealed
from .expect import require
from .limits import FREE, allowance

STRUCTURE, SUMS = "structure.json", "SHA256SUMS"


def write(path: str, text: str, arrays: List[Any]) -> None:
    """Write the folder."""
    os.mkdir(path)
    sums = [_add(path, STRUCTURE, text + "\n")]
    for place, array in enumerate(arrays):
        words = [value if type(value) is str else repr(value) for value in figures.listed(array)]
        sums.append(_add(path, name(place), figures.rows(words, _width(array.shape))))
    _add(path, SUMS, "".join(sums))


def _add(path: str, file_name: str, text: str) -> str:
    """Write a file; its line in the list of digests."""
    data = text.encode("ascii")
    with open(os.path.join(path, file_name), "wb") as file:
        file.write(data)
    return "%s  %s\n" % (hashlib.sha256(data).hexdigest(), file_name)


def name(place: int) -> str:
    """The file that holds the array of that place."""
    return "%04d.txt" % place


def _width(shape: Any) -> int:
    return int(shape[-1]) if len(shape) > 1 else 1


def read(path: str) -> Tuple[sealed.Opened, List[Any]]:
    """Structure and arrays in a folder that holds exactly the files that its structure asks for."""
    allowed = allowance(path)
    require(os.path.isdir(path), "it is no folder")
    sums = _sums(path)
    text = _file(path, STRUCTURE, sums)
    opened = sealed.unseal(text.rstrip(b"\n"), allowed)
    names = [name(place) for place in range(len(opened.entries))]
    require(list(sums) == [STRUCTURE] + names, "other files than its arrays")
    require(sorted(os.listdir(path)) == sorted(list(sums) + [SUMS]), "other files than its own")
    arrays = []
    for place, entry in enumerate(opened.entries):
        data = _file(path, names[place], sums)
        arrays.append(opened.array(place, _bytes(data, entry)))
    return opened, arrays


def _sums(path: str) -> Dict[str, str]:
    sums: Dict[str, str] = {}
    data = _open(path, SUMS).decode("ascii")
    for line in data.rstrip("\n").split("\n"):
        digest, _, file_name = line.partition("  ")
        require(file_name not in sums, "a file is listed twice")
        sums[file_name] = digest
    require(data == "".join("%s  %s\n" % (d, f) for f, d in sums.items()), "no list of digests")
    return sums


def _file(path: str, file_name: str, sums: Dict[str, str]) -> bytes:
    data = _open(path, file_name)
    good = hashlib.sha256(data).hexdigest() == sums.get(file_name)
    require(good, "%s is damaged: its SHA-256 differs" % file_name)
    return data


def _open(path: str, file_name: str) -> bytes:
    """An ordinary file of the folder, and no link to another; its name is never the folder's."""
    place = os.path.join(path, file_name)
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        gone = error.errno in (errno.ENOENT, errno.ELOOP, errno.ENXIO)
        require(not gone, "%s is not there, or no file of the folder" % file_name)
        raise
    with os.fdopen(handle, "rb") as file:
        ordinary = stat.S_ISREG(os.fstat(handle).st_mode)
        require(ordinary, "%s is no file" % file_name)
        return file.read()


def _bytes(data: bytes, entry: Dict[str, Any]) -> bytes:
    width, count = _width(entry["shape"]), sealed.bytes_of(entry) // int(entry["dtype"][2:])
    require(len(data) <= 64 * count + FREE, "too long a text for its array")
    words = data.decode("ascii").split()
    require(len(words) == count, "another number of numbers than the shape has room for")
    values = [_number(word, entry["dtype"][1]) for word in words]
    require(
        figures.rows(words, width).encode("ascii") == data, "the rows are not those of an array"
    )
    flat = figures.numbers(values, entry["dtype"])
    return sealed.raw(flat.reshape(entry["shape"]), entry["order"])


def _number(word: str, kind: str) -> Any:
    require(len(word) <= 40, "a number of more than 40 characters")
    if kind == "f":
        return word if word.lstrip("-")[:3] in ("nan", "inf") else float(word)
    if kind == "b":
        require(word in ("True", "False"), "no truth value: %s" % word)
        return word == "True"
    return int(word)
