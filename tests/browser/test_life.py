"""The page of shelf lives, as a reader meets it: whole, and legible at any width."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

OPEN = "document.querySelectorAll('details').forEach((d) => (d.open = true))"


@pytest.fixture(scope="session")
def life(site: str) -> str:
    return site.replace("index.html", "life.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_axe_finds_nothing_in_the_lives(
    browser: Browser, life: str, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(life)
    page.evaluate(OPEN)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    context.close()


@pytest.mark.parametrize("width", [360, 900, 1400])
def test_no_width_scrolls_the_lives_sideways(page: Page, life: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(life)
    page.evaluate(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_one_of_each_pair_of_charts_is_shown(page: Page, life: str) -> None:
    for width, shown in ((1400, "wide"), (360, "narrow")):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(life)
        for chart in ("life-releases", "life-months", "worth"):
            figures = page.locator(f"#chart-{chart} svg")
            assert figures.count() == 2
            seen = [figure.is_visible() for figure in figures.all()]
            assert seen == [shown == "wide", shown == "narrow"]


def test_the_pages_lead_to_each_other(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("link", name="Shelf life", exact=True).first.click()
    assert page.locator("h1").inner_text() == "Shelf life"
    page.get_by_role("link", name="Cells", exact=True).click()
    page.wait_for_selector("html[data-ready]")


def test_one_that_came_back_leads_to_the_cell_it_died_in(page: Page, life: str) -> None:
    page.goto(life)
    page.evaluate(OPEN)
    page.locator(".cells-named a").first.click()
    page.wait_for_selector("#panel[data-ready]")
    assert "cell=" in page.evaluate("location.hash")
