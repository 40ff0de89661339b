"""Results on disk: what is recorded is read back, whole or not at all, by one writer at a time."""

from __future__ import annotations

import errno
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import store
from harness.errors import StoreError
from harness.records import Cell, CellId, Comparison, Failure, Outcome, Verdict
from tests.unit.samples import SHA, cell, schema

VALID = jsonschema.Draft202012Validator(schema("cell"))
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates too
said = texts.filter(bool)
sizes = st.floats(0, allow_nan=False, allow_infinity=False)
comparisons = st.builds(
    Comparison,
    verdict=st.sampled_from(Verdict),
    max_abs_diff=sizes,
    max_ulp=st.integers(0, 2**64),
    changed=st.integers(0, 2**40),
    worst_row=st.none() | st.integers(0, 2**40),
    note=st.none() | said,
)
failures = st.builds(Failure, said, texts, said, texts)
warned = st.fixed_dictionaries(
    {"category": said, "message": texts, "count": st.integers(1, 99), "stage": said}
)
fidelities = st.fixed_dictionaries(
    {
        "verdict": st.sampled_from([verdict.value for verdict in Verdict]),
        "max_abs_diff": sizes,
        "method": st.none() | said,
    }
)
artifacts = st.fixed_dictionaries(
    {"sha256": st.binary(min_size=32, max_size=32).map(bytes.hex), "bytes": st.integers(0, 2**50)}
)
cells = st.builds(
    Cell,
    id=st.builds(CellId, ids, ids, ids, ids),
    matrix=ids,
    outcome=st.sampled_from(Outcome),
    methods=st.dictionaries(said, comparisons, max_size=3),
    error=st.none() | failures,
    warnings=st.lists(warned, max_size=2).map(tuple),
    artifact=st.none() | artifacts,
    fidelity=st.none() | fidelities,
    ms=st.dictionaries(st.sampled_from(["fit", "dump", "load", "use"]), sizes),
    reason=st.none() | texts,
    observed=st.none() | st.sampled_from(Outcome),
    runs=st.integers(0, 3),
)
A = cell("logreg.binary/pickle-5/old/old")
B = cell("logreg.binary/pickle-5/old/new", Outcome.DRIFT, error=Failure("E", "é\nü", "load"))
C = cell("logreg.binary/pickle-5/new/new", Outcome.NOTRUN, reason="no Python", runs=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "results" / "small-0123abcd"


@pytest.fixture
def writer(folder: Path) -> Iterator[store.Writer]:
    opened = store.Writer(folder)
    yield opened
    opened.close()


def written(folder: Path, *some: Cell) -> Path:
    """The file of cells of a run that has recorded some and ended."""
    opened = store.Writer(folder)
    opened.append(some)
    opened.close()
    return folder / "cells.jsonl"


# -- a cell and its line -------------------------------------------------------------------------


@given(cells)
def test_a_cell_is_read_back_from_its_line(found: Cell) -> None:
    assert store.cell_of(json.loads(json.dumps(store.cell_json(found)))) == found


@given(cells)
def test_every_line_is_what_its_schema_says(found: Cell) -> None:
    VALID.validate(json.loads(json.dumps(store.cell_json(found), allow_nan=False)))


def test_the_schema_names_every_outcome() -> None:
    named = schema("cell")["$defs"]["outcome"]["enum"]
    assert named == [outcome.value for outcome in Outcome]


@given(st.lists(cells, max_size=4), st.lists(cells, max_size=4))
def test_what_is_appended_is_read_in_order(
    tmp_path_factory: pytest.TempPathFactory, first: list[Cell], second: list[Cell]
) -> None:
    folder = tmp_path_factory.mktemp("run")
    opened = store.Writer(folder)
    opened.append(first)
    opened.append(second)
    assert list(opened.cells()) == first + second
    opened.close()
    assert list(store.Run(folder).cells()) == first + second


def test_a_line_is_one_line_of_ascii(folder: Path) -> None:
    raw = written(folder, B).read_bytes()
    assert raw.isascii() and raw.count(b"\n") == 1 and raw.endswith(b"\n")


def test_a_run_without_cells_has_none(tmp_path: Path) -> None:
    assert list(store.Run(tmp_path).cells()) == []


# -- interruptions -------------------------------------------------------------------------------


@given(st.binary().filter(lambda torn: b"\n" not in torn))
def test_a_torn_last_line_is_cut_off_on_opening_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, torn: bytes
) -> None:
    folder = tmp_path_factory.mktemp("run")
    path = written(folder, A, B)
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    store.Writer(folder).close()
    assert path.read_bytes() == whole


