"""A run's lines in a compact form, and back. Pure; `baseline` puts the form into a file.

The form is JSON of six parts:

    form       its version
    header     the run's `run.json`
    strangers  environments that cells name and the header does not have
    heads      what was seen of a cell up to its artifact, as JSON text, each once
    tails      what was seen from the fidelity on, in the same way
    rows       a model, a format and a producer; then, over the environments of the header and the
               strangers as consumers: numbers of heads, numbers of tails, and the artifact's bytes;
               null for a cell that is not there, and one number in place of as many equal ones

In the texts `«` stands for the producer's release of the library that is compared, and `»` for the
consumer's: the same warning between two other releases is then the same text. Milliseconds,
tracebacks and the SHA-256 of artifacts are not kept; all else comes back as it was, in the order of
the matrix.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Annotated

import msgspec

from harness import places
from harness.records import CellId, Json

FORM = 1
BLOCK = 2_000  # lines that are made at once
HEAD = ("outcome", "methods", "error", "warnings")
TAIL = ("fidelity", "ms", "reason", "observed", "runs")
SAVED, LOADED = "«", "»"
Count = Annotated[int, msgspec.Meta(ge=0)]
Codes = Count | None | list[Count | None]
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
    """The form; see the top of this module."""

    form: int
    header: dict[str, Json]
    strangers: list[str]
    heads: list[str]
    tails: list[str]
    rows: list[Row]


# -- to the form ---------------------------------------------------------------------------------


def condensed(header: dict[str, Json], lines: Iterable[Json]) -> Content:
    """The form of these lines, whatever their order; of two of one cell the last counts."""
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
    known = {environment["id"] for environment in header["environments"]}
    strangers = sorted({consumer for row in found.values() for consumer in row} - known)
    consumers = _consumers(header, strangers)
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


def _members(names: Sequence[str], line: Json) -> str:
    """Members of a line as JSON text, without the braces and without what is not kept."""
    kept = {name: line[name] for name in names}
    if kept.get("error"):
        kept["error"] = {**places.failure(kept["error"]), "traceback": ""}
    if kept.get("warnings"):
        kept["warnings"] = [places.warning(warning) for warning in kept["warnings"]]
    if kept.get("reason"):
        kept["reason"] = places.shortened(kept["reason"])
    if "ms" in kept:
        kept["ms"] = {}
    return _encode(kept)[1:-1]


def _emptied(text: str, saved: str, loaded: str) -> str:
    """The text with marks for the two releases; the longer first, since it may hold the other."""
    for release, mark in sorted(((saved, SAVED), (loaded, LOADED)), key=lambda m: -len(m[0])):
        text = text.replace(release, mark) if release else text
    return text


def _short(codes: list[int | None]) -> Codes:
    return codes[0] if codes and all(code == codes[0] for code in codes) else codes


# -- and back ------------------------------------------------------------------------------------


def blocks(content: Content) -> Iterator[bytes]:
    """The lines again. LookupError, TypeError or ValueError where the parts do not fit together."""
    consumers, releases = _consumers(content.header, content.strangers), _releases(content.header)
    texts: list[str] = []
    for row in content.rows:
        texts += _lines(row, content, consumers, releases)
        if len(texts) >= BLOCK:
            yield "".join(texts).encode("ascii")
            texts = []
    yield "".join(texts).encode("ascii")


def _lines(
    row: Row, content: Content, consumers: Sequence[str], releases: dict[str, str]
) -> Iterator[str]:
    width, saved = len(consumers), releases.get(row.producer, "")
    columns = (_long(codes, width) for codes in (row.heads, row.tails, row.bytes))
    names = (content.header["matrix"], row.producer, row.model, row.format)
    matrix, producer, model, format = map(_encode, names)
    for consumer, head, tail, size in zip(consumers, *columns, strict=True):
        if head is None or tail is None:
            continue
        loaded = releases.get(consumer, "")
        artifact = "null" if size is None else f'{{"sha256":null,"bytes":{size}}}'
        yield (
            f'{{"cell":{_encode(str(CellId(row.model, row.format, row.producer, consumer)))},'
            f'"matrix":{matrix},"producer":{producer},"consumer":{_encode(consumer)},'
            f'"model":{model},"format":{format},{_filled(content.heads[head], saved, loaded)},'
            f'"artifact":{artifact},{_filled(content.tails[tail], saved, loaded)}}}\n'
        )


def count(content: Content) -> int:
    """How many cells there are."""
    width = len(_consumers(content.header, content.strangers))
    return sum(code is not None for row in content.rows for code in _long(row.heads, width))


@lru_cache(maxsize=1 << 16)
def _filled(text: str, saved: str, loaded: str) -> str:
    """The inverse of `_emptied`: a JSON text is ASCII, so that every mark in it is one of ours."""
    return text.replace(SAVED, saved).replace(LOADED, loaded)


def _long(codes: Codes, width: int) -> list[int | None]:
    return codes if isinstance(codes, list) else [codes] * width


def _consumers(header: Json, strangers: Sequence[str]) -> list[str]:
    return [*(environment["id"] for environment in header["environments"]), *strangers]


def _releases(header: Json) -> dict[str, str]:
    """The version of the compared library in each environment; a whole one, such as 1.2.2."""
    found = {e["id"]: e.get("packages", {}).get(e["main"], "") for e in header["environments"]}
    return {id: version for id, version in found.items() if "." in version}
