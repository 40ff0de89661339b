"""pickle, protocol 5, within each standalone codec at each of its levels: a plugin, to be measured.

The formats of the project have one level of each codec, with promises about damaged files that are
tried. Here are all levels, `pickle-zstd-19`, and the frames and checksums are those of the format
without a level. Named by `SHELFLIFE_PLUGINS`, they can be measured like any other format.

lz4 takes 1 and 2 for 0; zstd's levels below 1 are not among its numbered ones.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

from shelflife_worker.registry import FORMATS, Format, format_

Pack = Callable[[bytes, int], bytes]


def _gzip(data: bytes, level: int) -> bytes:
    import gzip
    import io

    buffer = io.BytesIO()
    with gzip.GzipFile("", "wb", level, buffer, mtime=0) as file:
        file.write(data)
    return buffer.getvalue()


def _bz2(data: bytes, level: int) -> bytes:
    import bz2

    return bz2.compress(data, level)


def _lzma(data: bytes, level: int) -> bytes:
    import lzma

    return lzma.compress(data, format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, preset=level)


def _zstd(data: bytes, level: int) -> Any:
    import zstandard

    return zstandard.ZstdCompressor(level=level, write_checksum=True).compress(data)


def _lz4(data: bytes, level: int) -> Any:
    import lz4.frame

    checked = {"content_checksum": True, "block_checksum": True}
    return lz4.frame.compress(data, compression_level=level, **checked)


def _brotli(data: bytes, level: int) -> Any:
    import brotli

    return brotli.compress(data, quality=level)


LEVELS: Dict[str, Tuple[Pack, Tuple[int, ...]]] = {
    "gzip": (_gzip, tuple(range(1, 10))),
    "bz2": (_bz2, tuple(range(1, 10))),
    "lzma": (_lzma, tuple(range(10))),
    "zstd": (_zstd, tuple(range(1, 23))),
    "lz4": (_lz4, (0, *range(3, 13))),
    "brotli": (_brotli, tuple(range(12))),
}
PickleInCodec: Any = type(FORMATS["pickle-zstd"])


def _at(format: Any, level: int) -> Any:
    """The codec of a format, at that level instead of its own."""
    codec = format.codec
    pack = LEVELS[codec.name][0]
    return codec._replace(
        name="%s-%d" % (codec.name, level),
        settings="level %d" % level,
        pack=lambda data: pack(data, level),
        snippet="",
    )


@format_
class PickleAtLevel(PickleInCodec):
    """`pickle.dumps` at protocol 5, compressed by one codec at one level; checksum switched on."""

    @classmethod
    def variants(cls) -> List[Format]:
        return [
            cls(_at(FORMATS["pickle-" + name], level))
            for name, (_, levels) in LEVELS.items()
            for level in levels
        ]
