"""The rules as they stand in `rules.toml`: read, checked, and held against signals."""

from __future__ import annotations

import operator
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

from harness.errors import UserError, did_you_mean
from harness.factwords import Tone
from harness.source import Source

FILE = Path(__file__).with_name("rules.toml")
OUT, UNKNOWN, NOTE = "out", "unknown", "note"
LINKS = ("", "safety", "cells", "declined", "controls", "otherwise", "life", "cost")

Signals: TypeAlias = Mapping[str, Any]
"""What is known of a format for a question: numbers and words; None is not known."""

_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "=": operator.eq,
}  # fmt: skip
_ORDER = re.compile(r"(<=|>=|<|>|=) (\S+)")


@dataclass(frozen=True)
class Question:
    """One question. Each part is the id of an option."""

    apart: str = "year"
    way: str = "upgrade"
    file: str = "trusted"
    python: str = "yes"
    first: str = "life"
    size: str = "any"


PARTS = tuple(field.name for field in fields(Question))


@dataclass(frozen=True)
class Part:
    """One part of a question: its words, short and whole, and those of its options by id."""

    id: str
    short: str
    asks: str
    default: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Level:
    """Formats of a level stand below those of the levels before. `says` follows `it` or `each`."""

    id: str
    says: str


@dataclass(frozen=True)
class Condition:
    """A test of one signal."""

    signal: str
    text: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True)
class Rule:
    """A sentence, the question and signals that it is said for, and where it puts a format."""

    id: str
    asked: Mapping[str, Sequence[str]]
    when: Sequence[Condition]
    puts: str
    tone: Tone
    says: str
    link: str

    def fits(self, question: Question) -> bool:
        return all(getattr(question, part) in options for part, options in self.asked.items())

    def holds(self, signals: Signals) -> bool:
        return all(condition.holds(signals[condition.signal]) for condition in self.when)


@dataclass(frozen=True)
class Rules:
    """All of the file. `bytes` has for each size the bytes of a pickle from which, and below."""

    limits: Mapping[str, float]
    parts: Sequence[Part]
    bytes: Mapping[str, tuple[float, float]]
    levels: Sequence[Level]
    rules: Sequence[Rule]
    notices: Sequence[Rule]

    def part(self, id: str) -> Part:
        return next(part for part in self.parts if part.id == id)

    def question(self, **given: str | None) -> Question:
        """A question; what is not given is as it is by default. UserError for no such option."""
        chosen = {}
        for part in self.parts:
            said = given.get(part.id) or part.default
            if said not in part.options:
                hint = did_you_mean(said, part.options)
                raise UserError(f"{part.id} cannot be {said!r}", hint)
            chosen[part.id] = said
        return Question(**chosen)

    def size(self, bytes: float) -> str:
        """The option for a size in bytes."""
        return next(name for name, (low, high) in self.bytes.items() if low <= bytes < high)

    def place(self, puts: Iterable[str]) -> int:
        """Where some levels put a format: the gravest decides, then the next; 0 is the best.

        Each level has a bit, so that one outweighs all that stand before it together. What is in
        no level is in the first.
        """
        levels = [level.id for level in self.levels]
        return sum(1 << levels.index(one) for one in set(puts) - {NOTE, levels[0]}) >> 1

    def within(self, place: int) -> list[Level]:
        """The levels of a place, the gravest first; the first level for none."""
        found = [level for n, level in enumerate(self.levels) if n and place >> (n - 1) & 1]
        return found[::-1] or [self.levels[0]]


def read(known: Sequence[str], path: Path = FILE) -> Rules:
    """The rules; `known` are the signals there are. MatrixError: what is wrong, with its line."""
    return _Reader(Source.read(path), known).rules()


