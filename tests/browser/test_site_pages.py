"""The whole site as a reader meets it: every page, both themes, a phone, a keyboard, paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests import whole
from tests.synthetic import Synthetic, write_run

OPEN = "document.querySelectorAll('details').forEach((d) => (d.open = true))"
BUDGET = 150_000  # bytes of all scripts and styles
READY = "html[data-ready]"


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site of two matrices, one of them unfinished and with markup for names."""
    folder = tmp_path_factory.mktemp("whole")
    runs = [
        write_run(folder / "first", Synthetic(1_200, environments=4)),
        write_run(folder / "second", Synthetic(400, environments=3, markup=True, finished=False)),
    ]
    return whole.write(folder, runs, whole.some(), whole.MEASURED).parent


def own_pages(site: Path) -> list[Path]:
    """The site's pages without the reports of its matrices; one of those that are alike."""
    folders = [path for path in site.iterdir() if path.is_dir() and path.name != "m"]
    alike = [found for folder in folders for found in sorted(folder.glob("*.html"))[:1]]
    return [*sorted(site.glob("*.html")), *alike]


@pytest.fixture
def opened(page: Page, whole_site: Path) -> Iterator[Page]:
    """A page that may ask for nothing outside the site."""
    asked: list[str] = []

    def note(request: Request) -> None:
        inside = request.url.startswith((whole_site.as_uri(), "data:"))
        asked.extend([] if inside else [request.url])

    page.on("request", note)
    yield page
    assert asked == []


