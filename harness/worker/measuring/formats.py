"""A format as it is measured: found without the whole registry, and without what is the harness's.

A measured process must not pay for our reading of every format and model there is.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import zipfile
from typing import Any, Callable, Dict, List, Optional, Tuple

from .. import artifacts, registry

Timed = Tuple[float, float]  # wall and CPU seconds

CONVERSIONS = {
    "onnxes": ("onnx_graph", "convert"),
    "pmmls": ("pmml_make", "convert"),
    "treelites": ("formats.treelites", "_imported"),
}
"""Family of formats: the function that translates, as (module of the worker, name)."""

MAGIC = {
    "gzip": (b"\x1f\x8b",),
    "bz2": (b"BZh",),
    "lzma": (b"\xfd7zXZ", b"\x5d\x00"),
    "xz": (b"\xfd7zXZ",),
    "zstd": (b"\x28\xb5\x2f\xfd",),
    "lz4": (b"\x04\x22\x4d\x18",),
    "zlib": (b"\x78",),
}
"""How the files of a codec begin. brotli's begin with nothing of their own."""

ZIPPED = ("deflate", "bzip2")


def find(id: str, family: str, plugins: List[str]) -> registry.Format:
    """The format `id` of the file `family`; only where it is not there, the registry is read."""
    package = __name__.rpartition(".measuring")[0]
    path = os.path.join(os.path.dirname(registry.__file__), "formats", family + ".py")
    if family and os.path.exists(path):
        importlib.import_module("%s.formats.%s" % (package, family))
    if id not in registry.FORMATS:
        registry.read(plugins)
    return registry.FORMATS[id]


def dumper(format: registry.Format) -> Callable[[Any, str, Any], None]:
    """What a user of the format calls to save (model, path, data)."""
    if format.family == "skopses":
        return _skops_dump(format)
    if format.family == "pickles":
        return _pickle_dump(format)
    module = importlib.import_module(type(format).__module__)
    if hasattr(module, "refusals"):  # our words for what is refused take microseconds of their own
        module.refusals = contextlib.nullcontext  # type: ignore[attr-defined]
    return format.dump


def _skops_dump(format: Any) -> Callable[[Any, str, Any], None]:
    """`skops.io.dump` without the list of types that the harness writes beside the file."""

    def dump(model: Any, path: str, data: Any) -> None:
        import skops.io

        skops.io.dump(model, path, **format._options(skops.io.dump))

    return dump


def _pickle_dump(format: Any) -> Callable[[Any, str, Any], None]:
    """`pickle.dump` as one writes it, without our words for what pickle refuses."""

    def dump(model: Any, path: str, data: Any) -> None:
        with open(path, "wb") as file:
            pickle.dump(model, file, protocol=format.protocol)

    return dump


def files(format: registry.Format, path: str) -> List[str]:
    """The files of an artifact, without those that only the harness wants."""
    return [part for part in artifacts.contents(path) if not part.endswith(format.own or ("\0",))]


def watch_conversion(format: registry.Format, timed: Callable[..., Any]) -> None:
    """Have `timed(function, *arguments)` called wherever the format translates."""
    where = CONVERSIONS.get(format.family)
    if where is None:
        return
    package = __name__.rpartition(".measuring")[0]
    module = importlib.import_module("%s.%s" % (package, where[0]))
    inner = getattr(module, where[1])
    if not hasattr(inner, "inner"):

        def convert(*arguments: Any) -> Any:
            return timed(inner, *arguments)

        convert.inner = inner  # type: ignore[attr-defined]
        setattr(module, where[1], convert)


def not_compressed(format: registry.Format, path: str) -> Optional[str]:
    """Why a case that says it compresses does not, in words; None where all is well."""
    words = format.id.split("-")
    if words[0] in ("joblib", "pickle") and len(words) > 1 and words[1] in MAGIC:
        with open(path, "rb") as file:
            begins = file.read(8)
        if not begins.startswith(MAGIC[words[1]]):
            return "the file begins with %r and is no %s" % (begins, words[1])
    if (words[-1] in ZIPPED or format.id == "skops-lzma") and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            stored = [m.filename for m in archive.infolist() if not m.compress_type]
        if stored:
            return "members are stored and not compressed: %s" % ", ".join(stored[:3])
    return None


def formats_of(arms: Dict[str, Any], plugins: List[str]) -> Dict[str, registry.Format]:
    """The format of each arm; `arms` is {arm: {"format", "family"}}."""
    return {arm: find(said["format"], said["family"], plugins) for arm, said in arms.items()}
