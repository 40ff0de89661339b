"""The pages: the index, and a page a family, question by question.

Formats of a family mostly do the same. A table has a row for each thing that was found, with the
formats that it was found of, so that a reader sees where they differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from harness import factwords, standing
from harness.factcheck import contradictions
from harness.factwords import CONFORMANCE, EXECUTED, Value
from harness.handbook.entries import Claim, Entry, entries, merged, named, snippets
from harness.handbook.index import MADE, index, provenance
from harness.handbook.markdown import code, fenced, page, plain, table
from harness.records import Json
from harness.registry import Registry

GIVEN = (
    "Each block is executed as it stands by the conformance run, in the environment that is named "
    "above (see [Conformance](#conformance)). It is given `model`, `path` and, where it "
    "needs them, `X`, `X_train` and `y_train`; what it calls `loaded` must answer as the format's "
    "own load does."
)
DEFAULT = "the [default](../explanation/architecture.md#tolerance)"
FOUND = ("Found", "What was seen", "Formats")
Section: TypeAlias = tuple[str, tuple[str, ...], Claim | None]
# The sections of a page: heading, facts, and what the registry declares of the same.
SECTIONS: tuple[Section, ...] = (
    ("Code", ("executes",), Claim("executes", "may execute", "nothing is declared")),
    (
        "Damage",
        ("truncation", "trailing", "flips"),
        Claim("checksum", "verifies on loading", "no checksum is declared"),
    ),
    (
        "What it needs",
        ("needs", "declared"),
        Claim("requires", "imports", "the standard library alone"),
    ),
    (
        "Without Python",
        ("python-free",),
        Claim("python_only", "only Python can answer", "something else may be able to answer"),
    ),
    ("Training rows", ("training-rows",), None),
    ("Memory", ("lazy",), None),
    (
        "Same bytes",
        ("repeat",),
        Claim("varies", "bytes may differ", "two dumps are to have the same bytes"),
    ),
)


def pages(known: Registry, facts: Json) -> dict[str, str]:
    """{file name: text} of every page."""
    families: dict[str, list[Entry]] = {}
    for entry in sorted(entries(known.formats, facts), key=lambda e: bool(e.format.wraps)):
        families.setdefault(entry.format.family, []).append(entry)
    titles = {name: known.families.get(name, name).rstrip(".") for name in families}
    made = {f"{name}.md": family(titles[name], some, facts) for name, some in families.items()}
    return {"index.md": index(titles, families, facts), **made}


# -- a family ------------------------------------------------------------------------------------


def family(title: str, some: Sequence[Entry], facts: Json) -> str:
    """The page of one file of the registry."""
    stem = some[0].format.family
    source = f"[`{stem}.py`](../../harness/worker/formats/{stem}.py)"
    used = {entry.environment for entry in some}
    places = {id: e for id, e in facts["environments"].items() if id in used}
    return page(
        [
            f"# {plain(title)}",
            MADE,
            f"The formats of {source}. All formats: [index](index.md).",
            provenance({**facts, "environments": places}) if places else "None was tried yet.",
            _refuted(some),
            "## Formats",
            _formats(some),
            "## How to use it",
            GIVEN,
            *_usage(some),
            "## Models and sizes",
            _standing(some),
            *(part for section in SECTIONS for part in _section(section, some)),
            "## Conformance",
            _conformance(some),
            "## Tolerance",
            _tolerances(some),
        ]
    )


def _refuted(some: Sequence[Entry]) -> str:
    said = [
        f"> - {code(entry.format.id)}: {plain(sentence)}"
        for entry in some
        for sentence in contradictions(entry.format, entry.facts)
    ]
    return "\n".join(["> **It does not do what it claims:**", ">", *said]) if said else ""


def _formats(some: Sequence[Entry]) -> str:
    head = ("Format", "What it is", "Suffix", "Gives back", "Tried in")
    rows = [
        (
            code(e.format.id),
            plain(e.format.summary),
            code(e.format.suffix),
            "a translation with a scorer of its own" if e.format.converts else "the estimator",
            code(e.environment) or "nowhere yet",
        )
        for e in some
    ]
    return table(head, rows)


def _usage(some: Sequence[Entry]) -> list[str]:
    parts = []
    for shown, likewise in snippets(some):
        parts.append(f"{code(shown.format.id)}. {likewise}".rstrip())
        parts.append(fenced("python", shown.format.snippet))
    without = [entry for entry in some if not entry.format.snippet]
    return parts + ([f"No code is documented for {named(without, some)}."] if without else [])


def _standing(some: Sequence[Entry]) -> str:
    head = ("Works with", "Models by outcome", "Size", "Artifacts", "Formats")
    rows = merged(
        (
            e,
            (
                plain(standing.works(e.standing).word),
                plain(standing.works(e.standing).says),
                plain(standing.weight(e.standing).word),
                plain(standing.weight(e.standing).says),
            ),
        )
        for e in some
    )
    return table(head, [(*cells, named(which, some)) for cells, which in rows])


def _section(section: Section, some: Sequence[Entry]) -> list[str]:
    heading, facts, claim = section
    parts = [f"## {heading}"]
    if claim:
        said = merged((e, (claim.of(e.format),)) for e in some)
        declared = "\n".join(f"- {named(w, some)}: {plain(c[0])}" for c, w in said)
        parts += ["What the registry declares:", declared]
    if set(facts) & set(factwords.DAMAGES):
        words = "; ".join(f"*{word}*: {says}" for word, says in factwords.OUTCOMES.items())
        parts.append(f"What became of a damaged file: {words}.")
    for name in facts:
        parts += _asked(name, some, "###" if len(facts) > 1 else "")
    return parts + (_attacks(some) if "executes" in facts else [])


def _asked(name: str, some: Sequence[Entry], level: str) -> list[str]:
    """One question with all that was found, and of which formats."""
    question = factwords.question(name)
    rows = merged((e, _cells(e.value(question))) for e in some)
    return [
        f"{level} {question.title}" if level else "",
        f"{question.asks} {question.how}",
        table(FOUND, [(*cells, named(which, some)) for cells, which in rows]),
    ]


def _conformance(some: Sequence[Entry]) -> str:
    """The promises of every format, each with all that was found."""
    rows = [
        (plain(question.asks), *cells, named(which, some))
        for question in map(factwords.question, CONFORMANCE)
        for cells, which in merged((e, _cells(e.value(question))) for e in some)
    ]
    return table(("Question", *FOUND), rows)


def _cells(value: Value) -> tuple[str, ...]:
    return plain(value.word), plain(value.says)


def _attacks(some: Sequence[Entry]) -> list[str]:
    """Every hostile file, how it was loaded, and what it did."""
    rows = merged(
        (
            e,
            (
                attack.mode,
                plain(attack.how),
                EXECUTED.get(attack.executed, attack.executed),
                plain(attack.said) or "nothing",
            ),
        )
        for e in some
        for attack in factwords.attacks(e.facts)
    )
    if not rows:
        return []
    head = ("Loading", "Hostile file", "Its code", "What was said", "Formats")
    modes = "; ".join(f"*{mode}*: {words}" for mode, words in factwords.MODES.items())
    return [
        "### Attacks",
        f"How the file is loaded: {modes}.",
        table(head, [(*cells, named(which, some)) for cells, which in rows]),
    ]


def _tolerances(some: Sequence[Entry]) -> str:
    """How far an answer may be off and still be close, and why."""

    def words(entry: Entry) -> str:
        own = entry.format.tolerance
        return plain(f"rtol {own.rtol}, because {own.reason}") if own else DEFAULT

    rows = merged((e, (words(e),)) for e in some)
    return "\n".join(f"- {named(which, some)}: {cells[0]}" for cells, which in rows)
