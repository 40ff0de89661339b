"""Merging: whatever arrived becomes one run; what is missing is named; nothing is made up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import merge, plan
from harness.errors import StoreError
from harness.plan import Shard
from harness.records import Cell, CellId, Outcome
from harness.store import Run, Writer
from tests.unit.samples import cell

MODELS = [f"model.{n}" for n in range(12)]
IDS = [
    CellId(model, format, producer, consumer)
    for model in MODELS
    for format in ("pickle-5", "skops")
    for producer in ("old", "new")
    for consumer in ("old", "new")
]
HOST = {"system": "Linux", "cores": 2}


def outcome(id: CellId) -> Outcome:
    return Outcome.IDENTICAL if id.is_control else Outcome.DRIFT


def cells(ids: Sequence[CellId]) -> list[Cell]:
    return [cell(str(id), outcome(id), ms={"load": 1.0}) for id in ids]


def written(
    folder: Path, found: Sequence[Cell], part: Shard | None, planned: int, **changes: Any
) -> Path:
    """A run of these cells; it has its footer when they are as many as planned."""
    writer = Writer(folder)
    writer.append(found)
    shard = {"number": part.number, "of": part.of, "whole": len(IDS)} if part else None
    footer = {"finished": "2026-11-21T22:00:00", "cells": planned, "seconds": 2.5,
              "outcomes": {}, "phases": {"load": 1.0}}  # fmt: skip
    environments = [{"id": "old"}, {"id": "new"}]
    head = {
        "run": folder.name, "matrix": "small", "fingerprint": "0123abcd", "shard": shard,
        "started": f"2026-11-21T21:0{part.number if part else 0}:00", "host": HOST,
        "planned": planned, "environments": environments,
        "footer": footer if len(found) == planned else None,
    }  # fmt: skip
    writer.write_header({**head, **changes})
    writer.close()
    return folder


def shard(root: Path, number: int, of: int = 3, name: str = "", **changes: Any) -> Path:
    part = Shard(number, of)
    found = cells(plan.shard(IDS, part))
    return written(root / (name or f"s{number}of{of}"), found, part, len(found), **changes)


def merged(root: Path, folders: Sequence[Path]) -> merge.Merged:
    parts, unreadable = merge.read(folders)
    merge.check(parts, unreadable)
    return merge.merge(parts, unreadable, root / "out", IDS)


def essence(run: Run) -> dict[str, Any]:
    lines = list(run.lines())
    found = {line.pop("cell"): {k: v for k, v in line.items() if k != "ms"} for line in lines}
    assert len(found) == len(lines), "a cell is recorded twice"
    return found


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, Any]:
    return essence(Run(written(tmp_path / "whole", cells(IDS), None, len(IDS))))


@given(data=st.data())
def test_shards_in_any_order_and_number_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("merge")
    of = data.draw(st.integers(1, 5))
    folders = [shard(root, number, of) for number in range(1, of + 1)]
    folders += [shard(root, n, of, f"again{n}") for n in data.draw(st.sets(st.integers(1, of)))]
    found = merged(root, data.draw(st.permutations(folders)))
    assert essence(found.run) == essence(Run(written(root / "whole", cells(IDS), None, len(IDS))))
    assert found.is_complete and not found.missing and not found.missing_shards
    header = found.run.header()
    assert header["footer"]["cells"] == header["planned"] == len(IDS)
    assert sum(header["footer"]["outcomes"].values()) == len(IDS)
    assert header["shard"] is None
    assert [part["host"] for part in header["merged"]["parts"]] == [HOST] * len(folders)


def test_a_missing_shard_is_named_and_its_cells_are_absent(
    tmp_path: Path, whole: dict[str, Any]
) -> None:
    found = merged(tmp_path, [shard(tmp_path, 3), shard(tmp_path, 1)])
    lacking = plan.shard(IDS, Shard(2, 3))
    assert found.missing_shards == ["2/3"]
    assert found.missing == lacking
    assert essence(found.run) == {k: v for k, v in whole.items() if k not in map(str, lacking)}
    assert found.run.header()["footer"] is None
    said = "\n".join(merge.text(found))
    assert "incomplete" in said and "missing: shard 2/3" in said and str(lacking[0]) in said


def test_a_shard_without_footer_and_with_a_torn_line_is_merged_as_far_as_it_came(
    tmp_path: Path,
) -> None:
    ids = plan.shard(IDS, Shard(2, 3))
    torn = written(tmp_path / "torn", cells(ids[:5]), Shard(2, 3), len(ids))
    with (torn / "cells.jsonl").open("a") as file:
        file.write('{"cell": "model.1/pick')
    found = merged(tmp_path, [shard(tmp_path, 1), torn, shard(tmp_path, 3)])
    assert not found.is_complete
    assert found.missing_shards == []
    assert found.missing == ids[5:]
    assert f"shard 2/3, torn: 5 cells: no footer, {len(ids)} were planned" in "\n".join(
        merge.text(found)
    )


def test_a_folder_without_a_readable_header_is_left_out_and_named(tmp_path: Path) -> None:
    broken = shard(tmp_path, 2)
    (broken / "run.json").write_text('{"run": ')
    found = merged(tmp_path, [shard(tmp_path, 1), broken, tmp_path / "nowhere"])
    assert set(found.unreadable) == {str(broken), str(tmp_path / "nowhere")}
    assert found.missing_shards == ["2/3", "3/3"]


def again(root: Path, id: CellId, said: Outcome) -> Path:
    """A second run of one cell, with that outcome."""
    part = next(s for n in (1, 2, 3) if (s := Shard(n, 3)).takes(id.model))
    other = cell(str(id), said, reason="so" if said is Outcome.NOTRUN else None)
    return written(root / f"again-{said}", [other], part, 9)


ID = IDS[1]


@pytest.mark.parametrize("flip", [False, True])
def test_two_results_of_one_cell_are_no_result(tmp_path: Path, flip: bool) -> None:
    folders = [shard(tmp_path, 1), shard(tmp_path, 2), shard(tmp_path, 3)]
    folders.append(again(tmp_path, ID, Outcome.LOAD_ERROR))
    found = merged(tmp_path, folders[::-1] if flip else folders)
    line = essence(found.run)[str(ID)]
    assert line["outcome"] == "invalid"
    assert line["reason"] == "two runs disagree: load-error, drift"
    assert line["observed"] == "drift"
    assert found.disagreements == 1
    outcomes = found.run.header()["footer"]["outcomes"]
    assert outcomes == {"drift": len(IDS) // 2 - 1, "identical": len(IDS) // 2, "invalid": 1}


@pytest.mark.parametrize("flip", [False, True])
def test_a_result_counts_before_notrun(tmp_path: Path, whole: dict[str, Any], flip: bool) -> None:
    early = "2026-11-20T00:00:00" if flip else "2026-11-22T00:00:00"
    other = again(tmp_path, ID, Outcome.NOTRUN)
    head = json.loads((other / "run.json").read_text())
    (other / "run.json").write_text(json.dumps({**head, "started": early}))
    folders = [shard(tmp_path, 1), shard(tmp_path, 2), shard(tmp_path, 3), other]
    found = merged(tmp_path, folders)
    assert essence(found.run)[str(ID)]["outcome"] == "drift"
    assert found.disagreements == 0
    assert essence(found.run) == whole


@pytest.mark.parametrize(
    "changes", [{"fingerprint": "ffffffff"}, {"matrix": "other"}], ids=lambda c: next(iter(c))
)
def test_what_measured_something_else_is_refused(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(StoreError) as raised:
        merged(tmp_path, [shard(tmp_path, 1), shard(tmp_path, 2, **changes)])
    assert "do not measure the same" in raised.value.message
    assert "s1of3 (small-0123abcd)" in raised.value.message
    assert not (tmp_path / "out").exists()


def test_nothing_to_merge_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no run to merge"):
        merged(tmp_path, [tmp_path / "nowhere"])


def test_a_merge_is_made_again_when_more_arrived_and_never_loses_cells(tmp_path: Path) -> None:
    one, two = shard(tmp_path, 1), shard(tmp_path, 2)
    merged(tmp_path, [one])
    first = merged(tmp_path, [one, two])
    assert first.missing_shards == ["3/3"]
    with pytest.raises(StoreError, match="cells that the given runs do not have"):
        merged(tmp_path, [one])
    assert len(essence(Run(tmp_path / "out"))) == first.cells
    third = merged(tmp_path, [tmp_path / "out", shard(tmp_path, 3)])
    assert third.is_complete


def test_a_run_of_its_own_is_never_replaced(tmp_path: Path) -> None:
    written(tmp_path / "out", cells(IDS[:3]), None, len(IDS))
    with pytest.raises(StoreError, match="no merge has made it"):
        merged(tmp_path, [shard(tmp_path, 1)])


def test_sheets_and_broken_environments_of_all_parts_are_kept(tmp_path: Path) -> None:
    broken = [{"id": "old"}, {"id": "new", "notrun": "no wheel"}]
    one, two = shard(tmp_path, 1, 2, environments=broken), shard(tmp_path, 2, 2)
    for folder, format, facts in ((one, "skops", {}), (two, "skops", {"lazy": 1}), (two, "a", {})):
        writer = Writer(folder)
        writer.keep_facts(format, {"facts": facts, "reason": ""})
        writer.keep_locks({"old": "numpy==1\n"})
        writer.close()
    found = merged(tmp_path, [one, two])
    assert {id: sheet["facts"] for id, sheet in found.run.facts().items()} == {
        "a": {},
        "skops": {"lazy": 1},
    }
    assert found.run.header()["environments"][1]["notrun"] == "in shard 1/2: no wheel"
    assert (found.run.folder / "locks" / "old.txt").read_text() == "numpy==1\n"
