"""What a reader can do with the site: see, filter, follow, go back, and be told the truth."""

from __future__ import annotations

import math
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Request, expect

from harness.report import write_site
from tests.synthetic import MARKUP, Synthetic, lines, write_run
from tests.synthetic_facts import LACKING, REFUTED, WRAPPED, write_facts

READY = "html[data-ready]"


def open_at(page: Page, site: str, address: str = "") -> None:
    page.goto("about:blank")
    page.goto(site + address)
    page.wait_for_selector(READY)


def status(page: Page) -> str:
    return page.locator("#status").inner_text()


def chip(page: Page, outcome: str) -> str:
    """The number on an outcome's button."""
    return page.locator(f'.chip:has([data-outcome="{outcome}"]) .quiet').inner_text()


def cells(outcome: str) -> list[str]:
    """Ids of the cells of the common synthetic site that have an outcome."""
    spec = Synthetic(3_000, environments=8)
    return [line["cell"] for line in lines(spec) if line["outcome"] == outcome]


# ---- filters, address, list


def test_a_filter_alters_list_grid_and_address(page: Page, site: str) -> None:
    open_at(page, site)
    assert status(page) == "3,000 cells"
    before = page.locator(".square").nth(2).get_attribute("aria-label")
    page.select_option('select[name="format"]', "skops")
    page.wait_for_function("location.hash === '#format=skops'")
    expected = sum("/skops/" in line["cell"] for line in lines(Synthetic(3_000, environments=8)))
    assert status(page) == f"{expected:,} of 3,000 cells"
    assert page.locator(".square").nth(2).get_attribute("aria-label") != before
    assert {"skops"} == set(page.locator(".line:visible .format").all_inner_texts())


def test_outcomes_add_up_and_filter(page: Page, site: str) -> None:
    open_at(page, site)
    for outcome in ("drift", "load-error", "notrun"):
        assert chip(page, outcome) == f"{len(cells(outcome)):,}"
    page.locator(".chip", has_text="drift").click()
    page.locator(".chip", has_text="load-error").click()
    expect(page.locator("#status")).to_have_text(
        f"{len(cells('drift')) + len(cells('load-error')):,} of 3,000 cells"
    )
    assert page.evaluate("location.hash") == "#outcome=drift,load-error"
    assert page.locator(".line:visible .outcome").first.inner_text().endswith("drift")


def test_text_finds_parts_of_ids_and_errors(page: Page, site: str) -> None:
    open_at(page, site)
    page.fill('input[name="q"]', "ModuleNotFoundError")
    page.wait_for_function("location.hash.includes('q=')")
    found = page.locator(".line:visible .what").all_inner_texts()
    assert found and all("ModuleNotFoundError" in text for text in found)
    wanted = cells("drift")[0]
    page.fill('input[name="q"]', wanted)
    expect(page.locator("#status")).to_have_text("1 of 3,000 cells")
    page.fill('input[name="q"]', "no such thing anywhere")
    expect(page.locator(".nothing:visible")).to_have_text("No cell matches these filters.")


def test_a_term_with_slashes_is_found_wherever_it_is_in_an_id(page: Page, site: str) -> None:
    open_at(page, site)
    model, format, producer, consumer = cells("drift")[0].split("/")
    terms = [
        f"{model}/{format}",
        f"{model[2:].upper()}/{format}/{producer[:3]}",
        f"{format}/",
        f"/{consumer}",
        f"{producer[-2:]}/{consumer[:4]}",
        f"{model}/{format}/{producer}/{consumer}/",
    ]
    ids = [line["cell"] for line in lines(Synthetic(3_000, environments=8))]
    wanted = [sum(term.lower() in id.lower() for id in ids) for term in terms]
    assert all(wanted[:-1]) and not wanted[-1]
    found = page.evaluate(
        "terms => terms.map(q => Shelflife.select(Shelflife.page.data,"
        " {...Shelflife.readAddress(''), q}, Shelflife.page.order('')).rows.length)",
        terms,
    )
    assert found == wanted


