"""The report says what the run has: no more, no less, and in words that are true."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from harness.records import Outcome
from harness.report import data, write_site
from harness.report.charts import Pen, draw_outcomes, draw_sizes, draw_survival
from harness.report.columns import Columns, detail, normal
from harness.report.reading import Reading, cell_lines, well_formed
from harness.report.site import SOURCE
from harness.report.svg import tokens
from harness.report.tables import outcomes_by_format, sizes_by_format, survival
from harness.report.view import (
    EnvironmentView,
    Tally,
    answer,
    completeness,
    in_order,
    moment,
    release_ranks,
)
from harness.words import LOOKS, WORST_FIRST, size
from tests.synthetic import MARKUP, Synthetic, lines, write_run

PEN = Pen(tokens((SOURCE / "tokens.css").read_text(encoding="utf-8")), wide=True)


def tally(silent: int = 0, unwarned: int = 0, **counts: int) -> Tally:
    named = {Outcome(name.replace("_", "-")): n for name, n in counts.items()}
    return Tally({o: named.get(o, 0) for o in Outcome}, silent, unwarned)


def environment(name: str, released: str, version: str = "1.0") -> EnvironmentView:
    return EnvironmentView(name, True, "scikit-learn", version, "3.11", released, {}, True, "")


def columns_of(*cells: tuple[str, str, str, str]) -> Columns:
    """Columns of cells given as model, format, consumer and outcome; all saved in `a`."""
    line = next(iter(lines(Synthetic(1))))
    columns = Columns(["a", "b", "c"], [], [])
    for model, fmt, consumer, outcome in cells:
        own = {"model": model, "format": fmt, "producer": "a", "consumer": consumer}
        columns.add({**line, **own, "outcome": outcome})
    return columns


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "run", Synthetic(400, environments=4))


def page(run_dir: Path) -> str:
    return write_site(run_dir, run_dir.parent / "site").read_text(encoding="utf-8")


def cells_js(run_dir: Path) -> Any:
    text = (run_dir.parent / "site" / "data" / "cells.js").read_text(encoding="ascii")
    return json.loads(text.removeprefix("globalThis.shelflifeData=").rstrip(";\n"))


# ---- words


def test_the_answer_puts_silence_before_errors() -> None:
    said = answer(tally(34, 30, drift=36, changed=1, load_error=5, identical=8, notrun=2), True)
    assert said == (
        "37 cells answer otherwise (34 without any error, 30 without even a warning); "
        "5 fail with an error; 8 of 50 results answer as before; 2 cells have no result."
    )


def test_an_incomplete_run_says_so_far() -> None:
    assert answer(tally(identical=3), False).startswith("So far no cell answers otherwise")
    assert answer(tally(identical=3), True).startswith("No cell answers otherwise")


def test_absence_is_no_result() -> None:
    assert answer(tally(notrun=4), False) == "No result: none of 4 cells could be run and trusted."
    assert answer(tally(), False) == "No cell has been run, so there is no answer yet."


@pytest.mark.parametrize(
    ("footer", "found", "complete", "words"),
    [
        (None, 120, False, "incomplete: 120 of 14,000 cells"),
        (None, 0, False, "incomplete: no cell of 14,000 cells"),
        ({"cells": 9}, 8, False, "incomplete: the run ended with 9 cells, 8 are here"),
        ({"cells": 9}, 9, False, "a part of the matrix: 9 of 14,000 cells"),
        ({"cells": 14_000}, 14_000, True, "complete: 14,000 cells"),
    ],
)
def test_completeness(footer: Any, found: int, complete: bool, words: str) -> None:
    assert completeness({"footer": footer, "planned": 14_000}, found) == (complete, words)


def test_environments_stand_by_release_and_unknown_dates_last() -> None:
    given = [
        environment("late", "2024-01-01", "1.10"),
        environment("unknown", ""),
        environment("early", "2020-01-01"),
        environment("same", "2024-01-01", "1.9"),
    ]
    ordered = in_order(given)
    assert [e.id for e in ordered] == ["early", "same", "late", "unknown"]
    assert release_ranks(ordered) == [0, 1, 2, -1]


def test_two_environments_of_one_release_are_no_distance_apart() -> None:
    assert release_ranks([environment("a", "2024-01-01"), environment("b", "2024-01-01")]) == [0, 0]


def test_every_outcome_has_a_look_and_a_place() -> None:
    assert set(LOOKS) == set(Outcome) == set(WORST_FIRST)
    assert WORST_FIRST[0] is Outcome.CHANGED
    assert WORST_FIRST[-2:] == (Outcome.INVALID, Outcome.NOTRUN)
    assert len({look.symbol for look in LOOKS.values()}) == len(Outcome)


def test_a_date_that_is_none_is_shown_as_it_stands() -> None:
    assert moment("2026-11-21T20:56:00Z") == "21 November 2026, 20:56 UTC"
    assert moment("last night") == "last night"


@pytest.mark.parametrize(
    ("n", "words"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (95_100, "95.1 kB"), (2e9, "2 GB")]
)
def test_size(n: float, words: str) -> None:
    assert size(n) == words


def test_details_group_what_differs_only_by_process() -> None:
    first = normal("node at 0x7f12ab in /tmp/x1/y/tree.py is odd\nsecond line")
    assert first == normal("node at 0x99feed in /home/b/c/tree.py is odd") != ""
    line = next(iter(lines(Synthetic(1))))
    worst = {"predict": {"verdict": "close"}, "transform": {"verdict": "changed"}}
    assert detail({**line, "methods": worst}) == "transform: changed, predict: close"


# ---- tables and charts


def test_survival_leaves_out_what_is_no_answer() -> None:
    columns = columns_of(
        ("m1", "f", "b", "identical"), ("m2", "f", "b", "drift"), ("m3", "f", "b", "unsupported"),
        ("m4", "f", "b", "notrun"), ("m5", "f", "b", "invalid"), ("m6", "f", "a", "identical"),
        ("m1", "f", "c", "close"),
    )  # fmt: skip
    (row,) = survival(columns, [0, 1, 2])
    assert [(p.distance, p.kept, p.cells) for p in row.later] == [(1, 1, 2), (2, 1, 1)]
    assert row.earlier == []
    (row,) = survival(columns, [2, 1, -1])
    assert (row.later, [(p.distance, p.cells) for p in row.earlier]) == ([], [(1, 2)])


def test_an_artifact_counts_once_for_its_producer() -> None:
    columns = columns_of(("m", "f", "a", "identical"), ("m", "f", "b", "close"))
    assert [row.artifacts for row in sizes_by_format(columns)] == [1]


def test_outcome_bars_are_the_table() -> None:
    columns = Columns([], [], [])
    for line in lines(Synthetic(900, environments=4)):
        columns.add(line)
    rows = outcomes_by_format(columns)
    axes = draw_outcomes(rows, PEN).axes[0]
    drawn = {bars.get_label(): bars for bars in axes.containers}
    for outcome in (o for o in Outcome if o.is_result):
        bars = [bar for bar in drawn[outcome.value] if isinstance(bar, Rectangle)]
        shares = [100 * row.share(outcome) for row in rows]
        assert [bar.get_width() for bar in bars] == pytest.approx(shares)


def test_survival_lines_are_the_table() -> None:
    columns = Columns([f"e{i}" for i in range(4)], [], [])
    for line in lines(Synthetic(900, environments=4)):
        columns.add(line)
    rows = survival(columns, list(range(len(columns.environments))))
    figure = draw_survival(rows, PEN)
    for axes, row in zip(figure.axes, rows, strict=False):
        assert axes.get_title("left") == row.format
        solid = next(line for line in axes.lines if line.get_color() == PEN.colours["later"])
        assert np.asarray(solid.get_xdata()).tolist() == [p.distance for p in row.later]
        assert np.asarray(solid.get_ydata()).tolist() == [100 * p.share for p in row.later]


def test_size_ranges_are_the_table() -> None:
    columns = Columns([], [], [])
    for line in lines(Synthetic(900, environments=4)):
        columns.add(line)
    rows = sizes_by_format(columns)
    drawn = [np.asarray(line.get_xdata()).tolist() for line in draw_sizes(rows, PEN).axes[0].lines]
    expected = [
        part
        for r in rows
        for part in ([r.smallest, r.largest], [r.quarter, r.three_quarters], [r.median])
    ]
    assert drawn == expected


class Table(HTMLParser):
    """The rows of one table of the page, as texts."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.inside, self.rows = wanted, False, list[list[str]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = dict(attrs).get("id") == self.wanted if tag == "table" else self.inside
        if self.inside and tag == "tr":
            self.rows.append([])
        if self.inside and tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "table"

    def handle_data(self, text: str) -> None:
        if self.inside and self.rows and self.rows[-1]:
            self.rows[-1][-1] += text.strip()


