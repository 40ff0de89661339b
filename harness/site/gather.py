"""Everything the pages are made of: one pass over each matrix, and what the project keeps beside.

The report of a matrix is written in the same pass, into a folder of its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from harness import advise, causes, diff, registry, remedies
from harness.causes import Known
from harness.claims import ledger, page
from harness.claims.judging import Judged
from harness.diff import Diff
from harness.errors import StoreError
from harness.evidence import Evidence
from harness.findings import attributions
from harness.findings.attributions import Attribution
from harness.findings.gather import Findings, Gatherer
from harness.handbook.gather import FILE as FACTS
from harness.measure import records
from harness.measure.records import Measured
from harness.measure.results import Results
from harness.records import Format, Json
from harness.remedies import Tried
from harness.report import Tallies
from harness.report.columns import Columns, Names
from harness.report.reading import plain_name
from harness.report.site import Page
from harness.report.view import EnvironmentView
from harness.site import addresses, reading
from harness.site.cells import Cells
from harness.site.reports import Reports
from harness.site.transitions import History

NOISE = "noise.json"
"""Beside the committed measuring runs: what `python -m benchmarks.noise --record` has counted."""
MATRICES = "m"
"""The folder of the site that holds a report for each matrix."""


@dataclass(frozen=True)
class Kept:
    """What the project keeps beside the results.

    `facts` is what was found of formats by trying (docs/formats/facts.json), `claims` the ledger
    with our verdicts, `tried` the remedies that were tried, `attributions` by cell, `formats` and
    `families` the registry's, whose titles are by name; `claimed` what was measured of each claim;
    `noise` what the experiment on noise has counted (benchmarks/noise.py), None without one.
    """

    known: Sequence[Known]
    tried: Sequence[Tried]
    attributions: Mapping[str, Attribution]
    facts: Json
    claims: Sequence[Judged]
    formats: Sequence[Format] = ()
    families: Mapping[str, str] = field(default_factory=dict)
    claimed: Mapping[str, Measured] = field(default_factory=dict)
    noise: Json = None


@dataclass(frozen=True)
class Part:
    """One matrix: its cells as columns, its findings, its report under `m/<name>/`.

    `causes` holds for each row of the columns a code into `cause_names`; 0 is none. The codes of
    environments in the columns are places in `environments`. `shelf` is the matrix as the advice
    sees it.
    """

    name: str
    id: str
    header: Json
    page: Page
    columns: Columns
    causes: array[int]
    cause_names: Sequence[str]
    findings: Findings
    shelf: advise.Shelf
    evidence: Evidence

    @cached_property
    def cells(self) -> Cells:
        """Its cells, sorted by their ids."""
        return Cells(self.columns, self.causes)

    @cached_property
    def history(self) -> History:
        """What became of each saved model from release to release."""
        return History(self.columns, self.cells, self.findings.header)

    @cached_property
    def files(self) -> list[str]:
        """What the files of each model are called, by its code."""
        return addresses.plain(self.columns.models.list(), "model")

    @property
    def environments(self) -> Sequence[EnvironmentView]:
        return self.page.environments

    @property
    def report(self) -> str:
        """The address of its report in the site."""
        return f"{MATRICES}/{self.name}/index.html"


@dataclass(frozen=True)
class Site:
    """All that the pages say. `parts`: most cells loaded elsewhere first; `measured`: by name.

    `before` has for some matrices the result to which theirs is compared, by the matrix.
    """

    parts: Sequence[Part]
    measured: Mapping[str, Results]
    kept: Kept
    made: str
    before: Mapping[str, Evidence] = field(default_factory=dict)

    @cached_property
    def diffs(self) -> Mapping[str, Diff]:
        """By matrix what changed against the result before; of those that can be compared."""
        found = {}
        for part in self.parts:
            if part.name in self.before and self.before[part.name].id != part.id:
                with suppress(StoreError):  # one of the two has no cell, or they share none
                    found[part.name] = diff.between(self.before[part.name], part.evidence)
        return found

    def part(self, name: str) -> Part | None:
        """The matrix of that name."""
        return next((part for part in self.parts if part.name == name), None)

    @property
    def cells(self) -> int:
        """How many there are of all matrices."""
        return sum(len(part.columns) for part in self.parts)


class Causes:
    """Takes the cells of a matrix: what they come to, and the root cause of each."""

    def __init__(self, header: Json, known: Sequence[Known], tallies: Tallies) -> None:
        self.gatherer = Gatherer(header, known, (tallies.watch, tallies.count))
        self.names, self.codes = Names([""]), array("L")

    def add(self, place: int, line: Json) -> None:
        """Take a cell; of one that comes twice the last counts."""
        code = self.names.code(self.gatherer.add(line))
        if place == len(self.codes):
            self.codes.append(code)
        else:
            self.codes[place] = code


def kept(matrices: Path, formats: Path, claims: Path, measured: Path) -> Kept:
    """What the project keeps, from its folders. StoreError, UserError where it cannot be read."""
    folder, described = matrices / "causes", registry.read()
    books = ledger.read(claims)
    return Kept(
        causes.read(folder),
        remedies.read(folder / "tried.json"),
        attributions.read(folder),
        reading.facts(formats / FACTS),
        page.judged(books),
        described.formats,
        described.families,
        page.measured(books),
        reading.noise(measured / NOISE),
    )


def gather(
    evidence: Iterable[Evidence],
    measured: Mapping[str, Path],
    known: Kept,
    out: Path,
    made: str,
    before: Mapping[str, Evidence],
    reports: Reports | None = None,
) -> Site:
    """Read all, and write the report of each matrix. StoreError: two results of one matrix.

    `reports` may go on writing behind this; without it, reports are there when this returns.
    """
    parts: dict[str, Part] = {}
    for one in evidence:
        part = _part(one, known, out, parts, reports or Reports())
        parts[part.name] = part
    ordered = sorted(parts.values(), key=lambda p: (-p.findings.counts.loaded, p.name))
    results = {name: Results(records.read(folder)) for name, folder in measured.items()}
    return Site(ordered, results, known, made, before)


def _part(
    evidence: Evidence, known: Kept, out: Path, taken: Mapping[str, Part], reports: Reports
) -> Part:
    header = evidence.header()
    name = str(header["matrix"])
    if not plain_name(name):
        name = f"matrix-{len(taken)}"
    if name in taken:
        raise StoreError(
            f"{taken[name].id} and {evidence.id} are both of the matrix {name!r}",
            "Name one result of each matrix.",
        )
    tallies, tally = Tallies(header), advise.Tally(header)
    found = Causes(header, known.known, tallies)
    read = reports.write(evidence, out / MATRICES / name, [found, tally], tallies)
    findings = found.gatherer.findings(evidence.id, header, known.tried)
    return Part(
        name, evidence.id, header, read.page, read.columns,
        found.codes, found.names.list(), findings,
        advise.Shelf(name, header, tally, findings.lives, evidence.id), evidence,
    )  # fmt: skip
