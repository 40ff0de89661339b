"""Does a saved model keep rows of its training data? Canary rows are planted and looked for.

Three rows of the training data get values that occur nowhere else. A row is kept where four fifths
of its values are found, as floats of 64 or 32 bits or in digits, or all of them in a row as floats
of 16 bits, since two bytes alone are found anywhere: in the loaded object, walked through all that
it refers to, or in the bytes of the files, unpacked where they are a zip file or compressed. Where
a model has kept rows and they are found in neither, nothing is claimed.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zipfile
import zlib
from typing import Any, Callable, Dict, Iterator, List, Optional, Set

from .. import answers, artifacts, registry
from .lab import Fact, Lab, fact, unmeasured

NAMES = ("training-rows",)
MODELS = ("knn.kd-tree-cube", "svc.rbf-probability", "gpr.rbf-noise", "logreg.multinomial")
PLANTED = 3
ENOUGH = 0.8
OBJECTS = 200000  # walked at the most


def facts(lab: Lab) -> Dict[str, Fact]:
    """Where the planted rows are found: in the fitted model, the loaded one and the files."""
    seen = _seen(lab)
    if not seen:
        return {"training-rows": unmeasured("no model on numbers could be saved")}
    added = [m for m, s in seen.items() if (s["loaded"] or s["file"]) and not s["fitted"]]
    kept = [m for m, s in seen.items() if s["loaded"] or s["file"]]
    if added:
        says = "also of models that keep none themselves: %s" % ", ".join(added)
        return {"training-rows": fact("adds", says, seen)}
    if kept:
        says = "of the models that keep them: %s" % ", ".join(kept)
        return {"training-rows": fact("with the model", says, seen)}
    hidden = [m for m, s in seen.items() if s["fitted"]]
    if hidden:
        says = "%s kept rows when fitted; the file may hold them in another form"
        return {"training-rows": fact(None, says % ", ".join(hidden), seen)}
    says = "none is added; no model that it holds keeps any itself: %s" % ", ".join(seen)
    return {"training-rows": fact("adds none", says, seen)}


def _seen(lab: Lab) -> Dict[str, Dict[str, Any]]:
    """Save every model in one process, look in what another one loads; {model: where}."""
    offered = [m for m in dict.fromkeys(MODELS + lab.format.subjects) if m in registry.MODELS]
    paths = {model: _path(lab, model) for model in offered}
    saved = dict(zip(offered, lab.run([_saving(lab, model, paths[model]) for model in offered])))
    models = [model for model in offered if saved[model].kind == "value"]
    loaded = dict(zip(models, lab.run([_loading(lab, model, paths[model]) for model in models])))
    return {
        model: {
            "fitted": saved[model].value,
            "loaded": loaded[model].value if loaded[model].kind == "value" else None,
            "file": _in_files(paths[model], _canaries(_planted(model))),
        }
        for model in models
    }


def _path(lab: Lab, model: str) -> str:
    path = os.path.join(lab.folder, "rows-" + model + lab.format.suffix)
    artifacts.remove(path)
    return path


def _saving(lab: Lab, model: str, path: str) -> Callable[[], bool]:
    """Fits, saves, and says whether the fitted model itself holds a planted row."""

    def work() -> bool:
        data = _planted(model)
        lab.ready()
        y = answers.own(data.y)
        estimator = registry.MODELS[model].build()
        fitted = estimator.fit(data.X) if y is None else estimator.fit(data.X, y)
        artifacts.save(lab.format, fitted, path, data)
        return _in_object(fitted, _canaries(data))

    return work


def _loading(lab: Lab, model: str, path: str) -> Callable[[], bool]:
    def work() -> bool:
        lab.ready()
        return _in_object(lab.format.load(path), _canaries(_planted(model)))

    return work


def _planted(model: str) -> Any:
    """The model's data, with canaries for its first rows. Unsupported where X holds no numbers."""
    import numpy

    data = registry.data(registry.MODELS[model].data)
    X = answers.own(data.X)
    if getattr(X, "ndim", 0) < 2 or getattr(X, "dtype", numpy.dtype(object)).kind != "f":
        raise registry.Unsupported("its data is no array of floats")
    flat = X.reshape(len(X), -1)
    for row in range(PLANTED):
        steps = numpy.arange(1, flat.shape[1] + 1) * 1.000123 + row * 0.0371
        flat[row] = flat[row] * 0 + numpy.abs(flat).max() * (0.5 + 0.37 * numpy.sin(steps))
    return data._replace(X=X)