def test_sizes_are_sorted_by_number_and_what_has_none_comes_last(page: Page, site: str) -> None:
    open_at(page, site)
    for key, reverse in (("bytes", False), ("-bytes", True), ("-difference", True)):
        column = key.lstrip("-")
        found = page.evaluate(
            "([key, column]) => [...Shelflife.page.order(key)].map("
            "row => String(Shelflife.page.data.columns[column][row]))",
            [key, column],
        )
        numbers = [float(value) for value in found]
        there = [value for value in numbers if not math.isnan(value)]
        assert there == sorted(there, reverse=reverse) and there
        assert all(map(math.isnan, numbers[len(there) :]))


def test_back_and_forward_restore_the_filters(page: Page, site: str) -> None:
    open_at(page, site)
    page.select_option('select[name="format"]', "skops")
    expect(page.locator("#status")).to_contain_text("of 3,000")
    page.locator(".chip", has_text="notrun").click()
    expect(page.locator('.chip[aria-pressed="true"]')).to_have_count(1)
    page.go_back()
    expect(page.locator('.chip[aria-pressed="true"]')).to_have_count(0)
    assert page.locator('select[name="format"]').input_value() == "skops"
    page.go_back()
    expect(page.locator("#status")).to_have_text("3,000 cells")
    page.go_forward()
    assert page.locator('select[name="format"]').input_value() == "skops"


def test_a_permalink_opens_what_it_names(page: Page, site: str) -> None:
    open_at(page, site, "#format=skops&outcome=notrun&sort=-bytes&q=logreg")
    assert page.locator('select[name="format"]').input_value() == "skops"
    assert page.locator('input[name="q"]').input_value() == "logreg"
    assert page.locator('[data-column="bytes"]').get_attribute("aria-sort") == "descending"


def test_a_filter_that_the_run_does_not_know_is_shown_and_finds_nothing(
    page: Page, site: str
) -> None:
    open_at(page, site, "#model=gone.model")
    assert status(page) == "0 of 3,000 cells"
    assert "not in this run" in page.locator('select[name="model"]').inner_text()
    page.click("#clear")
    expect(page.locator("#status")).to_have_text("3,000 cells")


def test_a_square_chooses_its_pair_and_lets_go(page: Page, site: str) -> None:
    open_at(page, site)
    square = page.locator(".square").nth(3)
    square.click()
    page.wait_for_function("location.hash.includes('producer=')")
    names = re.search(r"saved in (\S+), loaded in (\S+):", square.get_attribute("aria-label") or "")
    assert names is not None
    assert set(page.locator(".line:visible .pair").all_inner_texts()) == {
        " → ".join(names.groups())
    }
    square.click()
    expect(page.locator("#status")).to_have_text("3,000 cells")


def test_absence_is_hatched_and_controls_are_ringed(page: Page, site: str) -> None:
    open_at(page, site)
    assert page.locator(".control").count() == 8
    absent = page.locator('.square[data-group="absent"]')
    assert absent.count() == 15, "a row and a column of the environment that could not be used"
    assert "gradient" in absent.first.evaluate("e => getComputedStyle(e).backgroundImage")
    assert "var(--o-identical)" not in (absent.first.locator(".bar").get_attribute("style") or "")


def test_the_list_sorts_and_holds_few_rows(page: Page, site: str) -> None:
    open_at(page, site)
    assert page.locator(".line").count() < 60
    page.locator('[data-column="bytes"] button').click()
    page.wait_for_function("location.hash === '#sort=-bytes'")
    page.evaluate("new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)))")
    largest = page.locator(".line:visible .bytes").first.inner_text()
    page.locator('[data-column="bytes"] button').click()
    page.wait_for_function("location.hash === '#sort=bytes'")
    expect(page.locator(".line:visible .bytes").first).not_to_have_text(largest)
    assert page.evaluate("document.querySelector('.cells').getAttribute('aria-rowcount')") == "3001"


