"""The page of the formats, and the script files that hold their sheets until one is opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness import factwords
from harness.report.data import script
from harness.report.factsheet import FEW, FactSheet, headline
from harness.report.site import Page, templates
from harness.standing import YARDSTICK
from harness.words import WORST_FIRST

SHEETS_PER_CHUNK = 24


def write_formats(out_dir: Path, page: Page) -> None:
    """`formats.html` and its sheets, where the run tried formats; those of an earlier report go."""
    file = out_dir / "formats.html"
    for old in (file, *(out_dir / "data").glob("sheets-*.js")):
        old.unlink(missing_ok=True)
    if page.sheet is None:
        return
    file.write_text(render(page, page.sheet), encoding="utf-8", errors="replace")
    for number, text in enumerate(sheets(page.sheet)):
        (out_dir / "data" / f"sheets-{number}.js").write_text(text, encoding="ascii")


def render(page: Page, sheet: FactSheet) -> str:
    """The whole of `formats.html`."""
    places = {row.format.id: place for place, row in enumerate(sheet.rows)}
    template = templates().get_template("formats.html.j2")
    return template.render(
        page=page,
        header=page.header,
        headline=headline(sheet),
        few=FEW,
        chunk=lambda row: places[row.format.id] // SHEETS_PER_CHUNK,
        wrapped=sum(bool(row.format.wraps) for row in sheet.rows),
        **_words(),
    )


def sheets(sheet: FactSheet) -> Iterator[str]:
    """Scripts of some formats each: {id: the markup of its sheet}, made by the template."""
    macro: Any = templates().get_template("sheet.html.j2").make_module(_words())
    rows = sheet.rows
    for number, first in enumerate(range(0, len(rows), SHEETS_PER_CHUNK)):
        some = {r.format.id: str(macro.sheet(r)) for r in rows[first : first + SHEETS_PER_CHUNK]}
        yield f"shelflifeSheets({number},{script(json.dumps(some, separators=(',', ':')))});\n"


def _words() -> dict[str, Any]:
    """What the templates of a sheet are filled from beside its row."""
    return {
        "questions": factwords.QUESTIONS,
        "symbols": factwords.SYMBOLS,
        "means": factwords.MEANS,
        "outcomes": factwords.OUTCOMES,
        "executed": factwords.EXECUTED,
        "modes": factwords.MODES,
        "title": lambda fact: factwords.question(fact).title,
        "worst_first": WORST_FIRST,
        "yardstick": YARDSTICK,
    }
