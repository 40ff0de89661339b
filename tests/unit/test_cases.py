"""One definition of cases: asv, pytest-benchmark and the matrices know them by the same ids."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness import header, matrix, project, registry
from harness.locks import Lock
from harness.measure.records import STAGES
from harness.records import Matrix
from harness.registry import Registry
from harness.source import Source

costs = pytest.importorskip("benchmarks.suite.costs", reason="asv's runner is not installed")
pytest.importorskip("pytest_benchmark")

from benchmarks.suite import sets  # noqa: E402

ROOT = project.ROOT
SUITES = [value for name, value in vars(costs).items() if inspect.isclass(value) and name[0] != "_"]
SUITES = [suite for suite in SUITES if issubclass(suite, costs._Costs)]
PARAMETER = re.compile(r"::test_(\w+)\[(.+)-(dump|load|first_answer)\]$")
EVERYTHING = """\
description = "every case that is measured"
models = {models}
formats = {formats}
[[from]]
matrix = "quick"
environments = ["*"]
"""


@pytest.fixture(scope="module")
def known() -> Registry:
    return registry.read(sets.plugins())


@pytest.fixture(scope="module")
def collected() -> dict[str, set[str]]:
    """The ids that pytest collects under benchmarks, by set."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "benchmarks",
        "--collect-only",
        "--every-level",
        "-q",
    ]
    variables = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_XDIST")}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=variables
    )
    found: dict[str, set[str]] = {}
    for line in done.stdout.splitlines():
        if match := PARAMETER.search(line):
            found.setdefault(match[1], set()).add(match[2])
    return found


def of_asv(name: str) -> set[str]:
    """The parameters of the suites of a set."""
    mine = [suite for suite in SUITES if suite.__name__.startswith(name.title() + "_")]
    return {id for suite in mine for id in suite.params[0]}


@pytest.mark.parametrize("name", sets.SETS)
def test_asv_pytest_benchmark_and_a_matrix_have_the_same_ids(
    name: str, known: Registry, collected: dict[str, set[str]], tmp_path: Path
) -> None:
    in_asv = of_asv(name)
    path = tmp_path / "all.toml"
    models = sorted({id.partition("/")[0] for id in in_asv})
    formats = sorted({id.partition("/")[2] for id in in_asv})
    path.write_text(EVERYTHING.format(models=models, formats=formats))
    loaded = matrix.load(path, project.matrices(), known.models, known.formats)
    in_matrix = {f"{model.id}/{format.id}" for model in loaded.models for format in loaded.formats}
    assert in_asv == collected[name] == in_matrix


def test_every_model_of_every_set_has_a_suite_of_its_own() -> None:
    assert len(SUITES) == sum(len(each.models) for each in sets.SETS.values())
    for suite in SUITES:
        assert len({id.partition("/")[0] for id in suite.params[0]}) == 1


def test_every_level_of_every_codec_is_among_the_cases() -> None:
    levels: dict[str, set[int]] = {}
    for case in sets.cases("compression"):
        codec, _, level = case.partition("/")[2].rpartition("-")
        if level.isdigit() and codec not in ("", "pickle"):
            levels.setdefault(codec, set()).add(int(level))
    upper = set(range(1, 10))
    assert levels == {
        "joblib-zlib": upper | {0},
        "joblib-gzip": upper | {0},
        "joblib-bz2": upper,
        "joblib-lzma": upper | {0},
        "joblib-xz": upper | {0},
        "joblib-lz4": upper | {0},
        "pickle-gzip": upper,
        "pickle-bz2": upper,
        "pickle-lzma": upper | {0},
        "pickle-zstd": set(range(1, 23)),
        "pickle-lz4": {0, *range(3, 13)},
        "pickle-brotli": set(range(12)),
    }


def test_a_codec_is_compared_by_itself_and_all_formats_together() -> None:
    assert sets.beside("compression", "pickle-lz4-9")[0] == "pickle-lz4-0"
    assert all(id.startswith("pickle-lz4-") for id in sets.beside("compression", "pickle-lz4-9"))
    assert sets.beside("compression", "joblib") == ["joblib", "pickle-5"]
    assert {"pickle-5", "skops", "onnx-f32"} <= set(sets.beside("formats", "joblib"))