def test_the_list_answers_the_keyboard(page: Page, site: str) -> None:
    open_at(page, site)
    page.focus(".cells")
    for key in ("ArrowDown", "ArrowDown", "PageDown", "ArrowUp"):
        page.keyboard.press(key)
    active = page.get_attribute(".cells", "aria-activedescendant")
    expect(page.locator(f"#{active}")).to_be_in_viewport()
    page.keyboard.press("End")
    assert page.get_attribute(".cells", "aria-activedescendant") == "line-2999"
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert page.evaluate("document.activeElement.className") == "cells"
    assert page.evaluate("location.hash") == ""


def test_the_grid_answers_the_keyboard(page: Page, site: str) -> None:
    open_at(page, site)
    page.locator(".square").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.at") == "1,1"
    assert page.locator('.square[tabindex="0"]').count() == 1
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash.includes('consumer=')")


# ---- the panel


def test_the_panel_has_the_evidence_of_its_cell(page: Page, site: str) -> None:
    spec = Synthetic(3_000, environments=8)
    line = next(cell for cell in lines(spec) if cell["outcome"] == "load-error")
    open_at(page, site, f"#cell={line['cell']}")
    page.wait_for_selector("#panel[data-ready]")
    panel = page.locator("#panel").inner_text()
    for text in (
        line["error"]["message"],
        line["artifact"]["sha256"],
        "InconsistentVersionWarning",
    ):
        assert text in panel
    assert f"{line['artifact']['bytes']:,} bytes" in panel
    assert line["error"]["traceback"].strip() in panel
    assert f"shelflife run synthetic --select '{line['cell']}' --fresh" in panel
    assert f"shelflife show '{line['cell']}'" in panel
    assert f"python -m tox exec -e {line['consumer']} -- python" in panel
    assert page.locator("#panel table", has_text="scikit-learn").count() == 1


def test_the_panel_shows_methods_and_the_tolerance(page: Page, site: str) -> None:
    spec = Synthetic(3_000, environments=8)
    line = next(cell for cell in lines(spec) if cell["outcome"] == "changed")
    open_at(page, site, f"#cell={line['cell']}")
    row = page.locator("#panel tr", has_text="dtype int64, was int32")
    expect(row).to_contain_text("changed")
    expect(row).to_contain_text("not finite")
    expect(row).to_contain_text(str(line["methods"]["predict"]["changed"]))
    expect(page.locator("#panel")).to_contain_text("Tolerance")


def test_the_panel_steps_through_the_list_and_links_to_its_control(page: Page, site: str) -> None:
    first, second = cells("drift")[0], None
    open_at(page, site, f"#outcome=drift&cell={first}")
    page.get_by_role("button", name="Next →").click()
    page.wait_for_function("id => document.querySelector('#panel').dataset.ready !== id", arg=first)
    second = page.locator("#panel-title").inner_text()
    assert second in cells("drift") and second != first
    page.get_by_role("link", name="Its control").click()
    page.wait_for_function(
        "id => document.querySelector('#panel-title').textContent !== id", arg=second
    )
    parts = page.locator("#panel-title").inner_text().split("/")
    assert parts[2] == parts[3] == second.split("/")[2]


def test_a_cell_that_is_not_there_is_said(page: Page, site: str) -> None:
    open_at(page, site, "#cell=a/b/c/d")
    expect(page.locator("#panel")).to_contain_text("This run has no cell a/b/c/d")


def test_lost_evidence_is_said(page: Page, site: str) -> None:
    page.route("**/evidence-*.js", lambda route: route.fulfill(body="", status=200))
    page.add_init_script("window.addEventListener('error', (e) => e.preventDefault(), true)")
    open_at(page, site, f"#cell={cells('drift')[0]}")
    expect(page.locator("#panel .alarm")).to_contain_text("could not be loaded")


def test_the_links_can_be_copied(page: Page, site: str) -> None:
    open_at(page, site, "#format=skops")
    page.click("#copy")
    expect(page.locator("#copy")).to_have_text(re.compile("Copied|Copying failed"))


# ---- honesty