@pytest.mark.parametrize("length", [1, 65535, 65536, 65537, 200_000])
def test_a_torn_line_of_any_length_is_cut_off(folder: Path, length: int) -> None:
    path = written(folder, A)
    whole = path.read_bytes()
    path.write_bytes(whole + b"x" * length)
    store.Writer(folder).close()
    assert path.read_bytes() == whole


def test_a_file_that_is_one_torn_line_becomes_empty(folder: Path) -> None:
    path = written(folder, A)
    path.write_bytes(b"x" * 100_000)
    store.Writer(folder).close()
    assert path.read_bytes() == b""


def test_a_torn_line_is_passed_over_while_reading_and_left_as_it_is(folder: Path) -> None:
    path = written(folder, A)
    path.write_bytes(path.read_bytes() + b'{"cell": "logreg')
    before = path.read_bytes()
    assert list(store.Run(folder).cells()) == [A]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "foreign", [b"nonsense", b"\xff\xfe", b"", b"3", b"null", b"[]", b'{"other": 1}'], ids=repr
)
def test_a_foreign_line_is_passed_over(folder: Path, foreign: bytes) -> None:
    path = written(folder, A)
    path.write_bytes(foreign + b"\n" + path.read_bytes())
    assert list(store.Run(folder).cells()) == [A]


def test_a_write_that_fails_half_way_leaves_no_torn_line(
    folder: Path, writer: store.Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.append([A])
    before = writer.cells_path.read_bytes()
    real, calls = os.write, []

    def full_after_ten_bytes(file: int, data: Any) -> int:
        calls.append(file)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(file, bytes(data)[:10])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full_after_ten_bytes)
        with pytest.raises(StoreError) as raised:
            writer.append([B, C])
    assert len(calls) == 2 and writer.cells_path.read_bytes() == before
    assert raised.value.message.startswith(f"no room left in {folder} (")
    assert raised.value.hint.startswith("Make room and give the same command again")
    writer.append([B])
    assert list(writer.cells()) == [A, B]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_no_room_is_said_to_be_no_room(tmp_path: Path, number: int) -> None:
    error = store.disk_error(tmp_path, OSError(number, os.strerror(number)))
    assert "no room left" in error.message and "Make room" in error.hint


def test_other_troubles_are_told_with_their_own_words(tmp_path: Path) -> None:
    error = store.disk_error(tmp_path, OSError(errno.EACCES, "Permission denied"))
    assert error.message == f"cannot write in {tmp_path}: Permission denied"
    assert error.hint == "Check its permissions."


# -- one writer ----------------------------------------------------------------------------------


def test_two_writers_exclude_each_other(
    folder: Path, writer: store.Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WAIT", 0.1)
    with pytest.raises(StoreError) as raised:
        store.Writer(folder)
    assert raised.value.message == f"another process is at work in {folder}"
    assert raised.value.hint == "Wait for it, or stop it, and try again."


def test_the_next_writer_waits_until_the_workers_of_the_last_are_gone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.Writer(folder)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False) as worker:
        first.close()
        with monkeypatch.context() as patched:
            patched.setattr(store, "WAIT", 0.1)
            with pytest.raises(StoreError, match="another process is at work"):
                store.Writer(folder)
        worker.communicate(b"")
    store.Writer(folder).close()


def test_a_run_may_be_read_while_it_is_written(folder: Path, writer: store.Writer) -> None:
    writer.append([A])
    assert list(store.Run(folder).cells()) == [A]


def test_results_that_are_no_folder_are_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    with pytest.raises(StoreError, match="results"):
        store.Writer(tmp_path / "results" / "small-0123abcd")


# -- dropping ------------------------------------------------------------------------------------


def test_cells_of_an_outcome_are_dropped_and_the_others_stay(writer: store.Writer) -> None:
    writer.append([C, A, B, C])
    assert writer.drop(Outcome.NOTRUN) == 2
    assert list(writer.cells()) == [A, B]
    writer.append([C])
    assert list(writer.cells()) == [A, B, C]


def test_where_nothing_is_dropped_nothing_changes(writer: store.Writer) -> None:
    writer.append([A, B])
    before = writer.cells_path.read_bytes()
    assert writer.drop(Outcome.NOTRUN) == 0
    assert writer.cells_path.read_bytes() == before


