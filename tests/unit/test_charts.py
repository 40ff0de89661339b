"""The charts of measuring: what they show is what the tables say."""

from __future__ import annotations

import math
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib
import measured
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from harness.charts import draw, page, rows
from harness.charts import tables as grids
from harness.measure import tables
from harness.measure.records import of_lines
from harness.measure.results import Results
from harness.report.charts import Pen
from harness.report.site import SOURCE
from harness.report.svg import tokens

matplotlib.use("svg")
SIZES = {f"sized.linear-{n}": 10**n for n in (3, 5, 7)} | {"sized.linear-500m": 5 * 10**8}
KEY = (measured.ENVIRONMENT, "sized.linear-7")
PEN = Pen(tokens((SOURCE / "tokens.css").read_text(encoding="utf-8")), wide=True)


@pytest.fixture(scope="module")
def results() -> Results:
    return Results(measured.run(SIZES))


@pytest.fixture(scope="module")
def said(results: Results) -> dict[str, dict]:
    """What `shelflife measure --json` says of KEY, by arm."""
    sets = tables.document(results)["sets"]
    found = next(each for each in sets if (each["environment"], each["model"]) == KEY)
    return {row["arm"]: row for row in found["rows"] if not row["again"]}


# -- the same data -------------------------------------------------------------------------------


def test_the_front_is_of_the_figures_of_the_table(results: Results, said: dict[str, dict]) -> None:
    found = rows.spots(results, KEY)
    assert [row.arm for row in found] == list(said)
    for row in found:
        told = said[row.arm]
        assert (row.bytes, row.start.value) == (told["bytes"], told["stages"]["start"][0])


@pytest.mark.parametrize(("load", "stage"), rows.LOADS.items())
def test_stacks_are_of_the_figures_of_the_table(
    results: Results, said: dict[str, dict], load: str, stage: str
) -> None:
    found = rows.stacks(results, KEY, load)
    assert len(found) == len(said)
    for row in found:
        stages = said[row.arm]["stages"]
        names = [stage if name == "load" else name for name in rows.STAGED]
        assert [seconds for _, seconds in row.parts] == [stages[name][0] for name in names]


def test_codecs_memory_and_growth_are_of_the_figures_of_the_table(
    results: Results, said: dict[str, dict]
) -> None:
    for row in rows.levels(results, KEY):
        stages = said[row.arm]["stages"]
        assert (row.dump.value, row.load.value) == (
            stages["dump-file"][0],
            stages["load-touch"][0],
        )
        plain = said["joblib" if row.arm.startswith("joblib") else "pickle-5"]
        assert row.ratio == plain["bytes"] / said[row.arm]["bytes"]
    assert [row.answer.value for row in rows.memory(results, KEY)] == [
        told["peak"] for told in said.values()
    ]
    for row in rows.growth(results, KEY[0]):
        if row.model == KEY[1]:
            assert row.figure.value == said[row.arm]["stages"][row.stage][0]


def points(figure: Figure) -> set[tuple[float, float]]:
    """Every point of every line of a figure."""
    return {
        (float(x), float(y))
        for axes in figure.axes
        for line in axes.lines
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }


def test_what_is_drawn_is_what_the_rows_say(results: Results) -> None:
    spots, levels = rows.spots(results, KEY), rows.levels(results, KEY)
    grown = rows.growth(results, KEY[0])
    assert {(r.bytes, r.start.value) for r in spots} <= points(draw.draw_spots(spots, PEN, None))
    drawn = points(draw.draw_levels(levels, PEN, (None, None)))
    assert {(row.dump.value, row.ratio) for row in levels} <= drawn
    assert {(row.load.value, row.ratio) for row in levels} <= drawn
    assert {(row.payload, row.figure.value) for row in grown} <= points(
        draw.draw_growth(grown, PEN, measured.BASELINE)
    )


