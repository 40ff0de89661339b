"""The tables of one matrix: what each holds, and its rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from harness.causes import Cause
from harness.report.columns import OUTCOMES
from harness.site.cells import Array
from harness.site.gather import Part
from harness.site.tables import BATCH, Batch, Column, Table, rows

ID = (
    Column("model", "text", "the estimator's id"),
    Column("format", "text", "the format's id"),
    Column("producer", "text", "the environment that saved it"),
)
CELLS = Table(
    "cells",
    "Every cell of a matrix.",
    (
        *ID,
        Column("consumer", "text", "the environment that loaded it"),
        Column("outcome", "text", "what became of it"),
        Column("detail", "text", "what happened, in a line that many cells share"),
        Column("cause", "text", "the root cause of a failure elsewhere", empty=True),
        Column("difference", "number", "the largest absolute difference over the methods, in the "
               "model's unit; empty where no answer was compared", empty=True),
        Column("bytes", "integer", "size of the artifact; empty where none was written",
               empty=True),
        Column("warned", "yes or no", "whether anything warned"),
        Column("erred", "yes or no", "whether anything raised"),
    ),
    large=True,
)  # fmt: skip
ENVIRONMENTS = Table(
    "environments",
    "The environments of a matrix, in the order of releases.",
    (
        Column("environment", "text", "its id"),
        Column("python", "text", "version of Python"),
        Column("main", "text", "its main library"),
        Column("version", "text", "version of the main library"),
        Column("released", "text", "day on which that was released", empty=True),
        Column("problem", "text", "why it could not be used, if so", empty=True),
        Column("packages", "text", "its packages as name==version, with a blank between"),
    ),
)
CAUSES = Table(
    "causes",
    "Root causes of what failed or answered otherwise, wrong answers first.",
    (
        Column("cause", "text", "its id"),
        Column("silent", "yes or no", "whether its cells answer otherwise without an error"),
        Column("cells", "integer", "cells that it hits"),
        Column("artifacts", "integer", "saved files that it hits, whoever loads them"),
        Column("models", "integer", "estimators that it hits"),
        Column("formats", "text", "formats that it hits, with a blank between"),
        Column("outcomes", "text", "how many cells of each outcome"),
        Column("first_producer", "text", "where the first bad pair was saved", empty=True),
        Column("first_consumer", "text", "where it was loaded", empty=True),
        Column("last_producer", "text", "where the last bad pair was saved", empty=True),
        Column("last_consumer", "text", "where it was loaded", empty=True),
        Column("sentence", "text", "what explains it", empty=True),
        Column("hint", "text", "what may help", empty=True),
        Column("links", "text", "where upstream speaks of it, with a blank between", empty=True),
        Column("example", "text", "the id of one of its cells"),
    ),
)
REMEDIES = Table(
    "remedies",
    "What was measured or tried to help against a root cause.",
    (
        Column("cause", "text", "the root cause"),
        Column("kind", "text", "format, pin or resave"),
        Column("what", "text", "the format or environment that helps"),
        Column("helps", "integer", "cells in which it helps"),
        Column("of", "integer", "cells for which it was tried"),
        Column("shown_by", "text", "the id of a cell that shows it"),
    ),
)
LIVES = Table(
    "lives",
    "How long each saved model kept, along the line of releases.",
    (
        *ID,
        Column("direction", "text", "upgrade or rollback"),
        Column("releases", "integer", "releases until it died, or for which it was followed"),
        Column("months", "number", "the same in months of 30.4375 days"),
        Column("died", "yes or no", "whether it stopped answering"),
        Column("last", "text", "the last environment in which it answered", empty=True),
        Column("fatal", "text", "the one in which it did not", empty=True),
        Column("outcome", "text", "what became of it there", empty=True),
        Column("returned", "text", "a later one in which it answered again", empty=True),
        Column("gap", "yes or no", "whether cells without a result lie just before its death"),
    ),
    large=True,
)
TRANSITIONS = Table(
    "transitions",
    "Each saved model over its consumers in the order of releases, as stretches of one outcome.",
    (
        *ID,
        Column("stretches", "text", "outcome and first..last environment, with '; ' between"),
        Column("wrong", "yes or no", "whether any of them is an answer that is another one"),
    ),
    large=True,
)
TABLES = (CELLS, ENVIRONMENTS, CAUSES, REMEDIES, LIVES, TRANSITIONS)


def made(part: Part) -> list[tuple[Table, Iterable[Batch]]]:
    """The tables of a matrix with their rows."""
    others = ((ENVIRONMENTS, environments), (CAUSES, causes), (REMEDIES, remedies),
              (LIVES, lives), (TRANSITIONS, moved))  # fmt: skip
    return [(CELLS, cells(part)), *((t, rows(some(part), len(t.columns))) for t, some in others)]


def _table(texts: Iterable[str]) -> Array:
    """Texts to be looked up by their codes."""
    return np.array([*texts], dtype=object)


def cells(part: Part) -> Iterable[Batch]:
    """Every cell, in the order of ids' codes."""
    c, columns = part.cells, part.columns
    environments = _table(columns.environments.list())
    texts = (
        (_table(columns.models.list()), c.model),
        (_table(columns.formats.list()), c.format),
        (environments, c.producer),
        (environments, c.consumer),
        (np.array([o.value for o in OUTCOMES], dtype=object), c.outcome),
        (_table(columns.details.list()), c.detail),
        (_or_none(part.cause_names), c.cause),
    )
    for start in range(0, max(len(c), 1), BATCH):
        own = slice(start, start + BATCH)
        yield [
            *(names[codes[own]].tolist() for names, codes in texts),
            _known(c.difference[own], float),
            _known(c.bytes[own], int),
            c.warned[own].astype(bool).tolist(),
            c.erred[own].astype(bool).tolist(),
        ]