def test_the_printed_table_has_the_counts_of_the_cells(run: Path) -> None:
    table = Table("table-outcomes")
    table.feed(page(run))
    found = [json.loads(line) for line in (run / "cells.jsonl").read_text().splitlines()]
    for row in table.rows[1:]:
        for outcome, text in zip(WORST_FIRST, row[2:], strict=True):
            mine = [c for c in found if c["format"] == row[0] and c["outcome"] == outcome.value]
            assert int(text.replace(",", "")) == len(mine)


# ---- what is broken, foreign or absent


def test_a_torn_last_line_is_skipped_and_said(run: Path) -> None:
    with (run / "cells.jsonl").open("a") as out:
        out.write('{"cell": "logreg')
    html = page(run)
    assert "1 line cut off while writing, left out" in html
    assert cells_js(run)["cells"] == 400


def test_a_line_that_is_no_cell_is_skipped_and_said(run: Path) -> None:
    with (run / "cells.jsonl").open("a") as out:
        out.write('[]\n{"cell": 1}\n' + json.dumps(line_with(outcome="splendid")) + "\n")
    html = page(run)
    assert "3 lines not of a cell" in html
    assert cells_js(run)["cells"] == 400


def line_with(**changes: Any) -> Any:
    return {**next(iter(lines(Synthetic(1)))), **changes}