def test_an_incomplete_run_is_loud(page: Page, hostile_site: str) -> None:
    open_at(page, hostile_site)
    expect(page.locator("#completeness")).to_contain_text("incomplete: 2,000 of 14,000 cells")
    expect(page.locator("#completeness")).to_be_in_viewport()


def test_a_run_without_cells_opens(page: Page, empty_site: str) -> None:
    open_at(page, empty_site)
    expect(page.locator("#answer")).to_have_text("No cell has been run, so there is no answer yet.")
    expect(page.locator("#list .nothing")).to_have_text("This run has no cell.")
    assert set(page.locator(".square").all_inner_texts()) == {"·"}


def test_one_environment_opens(page: Page, lonely_site: str) -> None:
    open_at(page, lonely_site)
    assert page.locator(".square").count() == 1
    expect(page.locator("#problems")).to_contain_text("nothing was loaded elsewhere")


def test_markup_in_names_stays_text(page: Page, hostile_site: str) -> None:
    spec = Synthetic(2_000, environments=5, markup=True, finished=False)
    line = next(c for c in lines(spec) if c["model"] == MARKUP and c["outcome"] == "load-error")
    open_at(page, hostile_site)
    assert page.title().startswith(MARKUP)
    page.select_option('select[name="model"]', MARKUP)
    page.wait_for_function("location.hash.includes('model=')")
    page.locator(".line:visible a", has_text="onerror").first.click()
    page.wait_for_selector("#panel[data-ready]")
    assert f"#model={MARKUP}" in unquote(page.evaluate("location.hash"))
    page.evaluate("id => { location.hash = 'cell=' + encodeURIComponent(id); }", line["cell"])
    expect(page.locator("#panel-title")).to_have_text(line["cell"])
    expect(page.locator("#panel")).to_contain_text("</script><img src=x onerror=alert(1)>")
    assert page.locator("img, #panel script").count() == 0


# ---- form


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_axe_finds_nothing(browser: Browser, site: str, scheme: str, width: int) -> None:
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    for address in ("", "#outcome=drift", f"#cell={cells('load-error')[0]}"):
        open_at(page, site, address)
        if "cell=" in address:
            page.wait_for_selector("#panel[data-ready]")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1400])