def _canaries(data: Any) -> Any:
    return data.X[:PLANTED].reshape(PLANTED, -1)


def _in_object(root: Any, canaries: Any) -> bool:
    """Whether any planted row is in the arrays that `root` refers to."""
    import numpy

    values: List[Any] = [array.ravel() for array in _arrays(root)]
    for row in canaries:
        wanted = {numpy.dtype(kind): numpy.unique(row.astype(kind)) for kind in ("f8", "f4")}
        missing = {kind: set(found.tolist()) for kind, found in wanted.items()}
        for array in values:
            kind = array.dtype.newbyteorder("=")
            if kind in wanted:
                missing[kind] -= set(wanted[kind][numpy.isin(wanted[kind], array)].tolist())
        if any(len(left) <= (1 - ENOUGH) * len(wanted[kind]) for kind, left in missing.items()):
            return True
    return False


def _arrays(root: Any) -> Iterator[Any]:
    """Every array of floats that `root` leads to; each object once."""
    import numpy

    seen: Set[int] = set()
    pending, kept = [root], []
    while pending and len(seen) < OBJECTS:
        thing = pending.pop()
        if id(thing) in seen or isinstance(thing, (str, bytes, int, float, type, type(os))):
            continue
        seen.add(id(thing))
        kept.append(thing)  # or its id could be given to another
        array = _as_array(thing)
        if array is not None:
            if array.dtype.kind == "f":
                yield array
            elif array.dtype.kind == "O":
                pending.extend(array.ravel().tolist())
            elif array.dtype.fields:
                pending.extend(numpy.asarray(array[name]) for name in array.dtype.fields)
            continue
        pending.extend(_parts(thing))


def _as_array(thing: Any) -> Any:
    """An ndarray, or a view of what a tensor or a buffer holds; None for anything else."""
    import numpy

    if isinstance(thing, numpy.ndarray):
        return thing
    if hasattr(thing, "__array__") and not hasattr(thing, "predict"):
        try:
            detached = thing.detach() if hasattr(thing, "detach") else thing
            return numpy.asarray(detached)
        except Exception:
            return None
    return None


def _parts(thing: Any) -> List[Any]:
    """What an object holds: items, attributes, and the state that it would be pickled by."""
    if isinstance(thing, dict):
        return list(thing.values())
    if isinstance(thing, (list, tuple, set, frozenset)):
        return list(thing)
    parts = list(getattr(thing, "__dict__", {}).values())
    for name in getattr(type(thing), "__slots__", ()):
        parts.append(getattr(thing, name, None))
    parts.extend(part for part in (_state(thing),) if part is not None)
    return parts


def _state(thing: Any) -> Optional[Any]:
    """The pickled state of an object of compiled code, such as a tree."""
    if hasattr(thing, "__dict__") and not type(thing).__module__.startswith("sklearn."):
        return None
    try:
        reduced = thing.__reduce_ex__(2)
        return list(reduced[1:3]) if isinstance(reduced, tuple) else None
    except Exception:
        return None


def _in_files(path: str, canaries: Any) -> bool:
    """Whether any planted row stands in the files, as raw numbers or in digits."""
    for name in artifacts.contents(path):
        with open(name, "rb") as file:
            content = file.read()
        for plain in _unpacked(content):
            for row in canaries:
                if any(_share(plain, forms) >= ENOUGH for forms in _forms(row)):
                    return True
    return False


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The content, and what is in it where it is a zip file or compressed."""
    yield content
    for unpack in (gzip.decompress, zlib.decompress, bz2.decompress, lzma.decompress):
        try:
            yield unpack(content)
        except Exception:  # it is none of this kind
            continue
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    except Exception:
        return


def _forms(row: Any) -> Iterator[List[bytes]]:
    """The row's values as bytes, in the ways that files write numbers."""
    for kind in ("<f2", ">f2"):
        yield [row.astype(kind).tobytes()]
    for kind in ("<f8", "<f4", ">f8", ">f4"):
        cast = row.astype(kind)
        yield [cast[n : n + 1].tobytes() for n in range(len(cast))]
    yield [repr(float(value))[:12].encode() for value in row]
    yield [("%.8g" % value)[:8].encode() for value in row]
    yield [float(value).hex().encode() for value in row]


def _share(content: bytes, forms: List[bytes]) -> float:
    return sum(form in content for form in forms) / len(forms)
