"""What is foreseen of a matrix is data: validated as matrices are, the last that fits counts."""

from __future__ import annotations

import datetime as dt
import fnmatch
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import expectations, matrix, plan, project, registry
from harness.diff import foreseen
from harness.errors import MatrixError
from harness.expectations import AXES, Expectation, Expectations
from harness.records import Exclude, Outcome
from harness.source import Source
from tests.unit import samples
from tests.unit.recorded import Recorded, line

TODAY = dt.date(2026, 11, 22)
SHIPPED = sorted((samples.ROOT / "matrices" / "expectations").glob("*.toml"))
GOOD = """
[[expect]]
model = "forest.*"
format = ["pickle-4", "pickle-5"]
producer = "new"
consumer = "old"
outcome = ["load-error", "drift"]
reason = "trees have another layout"
link = "https://github.com/scikit-learn/scikit-learn/issues/1"
expires = 2027-01-31
"""


def load(tmp_path: Path, text: str, **changes: object) -> Expectations:
    file = tmp_path / "small.toml"
    file.write_text(text, encoding="utf-8")
    return expectations.load(file, samples.matrix(**changes), TODAY)


def test_it_says_all_of_what_is_written(tmp_path: Path) -> None:
    (found,) = load(tmp_path, GOOD).applied
    assert found.patterns == {
        "model": ("forest.*",),
        "format": ("pickle-4", "pickle-5"),
        "producer": ("new",),
        "consumer": ("old",),
    }
    assert found.outcomes == {Outcome.LOAD_ERROR, Outcome.DRIFT}
    assert found.wanted == "load-error or drift"
    assert (found.line, found.expires) == (2, dt.date(2027, 1, 31))
    assert found.foresees(Outcome.DRIFT) and not found.foresees(Outcome.IDENTICAL)


