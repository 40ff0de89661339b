"""What the cells of one matrix say of each case: its controls, and its answers elsewhere. Pure.

A cell *elsewhere* is loaded in another environment than the one that saved it, and has a result. It
is counted in every scope that it belongs to: a direction, and how far apart the two are at most.
Pairs of one release, which differ in something else, belong to both directions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TypeAlias

from harness.records import OK_OUTCOMES, Json, Outcome
from harness.releases import Line
from harness.shelflives import DIRECTIONS, Life, Lives, Watch
from harness.words import SILENT
from harness.worth import NOT_LOADED

Case: TypeAlias = tuple[str, str]  # model, format

SAME, RELEASE, YEAR, LONG = "same", "release", "year", "two-years"
REACHES: Mapping[str, tuple[float, float]] = {
    RELEASE: (1, float("inf")), YEAR: (float("inf"), 12), LONG: (float("inf"), float("inf")),
}  # fmt: skip
"""How many releases and months apart a pair is at most, to count as so far apart."""

BOTH = "both"
SCOPES: tuple[tuple[str, str], ...] = tuple(product((*DIRECTIONS, BOTH), REACHES))
_PLACES = {scope: 2 * place for place, scope in enumerate(SCOPES)}
_COUNTED, _SILENT, _OTHERWISE = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Control:
    """One artifact where it was saved. `otherwise`: its answers are not those of what was fitted.

    That is silent too: a format that converts can load, raise nowhere and answer something else.
    """

    outcome: Outcome
    bytes: int | None
    otherwise: bool

    @property
    def works(self) -> bool:
        return self.outcome in OK_OUTCOMES and not self.otherwise


@dataclass(slots=True)
class Elsewhere:
    """Cells of a case that were loaded elsewhere.

    `counts` has for each scope the cells and those of them that are silent: they answer otherwise
    and raise nowhere. `otherwise` is every cell whose outcome is `drift` or `changed`.
    """

    counts: list[int] = field(default_factory=lambda: [0] * (2 * len(SCOPES)))
    cells: int = 0
    silent: int = 0
    otherwise: int = 0

    def of(self, way: str, reach: str) -> tuple[int, int]:
        """Cells of a scope, and the silent ones among them."""
        at = _PLACES[way, reach]
        return self.counts[at], self.counts[at + 1]

    def count(self, code: int, places: Sequence[int], by: int) -> None:
        """Count a cell, or take it back where `by` is -1."""
        if not code & _COUNTED:
            return
        silent = by if code & _SILENT else 0
        self.cells += by
        self.silent += silent
        self.otherwise += by if code & _OTHERWISE else 0
        for at in places:
            self.counts[at] += by
            self.counts[at + 1] += silent


class Tally:
    """Takes the cells of a matrix one by one; of one that comes twice the last counts."""

    def __init__(self, header: Json) -> None:
        self.controls: dict[Case, dict[str, Control]] = {}
        self.elsewhere: dict[Case, Elsewhere] = {}
        self._places = _places(header["environments"])
        self._codes = bytearray()

    def add(self, place: int, line: Json) -> None:
        """Take a line; `place` numbers the cells in the order in which they first came."""
        case = sys.intern(line["model"]), sys.intern(line["format"])
        producer, consumer = line["producer"], line["consumer"]
        outcome = Outcome(line["outcome"])
        if place == len(self._codes):
            self._codes.append(0)
        if producer == consumer:
            self.controls.setdefault(case, {})[producer] = _control(line, outcome)
            return
        found = self.elsewhere.get(case)
        if found is None:
            found = self.elsewhere[case] = Elsewhere()
        places = self._places.get((producer, consumer), ())
        found.count(self._codes[place], places, -1)
        self._codes[place] = code = _code(outcome, line["error"] is not None)
        found.count(code, places, 1)


@dataclass(frozen=True)
class Shelf:
    """One matrix: its name, its header, what was counted of it, and the lives of its artifacts.

    `source` is the id of the run or of the baseline.
    """

    name: str
    header: Json
    tally: Tally
    lives: Lives
    source: str

    @property
    def address(self) -> str:
        """Where its report stands in the site."""
        return f"m/{self.name}"

    @cached_property
    def by_case(self) -> Mapping[Case, Sequence[Life]]:
        found: dict[Case, list[Life]] = {}
        for life in self.lives.lives:
            found.setdefault((life.model, life.format), []).append(life)
        return found

    @cached_property
    def kinds(self) -> Mapping[str, Sequence[str]]:
        """Its models by kind: `forest` has `forest.classifier` and others."""
        found: dict[str, list[str]] = {}
        for model in self.header["models"]:
            found.setdefault(kind(model["id"]), []).append(model["id"])
        return found

    @cached_property
    def formats(self) -> Mapping[str, Json]:
        return {entry["id"]: entry for entry in self.header["formats"]}


def kind(model: str) -> str:
    """The kind of a model: the first part of its id."""
    return model.partition(".")[0]


def shelf(name: str, header: Json, lines: Iterable[Json], source: str = "") -> Shelf:
    """A matrix from its lines."""
    tally, watch, places = Tally(header), Watch(header), dict[str, int]()
    for line in lines:
        tally.add(places.setdefault(line["cell"], len(places)), line)
        watch.add(line)
    return Shelf(name, header, tally, watch.lives(), source or name)


def _control(line: Json, outcome: Outcome) -> Control:
    artifact, fidelity = line["artifact"], line["fidelity"]
    otherwise = outcome in SILENT or (
        fidelity is not None and Outcome(fidelity["verdict"]) in SILENT
    )
    return Control(outcome, artifact["bytes"] if artifact else None, otherwise)


def _code(outcome: Outcome, erred: bool) -> int:
    if not outcome.is_result or outcome in NOT_LOADED:
        return 0
    if outcome not in SILENT:
        return _COUNTED
    return _COUNTED | _OTHERWISE | (0 if erred else _SILENT)


def _places(environments: Sequence[Json]) -> dict[tuple[str, str], tuple[int, ...]]:
    """For each pair of environments, where in `Elsewhere.counts` its cells are counted."""
    line = Line(environments)
    ids = [sys.intern(e["id"]) for e in environments]
    found = {}
    for producer, consumer in product(ids, ids):
        pair = line.pair(producer, consumer)
        if pair is None or producer == consumer:
            continue
        ways = (*(DIRECTIONS if pair.direction == "same" else (pair.direction,)), BOTH)
        apart = float("inf") if pair.releases is None else pair.releases
        reaches = [
            r for r, (most, months) in REACHES.items() if apart <= most and pair.months <= months
        ]
        found[producer, consumer] = tuple(_PLACES[scope] for scope in product(ways, reaches))
    return found
