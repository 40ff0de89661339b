"""What files weigh, and what starts and memory cost: by format, and which is better. Pure.

*Smaller* is decided by model: of the models that two formats have in common, nearly all must be
smaller in the one. *Faster* is the verdict of the measuring run on the paired blocks, *lighter*
that of intervals which do not overlap. All else is a tie.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np

from harness.advise.rules import Rules
from harness.advise.tallies import Shelf
from harness.measure import paired
from harness.measure.paired import Verdict
from harness.measure.records import STAGES
from harness.measure.results import Figure, Key, Results
from harness.measure.tables import bytes_text, seconds_text
from harness.standing import YARDSTICK
from harness.words import count, size

ANY = "any"
SIZE, START, MEMORY = "size", "start", "memory"
Better = frozenset[tuple[str, str]]
"""Pairs of formats of which the first is shown to be better than the second."""


@dataclass(frozen=True)
class Weighed:
    """One quantity of a format: a value to order by, and its words."""

    value: float
    says: str


@dataclass(frozen=True)
class Figures:
    """A quantity of every format that it is known of, and who is better."""

    of: Mapping[str, Weighed] = field(default_factory=dict)
    better: Better = frozenset()


def weights(shelves: Sequence[Shelf], models: Iterable[str]) -> dict[str, dict[str, float]]:
    """format -> model -> bytes: the median of the artifacts that came back as they were."""
    wanted = frozenset(models)
    found: dict[str, dict[str, list[int]]] = {}
    for shelf in shelves:
        for (model, format), controls in shelf.tally.controls.items():
            if model in wanted:
                known = [c.bytes for c in controls.values() if c.works and c.bytes]
                if known:
                    found.setdefault(format, {}).setdefault(model, []).extend(known)
    return {
        format: {model: float(statistics.median(known)) for model, known in models.items()}
        for format, models in found.items()
    }


def of_size(weighed: Mapping[str, Mapping[str, float]], rules: Rules, size: str) -> frozenset[str]:
    """The models of a size, by what the yardstick makes of them."""
    yard = weighed.get(YARDSTICK, {})
    return frozenset(model for model, n in yard.items() if rules.size(n) == size)


def sizes(
    weighed: Mapping[str, Mapping[str, float]], rules: Rules, models: frozenset[str] | None
) -> Figures:
    """Sizes over some models, or all; see the top for who is smaller."""
    kept = {
        format: {m: n for m, n in by_model.items() if models is None or m in models}
        for format, by_model in weighed.items()
    }
    kept = {format: by_model for format, by_model in kept.items() if by_model}
    yard = kept.get(YARDSTICK, {})
    return Figures({f: _weight(n, yard) for f, n in kept.items()}, _smaller(kept, rules))


def _weight(known: Mapping[str, float], yard: Mapping[str, float]) -> Weighed:
    middle, least, most = (
        statistics.median(known.values()),
        min(known.values()),
        max(known.values()),
    )
    says = size(middle) if least == most else f"{size(middle)} ({size(least)}–{size(most)})"
    ratios = [n / yard[model] for model, n in known.items() if model in yard]
    if not ratios:
        return Weighed(middle, says)
    ratio = statistics.median(ratios)
    return Weighed(ratio, f"{says}, {ratio:.2f} × {YARDSTICK} ({models(len(ratios))})")


def _smaller(kept: Mapping[str, Mapping[str, float]], rules: Rules) -> Better:
    formats, models = list(kept), sorted({m for by_model in kept.values() for m in by_model})
    table = np.array([[kept[f].get(m, np.nan) for m in models] for f in formats], dtype=np.float64)
    if not table.size:
        return frozenset()
    nearly = table * (1 - rules.limits["smaller"])
    known = ~np.isnan(table)
    common = known.astype(np.int64) @ known.T.astype(np.int64)
    wins = (table[:, None, :] < nearly[None, :, :]).sum(axis=2)
    better = (common > 0) & (wins >= rules.limits["most"] * common) & (wins > 0)
    return frozenset((formats[a], formats[b]) for a, b in zip(*np.nonzero(better), strict=True))


def models(n: int) -> str:
    """`1 model`, `12 models`."""
    return f"{count(n)} {'model' if n == 1 else 'models'}"


# -- what was measured ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Places:
    """The sets of the measuring runs that are of some models."""

    sets: Sequence[tuple[Results, Key]]

    def formats(self) -> list[str]:
        named = [
            case.arm for r, key in self.sets for case in r.arms(key) if case.arm == case.format
        ]
        return list(dict.fromkeys(named))


def places(
    results: Iterable[Results], models: Mapping[str, str], rules: Rules, size: str
) -> Places:
    """Where some models of a size were measured; the size is that of the yardstick's file."""
    found = [(r, key) for r in results for key in r.measured.sets if key[1] in models]
    return Places([(r, key) for r, key in found if size == ANY or _size_of(r, key, rules) == size])


def _size_of(results: Results, key: Key, rules: Rules) -> str:
    case = results.cases.get((*key, YARDSTICK))
    return rules.size(case.bytes) if case and case.bytes else ""


def starts(where: Places) -> Figures:
    """From the start of a process to its first answer."""
    found = {
        f: [(r, key, figure) for r, key in where.sets if (figure := r.figure(key, f, START))]
        for f in where.formats()
    }
    known = {f: [figure for _, _, figure in some] for f, some in found.items() if some}
    better = {
        (a, b)
        for a, b in permutations(known, 2)
        if _decided([_verdict(r, key, a, b) for r, key in where.sets])
    }
    return Figures({f: _seconds(some) for f, some in known.items()}, frozenset(better))


def _decided(verdicts: Sequence[Verdict]) -> bool:
    """Faster somewhere, and slower nowhere."""
    return Verdict.FASTER in verdicts and Verdict.SLOWER not in verdicts


def _verdict(results: Results, key: Key, a: str, b: str) -> Verdict:
    """How the start of `a` compares with that of `b`, by the blocks that have both."""
    clock = STAGES[START].clock
    base, arm = (results.values.get((*key, f, START, clock), {}) for f in (b, a))
    return paired.compare(paired.differences(base, arm), results.band(key, START)).verdict


def peaks(where: Places, rules: Rules) -> Figures:
    """The most memory by the first answer."""
    found = {
        f: {(id(r), key): figure for r, key in where.sets if (figure := r.peak(key, f))}
        for f in where.formats()
    }
    known = {f: some for f, some in found.items() if some}
    near = 1 - rules.limits["lighter"]
    better = set()
    for a, b in permutations(known, 2):
        both = [(known[a][place], known[b][place]) for place in known[a].keys() & known[b].keys()]
        if both and all(x.high < y.low and x.value < near * y.value for x, y in both):
            better.add((a, b))
    return Figures({f: _bytes(list(some.values())) for f, some in known.items()}, frozenset(better))


def _seconds(some: Sequence[Figure]) -> Weighed:
    value = statistics.median(figure.value for figure in some)
    return Weighed(value, _spread([(f.value, f.low, f.high) for f in some], seconds_text))


def _bytes(some: Sequence[Figure]) -> Weighed:
    value = statistics.median(figure.value for figure in some)
    return Weighed(value, _spread([(f.value, f.low, f.high) for f in some], bytes_text))


def _spread(some: Sequence[tuple[float, float, float]], say: Callable[[float], str]) -> str:
    """A figure with its 99 % interval; of several models their least and most."""
    if len(some) == 1:
        value, low, high = some[0]
        return f"{say(value)} ({say(low)}–{say(high)})"
    values = [value for value, _, _ in some]
    return f"{say(min(values))}–{say(max(values))} ({models(len(some))})"
