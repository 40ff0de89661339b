"""The code-free store without scikit-learn: numbers, text, containers, lists, graphs of objects."""

from __future__ import annotations

import json
import os
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from harness.worker import codefree
from harness.worker.codefree import (
    as_json,
    as_npz,
    as_text,
    build,
    checks,
    classes,
    figures,
    limits,
    made_trees,
    sealed,
    tags,
)
from harness.worker.codefree.limits import Refused

DTYPES = st.sampled_from(limits.NUMBERS)
ARRAYS = DTYPES.flatmap(
    lambda dtype: arrays_of.arrays(np.dtype(dtype), arrays_of.array_shapes(min_dims=0, min_side=0))
)
PLAIN = {"json": as_json, "npz": as_npz, "text": as_text}


def packed(arrays: list[np.ndarray]) -> str:
    """A sealed structure that needs these arrays and describes no model."""
    entries = []
    for array in arrays:
        order = "F" if array.flags.fnc else "C"
        digest = sealed.hashlib.sha256(sealed.raw(array, order)).hexdigest()
        shape = list(array.shape)
        entries.append(
            {"name": "", "dtype": array.dtype.str, "shape": shape, "order": order, "sha256": digest}
        )
    structure = {"store": 1, "versions": {}, "root": None, "objects": [], "arrays": entries}
    text = sealed.canonical(structure)
    return f'{{"sha256":"{sealed.digest(text)}","structure":{text}}}'


# -- numbers ---------------------------------------------------------------------------------------


@given(ARRAYS)
def test_every_bit_of_every_number_comes_back_by_way_of_json(array: np.ndarray) -> None:
    words = json.loads(json.dumps(figures.listed(array), allow_nan=False))
    again = figures.numbers(words, array.dtype.str).reshape(array.shape)
    assert again.tobytes() == array.tobytes()


@pytest.mark.parametrize("bits", ["7ff8000000000001", "fff8000000000000", "7ff0000000000001"])
def test_a_nan_keeps_its_sign_and_its_payload(bits: str) -> None:
    array = np.frombuffer(bytes.fromhex(bits)[::-1])
    assert figures.listed(array) == ["nan:" + bits]
    assert figures.numbers(["nan:" + bits], "<f8").tobytes() == array.tobytes()


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1], "<f8"),
        ([1.0], "<i8"),
        ([True], "<i8"),
        ([1], "|b1"),
        ([256], "|u1"),
        ([-1], "<u8"),
        ([1 << 63], "<i8"),
        (["1.0"], "<f8"),
        (["nan:zz"], "<f8"),
        (["nan:7ff8"], "<f8"),
        ([None], "<f8"),
        ([[1.0]], "<f8"),
    ],
)
def test_elements_of_another_type_are_refused(values: list[Any], dtype: str) -> None:
    with pytest.raises(Refused):
        figures.numbers(values, dtype)


# -- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":2}',
        b"[NaN]",
        b"[Infinity]",
        b"[1e999]",
        b"[" + b"9" * 65 + b"]",
        b"[" * 200000,
        b'["\xff"]',
        b"",
        b"1 2",
    ],
)
def test_json_is_read_strictly(text: bytes) -> None:
    with pytest.raises(Refused):
        sealed.parse(text)


def test_a_changed_structure_is_refused() -> None:
    text = packed([]).encode()
    sealed.unseal(text, 0)
    for place in range(len(text)):
        changed = text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :]
        with pytest.raises(Refused):
            sealed.unseal(changed, 0)


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "|O"},
        {"dtype": ">f8"},
        {"dtype": "<f16"},
        {"dtype": "V8"},
        {"dtype": "<U4"},
        {"shape": [-1]},
        {"shape": [1 << 60]},
        {"shape": [1 << 40, 1 << 40]},
        {"shape": [True]},
        {"shape": [1.0]},
        {"shape": [1] * 9},
        {"shape": "1"},
        {"order": "A"},
        {"name": None},
        {"more": 1},
    ],
)
def test_arrays_that_make_no_sense_or_are_too_large_are_refused(entry: dict[str, Any]) -> None:
    good = {"name": "", "dtype": "<f8", "shape": [1], "order": "C", "sha256": ""}
    sealed.Opened({"arrays": [good]}, 8)
    with pytest.raises(Refused):
        sealed.Opened({"arrays": [{**good, **entry}]}, 1 << 30)