def test_every_page_opens_without_a_word_and_asks_nobody(opened: Page, whole_site: Path) -> None:
    for path in sorted(whole_site.rglob("*.html")):
        opened.goto(path.as_uri())
        opened.evaluate(OPEN)
        assert opened.locator("h1").count() == 1, path
        assert opened.locator("main").count() == 1, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, whole_site: Path, scheme: str) -> None:
    size = {"width": 1000, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    found = []
    for path in own_pages(whole_site):
        page.goto(path.as_uri())
        page.evaluate(OPEN)
        results = Axe().run(page)
        found += [f"{path.name}: {results.generate_report()}"] if results.violations_count else []
    context.close()
    assert not found, "\n".join(found)


def test_a_phone_needs_no_scrolling_to_the_side(page: Page, whole_site: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    for path in own_pages(whole_site):
        page.goto(path.as_uri())
        page.evaluate(OPEN)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path.name


def test_every_drawing_says_what_it_shows(page: Page, whole_site: Path) -> None:
    silent = """[...document.querySelectorAll('svg')].filter((svg) => {
      if (svg.getAttribute('aria-hidden') === 'true') return false;
      const ids = (svg.getAttribute('aria-labelledby') ?? '').split(' ');
      const said = ids.map((id) => document.getElementById(id)?.textContent);
      return !said.length || said.some((text) => !text);
    }).length"""
    for path in own_pages(whole_site):
        page.goto(path.as_uri())
        assert page.evaluate(silent) == 0, path.name
        charts = page.locator("figure.chart").count()
        assert page.locator("figure.chart ~ details table").count() >= charts, path.name


class Links(HTMLParser):
    """The addresses and the ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []  # type: ignore[list-item]
        for key in ("href", "src"):
            self.links += [given[key]] if given.get(key) else []  # type: ignore[list-item]


def test_every_link_leads_somewhere(whole_site: Path) -> None:
    read = {path: Links(path.read_text()) for path in whole_site.rglob("*.html")}
    for path, found in read.items():
        assert len(found.ids) == len(set(found.ids)), path
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), f"{path.relative_to(whole_site)} -> {link}"
            place = unquote(parts.fragment)
            if place.startswith("/"):  # a JSON pointer
                value = json.loads(target.read_text())
                for key in place[1:].split("/"):
                    value = value[key.replace("~1", "/").replace("~0", "~")]
            elif place and "=" not in place:
                assert place in read[target].ids, f"{path.relative_to(whole_site)} -> {link}"


def test_scripts_and_styles_stay_small(whole_site: Path) -> None:
    assert sum(path.stat().st_size for path in (whole_site / "assets").iterdir()) < BUDGET


@pytest.mark.parametrize("name", ["findings", "safety", "cost"])
def test_the_keyboard_reaches_everything(page: Page, whole_site: Path, name: str) -> None:
    page.goto((whole_site / f"{name}.html").as_uri())
    page.wait_for_selector(READY)
    kinds = "a[href], button, input, select, summary, [tabindex='0']"
    count = f"""() => [...document.querySelectorAll("{kinds}")]
      .filter((e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0).length"""
    wanted = page.evaluate(count)
    page.evaluate("""() => { globalThis.seen = new Set();
      addEventListener('focusin', ({ target }) => target !== document.body && seen.add(target));
    }""")
    for _ in range(wanted + 2):
        page.keyboard.press("Tab")
    assert page.evaluate("seen.size") >= wanted


def test_paper_shows_the_content_and_not_the_controls(page: Page, whole_site: Path) -> None:
    page.emulate_media(media="print")
    page.goto((whole_site / "findings.html").as_uri())
    assert not page.locator(".pages").is_visible() and not page.locator("#sieve").is_visible()
    assert page.locator(".finding").first.is_visible()


def test_without_scripts_all_is_there_that_needs_none(browser: Browser, whole_site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name, what in (
        ("index", "#answer"), ("findings", ".finding"), ("grid", ".mini"), ("cost", ".figures"),
        ("safety", ".mark"), ("claims", ".claim"), ("method", "#alarms"),
    ):  # fmt: skip
        page.goto((whole_site / f"{name}.html").as_uri())
        assert page.locator(what).first.is_visible(), name
        assert page.locator("#sieve:visible, .baseline:visible").count() == 0, name
    context.close()


# ---- what can be asked


def test_a_filter_stands_in_the_address_and_back(page: Page, whole_site: Path) -> None:
    page.goto((whole_site / "findings.html").as_uri())
    all_of = page.locator(".finding:visible").count()
    page.select_option('#sieve [name="group"]', "silent")
    few = page.locator(".finding:visible").count()
    assert 0 < few < all_of and page.evaluate("location.hash") == "#group=silent"
    page.fill('#sieve [name="q"]', "no such thing")
    assert page.locator(".finding:visible").count() == 0
    expect(page.locator("#sieve-status")).to_have_text(f"0 of {all_of} on this page")
    page.goto("about:blank")
    page.goto((whole_site / "findings.html").as_uri() + "#group=silent")
    assert page.locator(".finding:visible").count() == few


def test_a_permalink_opens_its_finding(page: Page, whole_site: Path) -> None:
    page.goto((whole_site / "findings.html").as_uri())
    anchor = page.locator(".finding").last.get_attribute("id")
    page.goto("about:blank")
    page.goto((whole_site / "findings.html").as_uri() + f"#{anchor}")
    assert page.locator(".finding").last.locator("details").get_attribute("open") is not None
    expect(page.locator(".finding").last).to_be_in_viewport()


def test_a_finding_leads_to_exactly_its_cells(page: Page, whole_site: Path) -> None:
    page.goto((whole_site / "findings.html").as_uri())
    link = page.locator(".finding .places a", has_text="of this cause").first
    said = int(re.sub(r"\D", "", link.inner_text()))
    name = page.locator(".finding").first.locator("h3").inner_text()
    link.click()
    page.wait_for_selector(READY)
    expect(page.locator("#status")).to_contain_text(re.compile(rf"^{said:,} of "))
    page.locator("#cause a").click()
    assert page.locator(".finding:target h3").inner_text() == name


def test_a_cell_shows_its_cause_its_locks_and_its_way_home(page: Page, whole_site: Path) -> None:
    page.goto((whole_site / "findings.html").as_uri())
    page.locator(".finding .places a", has_text="one cell").first.click()
    panel = page.locator("#panel[data-ready]")
    panel.wait_for()
    text = panel.inner_text()
    for part in ("Root cause", "Locks: what differs", "Request and response", "Run it again"):
        assert part in text
    panel.locator("summary", has_text="What came back").click()
    assert '"outcome":' in panel.inner_text()
    page.get_by_role("button", name="Close", exact=True).click()
    crumbs = page.get_by_role("navigation", name="Where this is")
    crumbs.get_by_role("link", name="Grid").click()
    assert page.locator("h1").inner_text() == "Grid"


def test_another_baseline_turns_the_ratios(page: Page, whole_site: Path) -> None:
    page.goto((whole_site / "cost.html").as_uri())
    table = page.locator("article.costs").first
    size = table.locator('tr[data-arm="skops"] [data-measure="size"] .against')
    before = float(size.inner_text().partition("×")[0])
    table.locator("select").select_option("skops")
    expect(size).to_have_text("baseline")
    other = table.locator('tr[data-arm="pickle-5"] [data-measure="size"] .against')
    assert float(other.inner_text().partition("×")[0]) == pytest.approx(1 / before, rel=0.01)


def test_a_table_sorts_by_what_is_chosen(page: Page, whole_site: Path) -> None:
    page.goto((whole_site / "claims.html").as_uri())
    page.locator("table[data-sort] thead button").first.click()
    numbers = page.locator("table[data-sort] tbody td.number").all_inner_texts()
    assert numbers == sorted(numbers, key=int)
    page.locator("table[data-sort] thead button").first.click()
    again = page.locator("table[data-sort] tbody td.number").all_inner_texts()
    assert again == numbers[::-1]


def test_markup_in_names_stays_text(context: BrowserContext, whole_site: Path) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    for path in own_pages(whole_site):
        page.goto(path.as_uri())
        assert page.locator('img[src="x"]').count() == 0, path.name
    assert said == []
