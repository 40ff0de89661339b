"""Every page of a site as a reader sees it: `python -m benchmarks.screenshots SITE [-o FOLDER]`.

Three widths, both themes, one picture each in full height, and `index.html` with all of them side
by side. Without SITE the site of the committed baselines is written first, which takes minutes;
what a page says while it is drawn (errors, a scroll to the side) is printed, and then exits with 1.
"""

from __future__ import annotations

import argparse
import html
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium

WIDTHS = (360, 800, 1400)
THEMES = ("light", "dark")
HEIGHT = 1000
TALLEST = 12_000  # pixels of a picture; the rest of a longer page is cut off
OF_A_KIND = 2  # pages that are taken of a folder, such as those of the formats' families
HEAD = """<!doctype html><meta charset="utf-8"><title>Screenshots</title><style>
body { font-family: sans-serif }
img { border: 1px solid #888; max-width: 30vw; object-fit: cover; object-position: top }
</style>"""
READY = "document.readyState === 'complete'"


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, how wide, in which theme."""

    page: str
    width: int
    theme: str

    @property
    def file(self) -> str:
        name = self.page.removesuffix(".html").replace("/", "-")
        return f"{name}-{self.width}-{self.theme}.png"


def pages(site: Path) -> list[str]:
    """The pages of the site; of each folder of pages that are alike the first ones."""
    found = [path.name for path in sorted(site.glob("*.html"))]
    for folder in sorted(path for path in site.iterdir() if path.is_dir()):
        own = sorted(folder.glob("*.html"))[:OF_A_KIND]
        own += sorted(folder.glob("*/*.html"))[: 2 * OF_A_KIND]
        found += [str(path.relative_to(site)) for path in own]
    return found


def shots(names: Sequence[str]) -> list[Shot]:
    """Every page at every width in every theme."""
    return [Shot(name, width, theme) for name in names for theme in THEMES for width in WIDTHS]


def take(browser: Browser, site: Path, out: Path, shot: Shot) -> Iterator[str]:
    """Write one picture; what is wrong with the page."""
    said: list[str] = []
    context = browser.new_context(
        viewport={"width": shot.width, "height": HEIGHT},
        color_scheme=shot.theme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.goto((site / shot.page).as_uri())
    page.wait_for_function(READY)
    _picture(page, out / shot.file, shot.width)
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    if wide > shot.width:
        said.append(f"scrolls sideways: {wide} pixels")
    context.close()
    return (f"{shot.page} at {shot.width}, {shot.theme}: {text}" for text in said)


def _picture(page: Page, path: Path, width: int) -> None:
    tall = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
    page.set_viewport_size({"width": width, "height": tall})
    page.screenshot(path=path)


def sheet(names: Sequence[str]) -> str:
    """A page with all pictures, a row for each page."""
    rows = "".join(
        f"<h2>{html.escape(name)}</h2><div>"
        + "".join(
            f'<a href="{shot.file}"><img loading="lazy" src="{shot.file}" alt="{shot.width}, '
            f'{shot.theme}" height="420"></a> '
            for shot in shots([name])
        )
        + "</div>"
        for name in names
    )
    return f"{HEAD}{rows}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path, nargs="?", help="a site's folder")
    parser.add_argument("-o", "--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--page", action="append", help="only these pages, by their file")
    options = parser.parse_args()
    found = chromium.find()
    if found is None:
        sys.exit("no Chromium here: python -m tests.browser.chromium fetches one")
    options.out.mkdir(parents=True, exist_ok=True)
    site = options.site or _made(options.out / "site")
    names = options.page or pages(site)
    troubles: list[str] = []
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(found), args=sandbox)
        for shot in shots(names):
            troubles += take(browser, site, options.out, shot)
        browser.close()
    (options.out / "index.html").write_text(sheet(names), encoding="utf-8")
    print(f"{len(shots(names))} pictures of {len(names)} pages: {options.out / 'index.html'}")
    if troubles:
        sys.exit("\n".join(troubles))


def _made(folder: Path) -> Path:
    """The site of the committed baselines."""
    command = [sys.executable, "-m", "harness.cli", "site", "--out", str(folder)]
    subprocess.run(command, check=True)
    return folder


if __name__ == "__main__":
    main()
