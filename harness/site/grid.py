"""The page of grids: a little picture of each matrix, its counts, and the door to its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.records import OK_OUTCOMES, Outcome
from harness.report.view import EnvironmentView
from harness.site import layout
from harness.site.gather import Part, Site
from harness.site.pairs import WRITTEN, Pairs, pairs
from harness.words import LOOKS, SILENT, WORST_FIRST

FILE = "grid.html"


@dataclass(frozen=True)
class Card:
    """One matrix as the page shows it."""

    part: Part
    pairs: Pairs

    @property
    def outcomes(self) -> list[tuple[Outcome, int]]:
        """What there is of each outcome, controls included, worst first."""
        found = self.part.page.tally.outcomes
        return [(outcome, found[outcome]) for outcome in WORST_FIRST if found[outcome]]

    @property
    def releases(self) -> str:
        """`scikit-learn 0.22.2 to 1.9.1`."""
        return spanned(self.part.environments)

    @property
    def years(self) -> str:
        dated = sorted(e.released for e in self.part.environments if e.released)
        return f"{dated[0][:4]} to {dated[-1][:4]}" if dated else ""

    @property
    def is_written(self) -> bool:
        """Whether the table below the drawing is not too large to be read."""
        return self.pairs.size <= WRITTEN


def spanned(environments: Sequence[EnvironmentView]) -> str:
    """The main libraries with their first and last release; '' where none is known."""
    spans: dict[str, list[str]] = {}
    for each in environments:
        if each.main and each.version:
            spans.setdefault(each.main, []).append(each.version)
    said = [
        f"{name} {versions[0]}" + (f" to {versions[-1]}" if versions[-1] != versions[0] else "")
        for name, versions in spans.items()
    ]
    return ", ".join(said)


def write(site: Site, out: Path) -> Path:
    """Write `grid.html`."""
    cards = [Card(part, pairs(part.columns, len(part.environments))) for part in site.parts]
    return layout.write(
        out, FILE, "grid.html.j2", site, cards=cards, looks=LOOKS, worst_first=WORST_FIRST,
        silent=SILENT, good=OK_OUTCOMES,
    )  # fmt: skip
