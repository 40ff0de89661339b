"""The index of the handbook: a line a format; and where and when its facts were found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from harness import standing
from harness.factwords import CONFORMANCE, QUESTIONS, Question
from harness.handbook.entries import Entry
from harness.handbook.markdown import code, page, plain, table
from harness.records import Json
from harness.words import count

MADE = "<!-- Made by `shelflife handbook` of the registry and facts.json; not to be edited. -->"


def index(titles: Mapping[str, str], families: Mapping[str, Sequence[Entry]], facts: Json) -> str:
    """A line a format."""
    shown = [q for q in QUESTIONS if q.fact not in CONFORMANCE]
    head = ("Format", "What it is", "Works with", "Size", *(q.title for q in shown))
    parts = [
        "# Formats",
        MADE,
        "What each format does, found by trying it. The pages of the families have the sentences "
        "behind these words, the attacks, and how to use each format; what is asked and how it "
        "was found stands there too. *Works with* counts models that come back with the answers "
        f"they had; *Size* is against `{standing.YARDSTICK}` for the same models.",
        provenance(facts),
    ]
    for name, some in families.items():
        formats = f"{count(len(some))} {'format' if len(some) == 1 else 'formats'}"
        parts.append(f"## {plain(titles[name])}")
        parts.append(f"{formats}: [{name}]({name}.md)")
        parts.append(table(head, [_line(entry, shown) for entry in some]))
    return page(parts)


def _line(entry: Entry, shown: Sequence[Question]) -> list[str]:
    values = [standing.works(entry.standing), standing.weight(entry.standing)]
    values += [entry.value(question) for question in shown]
    words = [plain(value.word) for value in values]
    return [code(entry.format.id), plain(entry.format.summary), *words]


def provenance(facts: Json) -> str:
    """When, where and with what the facts were found."""
    run = facts["run"]
    when = dt.datetime.fromisoformat(run["started"])
    host = ", ".join(f"{key} {value}" for key, value in sorted(run["host"].items()))
    places = [
        f"- {code(id)}: {plain(e['main'])} {plain(e['version'])}, Python {plain(e['python'])}"
        for id, e in sorted(facts["environments"].items())
    ]
    said = (
        f"Found by the matrix {code(run['matrix'])} in a run that began on "
        f"{when.day} {when:%B %Y}, with Shelflife {run['shelflife']} ({plain(host)}), in:"
    )
    return "\n".join([said, "", *places])
