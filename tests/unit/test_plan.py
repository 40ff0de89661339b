"""The laws of a plan: which cells there are, which of them are chosen, how they are grouped."""

from __future__ import annotations

import fnmatch
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness import plan
from harness.errors import UserError
from harness.records import CellId, Exclude, Matrix
from tests.unit.samples import environment, format_, matrix, model

ids = st.from_regex(r"[a-c][a-c0-9._-]{0,3}", fullmatch=True)
some_ids = st.lists(ids, min_size=1, max_size=4, unique=True)
patterns = st.one_of(
    st.just("*"), ids, ids.map(lambda id: id[0] + "*"), st.sampled_from(["[ab]*", "?", "*c"])
)
excludes = st.builds(Exclude, st.just("so"), patterns, patterns, patterns, patterns)
cell_ids = st.builds(CellId, ids, ids, ids, ids)


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    return matrix(
        models=tuple(model(id) for id in draw(some_ids)),
        formats=tuple(format_(id) for id in draw(some_ids)),
        environments=tuple(environment(id) for id in draw(some_ids)),
        excludes=tuple(draw(st.lists(excludes, max_size=2))),
    )


@st.composite
def chosen(draw: st.DrawFn) -> tuple[list[CellId], list[CellId]]:
    """A plan and some of its cells, in any order."""
    planned = plan.cells(draw(matrices()))
    assume(planned)
    return planned, draw(st.lists(st.sampled_from(planned), unique=True))


@given(matrices())
def test_cells_are_unique(found: Matrix) -> None:
    cells = plan.cells(found)
    assert len(set(cells)) == len(cells)


@given(matrices())
def test_a_matrix_without_exclusions_is_the_full_product(found: Matrix) -> None:
    axes = ([item.id for item in axis] for axis in (found.models, found.formats))
    pairs = list(product([e.id for e in found.environments], repeat=2))
    wanted = {CellId(m, f, p, c) for m, f in product(*axes) for p, c in pairs}
    assert set(plan.cells(matrix(**{**found.__dict__, "excludes": ()}))) == wanted


@given(matrices())
def test_with_own_pairs_there_are_controls_alone(found: Matrix) -> None:
    own = plan.cells(matrix(**{**found.__dict__, "pairs": "own"}))
    assert own == [cell for cell in plan.cells(found) if cell.is_control]


@given(matrices())
def test_the_same_matrix_gives_the_same_order(found: Matrix) -> None:
    assert plan.cells(found) == plan.cells(found)


@given(matrices())
def test_cells_stand_by_producer_consumer_model_and_format(found: Matrix) -> None:
    environments = [e.id for e in found.environments]
    models, formats = [m.id for m in found.models], [f.id for f in found.formats]

    def place(cell: CellId) -> tuple[int, ...]:
        pair = environments.index(cell.producer), environments.index(cell.consumer)
        return (*pair, models.index(cell.model), formats.index(cell.format))

    cells = plan.cells(found)
    assert cells == sorted(cells, key=place)


@given(matrices())
def test_exclusions_hold_and_take_nothing_else(found: Matrix) -> None:
    def excluded(cell: CellId, by: Exclude) -> bool:
        values = (cell.model, cell.format, cell.producer, cell.consumer)
        patterns = (by.model, by.format, by.producer, by.consumer)
        return all(map(fnmatch.fnmatchcase, values, patterns))

    everything = plan.cells(matrix(**{**found.__dict__, "excludes": ()}))
    left = [c for c in everything if not any(excluded(c, by) for by in found.excludes)]
    assert plan.cells(found) == left


@given(cell_ids)
def test_an_id_is_read_back_from_its_text(cell: CellId) -> None:
    assert CellId.parse(str(cell)) == cell


@pytest.mark.parametrize("text", ["", "a/b/c", "a/b/c/d/e", "a//c/d", "/b/c/d"])
def test_a_text_without_four_parts_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="model/format/producer/consumer"):
        CellId.parse(text)


