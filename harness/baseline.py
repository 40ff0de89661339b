"""Baselines: what a run has found, in a compact form that is committed beside the matrices.

`matrices/baselines/<matrix>.json.xz` is JSON in xz, of four parts:

    header  the run's `run.json`
    heads   what was seen of a cell up to its artifact, as JSON text, each once
    tails   what was seen from the fidelity on, in the same way
    rows    a model, a format and a producer, and over the consumers of `header` and of `strangers`
            in their order: numbers of heads and tails, and the artifact's bytes; null for a cell
            that is not there, and one number in place of as many equal ones

In the texts `«` stands for the producer's release of the library that is compared, and `»` for the
consumer's: the same warning between two other releases is then the same text. A baseline keeps no
milliseconds, no tracebacks and no SHA-256 of artifacts; all else comes back as it was, in the order
of the matrix. The same run gives the same bytes.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from harness.errors import StoreError, did_you_mean
from harness.lines import Recorded
from harness.records import CellId, Json
from harness.words import cells

FORM = 1
SUFFIX = ".json.xz"
BLOCK = 2_000  # rows' worth of lines that are made at once
AGAIN = "Restore it from the project's history, or make it anew: shelflife baseline RUN"
HEAD = ("outcome", "methods", "error", "warnings")
TAIL = ("fidelity", "ms", "reason", "observed", "runs")
Count = Annotated[int, msgspec.Meta(ge=0)]
Codes = Count | None | list[Count | None]
SAVED, LOADED = "«", "»"
Found = dict[tuple[str, str, str], dict[str, tuple[int, int, int | None]]]
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Row(msgspec.Struct, array_like=True, frozen=True):
    """What one producer's artifact of a case came to in every consumer."""

    model: str
    format: str
    producer: str
    heads: Codes
    tails: Codes
    bytes: Codes


class Content(msgspec.Struct, frozen=True):
    """What the file holds; see the top of this module."""

    form: int
    header: dict[str, Json]
    strangers: list[str]
    heads: list[str]
    tails: list[str]
    rows: list[Row]


class Baseline(Recorded):
    """The committed form of a run, for reading. `id` is `baseline:` and the name of its matrix."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def matrix(self) -> str:
        return self.path.name.removesuffix(SUFFIX)

    @property
    def id(self) -> str:
        return f"baseline:{self.matrix}"

    @cached_property
    def content(self) -> Content:
        """All of it, read once. StoreError where it cannot be read."""
        try:
            found = msgspec.json.decode(_unpacked(self.path), type=Content)
        except (lzma.LZMAError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise StoreError(f"{self.path} is damaged: {error}", AGAIN) from None
        if found.form != FORM:
            hint = "Use that one, or make it anew: shelflife baseline RUN"
            raise StoreError(f"{self.path} is of another version of Shelflife", hint)
        return found

    def header(self) -> dict[str, Json]:
        """`run.json` of the run that it was made of."""
        return self.content.header

    @property
    def is_complete(self) -> bool:
        """Whether the run had recorded every cell that it was to."""
        return self.header()["footer"] is not None

    @cached_property
    def cells_kept(self) -> int:
        """How many cells there are."""
        width = len(self._consumers)
        rows = (_long(row.heads, width) for row in self.content.rows)
        return sum(code is not None for codes in rows for code in codes)

    @property
    def state(self) -> str:
        """In words, how much of the matrix it holds."""
        return f"{'complete' if self.is_complete else 'incomplete'}, {cells(self.cells_kept)}"

    def blocks(self) -> Iterator[bytes]:
        """The lines of `cells.jsonl`, without what a baseline does not keep."""
        try:
            texts: list[str] = []
            for row in self.content.rows:
                texts += self._lines_of(row)
                if len(texts) >= BLOCK:
                    yield "".join(texts).encode("ascii")
                    texts = []
            yield "".join(texts).encode("ascii")
        except (LookupError, ValueError, TypeError) as error:
            raise StoreError(f"{self.path} is damaged: {error!r}", AGAIN) from None

    @cached_property
    def _consumers(self) -> list[str]:
        return _environments(self.content.header, self.content.strangers)

    @cached_property
    def _releases(self) -> Mapping[str, str]:
        return _releases(self.content.header)

    def _lines_of(self, row: Row) -> Iterator[str]:
        consumers, (heads, tails) = self._consumers, (self.content.heads, self.content.tails)
        width = len(consumers)
        codes = zip(
            consumers,
            _long(row.heads, width),
            _long(row.tails, width),
            _long(row.bytes, width),
            strict=True,
        )
        matrix = _encode(self.content.header["matrix"])
        releases, saved = self._releases, self._releases.get(row.producer, "")
        names = [_encode(name) for name in (row.producer, row.model, row.format)]
        for consumer, head, tail, size in codes:
            if head is None or tail is None:
                continue
            loaded = releases.get(consumer, "")
            artifact = "null" if size is None else f'{{"sha256":null,"bytes":{size}}}'
            yield (
                f'{{"cell":{_encode(str(CellId(row.model, row.format, row.producer, consumer)))},'
                f'"matrix":{matrix},"producer":{names[0]},"consumer":{_encode(consumer)},'
                f'"model":{names[1]},"format":{names[2]},{_filled(heads[head], saved, loaded)},'
                f'"artifact":{artifact},{_filled(tails[tail], saved, loaded)}}}\n'
            )


def find(folder: Path, matrix: str) -> Baseline:
    """The committed baseline of a matrix. StoreError where there is none."""
    known = {found.matrix: found for found in baselines(folder)}
    if matrix not in known:
        hint = did_you_mean(matrix, known) if known else "Make one: shelflife baseline RUN"
        raise StoreError(f"there is no baseline of {matrix!r} in {folder}", hint)
    return known[matrix]


def baselines(folder: Path) -> list[Baseline]:
    """Every baseline in a folder, by name."""
    return [Baseline(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]


def write(header: dict[str, Json], lines: Iterable[Json], folder: Path) -> Baseline:
    """Make the baseline of a run's header and lines; of two lines of one cell the last counts."""
    path = folder / (header["matrix"] + SUFFIX)
    packed = lzma.compress(
        msgspec.json.encode(content(header, lines)), check=lzma.CHECK_SHA256, preset=9
    )
    new = path.with_name(path.name + ".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new.write_bytes(packed)
        new.replace(path)
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror}", "Make room, or mend it."
        ) from None
    return Baseline(path)


