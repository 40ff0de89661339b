"""What the cells of one matrix come to: wrong answers, breakages, lives, warnings. Pure, one pass.

A *silent* cell loads elsewhere, raises nowhere and answers otherwise. A *loud* one fails with an
error, a time-out or a crash, whatever it answers beside it. Controls are in neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from harness import causes, worth
from harness.causes import Book, Cause, Known, Releases
from harness.evidence import Evidence
from harness.records import OK_OUTCOMES, CellId, Json, Outcome
from harness.remedies import Ledger, Tried
from harness.shelflives import Lives, Watch
from harness.words import SILENT
from harness.worth import Worth

OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@dataclass
class Size:
    """How wrong silent cells are, and what they said.

    `differences` has for each method the least and the most of its cells' largest differences,
    `differing` counts cells in which labels, integers or texts differ, `elements` is the most of
    such elements in one answer. `reshaped` counts cells with answers of another shape or type.
    """

    differences: dict[str, tuple[float, float]] = field(default_factory=dict)
    differing: int = 0
    elements: int = 0
    reshaped: int = 0
    said: Counter[str] = field(default_factory=Counter)

    def take(self, line: Json) -> None:
        """Measure one cell."""
        elements = 0
        reshaped = False
        for name, found in line["methods"].items():
            if found["verdict"] not in ("drift", "changed"):
                continue
            far = inf if found["max_abs_diff"] is None else float(found["max_abs_diff"])
            elements = max(elements, found["changed"])
            reshaped |= not far and not found["changed"]
            if far:
                least, most = self.differences.get(name, (inf, 0.0))
                self.differences[name] = min(least, far), max(most, far)
        self.differing += bool(elements)
        self.elements = max(self.elements, elements)
        self.reshaped += reshaped
        self.said[worth.spoken(line)] += 1

    @property
    def most(self) -> float:
        """The largest difference of any method; 0 where no numbers differ."""
        return max((most for _, most in self.differences.values()), default=0.0)


@dataclass
class Drift:
    """Silent cells of one root cause, and the size of what is wrong."""

    cause: Cause
    size: Size = field(default_factory=Size)

    @property
    def rank(self) -> tuple[int, int, int, int, str]:
        """The worst first: those that say nothing, then by severity, models and cells."""
        quiet = self.size.said[worth.SILENT]
        c = self.cause
        return (-bool(quiet), -c.severity, -len(c.models), -c.count, c.id)


@dataclass
class Counts:
    """Cells of a matrix. `abroad` counts those loaded elsewhere by outcome."""

    cells: int = 0
    controls: int = 0
    failed_controls: int = 0
    abroad: Counter[Outcome] = field(default_factory=Counter)
    silent: int = 0
    unwarned: int = 0

    @property
    def loaded(self) -> int:
        """Cells loaded elsewhere that have a result, without what could not be saved."""
        without = worth.NOT_LOADED
        return sum(n for o, n in self.abroad.items() if o.is_result and o not in without)

    def of(self, outcomes: frozenset[Outcome]) -> int:
        return sum(self.abroad[outcome] for outcome in outcomes)

    @property
    def right(self) -> int:
        return self.of(OK_OUTCOMES)

    @property
    def otherwise(self) -> int:
        return self.of(SILENT)

    @property
    def failing(self) -> int:
        return self.loaded - self.right - self.otherwise


@dataclass
class Findings:
    """Everything found in one matrix."""

    id: str
    header: Json
    counts: Counts
    silent: list[Drift]
    loud: list[Cause]
    lives: Lives
    worth: Worth

    @property
    def matrix(self) -> str:
        return str(self.header["matrix"])

    @property
    def is_baseline(self) -> bool:
        return self.id.startswith("baseline:")


class Gatherer:
    """Takes the lines of a matrix one by one.

    `shared` are a watch and a count that somebody else shows every line to, before it comes here.
    """

    def __init__(
        self,
        header: Json,
        known: Sequence[Known],
        shared: tuple[Watch, worth.Count] | None = None,
    ) -> None:
        self.releases = Releases(header["environments"])
        self.book, self.ledger = Book(known, self.releases), Ledger()
        self.watch, self.count = shared or (Watch(header), worth.Count(header))
        self._own = () if shared else (self.watch.add, self.count.add)
        self.counts = Counts()
        self.silent: dict[str, Drift] = {}
        self.loud: dict[str, Cause] = {}

    def add(self, line: Json) -> str:
        """Take one cell; the id of its root cause, '' where nothing failed elsewhere."""
        cell, outcome = CellId.parse(line["cell"]), OUTCOMES[line["outcome"]]
        self.ledger.add(cell, line["outcome"])
        for add in self._own:
            add(line)
        self.counts.cells += 1
        if cell.is_control:
            self.counts.controls += 1
            failed = outcome.is_result and outcome not in OK_OUTCOMES | worth.NOT_LOADED
            self.counts.failed_controls += failed
            return ""
        self.counts.abroad[outcome] += 1
        mark = causes.fingerprint(line)
        if mark is None or outcome in worth.NOT_LOADED:
            return ""
        explained = self.book.cause(line)
        id = explained.id if explained else mark
        if outcome in SILENT and line["error"] is None:
            self._silent(id, explained, cell, line, mark)
        else:
            self.loud.setdefault(id, Cause(id, explained)).take(cell, line, mark, self.releases)
        return id

    def _silent(
        self, id: str, explained: Known | None, cell: CellId, line: Json, mark: str
    ) -> None:
        drift = self.silent.setdefault(id, Drift(Cause(id, explained)))
        drift.cause.take(cell, line, mark, self.releases)
        drift.size.take(line)
        self.counts.silent += 1
        self.counts.unwarned += not line["warnings"]

    def close(self, tried: Sequence[Tried]) -> None:
        """What can be said once every cell is there."""
        for cause in (*(drift.cause for drift in self.silent.values()), *self.loud.values()):
            cause.close(self.releases, self.ledger, tried)

    def findings(self, id: str, header: Json, tried: Sequence[Tried]) -> Findings:
        """What was found, once every cell is there."""
        self.close(tried)
        silent = sorted(self.silent.values(), key=lambda drift: drift.rank)
        loud = sorted(self.loud.values(), key=lambda c: (-c.severity, -c.count, c.id))
        lives, counted = self.watch.lives(), self.count.worth
        return Findings(id, header, self.counts, silent, loud, lives, counted)


def gather(evidence: Evidence, known: Sequence[Known], tried: Sequence[Tried]) -> Findings:
    """The findings of a run or a baseline."""
    header = evidence.header()
    gatherer = Gatherer(header, known)
    for line in evidence.lines():
        gatherer.add(line)
    return gatherer.findings(evidence.id, header, tried)