class _Reader:
    """Turns the file into rules, and says where it does not hold together."""

    def __init__(self, source: Source, known: Sequence[str]) -> None:
        self.source, self.known = source, known

    def rules(self) -> Rules:
        data = self.source.data
        tables = {"limits", "questions", "bytes", "levels", "rules", "notices"}
        self.source.keys(data, tables, "the rules")
        self.limits = {name: float(value) for name, value in data["limits"].items()}
        self.levels = [Level(**self._plain(t, "levels", fields(Level))) for t in data["levels"]]
        self.parts = [self._part(table) for table in data["questions"]]
        if missing := set(PARTS) ^ {part.id for part in self.parts}:
            self.source.fail(f"the parts of a question are {', '.join(PARTS)}", f"See {missing}.")
        self._once([*data["rules"], *data["notices"]])
        return Rules(
            self.limits, self.parts, self._bytes(data["bytes"]), self.levels,
            [self._rule(table) for table in data["rules"]],
            [self._rule(table) for table in data["notices"]],
        )  # fmt: skip

    def _once(self, tables: Sequence[Mapping[str, Any]]) -> None:
        seen: set[str] = set()
        for table in tables:
            id = self.source.need(table, "id", str, "[[rules]]")
            if id in seen:
                self.source.fail(f"two rules are called {id!r}", token=id, nth=2)
            seen.add(id)

    def _plain(self, table: Mapping[str, Any], where: str, names: Sequence[Any]) -> dict[str, str]:
        self.source.keys(table, {field.name for field in names}, f"[[{where}]]")
        return {f.name: self.source.need(table, f.name, str, f"[[{where}]]") for f in names}

    def _part(self, table: Mapping[str, Any]) -> Part:
        words = ("id", "short", "asks", "default")
        self.source.keys(table, {*words, "options"}, "[[questions]]")
        need = self.source.need
        id, short, asks, default = (need(table, word, str, "[[questions]]") for word in words)
        options = need(table, "options", dict, "[[questions]]")
        if default not in options:
            self.source.fail(f"{default!r} is no option of {id}", token=default, table=table)
        return Part(id, short, asks, default, options)

    def _bytes(self, table: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
        sizes = next(part.options for part in self.parts if part.id == "size")
        for name in table:
            if name not in sizes:
                self.source.fail(f"{name!r} is no option of size", did_you_mean(name, sizes), name)
        return {name: (float(low), float(high)) for name, (low, high) in table.items()}

    def _rule(self, table: Mapping[str, Any]) -> Rule:
        allowed = {"id", "asked", "when", "puts", "tone", "says", "link"}
        self.source.keys(table, allowed, "[[rules]]")
        says = self.source.need(table, "says", str, "[[rules]]")
        for _, name, _, _ in string.Formatter().parse(says):
            if name is not None:
                self._one_of(name, self.known, "signal", table)
        puts = (OUT, UNKNOWN, NOTE, *(level.id for level in self.levels))
        return Rule(
            table["id"],
            {part: self._asked(part, said, table) for part, said in table.get("asked", {}).items()},
            [self._condition(name, text, table) for name, text in table.get("when", {}).items()],
            self._one_of(table.get("puts", NOTE), puts, "place to put a format", table),
            Tone(self._one_of(table.get("tone", "plain"), list(Tone), "tone", table)),
            says,
            self._one_of(table.get("link", ""), LINKS, "link", table),
        )

    def _one_of(self, word: str, known: Sequence[str], what: str, at: Mapping[str, Any]) -> str:
        if word not in known:
            self.source.fail(
                f"there is no {what} {word!r}", did_you_mean(word, known), word, table=at
            )
        return word

    def _asked(self, part: str, said: str | list[str], at: Mapping[str, Any]) -> tuple[str, ...]:
        self._one_of(part, PARTS, "part of a question", at)
        options = next(p.options for p in self.parts if p.id == part)
        some = (said,) if isinstance(said, str) else tuple(said)
        return tuple(self._one_of(one, list(options), f"option of {part}", at) for one in some)

    def _condition(self, name: str, text: str, at: Mapping[str, Any]) -> Condition:
        self._one_of(name, self.known, "signal", at)
        if text in ("known", "unknown"):
            return Condition(name, text, lambda value: (value is None) == (text == "unknown"))
        order = _ORDER.fullmatch(text)
        if not order:
            return Condition(name, text, lambda value: bool(value == text))
        bound = self._number(order[2], at)
        compare = _ORDERS[order[1]]
        return Condition(name, text, lambda value: value is not None and compare(value, bound))

    def _number(self, text: str, at: Mapping[str, Any]) -> float:
        try:
            return float(text)
        except ValueError:
            return self.limits[self._one_of(text, list(self.limits), "limit", at)]
