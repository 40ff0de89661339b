"""The structure as text with its own SHA-256, and the arrays as bytes with theirs.

    {"sha256": "...", "structure": {...}}

in ASCII, without spaces between tokens; the digest is that of the text of the structure. The
structure holds the digest of the bytes of each array (little-endian, in the array's order), so that
the one digest covers everything. It guards against damage; whoever writes a file can compute it.
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
import warnings
from typing import Any, Dict, List, Sequence, Tuple

from . import build, walk
from .expect import require
from .limits import FREE, NUMBERS, RATIO, Refused, check_shape, crowded

HEAD = re.compile(rb'\{"sha256":"([0-9a-f]{64})","structure":')
ENTRY = ["name", "dtype", "shape", "order", "sha256"]


def pack(model: Any, libraries: Sequence[str] = ()) -> Tuple[str, List[Any]]:
    """The text, which names the versions of the `libraries` too, and the arrays. Raises Cannot."""
    structure, arrays = walk.walk(model)
    structure["versions"].update(walk.versions(libraries))
    for entry, array in zip(structure["arrays"], arrays):
        entry["sha256"] = hashlib.sha256(raw(array, entry["order"])).hexdigest()
    text = canonical(structure)
    return '{"sha256":"%s","structure":%s}' % (digest(text), text), arrays


def canonical(structure: Any) -> str:
    """The one text of a structure."""
    return json.dumps(structure, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of a text in ASCII."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def raw(array: Any, order: str) -> bytes:
    """The bytes of an array in that order."""
    return array.tobytes(order)  # type: ignore[no-any-return]


def parse(text: bytes, file_size: int = 0) -> Any:
    """JSON, strictly: no key twice, no number that JSON or a float lacks, nothing very deep."""
    require(not crowded(text, file_size), "more values than so small a file may hold")
    collects = gc.isenabled()
    gc.disable()  # it would look at all that was parsed, again and again
    try:
        return json.loads(
            text.decode("ascii"),
            object_pairs_hook=_once,
            parse_int=_integer,
            parse_float=_real,
            parse_constant=_none,
        )
    except (ValueError, RecursionError) as error:
        raise Refused("no JSON of this store: %s" % error)
    finally:
        if collects:
            gc.enable()


def _once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    found = dict(pairs)
    require(len(found) == len(pairs), "a key stands twice in one object")
    return found


def _integer(digits: str) -> int:
    require(len(digits) <= 64, "an integer of more than 64 digits")
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    require(len(digits) <= 64 and value - value == 0.0, "a number that no float holds")
    return value


def _none(word: str) -> Any:
    raise Refused("%s is no number of JSON" % word)


class Opened:
    """A structure whose digest was right; tells what arrays it needs, and makes the model."""

    def __init__(self, structure: Any, allowed: int) -> None:
        self.structure = structure
        require(isinstance(structure, dict), "no structure of a model")
        entries = structure.get("arrays")
        require(isinstance(entries, list), "no list of arrays")
        self.entries: List[Dict[str, Any]] = [_entry(entry) for entry in entries]
        total = sum(bytes_of(entry) for entry in self.entries)
        require(total <= allowed, "its arrays are too large for so small a file")

    def array(self, place: int, data: bytes) -> Any:
        """The array of that place, of its bytes. Raises Refused where the digest is another."""
        import numpy

        entry = self.entries[place]
        require(len(data) == bytes_of(entry), "array %d has another length" % place)
        good = hashlib.sha256(data).hexdigest() == entry["sha256"]
        require(good, "array %d is damaged: its SHA-256 differs" % place)
        if entry["dtype"] == "|b1":
            require(max(data, default=0) <= 1, "array %d has no truth values" % place)
        flat = numpy.frombuffer(bytearray(data), dtype=entry["dtype"])
        return flat.reshape(entry["shape"], order=entry["order"])

    def model(self, arrays: List[Any]) -> Any:
        """The estimator; warns where another scikit-learn has saved it."""
        made = build.build(self.structure, arrays)
        here = walk.versions(("scikit-learn",))["scikit-learn"]
        if self.versions()["scikit-learn"] != here:
            told = (self.versions()["scikit-learn"], here)
            warnings.warn("saved by scikit-learn %.20s and loaded by %s" % told, stacklevel=3)
        return made

    def versions(self) -> Dict[str, str]:
        """Of the libraries that saved it."""
        found = self.structure.get("versions")
        good = isinstance(found, dict) and all(type(value) is str for value in found.values())
        require(good and "scikit-learn" in found, "no versions")
        return dict(found)


def _entry(found: Any) -> Dict[str, Any]:
    require(isinstance(found, dict) and list(found) == ENTRY, "no description of an array")
    entry: Dict[str, Any] = found
    require(
        type(entry["name"]) is str and type(entry["sha256"]) is str, "no description of an array"
    )
    known = type(entry["dtype"]) is str and entry["dtype"] in NUMBERS
    require(known, "no listed dtype: %.50r" % (entry["dtype"],))
    require(entry["order"] in ("C", "F"), "no order of an array")
    check_shape(entry["shape"])
    return entry


def bytes_of(entry: Dict[str, Any]) -> int:
    """How many bytes the array has."""
    count = int(entry["dtype"][2:])
    for length in entry["shape"]:
        count *= length
    return count


def unseal(text: bytes, allowed: int) -> Opened:
    """The structure in a sealed text. Raises Refused where the text is damaged."""
    head = HEAD.match(text)
    require(head and text.endswith(b"}"), "no structure of this store")
    assert head is not None
    inner = text[head.end() : -1]
    good = hashlib.sha256(inner).hexdigest().encode() == head.group(1)
    require(good, "the structure is damaged: its SHA-256 differs")
    return Opened(parse(inner, max(allowed - FREE, 0) // RATIO), allowed)