def test_truth_values_that_are_neither_are_refused() -> None:
    data = b"\x01\x02"
    entry = {"name": "", "dtype": "|b1", "shape": [2], "order": "C"}
    entry["sha256"] = sealed.hashlib.sha256(data).hexdigest()
    with pytest.raises(Refused, match="truth values"):
        sealed.Opened({"arrays": [entry]}, 2).array(0, data)


# -- containers that need no library ---------------------------------------------------------------


@given(arrays=st.lists(ARRAYS, max_size=3), fortran=st.booleans())
def test_containers_give_back_what_they_were_given(
    tmp_path_factory: pytest.TempPathFactory, arrays: list[np.ndarray], fortran: bool
) -> None:
    if fortran:
        arrays = [np.asfortranarray(array) for array in arrays]
    folder = tmp_path_factory.mktemp("containers")
    for name, container in PLAIN.items():
        container.write(str(folder / name), packed(arrays), arrays)
        _, again = container.read(str(folder / name))
        for array, found in zip(arrays, again, strict=True):
            assert (found.dtype, found.shape) == (array.dtype, array.shape)
            assert found.tobytes() == array.tobytes()
            assert found.flags.writeable


@pytest.mark.parametrize("name", PLAIN)
def test_every_changed_bit_is_refused(name: str, tmp_path: Path) -> None:
    arrays = [np.array([[0.1, -0.0, np.nan], [1e300, 5e-324, 2.0]]), np.array([True, False])]
    path = tmp_path / "model"
    PLAIN[name].write(str(path), packed(arrays), arrays)
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        whole = file.read_bytes()
        for place in range(len(whole)):
            changed = bytearray(whole)
            changed[place] ^= 1 << place % 8
            file.write_bytes(changed)
            assert is_refused(name, path), (file.name, place)
        for cut in (whole[:-1], whole + b"\n", whole + bytes(64), b""):
            file.write_bytes(cut)
            assert is_refused(name, path), (file.name, len(cut))
        file.write_bytes(whole)
    assert not is_refused(name, path)


def is_refused(name: str, path: Path) -> bool:
    """Whether reading raises; `load` makes all of these Refused."""
    try:
        PLAIN[name].read(str(path))
    except (ValueError, zipfile.BadZipFile, NotImplementedError, EOFError):
        return True
    return False


@given(dtype=DTYPES, shape=arrays_of.array_shapes(min_dims=0, min_side=0), fortran=st.booleans())
def test_the_header_of_npy_is_numpys_own(dtype: str, shape: Any, fortran: bool) -> None:
    file = BytesIO()
    fields = {"descr": dtype, "fortran_order": fortran, "shape": shape}
    np.lib.format.write_array_header_1_0(file, fields)
    assert as_npz.header(dtype, fortran, list(shape)) == file.getvalue()


def test_numpy_opens_the_npz(tmp_path: Path) -> None:
    array = np.arange(6.0).reshape(2, 3)
    as_npz.write(str(tmp_path / "model.npz"), packed([array]), [array])
    with np.load(tmp_path / "model.npz", allow_pickle=False) as found:
        assert np.array_equal(found["0000"], array)


# -- names -----------------------------------------------------------------------------------------


def test_names_are_on_the_list_as_a_whole_or_not_at_all() -> None:
    for name in (
        "sklearn.datasets._base.os.mkdir",
        "sklearn.linear_model._logistic.LogisticRegression.fit",
        "sklearn.linear_model._logistic",
        "sklearn.linear_model.LogisticRegression",
        "sklearn.linear_model._logistic.LogisticRegression ",
        "builtins.eval",
        "builtins.object.__subclasses__",
        "numpy.load",
        "numpy.save",
        "numpy.frompyfunc",
        "sklearn.utils._bunch.Bunch",
        "",
    ):
        assert name not in classes.CLASSES
        assert name not in classes.CONSTANTS
    for name, (module, plain) in {**classes.CLASSES, **classes.CONSTANTS}.items():
        assert name == f"{module}.{plain}"
        assert plain.isidentifier()
        assert module.split(".")[0] in ("builtins", "numpy", "sklearn")


class Sample:
    """Something with a method and a property."""

    known = 1

    def method(self) -> None:
        pass