def test_no_width_scrolls_the_page_sideways(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_at(page, site)
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    open_at(page, site, f"#cell={cells('load-error')[0]}")
    page.wait_for_selector("#panel[data-ready]")
    assert page.evaluate("(p => p.scrollWidth <= p.clientWidth)(document.querySelector('#panel'))")


def test_nothing_is_asked_of_anybody(page: Page, site: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    open_at(page, site, f"#cell={cells('drift')[0]}")
    page.wait_for_selector("#panel[data-ready]")
    assert asked and all(url.startswith(("file:", "about:", "data:")) for url in asked)


def test_without_scripts_the_charts_and_the_method_stay(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    expect(page.locator("#chart-outcomes svg:visible")).to_have_count(1)
    expect(page.get_by_role("heading", name="Method and limits")).to_be_visible()
    expect(page.locator(".alarm", has_text="need JavaScript")).to_be_visible()
    context.close()


# ---- the page of the formats


def _facts_site(folder: Path, markup: bool) -> str:
    run = write_run(folder / "run", Synthetic(1_400, environments=3, markup=markup))
    index = write_site(write_facts(run, markup), folder / "site")
    return index.with_name("formats.html").as_uri()


@pytest.fixture(scope="session")
def formats_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _facts_site(tmp_path_factory.mktemp("facts"), markup=False)


def shown(page: Page) -> list[str]:
    """Ids of the formats in sight, from top to bottom."""
    return page.locator("tr[data-format]:visible th a").all_inner_texts()


def tones(page: Page, column: str) -> set[str]:
    cells = page.locator(f'tr[data-format]:visible td[data-column="{column}"]')
    return {cell.get_attribute("data-tone") or "" for cell in cells.all()}


def test_the_pages_lead_to_each_other(page: Page, formats_page: str, site: str) -> None:
    open_at(page, formats_page)
    current = page.locator('nav [aria-current="page"]')
    assert current.inner_text() == "Formats"
    page.get_by_role("link", name="Cells", exact=True).click()
    page.wait_for_selector("#grid .square")
    expect(current).to_have_text("Cells")
    page.get_by_role("link", name="Formats").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Formats")
    open_at(page, site)
    assert page.locator("nav a").all_inner_texts() == ["Cells", "Shelf life"], "no format was tried"


def test_formats_are_filtered_by_text_family_and_good_news(page: Page, formats_page: str) -> None:
    open_at(page, formats_page)
    assert page.locator("#status").inner_text() == "10 of 11 formats"
    page.fill('input[name="q"]', "pickle unnoticed")
    page.wait_for_function("location.hash.includes('q=')")
    assert shown(page) and all("pickle" in id for id in shown(page))
    page.fill('input[name="q"]', "no such word")
    expect(page.locator("#nothing")).to_be_visible()
    page.click("#clear")
    page.select_option('select[name="family"]', "onnx")
    assert shown(page) == ["onnx-f32", "onnx-f64"]
    assert page.locator("tr.family:visible").count() == 1
    page.click("#clear")
    page.get_by_role("button", name="execute no code").click()
    expect(page.locator('.chip[aria-pressed="true"]')).to_have_count(1)
    assert shown(page) and tones(page, "executes") == {"good"}
    page.go_back()
    expect(page.locator('.chip[aria-pressed="true"]')).to_have_count(0)


def test_wrapped_formats_wait_to_be_asked_for(page: Page, formats_page: str) -> None:
    open_at(page, formats_page)
    assert WRAPPED not in shown(page)
    page.get_by_label("that wrap another format").check()
    expect(page.locator("#status")).to_have_text("11 formats")
    assert WRAPPED in shown(page)
    open_at(page, formats_page, "#family=sealed")
    assert shown(page) == [WRAPPED]


def test_formats_are_sorted_by_a_column_and_absence_stays_last(
    page: Page, formats_page: str
) -> None:
    open_at(page, formats_page)
    grouped = shown(page)
    heading = page.locator('th[data-column="needs"]')
    for order in ("ascending", "descending"):
        heading.get_by_role("button").click()
        expect(heading).to_have_attribute("aria-sort", order)
        cells = page.locator('tr[data-format]:visible td[data-column="needs"]').all()
        ranks = [cell.get_attribute("data-rank") or "" for cell in cells]
        known = [float(rank) for rank in ranks if rank]
        assert known == sorted(known, reverse=order == "descending") and len(known) > 5
        assert ranks[len(known) :] == [""] * (len(ranks) - len(known))
    assert page.locator("tr.family:visible").count() == 0
    heading.get_by_role("button").click()
    expect(page.locator("tr.family:visible").first).to_be_visible()
    assert shown(page) == grouped
    page.select_option('select[name="sort"]', "-format")
    page.wait_for_function("location.hash === '#sort=-format'")
    assert shown(page) == grouped[::-1]


def test_a_sheet_opens_from_the_keyboard_and_gives_the_focus_back(
    page: Page, formats_page: str
) -> None:
    open_at(page, formats_page)
    page.locator("tr[data-format]:visible th a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    chosen = shown(page)[1]
    assert page.evaluate("document.activeElement.textContent") == chosen
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel[data-ready]")
    assert page.locator("#panel-title").inner_text() == chosen
    assert page.evaluate("document.activeElement.textContent") == "Close"
    page.get_by_role("button", name="Next →").press("Enter")
    expect(page.locator("#panel-title")).to_have_text(shown(page)[2])
    assert page.evaluate("document.activeElement.textContent") == "Next →"
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == shown(page)[2]
    assert page.evaluate("location.hash") == ""


def test_a_sheet_has_attacks_damage_and_sentences(page: Page, formats_page: str) -> None:
    open_at(page, formats_page, f"#format={REFUTED}")
    page.wait_for_selector("#panel[data-ready]")
    panel = page.locator("#panel")
    expect(panel.locator(".alarm")).to_contain_text("2 gave other answers without an error")
    for text in ("(strict)", "(lax)", "numpy 2.4.6", "mlp.classifier could not be used"):
        expect(panel).to_contain_text(text)
    row = panel.locator("tr", has_text="Bit flipped")
    assert row.locator("td").all_inner_texts()[1:6] == ["20", "2", "2", "0", "0"]
    link = panel.get_by_role("link", name="Its cells")
    assert (link.get_attribute("href") or "").endswith(f"index.html#format={REFUTED}")


def test_a_row_opens_its_sheet(page: Page, formats_page: str) -> None:
    open_at(page, formats_page)
    page.locator('tr[data-format="pmml"] td').nth(3).click()
    expect(page.locator("#panel-title")).to_have_text("pmml")
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()


def test_a_contradiction_is_in_sight_at_once(page: Page, formats_page: str) -> None:
    open_at(page, formats_page)
    expect(page.locator("#contradictions")).to_be_in_viewport()
    page.locator("#contradictions a", has_text=REFUTED).first.click()
    expect(page.locator("#panel-title")).to_have_text(REFUTED)
    page.keyboard.press("Escape")
    expect(page.locator(f'tr[data-format="{REFUTED}"]')).to_contain_text("contradicted")


def test_what_is_not_measured_is_hatched_and_never_green(page: Page, formats_page: str) -> None:
    open_at(page, formats_page)
    cells = page.locator(f'tr[data-format="{LACKING}"] td').all()[2:]
    assert len(cells) > 8
    for cell in cells:
        assert "not measured" in cell.inner_text()
        assert cell.get_attribute("data-tone") == "unknown"
        assert cell.get_attribute("data-rank") == ""
        assert "gradient" in cell.evaluate("e => getComputedStyle(e).backgroundImage")


def test_no_news_is_told_by_colour_alone(page: Page, formats_page: str) -> None:
    open_at(page, formats_page)
    for cell in page.locator('td[data-tone]:not([data-tone="plain"])').all()[:60]:
        assert cell.locator(".badge").inner_text().strip()
        assert cell.locator(".word").inner_text().strip()


def test_a_format_that_is_not_there_and_a_lost_file_are_said(page: Page, formats_page: str) -> None:
    open_at(page, formats_page, "#format=gone")
    expect(page.locator("#panel")).to_contain_text("This run has no sheet of gone")
    page.route("**/sheets-*.js", lambda route: route.fulfill(body="", status=200))
    open_at(page, formats_page, f"#format={REFUTED}")
    expect(page.locator("#panel .alarm")).to_contain_text("could not be loaded")


def test_markup_in_sheets_stays_text(page: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    open_at(page, _facts_site(tmp_path_factory.mktemp("marked"), markup=True), "#format=pmml")
    page.wait_for_selector("#panel[data-ready]")
    expect(page.locator("#panel")).to_contain_text("onerror=alert(1)")
    assert page.locator("img, #panel script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_axe_finds_nothing_in_the_formats(
    browser: Browser, formats_page: str, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    for address in ("", "#sort=-flips&wrapped=1", f"#format={REFUTED}"):
        open_at(page, formats_page, address)
        if "format=" in address:
            page.wait_for_selector("#panel[data-ready]")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1400])
def test_no_width_scrolls_the_formats_sideways(page: Page, formats_page: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_at(page, formats_page)
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    open_at(page, formats_page, f"#format={REFUTED}")
    page.wait_for_selector("#panel[data-ready]")
    assert page.evaluate("(p => p.scrollWidth <= p.clientWidth)(document.querySelector('#panel'))")


def test_the_formats_ask_nobody(page: Page, formats_page: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_at(page, formats_page, f"#format={REFUTED}")
    page.wait_for_selector("#panel[data-ready]")
    assert asked and all(url.startswith(("file:", "about:", "data:")) for url in asked)


def test_without_scripts_the_table_of_formats_stays(browser: Browser, formats_page: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(formats_page)
    expect(page.locator("tr[data-format]:visible")).to_have_count(11)
    expect(page.locator(".alarm", has_text="need JavaScript")).to_be_visible()
    context.close()