def test_it_takes_the_cells_that_all_its_patterns_take(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert found.of("forest.classifier/pickle-5/new/old") is found.applied[0]
    for other in (
        "logreg.binary/pickle-5/new/old",
        "forest.classifier/onnx-f32/new/old",
        "forest.classifier/pickle-5/old/old",
        "forest.classifier/pickle-5/new/new",
    ):
        assert found.of(other) is None


def test_of_several_the_last_one_counts(tmp_path: Path) -> None:
    general = '\n[[expect]]\nmodel = "*"\noutcome = "close"\nreason = "in general"\n'
    both = load(tmp_path, general + GOOD)
    assert [each.reason for each in both.applied] == ["in general", "trees have another layout"]
    assert both.of("forest.classifier/pickle-5/new/old") is both.applied[1]
    assert both.of("logreg.binary/pickle-5/new/old") is both.applied[0]


def test_it_counts_up_to_its_last_day(tmp_path: Path) -> None:
    for day, applied in (("2026-11-21", 0), ("2026-11-22", 1)):
        found = load(tmp_path, GOOD.replace("2027-01-31", day))
        assert len(found.applied) == applied
        assert len(found.expired) == 1 - applied


def test_no_file_foresees_nothing() -> None:
    header = {"matrix": "no-such-matrix", "argument": "no-such-matrix"}
    assert expectations.of_header(header, TODAY) == expectations.NONE
    assert expectations.NONE.of("a/b/c/d") is None


FAULTS = {
    "unknown key": ('modle = "*"', "unknown key 'modle' in [[expect]]", "Did you mean model?"),
    "no such model": (
        'model = "forrest.*"',
        "'forrest.*' selects no model",
        "Did you mean forest.",
    ),
    "no such format": (
        'format = ["pickle-4", "pikle-5"]',
        "'pikle-5' selects no format",
        "pickle-5",
    ),
    "no such producer": ('producer = "nwe"', "'nwe' selects no producer", "Did you mean new?"),
    "no such consumer": ('consumer = "odl"', "'odl' selects no consumer", "Did you mean old?"),
    "no such outcome": ('outcome = "lode-error"', "'lode-error' is no outcome", "load-error"),
    "outcome of another type": ("outcome = 3", "'outcome' must be a string or a list", ""),
    "model of another type": ("model = 3", "'model' must be a string or a list of strings", ""),
    "an empty list": ("outcome = []", "'outcome' is an empty list", "Write outcome"),
    "reason of another type": ("reason = 3", "'reason' must be a string", ""),
    "link that is none": ('link = "see there"', "link 'see there' is no web address", "whole"),
    "expires as text": ('expires = "2027-01-31"', "'expires' must be a date", ""),
    "expires with a time": ("expires = 2027-01-31T00:00:00", "'expires' must be a date", ""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_message_with_file_and_line(tmp_path: Path, name: str) -> None:
    wrong, says, suggests = FAULTS[name]
    key = wrong.partition(" ")[0]
    rows = GOOD.splitlines()
    at = next((n for n, row in enumerate(rows) if row.startswith(f"{key} ")), len(rows))
    rows[at : at + 1] = [wrong]
    fine = GOOD.replace("forest.*", "logreg.*")  # the fault is in the second table
    with pytest.raises(MatrixError) as raised:
        load(tmp_path, fine + "\n".join(rows) + "\n")
    place = f"{tmp_path / 'small.toml'}:{at + 1 + fine.count(chr(10))}: "
    assert raised.value.message.startswith(place)
    assert says in raised.value.message
    assert suggests in raised.value.hint


@pytest.mark.parametrize(
    ("key", "says"), [("outcome", "needs 'outcome'"), ("reason", "needs 'reason'")]
)
def test_outcome_and_reason_are_needed(tmp_path: Path, key: str, says: str) -> None:
    rows = [row for row in GOOD.splitlines() if not row.startswith(f"{key} ")]
    with pytest.raises(MatrixError, match=says) as raised:
        load(tmp_path, "\n".join(rows) + "\n")
    assert f"`{key} = ...`" in raised.value.hint


def test_one_pattern_at_least_is_needed(tmp_path: Path) -> None:
    with pytest.raises(MatrixError, match="without a pattern"):
        load(tmp_path, '[[expect]]\noutcome = "drift"\nreason = "so"\n')


def test_another_table_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(MatrixError, match="unknown key 'expects'") as raised:
        load(tmp_path, '[[expects]]\noutcome = "drift"\n')
    assert raised.value.hint == "Did you mean expect?"


def test_one_that_selects_no_cell_of_the_matrix_is_a_fault(tmp_path: Path) -> None:
    """Each pattern selects something, and the cells that have them all are excluded."""
    excluded = (Exclude("slow", model="forest.*", producer="new", consumer="old"),)
    first = GOOD.replace("forest.*", "logreg.*")
    with pytest.raises(MatrixError) as raised:
        load(tmp_path, first + GOOD, excludes=excluded)
    line_of_second = first.count("\n") + 2
    assert raised.value.message.startswith(f"{tmp_path / 'small.toml'}:{line_of_second}: ")
    assert "selects no cell of matrix 'small'" in raised.value.message


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_shipped_ones_are_valid(file: Path) -> None:
    folder = project.ROOT / "matrices"
    path = matrix.find(file.stem, folder)
    known = registry.read(matrix.plugins(Source.read(path)))
    loaded = matrix.load(path, folder, known.models, known.formats)
    assert expectations.load(file, loaded, TODAY).applied


ids = st.sampled_from(["a", "ab", "b"])
patterns = st.dictionaries(
    st.sampled_from(AXES), st.lists(st.sampled_from(["*", "a*", "b", "?"]), min_size=1).map(tuple)
)


@given(st.lists(patterns, max_size=5), st.tuples(ids, ids, ids, ids))
def test_law_the_last_that_takes_all_four_ids_counts(
    each: list[dict[str, tuple[str, ...]]], cell: tuple[str, ...]
) -> None:
    found = Expectations(
        tuple(Expectation(p, frozenset({Outcome.DRIFT}), f"{n}", n) for n, p in enumerate(each))
    )
    fitting = [
        n
        for n, wanted in enumerate(each)
        if all(
            any(fnmatch.fnmatchcase(id, p) for p in wanted.get(axis, ("*",)))
            for axis, id in zip(AXES, cell, strict=True)
        )
    ]
    chosen = found.of("/".join(cell))
    assert (chosen.line if chosen else None) == (fitting[-1] if fitting else None)


def test_every_cell_of_the_plan_is_asked_once() -> None:
    """A selection by axes is that of the plan's own cells."""
    planned = plan.cells(samples.matrix())
    found = Expectations((Expectation({"consumer": ("old",)}, frozenset({Outcome.DRIFT}), "so"),))
    taken = [cell for cell in planned if found.of(str(cell))]
    assert taken == [cell for cell in planned if cell.consumer == "old"]


def test_a_run_alone_is_held_against_them(tmp_path: Path) -> None:
    expected = load(tmp_path, GOOD)
    run = Recorded(
        line("forest.classifier/pickle-4/new/old", "load-error"),
        line("forest.classifier/pickle-5/new/old", "identical"),
        line("forest.classifier/onnx-f32/new/old", "crash"),
    )
    (met,) = foreseen.met(run, expected)
    assert met.as_foreseen == 1
    assert met.surprises == [("forest.classifier/pickle-5/new/old", Outcome.IDENTICAL)]
    assert "1 surprise;" in foreseen.text([met], expected)


def test_what_is_no_result_contradicts_nothing(tmp_path: Path) -> None:
    run = Recorded(line("forest.classifier/pickle-4/new/old", "notrun"))
    (met,) = foreseen.met(run, load(tmp_path, GOOD))
    assert (met.as_foreseen, met.unknown, met.surprises) == (0, 1, [])
    foreseen_notrun = GOOD.replace('"drift"', '"notrun"')
    (met,) = foreseen.met(run, load(tmp_path, foreseen_notrun))
    assert met.as_foreseen == 1


def test_every_key_is_in_the_reference_and_no_other() -> None:
    reference = (samples.ROOT / "docs" / "reference" / "matrix.md").read_text(encoding="utf-8")
    part = reference.partition("\n## [[expect]]\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", part, re.M)) == expectations.KEYS