def test_bars_are_as_long_as_the_rows_say(results: Results) -> None:
    stacks = rows.stacks(results, KEY, rows.COLD)
    bars = draw.draw_stacks(stacks, PEN, None).axes[0].containers
    for stage, container in zip(rows.STAGED, bars, strict=True):
        widths = [bar.get_width() for bar in container]
        assert widths == pytest.approx([dict(row.parts)[stage] for row in stacks])
    memory = rows.memory(results, KEY)
    bars = draw.draw_memory(memory, PEN, None).axes[0].containers
    ends = [sum(bar.get_width() for bar in bars_of) for bars_of in zip(*bars, strict=True)]
    assert ends == pytest.approx([row.answer.value for row in memory])


def test_the_noise_band_is_that_of_the_run(results: Results) -> None:
    noise = results.band(KEY, "start")
    assert noise is not None
    assert rows.factor(results, KEY, "start") == pytest.approx(math.exp(noise))
    base = results.figure(KEY, measured.BASELINE, "start")
    assert base is not None
    band = draw.Noise(base.value, math.exp(noise))
    axes = draw.draw_spots(rows.spots(results, KEY), PEN, band).axes[0]
    span = next(patch for patch in axes.patches if patch.get_label() == draw.BAND)
    low, high = span.get_y(), span.get_y() + span.get_height()
    assert (low, high) == pytest.approx((base.value / band.factor, base.value * band.factor))


# -- the front -----------------------------------------------------------------------------------

numbers = st.floats(0.1, 100.0)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=12))
def test_everything_off_the_front_is_beaten_by_something_on_it(
    found: list[tuple[float, float]],
) -> None:
    front = rows.pareto(found)
    best = [point for point, on in zip(found, front, strict=True) if on]
    assert best
    for point, on in zip(found, front, strict=True):
        beaten = any(q != point and q[0] <= point[0] and q[1] <= point[1] for q in best)
        assert beaten is not on


# -- levels and growth ---------------------------------------------------------------------------


def test_the_levels_of_a_codec_are_in_order(results: Results) -> None:
    found = [row.level for row in rows.levels(results, KEY) if row.codec == "pickle-zstd"]
    assert found == [1, 9, 19]


def test_two_sizes_are_no_growth() -> None:
    few = Results(measured.run({"a": 1000, "b": 10**8}, formats=("pickle-5", "joblib")))
    assert rows.growth(few, measured.ENVIRONMENT) == []


# -- files ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    few = Results(measured.run(SIZES, formats=("pickle-5", "joblib-zlib-1", "joblib-zlib-9")))
    return page.write(few, tmp_path_factory.mktemp("charts"))


def test_every_chart_is_a_file_with_a_title_in_both_themes(written: list[Path]) -> None:
    svgs = [path for path in written if path.suffix == ".svg"]
    assert len(svgs) == 2 * (4 * len(SIZES) + 1)
    html = written[0].read_text(encoding="utf-8")
    for path in svgs:
        root = ET.parse(path).getroot()
        assert root.find("{http://www.w3.org/2000/svg}title").text
        assert "prefers-color-scheme: dark" in path.read_text(encoding="utf-8")
        name = path.stem.removesuffix("-narrow")
        assert f'id="chart-{name}"' in html
    assert re.search(r"https?://(?!www\.w3\.org)", html) is None


def test_the_page_prints_the_rows(written: list[Path]) -> None:
    few = Results(measured.run(SIZES, formats=("pickle-5", "joblib-zlib-1", "joblib-zlib-9")))
    html = written[0].read_text(encoding="utf-8")
    for row in grids.of_spots(rows.spots(few, KEY)).rows:
        assert "".join(f"<td>{cell}</td>" for cell in row[1:]) in html


def test_a_run_without_starts_has_what_it_has() -> None:
    whole = measured.run({"m": 10**6}, formats=("pickle-5", "joblib"))
    lines = [{"kind": "case", **vars(case)} for case in whole.cases]
    bare = Results(of_lines(Path(), whole.header, lines))
    assert list(page.parts(bare)) == []
