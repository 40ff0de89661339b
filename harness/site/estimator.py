"""What is said of one estimator: its grids, root causes worst first, shelf lives. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from markupsafe import Markup

from harness.causes import Cause
from harness.records import OK_OUTCOMES, Outcome
from harness.report.columns import OUTCOMES
from harness.site import lived
from harness.site.book import Book
from harness.site.cells import NONE, OK, RESULT, Array, Block, code
from harness.site.routes import stop
from harness.site.strips import row
from harness.words import SILENT, group

SHOWN = 3
"""Formats that are named as helping against a cause, at the most."""
WRONG = np.array([o in SILENT for o in OUTCOMES])


@dataclass(frozen=True)
class Help:
    """Another format that answers in `helps` of the `of` cells for which it has a result."""

    format: str
    helps: int
    of: int
    cell: str


@dataclass(frozen=True)
class Hit:
    """A root cause in the cells of one estimator.

    `silent` cells answer otherwise without an error, `unwarned` of them without a warning. `far` is
    the largest difference of its wrong answers, `NONE` where no numbers were compared.
    """

    cause: Cause
    outcomes: Mapping[Outcome, int]
    silent: int
    unwarned: int
    far: float
    formats: Sequence[str]
    first: tuple[str, str]
    last: tuple[str, str]
    pairs: int
    example: str
    detail: str
    helps: Sequence[Help]

    @property
    def count(self) -> int:
        return sum(self.outcomes.values())

    @property
    def worst(self) -> Outcome:
        return OUTCOMES[max(map(code, self.outcomes))]

    @property
    def rank(self) -> tuple[bool, bool, int, int, str]:
        """Wrong answers before errors, and of these those that nothing warned of."""
        return (
            not self.silent,
            not self.unwarned,
            -self.worst.severity,
            -self.count,
            self.cause.id,
        )


@dataclass(frozen=True)
class Grid:
    """Formats that behave alike, and what each environment saved in them, as rows of a table."""

    formats: Sequence[str]
    rows: Markup
    right: int
    results: int


@dataclass(frozen=True)
class Listed:
    """An estimator in a list: what is told of it there."""

    matrix: str
    id: str
    file: str
    summary: str
    library: str
    cells: int
    right: int
    otherwise: int
    failing: int
    lives: Sequence[tuple[str, str]]


class Estimator:
    """One model of a matrix."""

    def __init__(self, book: Book, model: int) -> None:
        self.book, self.model, self.id = book, model, book.models[model]
        self.own = book.part.cells.of(model)
        self.block = Block(book.part.cells, model)
        self.formats = [book.formats[code] for code in self.block.formats]
        self.environments = [book.environments[code] for code in self.block.environments]
        self.file = book.part.files[model]
        about = book.about.get(self.id, {})
        self.summary, self.family = about.get("summary", ""), about.get("family", "")
        self.lives = book.lives.get(self.id, [])

    def __len__(self) -> int:
        return int(self.own.stop) - int(self.own.start)

    @cached_property
    def counts(self) -> Counter[Outcome]:
        """Its cells that were loaded elsewhere, by outcome."""
        cells = self.book.part.cells
        abroad = cells.producer[self.own] != cells.consumer[self.own]
        found = np.bincount(cells.outcome[self.own][abroad], minlength=len(OUTCOMES))
        return Counter({o: int(n) for o, n in zip(OUTCOMES, found, strict=True) if n})

    @property
    def right(self) -> int:
        """Cells loaded elsewhere that answer as before."""
        return sum(self.counts[o] for o in OK_OUTCOMES)

    @property
    def otherwise(self) -> int:
        """Those that answer otherwise."""
        return sum(self.counts[o] for o in SILENT)

    @property
    def failing(self) -> int:
        """Those that fail with an error, run out of time or die; declining is no failing."""
        return sum(n for o, n in self.counts.items() if group(o) == "error")

    def listed(self) -> Listed:
        """What is told of it in a list; `lives` has the median shelf life of each format."""
        lives = [(f, lived.median([x for x in self.lives if x.format == f])) for f in self.formats]
        return Listed(
            self.book.part.name, self.id, self.file, self.summary, self.library, len(self),
            self.right, self.otherwise, self.failing, [x for x in lives if x[1] != "not known"],
        )  # fmt: skip

    @property
    def library(self) -> str:
        """The library whose releases most of its environments differ in."""
        names = Counter(self.book.libraries.get(id, "") for id in self.environments)
        return names.most_common(1)[0][0] if names else ""

    @cached_property
    def hits(self) -> list[Hit]:
        """The root causes of its failures, the worst first."""
        cause = self.book.part.cells.cause[self.own]
        found = [self._hit(int(c), np.flatnonzero(cause == c)) for c in np.unique(cause[cause > 0])]
        return sorted(found, key=lambda hit: hit.rank)

    def _hit(self, cause: int, local: Array) -> Hit:
        cells, book, start = self.book.part.cells, self.book, self.own.start
        places = local + start
        outcome, erred = cells.outcome[places], cells.erred[places].astype(bool)
        counts = np.bincount(outcome, minlength=len(OUTCOMES))
        silent = WRONG[outcome] & ~erred
        saved, loaded = cells.producer[places], cells.consumer[places]
        pairs = np.unique(saved.astype(np.int64) << 32 | loaded)
        ends = [(book.environments[pair >> 32], book.environments[pair & 0xFFFF_FFFF])
                for pair in (int(pairs[0]), int(pairs[-1]))]  # fmt: skip
        example = int(places[np.argmax(outcome)])
        wrong = cells.difference[places][WRONG[outcome]]
        return Hit(
            cause=book.causes[book.part.cause_names[cause]],
            outcomes={OUTCOMES[o]: int(counts[o]) for o in np.flatnonzero(counts)},
            silent=int(silent.sum()),
            unwarned=int((silent & (cells.warned[places] == 0)).sum()),
            far=float(wrong.max(initial=NONE)),
            formats=[book.formats[f] for f in np.unique(cells.format[places])],
            first=ends[0],
            last=ends[1],
            pairs=len(pairs),
            example=book.cell(example),
            detail=book.details[cells.detail[example]],
            helps=self._helps(local),
        )

    def _helps(self, local: Array) -> list[Help]:
        """The formats in which the same model answers between the same two environments."""
        saved, loaded = self.block.producers[local], self.block.consumers[local]
        others = self.block.outcome[:, saved, loaded]
        others[self.block.format[local], np.arange(len(local))] = len(OUTCOMES)
        good, known = OK[others], RESULT[others]
        best = sorted(range(len(good)), key=lambda f: (-int(good[f].sum()), f))[:SHOWN]
        found = []
        for f in best:
            helps = int(good[f].sum())
            if helps:
                first = int(np.argmax(good[f]))
                shown = self.book.cell(int(self.block.at[f, saved[first], loaded[first]]))
                found.append(Help(self.formats[f], helps, int(known[f].sum()), shown))
        return found

    @cached_property
    def grids(self) -> list[Grid]:
        """A grid for formats whose outcomes are the same in every pair; the best first."""
        alike: dict[bytes, list[int]] = {}
        for f in range(len(self.formats)):
            alike.setdefault(self.block.outcome[f].tobytes(), []).append(f)
        found = [self._grid(some) for some in alike.values()]
        return sorted(found, key=lambda grid: (-grid.right, grid.formats))

    def _grid(self, formats: Sequence[int]) -> Grid:
        outcome = self.block.outcome[formats[0]]
        there = [p for p in range(len(outcome)) if (self.block.at[formats[0], p] >= 0).any()]
        rows = Markup("").join(self._saved(outcome[p], p) for p in there)
        off = ~np.eye(len(outcome), dtype=bool)
        right, results = (int(mask[outcome][off].sum()) for mask in (OK, RESULT))
        return Grid([self.formats[f] for f in formats], rows, right, results)

    def _saved(self, outcomes: Array, producer: int) -> Markup:
        id, good = self.environments[producer], OK[outcomes].tolist()
        # nothing is safe that does not answer where it was saved
        ok = dict(zip(self.environments, good, strict=True)) if good[producer] else {}
        routes = self.book.ends(id, self._known)
        ahead, back = (stop(route, ok) if route else None for route in routes)
        return row(id, self.book.strips.of(outcomes, producer), ahead, back)

    @cached_property
    def _known(self) -> tuple[str, ...]:
        return tuple(self.environments)

    def without_result(self) -> list[tuple[Outcome, int, str]]:
        """The cells that say nothing or never came to be: how many, and the commonest reason."""
        cells = self.book.part.cells
        outcome, detail = cells.outcome[self.own], cells.detail[self.own]
        found = []
        for o in (Outcome.DUMP_ERROR, Outcome.UNSUPPORTED, Outcome.INVALID, Outcome.NOTRUN):
            said = detail[outcome == code(o)]
            if len(said):
                common = Counter(said.tolist()).most_common(1)[0][0]
                found.append((o, len(said), self.book.details[common]))
        return found
