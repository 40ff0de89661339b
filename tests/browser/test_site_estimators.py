"""Questions asked to the site whose answers are known, and its pages of estimators and data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from harness.report.site import write_assets
from harness.site import changes, data, estimators, upgrade
from harness.site.routes import Routes, stop
from tests.synthetic import Synthetic, header, lines, write_run
from tests.unit import sites

SPEC = Synthetic(2_000, environments=6)
OK = ("identical", "close")
PAGES = ("upgrade.html", "estimators.html", "estimator/synthetic/logreg.binary.html",
         "changes.html", "data.html")  # fmt: skip


def _written(folder: Path, spec: Synthetic, name: str = "synthetic") -> str:
    part = sites.part(write_run(folder / "run", spec), name)
    out = folder / "site"
    for write in (upgrade.write, estimators.write, changes.write, data.write):
        write(sites.site(part), out)
    write_assets(out)
    return out.as_uri()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _written(tmp_path_factory.mktemp("estimators"), SPEC)


@pytest.fixture(scope="module")
def cells() -> Mapping[str, Any]:
    return {line["cell"]: line for line in lines(SPEC)}


def ask(page: Page, site: str, **question: str) -> str:
    """Ask a question by its address; all that is answered."""
    hash = "&".join(f"{key}={value}" for key, value in question.items())
    page.goto("about:blank")
    page.goto(f"{site}/upgrade.html#{hash}")
    page.wait_for_selector("html[data-ready]")
    return page.locator("#answer").inner_text()


def of(cell: str) -> dict[str, str]:
    model, format, producer, consumer = cell.split("/")
    return {"matrix": "synthetic", "model": model, "format": format,
            "from": producer, "to": consumer}  # fmt: skip


def test_each_kind_of_answer_is_told_as_it_was_recorded(
    page: Page, small: str, cells: Mapping[str, Any]
) -> None:
    some = {line["outcome"]: line for line in cells.values()}
    for outcome, line in some.items():
        ask(page, small, **of(line["cell"]))
        way = page.locator(".way").first
        assert way.get_attribute("data-outcome") == outcome
        said = way.inner_text()
        if outcome in ("load-error", "use-error"):
            assert line["error"]["type"] in said
        if outcome == "drift":
            assert "Off by, at worst" in said and "predict_proba" in said
        if outcome in ("notrun", "invalid"):
            assert "Not known" in said


def test_the_last_safe_stop_is_the_one_that_the_cells_give(
    page: Page, small: str, cells: Mapping[str, Any]
) -> None:
    environments = header(SPEC)["environments"]
    routes = Routes(environments)
    first, last = environments[0]["id"], environments[-1]["id"]
    for model, format in {(c["model"], c["format"]) for c in list(cells.values())[:360]}:
        for way in ((first, last), (last, first)):
            ok = {
                e["id"]: cells[f"{model}/{format}/{way[0]}/{e['id']}"]["outcome"] in OK
                for e in environments
            }
            expected = stop(routes.between(*way), ok if ok[way[0]] else {})
            ask(page, small, **{**of(f"{model}/{format}/{way[0]}/{way[1]}")})
            said = page.locator(".way").first.locator(".stop").inner_text()
            if not expected.safe:
                assert said.startswith("No safe stop")
            elif expected.barrier:
                assert said.startswith(f"Last safe stop: {expected.safe};")
                assert f"{expected.barrier} " in said
            else:
                assert said == f"Safe all the way to {expected.safe}."


def test_what_is_chosen_stands_in_the_address_and_leads_back(page: Page, small: str) -> None:
    ask(page, small, matrix="synthetic", model="forest.binary")
    page.locator("[name=format]").select_option("skops")
    page.wait_for_function("location.hash.includes('format=skops')")
    before = [page.locator(f"[name={key}]").input_value() for key in ("from", "to")]
    page.locator("#swap").click()
    page.wait_for_function(f"location.hash.includes('from={before[1]}')")
    page.wait_for_function(f"document.querySelector('[name=from]').value === '{before[1]}'")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector(".way")
    shown = [page.locator(f"[name={k}]").input_value() for k in ("model", "format", "from", "to")]
    assert shown == ["forest.binary", "skops", *before[::-1]]


def test_a_question_to_what_is_not_there_says_so(page: Page, small: str) -> None:
    assert "no matrix “none”" in ask(page, small, matrix="none")
    assert "no estimator" in ask(page, small, matrix="synthetic", model="nobody")
    said = ask(page, small, matrix="synthetic", model="forest.binary", format="tape")
    assert "no format “tape" in said
    assert "no environment" in ask(page, small, model="forest.binary", **{"from": "1"})


def test_the_question_asked_first_is_one_that_goes_wrong(page: Page, small: str) -> None:
    page.goto(f"{small}/upgrade.html")
    page.wait_for_selector(".way")
    assert page.locator(".way").first.get_attribute("data-outcome") in ("drift", "changed")


def test_the_list_is_searched_word_by_word(page: Page, small: str) -> None:
    page.goto(f"{small}/estimators.html")
    page.wait_for_selector("html[data-ready]")
    rows = page.locator("#all tbody tr")
    page.locator("[name=q]").fill("forest nothing")
    assert rows.locator("visible=true").count() == 0
    page.locator("[name=q]").fill("forest binary")
    assert rows.locator("visible=true").count() == 1
    assert "q=forest%20binary" in page.url
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert rows.locator("visible=true").count() == 1


def test_an_estimator_has_its_page_without_a_script(browser: Browser, small: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{small}/estimator/synthetic/logreg.binary.html")
    assert page.title().startswith("Does a saved logreg.binary")
    assert page.locator(".strips").count() >= 1
    assert page.locator(".strips td[data-outcome]").first.is_visible()
    page.goto(f"{small}/upgrade.html")
    assert page.get_by_role("link", name="a page for each estimator").is_visible()
    context.close()


@pytest.mark.parametrize("file", PAGES)
def test_pages_fit_a_phone_and_ask_nobody(browser: Browser, small: str, file: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{small}/{file}")
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert all(url.startswith(("file:", "data:")) for url in asked)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("file", PAGES)
def test_pages_keep_the_rules_of_accessibility(
    browser: Browser, small: str, file: str, scheme: Any
) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{small}/{file}")
    page.wait_for_timeout(200)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    context.close()


def test_names_with_markup_are_asked_about_as_text(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    spec = Synthetic(400, environments=4, markup=True)
    site = _written(tmp_path_factory.mktemp("hostile"), spec, "matrix-0")
    page.goto(f"{site}/upgrade.html#matrix=matrix-0")
    page.wait_for_selector(".way")
    assert page.title() != "pwned"
    assert page.locator("#answer img").count() == 0
