"""A browser and a few synthetic sites, opened from disk as a reader would.

Chromium is found by `chromium.py`. Without one the tests are skipped, unless
`SHELFLIFE_REQUIRE_BROWSER=1` says that a skip would be a lie.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from harness.report import write_site
from tests.browser import chromium
from tests.synthetic import Synthetic, write_run


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = chromium.find()
    if found is None:
        said = "no Chromium on this machine; install one or set SHELFLIFE_CHROMIUM to its path"
        if os.environ.get("SHELFLIFE_REQUIRE_BROWSER") == "1":
            pytest.fail(said)
        pytest.skip(said)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(found), args=sandbox)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1400, "height": 1000})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test on any error or refused request."""
    troubles: list[str] = []
    made = context.new_page()
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    made.on("dialog", lambda dialog: troubles.append(f"dialog: {dialog.message}"))
    yield made
    assert troubles == []


def _site(folder: Path, spec: Synthetic) -> str:
    return write_site(write_run(folder / "run", spec), folder / "site").as_uri()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _site(tmp_path_factory.mktemp("site"), Synthetic(3_000, environments=8))


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> str:
    spec = Synthetic(2_000, environments=5, markup=True, finished=False)
    return _site(tmp_path_factory.mktemp("hostile"), spec)


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> str:
    spec = Synthetic(0, environments=3, finished=False)
    return _site(tmp_path_factory.mktemp("empty"), spec)


@pytest.fixture(scope="session")
def lonely_site(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _site(tmp_path_factory.mktemp("lonely"), Synthetic(60, environments=1))
