"""The models and their data, without scikit-learn: names, promises, committed bytes."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.worker import data, registry
from harness.worker.models import _api

WORKER = Path(registry.__file__).parent
FILES = sorted((WORKER / "models").glob("*.py")) + sorted((WORKER / "data").glob("*.py"))
FAMILIES = sorted(path.stem for path in (WORKER / "models").glob("[!_]*.py"))
for family in FAMILIES:
    importlib.import_module(f"harness.worker.models.{family}")
MODELS = {id: model for id, model in registry.MODELS.items() if model.family in FAMILIES}
SPARSE = {"digits.sparse", "wine.sparse"}
MADE = {name for name in registry.DATA if name.startswith("sized.")}  # with the large models


def test_there_are_many_and_every_file_has_some() -> None:
    assert len(MODELS) >= 75
    assert {model.family for model in MODELS.values()} == set(FAMILIES)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.id)
def test_a_model_is_named_and_described(model: registry.Model) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*", model.id)
    assert model.build.__name__ == re.sub("[.-]", "_", model.id)
    assert model.data in {*data.SETS, *MADE} or (not model.data and model.asks)
    assert 0 < len(model.summary) <= 60 and not model.summary.endswith(".")


def test_every_data_set_is_used() -> None:
    used = {model.data for model in MODELS.values() if not model.asks}
    assert used == {*data.SETS, *MADE}


def test_a_model_has_a_data_set_or_questions_of_its_own() -> None:
    for given in ({}, {"data": "iris", "asks": {"itself": lambda thing: thing}}):
        with pytest.raises(ValueError, match="either a data set or questions of its own"):
            registry.model("un.done", summary="nothing to ask", **given)(lambda: None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_language_floor_and_imports(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.Import):
            roots = {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            roots = {(node.module or "").partition(".")[0]}
        else:
            continue
        assert roots <= sys.stdlib_module_names


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_is_left_to_chance_or_threads(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "n_jobs=" not in source
    seeds = re.findall(r"random_state=(\w+)", source)
    assert all(seed.isdigit() for seed in seeds)


def test_importing_a_recipe_imports_no_library() -> None:
    imports = "; ".join(f"import harness.worker.models.{family}" for family in FAMILIES)
    code = (
        f"import sys; {imports}; print(sorted({{'numpy', 'scipy', 'sklearn'}} & set(sys.modules)))"
    )
    root = WORKER.parents[1]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stderr


def test_the_index_describes_every_byte_once() -> None:
    folder = WORKER / "data"
    index = json.loads((folder / "arrays.json").read_text(encoding="utf-8"))
    end = 0
    for entry in sorted(index.values(), key=lambda entry: entry["offset"]):
        assert entry["dtype"] in ("<f8", "<i8") and entry["offset"] == end
        size = 8
        for length in entry["shape"]:
            size *= length
        end += size
    assert end == (folder / "arrays.bin").stat().st_size
    assert sum(path.stat().st_size for path in folder.glob("*.*")) < 400_000


@pytest.mark.parametrize("name", sorted(data.SETS))
def test_a_data_set_is_whole(name: str) -> None:
    _need(name)
    table = data.load(name)
    fit, ask = (_length(part) for part in (table.X, table.ask))
    assert 20 <= fit <= 250 and 30 <= ask <= 60
    assert (table.y is None) == (table.ask_y is None)
    if table.y is not None:
        assert (len(table.y), len(table.ask_y)) == (fit, ask)


@pytest.mark.parametrize("name", ["iris", "mixed", "dicts", "text", "wine.sparse"])
def test_what_is_handed_out_cannot_spoil_the_next(name: str) -> None:
    _need(name)
    before = data.load(name)
    taken = data.load(name)
    if name in SPARSE:
        taken.ask.data[:] = 9.0
    else:
        taken.ask[0] = taken.ask[1]
    after = data.load(name)
    assert _text(after.ask) == _text(before.ask)
    assert _text(after.ask) != _text(taken.ask)


def test_holes_are_where_they_are_said_to_be() -> None:
    numpy = pytest.importorskip("numpy")
    for name in ("iris.missing", "diabetes.missing", "breast_cancer.missing"):
        table = data.load(name)
        assert not numpy.isnan(table.X[:, 0]).any() and numpy.isnan(table.ask[:, 0]).any()
        assert 0.05 < numpy.isnan(table.X).mean() < 0.2


def test_some_words_and_codes_are_new_when_asked() -> None:
    pytest.importorskip("numpy")
    words, codes = data.load("categories"), data.load("codes")
    assert set(words.ask[:, 1]) - set(words.X[:, 1]) == {"unmeasured"}
    assert set(codes.ask[:, 0]) - set(codes.X[:, 0]) == {4.0}


def test_distances_have_no_ties() -> None:
    pytest.importorskip("numpy")
    table = data.load("wine.distances")
    assert all(len(set(row)) == len(row) for row in table.ask.tolist())


NEIGHBOURS = [model for model in MODELS.values() if model.family == "neighbors"]


@pytest.mark.parametrize("model", NEIGHBOURS, ids=lambda model: model.id)
def test_who_is_a_neighbour_is_no_coin_toss(model: registry.Model) -> None:
    """No two neighbours are equally far, and none is at the very edge of a radius."""
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("sklearn")
    estimator, table = model.build(), data.load(model.data)
    estimator.fit(table.X, table.y)
    if hasattr(estimator, "kneighbors"):
        distances, _ = estimator.kneighbors(table.ask, n_neighbors=estimator.n_neighbors + 1)
        assert numpy.diff(distances, axis=1).min() > 1e-7
    if hasattr(estimator, "radius_neighbors"):
        found, _ = estimator.radius_neighbors(table.ask, radius=2 * estimator.radius)
        assert abs(numpy.concatenate(found) - estimator.radius).min() > 1e-5


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"no data set is called 'irsi'; there are breast_cancer, "):
        data.load("irsi")


def test_absence_is_said_in_words() -> None:
    class Thing:
        def __init__(self, estimator: Any = None, old: Any = None) -> None:
            """Takes two parameters."""

    assert _api.base(Thing, 1) == {"estimator": 1}
    assert _api.either(Thing, ("new", "old"), 2) == {"old": 2}
    assert _api.only(Thing, old=3) == {"old": 3}
    with pytest.raises(registry.Absent, match="Thing of this scikit-learn takes no new"):
        _api.only(Thing, new=3)
    with pytest.raises(registry.Absent, match="takes none of newer, newest"):
        _api.either(Thing, ("newer", "newest"), 3)
    with pytest.raises(registry.Absent, match=r"has no nothing\.Thing"):
        _api.find("nothing.Thing")


def _need(name: str) -> None:
    pytest.importorskip("numpy")
    if name in SPARSE:
        pytest.importorskip("scipy")


def _length(part: Any) -> int:
    return int(part.shape[0]) if hasattr(part, "shape") else len(part)


def _text(part: Any) -> str:
    dense = part.toarray() if hasattr(part, "toarray") else part
    return repr(dense.tolist() if hasattr(dense, "tolist") else dense)
