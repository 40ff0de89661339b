"""What the page of questions is told, as scripts: a page opened from disk may not fetch.

`data/questions.js` has the matrices and their estimators, `data/upgrade/<matrix>.js` what all
questions to one matrix share, `data/upgrade/<matrix>/<estimator>.js` the cells of one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from math import isinf

from harness.causes import Cause
from harness.records import Json
from harness.remedies import Tried
from harness.report.data import outcome_table, script
from harness.site import addresses
from harness.site.book import Book
from harness.site.estimator import Estimator, Listed
from harness.site.gather import Part, Site

_encode = json.JSONEncoder(separators=(",", ":")).encode


def call(function: str, *values: Json) -> str:
    """A script that calls a function of the page."""
    return f"{function}({','.join(script(_encode(value)) for value in values)});\n"


def index(site: Site, made: Mapping[str, Sequence[Listed]]) -> str:
    """The matrices, their estimators, and the question that is asked until another one is."""
    content = {
        "outcomes": outcome_table(),
        "matrices": [
            {
                "name": part.name,
                "report": part.report,
                "models": [[one.id, one.file, one.summary] for one in made[part.name]],
            }
            for part in site.parts
            if made.get(part.name)
        ],
        "first": first(site),
    }
    return f"globalThis.shelflifeQuestions={script(_encode(content))};\n"


def first(site: Site) -> Json:
    """A question worth asking: an upgrade after which a model answers otherwise, if there is one.

    Else one that fails, else any. The grossest drift of the first matrix that has one.
    """
    best: tuple[tuple[int, ...], Part, str] | None = None
    for place, part in enumerate(site.parts):
        for drift in part.findings.silent:
            best = _better(best, (3, -place), drift.cause, part)
        for cause in part.findings.loud[:200]:
            best = _better(best, (1, -place), cause, part)
    if best:
        return _question(best[1], best[2])
    for part in site.parts:
        if len(part.cells):
            return _question(part, Book(part).cell(0))
    return {}


def _better(
    best: tuple[tuple[int, ...], Part, str] | None,
    rank: tuple[int, int],
    cause: Cause,
    part: Part,
) -> tuple[tuple[int, ...], Part, str] | None:
    """Whichever is worth more: an upgrade, what is explained, what hits more models."""
    order = {name: place for place, name in enumerate(part.columns.environments.list())}
    ups = [c for c in cause.cells if order.get(c.producer, 0) < order.get(c.consumer, 0)]
    cell = str(ups[0]) if ups else cause.example
    worth = rank[0] + bool(ups), bool(cause.known), rank[1], len(cause.models)
    return (worth, part, cell) if best is None or worth > best[0] else best


def _question(part: Part, cell: str) -> Json:
    model, format, producer, consumer = cell.split("/")
    return {"matrix": part.name, "model": model, "format": format,
            "from": producer, "to": consumer}  # fmt: skip


def matrix(book: Book, tried: Iterable[Tried]) -> str:
    """What all questions to one matrix share: environments, the routes between them, causes."""
    part = book.part
    ids = book.environments
    place = {id: code for code, id in enumerate(ids)}
    routes = [
        [[place[id] for id in book.routes.between(one, other) if id in place] for other in ids]
        for one in ids
    ]
    content = {
        "environments": [
            {"id": id, "main": e.main, "version": e.version, "python": e.python,
             "released": e.released}
            for id, e in zip(ids, part.environments, strict=True)
        ],
        "formats": book.formats,
        "routes": routes,
        "causes": [_cause(book, name) for name in part.cause_names],
        "tried": _tried(part, tried),
    }  # fmt: skip
    return call("shelflifeMatrix", part.name, content)


def _cause(book: Book, name: str) -> Json:
    cause = book.causes.get(name)
    known = cause.known if cause else None
    resaved = [
        [r.what, r.helps, r.of, r.shown_by]
        for r in (cause.remedies if cause else ())
        if r.kind == "resave"
    ]
    return [name, known.sentence if known else "", known.hint if known else "",
            list(known.links) if known else [], resaved]  # fmt: skip


def _tried(part: Part, tried: Iterable[Tried]) -> Json:
    """Re-saving as it was tried, by cell: where, what came of it, when."""
    found: dict[str, list[Json]] = {}
    for one in tried:
        model, _, producer, consumer = one.cell.split("/")
        known = part.columns.environments
        if model in part.columns.models and producer in known and consumer in known:
            found.setdefault(one.cell, []).append([one.via, one.outcome, one.date, one.error])
    return found


def estimator(of: Estimator) -> str:
    """The cells of one estimator: kinds of cells, and by format which pair is of which kind."""
    book, cells = of.book, of.book.part.cells
    columns = (cells.outcome, cells.detail, cells.cause, cells.warned, cells.difference)
    kinds: dict[tuple[float, ...], int] = {}
    own = [
        kinds.setdefault(key, len(kinds))
        for key in zip(*(column[of.own].tolist() for column in columns), strict=True)
    ]
    at = of.block.at - of.own.start
    content = {
        "on": of.block.environments.tolist(),
        "kinds": [[o, book.details[int(d)], c, w, _difference(far)] for o, d, c, w, far in kinds],
        "cells": {
            name: [own[i] if i >= 0 else -1 for i in at[f].ravel().tolist()]
            for f, name in enumerate(of.formats)
        },
        "page": addresses.estimator(book.part.name, of.file),
        "data": addresses.document(book.part.name, of.file),
    }
    return call("shelflifeEstimator", book.part.name, of.id, content)


def _difference(value: float) -> Json:
    """-1 where nothing was compared, None where it is not finite."""
    return None if isinf(value) else value
