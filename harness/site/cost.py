"""The page of costs: every figure with its interval, ratios between any two formats, the charts.

The charts of a comparison set have a page of their own, so that none grows large.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from harness.charts import multiples, rows, tables
from harness.charts import page as charts
from harness.charts.multiples import Multiple
from harness.charts.page import Part, Shown
from harness.measure.results import Results
from harness.report.data import script
from harness.report.site import drawn
from harness.site import layout
from harness.site.conditions import Conditions, conditions
from harness.site.costs import KINDS, MEASURES, CostSet, kinds
from harness.site.gather import Site

FILE, FOLDER, DATA = "cost.html", "cost", "data/costs.js"
PANELS = 12
"""Comparison sets in the small multiples, at the most."""


@dataclass(frozen=True)
class Charts:
    """A page of charts: of a set, or of what spans several."""

    file: str
    title: str
    run: str
    shown: Sequence[Shown]


def write(site: Site, out: Path) -> Path:
    """Write `cost.html`, a page of charts for each set, and what the page's script reads."""
    runs = [conditions(name, results) for name, results in site.measured.items()]
    pages = [page for name, results in site.measured.items() for page in chart_pages(name, results)]
    sets = [each for run in runs for each in run.sets]
    for page in pages:
        layout.write(out, page.file, "costcharts.html.j2", site, page=page, within=FILE)
    _write_data(sets, out / DATA)
    names = [shown.chart.name for page in pages for shown in page.shown]
    return layout.write(
        out, FILE, "cost.html.j2", site, runs=runs, sets=sets, overview=overview(sets),
        charts={page.title: page for page in pages}, kinds=kinds(names), kinds_say=KINDS,
        pages_of=pages, measures=MEASURES, answer=answer(runs, sets),
    )  # fmt: skip


def answer(runs: Sequence[Conditions], sets: Sequence[CostSet]) -> str:
    """How much was measured, in a sentence."""
    if not sets:
        return ""
    formats = {case.format for each in sets for case in each.cases}
    models = {each.key[1] for each in sets}
    environments = {each.key[0] for each in sets}
    counted = ((formats, "way", "ways to save"), (models, "model", "models"),
               (environments, "environment", "environments"))  # fmt: skip
    said = [f"{len(some)} {many if len(some) != 1 or one == 'way' else one}"
            for some, one, many in counted]  # fmt: skip
    return f"{said[0]}, {said[1]}, {said[2]}, measured in fresh processes."


def chart_pages(run: str, results: Results) -> list[Charts]:
    """The charts of a run, a page for each part."""
    return [
        Charts(f"{FOLDER}/{_slug(f'{run}-{part.title}')}.html", part.title, run, _own(part))
        for part in charts.parts(results)
    ]


def _own(part: Part) -> list[Shown]:
    return [replace(shown, chart=replace(shown.chart, text=_told(shown))) for shown in part.shown]


def _told(shown: Shown) -> str:
    """The chart's text alternative with what it says of itself."""
    return f"{shown.chart.text} {shown.says} The table beneath has every number."


def _slug(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text).strip("-")


def overview(sets: Sequence[CostSet]) -> Shown | None:
    """Size against start to first answer, a small panel a set; None where no set has both."""
    models = Counter(each.key[1] for each in sets)
    found = [
        Multiple(
            each.title if models[each.key[1]] > 1 else each.key[1],
            rows.spots(each.results, each.key),
        )
        for each in sets
    ]
    full = sorted((p for p in found if len(p.spots) > 1), key=lambda p: -len(p.spots))[:PANELS]
    panels = sorted(full, key=lambda p: median(spot.bytes for spot in p.spots))
    if not panels:
        return None
    words = (
        "Size against start to first answer",
        "Small charts, one for each model and environment: a point a format, its size against the "
        "time from the start of a process to the first answer, both logarithmic; where nothing is "
        "both smaller and sooner the points are filled and joined. The table beneath has the "
        "numbers.",
    )
    chart = drawn("cost-overview", words, multiples.draw_multiples, panels)
    grids = [(panel.title, tables.of_spots(panel.spots)) for panel in panels]
    heads = ("set", *grids[0][1].heads)
    grid = tables.Grid(heads, tuple((title, *row) for title, grid in grids for row in grid.rows))
    return Shown(chart, grid, "")


def _write_data(sets: Sequence[CostSet], path: Path) -> None:
    """`data/costs.js`: the ratios between every two formats of each set."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {each.slug: each.between() for each in sets}
    text = script(json.dumps(content, separators=(",", ":"), ensure_ascii=True))
    path.write_text(f"globalThis.shelflifeCosts={text};\n", encoding="ascii")
