"""What `pytest benchmarks` adds: each run is kept, and every level of every codec waits for a word.

`--benchmark-compare` then compares with the run before, wherever pytest was started.
"""

from __future__ import annotations

import pytest
from pytest_benchmark.utils import get_tag

from harness.project import ROOT

STORAGE = f"file://{ROOT / '.benchmarks'}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-level",
        action="store_true",
        help="Measure every level of every codec too: some hours.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "every_level: only with --every-level")
    if config.option.benchmark_storage == "file://./.benchmarks":  # its default
        config.option.benchmark_storage = STORAGE
    quiet = "default::pytest_benchmark.logger.PytestBenchmarkWarning"
    config.addinivalue_line("filterwarnings", quiet)  # such as: nothing to compare with yet
    if not config.option.benchmark_save and not config.option.collectonly:
        config.option.benchmark_autosave = config.option.benchmark_autosave or get_tag()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.every_level:
        return
    waiting = [item for item in items if item.get_closest_marker("every_level")]
    items[:] = [item for item in items if item not in set(waiting)]
    config.hook.pytest_deselected(items=waiting)
