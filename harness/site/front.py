"""The front page: the headline findings in words, how long models keep, how much was tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from harness import lifetables
from harness.lifetables import Row
from harness.report.life import LifeView, life_view
from harness.report.life import answer as life_answer
from harness.report.lifecharts import draw_life
from harness.report.site import Chart, drawn
from harness.shelflives import DIRECTIONS
from harness.site import layout
from harness.site.finding import findings
from harness.site.findings import addresses, sheets
from harness.site.gather import Part, Site
from harness.site.grid import Card
from harness.site.pairs import pairs
from harness.survival import RELEASES
from harness.words import LOOKS, cells, count

SILENT, LOUD = 5, 3
"""Headline findings: wrong answers without an error, and breakages."""
PANELS = 6
"""Pairs of curves in the chart, at the most: those of most saved models."""


@dataclass(frozen=True)
class Totals:
    """Cells loaded elsewhere, over all matrices: right, failing, and wrong without an error."""

    loaded: int
    right: int
    silent: int
    unwarned: int

    @property
    def failing(self) -> int:
        """All that raises, dies or runs out of time, whatever it answers beside it."""
        return self.loaded - self.right - self.silent

    @property
    def shares(self) -> list[tuple[str, int]]:
        """For the bar: the outcome whose colour stands for each, and how many; worst first."""
        return [("changed", self.silent), ("load-error", self.failing), ("identical", self.right)]


def totals(parts: Sequence[Part]) -> Totals:
    """What became of what was loaded elsewhere."""
    counts = [part.findings.counts for part in parts]
    return Totals(
        sum(c.loaded for c in counts),
        sum(c.right for c in counts),
        sum(c.silent for c in counts),
        sum(c.unwarned for c in counts),
    )


def answer(seen: Totals) -> tuple[str, str]:
    """The site's answer in a sentence, worst first: what stands out of it, and the rest."""
    if not seen.loaded:
        return "No cell that was loaded elsewhere has a result", ": nothing can be said yet."
    of = f" of {cells(seen.loaded)} loaded in another environment"
    if seen.silent:
        verb = "answers" if seen.silent == 1 else "answer"
        worst = f"{count(seen.silent)}{of} {verb} otherwise without any error"
        quiet = f", {count(seen.unwarned)} of them without even a warning" if seen.unwarned else ""
    else:
        worst, quiet = f"None{of} answers otherwise without an error", ""
    fails = "fails with an error" if seen.failing == 1 else "fail with an error"
    good = "answers as before" if seen.right == 1 else "answer as before"
    share = percent(seen.right, seen.loaded)
    rest = f"{count(seen.failing)} {fails}; {count(seen.right)} {good} ({share})."
    return worst, f"{quiet}; {rest}"


def percent(n: int, of: int) -> str:
    """`84 %`; never 0 or 100 of what is not none or all."""
    share = 100 * n / of
    if 0 < share < 1:
        return "under 1 %"
    return "over 99 %" if 99 < share < 100 else f"{share:.0f} %"


@dataclass(frozen=True)
class Lives:
    """How long the saved models of one matrix keep: the chart, its sentence, its table."""

    part: Part
    view: LifeView
    chart: Chart
    says: str

    @property
    def marks(self) -> Sequence[int]:
        """Releases apart that the table has columns for."""
        return self.view.marks[RELEASES][:6]

    def rows(self, way: str) -> Sequence[Row]:
        return self.view.rows[way]


def lives(part: Part) -> Lives | None:
    """Those of a matrix; None where nothing was followed."""
    view = life_view(part.header, part.findings.lives)
    if not any(view.rows.values()):
        return None
    panels = sorted(
        view.panels, key=lambda p: -max(c[RELEASES].subjects for c in p.curves.values())
    )
    words = (
        f"How long saved models keep: {part.header['matrix']}",
        "Survival curves, a pair of small charts for formats that live alike: the share of saved "
        "models that still answers as before over releases, loaded in later releases and in "
        "earlier ones, with 95 % limits. The table beneath has the numbers.",
    )
    draw = partial(draw_life, unit=RELEASES)
    chart = drawn("front-life", words, draw, panels[:PANELS])
    return Lives(part, view, chart, life_answer(view))


def write(site: Site, out: Path) -> Path:
    """Write `index.html`."""
    found = findings(site.parts, site.kept.attributions)
    silent = [one for one in found if one.is_silent]
    loud = [one for one in found if not one.is_silent]
    where = addresses(list(sheets(found)))
    keeps = next((kept for part in site.parts if (kept := lives(part))), None)
    seen = totals(site.parts)
    return layout.write(
        out, "index.html", "front.html.j2", site, totals=seen, answer=answer(seen),
        silent=silent[:SILENT], loud=loud[:LOUD], counts=(len(silent), len(loud)), lives=keeps,
        cards=[Card(part, pairs(part.columns, len(part.environments))) for part in site.parts],
        tables=lifetables, directions=DIRECTIONS, unit=RELEASES, percent=percent,
        where=lambda one: where[one.anchor],
        looks={outcome.value: look for outcome, look in LOOKS.items()},
    )  # fmt: skip
