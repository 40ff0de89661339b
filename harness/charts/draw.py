"""The charts of a measuring run: each a figure of its rows, wide for a desk and narrow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from harness.charts.axes import label, legend, linear, log, seconds, sizes, time
from harness.charts.rows import GROWN, STAGED, Grown, Level, Memory, Spot, Stack
from harness.measure.tables import bytes_text, seconds_text
from harness.report.charts import Pen, calm, new_figure

# Of the palette of Okabe and Ito, in which no two are alike to the colour-blind.
SERIES = ("timeout", "drift", "identical", "use-error", "load-error", "close", "crash", "changed")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
STAGE_COLOURS = dict(
    zip(STAGED, ("unsupported", "close", "timeout", "load-error", "identical"), strict=True)
)
WORDS = {"dump-file": "saving to a file", "load-touch": "loading, with a touch of every page"}
BAND = "noise"


@dataclass(frozen=True)
class Noise:
    """The A/A band around the baseline: from `value / factor` to `value * factor`."""

    value: float
    factor: float


def series(pen: Pen, place: int) -> tuple[str, str]:
    """Colour and marker of the `place`-th line: a pair that no other one has."""
    return pen.colours[f"o-{SERIES[place % len(SERIES)]}"], MARKERS[place % len(MARKERS)]


def draw_spots(rows: Sequence[Spot], pen: Pen, noise: Noise | None) -> Figure:
    """Size against start to first answer; the front joined, the others hollow.

    A narrow chart names the front alone: there is no room for more.
    """
    figure = new_figure(pen, 5.0)
    axes = figure.subplots()
    calm(axes, pen, "y")
    if noise:
        axes.axhspan(noise.value / noise.factor, noise.value * noise.factor,
                     color=pen.colours["muted"], alpha=0.25, linewidth=0, label=BAND)  # fmt: skip
    front = sorted((row for row in rows if row.front), key=lambda row: row.bytes)
    axes.plot([row.bytes for row in front], [row.start.value for row in front],
              color=pen.colours["strong-line"], linestyle=(0, (3, 2)), linewidth=1.2)  # fmt: skip
    for on, words, key in (
        (True, "nothing is better in both", "later"),
        (False, "others", "muted"),
    ):
        some = [row for row in rows if row.front is on]
        values = [row.start.value for row in some]
        errors = [[max(row.start.value - row.start.low, 0.0) for row in some],
                  [max(row.start.high - row.start.value, 0.0) for row in some]]  # fmt: skip
        axes.errorbar([row.bytes for row in some], values, yerr=errors, fmt="o", markersize=6,
                      color=pen.colours[key], elinewidth=1, label=words,
                      markerfacecolor=pen.colours[key] if on else "none")  # fmt: skip
    axes.margins(x=0.16, y=0.16)
    log(axes, axes.xaxis, sizes, bytes_text, pen)
    time(axes, [row.start.value for row in rows], pen)
    axes.set_xlabel("size, logarithmic")
    axes.set_ylabel("process start to first answer")
    legend(figure, axes, pen, 3 if pen.wide else 2)
    figure.canvas.draw()
    named = rows if pen.wide else front
    dots = [(row.bytes, row.start.value) for row in rows]
    label(axes, pen, [(row.bytes, row.start.value, row.arm) for row in named], dots)
    return figure


def draw_stacks(rows: Sequence[Stack], pen: Pen, noise: Noise | None) -> Figure:
    """A bar a format and temperature: where the time goes from the start to the first answer."""
    figure = new_figure(pen, 1.1 + (0.27 if pen.wide else 0.36) * len(rows))
    axes = figure.subplots()
    calm(axes, pen)
    ends = [0.0] * len(rows)
    for stage in STAGED:
        wide = [dict(row.parts).get(stage, 0.0) for row in rows]
        axes.barh(range(len(rows)), wide, left=ends, height=0.7, label=stage,
                  color=pen.colours[f"o-{STAGE_COLOURS[stage]}"],
                  edgecolor=pen.colours["surface"], linewidth=0.4)  # fmt: skip
        ends = [end + more for end, more in zip(ends, wide, strict=True)]
    if noise:
        axes.axvspan(noise.value / noise.factor, noise.value * noise.factor,
                     color=pen.colours["muted"], alpha=0.22, linewidth=0, label=BAND)  # fmt: skip
    for place, row in enumerate(rows):
        axes.annotate(
            seconds_text(row.total), (row.total, place), xytext=(4, 0),
            textcoords="offset points", va="center", fontsize=8, color=pen.colours["muted"],
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), [f"{row.arm} {row.load}" for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, (1.17 if pen.wide else 1.3) * max(row.total for row in rows))
    linear(axes, max(row.total for row in rows), seconds, seconds_text, pen)
    axes.set_xlabel("time")
    axes.spines["left"].set_visible(False)
    legend(figure, axes, pen, 6 if pen.wide else 3)
    return figure


def draw_levels(
    rows: Sequence[Level], pen: Pen, noises: tuple[Noise | None, Noise | None]
) -> Figure:
    """How many times smaller against the time to save and to load; a codec's levels joined."""
    figure = new_figure(pen, 4.6 if pen.wide else 7.6)
    grid = figure.subplots(1, 2, sharey=True) if pen.wide else figure.subplots(2, 1, sharex=False)
    codecs = list(dict.fromkeys(row.codec for row in rows))
    bottom = min(0.95, *(row.ratio * 0.95 for row in rows))
    top = 1.06 * max(row.ratio for row in rows)
    for axes, which, noise in zip(grid, ("dump", "load"), noises, strict=True):
        calm(axes, pen, "y")
        for place, codec in enumerate(codecs):
            colour, marker = series(pen, place)
            mine = [row for row in rows if row.codec == codec]
            axes.plot([getattr(row, which).value for row in mine], [row.ratio for row in mine],
                      color=colour, marker=marker, label=codec, linewidth=1.4)  # fmt: skip
            for row in (mine[0], mine[-1]) if len(mine) > 1 else ():
                axes.annotate(str(row.level), (getattr(row, which).value, row.ratio), xytext=(4, 3),
                              textcoords="offset points", fontsize=8,
                              color=pen.colours["muted"])  # fmt: skip
        if noise:
            axes.axvspan(noise.value / noise.factor, noise.value * noise.factor, label=BAND,
                         color=pen.colours["muted"], alpha=0.3, linewidth=0)  # fmt: skip
        log(axes, axes.xaxis, seconds, seconds_text, pen)
        axes.set_ylim(bottom, top)
        axes.set_xlabel(f"time to {'save' if which == 'dump' else 'load'}, logarithmic")
        if pen.wide and which == "load":
            continue
        axes.set_ylabel("times smaller")
    legend(figure, grid[1], pen, 6 if pen.wide else 2)
    return figure