@given(cell_ids)
def test_a_control_is_its_own_control(cell: CellId) -> None:
    assert cell.control.is_control and cell.control.control == cell.control
    assert cell.control.case == cell.case and cell.control.producer == cell.producer


@given(chosen())
def test_every_chosen_cell_comes_with_its_control(
    given_cells: tuple[list[CellId], list[CellId]],
) -> None:
    planned, some = given_cells
    found = plan.with_controls(some, planned)
    assert set(some) <= set(found)
    assert {cell.control for cell in some} & set(planned) <= set(found)


@given(chosen())
def test_controls_add_nothing_else_and_keep_the_order_of_the_plan(
    given_cells: tuple[list[CellId], list[CellId]],
) -> None:
    planned, some = given_cells
    found = plan.with_controls(some, planned)
    assert set(found) <= set(some) | {cell.control for cell in some}
    assert found == [cell for cell in planned if cell in found]
    assert plan.with_controls(found, planned) == found


@given(chosen(), st.lists(patterns, min_size=1, max_size=3))
def test_to_select_again_changes_nothing(
    given_cells: tuple[list[CellId], list[CellId]], wanted: list[str]
) -> None:
    planned, _ = given_cells
    wanted = [p for p in wanted if any(plan.matches(cell, p) for cell in planned)]
    once = plan.select(planned, wanted)
    assert plan.select(once, wanted) == once
    assert once == [cell for cell in planned if cell in once]


@given(chosen())
def test_no_pattern_selects_everything(given_cells: tuple[list[CellId], list[CellId]]) -> None:
    assert plan.select(given_cells[0], []) == given_cells[0]


@given(chosen())
def test_a_whole_id_selects_one_cell(given_cells: tuple[list[CellId], list[CellId]]) -> None:
    planned, some = given_cells
    for cell in some:
        assert plan.select(planned, [str(cell)]) == [cell]


@given(cell_ids, patterns)
def test_a_pattern_without_a_slash_is_matched_with_each_part(cell: CellId, pattern: str) -> None:
    parts = (cell.model, cell.format, cell.producer, cell.consumer)
    assert plan.matches(cell, pattern) == any(fnmatch.fnmatchcase(p, pattern) for p in parts)


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ("forest.*", True),
        ("FOREST.*", False),
        ("forest", False),
        ("sk1.9*", True),
        ("*/skops/*", True),
        ("*/skops/*/sk1.9*", True),
        ("*/skops/sk1.9*/*", False),
        ("forest.*/*", True),
        ("forest.classifier/skops", False),
        ("*/pickle*/*", False),
        ("[es]k*", True),
    ],
)
def test_patterns_by_example(pattern: str, taken: bool) -> None:
    cell = CellId("forest.classifier", "skops", "sk1.2.2", "sk1.9.1")
    assert plan.matches(cell, pattern) is taken


def test_a_pattern_that_selects_nothing_is_answered_with_the_nearest() -> None:
    with pytest.raises(UserError) as raised:
        plan.select(plan.cells(matrix()), ["*", "pickel-5"])
    assert raised.value.message == "--select 'pickel-5' selects no cell"
    assert raised.value.hint.startswith("Did you mean pickle-5")


@given(chosen())
def test_by_pair_partitions_exactly(given_cells: tuple[list[CellId], list[CellId]]) -> None:
    _, some = given_cells
    found = plan.by_pair(some)
    back = [
        CellId(case.model, case.format, *pair) for pair, cases in found.items() for case in cases
    ]
    assert sorted(back) == sorted(some)
    assert all(found.values())


@given(chosen())
def test_by_pair_keeps_the_order_of_the_cases(
    given_cells: tuple[list[CellId], list[CellId]],
) -> None:
    _, some = given_cells
    for (producer, consumer), cases in plan.by_pair(some).items():
        mine = [c.case for c in some if (c.producer, c.consumer) == (producer, consumer)]
        assert cases == mine