BAD_NAMES = ["__class__", "__dict__", "__reduce__", "__init__", "__x", "a.b", "a b", "a\n", "1a"]
BAD_NAMES += ["", "é", "method", "known", "x" * 201]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_of_attributes_that_are_refused(name: str) -> None:
    with pytest.raises(Refused):
        checks.attribute(Sample, name, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_jobs", 1000),
        ("n_jobs", 1.5),
        ("memory", "/tmp"),
        ("pre_dispatch", "__import__('os')"),
        ("token_pattern", "(a+)+$"),
        ("input", "filename"),
        ("stack_method_", ["fit"]),
        ("_response_method", "set_params"),
        ("importance_getter", "__init__.__globals__"),
        ("n_features", 0),
        ("n_features_in_", 1 << 40),
        ("n_features_in_", True),
        ("_n_threads", 100000),
    ],
)
def test_values_that_are_refused_by_the_attributes_name(name: str, value: Any) -> None:
    with pytest.raises(Refused):
        checks.attribute(Sample, name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kw_args", {"out": None}),
        ("kw_args", {"a_min": np.zeros(1)}),
        ("kw_args", {1: 2}),
        ("kw_args", [("a", 1)]),
        ("metric_params", {"X_norm_squared": 1}),
        ("metric_params", {"V": np.zeros(2, "f4")}),
        ("metric_params", {"V": np.zeros((2, 2))}),
        ("metric_params", {"VI": np.zeros((2, 3))}),
        ("metric_params", {"VI": np.zeros(2)}),
        ("kernel", np.add),
        ("_in_fit", True),
        ("n_threads", 65),
        ("max_iter", 1000001),
        ("max_iter", float("nan")),
        ("sample_steps", 1001),
        ("tol", -1.0),
        ("tol", float("nan")),
        ("_kmeans_single", np.clip),
    ],
)
def test_parameters_that_are_refused(name: str, value: Any) -> None:
    with pytest.raises(Refused):
        checks.attribute(Sample, name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kw_args", None),
        ("kw_args", {"a_min": 1.0, "dtype": np.float32, "axis": None}),
        ("metric_params", {"p": 3, "w": None}),
        ("metric_params", {"VI": np.eye(2)}),
        ("kernel", "rbf"),
        ("max_iter", -1),
        ("tol", None),
    ],
)
def test_parameters_that_may_be(name: str, value: Any) -> None:
    checks.attribute(Sample, name, value)


def test_a_constant_of_one_attribute_is_of_use_nowhere_else() -> None:
    builder = build.Builder([], [])
    builder.attribute = "func"
    with pytest.raises(Refused):
        builder.value({"constant": "sklearn.cluster._kmeans._kmeans_single_lloyd"}, 1)
    builder.attribute = "_kmeans_single"
    with pytest.raises(Refused):
        builder.value([{"constant": "sklearn.cluster._kmeans._kmeans_single_lloyd"}], 1)


def test_words_and_records_are_counted_together() -> None:
    builder = build.Builder([], [np.zeros(2000000)])
    wide = {"words": ["<U10000000", [1], ["a"]]}
    builder.value(wide, 0)
    with pytest.raises(Refused, match="unfolds"):
        builder.value(wide, 0)
    with pytest.raises(Refused, match="wide a record"):
        builder.value({"records": [4096, [["a", 0, {"array": 0}]]]}, 0)


def test_json_of_too_many_values_for_its_file_is_refused() -> None:
    text = b"[" + b"[]," * 2000000 + b"0]"
    with pytest.raises(Refused, match="so small a file"):
        sealed.parse(text)
    assert not limits.crowded(text, len(text))


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for container in ("json", "npz", "hdf5", "safetensors", "text"):
        with pytest.raises(Refused):
            codefree.load(str(pipe), container)
        with pytest.raises(FileNotFoundError):
            codefree.load(str(tmp_path / "none"), container)
    with pytest.raises(Refused):
        limits.opened(str(pipe))
    with pytest.raises(Refused):
        codefree.load(str(tmp_path), "json")


# -- graphs ----------------------------------------------------------------------------------------


def measured(links: list[list[int]], names: dict[int, str] | None = None) -> None:
    entries = [{"class": (names or {}).get(place, "")} for place in range(len(links))]
    build.measure(entries, links, [1] * len(links), 0)


def test_objects_that_double_with_every_step_are_refused() -> None:
    measured([[n + 1, n + 1] for n in range(8)] + [[]])
    with pytest.raises(Refused, match="beyond measure"):
        measured([[n + 1, n + 1] for n in range(64)] + [[]])


def test_circles_are_refused_but_where_scikit_learn_has_them() -> None:
    with pytest.raises(Refused, match="circle"):
        measured([[1], [2], [1]])
    with pytest.raises(Refused, match="circle"):
        measured([[0]])
    measured([[1, 2], [2, 1], [1]], {1: build.CYCLIC[0], 2: build.CYCLIC[0]})


def test_long_chains_are_no_deep_ones() -> None:
    measured([[n + 1] for n in range(20000)] + [[]])