def draw_memory(rows: Sequence[Memory], pen: Pen, noise: Noise | None) -> Figure:
    """A bar a format: memory before loading, what loading adds at its peak, and the answer."""
    figure = new_figure(pen, 1.1 + (0.3 if pen.wide else 0.36) * len(rows))
    axes = figure.subplots()
    calm(axes, pen)
    names = (("base", "unsupported", "before loading"), ("load", "timeout", "loading"),
             ("answer", "identical", "first answer"))  # fmt: skip
    ends = [0.0] * len(rows)
    for which, colour, words in names:
        values = [getattr(row, which).value for row in rows]
        widths = [max(value - end, 0.0) for value, end in zip(values, ends, strict=True)]
        axes.barh(range(len(rows)), widths, left=ends, height=0.68, label=words,
                  color=pen.colours[f"o-{colour}"], edgecolor=pen.colours["surface"],
                  linewidth=0.4)  # fmt: skip
        ends = [max(value, end) for value, end in zip(values, ends, strict=True)]
    if noise:
        axes.axvspan(noise.value / noise.factor, noise.value * noise.factor,
                     color=pen.colours["muted"], alpha=0.3, linewidth=0, label=BAND)  # fmt: skip
    for place, end in enumerate(ends):
        axes.annotate(bytes_text(end), (end, place), xytext=(4, 0), textcoords="offset points",
                      va="center", fontsize=8, color=pen.colours["muted"])  # fmt: skip
    axes.set_yticks(range(len(rows)), [row.arm for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, (1.17 if pen.wide else 1.3) * max(ends))
    linear(axes, max(ends), sizes, bytes_text, pen)
    axes.set_xlabel("peak of resident memory")
    axes.spines["left"].set_visible(False)
    legend(figure, axes, pen, 4 if pen.wide else 2)
    return figure


def draw_growth(rows: Sequence[Grown], pen: Pen, baseline: str) -> Figure:
    """Time over the size of the model's arrays, both logarithmic: a line a format, two stages."""
    figure = new_figure(pen, 4.8 if pen.wide else 8.2)
    grid = figure.subplots(1, 2, sharey=True) if pen.wide else figure.subplots(2, 1)
    arms = list(dict.fromkeys(row.arm for row in rows))
    for axes, stage in zip(grid, GROWN, strict=True):
        calm(axes, pen, "y")
        for place, arm in enumerate(arms):
            mine = [row for row in rows if row.arm == arm and row.stage == stage]
            colour, marker = series(pen, place)
            axes.plot([row.payload for row in mine], [row.figure.value for row in mine],
                      color=colour, marker=marker, label=arm, linewidth=1.4)  # fmt: skip
        base = [r for r in rows if (r.arm, r.stage) == (baseline, stage) and r.noise is not None]
        if base:
            axes.fill_between(
                [row.payload for row in base],
                [row.figure.value / math.exp(row.noise or 0.0) for row in base],
                [row.figure.value * math.exp(row.noise or 0.0) for row in base],
                color=pen.colours["muted"], alpha=0.35, linewidth=0, label=BAND,
            )  # fmt: skip
        log(axes, axes.xaxis, sizes, bytes_text, pen)
        log(axes, axes.yaxis, seconds, seconds_text, pen)
        axes.set_title(WORDS[stage], loc="left", color=pen.colours["ink"])
        axes.set_xlabel("bytes of the model's arrays")
    legend(figure, grid[0], pen, 6 if pen.wide else 2)
    return figure
