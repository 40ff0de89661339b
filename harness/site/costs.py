"""What formats cost as the page of costs shows it: figures, and ratios between any two. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from harness.measure.paired import Compared, Verdict
from harness.measure.plan import ENOUGH, START
from harness.measure.records import Case
from harness.measure.results import Figure, Key, Results
from harness.measure.tables import bytes_text, seconds_text
from harness.records import Json
from harness.words import digits

SIZE, PEAK = "size", "peak"


@dataclass(frozen=True)
class Measure:
    """A column: its key, its heading, and what it says."""

    key: str
    title: str
    says: str

    @property
    def is_bytes(self) -> bool:
        return self.key in (SIZE, PEAK)


MEASURES = (
    Measure(SIZE, "Size", "bytes of all files"),
    Measure("dump-file", "Save", "dump to a file"),
    Measure("load-warm", "Load, warm", "file in the page cache, modules imported"),
    Measure(
        "load-touch", "Load and touch", "the same, with a byte of each page of each array read"
    ),
    Measure("load-cold", "Load, cold", "file not in the page cache"),
    Measure("start", "Start to answer", "process start to first answer, imports with it"),
    Measure(PEAK, "Peak memory", "resident memory by the first answer, with interpreter"),
)
NEAR = 0.0005
"""Sizes as near as this are the same in the three digits that are shown."""
WORDS = {
    Verdict.FASTER: ("faster", "less"),
    Verdict.SLOWER: ("slower", "more"),
    Verdict.EQUIVALENT: ("within noise", "within noise"),
    Verdict.UNDECIDED: ("undecided", "undecided"),
}
"""What a verdict is called of a time, and of bytes."""


@dataclass(frozen=True)
class Ratio:
    """One format over another: the ratio, its 99 % interval, and the word for it.

    `clear` is whether it is more than noise. Of sizes there is no noise: low and high are equal.
    """

    ratio: float
    low: float
    high: float
    word: str
    clear: bool

    @property
    def text(self) -> str:
        """`2.14x, slower (2.05-2.2)`, in typographic signs."""
        interval = f" ({digits(self.low)}–{digits(self.high)})" if self.low < self.high else ""
        return f"{digits(self.ratio)}×, {self.word}{interval}"


@dataclass(frozen=True)
class Cell:
    """A figure of a format, and its ratio to the baseline; `why` where there is no figure."""

    measure: Measure
    figure: Figure | None
    ratio: Ratio | None
    why: str = ""

    @property
    def text(self) -> str:
        if self.figure is None:
            return self.why
        say = bytes_text if self.measure.is_bytes else seconds_text
        return say(self.figure.value)

    @property
    def interval(self) -> str:
        """Of too few blocks there is none to speak of."""
        if self.figure is None or self.measure.key == SIZE:
            return ""
        if self.figure.n < ENOUGH:
            return f"{self.figure.n} {'block' if self.figure.n == 1 else 'blocks'}"
        say = bytes_text if self.measure.is_bytes else seconds_text
        return f"{say(self.figure.low)} to {say(self.figure.high)}"


@dataclass(frozen=True)
class CostSet:
    """A comparison set: some formats of one model in one environment."""

    run: str
    key: Key
    results: Results

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        text = f"{self.run}-{self.key[1]}-{self.key[0]}"
        return "".join(letter if letter.isalnum() else "-" for letter in text)

    @property
    def title(self) -> str:
        return f"{self.key[1]} in {self.key[0]}"

    @property
    def baseline(self) -> str:
        return self.results.baseline

    @cached_property
    def cases(self) -> list[Case]:
        """The formats that were measured."""
        return [case for case in self.results.arms(self.key) if case.status == "ok"]

    @property
    def missing(self) -> list[Case]:
        """The formats that could not be, with their reasons."""
        return [case for case in self.results.arms(self.key) if case.status != "ok"]

    @property
    def blocks(self) -> tuple[int, int]:
        """Inside, and of starts."""
        return self.results.blocks(self.key), self.results.blocks(self.key, START)

    @cached_property
    def measures(self) -> list[Measure]:
        """What was measured of any of its formats."""
        return [m for m in MEASURES if any(self._figure(c, m) for c in self.cases)]

    def rows(self) -> Iterator[tuple[Case, list[Cell]]]:
        """The table: a format a row."""
        for case in self.cases:
            yield case, [self._cell(case, measure) for measure in self.measures]

    def noise(self, measure: Measure) -> str:
        """The noise of this very set in words; '' of sizes, which have none."""
        if measure.key == SIZE:
            return ""
        band = self.band(measure)
        return "noise not known" if band is None else f"noise {100 * (math.exp(band) - 1):.1f} %"

    def band(self, measure: Measure) -> float | None:
        """The noise of a measure in this set, as a log ratio; None where it is not known."""
        if measure.key == PEAK:
            return self.results.memory_band(self.key)
        return self.results.band(self.key, measure.key)

    def _figure(self, case: Case, measure: Measure) -> Figure | None:
        if measure.key == SIZE:
            return Figure(case.bytes, case.bytes, case.bytes, 1) if case.bytes else None
        if measure.key == PEAK:
            return self.results.peak(self.key, case.arm)
        return self.results.figure(self.key, case.arm, measure.key)

    def _cell(self, case: Case, measure: Measure) -> Cell:
        why = (measure.key == "load-cold" and case.cold) or "not measured"
        base = case.arm == self.baseline
        ratio = None if base else self.ratio(case.arm, self.baseline, measure)
        return Cell(measure, self._figure(case, measure), ratio, why)

    def ratio(self, arm: str, base: str, measure: Measure) -> Ratio | None:
        """An arm over another one; None where one of them was not measured."""
        if measure.key == SIZE:
            return _of_sizes(*(self.results.cases.get((*self.key, a)) for a in (arm, base)))
        if measure.key == PEAK:
            found = self.results.memory_compared(self.key, arm, base)
        else:
            found = self.results.compared(self.key, arm, measure.key, base)
        return _of(found, measure)

    def between(self) -> Json:
        """Every two formats by measure, as the page's script reads them.

        `ratios[measure]["i,j"]` is [ratio, low, high, word, clear] of arm i over arm j, i > j;
        turned round it is the ratio of j over i.
        """
        arms = [case.arm for case in self.cases]
        ratios: dict[str, dict[str, list[Json]]] = {}
        for measure in self.measures:
            for j, i in combinations(range(len(arms)), 2):
                found = self.ratio(arms[i], arms[j], measure)
                if found:
                    ratios.setdefault(measure.key, {})[f"{i},{j}"] = [
                        float(f"{found.ratio:.4g}"), float(f"{found.low:.4g}"),
                        float(f"{found.high:.4g}"), found.word, int(found.clear),
                    ]  # fmt: skip
        return {"arms": arms, "baseline": self.baseline, "ratios": ratios}


def _of_sizes(one: Case | None, other: Case | None) -> Ratio | None:
    if not (one and other and one.bytes and other.bytes):
        return None
    ratio = one.bytes / other.bytes
    if abs(ratio - 1) < NEAR:
        return Ratio(ratio, ratio, ratio, "the same" if ratio == 1 else "nearly the same", False)
    return Ratio(ratio, ratio, ratio, "less" if ratio < 1 else "more", True)


def _of(found: Compared, measure: Measure) -> Ratio | None:
    if not found.n:
        return None
    clear = found.verdict in (Verdict.FASTER, Verdict.SLOWER)
    word = WORDS[found.verdict][measure.is_bytes]
    return Ratio(found.ratio, found.low, found.high, word, clear)


def kinds(names: Iterable[str]) -> Mapping[str, int]:
    """How many charts there are of each kind, by the end of their names."""
    found = dict.fromkeys(KINDS, 0)
    for name in names:
        kind = name.rpartition("-")[2]
        if kind in found:
            found[kind] += 1
    return found


KINDS = {
    "front": (
        "Size against start to first answer",
        "shelflife measure MODEL --format A --format B",
    ),
    "stages": ("Where the time goes", "shelflife measure MODEL --format A --format B"),
    "codecs": ("Compression", "shelflife measure MODEL --format joblib --format 'joblib-*'"),
    "memory": ("Peak memory", "shelflife measure MODEL --format A --format B"),
    "growth": ("Growth with the size of the model", "shelflife measure 'sized.linear-*'"),
}
"""Kinds of charts: what they show, and what measures it."""
