"""pickle within a compressed file whose checksum is verified before anything is unpickled.

`pickle.load(gzip.open(path))` stops at the pickle's end and never comes to the checksum behind it.
Here the file is decompressed to its end first; what follows the compressed stream is refused.
"""

from __future__ import annotations

import pickle
from typing import Any, Callable, List, NamedTuple

from ..registry import Format, format_
from .pickles import ARBITRARY, PYTHON_ONLY, refusals

PROTOCOL = 5


class Codec(NamedTuple):
    """A way to compress bytes. `expand` raises for anything but one whole, intact stream."""

    name: str
    suffix: str
    module: str
    settings: str
    checksum: str
    pack: Callable[[bytes], bytes]
    expand: Callable[[bytes], bytes]
    snippet: str


class Damaged(Exception):
    """The compressed file ends early, goes on after its end, or has lost its checksum."""


def whole(content: bytes, finished: bool, rest: bytes) -> bytes:
    """`content` of a stream that is `finished` and has no `rest` behind it."""
    if not finished:
        raise Damaged("the compressed stream ends early")
    if rest:
        raise Damaged("bytes follow the end of the compressed stream")
    return content


def _gzip(data: bytes) -> bytes:
    import gzip
    import io

    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as file:
        file.write(data)
    return buffer.getvalue()


def _gunzip(data: bytes) -> bytes:
    import zlib

    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    return whole(stream.decompress(data), stream.eof, stream.unused_data)


def _bzip2(data: bytes) -> bytes:
    import bz2

    return bz2.compress(data, 9)


def _bunzip2(data: bytes) -> bytes:
    import bz2

    stream = bz2.BZ2Decompressor()
    return whole(stream.decompress(data), stream.eof, stream.unused_data)


def _xz(data: bytes) -> bytes:
    import lzma

    return lzma.compress(data, format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, preset=6)


def _unxz(data: bytes) -> bytes:
    import lzma

    stream = lzma.LZMADecompressor(format=lzma.FORMAT_XZ)
    content = stream.decompress(data)
    if stream.check != lzma.CHECK_CRC64:
        raise Damaged("the xz stream has no CRC-64")
    return whole(content, stream.eof, stream.unused_data)


def _zstd(data: bytes) -> bytes:
    import zstandard

    packed: bytes = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(data)
    return packed


def _unzstd(data: bytes) -> bytes:
    import zstandard

    if not zstandard.get_frame_parameters(data).has_checksum:
        raise Damaged("the zstd frame has no checksum")
    stream = zstandard.ZstdDecompressor().decompressobj()
    return whole(stream.decompress(data), stream.eof, stream.unused_data)


def _lz4(data: bytes) -> bytes:
    import lz4.frame

    packed: bytes = lz4.frame.compress(data, content_checksum=True, block_checksum=True)
    return packed


def _unlz4(data: bytes) -> bytes:
    import lz4.frame

    said = lz4.frame.get_frame_info(data)
    if not (said["content_checksum"] and said["block_checksum"]):
        raise Damaged("the lz4 frame has no checksums")
    stream = lz4.frame.LZ4FrameDecompressor()
    return whole(stream.decompress(data), stream.eof, stream.unused_data or b"")


def _brotli(data: bytes) -> bytes:
    import brotli

    packed: bytes = brotli.compress(data, quality=5)  # the default, 11, takes 3 s for 1 MB
    return packed


def _unbrotli(data: bytes) -> bytes:
    import brotli

    content: bytes = brotli.decompress(data)  # refuses what ends early and what goes on
    return content


OPENED = """\
import {module}
import pickle

with {module}.open(path, "wb") as file:
    pickle.dump(model, file, protocol=5)

with {module}.open(path, "rb") as file:
    loaded = pickle.loads(file.read())  # to the end: only there the checksum is verified
"""
AT_ONCE = """\
import {module}
import pickle

with open(path, "wb") as file:
    file.write({pack})

with open(path, "rb") as file:
    loaded = pickle.loads({expand})
"""
DUMPED = "pickle.dumps(model, protocol=5)"
CODECS = (
    Codec(
        *("gzip", ".gz", "", "level 9"),
        "gzip's CRC-32 and length of the content",
        *(_gzip, _gunzip, OPENED.format(module="gzip")),
    ),
    Codec(
        *("bz2", ".bz2", "", "level 9"),
        "bzip2's CRC-32 of each block and of the content",
        *(_bzip2, _bunzip2, OPENED.format(module="bz2")),
    ),
    Codec(
        *("lzma", ".xz", "", "xz at level 6"),
        "xz's CRC-64 of the content, CRC-32 of its headers",
        *(_xz, _unxz, OPENED.format(module="lzma")),
    ),
    Codec(
        *("zstd", ".zst", "zstandard", "level 3"),
        "zstd's XXH64 (32 bits of it) of the content",
        *(_zstd, _unzstd),
        AT_ONCE.format(
            module="zstandard",
            pack="zstandard.ZstdCompressor(write_checksum=True).compress(\n        %s\n    )"
            % DUMPED,
            expand="zstandard.ZstdDecompressor().decompress(file.read())",
        ),
    ),
    Codec(
        *("lz4", ".lz4", "lz4.frame", "level 0"),
        "lz4's XXH32 of each block and of the content",
        *(_lz4, _unlz4),
        AT_ONCE.format(
            module="lz4.frame",
            pack="lz4.frame.compress(\n        %s,\n        content_checksum=True,\n"
            "        block_checksum=True,\n    )" % DUMPED,
            expand="lz4.frame.decompress(file.read())",
        ),
    ),
    Codec(
        *("brotli", ".br", "brotli", "quality 5"),
        "",
        *(_brotli, _unbrotli),
        AT_ONCE.format(
            module="brotli",
            pack="brotli.compress(%s, quality=5)" % DUMPED,
            expand="brotli.decompress(file.read())",
        ),
    ),
)


@format_
class PickleInCodec(Format):
    """`pickle.dumps` at protocol 5, compressed by one codec with its checksum switched on."""

    executes = ARBITRARY
    python_only = PYTHON_ONLY

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.id = "pickle-" + codec.name
        self.summary = "pickle, protocol %d, within %s, %s" % (PROTOCOL, codec.name, codec.settings)
        self.suffix = ".pkl" + codec.suffix
        self.requires = (codec.module,) if codec.module else ()
        self.checksum = codec.checksum
        self.snippet = codec.snippet

    @classmethod
    def variants(cls) -> List[Format]:
        return [cls(codec) for codec in CODECS]

    def dump(self, model: Any, path: str, data: Any) -> None:
        with refusals("pickle"):
            content = pickle.dumps(model, protocol=PROTOCOL)
        with open(path, "wb") as file:
            file.write(self.codec.pack(content))

    def load(self, path: str) -> Any:
        with open(path, "rb") as file:
            packed = file.read()
        return pickle.loads(self.codec.expand(packed))
