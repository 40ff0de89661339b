"""The page of safety: what each format does with a hostile or damaged file, each mark to its proof.

The table has the marks; how each was tried stands on a page for each family of formats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import factwords
from harness.factwords import Question, Tone, Value
from harness.records import Format
from harness.report.factsheet import FactSheet, Row, format_of, headline, row
from harness.report.factsheet import Family as Rows
from harness.site import layout
from harness.site.gather import Kept, Site
from harness.standing import YARDSTICK, Standing, standing_of
from harness.words import WORST_FIRST

FILE, FOLDER = "safety.html", "safety"
SHOWN = ("executes", "truncation", "flips", "trailing", "training-rows", "needs", "python-free")
"""The facts that the table has, beside whether a format can be sealed."""
SEALS = {"aesgcm": "AES-GCM", "hmac": "HMAC", "ed25519": "Ed25519"}
"""What wraps a file so that it is refused before a byte of it is loaded: of formats `at_rest`."""


@dataclass(frozen=True)
class Family:
    """Formats of one file of the registry, with the page that has their proofs."""

    name: str
    title: str
    rows: Sequence[Row]

    @property
    def file(self) -> str:
        return f"{FOLDER}/{self.name}.html"


@dataclass(frozen=True)
class Sealed:
    """Whether a format can be sealed, and which formats show it: (id, whether it was tried)."""

    value: Value
    shown_by: Sequence[tuple[str, bool]]


def families(kept: Kept) -> list[Family]:
    """Every format that was tried, by family; what is sealed stands with what it wraps."""
    known = {format.id: format for format in kept.formats}
    found: dict[str, list[Row]] = {}
    for id, sheet in kept.facts["formats"].items():
        format = known.get(id) or format_of({"id": id, "summary": "the registry lacks it"})
        found.setdefault(format.family or "other", []).append(row(format, sheet, _stands(kept, id)))
    titles = kept.families
    return [
        Family(name, (titles.get(name) or name).replace("`", "").rstrip("."), found[name])
        for name in sorted(found, key=lambda name: (bool(found[name][0].format.wraps), name))
    ]


def _stands(kept: Kept, id: str) -> Standing:
    standing = kept.facts.get("standing", {}).get(id)
    return standing_of(standing) if standing else Standing()


def sealed(format: Format, kept: Kept) -> Sealed:
    """Whether a format can be sealed: tried, possible and not tried, or itself a seal."""
    if format.wraps:
        return Sealed(Value("is sealed", Tone.GOOD, f"it seals {format.wraps}", 0), ())
    known = {f.id for f in kept.formats if f.wraps == format.id}
    tried = kept.facts["formats"]
    names = [(f"{format.id}+{seal}", seal) for seal in SEALS if f"{format.id}+{seal}" in known]
    if not names:
        says = "the registry has no seal around it: it is more than one file, or nobody wrapped it"
        return Sealed(Value("no", Tone.PLAIN, says, 2), ())
    held = [(id, seal) for id, seal in names if id in tried and _holds(tried[id])]
    with_words = ", ".join(SEALS[seal] for _, seal in held or names)
    shown = [(id, id in tried) for id, _ in names]
    if held:
        says = f"tried with {with_words}: a changed file is refused before it is loaded"
        return Sealed(Value("yes", Tone.GOOD, says, 0), shown)
    says = f"{with_words} can be put around it; that pair was not tried"
    return Sealed(Value("not tried", Tone.UNKNOWN, says, 1), shown)


def _holds(sheet: Any) -> bool:
    """Whether a sealed file's changed bits were noticed, and nothing hostile ran with the key."""
    facts = sheet.get("facts") or {}
    flips, executes = ((facts.get(name) or {}).get("value") for name in ("flips", "executes"))
    return flips == "detected" and executes in ("no", "when lax")


def questions() -> list[Question]:
    """The columns of the table."""
    return [factwords.question(fact) for fact in SHOWN]


def write(site: Site, out: Path) -> Path:
    """Write `safety.html` and a page for each family."""
    found = families(site.kept)
    words = {
        "symbols": factwords.SYMBOLS, "means": factwords.MEANS, "outcomes": factwords.OUTCOMES,
        "executed": factwords.EXECUTED, "modes": factwords.MODES, "worst_first": WORST_FIRST,
        "title": lambda fact: factwords.question(fact).title, "yardstick": YARDSTICK,
        "questions": questions(), "facts": site.kept.facts,
    }  # fmt: skip
    words["seals"] = {r.format.id: sealed(r.format, site.kept) for f in found for r in f.rows}
    words["where"] = {r.format.id: f"{f.file}#{r.format.id}" for f in found for r in f.rows}
    for family in found:
        layout.write(out, family.file, "family.html.j2", site, family=family, within=FILE, **words)
    answer = headline(FactSheet((), [Rows(f.name, f.title, f.rows) for f in found]))
    return layout.write(out, FILE, "safety.html.j2", site, families=found, answer=answer, **words)
