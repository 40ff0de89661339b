"""The page that ranks formats: it answers as the command does, by keyboard, at any width."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from harness import project
from harness.advise import (
    Advisor,
    Beside,
    Question,
    Shelf,
    as_json,
    questions,
    read_rules,
    shelf,
    subjects_of,
)  # fmt: skip
from harness.advise.links import links
from harness.measure.results import Results
from harness.report.site import write_assets
from harness.site import choose
from harness.site.gather import Kept, Site
from tests import synthetic
from tests.synthetic import Synthetic
from tests.unit import measured

READY = "html[data-ready]"
MADE = "2026-11-22T10:00:00+00:00"
RULES = read_rules()


@dataclasses.dataclass(frozen=True)
class Sketch:
    """A matrix of the site without its report, which takes longest to write."""

    shelf: Shelf
    columns: range

    @property
    def header(self) -> Any:
        return self.shelf.header


def made(folder: Path, spec: Synthetic) -> tuple[Site, Path]:
    """The pages of invented cells, with measurements of two of their models, and their folder."""
    facts = json.loads((project.ROOT / "docs/formats/facts.json").read_text(encoding="utf-8"))
    one = shelf("synthetic", synthetic.header(spec), synthetic.lines(spec))
    sizes = {"logreg.binary": 4 << 20, "forest.binary": 4000}
    found = {"m": Results(measured.run(sizes, 20, measured.FEW[:4]))}
    parts: Any = [Sketch(one, range(spec.cells))]
    site = Site(parts, found, Kept((), (), {}, facts, ()), MADE)
    write_assets(folder)
    choose.write(site, folder)
    return site, folder


@pytest.fixture(scope="session")
def chosen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Path]:
    return made(tmp_path_factory.mktemp("choose"), Synthetic(8_640, environments=12))


@pytest.fixture(scope="session")
def address(chosen: tuple[Site, Path]) -> str:
    return (chosen[1] / choose.FILE).as_uri()


@pytest.fixture(scope="session")
def advisors(chosen: tuple[Site, Path]) -> Mapping[str, Advisor]:
    site = chosen[0]
    shelves = [part.shelf for part in site.parts]
    formats = {fmt["id"] for part in site.parts for fmt in part.header["formats"]}
    beside = Beside(site.kept.facts, list(site.measured.values()), formats, RULES)
    every = subjects_of(part.header for part in site.parts).items()
    return {name: Advisor(subject, shelves, beside) for name, subject in every}


def asked(seed: int, names: list[str], count: int) -> list[dict[str, str]]:
    chance = random.Random(seed)
    every = [question for _, question in questions(RULES)]
    return [
        {"of": chance.choice(names), **dataclasses.asdict(chance.choice(every))}
        for _ in range(count)
    ]


def test_the_page_answers_as_the_command_does(
    page: Page, address: str, advisors: Mapping[str, Advisor]
) -> None:
    some = asked(20261122, sorted(advisors), 300)
    page.goto(address)
    page.wait_for_selector(READY)
    said = page.evaluate("(some) => Promise.all(some.map(shelflifeAnswer))", some)
    levels = set()
    for question, answer in zip(some, said, strict=True):
        name = question["of"]
        parts = {key: value for key, value in question.items() if key != "of"}
        expected = as_json(advisors[name].answer(Question(**parts)))
        for rows in ([r for one in answer["ranked"] for r in one["rows"]],
                     answer["unknown"], answer["excluded"]):  # fmt: skip
            for row in rows:
                assert row.pop("cells")
        assert answer == expected, question
        levels |= {level for one in answer["ranked"] for level in one["levels"]}
    assert len(levels) >= 2  # the questions reach several levels


def test_every_subject_of_the_matrix_is_offered(
    page: Page, address: str, advisors: Mapping[str, Advisor]
) -> None:
    page.goto(address)
    page.wait_for_selector(READY)
    offered = page.locator("select[name=of] option").evaluate_all("all => all.map(o => o.value)")
    assert sorted(offered) == sorted(advisors)


def test_the_whole_question_is_in_the_address(page: Page, address: str) -> None:
    page.goto(f"{address}#of=forest&file=untrusted&apart=two-years&first=size")
    page.wait_for_selector(READY)
    assert page.locator("select[name=of]").input_value() == "forest"
    assert page.get_by_label("anybody").is_checked()
    assert page.get_by_label("the smallest file").is_checked()
    assert page.locator("#excluded").inner_text().count("executed code") >= 1
    headline = page.locator("#headline").inner_text()
    page.get_by_label("people that I trust").check(force=True)
    page.wait_for_function(
        "(was) => document.querySelector('#headline').innerText !== was", arg=headline
    )
    assert "file" not in page.evaluate("location.hash")
    page.go_back()
    page.wait_for_function(
        "(was) => document.querySelector('#headline').innerText === was", arg=headline
    )


def test_the_question_is_asked_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(READY)
    page.locator("select[name=of]").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "apart"
    page.keyboard.press("ArrowRight")
    page.wait_for_function("location.hash.includes('apart=two-years')")
    page.wait_for_function("document.querySelector('#notices').innerText.includes('24 months')")
    assert page.evaluate("document.activeElement.value") == "two-years"


def test_a_tie_stands_in_one_box_with_one_rank(page: Page, address: str) -> None:
    page.goto(f"{address}#of=logreg&apart=same")
    page.wait_for_selector(READY)
    ranks = page.locator("#ranked > .rank")
    numbers = [int(text) for text in ranks.locator(".place strong").all_inner_texts()]
    sizes = [ranks.nth(n).locator(".pick").count() for n in range(ranks.count())]
    assert max(sizes) > 1
    for number, size, following in zip(numbers, sizes, numbers[1:], strict=False):
        assert following <= number + size or following > number
    tied = ranks.nth(sizes.index(max(sizes)))
    assert f"a tie of {max(sizes)}" in tied.locator(".place").inner_text()


def test_a_link_to_cells_shows_as_many_as_it_says(page: Page, site: str) -> None:
    """The session's report is of the first cells of the same invention."""
    spec = Synthetic(3_000, environments=8)
    one = shelf("synthetic", synthetic.header(spec), synthetic.lines(spec))
    subject = subjects_of([one.header])["hgb"]
    found = Advisor(subject, [one], Beside({}, (), ()))
    some = [link for dossier in found.dossiers for link in links("otherwise", dossier)]
    assert len(some) > 2
    for words, href in some:
        file, _, fragment = href.partition("#")
        assert file == "m/synthetic/index.html"
        page.goto(f"{site}#{fragment}")
        page.wait_for_selector(READY)
        assert page.locator("#status").inner_text().split(" of ")[0] == words.split()[1], href
        page.goto("about:blank")