def test_a_pattern_takes_wrapped_formats_only_with_a_plus_and_may_take_away() -> None:
    ids = ["a-1", "a-2", "a-1+x", "b"]
    assert sets.picked(ids, ("a*", "!*-2")) == ["a-1"]
    assert sets.picked(ids, ("b", "a-1+*")) == ["a-1+x", "b"]


# -- the suite, as asv sees it -------------------------------------------------------------------


def test_every_track_says_version_unit_and_rounds_and_none_is_a_peakmem() -> None:
    for suite in SUITES:
        tracks = dict(inspect.getmembers(suite, inspect.isfunction))
        named = {name for name in tracks if not name.startswith(("_", "setup_cache"))}
        assert named and all(name.startswith("track_") for name in named)
        assert all(tracks[name].version == costs.VERSION for name in named)
        assert {tracks[name].unit for name in named} == {"seconds", "bytes"}


def test_a_track_hands_out_a_stage_of_the_protocol_or_a_peak() -> None:
    for group, key in costs.TRACKS.values():
        assert key in (STAGES if group == "stages" else ("dump", "load", "answer"))


def test_a_round_is_the_next_one_each_time_a_track_is_asked(tmp_path: Path) -> None:
    asked = (str(tmp_path), "formats", "bytes", "model/format")
    assert [costs._turn(*asked) for _ in range(3)] == [0, 1, 2]
    assert costs._turn(str(tmp_path), "formats", "bytes", "model/other") == 0


@pytest.mark.parametrize("name", ["suite/sets.py", "suite/costs.py", "codecs/levels.py"])
def test_what_runs_in_the_environments_keeps_to_their_language(name: str) -> None:
    source = (ROOT / "benchmarks" / name).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    roots = {
        node.module.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module
    }
    ours = {"harness", "asv_runner", "shelflife_worker"}
    assert roots <= set(sys.stdlib_module_names) | ours


# -- large models and the matrices ---------------------------------------------------------------


def every_matrix(known: Registry) -> list[Matrix]:
    folder = project.matrices()
    return [matrix.load(path, folder, known.models, known.formats) for path in matrix.files(folder)]


def test_no_shipped_matrix_takes_a_large_model() -> None:
    for loaded in every_matrix(registry.read()):
        assert not any(model.family == header.LARGE.stem for model in loaded.models)


def test_a_matrix_takes_large_models_when_it_names_them(known: Registry, tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    text = '{0}\nformats = ["pickle-5"]\n[[from]]\nmatrix = "quick"\nenvironments = ["*"]\n'

    def taken(patterns: str) -> set[str]:
        path.write_text(text.format(f"models = {patterns}"))
        found = matrix.load(path, project.matrices(), known.models, known.formats)
        return {model.id for model in found.models}

    assert not any(id.startswith("sized.") for id in taken('["*"]'))
    assert taken('["sized.linear-1?"]') == {"sized.linear-1k", "sized.linear-1m"}


def test_large_models_change_the_fingerprint_only_of_those_who_take_them(
    known: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = tmp_path / "worker"
    large = worker / "models" / "sizes.py"
    large.parent.mkdir(parents=True)
    monkeypatch.setattr(header, "WORKER", worker)
    monkeypatch.setattr(header, "LARGE", large)
    path = tmp_path / "one.toml"
    text = 'models = ["{0}"]\nformats = ["pickle-5"]\n[[from]]\nmatrix = "quick"\n'

    def changes(model: str) -> bool:
        path.write_text(text.format(model) + 'environments = ["*"]\n')
        loaded = matrix.load(path, project.matrices(), known.models, known.formats)
        marks = set()
        for content in ("before", "after"):
            large.write_text(content)
            marks.add(header.fingerprint(loaded, dict[str, Lock]()))
        return len(marks) == 2

    assert not changes("logreg.binary")
    assert changes("sized.linear-1k")


def test_the_shipped_sources_are_where_they_are_said_to_be() -> None:
    assert header.LARGE.is_file()
    assert Source.read(ROOT / "matrices" / "minimal.toml").data["models"]
