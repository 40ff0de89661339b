"""What is said of one estimator: against its cells, one by one."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.findings.gather import gather
from harness.records import OK_OUTCOMES, Outcome
from harness.report.columns import OUTCOMES
from harness.site import badges, estimators, lived, strips
from harness.site.book import Book
from harness.site.cells import NOTHING
from harness.site.estimator import Estimator
from harness.store import Run
from tests.synthetic import Synthetic, lines, write_run
from tests.unit import sites

SPEC = Synthetic(980, environments=7)
OK = {o.value for o in OK_OUTCOMES}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Estimator:
    part = sites.part(write_run(tmp_path_factory.mktemp("run") / "run", SPEC))
    return Estimator(Book(part), 0)


def own(one: Estimator) -> dict[str, dict[str, str]]:
    return {line["cell"]: line for line in lines(SPEC) if line["model"] == one.id}


class Cells(HTMLParser):
    """The columns that the cells of a row take, and the outcome of each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.outcomes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            found = dict(attrs)
            width = int(found.get("colspan") or 1)
            self.outcomes += [found.get("data-outcome") or ""] * width


@given(st.lists(st.integers(0, NOTHING), min_size=1, max_size=12), st.data())
def test_a_strip_tells_the_row_again(codes: list[int], data: st.DataObject) -> None:
    control = data.draw(st.integers(0, len(codes) - 1))
    html = strips.strip(codes, control)
    expected = ["" if code == NOTHING else OUTCOMES[code].value for code in codes]
    assert Cells(html).outcomes == expected
    assert html.count('class="control"') == (codes[control] != NOTHING)
    for outcome in {name for name in expected if name}:
        assert f" {outcome}" in re.sub("<[^>]+>", "", html)  # in words, for who cannot see it


def test_counts_are_those_of_the_cells_loaded_elsewhere(one: Estimator) -> None:
    abroad = [c for c in own(one).values() if c["producer"] != c["consumer"]]
    assert one.counts == Counter(Outcome(c["outcome"]) for c in abroad)
    assert len(one) == len(own(one))
    assert one.right == sum(c["outcome"] in OK for c in abroad)
    assert one.otherwise == sum(c["outcome"] in ("drift", "changed") for c in abroad)


def test_the_root_causes_are_worst_first_and_cover_every_failure(one: Estimator) -> None:
    hits = one.hits
    assert [hit.rank for hit in hits] == sorted(hit.rank for hit in hits)
    silent = [bool(hit.silent) for hit in hits]
    assert silent == sorted(silent, reverse=True)
    cells = own(one)
    failing = [
        c for c in cells.values()
        if c["producer"] != c["consumer"] and c["outcome"] not in
        OK | {"unsupported", "dump-error", "invalid", "notrun"}
    ]  # fmt: skip
    assert sum(hit.count for hit in hits) == len(failing)
    for hit in hits:
        assert cells[hit.example]["outcome"] == hit.worst.value


def test_what_helps_is_shown_by_a_cell_that_answers_in_the_same_pair(one: Estimator) -> None:
    cells, helps = own(one), [(hit, help) for hit in one.hits for help in hit.helps]
    assert helps
    for hit, help in helps:
        shown = cells[help.cell]
        assert shown["outcome"] in OK and shown["format"] == help.format
        assert help.helps <= help.of <= hit.count


def test_formats_share_a_grid_only_where_every_pair_is_the_same(one: Estimator) -> None:
    assert sorted(f for grid in one.grids for f in grid.formats) == sorted(one.formats)
    cells = own(one)
    for grid in one.grids:
        rows = {
            format: [c["outcome"] for c in cells.values() if c["format"] == format]
            for format in grid.formats
        }
        assert len({tuple(row) for row in rows.values()}) == 1
    assert [g.right for g in one.grids] == sorted((g.right for g in one.grids), reverse=True)


def test_the_page_says_what_the_cells_say(one: Estimator) -> None:
    said = estimators.answer(one)
    assert f"{one.otherwise} cells answer otherwise" in said
    assert f"{one.right} of " in said
    assert estimators.title(one) == (
        "Does a saved logreg.binary (a fitted logreg.binary) load in another scikit-learn?"
    )


def test_a_badge_tells_the_median_and_says_when_it_is_not_known(one: Estimator) -> None:
    assert "not known" in badges.badge("", [])
    some = [life for life in one.lives if life.format == "pickle-5"]
    assert lived.median(some) in badges.badge("pickle-5", some).replace("&gt;", ">")
    assert badges.main_format(one.formats, one.lives) == "pickle-5"


def test_words_on_shelf_life_name_the_soonest_death(one: Estimator) -> None:
    some = [x for x in one.lives if x.format == "pickle-4" and x.direction == "upgrade"]
    died = [life for life in some if life.died]
    said = lived.words(some, "upgrade")
    if died:
        soonest = min(life.releases for life in died)
        assert said.startswith(f"{len(died)} of {len(some)} ")
        assert f"{lived.releases(soonest)} later" in said
    else:
        assert said.startswith("None of ")


def test_an_outcome_without_a_result_is_never_good() -> None:
    html = strips.strip([OUTCOMES.index(Outcome.NOTRUN), NOTHING, 0], 2)
    assert Cells(html).outcomes == ["notrun", "", "identical"]
    assert np.array_equal(strips.NOTHING, len(OUTCOMES))


def test_findings_are_the_same_whoever_counts(tmp_path: Path) -> None:
    run = Run(write_run(tmp_path / "run", Synthetic(400, environments=5)))
    alone = gather(run, (), ())
    shared = sites.part(run.folder).findings
    assert shared.lives == alone.lives
    assert shared.worth.tables == alone.worth.tables
    assert shared.counts == alone.counts
    assert [d.cause.id for d in shared.silent] == [d.cause.id for d in alone.silent]