def test_without_scripts_the_first_question_is_answered(
    browser: Browser, address: str, page: Page
) -> None:
    page.goto(address)
    page.wait_for_selector(READY)
    said = page.locator("#headline").inner_text()
    ranked = page.locator("#ranked h4").all_inner_texts()
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(address)
    assert bare.locator("#headline").inner_text() == said
    assert bare.locator("#ranked h4").all_inner_texts() == ranked
    assert bare.get_by_text("Without scripts this page answers one question").is_visible()
    assert not bare.locator("#question").is_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_axe_finds_nothing(browser: Browser, address: str, scheme: str, width: int) -> None:
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}#of=svc&file=untrusted&apart=two-years")
    page.wait_for_selector(READY)
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()


def test_markup_in_names_is_text(page: Page, tmp_path: Path) -> None:
    _, out = made(tmp_path, Synthetic(1_500, environments=4, markup=True, finished=False))
    page.goto((out / choose.FILE).as_uri())
    page.wait_for_selector(READY)
    assert page.locator("#answer img").count() == 0
    assert page.title() == "Which format? – shelflife"


@pytest.mark.parametrize(
    "spec", [Synthetic(0, environments=3, finished=False), Synthetic(60, environments=1)]
)
def test_a_site_with_little_says_so(page: Page, tmp_path: Path, spec: Synthetic) -> None:
    _, out = made(tmp_path, spec)
    page.goto((out / choose.FILE).as_uri())
    text: Any = page.locator("main").inner_text()
    if spec.cells:
        page.wait_for_selector(READY)
        assert "No format can be recommended" in page.locator("#headline").inner_text()
    else:
        assert "There is nothing to advise from" in text
