"""The page that ranks formats for a question, and the files that it answers from.

`data/choose.js` has what may be asked, `data/choose/<number>.js` one subject each; the page loads
the one that is asked about. The answer to the first question stands in the page itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from harness.advise import Advisor, Beside, Subject, as_json, common, pack, subjects_of
from harness.advise.answers import between, percent
from harness.advise.dossier import Curves
from harness.advise.subjects import KIND
from harness.factwords import SYMBOLS
from harness.records import Json
from harness.site import layout
from harness.site.gather import Site

FILE = "choose.html"
MOST = 400
"""Subjects that the page offers, at the most: those with most models."""


def write(site: Site, out: Path) -> Path:
    """Write `choose.html` and what it asks for."""
    shelves = [part.shelf for part in site.parts]
    formats = {fmt["id"] for part in site.parts for fmt in part.header["formats"]}
    beside = Beside(site.kept.facts, list(site.measured.values()), formats)
    folder = out / "data" / "choose"
    folder.mkdir(parents=True, exist_ok=True)
    curves, offered = Curves(), list[Subject]()
    first: Advisor | None = None
    for subject in _offered(site):
        advisor = Advisor(subject, shelves, beside, curves)
        if not advisor.dossiers:
            continue
        _script(folder / f"{len(offered)}.js", f"shelflifeSubjects[{len(offered)}]", pack(advisor))
        offered.append(advisor.subject)
        first = first or advisor
    known = [
        {"name": s.name, "what": s.what, "library": s.library, "models": len(s.models)}
        for s in offered
    ]
    index = {**common(beside.rules), "subjects": known}
    _script(out / "data" / "choose.js", "shelflifeChoose", index)
    return layout.write(
        out, FILE, "choose.html.j2", site, rules=beside.rules, groups=grouped(offered),
        symbols=SYMBOLS, measured=bool(site.measured), percent=percent, between=between,
        first=first and first.subject, answer=first and _first(first),
        untried=first.untried if first else [],
    )  # fmt: skip


def _offered(site: Site) -> list[Subject]:
    """What may be asked about; first the kind with most cells in the largest matrix."""
    cells: list[Counter[str]] = []
    for part in site.parts:
        cells.append(Counter())
        for (model, _), found in part.shelf.tally.elsewhere.items():
            cells[-1][model] += found.cells
    every = subjects_of(part.header for part in site.parts).values()
    return sorted(every, key=partial(_weight, cells))[:MOST]


def _weight(cells: Sequence[Counter[str]], subject: Subject) -> tuple[bool, int, int]:
    counts = [sum(found[model] for model in subject.models) for found in cells] or [0]
    return subject.what != KIND, -counts[0], -sum(counts)


def grouped(some: Sequence[Subject]) -> list[tuple[str, list[tuple[int, Subject]]]]:
    """Subjects for a list to choose from, with their numbers: kinds by library, then families."""
    groups: dict[str, list[tuple[int, Subject]]] = {}
    for number, subject in enumerate(some):
        name = subject.library or "other"
        title = name if subject.what == KIND else f"{name}, whole families"
        groups.setdefault(title, []).append((number, subject))
    return [(title, sorted(groups[title], key=lambda one: one[1].name)) for title in groups]


def _first(advisor: Advisor) -> Json:
    return as_json(advisor.answer(advisor.rules.question()))


def _script(path: Path, name: str, value: Json) -> None:
    """A script that sets `globalThis.<name>`; scripts load from disk where data cannot."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    path.write_text(f"globalThis.{name} = {text};\n", encoding="ascii")