def content(header: dict[str, Json], lines: Iterable[Json]) -> Content:
    """What the baseline of these lines holds, whatever order they come in."""
    releases = _releases(header)
    heads, tails = _Table(), _Table()
    found: Found = {}
    for line in lines:
        release = releases.get(line["producer"], ""), releases.get(line["consumer"], "")
        row = found.setdefault((line["model"], line["format"], line["producer"]), {})
        row[line["consumer"]] = (
            heads.code(_emptied(_members(HEAD, line), *release)),
            tails.code(_emptied(_members(TAIL, line), *release)),
            line["artifact"]["bytes"] if line["artifact"] else None,
        )
    return _in_order(header, found, heads.texts, tails.texts)


def _in_order(
    header: dict[str, Json], found: Found, heads: Sequence[str], tails: Sequence[str]
) -> Content:
    """Rows in the matrix's order, and texts in that of their first use."""
    known = set(_environments(header, ()))
    strangers = sorted({consumer for row in found.values() for consumer in row} - known)
    consumers = _environments(header, strangers)
    first_heads, first_tails = _Table(), _Table()
    rows = []
    for key in sorted(found, key=_places(header)):
        seen = [found[key].get(consumer) for consumer in consumers]
        rows.append(
            Row(
                *key,
                _short([cell and first_heads.code(heads[cell[0]]) for cell in seen]),
                _short([cell and first_tails.code(tails[cell[1]]) for cell in seen]),
                _short([cell and cell[2] for cell in seen]),
            )
        )
    return Content(FORM, header, strangers, first_heads.texts, first_tails.texts, rows)


class _Table:
    """Texts, each once, in the order of their first use."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._codes: dict[str, int] = {}

    def code(self, text: str) -> int:
        code = self._codes.setdefault(text, len(self.texts))
        if code == len(self.texts):
            self.texts.append(text)
        return code


def _places(header: Json) -> Callable[[tuple[str, str, str]], tuple[tuple[int, str], ...]]:
    """A sort key of rows: the header's order of each part, then what it does not have."""
    kinds = ("models", "formats", "environments")
    places = [{each["id"]: n for n, each in enumerate(header[kind])} for kind in kinds]

    def key(row: tuple[str, str, str]) -> tuple[tuple[int, str], ...]:
        return tuple(
            (place.get(part, len(place)), part) for place, part in zip(places, row, strict=True)
        )

    return key


def _environments(header: Json, strangers: Sequence[str]) -> list[str]:
    return [*(environment["id"] for environment in header["environments"]), *strangers]


def _releases(header: Json) -> dict[str, str]:
    """The version of the compared library in each environment; a whole one, such as 1.2.2."""
    found = {e["id"]: e["packages"].get(e["main"], "") for e in header["environments"]}
    return {id: version for id, version in found.items() if "." in version}


def _members(names: Sequence[str], line: Json) -> str:
    """Members of a line as JSON text, without the braces; what a baseline keeps of them."""
    kept = {name: line[name] for name in names}
    if kept.get("error"):
        kept["error"] = {**kept["error"], "traceback": ""}
    if "ms" in kept:
        kept["ms"] = {}
    return _encode(kept)[1:-1]


def _emptied(text: str, saved: str, loaded: str) -> str:
    """The text with marks for the two releases; the longer first, since it may hold the other."""
    for release, mark in sorted(((saved, SAVED), (loaded, LOADED)), key=lambda m: -len(m[0])):
        text = text.replace(release, mark) if release else text
    return text


@lru_cache(maxsize=1 << 16)
def _filled(text: str, saved: str, loaded: str) -> str:
    """The inverse: a JSON text is ASCII, so that every mark in it is one of ours."""
    return text.replace(SAVED, saved).replace(LOADED, loaded)


def _short(codes: list[int | None]) -> Codes:
    return codes[0] if codes and all(code == codes[0] for code in codes) else codes


def _long(codes: Codes, width: int) -> list[int | None]:
    return codes if isinstance(codes, list) else [codes] * width


def _unpacked(path: Path) -> bytes:
    """The content of an xz file. LZMAError where it is damaged, cut short, or more follows."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}", AGAIN) from None
    unzip = lzma.LZMADecompressor(lzma.FORMAT_XZ)
    found = unzip.decompress(raw)
    if not unzip.eof:
        raise lzma.LZMAError("it is cut short")
    if unzip.unused_data:
        raise lzma.LZMAError("something follows its end")
    return found
