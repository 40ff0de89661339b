"""The fact sheet as the page shows it: a row a format, by family, in words. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness import factwords
from harness.factcheck import contradictions
from harness.factwords import CONFORMANCE, QUESTIONS, Attack, Damage, Question, Tone, Value
from harness.records import Format, Json, Tolerance
from harness.standing import YARDSTICK, Standing, median, trouble, weight, works
from harness.words import count

FEW = 6
"""Contradictions that are shown at once; the others wait behind a fold."""
_FIELDS = {field.name for field in dataclasses.fields(Format)}
_BARE: Json = {"suffix": "", "requires": (), "executes": "", "converts": False}
_TONES = (Tone.BAD, Tone.MIND, Tone.UNKNOWN, Tone.PLAIN, Tone.GOOD)  # the worst first


@dataclass(frozen=True)
class Column:
    """A column of the table: its heading, and the question that it answers."""

    key: str
    title: str
    asks: str


@dataclass(frozen=True)
class Entry:
    """One format in one column."""

    column: Column
    value: Value
    note: str = ""


@dataclass(frozen=True)
class Package:
    """A distribution that loading needs."""

    name: str
    version: str
    bytes: int


@dataclass(frozen=True)
class Row:
    """One format: what the table says of it, and what stands behind that."""

    format: Format
    environment: str
    entries: Sequence[Entry]
    answers: Sequence[tuple[Question, Value]]
    standing: Standing
    contradictions: Sequence[str] = ()
    attacks: Sequence[Attack] = ()
    damages: Sequence[Damage] = ()
    packages: Sequence[Package] = ()
    planted: Sequence[tuple[str, Mapping[str, bool | None]]] = ()
    subjects: Sequence[tuple[str, int]] = ()
    refused: Sequence[tuple[str, str]] = ()
    rest: Sequence[tuple[str, Json]] = ()


@dataclass(frozen=True)
class Family:
    """The formats of one file of the registry; `title` is that file's own, or its name."""

    name: str
    title: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class FactSheet:
    """All that the page of the formats says."""

    columns: Sequence[Column]
    families: Sequence[Family]

    @property
    def rows(self) -> list[Row]:
        return [row for family in self.families for row in family.rows]

    @property
    def refuted(self) -> list[Row]:
        return [row for row in self.rows if row.contradictions]

    @property
    def contradictions(self) -> list[tuple[str, str]]:
        """Every refuted claim: the format's id, and the sentence."""
        return [(row.format.id, said) for row in self.refuted for said in row.contradictions]


WORKS = Column("works", "Works with", "How many models come back with the answers they had?")
SIZE = Column("size", "Size", f"How large are its files, against those of {YARDSTICK}?")
CONFORMS = Column("conformance", "Conforms", "Does saving and loading keep its promises?")
COLUMNS: tuple[Column, ...] = (
    WORKS,
    SIZE,
    *(Column(q.fact, q.title, q.asks) for q in QUESTIONS if q.fact not in CONFORMANCE),
    CONFORMS,
)


def fact_sheet(
    header: Json, sheets: Mapping[str, Json], standing: Callable[[str], Standing]
) -> FactSheet:
    """The formats of the header and those that only have a sheet, by family."""
    formats = {entry["id"]: format_of(entry) for entry in header["formats"]}
    for id in sheets:
        formats.setdefault(id, format_of({"id": id, "summary": "the run's header lacks it"}))
    titles = header.get("families", {})
    families: dict[str, list[Row]] = {}
    for id, format in sorted(formats.items(), key=lambda pair: bool(pair[1].wraps)):
        made = row(format, sheets.get(id), standing(id))
        families.setdefault(format.family, []).append(made)
    named = [Family(n, _plain(titles.get(n) or n or "formats"), families[n]) for n in families]
    return FactSheet(COLUMNS, named)


def _plain(title: str) -> str:
    """The first line of a docstring as a heading."""
    return title.replace("`", "").rstrip(".")


def format_of(entry: Json) -> Format:
    """What the header says of a format, as a record."""
    known = {**_BARE, **{key: value for key, value in entry.items() if key in _FIELDS}}
    tolerance = known.get("tolerance")
    known["tolerance"] = Tolerance(**tolerance) if tolerance else None
    return Format(**{**known, "requires": tuple(known["requires"])})


def row(format: Format, sheet: Json, standing: Standing) -> Row:
    """One format; a sheet that is missing, empty or damaged leaves every fact unmeasured."""
    try:
        return _row(format, sheet or {}, standing)
    except (AttributeError, KeyError, TypeError, ValueError):
        damaged = {"reason": "its sheet is damaged"}
        return _row(format, damaged, standing)


