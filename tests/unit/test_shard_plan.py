"""Shards: a matrix's cells split into parts that any machine makes alike."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import plan
from harness.errors import UserError
from harness.plan import Shard
from harness.records import CellId

ids = st.from_regex(r"[a-z][a-z0-9.-]{0,8}", fullmatch=True)
cells = st.lists(st.builds(CellId, ids, ids, ids, ids), unique=True, max_size=40)
counts = st.integers(1, 12)


def shards(of: int) -> list[Shard]:
    return [Shard(number, of) for number in range(1, of + 1)]


@given(cells, counts)
def test_shards_are_disjoint_and_cover_the_whole_in_its_order(found: list[CellId], n: int) -> None:
    parts = [plan.shard(found, part) for part in shards(n)]
    assert sorted(cell for part in parts for cell in part) == sorted(found)
    for part in parts:
        assert part == [cell for cell in found if cell in set(part)]


@given(cells, counts, st.data())
def test_a_cells_shard_does_not_depend_on_the_others(
    found: list[CellId], n: int, data: st.DataObject
) -> None:
    some = [cell for cell in found if data.draw(st.booleans())]
    for part in shards(n):
        assert plan.shard(some, part) == [c for c in plan.shard(found, part) if c in set(some)]


@given(cells, counts)
def test_all_cells_of_a_case_stay_together_and_with_their_controls(
    found: list[CellId], n: int
) -> None:
    whole = list(dict.fromkeys([*found, *(cell.control for cell in found)]))
    for part in shards(n):
        mine = plan.shard(whole, part)
        assert plan.with_controls(mine, whole) == mine
        cases = {cell.case for cell in mine}
        assert mine == [cell for cell in whole if cell.case in cases]


@given(cells)
def test_the_only_shard_is_the_whole(found: list[CellId]) -> None:
    assert plan.shard(found, Shard(1, 1)) == plan.shard(found, None) == found


def test_shards_of_many_models_are_roughly_even() -> None:
    """Within a third of the mean: 300 models over 8 shards are 37 each, and 6 the deviation."""
    for n in (2, 4, 8):
        count = Counter(s.number for i in range(300) for s in shards(n) if s.takes(f"model.{i}"))
        assert all(abs(count[s.number] - 300 / n) < 300 / n / 3 + 6 for s in shards(n))


def test_a_shard_is_the_same_on_every_machine_and_day() -> None:
    names = ("logreg.binary", "forest.classifier", "scaler.standard", "pca.whiten", "svc.rbf")
    found = [next(s.number for s in shards(4) if s.takes(name)) for name in names]
    assert found == EXPECTED


EXPECTED = [2, 1, 4, 3, 2]


@given(counts, st.data())
def test_a_shard_is_read_back_from_its_text(n: int, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(shards(n)))
    assert Shard.parse(str(part)) == part


@pytest.mark.parametrize(
    "text", ["0/3", "5/3", "x", "", "1", "1/0", "1/2/3", "-1/2", "1.0/2", "1/ 2", "١/٢"]
)
def test_what_is_no_shard_is_one_clear_message(text: str) -> None:
    with pytest.raises(UserError) as raised:
        Shard.parse(text)
    assert raised.value.message == f"{text!r} is no shard"
    assert "K/N" in raised.value.hint
