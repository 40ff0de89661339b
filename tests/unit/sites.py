"""A site gathered of runs on disk without their reports, which have tests of their own."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from harness import advise
from harness.evidence import Evidence
from harness.report import Tallies
from harness.report.columns import Columns
from harness.report.reading import well_formed
from harness.report.site import Page
from harness.report.view import environment_view, in_order
from harness.site.gather import Causes, Kept, Part, Site
from harness.store import Run

KEPT = Kept((), (), {}, {"environments": {}, "formats": {}}, ())
MADE = "2026-11-22T12:00:00+00:00"


def part(run: Path | Evidence, name: str = "") -> Part:
    """One matrix, as `gather` has it."""
    evidence = cast(Evidence, Run(run)) if isinstance(run, Path) else run
    header = evidence.header()
    environments = in_order(environment_view(e, None) for e in header["environments"])
    columns = Columns(
        (e.id for e in environments),
        (model["id"] for model in header["models"]),
        (fmt["id"] for fmt in header["formats"]),
    )
    tallies = Tallies(header)
    causes = Causes(header, (), tallies)
    for line in evidence.lines():
        if well_formed(line):
            place, _ = columns.add(line)
            tallies.add(place, line)
            causes.add(place, line)
    findings = causes.gatherer.findings(evidence.id, header, ())
    page = cast(Page, SimpleNamespace(environments=environments))
    called = name or header["matrix"]
    shelf = advise.shelf(called, header, filter(well_formed, evidence.lines()))
    return Part(
        called, evidence.id, header, page, columns,
        causes.codes, causes.names.list(), findings, shelf, evidence,
    )  # fmt: skip


def site(*parts: Part, before: dict[str, Any] | None = None) -> Site:
    """A site of some matrices."""
    return Site(parts, {}, KEPT, MADE, before or {})
