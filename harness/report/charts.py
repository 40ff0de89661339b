"""The three charts: each a figure of its table, wide for a desk and narrow for a telephone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator

from harness.records import Outcome
from harness.report.tables import FEW, FormatOutcomes, Point, Sizes, Survival
from harness.words import LOOKS, WORST_FIRST, count, size

_RESULTS = tuple(o for o in reversed(WORST_FIRST) if o.is_result)


@dataclass(frozen=True)
class Pen:
    """What a chart is drawn with: the site's colours, and the width of the page in inches."""

    colours: Mapping[str, str]
    wide: bool

    @property
    def inches(self) -> float:
        return 9.6 if self.wide else 3.7

    def of(self, outcome: Outcome) -> str:
        return self.colours[f"o-{outcome.value}"]

    def on(self, outcome: Outcome) -> str:
        return self.colours[f"on-{outcome.value}"]


def new_figure(pen: Pen, height: float) -> Figure:
    """A figure as wide as the pen; `height` in inches."""
    return Figure(figsize=(pen.inches, height), layout="constrained")


def calm(axes: Axes, pen: Pen, grid: str = "x") -> None:
    """Ink for what is read, thin lines for what helps reading."""
    ink, muted, line = (pen.colours[key] for key in ("ink", "muted", "line"))
    axes.tick_params(colors=muted, labelcolor=ink)
    axes.xaxis.label.set_color(muted)
    axes.yaxis.label.set_color(muted)
    for spine in axes.spines.values():
        spine.set_color(line)
    axes.grid(axis="x" if grid == "x" else "y", color=line)


def draw_outcomes(rows: Sequence[FormatOutcomes], pen: Pen) -> Figure:
    """One bar a format, from good to worst, in shares of its results."""
    figure = new_figure(pen, 0.8 + (0.3 if pen.wide else 0.36) * max(len(rows), 1))
    axes = figure.subplots()
    calm(axes, pen)
    places = range(len(rows))
    starts = [0.0] * len(rows)
    for outcome in _RESULTS:
        shares = [100 * row.share(outcome) for row in rows]
        axes.barh(
            places, shares, left=starts, height=0.68, label=outcome.value,
            color=pen.of(outcome), edgecolor=pen.colours["surface"], linewidth=0.5,
        )  # fmt: skip
        for place, (start, share) in enumerate(zip(starts, shares, strict=True)):
            _name_share(axes, pen, outcome, place, (start, share))
        starts = [start + share for start, share in zip(starts, shares, strict=True)]
    for place, row in enumerate(rows):
        _say_results(axes, pen, place, row)
    axes.set_yticks(list(places), [row.format for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f} %"))
    axes.set_xlabel("share of the results of a format")
    axes.spines["left"].set_visible(False)
    return figure


def _name_share(
    axes: Axes, pen: Pen, outcome: Outcome, place: int, ends: tuple[float, float]
) -> None:
    """The outcome's symbol in a segment that has room, and its share where it has more."""
    start, share = ends
    room = share * (0.07 if pen.wide else 0.018)
    if room < 0.13:
        return
    text = LOOKS[outcome].symbol + (f" {share:.0f} %" if room > 0.5 else "")
    axes.text(
        start + share / 2, place, text, ha="center", va="center",
        fontsize=8, color=pen.on(outcome),
    )  # fmt: skip


def _say_results(axes: Axes, pen: Pen, place: int, row: FormatOutcomes) -> None:
    """How many results stand behind a bar, and how many cells have none."""
    if not row.results:
        axes.barh(
            [place], [100], height=0.68, facecolor="none", hatch="////",
            edgecolor=pen.colours["strong-line"], linewidth=0, label="absent",
        )  # fmt: skip
    if pen.wide:
        text = f"{count(row.results)} results"
        text += f", {count(row.absent)} absent" if row.absent else ""
    else:
        text = count(row.results)
    axes.annotate(
        text, (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
        textcoords="offset points", va="center", fontsize=8, color=pen.colours["muted"],
        annotation_clip=False,
    )  # fmt: skip


def draw_survival(rows: Sequence[Survival], pen: Pen) -> Figure:
    """A small chart a format: the share that still answers, over releases later and earlier."""
    columns = min(4 if pen.wide else 2, max(len(rows), 1))
    lines = -(-max(len(rows), 1) // columns)
    figure = new_figure(pen, 0.5 + 1.45 * lines)
    grid = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
    every = [axes for line in grid for axes in line]
    for axes in every[len(rows) :]:
        axes.set_visible(False)
    for place, (axes, row) in enumerate(zip(every, rows, strict=False)):
        calm(axes, pen, "y")
        for other in rows:
            _line(axes, other.later, pen.colours["ghost"], "-", None)
        _line(axes, row.earlier, pen.colours["earlier"], (0, (3, 1.5)), "^")
        _line(axes, row.later, pen.colours["later"], "-", "o")
        axes.set_title(row.format, loc="left", color=pen.colours["ink"])
        axes.tick_params(labelbottom=place + columns >= len(rows))
    farthest = max([p.distance for r in rows for p in (*r.later, *r.earlier)], default=1)
    every[0].set_xlim(0.5, max(farthest, 2) + 0.5)
    every[0].set_ylim(-4, 104)
    every[0].xaxis.set_major_locator(MaxNLocator(5, integer=True))
    every[0].set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"])
    figure.supxlabel("releases between saving and loading", fontsize=9, color=pen.colours["muted"])
    return figure


def _line(
    axes: Axes,
    points: Sequence[Point],
    colour: str,
    dashes: str | tuple[int, tuple[float, float]],
    marker: str | None,
) -> None:
    """Shares over distance; a point of few cells is hollow. No marker: a ghost for comparison."""
    x, y = [p.distance for p in points], [100 * p.share for p in points]
    axes.plot(x, y, color=colour, linestyle=dashes, linewidth=1.8 if marker else 0.9)
    if marker is None:
        return
    for hollow in (False, True):
        some = [p for p in points if (p.cells < FEW) is hollow]
        axes.plot(
            [p.distance for p in some], [100 * p.share for p in some], linestyle="none",
            marker=marker, color=colour, markerfacecolor="none" if hollow else colour,
        )  # fmt: skip


def draw_sizes(rows: Sequence[Sizes], pen: Pen) -> Figure:
    """A line a format: smallest to largest, the middle half thick, the median as a point."""
    figure = new_figure(pen, 0.8 + (0.28 if pen.wide else 0.36) * max(len(rows), 1))
    axes = figure.subplots()
    calm(axes, pen)
    ink, colour = pen.colours["ink"], pen.colours["later"]
    for place, row in enumerate(rows):
        axes.plot([row.smallest, row.largest], [place, place], color=colour, linewidth=1.2)
        axes.plot(
            [row.quarter, row.three_quarters], [place, place], color=colour, linewidth=6,
            solid_capstyle="butt",
        )  # fmt: skip
        axes.plot([row.median], [place], marker="|", markersize=13, markeredgewidth=2.4, color=ink)
        axes.annotate(
            size(row.median), (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=8, color=pen.colours["muted"],
        )  # fmt: skip
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(base=10, numticks=12 if pen.wide else 5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: size(value)))
    axes.xaxis.minorticks_off()
    axes.set_yticks(range(len(rows)), [row.format for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel("size of an artifact, logarithmic" + (" (median at the right)" if rows else ""))
    axes.spines["left"].set_visible(False)
    return figure
