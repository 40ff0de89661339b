"""A baseline says what its run said, in a small part of the room, and always in the same bytes."""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from harness import baseline, evidence, lines, store
from harness.cli import shelflife
from harness.errors import StoreError
from harness.records import Cell, Failure, Outcome
from tests.synthetic import Synthetic, write_run
from tests.unit.samples import SHA, cell, schema
from tests.unit.test_store import cells

VALID = jsonschema.Draft202012Validator(schema("cell"))
VERSIONS = {"old": "1.2.2", "new": "1.9.1", "newer": "1.9.1", "bare": ""}
ENVIRONMENTS = [
    {"id": id, "python": "3.11", "main": "scikit-learn", "packages": {"scikit-learn": version}}
    for id, version in VERSIONS.items()
]
HEADER: dict[str, Any] = {
    "run": "small-0123abcd",
    "matrix": "small",
    "argument": "small",
    "started": "2026-11-22T03:25:53+00:00",
    "planned": 9,
    "environments": ENVIRONMENTS,
    "models": [{"id": "n"}, {"id": "m"}],
    "formats": [{"id": "pickle-5"}],
    "footer": None,
}
WARNED = {"category": "W", "message": "from 1.2.2 when using 1.9.1", "count": 1, "stage": "load"}
ids = st.sampled_from([f"{m}/{f}/{p}/{c}" for m in "mn" for f in ("pickle-5", "strange")
                       for p in (*VERSIONS, "far") for c in (*VERSIONS, "far")])  # fmt: skip
telling = st.sampled_from(["1.2.2", "11.2.25", "1.9.1 and 1.2.2", "«»", "\0", "\ud800"])
worded = st.builds(lambda says: Failure("E", says, "load", "at 0x1"), telling)
found = st.lists(
    st.builds(
        lambda id, each, error: lines.cell_json(each)
        | dict(zip(("cell", "model", "format", "producer", "consumer"), (id, *id.split("/")),
                   strict=True))
        | ({"error": lines.cell_json(cell(error=error))["error"]} if error else {})
        | {"matrix": "small"},
        ids,
        cells,
        st.none() | worded,
    ),
    max_size=6,
    unique_by=lambda line: line["cell"],
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHELFLIFE_MATRICES", str(tmp_path))
    return tmp_path / "baselines"


def line(id: str, outcome: Outcome = Outcome.IDENTICAL, **more: Any) -> Any:
    return lines.cell_json(cell(id, outcome, **more))


def kept(line: Any) -> Any:
    """A line without what a baseline does not keep."""
    error, artifact = line["error"], line["artifact"]
    return line | {
        "ms": {},
        "error": error and {**error, "traceback": ""},
        "artifact": artifact and {**artifact, "sha256": None},
    }


def by_id(some: Sequence[Any]) -> dict[str, Any]:
    return {each["cell"]: each for each in some}


# -- what comes back -----------------------------------------------------------------------------


@given(found)
@example([line("n/pickle-5/old/new", Outcome.CLOSE, warnings=[WARNED], reason="« 1.2.2")])
def test_every_cell_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, some: list[Any]
) -> None:
    made = baseline.write(HEADER, some, tmp_path_factory.mktemp("baselines"))
    again = baseline.Baseline(made.path)
    assert again.header() == HEADER
    assert by_id(list(again.lines())) == by_id([kept(each) for each in some])
    assert again.cells_kept == len(some)
    assert [mark.cell for mark in again.marks()] == [each["cell"] for each in again.lines()]


