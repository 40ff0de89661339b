"""Everything that a page needs to answer any question about one subject, in as few bytes. Pure.

What the rules say of a format depends on some parts of a question only; it is worked out here for
every choice of those. A page picks what belongs to a question and counts ranks; it knows no rule.

    links     words and addresses, each once
    says      sentences, each once: rule, where it puts a format, tone, words, numbers of links
    groups    of rules: the parts of a question that they depend on, and for the options of those,
              for each format: numbers of sentences, and a code: 4 x place + 2 if out + 1 if unknown
    keeps     for apart and way, for each format: share, limits, of how many; or null
    figures   for what and size: words and values by format, and pairs of which the first is better
    notices   as groups, without formats
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from harness.advise.advisor import Advisor, grouped
from harness.advise.answers import Statement
from harness.advise.figures import MEMORY, SIZE, START
from harness.advise.links import Link, cells_of
from harness.advise.rules import OUT, UNKNOWN, Question, Rules
from harness.records import Json


class _Table:
    """Sentences and links, each once."""

    def __init__(self) -> None:
        self.says: dict[Statement, int] = {}
        self.links: dict[Link, int] = {}

    def codes(self, some: Sequence[Statement]) -> list[int]:
        return [self.says.setdefault(one, len(self.says)) for one in some]

    def linked(self, some: Sequence[Link]) -> list[int]:
        return [self.links.setdefault(one, len(self.links)) for one in some]

    def list(self) -> list[Json]:
        return [[s.rule, s.puts, s.tone.value, s.says, self.linked(s.links)] for s in self.says]


def questions(rules: Rules, parts: Sequence[str] | None = None) -> Iterator[tuple[str, Question]]:
    """Every choice of some parts of a question, or of all: its options as a key, and a question."""
    some = [rules.part(part) for part in parts] if parts is not None else rules.parts
    for options in product(*(part.options for part in some)):
        chosen: dict[str, Any] = {p.id: o for p, o in zip(some, options, strict=True)}
        yield " ".join(options), rules.question(**chosen)


def common(rules: Rules) -> Json:
    """What is the same for every subject: the parts of a question, and the levels."""
    return {
        "parts": [
            {
                "id": p.id,
                "short": p.short,
                "default": p.default,
                "options": dict(p.options),
            }
            for p in rules.parts
        ],
        "levels": [{"id": level.id, "says": level.says} for level in rules.levels],
        "measured": [SIZE, START, MEMORY],
    }


def pack(advisor: Advisor) -> Json:
    """What a page needs of an advisor's subject; see the top of this module."""
    table, subject = _Table(), advisor.subject
    groups = [_group(advisor, table, *group) for group in advisor.groups]
    notices = [
        {
            "parts": parts,
            "found": {
                key: table.codes(advisor.notices(question, rules))
                for key, question in questions(advisor.rules, parts)
            },
        }
        for parts, rules in grouped(advisor.rules.notices)
    ]
    return {
        "name": subject.name,
        "title": subject.title,
        "library": subject.library,
        "models": dict(subject.models),
        "formats": [dossier.format for dossier in advisor.dossiers],
        "cells": [table.linked(cells_of(dossier)) for dossier in advisor.dossiers],
        "untried": advisor.untried,
        "groups": groups,
        "keeps": {
            key: [advisor.kept(dossier, question) for dossier in advisor.dossiers]
            for key, question in questions(advisor.rules, ("apart", "way"))
        },
        "figures": _figures(advisor),
        "notices": notices,
        "says": table.list(),
        "links": list(map(list, table.links)),
    }


def _group(advisor: Advisor, table: _Table, parts: Sequence[str], rules: Sequence[Any]) -> Json:
    found: dict[str, list[Json]] = {}
    for key, question in questions(advisor.rules, parts):
        found[key] = []
        for dossier in advisor.dossiers:
            signals = advisor.signals(dossier, question)
            says, puts = advisor.said(dossier, question, signals, rules)
            place = advisor.rules.place(set(puts) - {OUT, UNKNOWN})
            code = 4 * place + 2 * (OUT in puts) + (UNKNOWN in puts)
            found[key].append([table.codes(says), code])
    return {"parts": parts, "found": found}


def _figures(advisor: Advisor) -> Json:
    place = {dossier.format: n for n, dossier in enumerate(advisor.dossiers)}
    made = {}
    for what, size in product((SIZE, START, MEMORY), advisor.rules.part("size").options):
        found = advisor.figures(what, size)
        made[f"{what} {size}"] = {
            "of": {place[f]: [one.value, one.says] for f, one in found.of.items() if f in place},
            "better": sorted(
                [place[a], place[b]] for a, b in found.better if a in place and b in place
            ),
        }
    return made
