"""The same cases with pytest-benchmark: `pytest benchmarks`. Sizes may gate, times may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.cases import Case, ids


@pytest.fixture(params=ids())
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    found = Case(request.param, tmp_path)
    if found.unsupported:
        pytest.skip(found.unsupported)
    return found


def measure(benchmark: BenchmarkFixture, case: Case, stage: str) -> None:
    benchmark.group = f"{stage} {case.id.partition('/')[0]}"
    benchmark.extra_info.update(case=case.id, bytes=case.bytes)
    benchmark.pedantic(getattr(case, stage), rounds=10, iterations=1, warmup_rounds=1)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("stage", ["dump", "load", "first_answer"])
def test_cost(benchmark: BenchmarkFixture, case: Case, stage: str) -> None:
    measure(benchmark, case, stage)
    assert case.bytes > 0
