"""The page of shelf lives and of what the warning is worth: its view model, and its rendering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from harness import lifetables, worthtables
from harness.lifetables import Row
from harness.records import Json
from harness.report.lifecharts import FEW, Bar, Panel, draw_life, draw_worth
from harness.report.site import Chart, Page, drawn, templates
from harness.shelflives import DIRECTIONS, Life, Lives
from harness.survival import MARKS, MONTHS, RELEASES
from harness.worth import KINDS, SPOKEN, VERSION, Judgement, Table, Worth, judgements, measures

LISTED = 200
"""Returns that are named on the page, at the most."""
ROWS = 600
"""Rows of a table by family, at the most."""


@dataclass(frozen=True)
class LifeView:
    """What the page says of shelf lives. `marks`: times in each unit, as far as any was."""

    lives: Lives
    panels: Sequence[Panel]
    rows: Mapping[str, Sequence[Row]]
    families: Mapping[str, Sequence[Row]]
    marks: Mapping[str, Sequence[int]]
    returns: Sequence[Life]


@dataclass(frozen=True)
class WorthView:
    """What the page says of warnings: the whole, and by kind of pair and by format."""

    whole: Table
    pairs: Mapping[tuple[str, ...], Table]
    formats: Mapping[tuple[str, ...], Table]
    claims: Sequence[Judgement]


def life_view(header: Json, lives: Lives) -> LifeView:
    """The view of some lives."""
    keys = lifetables.keys(header)
    rows = {way: lifetables.rows(lives, way, keys["format"][1]) for way in DIRECTIONS}
    families = {way: lifetables.rows(lives, way, keys["family"][1]) for way in DIRECTIONS}
    every = [row for some in rows.values() for row in some]
    ends = {unit: max((row.curves[unit].end for row in every), default=0) for unit in MARKS}
    marks = {
        RELEASES: range(1, int(ends[RELEASES]) + 1),
        MONTHS: range(12, int(ends[MONTHS]) + 1, 12),
    }
    return LifeView(lives, panels(rows), rows, families, marks, lifetables.returns(lives))


def panels(rows: Mapping[str, Sequence[Row]]) -> list[Panel]:
    """A panel for each set of curves; formats that live and die alike share one."""
    curves: dict[str, dict[str, Row]] = {}
    for direction, some in rows.items():
        for row in some:
            curves.setdefault(row.group[0], {})[direction] = row
    alike: dict[tuple[Any, ...], list[str]] = {}
    for fmt, ways in curves.items():
        key = tuple((way, tuple(row.curves.items())) for way, row in sorted(ways.items()))
        alike.setdefault(key, []).append(fmt)
    return [
        Panel(tuple(formats), {way: row.curves for way, row in curves[formats[0]].items()})
        for formats in alike.values()
    ]


def worth_view(found: Worth) -> WorthView:
    """The view of who warned."""
    by = {name: found.by(worthtables.BY[name][1]) for name in ("pair", "format")}
    return WorthView(found.whole(), by["pair"], by["format"], judgements(found))


def answer(view: LifeView) -> str:
    """The page's answer in a sentence: the worst and the best format after a release each way."""
    said = []
    for way, words in (("upgrade", "one release later"), ("rollback", "one release earlier")):
        steps = [(row.group[0], row.curves[RELEASES].at(1)) for row in view.rows[way]]
        known = sorted((step.share, fmt) for fmt, step in steps if step and step.risk >= FEW)
        if known:
            (worst, last), (best, first) = known[0], known[-1]
            clause = f"{100 * worst:.0f}\u00a0% ({last})"
            clause += f" to {100 * best:.0f}\u00a0% ({first})" if best != worst else ""
            said.append(f"{clause} still answer {words}")
    return f"Of the saved models {', and '.join(said)}." if said else ""


def bars(view: WorthView) -> list[Bar]:
    """A bar for each kind of pair and for whether its cells warned about versions."""
    made = []
    for pair, table in view.pairs.items():
        for words, said in (
            ("warned about versions", (VERSION,)),
            ("did not", tuple(s for s in SPOKEN if s != VERSION)),
        ):
            if table.of(said):
                counts = [table.of(said, (kind,)) for kind in KINDS]
                made.append(Bar(", ".join(pair), words, counts))
    return made


def charts(view: LifeView, worth: WorthView) -> dict[str, Chart]:
    """The charts of the page by name."""
    figures = {}
    for unit in (RELEASES, MONTHS):
        words = (
            f"How long saved models keep, in {unit}",
            "Survival curves by Kaplan and Meier, a pair of small charts for formats that live "
            f"alike: the share that still answers over {unit}, loaded in later releases and in "
            "earlier ones, with 95 % limits. The tables below have the numbers.",
        )
        figures[unit] = drawn(f"life-{unit}", words, partial(draw_life, unit=unit), view.panels)
    words = (
        "What became of cells that warned, and of those that did not",
        "Stacked bars, two for each kind of pair: the shares of cells that answer as before, that "
        "fail, and that answer otherwise. The table below has every number.",
    )
    figures["worth"] = drawn("worth", words, draw_worth, bars(worth))
    return figures


def write_life(out_dir: Path, page: Page, lives: Lives, worth: Worth) -> None:
    """`life.html`, where there is something to say; that of an earlier report goes."""
    file = out_dir / "life.html"
    file.unlink(missing_ok=True)
    if page.life:
        text = render(page, life_view(page.header, lives), worth_view(worth))
        file.write_text(text, encoding="utf-8", errors="replace")


def render(page: Page, view: LifeView, worth: WorthView) -> str:
    """The whole of `life.html`."""
    template = templates().get_template("life.html.j2")
    return template.render(
        page=page,
        header=page.header,
        answer=answer(view),
        life=view,
        worth=worth,
        charts=charts(view, worth),
        directions=DIRECTIONS,
        units=(RELEASES, MONTHS),
        few=FEW,
        listed=LISTED,
        most=ROWS,
        tables=lifetables,
        says=worthtables,
        spoken=SPOKEN,
        kinds=KINDS,
        measures=measures,
    )
