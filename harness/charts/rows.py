"""What the charts of a measuring run show, row by row; tables print the same rows. Pure.

Seconds are wall time and bytes are bytes, medians of blocks, as in the tables of `shelflife
measure`. A noise band is the factor that two equal arms of the same set may differ by.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from harness.measure.records import Case
from harness.measure.results import Figure, Key, Results

LEVEL = re.compile(r"(.+)-(\d+)")
COLD, WARM = "cold", "warm"
STAGED = ("interpreter", "import", "load", "touch", "first-answer")
LOADS = {WARM: "load-warm", COLD: "load-cold"}
GROWN = ("dump-file", "load-touch")  # stages that are followed as models grow
ENOUGH = 4  # models of growing size; of fewer there is no growth to be seen
FACTOR = 100  # that the largest of them is larger than the smallest


@dataclass(frozen=True)
class Spot:
    """A format: bytes, and process start to first answer; `front`: none is better in both."""

    arm: str
    bytes: int
    start: Figure
    front: bool


@dataclass(frozen=True)
class Stack:
    """What a user waits for, by stage: (stage, seconds) each, warm or cold."""

    arm: str
    load: str
    parts: tuple[tuple[str, float], ...]

    @property
    def total(self) -> float:
        return sum(seconds for _, seconds in self.parts)


@dataclass(frozen=True)
class Level:
    """A codec at a level: how many times smaller than without, and seconds to save and load."""

    codec: str
    level: int | None
    arm: str
    ratio: float
    dump: Figure
    load: Figure


@dataclass(frozen=True)
class Memory:
    """Peaks of resident memory, in bytes: before loading, by its end, by the first answer's."""

    arm: str
    base: Figure
    load: Figure
    answer: Figure


@dataclass(frozen=True)
class Grown:
    """A format's figure of a stage at one size of model, `payload` bytes of arrays."""

    arm: str
    stage: str
    model: str
    payload: int
    figure: Figure
    noise: float | None


def spots(results: Results, key: Key) -> list[Spot]:
    """Size against start to first answer, in the order of the run."""
    found = [
        (case.arm, case.bytes, figure)
        for case in _fine(results, key)
        if case.bytes and (figure := results.figure(key, case.arm, "start"))
    ]
    front = pareto([(float(size), figure.value) for _, size, figure in found])
    return [
        Spot(arm, size, figure, best)
        for (arm, size, figure), best in zip(found, front, strict=True)
    ]


def pareto(points: Sequence[tuple[float, float]]) -> list[bool]:
    """Of each point whether no other one is as good in both and better in one; less is better."""
    return [
        not any(q != p and all(a <= b for a, b in zip(q, p, strict=True)) for q in points)
        for p in points
    ]


def stacks(results: Results, key: Key, load: str) -> list[Stack]:
    """Import, load, touch and first answer of each format, for `warm` or `cold` loading."""
    found = []
    for case in _fine(results, key):
        stages = [LOADS[load] if stage == "load" else stage for stage in STAGED]
        figures = [results.figure(key, case.arm, stage) for stage in stages]
        if figures[2] is None:
            continue
        parts = [(s, f.value) for s, f in zip(STAGED, figures, strict=True) if f is not None]
        found.append(Stack(case.arm, load, tuple(parts)))
    return found


def levels(results: Results, key: Key) -> list[Level]:
    """The compressed formats of a set, with what holds the same without compression."""
    cases = {case.arm: case for case in _fine(results, key) if case.bytes}
    found = []
    for arm, case in cases.items():
        plain = cases.get(_plain(arm), cases.get(results.baseline))
        if not compresses(arm) or plain is None or not plain.bytes or not case.bytes:
            continue
        dump, load = (results.figure(key, arm, stage) for stage in ("dump-file", "load-touch"))
        if dump and load:
            codec, level = _codec_level(arm)
            found.append(Level(codec, level, arm, plain.bytes / case.bytes, dump, load))
    return sorted(found, key=lambda each: (each.codec, each.level or 0))


CODECS = ("gzip", "zlib", "bz2", "lzma", "xz", "zstd", "lz4", "brotli", "deflate", "bzip2")


def compresses(arm: str) -> bool:
    """Whether a format is one of those with a codec: it has a chart of its own."""
    return any(word in CODECS for word in arm.split("-"))


def _codec_level(arm: str) -> tuple[str, int | None]:
    match = LEVEL.fullmatch(arm)
    return (match[1], int(match[2])) if match else (arm, None)


def _plain(arm: str) -> str:
    """The format that is compressed: `joblib` of `joblib-zlib-3`, `pickle-5` of `pickle-zstd`."""
    first = arm.split("-")[0]
    return "pickle-5" if first == "pickle" else first


def memory(results: Results, key: Key) -> list[Memory]:
    """Peaks of each format's own process."""
    found = []
    for case in _fine(results, key):
        peaks = [results.peak(key, case.arm, which) for which in ("base", "load", "answer")]
        base, load, answer = peaks
        if base and load and answer:
            found.append(Memory(case.arm, base, load, answer))
    return found


def growth(results: Results, environment: str) -> list[Grown]:
    """Figures over the models of an environment, by payload, of what does not compress.

    [] where there are too few sizes, or too alike, for growth to be seen.
    """
    found = []
    for key in [key for key in results.measured.sets if key[0] == environment]:
        noise = {stage: results.band(key, stage) for stage in GROWN}
        for case in _fine(results, key):
            for stage in GROWN:
                figure = results.figure(key, case.arm, stage)
                if figure and case.payload and not compresses(case.arm):
                    band = noise[stage]
                    found.append(Grown(case.arm, stage, key[1], case.payload, figure, band))
    sizes = {row.payload for row in found}
    if len(sizes) < ENOUGH or max(sizes) < FACTOR * min(sizes):
        return []
    return sorted(found, key=lambda row: (row.stage, row.arm, row.payload))


def factor(results: Results, key: Key, stage: str) -> float | None:
    """The noise of a stage as a factor, 1.04 for 4 %; None where it is not known."""
    noise = results.band(key, stage)
    return None if noise is None else math.exp(noise)


def memory_factor(results: Results, key: Key) -> float | None:
    """The same of peaks of memory by the first answer."""
    noise = results.memory_band(key)
    return None if noise is None else math.exp(noise)


def _fine(results: Results, key: Key) -> list[Case]:
    return [case for case in results.arms(key) if case.status == "ok"]
