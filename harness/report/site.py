"""The page itself: templates filled from the view model, and the files that go beside it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import matplotlib
from jinja2 import Environment as Templates
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure

from harness.records import Json
from harness.report.charts import Pen, draw_outcomes, draw_sizes, draw_survival
from harness.report.factsheet import FactSheet
from harness.report.reading import plain_name
from harness.report.svg import inline_svg, tokens
from harness.report.tables import FEW, FormatOutcomes, Sizes, Survival
from harness.report.view import EnvironmentView, Tally, duration, moment
from harness.words import LOOKS, WORST_FIRST, cells, count, group, size

T = TypeVar("T")
MANY = 80
"""Formats in a chart, at the most: with more its lines can be neither found nor compared."""
SOURCE = Path(__file__).parents[2] / "reports"
ASSETS = (
    "tokens.css", "site.css", "core.js", "grid.js", "list.js", "panel.js", "site.js", "sheet.js",
    "formats.js", "choose.css", "choose.js", "estimators.css", "estimators.js", "upgrade.js",
    "pages.css", "pages.js", "cost.js",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """Everything that the pages say; `sheet` is None where the run tried no format.

    `life` is whether there is a page of shelf lives: anything that was loaded elsewhere. `home` is
    the address of the site that the report is a part of, '' where it stands alone.
    """

    header: Json
    answer: str
    complete: bool
    completeness: str
    problems: Sequence[tuple[str, str]]
    environments: Sequence[EnvironmentView]
    tally: Tally
    outcomes: Sequence[FormatOutcomes]
    survival: Sequence[Survival]
    sizes: Sequence[Sizes]
    sheet: FactSheet | None
    life: bool = False
    home: str = ""

    @property
    def files(self) -> list[tuple[str, str]]:
        """The pages of the site and their names."""
        some = [("index.html", "Cells", True), ("life.html", "Shelf life", self.life)]
        some.append(("formats.html", "Formats", self.sheet is not None))
        return [(file, name) for file, name, there in some if there]


@dataclass(frozen=True)
class Chart:
    """One chart in both widths, with its words; `missing` says why it is not drawn."""

    name: str
    title: str
    text: str
    wide: Markup
    narrow: Markup
    missing: str


def charts(page: Page) -> dict[str, Chart]:
    """The charts by name, drawn from the tables that the page prints beneath them."""
    outcomes = [row for row in page.outcomes if row.results or row.absent]
    lives = [row for row in page.survival if row.later or row.earlier]
    said = _spoken(page)
    return {
        "outcomes": drawn("outcomes", said["outcomes"], draw_outcomes, outcomes),
        "survival": drawn("survival", said["survival"], draw_survival, lives),
        "sizes": drawn("sizes", said["sizes"], draw_sizes, page.sizes),
    }


def drawn(
    name: str, words: tuple[str, str], draw: Callable[[Sequence[T], Pen], Figure], rows: Sequence[T]
) -> Chart:
    """A chart in both widths; `words` are its title and its alternative text."""
    colours = tokens((SOURCE / "tokens.css").read_text(encoding="utf-8"))
    pens = Pen(colours, wide=True), Pen(colours, wide=False)
    with matplotlib.rc_context(fname=SOURCE / "shelflife.mplstyle"):
        return _chart(name, words, _figures(draw, rows, pens), colours, _missing(len(rows)))


def _figures(
    draw: Callable[[Sequence[T], Pen], Figure], rows: Sequence[T], pens: Sequence[Pen]
) -> list[Figure]:
    """The chart with each pen; none of no rows, nor of too many."""
    return [draw(rows, pen) for pen in pens] if not _missing(len(rows)) else []


def _missing(formats: int) -> str:
    """Why a chart of so many formats is not drawn; '' where it is."""
    if not formats:
        return "Nothing to draw: this run has no such cell."
    if formats <= MANY:
        return ""
    return f"{count(formats)} formats are too many for one chart. The table has every number."


def _chart(
    name: str,
    words: tuple[str, str],
    figures: Sequence[Figure],
    colours: Mapping[str, str],
    missing: str,
) -> Chart:
    """The figures as elements of the page, in both widths."""
    widths = zip(("wide", "narrow"), figures, strict=False)
    made = {
        width: inline_svg(figure, f"{name}-{width}", *words, colours) for width, figure in widths
    }
    # What inline_svg gives is an element that ElementTree wrote, with every text escaped.
    safe = {width: Markup(svg) for width, svg in made.items()}
    return Chart(name, *words, safe.get("wide", Markup()), safe.get("narrow", Markup()), missing)


def _spoken(page: Page) -> dict[str, tuple[str, str]]:
    """Title and alternative text of each chart."""
    best = sorted(page.sizes, key=lambda row: row.median)
    spread = (
        f"Medians from {size(best[0].median)} ({best[0].format}) to "
        f"{size(best[-1].median)} ({best[-1].format})."
        if best
        else "No artifact was written."
    )
    return {
        "outcomes": (
            "What became of each format",
            "Stacked bars, one a format, of the share of each outcome in its results. "
            "The table below has every number.",
        ),
        "survival": (
            "How many models still answer, releases later",
            "Small line charts, one a format: the share of cells that answer identically or "
            "closely over the releases between saving and loading, for later and for earlier "
            "consumers. The table below has every number.",
        ),
        "sizes": (
            "How large the artifacts are",
            f"Ranges of artifact sizes in bytes by format, on a logarithmic axis. {spread}",
        ),
    }


@cache
def templates() -> Templates:
    """The templates of `reports/`, which escape whatever they are given."""
    made = Templates(
        loader=FileSystemLoader(SOURCE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "count": count, "size": size, "cells": cells, "moment": moment, "duration": duration,
        "mib": _mib, "json": _readable,
    }  # fmt: skip
    return made


def _mib(n: float) -> str:
    return f"{n / (1 << 20):,.1f}"


def _readable(value: Json) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def render(page: Page) -> str:
    """The whole of `index.html`."""
    return (
        templates()
        .get_template("index.html.j2")
        .render(
            page=page,
            header=page.header,
            charts=charts(page),
            looks=LOOKS,
            worst_first=WORST_FIRST,
            group=group,
            few=FEW,
            lock_name=lock_name,
        )
    )


def lock_name(environments: Sequence[EnvironmentView], place: int) -> str:
    """The file name of a lock in the site: the environment's id where a file may be called so."""
    identifier = environments[place].id
    return f"{identifier}.txt" if plain_name(identifier) else f"environment-{place}.txt"


def write_assets(out_dir: Path) -> None:
    """Styles and scripts, as they stand in `reports/`."""
    assets = out_dir / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        shutil.copyfile(SOURCE / name, assets / name)
