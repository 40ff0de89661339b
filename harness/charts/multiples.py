"""Small multiples: size against start to first answer, a panel for each comparison set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from harness.charts.axes import label, log, seconds, sizes
from harness.charts.rows import Spot
from harness.measure.tables import bytes_text, seconds_text
from harness.report.charts import Pen, calm, new_figure

LETTERS = 34
"""That the heading of a panel has room for."""
NAMED = 4
"""Spots of a panel that get their names, at the most."""


@dataclass(frozen=True)
class Multiple:
    """One comparison set: its heading, and a spot for each format."""

    title: str
    spots: Sequence[Spot]


def draw_multiples(panels: Sequence[Multiple], pen: Pen) -> Figure:
    """A panel a set, each with axes of its own; the front joined and named, the others hollow."""
    abreast = min(3 if pen.wide else 1, max(len(panels), 1))
    lines = -(-max(len(panels), 1) // abreast)
    figure = new_figure(pen, 0.2 + 2.5 * lines)
    every = [axes for line in figure.subplots(lines, abreast, squeeze=False) for axes in line]
    for axes in every[len(panels) :]:
        axes.set_visible(False)
    for axes, panel in zip(every, panels, strict=False):
        _panel(axes, panel, pen)
    figure.canvas.draw()  # so that it is known where the points lie
    for axes, panel in zip(every, panels, strict=False):
        label(axes, pen, _named(panel), [(spot.bytes, spot.start.value) for spot in panel.spots])
    figure.supxlabel("size, logarithmic", fontsize=9, color=pen.colours["muted"])
    figure.supylabel("process start to first answer", fontsize=9, color=pen.colours["muted"])
    return figure


def _named(panel: Multiple) -> list[tuple[float, float, str]]:
    """The spots of the front that get their names: with many both ends and some in between."""
    front = sorted((spot for spot in panel.spots if spot.front), key=lambda spot: spot.bytes)
    step = max(1.0, (len(front) - 1) / (NAMED - 1))
    some = [front[round(n * step)] for n in range(min(NAMED, len(front)))]
    return [(spot.bytes, spot.start.value, spot.arm) for spot in some]


def _panel(axes: Axes, panel: Multiple, pen: Pen) -> None:
    calm(axes, pen, "y")
    title = panel.title if len(panel.title) <= LETTERS else panel.title[: LETTERS - 1] + "…"
    axes.set_title(title, loc="left", color=pen.colours["ink"])
    front = sorted((spot for spot in panel.spots if spot.front), key=lambda spot: spot.bytes)
    axes.plot([s.bytes for s in front], [s.start.value for s in front],
              color=pen.colours["strong-line"], linestyle=(0, (3, 2)), linewidth=1.1)  # fmt: skip
    for on, key in ((False, "muted"), (True, "later")):
        some = [spot for spot in panel.spots if spot.front is on]
        axes.plot([s.bytes for s in some], [s.start.value for s in some], linestyle="none",
                  marker="o", markersize=5, color=pen.colours[key],
                  markerfacecolor=pen.colours[key] if on else "none")  # fmt: skip
    axes.margins(x=0.3, y=0.2)
    log(axes, axes.xaxis, sizes, bytes_text, pen)
    log(axes, axes.yaxis, seconds, seconds_text, pen)
