"""Models that are no estimators: arrays, random states, frames, objects and code of Python."""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from harness import locks, matrix
from harness.project import ROOT
from harness.source import Source
from harness.worker import answers, registry
from harness.worker.models import _scripts, pythons_classes, pythons_functions
from harness.worker.registry import Model

registry.read()
KINDS = ("numpy", "pandas", "python")
OBJECTS = {id: model for id, model in registry.MODELS.items() if id.partition(".")[0] in KINDS}
MATRICES = ("numpy", "pandas", "python", "joblib", "skops")
SCRIPTS = {**pythons_functions.SCRIPTS, **pythons_classes.SCRIPTS}
NO_STATE = {"numpy.empty", "numpy.masked-constant"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _made(model: Model) -> Any:
    """What the recipe makes here; the test is skipped where this environment lacks it."""
    library = model.id.partition(".")[0]
    if library != "python":
        pytest.importorskip(library)
    try:
        return model.build()
    except registry.Absent as reason:
        pytest.skip(str(reason))


def _answered(model: Model, thing: Any) -> dict[str, str]:
    """The digest of every answer."""
    assert model.asks
    return {name: answers.encode(ask(thing)).sha256 for name, ask in model.asks.items()}


def test_there_are_many_of_each_kind() -> None:
    for kind, least in (("numpy", 80), ("pandas", 75), ("python", 110)):
        assert sum(id.startswith(kind + ".") for id in OBJECTS) >= least, kind


@pytest.mark.parametrize("model", OBJECTS.values(), ids=OBJECTS)
def test_every_question_has_an_answer_and_asking_changes_nothing(model: Model) -> None:
    pytest.importorskip("numpy")
    thing = _made(model)
    assert _answered(model, thing) == _answered(model, thing)


@pytest.mark.parametrize("model", OBJECTS.values(), ids=OBJECTS)
def test_the_recipe_makes_the_same_every_time(model: Model) -> None:
    pytest.importorskip("numpy")
    assert _answered(model, _made(model)) == _answered(model, _made(model))


@pytest.mark.parametrize("model", OBJECTS.values(), ids=OBJECTS)
def test_no_answer_holds_an_address(model: Model) -> None:
    pytest.importorskip("numpy")
    thing = _made(model)
    assert model.asks
    for name, ask in model.asks.items():
        assert b" at 0x" not in answers.encode(ask(thing)).data, name


def _arrays() -> list[str]:
    return [id for id, model in OBJECTS.items() if model.family == "numpys"]


@pytest.mark.parametrize("id", _arrays())
def test_an_array_with_another_element_answers_otherwise(id: str) -> None:
    numpy = pytest.importorskip("numpy")
    model, array = OBJECTS[id], _made(OBJECTS[id])
    if id in NO_STATE or not isinstance(array, numpy.ndarray):
        pytest.skip("no array with elements")
    before = _answered(model, array)
    other = array.copy()
    if other.ndim:
        first = (0,) * (other.ndim - 1)
        other[(*first, 0)] = array[(*first, 1)]
    else:
        other[()] = 7.0
    assert _answered(model, other) != before


RANDOM = [id for id, model in OBJECTS.items() if model.family == "numpys_random"]


@pytest.mark.parametrize("id", [id for id in RANDOM if id.rpartition("-")[2] != "seeds"])
def test_a_source_of_random_numbers_answers_by_where_it_stands(id: str) -> None:
    pytest.importorskip("numpy")
    model, random = OBJECTS[id], _made(OBJECTS[id])
    if id == "numpy.random-spawning":
        pytest.skip("seeds stay where numbers are drawn")
    before = _answered(model, random)
    (random.random_raw if hasattr(random, "random_raw") else random.standard_normal)()
    assert _answered(model, random) != before


FRAMES = [id for id, model in OBJECTS.items() if model.family == "pandases"]


@pytest.mark.parametrize("id", FRAMES)
def test_a_frame_with_its_rows_turned_answers_otherwise(id: str) -> None:
    model, frame = OBJECTS[id], _made(OBJECTS[id])
    if not hasattr(frame, "iloc") or len(frame) < 2:
        pytest.skip("no rows to turn")
    assert _answered(model, frame.iloc[::-1]) != _answered(model, frame)


def _with_another_constant(text: str) -> Iterator[str]:
    """The script with one of its numbers or texts replaced, for each of them."""
    for found in re.finditer(r'(?<![\w.])\d+\b|"[a-zA-Z ]+"', text):
        other = '"other"' if found[0].startswith('"') else str(int(found[0]) + 1)
        yield text[: found.start()] + other + text[found.end() :]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_with_another_constant_answers_otherwise(name: str) -> None:
    """Some constant at least reaches the answers: code that is lost or mixed up shows."""
    pytest.importorskip("numpy")
    model = OBJECTS["python.code-" + name]
    _, _, text = SCRIPTS[name]
    before = _answered(model, _made(model))
    seen = []
    for other in _with_another_constant(text):
        try:
            seen.append(_answered(model, _scripts._building(name, other)()) != before)
        except Exception:  # the other constant makes no sense there
            seen.append(True)
    assert any(seen) or not seen


def test_a_script_leaves_main_without_its_subject() -> None:
    OBJECTS["python.code-lambda"].build()
    assert "subject" not in vars(sys.modules["__main__"])


def test_code_that_this_python_cannot_compile_is_absent() -> None:
    with pytest.raises(registry.Absent, match="this Python cannot run it"):
        _scripts._building("later", "subject = !")()


def test_what_a_library_does_not_have_is_absent() -> None:
    numpys: Any = importlib.import_module("harness.worker.models.numpys")
    pytest.importorskip("numpy")
    with pytest.raises(registry.Absent, match="no attribute 'nothing'"):
        numpys._building(lambda np: np.nothing)()


@pytest.mark.parametrize("name", MATRICES)
def test_one_library_moves_and_every_variant_differs_from_a_release(name: str) -> None:
    found = matrix.environments_in(Source.read(ROOT / "matrices" / f"{name}.toml"))
    line = [environment for environment in found if not environment.variant_of]
    assert len(line) >= 8
    assert len({environment.main for environment in found}) == 1
    assert [e.released for e in line] == sorted(e.released for e in line)
    assert all(e.variant_of in {other.id for other in line} for e in found if e.variant_of)


@pytest.mark.parametrize("name", MATRICES)
def test_every_environment_is_locked_or_says_why_not(name: str) -> None:
    folder = ROOT / "matrices"
    for environment in matrix.environments_in(Source.read(folder / f"{name}.toml")):
        if not environment.notrun:
            assert locks.read(folder, environment).pins


def test_every_matrix_is_in_the_list_of_them() -> None:
    text = (ROOT / "docs" / "reference" / "matrices.md").read_text(encoding="utf-8")
    for path in matrix.files(ROOT / "matrices"):
        assert f"| `{path.stem}` |" in text
