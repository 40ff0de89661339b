"""The formats of a page, and how those that are alike are taken together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness import factwords
from harness.factwords import Question, Value
from harness.handbook.markdown import code
from harness.records import Format, Json
from harness.standing import Standing, standing_of

UNTRIED = "it has not been tried yet"
FEW = 4  # exceptions that are shorter to name than the rule


@dataclass(frozen=True)
class Entry:
    """One format with what is committed of it."""

    format: Format
    environment: str
    facts: Mapping[str, Json]
    why: str
    standing: Standing

    def value(self, question: Question) -> Value:
        return factwords.value(question, self.facts, self.why)


@dataclass(frozen=True)
class Claim:
    """A field of the registry: what it says in words, and what it means where it is empty."""

    field: str
    says: str
    empty: str

    def of(self, format: Format) -> str:
        held = getattr(format, self.field)
        text = ", ".join(f"`{name}`" for name in held) if isinstance(held, tuple) else held
        return f"{self.says}: {text}" if text else self.empty


def entries(formats: Iterable[Format], facts: Json) -> Iterator[Entry]:
    """Every format of the registry; those that were not tried have no facts."""
    for format in formats:
        sheet = facts["formats"].get(format.id, {})
        found = facts["standing"].get(format.id)
        yield Entry(
            format,
            sheet.get("environment", ""),
            sheet.get("facts", {}),
            "" if sheet.get("facts") else sheet.get("reason") or UNTRIED,
            standing_of(found) if found else Standing(),
        )


def merged(
    rows: Iterable[tuple[Entry, tuple[str, ...]]],
) -> list[tuple[tuple[str, ...], list[Entry]]]:
    """Rows with the same cells as one, with all of their formats; in the order they came."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry, cells in rows:
        which = found.setdefault(cells, [])
        if not which or which[-1] is not entry:
            which.append(entry)
    return list(found.items())


def named(which: Sequence[Entry], some: Sequence[Entry]) -> str:
    """Some formats of a page, in as few words as name them exactly."""
    ids = {entry.format.id for entry in which}
    every = [entry.format.id for entry in some]
    others = [id for id in every if id not in ids]
    if not others:
        return "all" if len(every) > 1 else code(every[0])
    if len(others) < min(FEW, len(ids)):
        return f"all but {_listed(others)}"
    left_out = {wrapping(entry) for entry in some if entry.format.id not in ids}
    ways = dict.fromkeys(map(wrapping, which))
    whole = [way for way in ways if way and way not in left_out]
    rest = [entry.format.id for entry in which if wrapping(entry) not in whole]
    return ", ".join(filter(None, [*(f"all `*{way}`" for way in whole), _listed(rest)]))


def _listed(ids: Sequence[str]) -> str:
    """Ids as code; three and more that count up are named by the first and the last."""
    runs: list[list[str]] = []
    for id in ids:
        if runs and _counts_up(runs[-1][-1], id):
            runs[-1].append(id)
        else:
            runs.append([id])
    said = [
        f"{code(run[0])} to {code(run[-1])}" if len(run) > 2 else ", ".join(map(code, run))
        for run in runs
    ]
    return ", ".join(said)


def _counts_up(one: str, other: str) -> bool:
    """Whether two ids are the same but for the number at their end, which is one more."""
    a, b = (re.fullmatch(r"(.*?)(\d+)", id) for id in (one, other))
    return bool(a and b and a[1] == b[1] and int(b[2]) == int(a[2]) + 1)


def wrapping(entry: Entry) -> str:
    """What a wrapper adds to the id of the format inside: `+aesgcm`; '' where it wraps none."""
    format = entry.format
    return format.id.removeprefix(format.wraps) if format.wraps else ""


def snippets(some: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    """Snippets to show, each with a sentence on the formats whose own is like it."""
    groups: dict[str, list[Entry]] = {}
    for entry in some:
        if entry.format.snippet:
            shape = wrapping(entry) or re.sub(r"\d+", "0", entry.format.snippet)
            groups.setdefault(shape, []).append(entry)
    for group in groups.values():
        yield group[0], _alike(group, some)


def _alike(group: Sequence[Entry], some: Sequence[Entry]) -> str:
    first, *others = group
    if not others:
        return ""
    if wrapping(first):
        return f"Around the code of the format inside, likewise for {named(group, some)}."
    which = "all others" if len(group) == len(some) else named(others, some)
    if all(entry.format.snippet == first.format.snippet for entry in others):
        return f"The same for {which}."
    return f"With other numbers, likewise for {which}."
