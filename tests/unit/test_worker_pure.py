"""The foreign side without any library: its floor, the wall, files, failures, questions."""

from __future__ import annotations

import ast
import errno
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.worker import answers, files, trial
from tests.unit.samples import ROOT

HARNESS = ROOT / "harness"
WORKER = sorted((HARNESS / "worker").rglob("*.py"))
MODERN = [path for path in sorted(HARNESS.rglob("*.py")) if path not in WORKER]
NEWER = {"zoneinfo", "graphlib", "tomllib", "contextvars.Token", "importlib.metadata"}
TYPING_37 = {
    "Any", "Callable", "Dict", "Iterable", "Iterator", "List", "NamedTuple", "Optional", "Sequence",
    "Set", "Tuple", "Type", "Union", "TypeVar", "Generic", "Mapping", "FrozenSet", "BinaryIO",
    "cast",
}  # fmt: skip


def named(path: Path) -> str:
    return str(path.relative_to(HARNESS))


def imports(nodes: Iterator[ast.AST] | list[ast.stmt]) -> Iterator[tuple[int, str]]:
    """(level, module) of each import among the nodes; level 0 is an absolute one."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield from ((node.level, f"{base}.{a.name}".strip(".")) for a in node.names)


def at_module_level(tree: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs when the module is imported: all but the bodies of functions."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from at_module_level(node)


each_file = pytest.mark.parametrize("path", WORKER, ids=named)


# -- the floor and the wall ----------------------------------------------------------------------


@each_file
def test_the_worker_is_written_in_python_37(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))


@each_file
def test_no_string_of_the_worker_uses_the_equals_sign_of_python_38(path: Path) -> None:
    """`f"{x=}"` is newer, and the parser lets it pass."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            assert "=}" not in (ast.get_source_segment(text, node) or "")


@each_file
def test_a_worker_module_imports_the_standard_library_alone(path: Path) -> None:
    """But for the networks' own code, which is imported by name and not with the registry."""
    if path.name.startswith("nets_"):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for level, module in imports(at_module_level(tree)):
        assert level or module.partition(".")[0] in sys.stdlib_module_names, module


