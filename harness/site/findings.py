"""The pages of findings: root causes, wrong answers first, each with a permalink and its cells.

What does not fit on the first page stands on further ones. Each matrix's report is given its root
causes, so that it can show the cells of one, and lead from a cell to what is known of its cause.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.report.data import packed_codes, script
from harness.site import layout
from harness.site.finding import Finding, findings
from harness.site.gather import MATRICES, Part, Site
from harness.words import LOOKS

FILE, PLACES = "findings.html", "data/findings.js"
FIRST, MORE = 60, 200
"""Breakages on the first page, and on each one that follows."""


@dataclass(frozen=True)
class Sheet:
    """One page of findings: its file, its name in the list of pages, and what stands there."""

    file: str
    name: str
    silent: Sequence[Finding]
    loud: Sequence[Finding]


def write(site: Site, out: Path) -> Path:
    """Write `findings.html`, its further pages, and the causes of each matrix."""
    found = findings(site.parts, site.kept.attributions)
    pages = list(sheets(found))
    where = addresses(pages)
    _write_places(pages, out / PLACES)
    told = {place.cause.id: where[one.anchor] for one in reversed(found) for place in one.places}
    for part in site.parts:
        _write_causes(part, told, out / MATRICES / part.name / "data")
    counts = [sum(one.is_silent is silent for one in found) for silent in (True, False)]
    for page in pages:
        layout.write(
            out, page.file, "findings.html.j2", site, page=page, within=FILE,
            pages_of=pages, counts=counts,
            where=where, looks={outcome.value: look for outcome, look in LOOKS.items()},
        )  # fmt: skip
    return out / FILE


def sheets(found: Sequence[Finding]) -> Iterator[Sheet]:
    """The pages: wrong answers and the most frequent breakages, then the other breakages."""
    silent = [one for one in found if one.is_silent]
    loud = [one for one in found if not one.is_silent]
    name = "Wrong answers, and the most frequent breakages" if silent else "Breakages"
    yield Sheet(FILE, name, silent, loud[:FIRST])
    for number, start in enumerate(range(FIRST, len(loud), MORE), 2):
        some = loud[start : start + MORE]
        name = f"Breakages {start + 1} to {start + len(some)}"
        yield Sheet(f"findings-{number}.html", name, (), some)


def addresses(pages: Sequence[Sheet]) -> Mapping[str, str]:
    """Where each finding stands, by its anchor, from the folder of the site."""
    return {
        one.anchor: f"{page.file}#{one.anchor}"
        for page in pages
        for one in (*page.silent, *page.loud)
    }


def _write_places(pages: Sequence[Sheet], path: Path) -> None:
    """Which further page has a finding: an address of the first page stays good for all."""
    content = {one.anchor: page.file for page in pages[1:] for one in page.loud}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = script(json.dumps(content, separators=(",", ":")))
    path.write_text(f"globalThis.shelflifePlaces={text};\n", encoding="ascii")


def _write_causes(part: Part, told: Mapping[str, str], folder: Path) -> None:
    """`data/causes.js` of a report: which root cause each of its rows has, and where it is told."""
    content = {
        "names": list(part.cause_names),
        "addresses": [f"../../{told[name]}" if name in told else "" for name in part.cause_names],
        "column": packed_codes(part.causes, len(part.cause_names)),
    }
    text = script(json.dumps(content, separators=(",", ":")))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "causes.js").write_text(f"globalThis.shelflifeCauses={text};\n", encoding="ascii")