def test_what_nothing_refers_to_is_refused() -> None:
    with pytest.raises(Refused, match="nothing refers"):
        measured([[], []])


def tree(left: list[int], right: list[int]) -> int:
    sides = np.array(left), np.array(right)
    return made_trees.depth(sides[0] == -1, *sides)


def test_the_depth_of_a_tree() -> None:
    assert tree([-1], [-1]) == 0
    assert tree([1, -1, 3, -1, -1], [2, -1, 4, -1, -1]) == 2


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([], []),
        ([1, -1], [2, -1]),
        ([0, -1, -1], [2, -1, -1]),
        ([1, 0, -1], [2, 2, -1]),
        ([1, -1, -1], [1, -1, -1]),
        ([1, -1, -1, -1], [2, -1, -1, -1]),
        ([1, -1, -1], [1 << 60, -1, -1]),
        ([1, -1, -1], [-2, -1, -1]),
    ],
)
def test_trees_that_are_none(left: list[int], right: list[int]) -> None:
    with pytest.raises(Refused):
        tree(left, right)


# -- values ----------------------------------------------------------------------------------------


def value(node: Any, arrays: list[Any] | None = None) -> Any:
    return build.Builder([], arrays or []).value(node, 0)


def test_values_keep_their_type() -> None:
    nodes = [{"tuple": [1, 2.0, "x", None, True]}, {"frozenset": [1]}, {"bytes": "AAE="}]
    assert value(nodes) == [(1, 2.0, "x", None, True), frozenset([1]), b"\0\1"]
    assert value({"dict": [[1, "a"], ["b", {"float": "inf"}]]}) == {1: "a", "b": float("inf")}
    scalar = value({"numpy": ["<f4", 0.5]})
    assert (type(scalar), scalar) == (np.float32, 0.5)
    assert value({"slice": [None, 2, None]}) == slice(None, 2, None)


def nested(depth: int) -> Any:
    node: Any = 1
    for _ in range(depth):
        node = [node]
    return node


@pytest.mark.parametrize(
    "node",
    [
        {},
        {"tuple": [], "list": []},
        {"eval": "1"},
        {"tuple": 1},
        {"float": "1"},
        {"dict": [[1, 2], [1, 3]]},
        {"dict": [[{"tuple": []}, 1]]},
        {"dict": [[1 << 61, 1]]},
        {"set": [1, 1.0]},
        {"bytes": "!"},
        {"slice": [1, 2]},
        {"slice": [{"tuple": []}, 1, 1]},
        {"dtype": "V1000000000000"},
        {"dtype": "i4,O"},
        {"constant": "builtins.eval"},
        {"constant": ["numpy", "exp"]},
        {"histogram_check": 1},
        {"named": ["collections.namedtuple", []]},
        {"words": ["<U1000000000", [1], ["a"]]},
        {"words": ["<U1", [1], ["ab"]]},
        {"words": ["<U2", [1], ["a\0"]]},
        {"words": ["|O", [1], ["a"]]},
        {"words": ["<U1", [-1], []]},
        {"cells": [[1 << 40], []]},
        {"records": [8, []]},
        {"records": [1 << 40, [["a", 0, {"array": 0}]]]},
        {"masked": [1, 2, 3]},
        {"numpy": ["|O", 1]},
        {"numpy": ["<f8", 1]},
        {"numpy": ["|u1", 256]},
        {"array": 1},
        {"array": -1},
        {"array": True},
        {"object": 0},
        1 << 200,
        nested(40),
    ],
)
def test_values_that_are_refused(node: Any) -> None:
    with pytest.raises((ValueError, OverflowError)):
        value(node, [np.zeros(2)])


def test_fields_of_records_may_not_overlap() -> None:
    columns = [np.zeros(2), np.ones(2)]
    fields = [["a", 0, {"array": 0}], ["b", 8, {"array": 1}]]
    made = value({"records": [16, fields]}, columns)
    assert made["b"].tolist() == [1.0, 1.0]
    fields[1][1] = 4
    with pytest.raises(Refused):
        value({"records": [16, fields]}, columns)


def test_every_tag_is_one_that_is_written() -> None:
    folder = Path(build.__file__).parent
    source = "".join((folder / name).read_text() for name in ("walk.py", "plain.py"))
    assert [tag for tag in tags.TAGS if f'"{tag}":' not in source] == []


def test_bunches_of_objects_need_a_store() -> None:
    with pytest.raises(Refused):
        build.build({"store": 1}, [])
    with pytest.raises(Refused):
        build.build(SimpleNamespace(), [])
