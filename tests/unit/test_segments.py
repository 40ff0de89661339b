"""A large run's lines are packed as it grows; no interruption loses, doubles or guesses one."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import lines, segments, store
from harness.errors import StoreError
from harness.records import Cell, Outcome
from tests.unit.samples import cell

MANY = [cell(f"m{n:03}/pickle-5/old/new", reason=f"{n} é") for n in range(60)]
IDS = [str(each.id) for each in MANY]
FIRST = "cells-0001.jsonl.gz"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packs after a few cells."""
    monkeypatch.setattr(segments, "ROLL", 1_000)


@pytest.fixture
def folder(tmp_path: Path, small: None) -> Path:
    """A run of sixty cells, in segments and a live file."""
    return recorded(tmp_path / "run", MANY)


def recorded(folder: Path, cells: list[Cell]) -> Path:
    writer = store.Writer(folder)
    for each in cells:
        writer.append([each])
    writer.close()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("cells*"))


def ids(folder: Path) -> list[str]:
    return [mark.cell for mark in store.Run(folder).marks()]


# -- a run that grows ----------------------------------------------------------------------------


def test_a_small_run_is_one_plain_file(tmp_path: Path) -> None:
    assert names(recorded(tmp_path / "run", MANY)) == ["cells.jsonl"]


def test_a_large_run_is_packed_as_it_grows(folder: Path) -> None:
    *packed, live = names(folder)
    assert packed == [f"cells-{n:04}.jsonl.gz" for n in range(1, len(packed) + 1)]
    assert len(packed) > 3 and live == "cells.jsonl"
    assert (folder / live).stat().st_size <= segments.ROLL


def test_what_was_packed_is_read_in_the_order_in_which_it_was_recorded(folder: Path) -> None:
    assert list(store.Run(folder).cells()) == MANY
    assert ids(folder) == IDS


@pytest.mark.parametrize("count", [1, 2, 3, 7, 1_000])
def test_parts_hold_every_line_once_and_in_order(folder: Path, count: int) -> None:
    found = store.Run(folder).parts(count)
    assert len(found) == min(count, len(segments.numbers(folder)))
    assert [mark.cell for part in found for mark in part.marks()] == IDS


def test_a_run_without_segments_is_one_part(tmp_path: Path) -> None:
    (part,) = store.Run(recorded(tmp_path / "run", MANY)).parts(4)
    assert [mark.cell for mark in part.marks()] == IDS


def test_what_is_packed_after_the_parts_were_made_is_in_the_last(folder: Path) -> None:
    parts = store.Run(folder).parts(3)
    segments.roll(folder)
    segments.pack(folder)
    assert [mark.cell for part in parts for mark in part.marks()] == IDS


def test_a_segment_is_plain_gzip_and_the_same_lines_give_the_same_bytes(
    folder: Path, tmp_path: Path
) -> None:
    again = recorded(tmp_path / "again", MANY)
    assert (folder / FIRST).read_bytes() == (again / FIRST).read_bytes()
    first = gzip.decompress((folder / FIRST).read_bytes())
    assert [mark.cell for mark in lines.marks(first)] == IDS[: first.count(b"\n")]


def test_a_run_from_before_packs_its_one_file_when_it_goes_on(tmp_path: Path, small: None) -> None:
    (tmp_path / "cells.jsonl").write_bytes(lines.encoded(MANY[:-1]))
    recorded(tmp_path, MANY[-1:])
    assert names(tmp_path) == [FIRST, "cells.jsonl"]
    assert ids(tmp_path) == IDS


def test_cells_are_dropped_from_every_segment(folder: Path) -> None:
    writer = store.Writer(folder)
    before = {name: (folder / name).read_bytes() for name in names(folder)}
    writer.append([cell("gone/pickle-5/old/new", Outcome.NOTRUN, reason="no room")])
    assert writer.drop(Outcome.NOTRUN) == 1
    assert {name: (folder / name).read_bytes() for name in names(folder)} == before
    assert writer.drop(Outcome.IDENTICAL, {IDS[0], IDS[30], IDS[59]}) == 3
    writer.append([MANY[0]])
    writer.close()
    assert ids(folder) == [*IDS[1:30], *IDS[31:59], IDS[0]]


# -- interruptions -------------------------------------------------------------------------------


def halted(folder: Path, at: str) -> None:
    """The folder as an interruption leaves it at some step of packing `cells-0001`."""
    packed, plain = folder / FIRST, folder / "cells-0001.jsonl"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    if at != "before the unpacked one goes":
        raw = packed.read_bytes()
        packed.unlink()
        if at == "while packing":
            (folder / f"{FIRST}.new").write_bytes(raw[:40])