def test_dropping_on_a_full_disk_loses_nothing_and_is_told_in_words(
    folder: Path, writer: store.Writer
) -> None:
    writer.append([A, C])
    (folder / "cells.jsonl.new").symlink_to("/dev/full")
    with pytest.raises(StoreError, match="no room left"):
        writer.drop(Outcome.NOTRUN)
    assert list(writer.cells()) == [A, C]


# -- the header ----------------------------------------------------------------------------------


def test_a_header_is_read_back(writer: store.Writer) -> None:
    writer.write_header({"run": "é", "footer": None})
    assert writer.header() == {"run": "é", "footer": None}


def test_a_header_is_replaced_and_never_written_over(folder: Path, writer: store.Writer) -> None:
    writer.write_header({"run": "first"})
    with (folder / "run.json").open(encoding="utf-8") as reading:
        writer.write_header({"run": "second"})
        assert json.load(reading) == {"run": "first"}
    assert writer.header() == {"run": "second"}
    assert not (folder / "run.json.new").exists()


def test_on_a_full_disk_the_old_header_stays(folder: Path, writer: store.Writer) -> None:
    writer.write_header({"run": "first"})
    (folder / "run.json.new").symlink_to("/dev/full")
    with pytest.raises(StoreError, match="no room left") as raised:
        writer.write_header({"run": "second"})
    assert "goes on where it stopped" in raised.value.hint
    assert writer.header() == {"run": "first"}


@pytest.mark.parametrize("text", [None, "", "{", "[]", "3"])
def test_a_header_that_cannot_be_read_is_told(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    with pytest.raises(StoreError, match=r"run\.json"):
        store.Run(tmp_path).header()


def test_locks_are_kept_beside_the_results(folder: Path, writer: store.Writer) -> None:
    writer.keep_locks({"old": "numpy==1.24.3\n"})
    writer.keep_locks({"old": "numpy==1.24.3\n", "new": ""})
    assert (folder / "locks" / "old.txt").read_text() == "numpy==1.24.3\n"
    assert (folder / "locks" / "new.txt").exists()


def test_what_the_invocations_cost_adds_up(writer: store.Writer) -> None:
    writer.spend(1.5, {"fit": 1.0})
    assert writer.spend(2.0, {"fit": 0.5, "load": 2.0}) == {
        "seconds": 3.5,
        "phases": {"fit": 1.5, "load": 2.0},
    }


# -- finding runs --------------------------------------------------------------------------------


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Three runs; the last in the alphabet is the oldest."""
    for age, name in enumerate(["my-quick-00000000.2", "my-quick-00000000", "small-ffffffff"]):
        path = tmp_path / name / "run.json"
        path.parent.mkdir()
        path.write_text("{}")
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "no-run").mkdir()
    (tmp_path / "a-file").write_text("")
    return tmp_path


def test_runs_stand_with_the_newest_last(results: Path) -> None:
    names = [run.id for run in store.runs(results)]
    assert names == ["small-ffffffff", "my-quick-00000000", "my-quick-00000000.2"]


def test_without_a_name_the_newest_is_found(results: Path) -> None:
    assert store.find(results, None).id == "my-quick-00000000.2"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("my-quick-00000000", "my-quick-00000000"),
        ("my-quick", "my-quick-00000000.2"),
        ("small", "small-ffffffff"),
    ],
)
def test_a_run_is_found_by_its_name_and_by_its_matrix(results: Path, name: str, found: str) -> None:
    assert store.find(results, name).id == found


def test_a_run_is_found_by_its_path(results: Path, tmp_path: Path) -> None:
    path = results / "small-ffffffff"
    assert store.find(tmp_path / "elsewhere", str(path)).folder == path.resolve()


def test_an_unknown_run_is_answered_with_those_there_are(results: Path) -> None:
    with pytest.raises(StoreError) as raised:
        store.find(results, "quikc")
    assert raised.value.message == f"no run is called 'quikc' in {results}"
    assert "small-ffffffff" in raised.value.hint


def test_where_there_is_no_run_it_says_how_to_make_one(tmp_path: Path) -> None:
    assert store.runs(tmp_path / "nowhere") == []
    with pytest.raises(StoreError) as raised:
        store.find(tmp_path, None)
    assert raised.value.hint == "Make one: shelflife run quick"


def test_an_artifact_is_what_the_schema_says() -> None:
    VALID.validate(store.cell_json(cell(artifact={"sha256": SHA, "bytes": 3})))
