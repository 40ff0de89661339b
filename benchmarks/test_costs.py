"""The same cases with pytest-benchmark, in the current environment: `pytest benchmarks`.

Dump, load, and load with the first answer are timed in this process, grouped by model. What only a
fresh process can tell, such as a cold load or the time from its start to the first answer, comes
from one block of `benchmarks/blocks.py` and stands in `extra_info`: `bytes`, `stages` in seconds,
`peak` in bytes. Sizes may gate, times may not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import blocks
from benchmarks.cases import Case, Lacking
from benchmarks.suite.sets import SETS, beside, cases, plugins
from harness.environments import Ready

STAGES = ("dump", "load", "first_answer")
ROUNDS = 10
LONG = 0.5  # seconds of a round that is done three times only
Blocks = Callable[[str, str], blocks.Found]
each_stage = pytest.mark.parametrize("stage", STAGES)


def each(name: str) -> Any:
    """Every case of a set, under its own id."""
    ids = cases(name)
    return pytest.mark.parametrize("id", ids, ids=ids)


@pytest.fixture(scope="session")
def found() -> Blocks:
    """What one block of fresh processes finds of a case; of all of a comparison once."""
    known: dict[tuple[str, str, str], dict[str, blocks.Found]] = {}
    here = Ready("current", Path(sys.executable), {})

    def find(name: str, id: str) -> blocks.Found:
        model, _, format = id.partition("/")
        together = beside(name, format)
        key = name, model, together[0]
        if key not in known:
            known[key] = blocks.measure(here, model, together, plugins(), 1, SETS[name].starts)
        return known[key][format]

    return find


@pytest.fixture
def cost(benchmark: BenchmarkFixture, found: Blocks, tmp_path: Path) -> Callable[..., None]:
    """Measure one stage of a case of a set; skipped with the reason where it cannot be."""

    def measure(name: str, id: str, stage: str) -> None:
        try:
            case = Case(id, tmp_path)
        except Lacking as reason:
            pytest.skip(str(reason))
        fresh = found(name, id)
        benchmark.group = f"{stage} {case.model}"
        benchmark.extra_info.update(
            case=id,
            bytes=case.bytes,
            stages={key: values[0] for key, values in fresh.stages.items()},
            peak={key: values[0] for key, values in fresh.peaks.items()},
            fresh=fresh.reason or fresh.status,
        )
        known = fresh.stages.get("dump-file" if stage == "dump" else "load-warm", [0.0])[0]
        rounds = 3 if known > LONG else ROUNDS
        benchmark.pedantic(
            getattr(case, stage),
            setup=case.clear if stage == "dump" else None,
            rounds=rounds,
            iterations=1,
            warmup_rounds=1,
        )
        assert case.bytes > 0

    return measure


@pytest.mark.filterwarnings("default")
@each_stage
@each("formats")
def test_formats(cost: Any, id: str, stage: str) -> None:
    cost("formats", id, stage)


@pytest.mark.filterwarnings("default")
@each_stage
@each("boosters")
def test_boosters(cost: Any, id: str, stage: str) -> None:
    cost("boosters", id, stage)


@pytest.mark.filterwarnings("default")
@each_stage
@each("networks")
def test_networks(cost: Any, id: str, stage: str) -> None:
    cost("networks", id, stage)


@pytest.mark.every_level
@pytest.mark.filterwarnings("default")
@each_stage
@each("compression")
def test_compression(cost: Any, id: str, stage: str) -> None:
    cost("compression", id, stage)
