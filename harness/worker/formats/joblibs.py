"""joblib: pickle with the arrays written apart."""

from __future__ import annotations

import contextlib
import pickle
import sys
from typing import Any, Iterator, List, NamedTuple, Tuple

from ..registry import Format, format_
from .pickles import ARBITRARY, PYTHON_ONLY, refusals

SNIPPET = """\
import joblib

joblib.dump(model, path{compress})
loaded = joblib.load(path{mode})
"""
OPENED = """\
import joblib
{imports}

with {opened} as file:
    joblib.dump(model, file)
loaded = joblib.load(path)
"""
ZLIB_0 = """\
import io
import joblib
import zlib

buffer = io.BytesIO()
joblib.dump(model, buffer)
with open(path, "wb") as file:
    file.write(zlib.compress(buffer.getvalue(), 0))
loaded = joblib.load(path)
"""

LEVEL_0 = {
    "zlib": ZLIB_0,
    "gzip": OPENED.format(imports="import gzip", opened='gzip.open(path, "wb", compresslevel=0)'),
    "lzma": OPENED.format(
        imports="import lzma", opened='lzma.open(path, "wb", format=lzma.FORMAT_ALONE, preset=0)'
    ),
    "xz": OPENED.format(imports="import lzma", opened='lzma.open(path, "wb", preset=0)'),
    "lz4": OPENED.format(
        imports="import lz4.frame", opened='lz4.frame.open(path, "wb", compression_level=0)'
    ),
}


class Codec(NamedTuple):
    """One of joblib's codecs: its levels, how its files begin, what is verified on loading."""

    name: str
    levels: Tuple[int, ...]
    begins: bytes
    checksum: str


ALL = tuple(range(10))
CODECS = (
    Codec("zlib", ALL, b"\x78", "zlib's Adler-32 of the content"),
    Codec("gzip", ALL, b"\x1f\x8b", "gzip's CRC-32 and length of the content"),
    Codec("bz2", ALL[1:], b"BZh", "bzip2's CRC-32 of each block and of the content"),
    Codec("lzma", ALL, b"\x5d\x00", ""),
    Codec("xz", ALL, b"\xfd7zXZ", "xz's CRC-64 of the content, CRC-32 of its headers"),
    Codec("lz4", ALL, b"\x04\x22\x4d\x18", ""),  # joblib does not switch its checksums on
)


class _Joblib(Format):
    """What all of them have in common."""

    requires: Tuple[str, ...] = ("joblib",)
    suffix = ".joblib"
    executes = ARBITRARY
    python_only = PYTHON_ONLY

    def dump(self, model: Any, path: str, data: Any) -> None:
        joblib = _joblib()
        with refusals("joblib"):
            joblib.dump(model, path)

    def load(self, path: str) -> Any:
        import joblib

        return joblib.load(path)


@format_
class Joblib(_Joblib):
    """`joblib.dump` as it is, uncompressed."""

    id = "joblib"
    summary = "joblib, uncompressed"
    snippet = SNIPPET.format(compress="", mode="")


@format_
class JoblibMapped(_Joblib):
    """The same file, its arrays mapped into memory read-only: read when they are looked at."""

    id = "joblib-mmap"
    summary = "joblib, uncompressed, arrays memory-mapped"
    snippet = SNIPPET.format(compress="", mode=', mmap_mode="r"')

    def load(self, path: str) -> Any:
        import joblib

        return joblib.load(path, mmap_mode="r")


@format_
class JoblibInCodec(_Joblib):
    """`joblib.dump` within one codec at one level.

    At level 0 joblib takes `compress=("lz4", 0)` for no compression at all and says nothing, so
    there the codec's own file is opened at that level and given to joblib, as its manual shows.
    """

    def __init__(self, codec: Codec, level: int) -> None:
        self.codec = codec
        self.level = level
        self.id = "joblib-%s-%d" % (codec.name, level)
        self.summary = "joblib, %s at level %d" % (codec.name, level)
        self.checksum = codec.checksum
        if codec.name == "lz4":
            self.requires = ("joblib", "lz4.frame")
        self.snippet = self._snippet()

    @classmethod
    def variants(cls) -> List[Format]:
        return [cls(codec, level) for codec in CODECS for level in codec.levels]

    def dump(self, model: Any, path: str, data: Any) -> None:
        joblib = _joblib()
        with refusals("joblib"):
            if self.level:
                joblib.dump(model, path, compress=(self.codec.name, self.level))
            else:
                with _at_level_0(self.codec.name, path) as file:
                    joblib.dump(model, file)
        with open(path, "rb") as written:
            begins = written.read(len(self.codec.begins))
        if begins != self.codec.begins:
            raise RuntimeError("joblib wrote %r and no %s" % (begins, self.codec.name))

    def _snippet(self) -> str:
        if self.level:
            compress = ", compress=(%r, %d)" % (self.codec.name, self.level)
            return SNIPPET.format(compress=compress.replace("'", '"'), mode="")
        return LEVEL_0[self.codec.name]


def _joblib() -> Any:
    """joblib as it is without dill, which puts types into a table of pickle's that joblib copies.

    Where dill happens to be imported first, joblib would save functions by value.
    """
    import joblib
    from joblib.numpy_pickle import NumpyPickler

    if "dill" in sys.modules:
        sys.modules["dill"].extend(use_dill=False)
        NumpyPickler.dispatch = pickle._Pickler.dispatch.copy()
    return joblib


@contextlib.contextmanager
def _at_level_0(codec: str, path: str) -> Iterator[Any]:
    """A file that compresses what is written to it by `codec` at level 0 and puts it at `path`."""
    import gzip
    import io
    import lzma
    import zlib

    with open(path, "wb") as file:
        if codec == "zlib":  # which has no file of its own
            buffer = io.BytesIO()
            yield buffer
            file.write(zlib.compress(buffer.getvalue(), 0))
        elif codec == "gzip":
            with gzip.GzipFile("", "wb", 0, file, mtime=0) as opened:
                yield opened
        elif codec == "lz4":
            import lz4.frame

            with lz4.frame.open(file, "wb", compression_level=0) as opened:
                yield opened
        else:
            form = lzma.FORMAT_XZ if codec == "xz" else lzma.FORMAT_ALONE
            with lzma.open(file, "wb", format=form, preset=0) as opened:
                yield opened
