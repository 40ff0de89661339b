"""The JSON of an estimator: a small file with a stable address, into which JSON pointers lead.

`#/formats/<format>/<producer>/<consumer>` is a cell. See docs/reference/site-data.md.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from math import isinf
from typing import Any

from harness.records import Json
from harness.report.columns import OUTCOMES
from harness.shelflives import Life
from harness.site.book import Book
from harness.site.estimator import Estimator

_encode = json.JSONEncoder(separators=(",", ":")).encode


class Documents:
    """Writes the documents of a matrix: what many cells share is encoded once."""

    def __init__(self, book: Book, measured: str) -> None:
        self.book, self.measured = book, measured
        self._cells: dict[tuple[Any, ...], str] = {}
        self._texts = [*map(_encode, book.details)]
        self._causes = [*map(_encode, book.part.cause_names)]
        self._quoted = [*map(_encode, book.environments)]

    def text(self, of: Estimator) -> str:
        """The document of one estimator."""
        part = self.book.part
        head = {
            "matrix": part.name,
            "evidence": part.id,
            "measured": self.measured,
            "model": of.id,
            "family": of.family,
            "summary": of.summary,
            "environments": [_about(e) for e in self.book.headers if e["id"] in of.environments],
            "causes": {hit.cause.id: _cause(hit.cause.known) for hit in of.hits},
            "shelf_life": _lives(of.lives),
        }
        return f'{_encode(head)[:-1]},"formats":{self._formats(of)}}}\n'

    def _formats(self, of: Estimator) -> str:
        """Every cell, nested by format, producer and consumer: the order in which they stand."""
        cells, own = self.book.part.cells, of.own
        columns = (cells.outcome, cells.detail, cells.cause, cells.difference, cells.bytes,
                   cells.warned, cells.erred)  # fmt: skip
        keys = zip(*(column[own].tolist() for column in columns), strict=True)
        places = zip(cells.format[own].tolist(), cells.producer[own].tolist(), strict=True)
        made, environments = self._cells, self._quoted
        found: defaultdict[int, defaultdict[int, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        consumers = cells.consumer[own].tolist()
        for (fmt, producer), consumer, key in zip(places, consumers, keys, strict=True):
            text = made.get(key)
            if text is None:
                text = made[key] = self._cell(*key)
            found[fmt][producer].append(f"{environments[consumer]}:{text}")
        return _object(
            (_encode(self.book.formats[fmt]),
             _object((environments[p], f"{{{','.join(some)}}}") for p, some in saved.items()))
            for fmt, saved in found.items()
        )  # fmt: skip

    def _cell(
        self, outcome: int, detail: int, cause: int, difference: float, size: float,
        warned: int, erred: int,
    ) -> str:  # fmt: skip
        """One cell; what there is nothing to say of is left out."""
        parts = [f'"outcome":"{OUTCOMES[outcome].value}"']
        if difference >= 0:
            parts.append(f'"difference":{"null" if isinf(difference) else repr(difference)}')
        if detail:
            parts.append(f'"detail":{self._texts[detail]}')
        if cause:
            parts.append(f'"cause":{self._causes[cause]}')
        if size >= 0:
            parts.append(f'"bytes":{int(size)}')
        parts += [f'"{name}":true' for name, said in (("warned", warned), ("erred", erred)) if said]
        return "{" + ",".join(parts) + "}"


def _object(pairs: Any) -> str:
    return "{" + ",".join(f"{name}:{text}" for name, text in pairs) + "}"


def _about(header: Mapping[str, Json]) -> Json:
    return {
        "id": header["id"],
        "python": header["python"],
        "main": header["main"],
        "released": header["released"],
        "packages": header.get("packages", {}),
    }


def _cause(known: Any) -> Json:
    if known is None:
        return {"sentence": "", "hint": "", "links": []}
    return {"sentence": known.sentence, "hint": known.hint, "links": list(known.links)}


def _lives(lives: list[Life]) -> Json:
    """By format, producer and direction: how long it kept, and what ended it."""
    found: dict[str, dict[str, dict[str, Json]]] = {}
    for life in lives:
        told = {"releases": life.releases, "months": round(life.months, 2), "died": life.died,
                "last": life.last, "fatal": life.fatal}  # fmt: skip
        found.setdefault(life.format, {}).setdefault(life.producer, {})[life.direction] = told
    return found
