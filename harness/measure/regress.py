"""Regressions of cost over nights: a two-stage rule with a stated rate of false alarms. Pure.

1. *Suspected*: tonight's value, relative to the baseline format of the same model the same night,
   exceeds the maximum of the last 30 nights. Where nothing has changed, the nights are
   exchangeable, and one in 31 is the largest: that is the rate of false suspicion, whatever the
   noise looks like.
2. *Confirmed*: of 20 fresh interleaved pairs, new against last good, the one-sided sign-flip test
   of ranks (see `paired.py`) has p < 0.001.

Both stages go by chance in 0.001 / 31 of the cases and nights: with 500 cases one false alarm in
62 nights.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.measure import paired
from harness.measure.paired import Floats
from harness.measure.results import JUDGED, Results

NIGHTS = 30  # that tonight is compared with
PAIRS = 20  # fresh ones, to confirm
P = 0.001

Place = tuple[str, str, str, str]  # environment, model, arm, stage


@dataclass(frozen=True)
class Suspect:
    """A case that is slower tonight than in any of the last 30 nights: ratios to the baseline."""

    environment: str
    model: str
    arm: str
    stage: str
    tonight: float
    before: float


def nights(runs: Iterable[Results]) -> dict[Place, list[float]]:
    """Log ratio to the baseline of each case and stage, a value a run in which there was one."""
    found: dict[Place, list[float]] = defaultdict(list)
    for run in runs:
        for key in run.measured.sets:
            for case in run.arms(key):
                if case.status != "ok" or case.arm == run.baseline:
                    continue
                for stage in JUDGED:
                    ratio = run.compared(key, case.arm, stage).ratio
                    if not math.isnan(ratio):
                        found[*key, case.arm, stage].append(math.log(ratio))
    return found


def suspects(history: Mapping[Place, Sequence[float]]) -> list[Suspect]:
    """The cases that the first stage suspects; those with fewer nights than 31 say nothing yet."""
    found = []
    for place, values in history.items():
        *before, tonight = values
        if is_suspected(tonight, before):
            highest = max(before[-NIGHTS:])
            found.append(Suspect(*place, math.exp(tonight), math.exp(highest)))
    return found


def is_suspected(tonight: float, before: Sequence[float]) -> bool:
    """Whether tonight exceeds each of the last 30 nights; never where there are fewer."""
    return len(before) >= NIGHTS and tonight > max(before[-NIGHTS:])


def is_confirmed(d: Floats) -> bool:
    """Whether fresh pairs, d = log(new / good), say that the new one is slower."""
    return len(d) >= PAIRS and paired.signs(d, "greater") < P


def false_alarms(cases: int) -> float:
    """How many are expected a night of so many cases in which nothing has changed."""
    return cases * P / (NIGHTS + 1)
