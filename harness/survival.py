"""Survival curves by Kaplan and Meier, with Greenwood's limits, from lives. Pure.

The estimate and its variance are scipy's (`scipy.stats.ecdf` of right-censored data; Kaplan and
Meier 1958, Greenwood 1926), the limits those of the transformed `log(-log S)`, which stay between
0 and 1 (Kalbfleisch and Prentice 1980). Where nothing has died yet, or everything, Greenwood's
variance is 0 and says nothing: there the open limit is Wilson's, for those then at risk.

Subjects of one producer share its environment and often its cause of death; they are not
independent. The limits take them as if they were, and so are narrower than the truth.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from harness.shelflives import Life

RELEASES, MONTHS = "releases", "months"
MARKS = {RELEASES: (1, 2, 3), MONTHS: (12, 24, 36)}
"""When the tables say how many still answer."""

CONFIDENCE = 0.95
Z = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """From `time` on, `share` still answers, with limits; `risk` were followed so far."""

    time: float
    share: float
    low: float
    high: float
    risk: int
    died: int


@dataclass(frozen=True)
class Curve:
    """A survival curve: `steps` at each time at which something is known to have happened."""

    subjects: int
    died: int
    steps: tuple[Step, ...]

    @property
    def end(self) -> float:
        """How long the one followed longest was followed; 0 for nobody."""
        return self.steps[-1].time if self.steps else 0.0

    def at(self, time: float) -> Step | None:
        """What holds at a time: None where nobody was followed so long and some still answered."""
        past = [step for step in self.steps if step.time <= time]
        if time > self.end and (not past or past[-1].share > 0):
            return None
        later = [step.risk for step in self.steps if step.time >= time]
        if not past:
            risk = later[0]
            return Step(time, 1.0, wilson(risk, risk)[0], 1.0, risk, 0)
        held = past[-1]
        return Step(time, held.share, held.low, held.high, later[0] if later else 0, held.died)

    def median(self) -> tuple[float | None, float | None, float | None]:
        """When half or fewer still answer, with limits; None for not yet."""
        crossed = [
            next((s.time for s in self.steps if getattr(s, which) <= 0.5), None)
            for which in ("share", "low", "high")
        ]
        return crossed[0], crossed[1], crossed[2]


def curve(lives: Sequence[Life], unit: str) -> Curve:
    """The curve over `releases` or `months` of some lives in one direction."""
    times = np.array([getattr(life, unit) for life in lives], dtype=np.float64)
    died = np.array([life.died for life in lives], dtype=bool)
    return kaplan_meier(times, died)


def kaplan_meier(times: Floats, died: NDArray[np.bool_]) -> Curve:
    """The curve of times of death and, where `died` is false, of censoring."""
    if not len(times):
        return Curve(0, 0, ())
    sample = stats.CensoredData.right_censored(times, ~died)
    survival = stats.ecdf(sample).sf
    with warnings.catch_warnings():  # scipy says that its limits are undefined at 0 and 1
        warnings.simplefilter("ignore", RuntimeWarning)
        limits = survival.confidence_interval(CONFIDENCE, method="log-log")
    ordered, deaths = np.sort(times), np.sort(times[died])
    steps = []
    rows = zip(
        survival.quantiles, survival.probabilities,
        limits.low.probabilities, limits.high.probabilities, strict=True,
    )  # fmt: skip
    for time, share, low, high in rows:
        risk = int(len(ordered) - np.searchsorted(ordered, time, "left"))
        fell = int(np.searchsorted(deaths, time, "right") - np.searchsorted(deaths, time, "left"))
        steps.append(_step(float(time), float(share), (float(low), float(high)), risk, fell))
    return Curve(len(times), int(died.sum()), tuple(steps))


def _step(time: float, share: float, limits: tuple[float, float], risk: int, died: int) -> Step:
    """A step with limits also where Greenwood's formula has none."""
    low, high = limits
    if share >= 1.0:
        low, high = wilson(risk, risk)[0], 1.0
    elif share <= 0.0:
        low, high = 0.0, wilson(0, risk)[1]
    return Step(time, share, low, high, risk, died)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % limits of a share (Wilson 1927); 0 to 1 of nothing."""
    if not of:
        return 0.0, 1.0
    share, z2 = hits / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * np.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    low = 0.0 if not hits else max(0.0, middle - half)
    high = 1.0 if hits == of else min(1.0, middle + half)
    return float(low), float(high)
