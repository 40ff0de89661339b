"""NumPy's zip of arrays, `structure.json` and `0000.npy` and so on, stored or deflated.

`numpy.load` opens it. Here each member's header is compared with the only one that fits what the
structure says, so that no header is interpreted; no pickle can be in it. The zip has to be exactly
its members, one after the other, and its directory.
"""

from __future__ import annotations

import struct
import zipfile
from typing import Any, Dict, List, Tuple

from . import sealed
from .expect import require
from .limits import Cannot, allowance, crowded, opened, size

STRUCTURE = "structure.json"
LIMIT = (1 << 31) - (1 << 20)  # beyond, a zip needs fields that this one does not have
LOCAL, CENTRAL = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
FIRST_DAY = 33  # of 1980, the oldest date that a zip can have
MODE = 0o644 << 16


def write(path: str, text: str, arrays: List[Any]) -> None:
    """Write the file without compression."""
    _write(path, text, arrays, zipfile.ZIP_STORED)


def write_deflated(path: str, text: str, arrays: List[Any]) -> None:
    """Write the file deflated."""
    _write(path, text, arrays, zipfile.ZIP_DEFLATED)
    large = sum(array.nbytes for array in arrays) + len(text) > allowance(path)
    if large or crowded(text.encode("ascii"), size(path)):
        raise Cannot("it is compressed so well that it would be refused as a bomb")


def _write(path: str, text: str, arrays: List[Any], method: int) -> None:
    if sum(array.nbytes for array in arrays) + len(text) > LIMIT or len(arrays) > 65000:
        raise Cannot("more than two gigabytes, or 65 000 arrays, in one zip")
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, STRUCTURE, text.encode("ascii"), method)
        for place, array in enumerate(arrays):
            fortran = array.flags.f_contiguous and not array.flags.c_contiguous
            data = header(array.dtype.str, fortran, list(array.shape))
            _add(archive, name(place), data + sealed.raw(array, "F" if fortran else "C"), method)


def _add(archive: zipfile.ZipFile, member: str, data: bytes, method: int) -> None:
    info = zipfile.ZipInfo(member)
    info.compress_type = method
    info.create_system = 3  # as on Unix, wherever it is written
    info.external_attr = MODE
    archive.writestr(info, data)


def name(place: int) -> str:
    """The member that holds the array of that place."""
    return "%04d.npy" % place


def header(dtype: str, fortran: bool, shape: List[int]) -> bytes:
    """The header of a .npy file, version 1.0, as NumPy writes it."""
    words = "{'descr': %r, 'fortran_order': %r, 'shape': %r, }" % (dtype, fortran, tuple(shape))
    length = 64 * ((10 + len(words) + 1 + 63) // 64)
    padded = words.ljust(length - 11) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded.encode("ascii")


def read(path: str) -> Tuple[sealed.Opened, List[Any]]:
    """Structure and arrays in a zip, stored or deflated."""
    allowed = allowance(path)
    with opened(path) as file, zipfile.ZipFile(file) as archive:
        members = _exactly(archive, path)
        text = _inflated(archive, members[0], allowed)
        found = sealed.unseal(text, allowed)
        names = [STRUCTURE] + [name(place) for place in range(len(found.entries))]
        require([member.filename for member in members] == names, "other members than its arrays")
        arrays = []
        for place, entry in enumerate(found.entries):
            arrays.append(found.array(place, _array(archive, members[place + 1], entry)))
    return found, arrays


def _exactly(archive: zipfile.ZipFile, path: str) -> List[zipfile.ZipInfo]:
    """The members, where all between them is what this store writes, byte for byte."""
    members = archive.infolist()
    with opened(path) as file:
        at, directory = 0, b""
        for member in members:
            local, central = _headers(member, at)
            file.seek(at)
            require(file.read(len(local)) == local, "%s has other headers" % member.filename)
            at += len(local) + member.compress_size
            directory += central
        count = len(members)
        end = END.pack(b"PK\5\6", 0, 0, count, count, len(directory), at, 0)
        file.seek(at)
        rest = file.read(len(directory) + END.size + 1)
    require(members and rest == directory + end, "the zip is not what this store writes")
    return members


def _headers(member: zipfile.ZipInfo, at: int) -> Tuple[bytes, bytes]:
    """What stands before the member at that place, and for it in the directory."""
    title = member.filename.encode("ascii")
    require(member.compress_type in (0, 8), "a member that is compressed in another way")
    sizes = (member.CRC, member.compress_size, member.file_size)
    kind = (20, 0, member.compress_type, 0, FIRST_DAY) + sizes + (len(title), 0)
    local = LOCAL.pack(b"PK\3\4", *kind) + title
    central = CENTRAL.pack(b"PK\1\2", 3 << 8 | 20, *kind, 0, 0, 0, MODE, at) + title
    return local, central


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, entry: Dict[str, Any]) -> bytes:
    head = header(entry["dtype"], entry["order"] == "F", entry["shape"])
    length = len(head) + sealed.bytes_of(entry)
    require(member.file_size == length, "%s has another length" % member.filename)
    data = _inflated(archive, member, length)
    require(data.startswith(head), "%s is no array of the structure" % member.filename)
    return data[len(head) :]


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """The whole member, so that its CRC-32 is compared; never more than `limit` bytes."""
    require(member.file_size <= limit, "%s unfolds to too much" % member.filename)
    with archive.open(member) as file:
        data = file.read(limit + 1)
    require(len(data) == member.file_size, "%s has another length" % member.filename)
    return data