def test_a_shapeless_part_is_seen() -> None:
    assert well_formed(line_with())
    for part in ("methods", "warnings", "error", "artifact", "ms", "model"):
        assert not well_formed({k: v for k, v in line_with().items() if k != part})
    assert not well_formed(line_with(error={"type": "ValueError"}))


def test_a_repeated_cell_counts_once_and_its_last_line_wins(run: Path) -> None:
    first = json.loads((run / "cells.jsonl").read_text().splitlines()[0])
    with (run / "cells.jsonl").open("a") as out:
        out.write(json.dumps({**first, "outcome": "changed"}) + "\n")
    html = page(run)
    assert "1 line of a cell that was there before" in html
    assert cells_js(run)["cells"] == 400


def test_an_environment_that_the_header_lacks_is_shown_as_unknown(run: Path) -> None:
    header = json.loads((run / "run.json").read_text())
    lost = header["environments"].pop()
    (run / "run.json").write_text(json.dumps(header))
    html = page(run)
    assert f"<code>{lost['id']}</code> cells name it, but the run" in html
    assert cells_js(run)["names"]["environment"][-1] == lost["id"]
    assert cells_js(run)["environments"][-1]["known"] is False


def test_another_lock_than_the_headers_is_said(run: Path) -> None:
    lock = next((run / "locks").iterdir())
    lock.write_text(lock.read_text() + "# edited\n")
    assert "its lock is not the one that the run" in page(run)


def test_a_run_without_footer_is_loud(tmp_path: Path) -> None:
    html = page(write_run(tmp_path / "run", Synthetic(120, environments=3, finished=False)))
    assert "<strong>incomplete: 120 of 14,000 cells</strong>" in html


def test_a_run_without_any_cell_or_file(tmp_path: Path) -> None:
    run_dir = write_run(tmp_path / "run", Synthetic(0, environments=3, finished=False))
    (run_dir / "cells.jsonl").unlink()
    html = page(run_dir)
    assert "<strong>incomplete: no cell of 14,000 cells</strong>" in html
    assert html.count("Nothing to draw") == 3
    assert "<svg" not in html


