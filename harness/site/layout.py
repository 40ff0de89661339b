"""How a page of the site is written: the list of pages, addresses, and the templates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.report.site import templates
from harness.site.gather import Site


@dataclass(frozen=True)
class Entry:
    """A page that the navigation leads to: its file, its name there, and what it answers."""

    file: str
    name: str
    asks: str


PAGES = (
    Entry("index.html", "Front", "What was found, in short"),
    Entry("choose.html", "Which format?", "Formats for your model, and what speaks against each"),
    Entry("upgrade.html", "Can I upgrade?", "What happens between two releases, and what helps"),
    Entry("grid.html", "Grid", "Every pair of environments, down to one cell's evidence"),
    Entry("findings.html", "Findings", "Root causes, wrong answers first"),
    Entry("cost.html", "Cost", "Size, time and memory of each format"),
    Entry("safety.html", "Safety", "What each format does with a hostile or damaged file"),
    Entry("claims.html", "Claims", "What is published, and what we measured"),
    Entry("changes.html", "What changed", "Against the result before this one"),
    Entry("method.html", "Method", "How it was measured, and what it cannot say"),
    Entry("data.html", "Data", "Every table as a file"),
)  # fmt: skip


def write(out: Path, file: str, template: str, site: Site, **more: Any) -> Path:
    """Fill a template of `reports/templates/site/` into a page of the site; its path.

    The template is given `site`, `pages`, `here` (the page's file), `root` (what leads from
    the page to the site's folder) and `more`.
    """
    path = out / file
    path.parent.mkdir(parents=True, exist_ok=True)
    root = "../" * file.count("/")
    filled = templates().get_template(f"site/{template}")
    text = filled.render(site=site, pages=PAGES, here=file, root=root, **more)
    path.write_text(text, encoding="utf-8", errors="replace")
    return path
