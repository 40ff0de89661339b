"""The page itself: templates filled from the view model, and the files that go beside it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from jinja2 import Environment as Templates
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure

from harness.records import Json
from harness.report.charts import Pen, draw_outcomes, draw_sizes, draw_survival
from harness.report.reading import plain_name
from harness.report.svg import inline_svg, tokens
from harness.report.tables import FEW, FormatOutcomes, Sizes, Survival
from harness.report.view import EnvironmentView, Tally, duration, moment
from harness.words import LOOKS, WORST_FIRST, cells, count, group, size

SOURCE = Path(__file__).parents[2] / "reports"
ASSETS = ("tokens.css", "site.css", "core.js", "grid.js", "list.js", "panel.js", "site.js")


@dataclass(frozen=True)
class Page:
    """Everything that the page says."""

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


@dataclass(frozen=True)
class Chart:
    """One chart in both widths, with its words."""

    name: str
    title: str
    text: str
    wide: Markup
    narrow: Markup
    empty: bool


def charts(page: Page) -> dict[str, Chart]:
    """The charts by name, drawn from the tables that the page prints beneath them."""
    drawn = [row for row in page.outcomes if row.results or row.absent]
    lives = [row for row in page.survival if row.later or row.earlier]
    said = _spoken(page)
    colours = tokens((SOURCE / "tokens.css").read_text(encoding="utf-8"))
    wide, narrow = Pen(colours, wide=True), Pen(colours, wide=False)
    with matplotlib.rc_context(fname=SOURCE / "shelflife.mplstyle"):
        figures = {
            "outcomes": [draw_outcomes(drawn, pen) for pen in (wide, narrow) if drawn],
            "survival": [draw_survival(lives, pen) for pen in (wide, narrow) if lives],
            "sizes": [draw_sizes(page.sizes, pen) for pen in (wide, narrow) if page.sizes],
        }
        return {name: _chart(name, said[name], pair, colours) for name, pair in figures.items()}


def _chart(
    name: str, words: tuple[str, str], figures: Sequence[Figure], colours: Mapping[str, str]
) -> Chart:
    """The figures as elements of the page; none where there was nothing to draw."""
    widths = zip(("wide", "narrow"), figures, strict=False)
    drawn = {
        width: inline_svg(figure, f"{name}-{width}", *words, colours) for width, figure in widths
    }
    # What inline_svg gives is an element that ElementTree wrote, with every text escaped.
    safe = {width: Markup(svg) for width, svg in drawn.items()}
    return Chart(name, *words, safe.get("wide", Markup()), safe.get("narrow", Markup()), not drawn)


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


def _templates() -> Templates:
    templates = Templates(
        loader=FileSystemLoader(SOURCE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "count": count, "size": size, "cells": cells, "moment": moment, "duration": duration,
    }  # fmt: skip
    return templates


def render(page: Page) -> str:
    """The whole of `index.html`."""
    return (
        _templates()
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
