"""The matrices that are shipped: each can be loaded, locked, and is what its file says."""

from __future__ import annotations

import functools
import itertools

import pytest

from harness import locks, matrix, project, registry
from harness.records import Environment, Matrix
from harness.source import Source

FOLDER = project.ROOT / "matrices"
LIBRARIES = ("boosters", "onnx", "pmml", "keras", "mlflow", "torch")


@functools.cache
def known() -> registry.Registry:
    return registry.read()


@functools.cache
def loaded(name: str) -> Matrix:
    return matrix.load(FOLDER / f"{name}.toml", FOLDER, known().models, known().formats)


def line(name: str, main: str) -> list[Environment]:
    """The environments of a matrix whose releases of `main` are compared, in their order."""
    return [e for e in loaded(name).environments if e.main.startswith(main) and not e.variant_of]


def release(environment: Environment) -> tuple[int, int]:
    pins = locks.pins("\n".join(environment.requirements))
    major, minor = pins[environment.main].split(".")[:2]
    return int(major), int(minor)


@pytest.mark.parametrize("name", LIBRARIES)
def test_each_environment_has_a_lock_or_a_reason(name: str) -> None:
    found = locks.read_all(FOLDER, loaded(name).environments)
    lacking = [e for e in loaded(name).environments if e.id not in found]
    assert all(environment.notrun for environment in lacking)


@pytest.mark.parametrize("name", LIBRARIES)
def test_nothing_is_used_from_after_the_cutoff(name: str) -> None:
    for environment in matrix.environments_in(Source.read(FOLDER / f"{name}.toml")):
        assert environment.released <= environment.cutoff, environment.id


@pytest.mark.parametrize(
    ("name", "main"),
    [
        *(("boosters", "xgboost"), ("boosters", "lightgbm"), ("onnx", "skl2onnx")),
        *(("onnx", "onnxruntime"), ("mlflow", "mlflow")),
    ],
)
def test_releases_stand_in_their_order(name: str, main: str) -> None:
    released = sorted(line(name, main), key=release)
    if main != "mlflow":  # of which several lines are kept up at once
        assert released == line(name, main)
    assert len({release(environment) for environment in released}) == len(released)


@pytest.mark.parametrize(
    ("name", "main", "first"),
    [("boosters", "lightgbm", (2, 3)), ("onnx", "onnxruntime", (1, 15))],
)
def test_no_minor_release_is_left_out(name: str, main: str, first: tuple[int, int]) -> None:
    found = sorted(map(release, line(name, main)))
    assert found[0] == first
    for before, after in itertools.pairwise(found):
        assert after in ((before[0], before[1] + 1), (before[0] + 1, 0))


def test_every_minor_release_of_xgboost_is_there() -> None:
    minors = {1: 8, 2: 2, 3: 3}
    wanted = [(major, minor) for major, count in minors.items() for minor in range(count)]
    assert sorted(map(release, line("boosters", "xgboost"))) == wanted


def test_a_runtime_alone_only_answers() -> None:
    found = {c for include in loaded("onnx").includes for c in include.consumers}
    assert all(environment.id in found for environment in line("onnx", "onnxruntime"))
    assert not found & {p for include in loaded("onnx").includes for p in include.producers}
