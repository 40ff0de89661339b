"""The page of shelf lives: what the cells have, in charts, tables and words, and no more."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from harness import baseline, shelflives
from harness.report import write_site
from harness.report.life import answer, life_view, panels
from harness.report.lifecharts import Bar, Panel, draw_life, draw_worth
from harness.shelflives import ROLLBACK, UPGRADE
from harness.store import Run
from harness.survival import MONTHS, RELEASES
from tests.synthetic import MARKUP, Synthetic, write_run
from tests.unit.test_report_view import PEN
from tests.unit.test_shelflives import header, saved_in


class Cells(HTMLParser):
    """The texts of a table's rows."""

    def __init__(self, page: str, id: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        table = re.search(rf'<table id="{id}">.*?</table>', page, re.S)
        assert table, id
        self.feed(table[0])

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip() + " " if data.strip() else ""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "run", Synthetic(3_600, environments=6))


def page(run: Path) -> str:
    index = write_site(run, run.parent / "site")
    return (index.parent / "life.html").read_text(encoding="utf-8")


def lived(*cells: list[object]) -> shelflives.Lives:
    return shelflives.lives(header(), [cell for some in cells for cell in some])


def test_the_table_says_what_the_lives_say(run: Path) -> None:
    found = shelflives.lives(Run(run).header(), Run(run).lines())
    rows = Cells(page(run), "table-life-upgrade-releases").rows
    lives = [life for life in found.lives if life.direction == UPGRADE and life.format == "skops"]
    row = next(row for row in rows if row[0].strip() == "skops")
    assert row[1].strip() == f"{len(lives):,}"
    assert row[2].strip() == f"{sum(life.died for life in lives):,}"
    assert [head.strip() for head in rows[0][-2:]] == ["4 releases", "5 releases"]


def test_the_warnings_table_adds_up(run: Path) -> None:
    rows = Cells(page(run), "table-worth").rows[1:]
    figures = [[int(text.replace(",", "")) for text in row[1:]] for row in rows]
    assert [sum(column) for column in zip(*figures[:3], strict=True)] == figures[3]
    assert all(sum(row[:3]) == row[3] for row in figures)


def test_each_page_leads_to_the_other(run: Path) -> None:
    text = page(run)
    assert '<a href="index.html">Cells</a>' in text
    assert 'href="life.html" aria-current="page"' in text
    index = (run.parent / "site" / "index.html").read_text(encoding="utf-8")
    assert 'href="life.html"' in index


def test_no_page_of_lives_where_nothing_was_loaded_elsewhere(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", Synthetic(60, environments=1))
    out = tmp_path / "site"
    out.mkdir()
    (out / "life.html").write_text("of an earlier report")
    write_site(run, out)
    assert not (out / "life.html").exists()


def test_texts_stay_texts(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", Synthetic(2_000, environments=5, markup=True))
    assert MARKUP not in page(run)


def test_ids_are_unique_and_each_chart_is_named(run: Path) -> None:
    text = page(run)
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for name in ("life-releases", "life-months", "worth"):
        for width in ("wide", "narrow"):
            assert f'aria-labelledby="{name}-{width}-t {name}-{width}-d"' in text
    assert "style=" not in text


def test_formats_that_live_alike_share_a_panel() -> None:
    some = lived(
        saved_in("e0", "iiLL."), saved_in("e0", "iiLL.", format="g"),
        saved_in("e0", "iiiii", format="h"), saved_in("e3", "iiiii", format="h"),
    )  # fmt: skip
    made = panels(life_view(header(), some).rows)
    assert [panel.formats for panel in made] == [("f", "g"), ("h",)]
    assert set(made[1].curves) == {UPGRADE, ROLLBACK}


@pytest.mark.parametrize(
    ("formats", "title"),
    [(("a",), "a"), (("a", "b"), "a, b"), (("abc", "def", "ghi"), "abc and 2 more")],
)
def test_a_heading_names_as_many_as_there_is_room_for(formats: tuple[str, ...], title: str) -> None:
    assert Panel(formats, {}).title(10) == title


@pytest.mark.parametrize("unit", [RELEASES, MONTHS])
def test_the_chart_draws_the_curves(unit: str) -> None:
    some = lived(saved_in("e0", "iiLL."), saved_in("e1", ".iiii", model="n"))
    (panel,) = life_view(header(), some).panels
    upgrade, rollback = draw_life([panel], PEN, unit).axes
    drawn = {float(y) for line in upgrade.lines for y in line.get_ydata()}
    assert drawn == {100.0} | {100 * step.share for step in panel.curves[UPGRADE][unit].steps}
    assert [text.get_text() for text in rollback.texts] == ["rollback", "no result"]


def test_a_bar_is_drawn_for_each_kind_of_cell() -> None:
    (axes,) = draw_worth([Bar("upgrade, 1 release", "did not", [6, 3, 1])], PEN).axes
    assert [round(patch.get_width()) for patch in axes.patches] == [60, 30, 10]
    assert [text.get_text() for text in axes.texts] == ["60 %", "30 %", "10 %", "10"]


def test_the_answer_names_the_worst_and_the_best() -> None:
    dead = [saved_in("e0", "iL...", model=f"m{n}") for n in range(10)]
    good = [saved_in("e0", "iiiii", model=f"m{n}", format="g") for n in range(10)]
    said = answer(life_view(header(), lived(*dead, *good)))
    assert (
        said == "Of the saved models 0\u00a0% (f) to 100\u00a0% (g) still answer one release later."
    )
    assert answer(life_view(header(), lived())) == ""


def test_a_baseline_gives_the_same_page_as_its_run(run: Path) -> None:
    whole = page(run)
    kept = baseline.write(Run(run).header(), Run(run).lines(), run.parent / "baselines")
    index = write_site(kept, run.parent / "of-baseline")
    assert (index.parent / "life.html").read_text(encoding="utf-8") == whole
    script = (index.parent / "data" / "cells.js").read_text(encoding="ascii")
    content = json.loads(script.removeprefix("globalThis.shelflifeData=").rstrip(";\n"))
    assert content["cells"] == 3_600