@given(found, st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_change_a_byte(
    tmp_path_factory: pytest.TempPathFactory, some: list[Any], chance: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("baselines")
    first = baseline.write(HEADER, some, folder).path.read_bytes()
    chance.shuffle(some)
    assert baseline.write(HEADER, some, folder).path.read_bytes() == first


@given(found)
def test_the_baseline_of_a_baseline_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, some: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("baselines")
    made = baseline.write(HEADER, some, folder)
    first = made.path.read_bytes()
    assert baseline.write(made.header(), made.lines(), folder).path.read_bytes() == first


@given(found)
def test_its_lines_are_what_the_schema_says(
    tmp_path_factory: pytest.TempPathFactory, some: list[Any]
) -> None:
    made = baseline.write(HEADER, some, tmp_path_factory.mktemp("baselines"))
    for each in made.lines():
        VALID.validate(each)


def test_of_two_lines_of_one_cell_the_last_counts(folder: Path) -> None:
    pair = [line("m/pickle-5/old/new", outcome) for outcome in (Outcome.DRIFT, Outcome.CLOSE)]
    made = baseline.write(HEADER, pair, folder)
    assert [each["outcome"] for each in made.lines()] == ["close"]


def test_cells_stand_in_the_order_of_the_matrix(folder: Path) -> None:
    wanted = [
        "n/pickle-5/old/old", "n/pickle-5/old/new", "n/pickle-5/new/old", "n/pickle-5/far/old",
        "m/pickle-5/old/old", "m/pickle-5/old/far", "z/pickle-5/old/old",
    ]  # fmt: skip
    made = baseline.write(HEADER, [line(id) for id in sorted(wanted)], folder)
    assert [mark.cell for mark in made.marks()] == wanted


def test_what_differs_in_releases_alone_is_kept_once(folder: Path) -> None:
    back = WARNED | {"message": "from 1.9.1 when using 1.2.2"}
    some = [
        line("m/pickle-5/old/new", warnings=[WARNED]),
        line("m/pickle-5/new/old", warnings=[back]),
    ]
    made = baseline.write(HEADER, some, folder)
    assert len(made.content.heads) == 1
    assert "from « when using »" in made.content.heads[0]
    assert by_id(list(made.lines())) == by_id(some)


def test_a_large_run_becomes_small(folder: Path, tmp_path: Path) -> None:
    run = store.Run(write_run(tmp_path / "run", Synthetic(8_000)))
    made = baseline.write(run.header(), run.lines(), folder)
    plain = (tmp_path / "run" / "cells.jsonl").stat().st_size
    assert made.path.stat().st_size * 50 < plain
    assert by_id(list(made.lines())) == by_id([kept(each) for each in run.lines()])


# -- names ---------------------------------------------------------------------------------------


def test_a_baseline_is_found_by_its_matrix(folder: Path) -> None:
    baseline.write(HEADER, [line("m/pickle-5/old/new")], folder)
    assert evidence.find("baseline:small").id == "baseline:small"
    with pytest.raises(StoreError, match="no baseline of 'smal'") as raised:
        evidence.find("baseline:smal")
    assert raised.value.hint == "Did you mean small?"


def test_where_there_is_no_baseline_it_says_how_to_make_one(folder: Path) -> None:
    with pytest.raises(StoreError) as raised:
        evidence.find("baseline:small")
    assert raised.value.hint == "Make one: shelflife baseline RUN"


# -- damage --------------------------------------------------------------------------------------


def repacked(made: baseline.Baseline, **changes: Any) -> bytes:
    content = msgspec.json.decode(lzma.decompress(made.path.read_bytes()))
    return lzma.compress(msgspec.json.encode({**content, **changes}))


def damages(made: baseline.Baseline) -> list[tuple[str, bytes]]:
    raw = made.path.read_bytes()
    row = ["m", "pickle-5", "old", 0, 0, None]
    return [
        ("cut short", raw[:-1]),
        ("cut short", b""),
        ("follows its end", raw + b"x"),
        ("is damaged", b"nonsense"),
        ("is damaged", lzma.compress(b"[]")),
        ("is damaged", lzma.compress(b"\xff")),
        ("is damaged", repacked(made, rows=[[*row[:3], 99, 0, None]])),
        ("is damaged", repacked(made, rows=[[*row[:3], -1, 0, None]])),
        ("is damaged", repacked(made, rows=[[*row[:3], [0, 0], 0, None]])),
        ("is damaged", repacked(made, rows=[["m/n", *row[1:]]], header={})),
        ("another version of Shelflife", repacked(made, form=2)),
    ]


@pytest.mark.parametrize("number", range(11))
def test_a_damaged_baseline_is_one_clear_error(folder: Path, number: int) -> None:
    made = baseline.write(HEADER, [line("m/pickle-5/old/new")], folder)
    said, raw = damages(made)[number]
    made.path.write_bytes(raw)
    with pytest.raises(StoreError, match=said) as raised:
        list(evidence.find("baseline:small").lines())
    assert raised.value.message.startswith(str(made.path))
    assert "shelflife baseline RUN" in raised.value.hint


@given(st.integers(0, 100_000), st.integers(0, 7))
def test_a_flipped_bit_never_gives_other_cells(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    some = [line(f"m{n}/pickle-5/old/new") for n in range(9)]
    made = baseline.write(HEADER, some, tmp_path_factory.mktemp("baselines"))
    raw = bytearray(made.path.read_bytes())
    raw[place % len(raw)] ^= 1 << bit
    made.path.write_bytes(raw)
    with pytest.raises(StoreError):
        list(baseline.Baseline(made.path).lines())


def test_on_a_full_disk_the_old_baseline_stays(folder: Path) -> None:
    made = baseline.write(HEADER, [line("m/pickle-5/old/new")], folder)
    before = made.path.read_bytes()
    (folder / f"{made.path.name}.new").symlink_to("/dev/full")
    with pytest.raises(StoreError, match="cannot write"):
        baseline.write(HEADER, [], folder)
    assert made.path.read_bytes() == before


# -- commands ------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> store.Run:
    monkeypatch.setenv("SHELFLIFE_RESULTS", str(tmp_path / "results"))
    return store.Run(write_run(tmp_path / "results" / "synthetic-0123abcd", Synthetic(400)))


def command(*words: str) -> Any:
    return CliRunner().invoke(shelflife, words)


def test_the_cells_of_a_baseline_are_printed_like_those_of_a_run(run: store.Run) -> None:
    said = command("baseline").stdout
    assert said.startswith("Baseline of synthetic, complete, 400 cells, ")
    some = [
        json.loads(text) for text in command("cells", "--baseline", "synthetic").stdout.splitlines()
    ]
    assert by_id(some) == by_id([kept(each) for each in run.lines()])
    chosen = command("cells", "--baseline", "synthetic", "-s", "joblib").stdout.splitlines()
    assert {json.loads(text)["format"] for text in chosen} == {"joblib"}


def test_a_part_of_a_matrix_says_that_it_is_one(run: store.Run, folder: Path) -> None:
    (run.folder / "run.json").write_text(json.dumps({**run.header(), "footer": None}))
    said = command("baseline").stdout
    assert "incomplete, 400 cells" in said and "A part of the matrix: 400 of 400 cells." in said
    assert "incomplete" in command("list", "baselines").stdout


def test_a_run_without_a_cell_leaves_the_old_baseline(run: store.Run, folder: Path) -> None:
    command("baseline")
    before = (folder / "synthetic.json.xz").read_bytes()
    (run.folder / "cells.jsonl").write_bytes(b"")
    result = command("baseline")
    assert result.exit_code == 1 and "has no cell" in str(result.exception)
    assert (folder / "synthetic.json.xz").read_bytes() == before


def test_one_cell_of_a_baseline_is_shown(run: store.Run) -> None:
    command("baseline")
    first = next(line for line in run.lines() if line["artifact"])
    said = command("show", first["cell"], "--baseline", "synthetic").stdout
    assert f"{first['outcome']}, in baseline:synthetic" in said
    assert "of a SHA-256 that was not kept" in said


def test_the_site_is_made_of_a_baseline_alone(run: store.Run, tmp_path: Path) -> None:
    command("baseline")
    (run.folder / "run.json").unlink()
    assert "say --out PATH" in command("report", "--baseline", "synthetic").stderr
    said = command("report", "--baseline", "synthetic", "--out", str(tmp_path / "site")).stdout
    assert said == f"Report of baseline:synthetic: {tmp_path / 'site' / 'index.html'}\n"
    assert "400 cells" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_a_damaged_baseline_is_listed_as_damaged(run: store.Run, folder: Path) -> None:
    command("baseline")
    (folder / "synthetic.json.xz").write_bytes(b"")
    assert "is damaged" in command("list", "baselines").stdout


def test_a_run_and_a_baseline_at_once_are_refused(run: store.Run) -> None:
    assert "name one" in command("cells", run.id, "--baseline", "synthetic").stderr


def test_artifacts_keep_their_size(folder: Path) -> None:
    artifact = {"sha256": SHA, "bytes": 943}
    made = baseline.write(HEADER, [line("m/pickle-5/old/new", artifact=artifact)], folder)
    assert [each["artifact"] for each in made.lines()] == [{"sha256": None, "bytes": 943}]


def test_cells_of_a_baseline_are_records(folder: Path) -> None:
    made = baseline.write(HEADER, [line("m/pickle-5/old/new", Outcome.CLOSE)], folder)
    assert [*made.cells()] == [cell("m/pickle-5/old/new", Outcome.CLOSE)]
    assert isinstance(next(made.cells()), Cell)