STEPS = ["before packing", "while packing", "before the unpacked one goes"]


@pytest.mark.parametrize("at", STEPS)
def test_an_interruption_at_any_step_loses_nothing_and_doubles_nothing(
    folder: Path, at: str
) -> None:
    whole = {name: (folder / name).read_bytes() for name in names(folder)}
    halted(folder, at)
    assert ids(folder) == IDS
    store.Writer(folder).close()
    assert {name: (folder / name).read_bytes() for name in names(folder)} == whole


def test_an_interruption_before_the_new_live_file_is_there(tmp_path: Path) -> None:
    recorded(tmp_path, MANY)
    (tmp_path / "cells.jsonl").rename(tmp_path / "cells-0001.jsonl")
    assert ids(tmp_path) == IDS
    recorded(tmp_path, [cell("one/more/old/new")])
    assert names(tmp_path) == [FIRST, "cells.jsonl"]
    assert ids(tmp_path) == [*IDS, "one/more/old/new"]


ENDLESS = """
import sys
from pathlib import Path
from harness import segments, store
from tests.unit.samples import cell
segments.ROLL = 2_000
writer = store.Writer(Path(sys.argv[1]))
number = sum(1 for _ in writer.marks())
while True:
    writer.append([cell(f"m{number}/pickle-5/old/new")])
    number += 1
    print(number, flush=True)
"""


def test_a_writer_killed_at_any_moment_has_recorded_what_it_said(tmp_path: Path) -> None:
    said = 0
    for lap in range(6):
        command = [sys.executable, "-c", ENDLESS, str(tmp_path / "run")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            until = said + 23 + 7 * lap
            for line in process.stdout:
                said = int(line)
                if said == until:
                    process.kill()
        found = ids(tmp_path / "run")
        assert found == [f"m{n}/pickle-5/old/new" for n in range(len(found))]
        assert said <= len(found) <= said + 1


def test_who_reads_while_it_is_packed_sees_a_beginning(tmp_path: Path, small: None) -> None:
    writer = store.Writer(tmp_path)

    def write() -> None:
        for each in MANY * 5:
            writer.append([each])

    at_work = threading.Thread(target=write)
    at_work.start()
    seen = [0]
    while at_work.is_alive():
        found = ids(tmp_path)
        assert found == (IDS * 5)[: len(found)]
        seen.append(len(found))
    at_work.join()
    writer.close()
    assert seen == sorted(seen)
    assert ids(tmp_path) == IDS * 5


def test_on_a_full_disk_nothing_is_lost_and_the_next_run_packs(tmp_path: Path, small: None) -> None:
    (tmp_path / f"{FIRST}.new").symlink_to("/dev/full")
    writer = store.Writer(tmp_path)
    with pytest.raises(StoreError, match="no room left"):
        writer.append(MANY)
    writer.append([MANY[0]])
    writer.close()
    assert ids(tmp_path) == [*IDS, IDS[0]]
    assert names(tmp_path) == ["cells-0001.jsonl", "cells.jsonl"]
    store.Writer(tmp_path).close()
    assert names(tmp_path) == [FIRST, "cells.jsonl"]
    assert ids(tmp_path) == [*IDS, IDS[0]]


# -- damage --------------------------------------------------------------------------------------


def damages(raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield "cut short", raw[:-1]
    yield "cut short", raw[: len(raw) // 2]
    yield "cut short", b""
    yield "follows its end", raw + b"\0"
    yield "follows its end", raw + raw
    yield "is damaged", b"nonsense"
    yield "ends within a line", gzip.compress(gzip.decompress(raw)[:-9])


@pytest.mark.parametrize("number", range(7))
def test_a_damaged_segment_is_one_clear_error(folder: Path, number: int) -> None:
    path = folder / FIRST
    said, damaged = list(damages(path.read_bytes()))[number]
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match=said) as raised:
        ids(folder)
    assert raised.value.message.startswith(f"{path} is damaged")
    assert raised.value.hint == "Put it back from a copy, or begin a new run: --fresh."


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_a_flipped_bit_is_noticed_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    raw = bytearray(gzip.compress(lines.encoded(MANY), mtime=0))
    raw[place % len(raw)] ^= 1 << bit
    (folder / FIRST).write_bytes(raw)
    try:
        assert ids(folder) == IDS
    except StoreError as error:
        assert "is damaged" in error.message


def test_a_segment_that_is_missing_among_others_is_one_clear_error(folder: Path) -> None:
    (folder / "cells-0002.jsonl.gz").unlink()
    with pytest.raises(StoreError, match=r"cells-0002\.jsonl\.gz is missing, and later ones"):
        ids(folder)
