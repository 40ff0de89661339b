"""A line read in part says the same as one read whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness import judge, lines, session, store
from harness.lines import Fault, Mark
from harness.records import Cell, Failure, Outcome
from harness.summary import Tally
from tests.unit.samples import cell
from tests.unit.test_store import cells, comparisons

SURROGATE = cell(outcome=Outcome.LOAD_ERROR, error=Failure("E", "\ud800", "load"), reason="\udfff")
LOUD = cell(outcome=Outcome.DRIFT, warnings=({"message": "\ud800"},))


def mark_of(found: Cell) -> Mark:
    error = found.error
    return Mark(
        str(found.id),
        found.outcome.value,
        found.reason,
        found.observed and found.observed.value,
        error and Fault(error.type, error.message, error.stage),
    )


@given(st.lists(cells, max_size=4))
@example([SURROGATE, LOUD])
def test_marks_say_what_tells_cells_apart(found: list[Cell]) -> None:
    assert lines.marks(lines.encoded(found)) == [mark_of(each) for each in found]


@given(st.lists(cells, max_size=4))
@example([SURROGATE, LOUD])
def test_objects_are_whole_lines(found: list[Cell]) -> None:
    block = lines.encoded(found)
    assert [lines.cell_of(line) for line in lines.objects(block)] == found


@pytest.mark.parametrize(
    "foreign",
    [b"nonsense", b"\xff\xfe", b"", b"3", b"null", b"[]", b'{"other": 1}', b"[" * 100_000, b"\r"],
    ids=lambda line: repr(line[:12]),
)
def test_a_foreign_line_is_passed_over_and_its_neighbours_are_read(foreign: bytes) -> None:
    block = lines.encoded([SURROGATE]) + foreign + b"\n" + lines.encoded([LOUD])
    assert [mark.cell for mark in lines.marks(block)] == [str(SURROGATE.id)] * 2
    assert [brief.cell for brief in lines.briefs(block)] == [str(SURROGATE.id)] * 2
    assert [lines.cell_of(line) for line in lines.objects(block)] == [SURROGATE, LOUD]


@given(st.integers(1, 10_000))
def test_a_torn_end_is_no_line(cut: int) -> None:
    whole, torn = lines.encoded([LOUD]), lines.encoded([SURROGATE])
    block = whole + torn[: -1 - cut % (len(torn) - 1)]
    assert lines.marks(block) == [mark_of(LOUD)]
    assert lines.marks(torn[:-1]) == [] == list(lines.objects(torn[:-1]))


# -- what a run that goes on knows ---------------------------------------------------------------

controls = st.sampled_from(["m/a/old/old", "m/b/old/old"])
others = st.sampled_from(["m/a/old/new", "n/a/old/new", "n/b/new/old"])
recorded = st.builds(
    lambda id, found: replace(found, id=cell(id).id), controls | others, cells
) | st.builds(
    lambda id, outcome, found: cell(id, outcome, methods=found),
    others,
    st.sampled_from([Outcome.DRIFT, Outcome.CHANGED, Outcome.IDENTICAL]),
    st.dictionaries(st.sampled_from(["predict", "transform"]), comparisons, max_size=2),
)


@given(st.lists(recorded, max_size=8))
@example([SURROGATE, LOUD, replace(SURROGATE, id=cell("m/a/old/old").id)])
def test_a_run_goes_on_with_what_it_would_know_had_it_never_stopped(
    tmp_path_factory: pytest.TempPathFactory, found: list[Cell]
) -> None:
    writer = store.Writer(tmp_path_factory.mktemp("run"))
    writer.append(found)
    there = Tally()
    ids, kept = session.recorded(writer, there)
    writer.close()
    never_stopped = Tally()
    never_stopped.extend(found)
    assert ids == {str(each.id) for each in found}
    assert told(there) == told(never_stopped)
    assert kept == {each.id: slim(each) for each in found if each.id.is_control}


def slim(found: Cell) -> Cell:
    error = found.error and replace(found.error, traceback="")
    return replace(judge.slim(found), matrix="", error=error)


def told(tally: Tally) -> object:
    counts = (tally.failed_controls, tally.wrong, tally.quiet, tally.silent, tally.finds)
    finds = [(str(find.example.id), find.sentence(), find.formats) for find in tally.worst()]
    return +tally.outcomes, tally.reasons, counts, finds
