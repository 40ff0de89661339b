"""What measurements make of a claim. Pure.

A test holds where its whole 99 % interval, widened by the run's A/A noise, lies within its bounds,
fails where the whole lies outside, and is undecided otherwise. Bytes have no noise. A claim is
*reproduced* where all its tests hold, *refuted* where all fail, and holds *only if* what the tests
that hold say where others do not; it is *undecided* where none holds and not all fail.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from harness.claims.ledger import BYTES, Check, Claim
from harness.measure import paired
from harness.measure.plan import ENOUGH
from harness.measure.records import AGAIN
from harness.measure.results import Results
from harness.worth import ONLY_IF, REFUTED, REPRODUCED

UNDECIDED, NOTRUN = "undecided", "notrun"


class Outcome(StrEnum):
    """What became of a test."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"
    MISSING = "notrun"


@dataclass(frozen=True)
class Checked:
    """A test with its figure: a ratio, or seconds or bytes, with limits, of `n` blocks.

    `noise` is the factor that two equal arms may differ by; 1 for bytes.
    """

    test: Check
    outcome: Outcome
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    noise: float = 1.0
    n: int = 0
    why: str = ""


@dataclass(frozen=True)
class Judged:
    """A claim's verdict, what it says in words, and the tests behind it."""

    claim: Claim
    verdict: str
    says: str
    tests: tuple[Checked, ...] = ()


def judge(claim: Claim, results: Results) -> Judged:
    """A measured claim."""
    tests = tuple(checked(claim, test, results) for test in claim.tests)
    verdict, says = combined(tests)
    return Judged(claim, verdict, says, tests)


def combined(tests: Sequence[Checked]) -> tuple[str, str]:
    """The verdict of some tests, and in words what it rests on."""
    at = {outcome: [t for t in tests if t.outcome is outcome] for outcome in Outcome}
    holds, fails = at[Outcome.HOLDS], at[Outcome.FAILS]
    if not holds and not fails and not at[Outcome.UNDECIDED]:
        return NOTRUN, "; ".join(dict.fromkeys(t.why for t in tests))
    if len(holds) == len(tests):
        return REPRODUCED, ""
    if holds:
        open_ones = len(at[Outcome.UNDECIDED])
        more = f" ({open_ones} of {len(tests)} tests are undecided)" if open_ones else ""
        return ONLY_IF, "; or ".join(t.test.says for t in holds) + more
    return (REFUTED if len(fails) == len(tests) else UNDECIDED), ""


def checked(claim: Claim, test: Check, results: Results) -> Checked:
    """A test with what was measured for it."""
    over_case = test.over_case or test.case
    keys = claim.setup_of(test.case).key, claim.setup_of(over_case).key
    for key, arm in zip(keys, (test.of, test.over or test.of), strict=True):
        case = results.cases.get((*key, arm))
        if case is None or case.status != "ok":
            why = case.reason if case else f"{arm} of {key[1]} was not measured"
            return Checked(test, Outcome.MISSING, why=why)
    if test.stage == BYTES:
        return _of_bytes(test, keys, results)
    return _of_seconds(claim, test, keys, results)


def _of_bytes(test: Check, keys: Sequence[tuple[str, str]], results: Results) -> Checked:
    value = float(results.cases[*keys[0], test.of].bytes or 0)
    if test.over:
        value /= results.cases[*keys[1], test.over].bytes or math.nan
    return Checked(test, bounded(test, value, value), value, value, value, n=1)


def _of_seconds(
    claim: Claim, test: Check, keys: Sequence[tuple[str, str]], results: Results
) -> Checked:
    first = results.values.get((*keys[0], test.of, test.stage, test.ticks), {})
    stage = test.over_stage or test.stage
    second = results.values.get((*keys[1], test.over, stage, test.ticks), {})
    if not test.over:
        second = dict.fromkeys(first, 1.0)
    d = paired.differences(second, first)
    if not len(d):
        return Checked(test, Outcome.MISSING, why=f"{test.stage} was not measured")
    noise = _noise(claim, keys[0], test, results)
    found = paired.middle(d.tolist())
    assert found is not None
    value, low, high = (math.exp(x) for x in found)
    outcome = Outcome.UNDECIDED
    if noise is not None and len(d) >= ENOUGH:
        outcome = bounded(test, low / math.exp(noise), high * math.exp(noise))
    return Checked(test, outcome, value, low, high, math.exp(noise or 0.0), len(d))


def _noise(claim: Claim, key: tuple[str, str], test: Check, results: Results) -> float | None:
    """The A/A band of the test's setup: of its stage, or of the whole visit's first stage."""
    places = [
        (*key, arm, test.stage, test.ticks) for arm in (claim.baseline, claim.baseline + AGAIN)
    ]
    return paired.band(paired.differences(*(results.values.get(p, {}) for p in places)))


def bounded(test: Check, low: float, high: float) -> Outcome:
    """Where an interval lies against the bounds of a test."""
    least = -math.inf if test.least is None else test.least
    most = math.inf if test.most is None else test.most
    if least <= low and high <= most:
        return Outcome.HOLDS
    if high < least or low > most:
        return Outcome.FAILS
    return Outcome.UNDECIDED
