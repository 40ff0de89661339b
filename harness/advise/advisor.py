"""Holds the rules against what is known of each format, and puts the formats in order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from harness.advise import figures
from harness.advise.answers import (
    Answer,
    Candidate,
    Row,
    Share,
    Statement,
    because,
    headline,
    ranked,
)
from harness.advise.dossier import SIGNALS, Curves, Dossier
from harness.advise.figures import ANY, MEMORY, SIZE, START, Figures
from harness.advise.links import Link, links
from harness.advise.rules import OUT, UNKNOWN, Question, Rule, Rules, read
from harness.advise.subjects import Subject, with_library
from harness.advise.tallies import Shelf
from harness.factwords import Tone
from harness.measure.results import Results
from harness.records import Json

TOGETHER = ({"apart", "way"}, {"first", "size"})
"""Parts of a question that signals depend on together."""
CELLS = {
    "silent", "silent_low", "silent_high", "pairs", "silent_beyond", "unmoved", "lines", "share",
    "low", "high", "followed", "keeps_says", "others",
}  # fmt: skip
FIGURES = {"figure", "figures"}
GRAVITY = (Tone.BAD, Tone.UNKNOWN, Tone.MIND, Tone.GOOD, Tone.PLAIN)


def read_rules() -> Rules:
    """The rules of the project."""
    return read(SIGNALS)


@dataclass(frozen=True)
class Beside:
    """What is known beside the cells: fact sheets, measuring runs, the rules, and every format.

    `facts` are as in docs/formats/facts.json; `formats` are those of all matrices.
    """

    facts: Json
    results: Sequence[Results]
    formats: Collection[str]
    rules: Rules = field(default_factory=read_rules)

    @cached_property
    def plain(self) -> frozenset[str]:
        """Every format that has been tried with anything, without those that wrap another one."""
        every = {*self.formats, *self.facts.get("formats", {})}
        return frozenset(format for format in every if "+" not in format)


class Advisor:
    """Answers questions about one subject. What was found for one question serves the next."""

    def __init__(
        self,
        subject: Subject,
        shelves: Sequence[Shelf],
        beside: Beside,
        curves: Curves | None = None,
    ) -> None:
        known = beside.rules
        self.shelves = [
            s for s in shelves if any(m["id"] in subject.models for m in s.header["models"])
        ]
        self.subject = with_library(subject, self.shelves)
        self.rules, self.results = known, beside.results
        curves = curves or Curves()
        sheets = beside.facts.get("formats", {})
        formats = dict.fromkeys(f for s in self.shelves for f in s.formats)
        every = [
            Dossier(f, self.subject, self.shelves, (sheets.get(f) or {}).get("facts") or {}, curves,
                    known.limits["few"])
            for f in formats
        ]  # fmt: skip
        self.dossiers = [dossier for dossier in every if dossier.is_known]
        self.known = frozenset(dossier.format for dossier in self.dossiers)
        self.untried = sorted(beside.plain - self.known)
        self.groups = grouped(known.rules)
        self._signals: dict[tuple[str, ...], Mapping[str, Any]] = {}
        self._said: dict[tuple[str, ...], tuple[list[Statement], list[str]]] = {}
        self._known_links: dict[tuple[str, str], tuple[Link, ...]] = {}
        self._figures: dict[tuple[str, str], Figures] = {}

    # -- what is known ---------------------------------------------------------------------------

    @cached_property
    def weights(self) -> dict[str, dict[str, float]]:
        return figures.weights(self.shelves, self.subject.models)

    def figures(self, what: str, size: str) -> Figures:
        """Sizes, starts or peaks of the models of a size."""
        if (what, size) not in self._figures:
            self._figures[what, size] = self._found(what, size)
        return self._figures[what, size]

    def _found(self, what: str, size: str) -> Figures:
        if what == SIZE:
            some = None if size == ANY else figures.of_size(self.weights, self.rules, size)
            return figures.sizes(self.weights, self.rules, some)
        where = figures.places(self.results, self.subject.models, self.rules, size)
        return figures.starts(where) if what == START else figures.peaks(where, self.rules)

    def signals(self, dossier: Dossier, question: Question) -> Mapping[str, Any]:
        """Every signal of a format for a question."""
        key = dossier.format, question.apart, question.way
        if key not in self._signals:
            self._signals[key] = dossier.signals(question)
        return {**self._signals[key], **self._order(dossier.format, question)}

    def _order(self, format: str, question: Question) -> Mapping[str, Any]:
        if question.first not in (SIZE, START, MEMORY):
            return {"figure": None, "figures": 0}
        of = self.figures(question.first, question.size).of
        mine = of.get(format)
        return {"figure": mine and mine.value, "figures": len(of.keys() & self.known)}

    # -- the rules -------------------------------------------------------------------------------

    def _judged(
        self, dossier: Dossier, question: Question, signals: Mapping[str, Any]
    ) -> tuple[list[Statement], list[str]]:
        """What the rules say of a format, the gravest first, and where they put it."""
        says: list[Statement] = []
        puts: list[str] = []
        for number, (parts, group) in enumerate(self.groups):
            key = dossier.format, str(number), *(getattr(question, part) for part in parts)
            if key not in self._said:
                self._said[key] = self.said(dossier, question, signals, group)
            more, places = self._said[key]
            says, puts = says + more, puts + places
        return sorted(says, key=lambda s: GRAVITY.index(s.tone)), puts

    def said(
        self,
        dossier: Dossier,
        question: Question,
        signals: Mapping[str, Any],
        group: Sequence[Rule],
    ) -> tuple[list[Statement], list[str]]:
        """What some rules say of a format, and where they put it."""
        fired = [rule for rule in group if rule.fits(question) and rule.holds(signals)]
        says = [
            Statement(
                rule.id,
                rule.puts,
                rule.tone,
                rule.says.format(**signals),
                self._links(rule.link, dossier),
            )
            for rule in fired
        ]
        return says, [rule.puts for rule in fired]

    def _links(self, what: str, dossier: Dossier) -> tuple[Link, ...]:
        key = what, dossier.format
        if key not in self._known_links:
            self._known_links[key] = links(what, dossier)
        return self._known_links[key]

    # -- the answer ------------------------------------------------------------------------------

    def answer(self, question: Question) -> Answer:
        """Formats by rank, and what is not ranked."""
        some: list[Candidate] = []
        unknown: list[Row] = []
        excluded: list[Row] = []
        for dossier in self.dossiers:
            signals = self.signals(dossier, question)
            says, puts = self._judged(dossier, question, signals)
            row = self._row(dossier.format, question, signals, says)
            if OUT in puts:
                excluded.append(because(row, OUT))
            elif UNKNOWN in puts:
                unknown.append(because(row, UNKNOWN))
            else:
                place = self.rules.place(puts)
                some.append(Candidate(row, place, self._value(row, question)))
        ranks = ranked(some, self._better(some, question), self.rules.within)
        notices = self.notices(question)
        return Answer(headline(ranks, unknown, excluded), notices, ranks, unknown, excluded)

    def _row(
        self, format: str, question: Question, signals: Mapping[str, Any], says: list[Statement]
    ) -> Row:
        found = {}
        for what in (SIZE, START, MEMORY):
            known = self.figures(what, question.size).of.get(format)
            found[what] = known.says if known else ""
        return Row(format, _share(signals), found, tuple(says))

    def kept(self, dossier: Dossier, question: Question) -> Share | None:
        """The share that goes on answering, its limits, and of how many; None is not known."""
        return _share(self.signals(dossier, question))

    def _value(self, row: Row, question: Question) -> float:
        """What orders formats of one rank: the figure, or how little it keeps."""
        if question.first in (SIZE, START, MEMORY):
            known = self.figures(question.first, question.size).of.get(row.format)
            if known:
                return known.value
        return -row.keeps[0] if row.keeps else 0.0

    def _better(self, some: Sequence[Candidate], question: Question) -> frozenset[tuple[str, str]]:
        if question.first in (SIZE, START, MEMORY):
            return self.figures(question.first, question.size).better
        limits = [(c.row.format, c.row.keeps) for c in some if c.row.keeps]
        return frozenset(
            (a, b) for a, kept in limits for b, other in limits if kept[1] > other[2]
        )  # the lower limit of the one above the upper limit of the other

    def notices(self, question: Question, some: Sequence[Rule] | None = None) -> list[Statement]:
        """What the whole answer says of itself."""
        signals = {**dict.fromkeys(SIGNALS), **self._order("", question)}
        return [
            Statement(rule.id, rule.puts, rule.tone, rule.says.format(**signals))
            for rule in (self.rules.notices if some is None else some)
            if rule.fits(question) and rule.holds(signals)
        ]


def _share(signals: Mapping[str, Any]) -> Share | None:
    if signals["share"] is None:
        return None
    return signals["share"], signals["low"], signals["high"], signals["followed"]


def grouped(some: Sequence[Rule]) -> list[tuple[tuple[str, ...], list[Rule]]]:
    """Rules by the parts of a question that they depend on, so that each is held once for those."""
    groups: dict[tuple[str, ...], list[Rule]] = {}
    for rule in some:
        names = {condition.signal for condition in rule.when}
        parts = set(rule.asked)
        for signals, together in ((CELLS, TOGETHER[0]), (FIGURES, TOGETHER[1])):
            if names & signals or any(f"{{{name}}}" in rule.says for name in signals):
                parts |= together
        groups.setdefault(tuple(sorted(parts)), []).append(rule)
    return list(groups.items())
