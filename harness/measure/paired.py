"""Is one arm faster than another? Paired by block, with a noise band from two equal arms. Pure.

d = log(B / A) of each block. The median of d with a 99 % bootstrap interval (percentile method;
Efron 1979), and Wilcoxon's signed-rank test, which is the sign-flip test of the ranks of |d|
(Wilcoxon 1945). delta is the larger of 5 % and the band: the 95th percentile of what the median of
as many blocks would be of two arms that are equal, bootstrapped from this run's A/A pair.

*faster*, *slower*: the interval lies outside +-delta, and the signs are no accident (p < 0.01).
*equivalent*: the interval lies inside, and delta is at most 10 %. All else is *undecided*: of two
arms between which noise would hide 30 %, nobody can say that they are equal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from harness.measure.plan import ENOUGH

Floats = NDArray[np.float64]
LEAST = 0.05  # no difference below 5 % is called one
CEILING = 0.10  # noise above this forbids to call anything equivalent
CONFIDENCE = 0.99
BAND = 95.0  # percentile of the A/A pair's medians
RESAMPLES = 4000
SEED = 20261122


class Verdict(StrEnum):
    """How an arm compares with another one."""

    FASTER = "faster"
    SLOWER = "slower"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Compared:
    """B over A: the median ratio with its interval, of `n` blocks, and what follows.

    `delta` is the ratio's logarithm that counts as a difference; `p` is two-sided.
    """

    n: int
    ratio: float
    low: float
    high: float
    p: float
    delta: float
    verdict: Verdict


def differences(a: Mapping[int, float], b: Mapping[int, float]) -> Floats:
    """log(B / A) of the blocks that have both; values that are not positive say nothing."""
    both = [(a[n], b[n]) for n in sorted(a.keys() & b.keys()) if a[n] > 0 and b[n] > 0]
    return np.array([math.log(second / first) for first, second in both], dtype=np.float64)


def band(equal: Floats) -> float | None:
    """95th percentile of |median| of an A/A pair's differences; None of too few."""
    if len(equal) < ENOUGH:
        return None
    return float(np.percentile(np.abs(medians(equal)), BAND))


def compare(d: Floats, noise: float | None) -> Compared:
    """The verdict on differences, with the noise band of the run; None is no band known."""
    delta = max(math.log1p(LEAST), noise or 0.0)
    if not len(d):
        return Compared(0, math.nan, math.nan, math.nan, math.nan, delta, Verdict.UNDECIDED)
    low, high = interval(d)
    middle = float(np.median(d))
    p = signs(d)
    verdict = Verdict.UNDECIDED
    if noise is not None and len(d) >= ENOUGH:
        verdict = judge(low, high, p, delta)
    if verdict is Verdict.EQUIVALENT and delta > CEILING:
        verdict = Verdict.UNDECIDED
    return Compared(len(d), math.exp(middle), math.exp(low), math.exp(high), p, delta, verdict)


def judge(low: float, high: float, p: float, delta: float) -> Verdict:
    """What an interval of log ratios says against +-delta."""
    if -delta < low and high < delta:
        return Verdict.EQUIVALENT
    if p < 1 - CONFIDENCE and low > delta:
        return Verdict.SLOWER
    if p < 1 - CONFIDENCE and high < -delta:
        return Verdict.FASTER
    return Verdict.UNDECIDED


def interval(values: Floats) -> tuple[float, float]:
    """99 % bootstrap interval of the median."""
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(medians(values), (tail, 100 - tail))
    return float(low), float(high)


def medians(values: Floats) -> Floats:
    """Medians of resamples; of equal values always the same ones."""
    low, high = _middle_ranks(len(values))
    ordered = np.sort(values)
    found: Floats = (ordered[low] + ordered[high]) / 2
    return found


@lru_cache(maxsize=64)
def _middle_ranks(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which ranks of n values are in the middle of each resample: drawn once for all values."""
    drawn = np.random.default_rng(SEED).integers(n, size=(RESAMPLES, n))
    ordered = np.sort(drawn, axis=1)
    return ordered[:, (n - 1) // 2], ordered[:, n // 2]


def signs(d: Floats, alternative: str = "two-sided") -> float:
    """p of the sign-flip test of ranks that d is around zero; 1 where there is nothing to flip."""
    moved = d[d != 0]
    if not len(moved):
        return 1.0
    return float(stats.wilcoxon(moved, alternative=alternative).pvalue)


def middle(values: Sequence[float]) -> tuple[float, float, float] | None:
    """Median of block values with its interval; None of nothing."""
    if not values:
        return None
    found = np.array(values, dtype=np.float64)
    low, high = interval(found)
    return float(np.median(found)), low, high