def _row(format: Format, sheet: Json, standing: Standing) -> Row:
    facts = sheet.get("facts") or {}
    why = "" if facts else sheet.get("reason") or "the run has no sheet of it"
    answers = [(q, factwords.value(q, facts, why)) for q in QUESTIONS]
    return Row(
        format=format,
        environment=str(sheet.get("environment", "")),
        entries=_entries(answers, standing),
        answers=answers,
        standing=standing,
        contradictions=contradictions(format, facts),
        attacks=factwords.attacks(facts),
        damages=list(factwords.damages(facts)),
        packages=_packages(facts),
        planted=list((_evidence(facts, "training-rows")).items()),
        subjects=list(_evidence(facts, "subjects").get("bytes", {}).items()),
        refused=list(_evidence(facts, "subjects").get("refused", {}).items()),
        rest=[(name, e) for name in ("lazy", "python-free", "declared") if (e := _of(facts, name))],
    )


def _of(facts: Mapping[str, Json], name: str) -> Json:
    return (facts.get(name) or {}).get("evidence")


def _evidence(facts: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    return _of(facts, name) or {}


def _packages(facts: Mapping[str, Json]) -> list[Package]:
    """What loading needs, the largest first."""
    found = _evidence(facts, "needs").get("packages", {})
    packages = [Package(name, version, bytes) for name, (version, bytes) in found.items()]
    return sorted(packages, key=lambda package: -package.bytes)


# -- the columns that are more than one fact -----------------------------------------------------


def _entries(answers: Sequence[tuple[Question, Value]], standing: Standing) -> list[Entry]:
    values = {question.fact: value for question, value in answers}
    made = {
        WORKS.key: Entry(WORKS, works(standing), trouble(standing)),
        SIZE.key: Entry(SIZE, weight(standing), median(standing)),
        CONFORMS.key: _conformance({name: values[name] for name in CONFORMANCE}),
    }
    return [made.get(c.key) or Entry(c, values[c.key]) for c in COLUMNS]


def _conformance(values: Mapping[str, Value]) -> Entry:
    """How many of the promises are kept, and which are not. Not measured is not kept."""
    known = {name: value for name, value in values.items() if value.tone is not Tone.UNKNOWN}
    titles = {name: factwords.question(name).title.lower() for name in values}
    says = "; ".join(f"{titles[name]}: {value.word}" for name, value in values.items())
    if not known:
        return Entry(CONFORMS, factwords.unmeasured(next(iter(values.values())).says))
    kept = sum(value.tone is Tone.GOOD for value in known.values())
    broken = [name for name, value in known.items() if value.tone is not Tone.GOOD]
    tone = min((value.tone for value in values.values()), key=_TONES.index)
    tone = Tone.PLAIN if tone is Tone.UNKNOWN else tone
    notes = [f"not: {', '.join(broken)}"] if broken else []
    notes += [f"{len(values) - len(known)} not measured"] if len(known) < len(values) else []
    value = Value(f"{kept} of {len(known)}", tone, says, float(len(values) - kept))
    return Entry(CONFORMS, value, "; ".join(notes))


def refuted(sheet: FactSheet | None) -> list[tuple[str, str]]:
    """What the first page must say too: formats that do not do what they claim."""
    found = sheet.contradictions if sheet else []
    said = [(id, f"contradicted: {text}") for id, text in found]
    more = len(said) - FEW
    return said[:FEW] + ([("formats.html", f"has {count(more)} more contradictions")] * (more > 0))


# -- the page in one sentence --------------------------------------------------------------------


def headline(sheet: FactSheet) -> str:
    """What a person should know first, worst first."""
    alone = [row for row in sheet.rows if not row.format.wraps]
    measured = [r for r in alone if any(v.tone is not Tone.UNKNOWN for _, v in r.answers)]
    if not measured:
        return "No format was tried in this run."
    clauses = (
        ("executes", "yes", "execute(s) code when an untrusted file is loaded"),
        ("flips", "wrong answers", "give(s) wrong answers from a file with one changed bit"),
        ("python-free", "yes", "can be read without Python"),
    )
    said = [_share(measured, fact, word, verb) for fact, word, verb in clauses]
    formats = "format" if len(measured) == 1 else "formats"
    others = " and wrap no other" if len(alone) < len(sheet.rows) else ""
    lead = f"Of {count(len(measured))} {formats} that were tried{others}, "
    return lead + "; ".join(filter(None, said)) + "."


def _share(rows: Sequence[Row], fact: str, word: str, verb: str) -> str:
    """How many formats have a value, of those where it was measured; nothing where none was."""
    found = [v for row in rows for q, v in row.answers if q.fact == fact]
    known = [v for v in found if v.tone is not Tone.UNKNOWN]
    n = sum(value.word == word for value in known)
    if not known:
        return ""
    number = count(n) if n else "none"
    of = f" of {count(len(known))} measured" if len(known) < len(rows) else ""
    return f"{number}{of} {verb.replace('(s)', 's' if n <= 1 else '')}"