def _or_none(names: Iterable[str]) -> Array:
    found = _table(names)
    found[found == ""] = None
    return found


def _known(values: Array, kind: type) -> list[Any]:
    """Numbers, None for those below zero: there are none."""
    return [kind(value) if value >= 0 else None for value in values.tolist()]


def environments(part: Part) -> Iterator[tuple[Any, ...]]:
    for e in part.environments:
        packages = " ".join(f"{name}=={version}" for name, version in e.packages.items())
        yield (e.id, e.python, e.main, e.version, e.released or None, e.problem or None, packages)


def _every(part: Part) -> Iterator[tuple[bool, Cause]]:
    yield from ((True, drift.cause) for drift in part.findings.silent)
    yield from ((False, cause) for cause in part.findings.loud)


def causes(part: Part) -> Iterator[tuple[Any, ...]]:
    for silent, cause in _every(part):
        first, last = cause.first or (None, None), cause.last or (None, None)
        known = cause.known
        yield (
            cause.id, silent, cause.count, cause.artifacts, len(cause.models),
            " ".join(sorted(cause.formats)), _counted(cause.outcomes), *first, *last,
            known.sentence if known else None, known.hint or None if known else None,
            " ".join(known.links) or None if known else None, cause.example,
        )  # fmt: skip


def _counted(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {outcome}" for outcome, n in sorted(outcomes.items()))


def remedies(part: Part) -> Iterator[tuple[Any, ...]]:
    for _, cause in _every(part):
        for r in cause.remedies:
            yield (cause.id, r.kind, r.what, r.helps, r.of, r.shown_by)


def lives(part: Part) -> Iterator[tuple[Any, ...]]:
    for x in part.findings.lives.lives:
        yield (
            x.model, x.format, x.producer, x.direction, x.releases, x.months, x.died,
            x.last or None, x.fatal or None, x.outcome.value if x.outcome else None,
            x.returned or None, x.gap,
        )  # fmt: skip


def moved(part: Part) -> Iterator[tuple[Any, ...]]:
    models, formats = part.columns.models.list(), part.columns.formats.list()
    history = part.history
    for row in range(len(history)):
        kind = history.kind_of(row)
        model, format = models[history.model[row]], formats[history.format[row]]
        yield (model, format, kind.producer, kind.text, kind.wrong)
