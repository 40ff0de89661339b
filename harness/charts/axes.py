"""What the charts share: axes with round ticks, a legend, names that cover nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from harness.measure.tables import seconds_text
from harness.report.charts import Pen

ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def sizes() -> list[float]:
    """Round sizes: of 1024 kB of 1024 bytes, as they are written."""
    return [float(step << (10 * power)) for power in range(4) for step in ROUND]


def seconds() -> list[float]:
    """Round times, from microseconds to hours."""
    return [step * 10.0**power for power in range(-7, 5) for step in (1, 2, 5)]


def log(
    axes: Axes,
    axis: Axis,
    rounds: Callable[[], list[float]],
    words: Callable[[float], str],
    pen: Pen,
) -> None:
    """A logarithmic axis with ticks at round values, as many as there is room for.

    Where there would be fewer than two, it goes on to the next round values: a scale that cannot be
    read is none, and a hair's breadth is not to look like a gulf.
    """
    is_x = axis is axes.xaxis
    (axes.set_xscale if is_x else axes.set_yscale)("log")
    low, high = axes.get_xlim() if is_x else axes.get_ylim()
    if sum(low <= value <= high for value in rounds()) < 2:
        low = max((value for value in rounds() if value <= low), default=low)
        high = min((value for value in rounds() if value >= high), default=high)
        (axes.set_xlim if is_x else axes.set_ylim)(low, high)
    room = (8 if pen.wide else 5) if is_x else 9
    room = room // 2 + 1 if is_x and pen.wide and len(axes.figure.axes) > 1 else room
    for step in (1, 3, 6, 9, 18):  # of three steps a decade, so that round ones stay
        inside = [value for value in rounds()[::step] if low <= value <= high]
        if len(inside) <= room:
            break
    axis.set_major_locator(FixedLocator(inside))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: words(value)))


def linear(
    axes: Axes,
    end: float,
    rounds: Callable[[], list[float]],
    words: Callable[[float], str],
    pen: Pen,
) -> None:
    """Ticks at multiples of a round value on the x axis."""
    room = 8 if pen.wide else 4
    step = next((value for value in rounds() if end / value <= room), end)
    axes.xaxis.set_major_locator(FixedLocator([step * n for n in range(int(end / step) + 1)]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: words(v) if v else "0"))


def time(axes: Axes, values: Sequence[float], pen: Pen) -> None:
    """The y axis of times: logarithmic only where they span much."""
    if max(values) > 20 * min(values):
        log(axes, axes.yaxis, seconds, seconds_text, pen)
        return
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: seconds_text(v) if v > 0 else "0"))


def legend(figure: Figure, axes: Axes, pen: Pen, columns: int) -> None:
    """Below the chart: what each colour and marker is."""
    handles, labels = axes.get_legend_handles_labels()
    made = figure.legend(handles, labels, loc="outside lower left", ncols=columns)
    for text in made.get_texts():
        text.set_color(pen.colours["ink"])


Box = tuple[float, float, float, float]


def label(
    axes: Axes,
    pen: Pen,
    named: Sequence[tuple[float, float, str]],
    dots: Sequence[tuple[float, float]],
) -> None:
    """Names beside their points, each at the nearest place where it covers nothing."""
    scale = axes.figure.dpi / 72
    marks = [axes.transData.transform(dot) for dot in dots]
    taken: list[Box] = [(x - 5, y - 5, x + 5, y + 5) for x, y in marks]
    frame = axes.get_window_extent()
    for x, y, name in sorted(named, key=lambda point: point[1]):
        px, py = axes.transData.transform((x, y))
        width, height = 4.9 * scale * len(name), 9.0 * scale
        for dx, dy in _offsets(scale, width, height):
            box = (px + dx, py + dy - height / 2, px + dx + width, py + dy + height / 2)
            if _free(box, taken) and _within(box, frame):
                break
        taken.append(box)
        far = abs(dy) > 14 * scale
        axes.annotate(
            name, (x, y), xytext=(dx / scale, dy / scale), textcoords="offset points",
            va="center", ha="left", fontsize=8, color=pen.colours["ink"], arrowprops={
                "arrowstyle": "-", "color": pen.colours["line"], "linewidth": 0.7,
            } if far else None,
        )  # fmt: skip


def _offsets(scale: float, width: float, height: float) -> list[tuple[float, float]]:
    """Places for a name around its point, the nearest first."""
    steps = [step for n in range(12) for step in ((n, -n) if n else (0,))]
    sides = (8 * scale, -8 * scale - width, -width / 2)
    return [(dx, n * height * 1.1) for n in steps for dx in sides if n or dx != sides[2]]


def _free(box: Box, taken: Sequence[Box]) -> bool:
    return not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in taken
    )


def _within(box: Box, frame: Any) -> bool:
    inside_x = frame.x0 - 2 < box[0] and box[2] < frame.x1 + 2
    return inside_x and bool(frame.y0 < box[1] and box[3] < frame.y1)