def test_one_environment_has_no_shelf_life(tmp_path: Path) -> None:
    html = page(write_run(tmp_path / "run", Synthetic(50, environments=1)))
    assert "nothing was loaded elsewhere" in html


def test_no_environment_at_all(run: Path) -> None:
    header = json.loads((run / "run.json").read_text())
    header |= {"environments": [], "models": [], "formats": [], "host": {}, "footer": None}
    (run / "run.json").write_text(json.dumps(header))
    (run / "cells.jsonl").write_text("")
    assert "The run names no environment." in page(run)


def test_blank_lines_are_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cells.jsonl"
    path.write_text("\n\n")
    reading = Reading()
    assert list(cell_lines(path, reading)) == []
    assert (reading.torn, reading.foreign) == (0, 0)


# ---- files


def test_what_others_wrote_is_never_markup(tmp_path: Path) -> None:
    run_dir = write_run(tmp_path / "run", Synthetic(600, environments=4, markup=True))
    html = page(run_dir)
    assert "<img" not in html
    assert html.count("</script>") == html.count("<script")
    for script in (tmp_path / "site" / "data").iterdir():
        assert "<" not in script.read_text(encoding="ascii")
    assert MARKUP in cells_js(run_dir)["names"]["model"]


def test_every_cell_has_its_evidence(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "CELLS_PER_CHUNK", 7)
    monkeypatch.setattr(data, "BUFFERED_BYTES", 9_000)
    page(run)
    seen = []
    for path in (run.parent / "site" / "data").glob("evidence-*.js"):
        number, body = re.fullmatch(
            r"shelflifeEvidence\((\d+),(.*)\);\n", path.read_text()
        ).groups()  # type: ignore[union-attr]
        chunk = json.loads(body)
        assert path.name == f"evidence-{number}.js"
        assert len(chunk["rows"]) <= 7
        seen += [int(row) for row in chunk["rows"]]
    assert sorted(seen) == list(range(400))


def test_evidence_of_an_earlier_report_goes(run: Path) -> None:
    page(run)
    stale = run.parent / "site" / "data" / "evidence-9999.js"
    stale.write_text("old")
    page(run)
    assert not stale.exists()


def test_the_same_run_gives_the_same_bytes(run: Path) -> None:
    first = write_site(run, run.parent / "one").parent
    second = write_site(run, run.parent / "two").parent
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert names == sorted(p.relative_to(second) for p in second.rglob("*") if p.is_file())
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_the_page_needs_nobody_and_keeps_its_policy(run: Path) -> None:
    html = page(run)
    inert = html.replace("http://www.w3.org/2000/svg", "").replace(
        "http://www.w3.org/1999/xlink", ""
    )
    assert "http:" not in inert and "https:" not in inert
    assert " style=" not in html and "<style" not in html
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", html))


def test_charts_draw_only_with_the_sites_colours(run: Path) -> None:
    svgs = re.findall(r"<svg.*?</svg>", page(run), flags=re.DOTALL)
    assert len(svgs) == 6
    for svg in svgs:
        assert re.findall(r'(?:fill|stroke)="(#[^"]+)"', svg) == []
        assert "<title" in svg and "<desc" in svg and "<text" in svg


# ---- contrast


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


CSS = (SOURCE / "tokens.css").read_text(encoding="utf-8")
LIGHT = tokens(CSS)
DARK = LIGHT | tokens(CSS[CSS.index("@media screen and (prefers-color-scheme: dark)") :])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_contrast_in_both_themes(theme: dict[str, str]) -> None:
    pairs = [(ink, on) for ink in ("ink", "muted", "link") for on in ("paper", "surface", "sunken")]
    pairs += [("alarm-ink", "alarm-paper"), ("alarm-ink", "paper")]
    pairs += [("later", "paper"), ("earlier", "paper")]
    pairs += [(f"on-{o.value}", f"o-{o.value}") for o in Outcome if o.is_result]
    poor = [(a, b) for a, b in pairs if contrast(theme[a], theme[b]) < 4.5]
    assert poor == []
