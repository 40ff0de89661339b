"""The charts of a run as SVG files, and one page that holds them with the tables of their rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure

from harness.charts import draw, rows, tables
from harness.charts.draw import Noise
from harness.charts.tables import Grid
from harness.measure.results import Key, Results
from harness.report.charts import Pen
from harness.report.site import SOURCE, Chart, templates
from harness.report.svg import inline_svg, tokens

STYLES = ("tokens.css", "site.css")
STANDALONE = "svg { background: var(--paper); font-family: var(--text); }"


@dataclass(frozen=True)
class Shown:
    """A chart with the table of the same rows, and what the reader should know."""

    chart: Chart
    grid: Grid
    says: str


@dataclass(frozen=True)
class Part:
    """The charts of a comparison set, or of what spans several."""

    title: str
    shown: tuple[Shown, ...]


def write(results: Results, folder: Path) -> list[Path]:
    """Write index.html and the SVG files; the paths of all."""
    found = list(parts(results))
    assets = folder / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    for name in STYLES:
        shutil.copyfile(SOURCE / name, assets / name)
    written = [folder / "index.html"]
    page = templates().get_template("costs.html.j2")
    written[0].write_text(page.render(header=results.measured.header, parts=found), "utf-8")
    for part in found:
        for shown in part.shown:
            for width, svg in (("", shown.chart.wide), ("-narrow", shown.chart.narrow)):
                if svg:
                    path = folder / f"{shown.chart.name}{width}.svg"
                    path.write_text(standalone(str(svg)), encoding="utf-8")
                    written.append(path)
    return written


def standalone(svg: str) -> str:
    """An SVG that brings the colours of both themes with it."""
    tokens = (SOURCE / "tokens.css").read_text(encoding="utf-8")
    opening, _, rest = svg.partition(">")
    return f"{opening}><style>{tokens}{STANDALONE}</style>{rest}\n"


def parts(results: Results) -> Iterator[Part]:
    """The parts of the page: one for each comparison set, one for growth in each environment."""
    for key in results.measured.sets:
        shown = tuple(_of_set(results, key))
        if shown:
            yield Part(f"{key[1]} in {key[0]}", shown)
    for environment in dict.fromkeys(key[0] for key in results.measured.sets):
        grown = rows.growth(results, environment)
        if grown:
            yield Part(f"Growth in {environment}", (_growth(results, environment, grown),))


def _of_set(results: Results, key: Key) -> Iterator[Shown]:
    for make in (_front, _stages, _codecs, _memory):
        shown = make(results, key)
        if shown:
            yield shown


def _name(key: Key, what: str) -> str:
    return f"{key[0]}-{key[1]}-{what}".replace(".", "-")


def _grey(results: Results, *noises: Noise | None) -> str:
    """What the grey band is, or why there is none."""
    if not all(noises):
        return "The noise of this run is not known: it has too few blocks."
    return (
        f"Grey: what {results.baseline} may differ by from itself in this run, the A/A noise"
        " of the clock that verdicts go by."
    )


def _front(results: Results, key: Key) -> Shown | None:
    found = rows.spots(results, key)
    if not found:
        return None
    words = (
        f"Size against start to first answer, {key[1]}",
        "Points, one a format; the Pareto front is joined.",
    )
    noise = _noise(results, key, "start")
    says = "Filled and joined: nothing is both smaller and sooner to answer."
    says += f" {_grey(results, noise)}"
    chart = _drawn(_name(key, "front"), words, lambda pen: draw.draw_spots(found, pen, noise))
    return Shown(chart, tables.of_spots(found), says)


def _stages(results: Results, key: Key) -> Shown | None:
    found = [stack for load in (rows.WARM, rows.COLD) for stack in rows.stacks(results, key, load)]
    if not found:
        return None
    order = [case.arm for case in results.arms(key)]
    found.sort(key=lambda stack: order.index(stack.arm))
    words = (f"Where the time goes, {key[1]}", "Stacked bars, one a format and temperature.")
    noise = _total(results, key, found)
    says = f"Cold: the file is not in the page cache. {_grey(results, noise)}"
    chart = _drawn(_name(key, "stages"), words, lambda pen: draw.draw_stacks(found, pen, noise))
    return Shown(chart, tables.of_stacks(found), says)


def _codecs(results: Results, key: Key) -> Shown | None:
    found = rows.levels(results, key)
    if not found:
        return None
    noises = _noise(results, key, "dump-file"), _noise(results, key, "load-touch")
    words = (f"Compression, {key[1]}", "Times smaller against time; levels of a codec joined.")
    says = (
        "How many times smaller than the same format uncompressed; the levels of a codec are "
        f"joined, the first and the last are named. {_grey(results, *noises)}"
    )
    chart = _drawn(_name(key, "codecs"), words, lambda pen: draw.draw_levels(found, pen, noises))
    return Shown(chart, tables.of_levels(found), says)


def _memory(results: Results, key: Key) -> Shown | None:
    found = rows.memory(results, key)
    if not found:
        return None
    words = (f"Peak memory, {key[1]}", "Stacked bars of resident memory, one a format.")
    noise = _resident(results, key)
    says = f"Peaks of each format's own process. {_grey(results, noise)}"
    chart = _drawn(_name(key, "memory"), words, lambda pen: draw.draw_memory(found, pen, noise))
    return Shown(chart, tables.of_memory(found), says)


def _growth(results: Results, environment: str, grown: Sequence[rows.Grown]) -> Shown:
    words = ("Growth with the size of the model", "Lines, one a format, on logarithmic axes.")
    says = f"Grey around {results.baseline}: the A/A noise of each size."
    name = f"{environment}-growth".replace(".", "-")

    chart = _drawn(name, words, lambda pen: draw.draw_growth(grown, pen, results.baseline))
    return Shown(chart, tables.of_growth(grown), says)


def _drawn(name: str, words: tuple[str, str], make: Callable[[Pen], Figure]) -> Chart:
    """A chart in both widths; `words` are its title and its alternative text."""
    colours = tokens((SOURCE / "tokens.css").read_text(encoding="utf-8"))
    with matplotlib.rc_context(fname=SOURCE / "shelflife.mplstyle"):
        wide, narrow = (
            Markup(inline_svg(make(Pen(colours, wide)), f"{name}-{width}", *words, colours))
            for width, wide in (("wide", True), ("narrow", False))
        )
    return Chart(name, *words, wide, narrow, "")


def _noise(results: Results, key: Key, stage: str) -> Noise | None:
    """The band around the baseline; None where the noise or the baseline is not known."""
    factor, base = rows.factor(results, key, stage), results.figure(key, results.baseline, stage)
    return Noise(base.value, factor) if factor and base else None


def _total(results: Results, key: Key, both: Sequence[rows.Stack]) -> Noise | None:
    """The band of a start, around the end of the baseline's warm bar."""
    factor = rows.factor(results, key, "start")
    ends = [s.total for s in both if (s.arm, s.load) == (results.baseline, rows.WARM)]
    return Noise(ends[0], factor) if factor and ends else None


def _resident(results: Results, key: Key) -> Noise | None:
    factor, base = rows.memory_factor(results, key), results.peak(key, results.baseline)
    return Noise(base.value, factor) if factor and base else None
