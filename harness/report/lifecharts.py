"""The charts of the page of shelf lives: survival curves, and what became of who warned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from harness.records import Outcome
from harness.report.charts import Pen, calm, new_figure
from harness.shelflives import ROLLBACK, UPGRADE
from harness.survival import MONTHS, RELEASES, Curve
from harness.words import count

FEW = 10
"""A curve that fewer subjects than this carry on is dotted."""
LETTERS = 44
"""What the heading over a pair of panels holds."""
LOOKS = {UPGRADE: "later", ROLLBACK: "earlier"}
TITLES = {UPGRADE: "upgrade", ROLLBACK: "rollback"}
_COLOURS = (Outcome.IDENTICAL, Outcome.LOAD_ERROR, Outcome.CHANGED)  # right, fails, otherwise


@dataclass(frozen=True)
class Panel:
    """Formats that live alike, and their curves by direction and unit."""

    formats: tuple[str, ...]
    curves: Mapping[str, Mapping[str, Curve]]

    @property
    def short(self) -> bool:
        """Whether the heading has room for all of them."""
        return self.title(LETTERS) == ", ".join(self.formats)

    def title(self, letters: int) -> str:
        """The formats, as many as `letters` hold, at least the first, and how many more."""
        for named in range(len(self.formats), 0, -1):
            more = len(self.formats) - named
            text = ", ".join(self.formats[:named]) + (f" and {more} more" if more else "")
            if len(text) <= letters:
                return text
        return text


@dataclass(frozen=True)
class Bar:
    """A kind of pair, what its cells said, and how many are right, fail, answer otherwise."""

    pair: str
    said: str
    counts: Sequence[int]


def draw_life(panels: Sequence[Panel], pen: Pen, unit: str) -> Figure:
    """A pair of charts a panel: upgrade and rollback; over releases the others' pale behind."""
    abreast = min(2 if pen.wide else 1, max(len(panels), 1))
    lines = -(-max(len(panels), 1) // abreast)
    figure = new_figure(pen, 0.55 + 1.5 * lines)
    grid = figure.subplots(lines, 2 * abreast, sharex=True, sharey=True, squeeze=False)
    every = [axes for line in grid for axes in line]
    for axes in every[2 * len(panels) :]:
        axes.set_visible(False)
    far = max([c[unit].end for p in panels for c in p.curves.values()], default=1.0) or 1.0
    for place, panel in enumerate(panels):
        for axes, way in zip(every[2 * place : 2 * place + 2], LOOKS, strict=True):
            others = [p.curves[way][unit] for p in panels if way in p.curves and p is not panel]
            others = others if unit == RELEASES else []  # months have too many steps for a page
            _panel(axes, panel, way, others, pen, (unit, far))
            axes.tick_params(labelbottom=place + abreast >= len(panels))
    _scales(every[0], far, unit)
    words = f"{unit} between saving and loading"
    figure.supxlabel(words, fontsize=9, color=pen.colours["muted"])
    return figure


def _panel(
    axes: Axes, panel: Panel, way: str, others: Sequence[Curve], pen: Pen, scale: tuple[str, float]
) -> None:
    unit, far = scale
    tail = 0.05 * far  # so that the last step and its limits can be seen
    calm(axes, pen, "y")
    for other in others:
        _stairs(axes, other, pen.colours["ghost"], 0.8, tail)
    if way == UPGRADE:
        axes.set_title(panel.title(LETTERS), loc="left", color=pen.colours["ink"])
    colour = pen.colours[LOOKS[way]]
    axes.text(0.04, 0.07, TITLES[way], transform=axes.transAxes, fontsize=8, color=colour, zorder=5)
    if way not in panel.curves:
        axes.text(
            0.5, 0.5, "no result", transform=axes.transAxes, ha="center",
            color=pen.colours["muted"], fontsize=8,
        )  # fmt: skip
        return
    curve = panel.curves[way][unit]
    _band(axes, curve, colour, tail)
    _stairs(axes, curve, colour, 1.8, tail)
    last = curve.steps[-1]
    axes.annotate(
        f"{100 * last.share:.0f} %", (last.time + tail, 100 * last.share), xytext=(4, 0),
        textcoords="offset points", va="bottom" if last.share < 0.06 else "center",
        fontsize=8, color=colour, fontweight="bold",
    )  # fmt: skip


def _corners(
    curve: Curve, tail: float
) -> tuple[list[float], list[float], list[float], list[float]]:
    """Times, shares and limits in per cent, from the start to a tail behind the end."""
    steps = [*curve.steps, replace(curve.steps[-1], time=curve.end + tail)]
    return (
        [0.0, *(s.time for s in steps)],
        [100.0, *(100 * s.share for s in steps)],
        [100.0, *(100 * s.low for s in steps)],
        [100.0, *(100 * s.high for s in steps)],
    )


def _band(axes: Axes, curve: Curve, colour: str, tail: float) -> None:
    times, _, low, high = _corners(curve, tail)
    axes.fill_between(times, low, high, step="post", color=colour, alpha=0.18, linewidth=0)


def _stairs(axes: Axes, curve: Curve, colour: str, width: float, tail: float) -> None:
    """The curve in steps, dotted from where fewer than FEW are left."""
    times, shares, _, _ = _corners(curve, tail)
    risks = [curve.subjects, *(step.risk for step in curve.steps), curve.steps[-1].risk]
    firm = sum(risk >= FEW for risk in risks)
    axes.plot(times[:firm], shares[:firm], drawstyle="steps-post", color=colour, linewidth=width)
    if firm < len(times):
        start = max(firm - 1, 0)
        axes.plot(
            times[start:], shares[start:], drawstyle="steps-post", color=colour,
            linewidth=width, linestyle=(0, (1, 1.2)),
        )  # fmt: skip


def _scales(axes: Axes, far: float, unit: str) -> None:
    axes.set_xlim(0, far * 1.3)
    axes.set_ylim(-4, 106)
    axes.set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"])
    if unit == RELEASES:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    elif unit == MONTHS:
        axes.xaxis.set_major_locator(MultipleLocator(12 if far < 40 else 24))


def draw_worth(rows: Sequence[Bar], pen: Pen) -> Figure:
    """A bar a row: right, fails, otherwise, in shares; how many cells at its end."""
    figure = new_figure(pen, 0.7 + (0.34 if pen.wide else 0.46) * max(len(rows), 1))
    axes = figure.subplots()
    calm(axes, pen)
    for place, row in enumerate(rows):
        total, start = sum(row.counts), 0.0
        for outcome, n in zip(_COLOURS, row.counts, strict=True):
            share = 100 * n / total
            axes.barh(
                [place], [share], left=[start], height=0.66, color=pen.of(outcome),
                edgecolor=pen.colours["surface"], linewidth=0.5,
            )  # fmt: skip
            if share > (5 if pen.wide else 14):
                axes.text(
                    start + share / 2, place, f"{share:.0f} %", ha="center", va="center",
                    fontsize=8, color=pen.on(outcome),
                )  # fmt: skip
            start += share
        axes.annotate(
            count(total), (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=8, color=pen.colours["muted"],
            annotation_clip=False,
        )  # fmt: skip
    between = ": " if pen.wide else ":\n"
    axes.set_yticks(range(len(rows)), [f"{row.pair}{between}{row.said}" for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f} %"))
    axes.set_xlabel("share of the cells loaded elsewhere")
    axes.spines["left"].set_visible(False)
    return figure