@each_file
def test_a_worker_module_imports_nothing_that_python_37_lacks(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for level, module in imports(at_module_level(tree)):
        root, _, name = module.rpartition(".")
        assert level or not {module, root} & NEWER, module
        assert root != "typing" or name in TYPING_37, module


@each_file
def test_the_worker_imports_nothing_of_the_harness(path: Path) -> None:
    depth = len(path.relative_to(HARNESS / "worker").parts)
    for level, module in imports(ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
        assert level <= depth, f"{module} is outside of the worker"
        assert level or module.partition(".")[0] != "harness", module


@pytest.mark.parametrize("path", MODERN, ids=named)
def test_the_modern_side_imports_nothing_of_the_worker(path: Path) -> None:
    found = imports(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    assert not [module for _, module in found if "worker" in module.split(".")]


# -- what crosses the wall -----------------------------------------------------------------------

json_lines = st.dictionaries(
    st.text(st.characters(exclude_categories=()), max_size=5),
    st.one_of(st.integers(), st.text(st.characters(exclude_categories=()), max_size=9), st.none()),
    max_size=3,
)


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "manifest.jsonl")


def read(path: str, *wanted: str) -> list[Any]:
    return list(files.lines(path, set(wanted)))


@given(st.lists(json_lines, max_size=5))
def test_lines_are_read_as_they_were_appended(
    tmp_path_factory: pytest.TempPathFactory, written: list[Any]
) -> None:
    path = str(tmp_path_factory.mktemp("wall") / "manifest.jsonl")
    wanted = [{"item": "a/b", "kind": n, **line} for n, line in enumerate(written)]
    wanted = [{**line, "item": "a/b"} for line in wanted]
    for line in wanted:
        files.append(path, line)
    assert read(path, "a/b") == wanted


def test_only_lines_about_the_wanted_items_are_read(path: str) -> None:
    for item in ("a/b", "a/bc", "a/b", 'x"y/é', "c,d/e"):
        files.append(path, {"item": item, "kind": "saved"})
    assert len(read(path, "a/b")) == 2
    assert len(read(path, 'x"y/é')) == 1
    assert read(path, "a") == [] and read(path) == []
    assert len(read(path, "c,d/e")) == 1


def test_where_there_is_no_file_there_are_no_lines(path: str) -> None:
    assert read(path, "a/b") == []


@given(st.integers(1, 60))
def test_a_torn_end_hides_nothing_that_came_before(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("wall") / "manifest.jsonl"
    for kind in ("saved", "reference"):
        files.append(str(path), {"item": "a/b", "kind": kind, "path": "x" * 30})
    path.write_bytes(path.read_bytes()[:-cut])
    assert read(str(path), "a/b") == [{"item": "a/b", "kind": "saved", "path": "x" * 30}]


def test_a_torn_end_is_ended_so_that_the_next_line_stands_alone(path: str) -> None:
    files.append(path, {"item": "a/b", "kind": "saved"})
    whole = Path(path).read_bytes()
    Path(path).write_bytes(whole + b'{"item":"a/b","ki')
    files.end_torn_line(path)
    files.append(path, {"item": "a/b", "kind": "reference"})
    assert [line["kind"] for line in read(path, "a/b")] == ["saved", "reference"]
    assert Path(path).read_bytes().startswith(whole)


def test_a_whole_end_an_empty_file_and_no_file_are_left_as_they_are(path: str) -> None:
    files.end_torn_line(path)
    assert not Path(path).exists()
    Path(path).write_bytes(b"")
    files.end_torn_line(path)
    assert Path(path).read_bytes() == b""
    files.append(path, {"item": "a/b"})
    before = Path(path).read_bytes()
    files.end_torn_line(path)
    assert Path(path).read_bytes() == before


def test_bytes_are_appended_and_found_where_it_is_said(path: str) -> None:
    assert [files.write(path, part) for part in (b"abc", b"", b"de")] == [0, 3, 3]
    assert Path(path).read_bytes() == b"abcde"


def test_a_digest_is_that_of_the_whole_file(path: str) -> None:
    import hashlib

    data = bytes(range(256)) * 8192
    files.write(path, data + b"x")
    assert files.sha256(path) == hashlib.sha256(data + b"x").hexdigest()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_full_disk_is_no_models_fault_however_deep_it_hides(
    number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    caught: BaseException | None = None
    try:
        try:
            raise OSError(number, "in words", "/somewhere")
        except OSError:
            raise ValueError("cannot save")  # noqa: B904 - as libraries do
    except ValueError as error:
        caught = error
    assert "/somewhere" in files.disk_trouble(caught)
    monkeypatch.setattr(files, "place", str(tmp_path / "gone"))
    with pytest.raises(files.Trouble):
        files.raise_if_disk(caught)


def test_an_error_like_that_of_a_disk_is_the_models_own_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "place", str(tmp_path))
    files.raise_if_disk(OSError(errno.EROFS, "in words", "/somewhere"))
    assert list(tmp_path.iterdir()) == []


def test_other_errors_are_not_the_disks() -> None:
    for error in (ValueError("x"), OSError(errno.ENOENT, "gone"), None):
        assert files.disk_trouble(error) == ""
    files.raise_if_disk(ValueError("x"))


def test_errors_that_cause_each_other_are_looked_through_to_an_end() -> None:
    a, b = ValueError("a"), ValueError("b")
    a.__cause__, b.__cause__ = b, a
    assert files.disk_trouble(a) == ""


# -- failures and warnings -----------------------------------------------------------------------


def saying(what: Any) -> Exception:
    """An exception whose text is what a function gives, or raises."""

    class Odd(Exception):
        def __str__(self) -> str:
            return what()

        __repr__ = __str__

    return Odd("args")


def raising(error: BaseException) -> Any:
    def raise_it() -> str:
        raise error

    return raise_it


def test_a_failure_names_type_message_stage_and_trace() -> None:
    try:
        raise KeyError("monotonic_cst")
    except KeyError as error:
        found = trial.failure(error, "load")
    assert (found["type"], found["message"], found["stage"]) == (
        "KeyError",
        "'monotonic_cst'",
        "load",
    )
    assert (
        found["traceback"].startswith("Traceback") and 'raise KeyError("mon' in found["traceback"]
    )


@pytest.mark.parametrize(
    "what",
    [
        raising(ValueError("no")),
        raising(RecursionError("deep")),
        raising(SystemExit(3)),
        raising(KeyboardInterrupt()),
        lambda: 3,
        lambda: None,
        lambda: "\ud800\0",
    ],
    ids=["error", "recursion", "exit", "interrupt", "number", "none", "surrogate"],
)
def test_an_exception_without_a_text_is_a_failure_all_the_same(what: Any) -> None:
    try:
        found = trial.failure(saying(what), "load")
    except BaseException as error:  # an interrupt would end all tests
        pytest.fail(f"{type(error).__name__} gets out of failure()")
    assert found["type"] == "Odd"
    assert all(isinstance(value, str) for value in found.values())
    json.dumps(found).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "error",
    [
        SyntaxError("bad", ("file.py", 1, 2, b"bytes")),
        SyntaxError("bad", ("file.py", "one", "two", "text")),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
        ExceptionGroup("several", [ValueError("a"), KeyError("b")]),
        SystemExit(3),
    ],
    ids=["syntax bytes", "syntax words", "unicode", "group", "exit"],
)
def test_an_odd_exception_is_a_failure_too(error: BaseException) -> None:
    assert trial.failure(error, "load")["type"] == type(error).__name__


def test_a_long_message_and_a_long_trace_are_cut() -> None:
    found = trial.failure(ValueError("x" * 100_000), "load")
    assert len(found["message"]) == trial.MESSAGE and len(found["traceback"]) == trial.TRACE


def test_folders_of_this_machine_are_named_and_not_spelt_out() -> None:
    text = trial.shorten(f"{HARNESS / 'worker' / 'serve.py'} {sys.prefix}/lib/x.py")
    assert text == "<worker>/serve.py <environment>/lib/x.py"


def test_warnings_of_a_stage_are_counted_and_times_add_up() -> None:
    noted: list[str] = []
    one = trial.Trial(noted.append, {})
    for _ in range(2):
        with one.stage("predict", "use"):
            warnings.warn("old", UserWarning, stacklevel=1)
            warnings.warn("old", UserWarning, stacklevel=1)
    with one.stage("load", "load"):
        warnings.warn("older", DeprecationWarning, stacklevel=1)
    report = json.loads(json.dumps(one.report()))
    assert report["warnings"] == [
        ["UserWarning", "old", 4, "predict"],
        ["DeprecationWarning", "older", 1, "load"],
    ]
    assert noted == ["predict", "predict", "load"] and set(report["ms"]) == {"use", "load"}


def test_a_stage_that_raises_is_timed_and_its_warnings_kept() -> None:
    one = trial.Trial(lambda stage: None, {})
    with pytest.raises(KeyError), one.stage("load", "load"):
        warnings.warn("old", UserWarning, stacklevel=1)
        raise KeyError
    assert one.report()["warnings"] == [["UserWarning", "old", 1, "load"]]
    assert set(one.spent) == {"load"}


def test_a_warning_whose_text_raises_ends_nothing() -> None:
    """`warnings` itself asks for the text once, the trial asks later."""

    class Mute(UserWarning):
        asked = 0

        def __str__(self) -> str:
            Mute.asked += 1
            if Mute.asked > 1:
                raise ValueError
            return "asked too often"

    one = trial.Trial(lambda stage: None, {})
    with one.stage("load", "load"):
        warnings.warn(Mute(), stacklevel=1)
    assert one.report()["warnings"] == [["Mute", "<no text: ValueError>", 1, "load"]]


# -- questions -----------------------------------------------------------------------------------


class Data:
    """What a data set has for the questions; rows of text need no scipy."""

    def __init__(self, ask: Any = None, ask_y: Any = None) -> None:
        self.ask, self.ask_y = (["a", "b"] if ask is None else ask), ask_y


class Model:
    """Answers with what it was given."""

    def predict(self, X: Any, return_std: bool = False) -> Any:
        X.append("spoilt")
        return (X, "std") if return_std else X

    def transform(self, X: Any) -> Any:
        return [x.upper() for x in X]

    def inverse_transform(self, X: Any) -> Any:
        return [x.lower() for x in X]

    def score(self, X: Any, y: Any = None) -> Any:
        return X, y

    def get_support(self) -> str:
        return "support"

    labels_ = (1, 2)


def test_a_model_is_asked_what_it_has_an_attribute_for() -> None:
    asked = answers.questions(Data())
    names = answers.answerable(Model(), asked)
    wanted = [
        "predict",
        "transform",
        "predict/std",
        "inverse_transform",
        "score",
        "get_support",
        "labels_",
    ]
    assert sorted(names) == sorted(wanted)
    assert answers.answerable(object(), asked) == []


@pytest.mark.parametrize(
    ("name", "error", "excused"),
    [
        ("get_feature_names_out", "'PCA' object has no attribute 'get_feature_names_out'", True),
        ("get_feature_names_out", "Transformer a does not provide get_feature_names_out.", True),
        ("get_feature_names_out", "'PCA' object has no attribute 'n_features_in_'", False),
        ("predict_proba", "'Centroid' object has no attribute 'predict_proba'", False),
    ],
)
def test_only_names_of_columns_may_be_what_a_later_release_brought(
    name: str, error: str, excused: bool
) -> None:
    assert answers.is_of_later_release(name, AttributeError(error)) is excused
    assert not answers.is_of_later_release(name, ValueError(error))


def test_each_question_asks_the_method_of_its_name() -> None:
    asked, model = answers.questions(Data(ask_y=[1, 2])), Model()
    assert asked["transform"](model) == ["A", "B"]
    assert asked["inverse_transform"](model) == ["a", "b"]
    assert asked["predict/std"](model) == (["a", "b", "spoilt"], "std")
    assert asked["get_support"](model) == "support" and asked["labels_"](model) == (1, 2)
    assert asked["score"](model) == (["a", "b"], [1, 2])


def test_without_labels_a_model_scores_the_rows_alone() -> None:
    assert answers.questions(Data())["score"](Model()) == (["a", "b"], None)


def test_a_model_that_works_in_place_cannot_spoil_the_next_question() -> None:
    data = Data()
    asked = answers.questions(data)
    for _ in range(2):
        assert asked["predict"](Model()) == ["a", "b", "spoilt"]
    assert data.ask == ["a", "b"]


@pytest.mark.parametrize(
    "ask",
    [["text"], np.array(["a", "b"], dtype=object).reshape(2, 1), np.array([[1.0, np.nan]]),
     np.array([1.0, 2.0]), np.array([["a"]])],
    ids=["list", "objects", "missing", "flat", "text"],
)  # fmt: skip
def test_only_dense_rows_of_numbers_without_holes_are_also_asked_as_sparse(ask: Any) -> None:
    assert not [name for name in answers.questions(Data(ask)) if name.endswith("/sparse")]


def test_dense_rows_of_numbers_are_also_asked_as_sparse() -> None:
    pytest.importorskip("scipy")
    names = [n for n in answers.questions(Data(np.eye(2))) if n.endswith("/sparse")]
    assert names == [f"{name}/sparse" for name in answers.SPARSE_TOO]


# -- encoding ------------------------------------------------------------------------------------


def test_a_digest_is_over_spec_and_bytes() -> None:
    one = answers.encode(np.zeros(4, "f4"))
    assert one.sha256 == answers.encode(np.zeros(4, "f4")).sha256
    others = [np.zeros(2, "f8"), np.zeros((2, 2), "f4"), np.ones(4, "f4"), [np.zeros(4, "f4")]]
    assert one.sha256 not in {answers.encode(other).sha256 for other in others}


def test_a_spec_describes_the_bytes_in_their_order() -> None:
    found = answers.encode([np.array([1.5]), np.array(["é"], dtype=object)])
    assert found.spec == {
        "k": "list",
        "parts": [
            {"k": "array", "dtype": "<f8", "shape": [1], "n": 8},
            {"k": "objects", "shape": [1], "n": 10},
        ],
    }
    assert found.data == np.array([1.5]).tobytes() + b'["\\u00e9"]'


def test_staged_answers_are_a_list_of_them() -> None:
    staged = (np.array([float(n)]) for n in range(3))
    assert [part["k"] for part in answers.encode(staged).spec["parts"]] == ["array"] * 3


@pytest.mark.parametrize("value", [None, "text", b"bytes", {"a": 1}, {1, 2}, 3, 2.5, True, 1 + 2j,
                                   [], (), [1, "a"]], ids=repr)  # fmt: skip
def test_whatever_a_library_returns_has_some_form(value: Any) -> None:
    found = answers.encode(value)
    assert found.spec["k"] in ("array", "sparse", "list", "objects")
    assert sum(part["n"] for part in leaves(found.spec)) == len(found.data)


@pytest.mark.parametrize(
    "value",
    [object(), lambda: 0, [object()], range(3)],
    ids=["object", "function", "list", "range"],
)
def test_what_has_no_bytes_is_no_answer(value: Any) -> None:
    with pytest.raises(answers.Incomparable):
        answers.encode(value)


def leaves(spec: Any) -> list[Any]:
    if "parts" in spec:
        return [leaf for part in spec["parts"] for leaf in leaves(part)]
    return [spec] if "n" in spec else []


def test_warnings_without_end_are_counted_and_not_all_listed() -> None:
    found = trial.Trial(lambda stage: None, {})
    with found.stage("predict", "use"):
        for number in range(1000):
            warnings.warn(f"number {number}", UserWarning, stacklevel=1)
    listed = found.report()["warnings"]
    assert len(listed) == trial.WARNINGS + 1
    assert sum(count for _, _, count, _ in listed) == 1000
