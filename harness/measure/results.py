"""What a measuring run says: figures with intervals, the noise band, verdicts. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.measure import paired
from harness.measure.paired import Compared, Verdict
from harness.measure.plan import INSIDE
from harness.measure.records import AGAIN, CPU, STAGES, WALL, Case, Measured, Peak

JUDGED = ("dump-file", "load-touch", "start")
"""Stages that a format is compared by: saving; loading with what comes lazily; all of a start."""

Key = tuple[str, str]  # environment, model


@dataclass(frozen=True)
class Figure:
    """Median of block values with its 99 % bootstrap interval, of `n` blocks: seconds or bytes."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Results:
    """Figures and verdicts of what was measured; each is worked out when it is asked for."""

    measured: Measured

    @cached_property
    def values(self) -> Mapping[tuple[str, str, str, str, str], dict[int, float]]:
        """(environment, model, arm, stage, clock) -> {block: seconds}."""
        found: dict[tuple[str, str, str, str, str], dict[int, float]] = defaultdict(dict)
        for s in self.measured.samples:
            place = (s.environment, s.model, s.arm, s.stage)
            found[*place, WALL][s.block] = s.wall
            found[*place, CPU][s.block] = s.cpu
        return found

    @cached_property
    def cases(self) -> Mapping[tuple[str, str, str], Case]:
        return {(case.environment, case.model, case.arm): case for case in self.measured.cases}

    @cached_property
    def peaks(self) -> Mapping[tuple[str, str, str], list[Peak]]:
        found: dict[tuple[str, str, str], list[Peak]] = defaultdict(list)
        for peak in self.measured.peaks:
            found[peak.environment, peak.model, peak.arm].append(peak)
        return found

    @property
    def baseline(self) -> str:
        return str(self.measured.header["baseline"])

    def arms(self, key: Key) -> list[Case]:
        """The cases of a set, without the second of the equal arms, in the order they came."""
        return [
            case
            for case in self.measured.cases
            if (case.environment, case.model) == key and not case.arm.endswith(AGAIN)
        ]

    def blocks(self, key: Key, process: str = INSIDE) -> int:
        """How many blocks of a set have processes of that kind."""
        return len(
            {
                found.block
                for found in self.measured.processes
                if found.process == process and (found.environment, found.model) == key
            }
        )

    def figure(self, key: Key, arm: str, stage: str, clock: str = WALL) -> Figure | None:
        """Seconds of an arm's stage; None where it was not measured."""
        return _figure(list(self.values.get((*key, arm, stage, clock), {}).values()))

    def peak(self, key: Key, arm: str, which: str = "answer") -> Figure | None:
        """Bytes of resident memory by then: `base`, `load`, `answer`, or `dump`."""
        found = [getattr(peak, which) for peak in self.peaks.get((*key, arm), ())]
        return _figure([float(value) for value in found if value is not None])

    def band(self, key: Key, stage: str) -> float | None:
        """The noise of this set: see `paired.band`. None where it is not known."""
        return paired.band(self._differences(key, self.baseline + AGAIN, stage))

    def compared(self, key: Key, arm: str, stage: str, base: str = "") -> Compared:
        """An arm against the baseline or another arm, by the clock of the stage."""
        return paired.compare(self._differences(key, arm, stage, base), self.band(key, stage))

    def memory_band(self, key: Key) -> float | None:
        """The noise of peaks of memory by the first answer; None where it is not known."""
        return paired.band(self._memory_differences(key, self.baseline + AGAIN, self.baseline))

    def memory_compared(self, key: Key, arm: str, base: str = "") -> Compared:
        """Peaks of memory by the first answer, against the baseline or another arm."""
        d = self._memory_differences(key, arm, base or self.baseline)
        return paired.compare(d, self.memory_band(key))

    def _memory_differences(self, key: Key, arm: str, base: str) -> paired.Floats:
        one, other = (
            {p.block: float(p.answer) for p in self.peaks.get((*key, which), ()) if p.answer}
            for which in (base, arm)
        )
        return paired.differences(one, other)

    def between(self, good: Key, new: Key, arm: str, stage: str) -> paired.Floats:
        """log(new / good) of one arm in two sets, by the blocks that both have."""
        clock = STAGES[stage].clock
        old = self.values.get((*good, arm, stage, clock), {})
        return paired.differences(old, self.values.get((*new, arm, stage, clock), {}))

    def _differences(self, key: Key, arm: str, stage: str, base: str = "") -> paired.Floats:
        clock = STAGES[stage].clock
        first = self.values.get((*key, base or self.baseline, stage, clock), {})
        return paired.differences(first, self.values.get((*key, arm, stage, clock), {}))

    def is_open(self, key: Key, stages: Sequence[str] = JUDGED) -> bool:
        """Whether any verdict of the set is still undecided."""
        arms = [c.arm for c in self.arms(key) if c.status == "ok" and c.arm != self.baseline]
        return any(
            self.compared(key, arm, stage).verdict is Verdict.UNDECIDED
            for arm in arms
            for stage in stages
        )


def _figure(values: Sequence[float]) -> Figure | None:
    found = paired.middle(values)
    return Figure(*found, len(values)) if found else None
