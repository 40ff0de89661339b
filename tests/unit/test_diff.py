"""Two runs are compared cell by cell: what changed, how it is grouped, and what is a surprise."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from harness import baseline, causes, cli, cores, diff, evidence, lines, segments, store
from harness.diff import changes, document, junit, markdown, marks, shares, text
from harness.diff.changes import Direction, Kind, Notice
from harness.errors import StoreError
from harness.expectations import NONE, Expectation, Expectations
from harness.records import OK_OUTCOMES, Outcome
from tests.unit import samples
from tests.unit.recorded import DAYS, Recorded, header, line
from tests.unit.samples import ROOT, schema

CELL = "forest.classifier/pickle-5/old/new"
IDS = [
    f"{model}/{format}/{producer}/{consumer}"
    for model in ("forest.classifier", "logreg.binary")
    for format in ("pickle-5", "skops")
    for producer in ("old", "new")
    for consumer in ("old", "new", "newer")
]
OUTCOMES = [outcome.value for outcome in Outcome]
SAYS = ("no attribute 'a'", "no attribute 'b'", "</details> | `x` @all \x00\ud800 & <b>")


def one(before: str | None, after: str | None, expected: Expectations = NONE) -> diff.Diff:
    """The diff of two runs in which one cell went from `before` to `after`."""
    fixed = line("logreg.binary/pickle-5/old/old", "identical")
    base = Recorded(fixed, *([line(CELL, before)] if before else []))
    new = Recorded(fixed, *([line(CELL, after)] if after else []), id="small-11111111")
    return diff.between(base, new, expected)


def expecting(*outcomes: Outcome, **more: Any) -> Expectations:
    """An expectation of the forests."""
    return Expectations(
        (Expectation({"model": ("forest.*",)}, frozenset(outcomes), "so it is", 3, **more),)
    )


# -- kinds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("identical", "load-error", Kind.REGRESSION),
        ("load-error", "drift", Kind.REGRESSION),
        ("crash", "drift", Kind.REGRESSION),
        ("drift", "changed", Kind.REGRESSION),
        ("identical", "close", Kind.REGRESSION),
        ("drift", "load-error", Kind.FIX),
        ("changed", "identical", Kind.FIX),
        ("identical", "notrun", Kind.LOST),
        ("drift", "invalid", Kind.LOST),
        ("notrun", "drift", Kind.KNOWN),
        ("invalid", "identical", Kind.KNOWN),
        ("invalid", "notrun", Kind.UNKNOWN),
        (None, "drift", Kind.NEW),
        ("drift", None, Kind.GONE),
    ],
)
def test_the_kind_of_a_change(before: str | None, after: str | None, kind: Kind) -> None:
    (found,) = one(before, after).changes
    assert found.kind is kind
    assert (found.before, found.after) == (before, after)


def test_another_cause_of_the_same_outcome_is_listed_and_no_surprise() -> None:
    base = Recorded(line(CELL, "load-error", "no module named 'a'"))
    new = Recorded(line(CELL, "load-error", "cannot read the header"))
    found = diff.between(base, new)
    assert [change.kind for change in found.changes] == [Kind.CAUSE]
    assert found.changes[0].cause_before != found.changes[0].cause_after
    assert found.surprises == 0


def test_the_same_cause_in_other_words_is_no_change() -> None:
    base = Recorded(line(CELL, "load-error", "bad node at 0x7f00aa11"))
    new = Recorded(line(CELL, "load-error", "bad node at 0x7f00bb22"))
    assert diff.between(base, new).changes == []


@pytest.mark.parametrize(("figure", "kinds"), [(0.5, []), (1.5, [Kind.LARGER]), (0.001, [])])
def test_a_far_larger_difference_is_news(figure: float, kinds: list[Kind]) -> None:
    base, new = (Recorded(line(CELL, "drift", figure=f)) for f in (0.1, figure))
    assert [change.kind for change in diff.between(base, new).changes] == kinds


# -- surprises -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "surprises"),
    [
        ("identical", "drift", 1),
        ("load-error", "drift", 1),
        ("identical", "notrun", 1),
        ("identical", "close", 0),
        ("drift", "identical", 0),
        ("notrun", "drift", 0),
        (None, "drift", 0),
        ("drift", None, 0),
    ],
)
def test_without_an_expectation_only_worse_is_a_surprise(
    before: str | None, after: str | None, surprises: int
) -> None:
    assert one(before, after).surprises == surprises


def test_a_change_that_was_foreseen_is_no_surprise() -> None:
    found = one("identical", "drift", expecting(Outcome.DRIFT))
    (change,) = found.changes
    assert (found.surprises, change.notice) == (0, Notice.EXPECTED)
    assert change.kind is Kind.REGRESSION
    assert change.after is Outcome.DRIFT


@pytest.mark.parametrize("after", ["identical", "changed"])
def test_a_cell_that_differs_from_its_expectation_is_one_in_either_direction(after: str) -> None:
    assert one("drift", after, expecting(Outcome.DRIFT)).surprises == 1


@pytest.mark.parametrize("outcome", ["identical", "changed"])
def test_even_where_it_did_not_change(outcome: str) -> None:
    (found,) = one(outcome, outcome, expecting(Outcome.DRIFT)).changes
    assert (found.kind, found.notice) == (Kind.SAME, Notice.SURPRISE)


def test_a_new_cell_is_held_against_its_expectation() -> None:
    assert one(None, "identical", expecting(Outcome.DRIFT)).surprises == 1
    assert one(None, "drift", expecting(Outcome.DRIFT)).surprises == 0


def test_what_is_no_result_contradicts_no_expectation() -> None:
    assert one("notrun", "notrun", expecting(Outcome.DRIFT)).changes == []
    assert one("notrun", "invalid", expecting(Outcome.DRIFT)).surprises == 0
    assert one("drift", "notrun", expecting(Outcome.DRIFT)).surprises == 1
    assert one("drift", "notrun", expecting(Outcome.DRIFT, Outcome.NOTRUN)).surprises == 0


def test_an_expired_expectation_is_named_and_does_not_count() -> None:
    old = expecting(Outcome.DRIFT, expires=dt.date(2026, 1, 1)).applied
    found = one("identical", "drift", Expectations((), old, "small.toml"))
    assert found.surprises == 1
    assert "expired on 2026-01-01" in found.notes[0]
    assert "small.toml:3: so it is" in found.notes[0]


# -- what is said of both ------------------------------------------------------------------------


def test_directions_go_by_the_day_of_release() -> None:
    ends = {("old", "new"): "upgrade", ("newer", "old"): "rollback", ("new", "new"): "same"}
    base, new = (
        Recorded(*(line(f"forest.a/skops/{a}/{b}", outcome) for a, b in ends))
        for outcome in ("identical", "drift")
    )
    found = diff.between(base, new)
    got = {tuple(change.cell.split("/")[2:]): change.direction for change in found.changes}
    assert got == ends
    assert found.groups[0].directions == dict.fromkeys(Direction, 1)


def test_packages_that_moved_are_said_first() -> None:
    moved = header()["environments"]
    moved[0] = {**moved[0], "lock": "1" * 64, "packages": {"numpy": "2.0.0", "scipy": "1.9"}}
    moved[1] = {**moved[1], "lock": "2" * 64}
    base, new = Recorded(line(CELL, "close")), Recorded(line(CELL, "close"), environments=moved[:2])
    said = [each.says() for each in diff.between(base, new).environments]
    assert said == [
        "new: another lock with the same versions",
        "newer: gone",
        "old: numpy 1.26.4 -> 2.0.0, scikit-learn 1.2.2 -> none, scipy none -> 1.9",
    ]


def test_an_incomplete_run_and_another_matrix_are_said_first() -> None:
    base = Recorded(line(CELL, "close"), matrix="large")
    new = Recorded(line(CELL, "close"), footer=None)
    found = diff.between(base, new)
    assert found.notes == [
        "two matrices: the base is of large, the new one of small",
        "the new run small-00000000 is incomplete: 1 of 4 cells",
    ]
    for shown in (text.text(found), markdown.markdown(found), json.dumps(document.document(found))):
        assert "incomplete" in shown
    assert "incomplete" in junit.junit(found)


def test_nothing_to_compare_is_an_error() -> None:
    some, none = Recorded(line(CELL, "close")), Recorded(id="small-empty")
    for base, new in ((some, none), (none, some)):
        with pytest.raises(StoreError, match="small-empty has no cell"):
            diff.between(base, new)
    with pytest.raises(StoreError, match="no cell in common"):
        diff.between(some, Recorded(line(IDS[0], "close")))


# -- laws ----------------------------------------------------------------------------------------

cells = st.dictionaries(
    st.sampled_from(IDS),
    st.tuples(st.sampled_from(OUTCOMES), st.sampled_from(SAYS), st.sampled_from([1e-3, 0.1, 5.0])),
    min_size=1,
)
outcomes = st.frozensets(st.sampled_from(list(Outcome)), min_size=1)
expected = st.lists(st.tuples(st.sampled_from(["forest.*", "*", "logreg.*"]), outcomes), max_size=3)


def recorded(drawn: dict[str, tuple[str, str, float]], shuffle: Any = None) -> Recorded:
    """A run of the drawn cells, one more that is always there, in any order."""
    all = {**drawn, "always.there/skops/old/old": ("identical", "", 0.0)}
    found = [line(id, *each) for id, each in all.items()]
    if shuffle:
        shuffle.shuffle(found)
    return Recorded(*found)


def foreseen(drawn: list[tuple[str, frozenset[Outcome]]]) -> Expectations:
    return Expectations(
        tuple(
            Expectation({"model": (pattern,)}, outcomes, f"number {n}", n)
            for n, (pattern, outcomes) in enumerate(drawn, 1)
        )
    )


@given(cells, st.randoms(use_true_random=False))
def test_law_nothing_differs_from_itself_in_whatever_order(drawn: Any, shuffle: Any) -> None:
    found = diff.between(recorded(drawn), recorded(drawn, shuffle))
    assert found.changes == []
    assert found.as_before == len(drawn) + 1


@given(cells, cells)
def test_law_regressions_one_way_are_fixes_the_other_way(a: Any, b: Any) -> None:
    there, back = diff.between(recorded(a), recorded(b)), diff.between(recorded(b), recorded(a))
    opposite = {
        Kind.REGRESSION: Kind.FIX,
        Kind.NEW: Kind.GONE,
        Kind.LOST: Kind.KNOWN,
        Kind.CAUSE: Kind.CAUSE,
        Kind.UNKNOWN: Kind.UNKNOWN,
    }
    for one, other in opposite.items():
        assert {c.cell for c in there.changes if c.kind is one} == {
            c.cell for c in back.changes if c.kind is other
        }


@given(cells, cells, expected)
def test_law_groups_partition_the_changes(a: Any, b: Any, drawn: Any) -> None:
    found = diff.between(recorded(a), recorded(b), foreseen(drawn))
    grouped = [change.cell for group in found.groups for change in group.changes]
    assert sorted(grouped) == sorted(change.cell for change in found.changes)
    assert len(set(grouped)) == len(grouped)
    for group in found.groups:
        same = {(c.notice, c.kind, c.telling, id(c.expected)) for c in group.changes}
        assert len(same) == 1
    notices = [group.example.notice.place for group in found.groups]
    assert notices == sorted(notices)


@given(cells, cells, expected)
def test_law_a_surprise_is_what_was_not_foreseen(a: Any, b: Any, drawn: Any) -> None:
    wanted = foreseen(drawn)
    found = diff.between(recorded(a), recorded(b), wanted)
    surprising = {change.cell for change in found.changes if change.notice is Notice.SURPRISE}
    for cell, (outcome, *_) in {**b, "always.there/skops/old/old": ("identical",)}.items():
        after, expectation = Outcome(outcome), wanted.of(cell)
        was = Outcome(a[cell][0]) if cell in a else None
        if expectation and (after.is_result or expectation.foresees(after)):
            assert (cell in surprising) == (not expectation.foresees(after))
        elif was and was.is_result:
            both_fine = {was, after} <= OK_OUTCOMES
            worse = after.severity > was.severity and not both_fine
            assert (cell in surprising) == worse
        else:
            assert cell not in surprising


@given(cells, cells, expected)
def test_law_an_expectation_alters_no_outcome(a: Any, b: Any, drawn: Any) -> None:
    new = recorded(b)
    outcomes = {each["cell"]: each["outcome"] for each in new.lines()}
    for change in diff.between(recorded(a), new, foreseen(drawn)).changes:
        assert change.after == outcomes.get(change.cell)


@given(st.sampled_from(OUTCOMES), st.sampled_from(SAYS[:2]))
def test_law_a_mark_has_the_cause_of_its_line(outcome: str, says: str) -> None:
    whole = line(CELL, outcome, says)
    (seen,) = marks.seen(Recorded(whole))
    assert causes.fingerprint(seen.line) == causes.fingerprint(whole)


@given(cells, cells, expected, st.integers(1, 40))
def test_law_junit_counts_what_it_lists(a: Any, b: Any, drawn: Any, cases: int) -> None:
    found = diff.between(recorded(a), recorded(b), foreseen(drawn))
    root = ET.fromstring(junit.junit(found, cases))
    assert len(root.findall("./testsuite/testcase")) == min(len(found.changes), cases)
    for suite in (root, *root):
        listed = [suite] if suite is not root else list(root)
        for key, path in (("tests", "testcase"), ("failures", "testcase/failure")):
            assert int(suite.get(key, "0")) == sum(len(s.findall(path)) for s in listed)
    if cases >= len(found.changes):
        assert int(root.get("failures", "0")) == found.surprises
    for case in root.iter("testcase"):
        assert case.get("classname") and case.get("name") and len(case) == 1


@given(cells, cells, expected)
def test_law_every_form_holds_every_diff(a: Any, b: Any, drawn: Any) -> None:
    found = diff.between(recorded(a), recorded(b), foreseen(drawn))
    jsonschema.Draft202012Validator(schema("diff")).validate(document.document(found))
    assert len(markdown.markdown(found).encode()) < markdown.LIMIT
    assert f"{found.surprises:,} surprise" in text.text(found)


# -- forms ---------------------------------------------------------------------------------------


def many(count: int, says: str = "") -> diff.Diff:
    """A diff with as many groups as cells, all of them regressions with long words."""
    ids = [f"model-{n}.{'x' * 90}/pickle-5/old/new" for n in range(count)]
    base = Recorded(*(line(id, "identical") for id in ids))
    new = Recorded(
        *(line(id, "load-error", f"no attribute 'a{n}'{says}") for n, id in enumerate(ids))
    )
    return diff.between(base, new)


def test_markdown_stays_under_the_limit_and_says_what_is_left_out() -> None:
    said = markdown.markdown(many(300, " and much more of it" * 15))
    assert len(said.encode()) < 65_536
    assert "more groups with" in said
    assert said.count("<details>") == said.count("</details>")


def test_markdown_is_one_table_with_the_rest_folded_and_nothing_of_it_markup() -> None:
    found = one("identical", "load-error")
    said = markdown.markdown(found)
    assert said.startswith("### Shelflife: 1 surprise in `small`\n")
    rows = [row for row in said.splitlines() if row.startswith("| ✕")]
    assert len(rows) == 1 and rows[0].count(" | ") == 7
    assert markdown.code("a | `b` @c\nd") == "`a \\| 'b' @c d`"
    assert markdown.plain("<b> [x](y) *z*") == "\\<b\\> \\[x\\](y) \\*z\\*"


def test_text_names_models_formats_pairs_and_the_command() -> None:
    said = text.text(one("load-error", "drift"))
    assert "load-error -> drift: 1 cell, upgrade 1" in said
    assert "1 model: forest.classifier; 1 format: pickle-5; 1 pair: old -> new" in said
    assert f"shelflife show {CELL}" in said
    assert "predict differs by up to 0.1" in said
    assert "1 surprise" in said and "1 regression" in said


def test_a_list_of_groups_is_cut_and_says_so() -> None:
    assert f"... and {100 - text.LISTED} more groups" in text.text(many(100))


def test_junit_lists_surprises_first_and_says_what_it_leaves_out() -> None:
    base = Recorded(line(IDS[0], "drift"), line(IDS[1], "identical"))
    new = Recorded(line(IDS[0], "identical"), line(IDS[1], "crash"))
    root = ET.fromstring(junit.junit(diff.between(base, new), 1))
    assert [case.get("name") for case in root.iter("testcase")] == [IDS[1]]
    assert "1 more changed cells are not listed" in root.findall("./testsuite/system-out")[-1].text


# -- marks ---------------------------------------------------------------------------------------


class Lines(Recorded):
    """Evidence that has its lines as bytes, as a run on disk has."""

    def blocks(self) -> Any:
        data = b"".join(json.dumps(each).encode() + b"\n" for each in self.lines())
        return iter([data])


@given(cells)
def test_law_cells_are_seen_alike_from_bytes_and_from_lines(drawn: Any) -> None:
    lines = [line(id, *each) for id, each in drawn.items()]
    plain, raw = list(marks.seen(Recorded(*lines))), list(marks.seen(Lines(*lines)))
    assert [(s.cell, s.outcome, s.error, s.asked) for s in plain] == [
        (s.cell, s.outcome, s.error, s.asked) for s in raw
    ]


def test_what_waits_for_its_counterpart_holds_no_block() -> None:
    (seen,) = marks.seen(Lines(line(CELL, "drift")))
    kept = seen.waiting()
    assert kept.asked == seen.asked
    assert msgspec.structs.replace(seen, outcome="identical").waiting().asked == {}


def test_kinds_and_standings_have_places_in_their_order() -> None:
    assert [kind.place for kind in Kind] == list(range(len(Kind)))
    assert changes.kind(Outcome.DRIFT, Outcome.DRIFT) is Kind.SAME


# -- parts -----------------------------------------------------------------------------------------


class Halves(lines.Recorded):
    """A run on disk in miniature, which is divided wherever it is told to be."""

    def __init__(self, id: str, told: list[Any], cut: int) -> None:
        self.id, self.told, self.cut = id, told, cut

    def header(self) -> Any:
        return header()

    def blocks(self) -> Any:
        return iter([json.dumps(each).encode() + b"\n" for each in self.told])

    def parts(self, count: int) -> Any:
        if count != 2:
            return [self] * count
        return [
            Halves(self.id, self.told[: self.cut], 0),
            Halves(self.id, self.told[self.cut :], 0),
        ]


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads in place of processes, which cost a second each."""
    monkeypatch.setattr(cores, "pool", ThreadPoolExecutor)


orders = st.permutations(IDS)


@given(cells, cells, expected, orders, orders, st.integers(0, 12), st.integers(0, 12))
def test_law_a_diff_does_not_depend_on_the_parts(
    threads: None, a: Any, b: Any, drawn: Any, first: Any, second: Any, cut: int, other: int
) -> None:
    fixed = line("svm.linear/pickle-5/old/old", "identical")
    base = Halves("small-0", [fixed, *(line(id, *a[id]) for id in first if id in a)], cut)
    new = Halves("small-1", [*(line(id, *b[id]) for id in second if id in b), fixed], other)
    whole, parted = (diff.between(base, new, foreseen(drawn), n) for n in (1, 2))
    assert document.document(parted) == document.document(whole)


@pytest.fixture
def segmented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., store.Run]:
    """Makes runs of two hundred cells in many segments; one cell of `every` drifts."""
    monkeypatch.setattr(segments, "ROLL", 2_000)

    def make(name: str, every: int = 0) -> store.Run:
        writer = store.Writer(tmp_path / name)
        for n in range(200):
            outcome = Outcome.DRIFT if every and n % every == 0 else Outcome.IDENTICAL
            writer.append([samples.cell(f"m{n:03}/pickle-5/old/new", outcome)])
        writer.write_header(header())
        writer.close()
        return store.Run(tmp_path / name)

    return make


def test_a_large_run_is_compared_by_processes(segmented: Callable[..., store.Run]) -> None:
    runs = segmented("small-00000000"), segmented("small-11111111", every=50)
    assert len(shares.shares(*runs, 2)) == 2
    parted, whole = (diff.between(*runs, processes=n) for n in (2, 1))
    assert document.document(parted) == document.document(whole)
    assert (parted.as_before, parted.surprises) == (196, 4)


def test_a_damaged_part_is_one_clear_error(segmented: Callable[..., store.Run]) -> None:
    run = segmented("run")
    last = segments.packed(run.folder, segments.numbers(run.folder)[-1])
    last.write_bytes(last.read_bytes()[:-9])
    with pytest.raises(StoreError, match=f"{last.name} is damaged: it is cut short"):
        diff.between(run, run, processes=2)


# -- the commands --------------------------------------------------------------------------------


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SHELFLIFE_RESULTS", str(tmp_path))
    for id, outcome in (("small-aaaaaaaa", "identical"), ("small-bbbbbbbb", "drift")):
        folder = tmp_path / id
        folder.mkdir()
        (folder / "run.json").write_text(json.dumps(header(run=id)))
        (folder / "cells.jsonl").write_text(json.dumps(line(CELL, outcome)) + "\n")
    assert [run.id for run in store.runs(tmp_path)] == ["small-aaaaaaaa", "small-bbbbbbbb"]
    return tmp_path


def call(*arguments: str) -> Any:
    return CliRunner().invoke(cli.shelflife, arguments)


@pytest.mark.parametrize("form", ["text", "json", "markdown", "junit"])
def test_the_command_exits_with_1_on_a_surprise(results: Path, form: str) -> None:
    worse = call("diff", "small-aaaaaaaa", "small-bbbbbbbb", "--format", form)
    assert worse.exit_code == 1
    assert CELL in worse.output
    better = call("diff", "small-bbbbbbbb", "small-aaaaaaaa", "--format", form)
    assert better.exit_code == 0
    assert CELL in better.output


def test_without_new_it_is_the_newest_run_of_that_matrix(results: Path) -> None:
    assert "small-aaaaaaaa -> small-bbbbbbbb" in call("diff", "small-aaaaaaaa").output


def test_a_file_has_no_colours(results: Path) -> None:
    out = results / "diff.txt"
    assert call("diff", "small-aaaaaaaa", "--out", str(out)).exit_code == 1
    assert "\x1b" not in out.read_text() and CELL in out.read_text()
    nowhere = call("diff", "small-aaaaaaaa", "--out", str(results / "no" / "where"))
    assert "cannot write" in str(nowhere.exception)


def test_an_unknown_run_is_named(results: Path) -> None:
    assert "no run is called 'smal-aa'" in str(call("diff", "smal-aa").exception)


MATRIX = """
models = ["forest.classifier"]
formats = ["pickle-5"]
"""
ENVIRONMENT = """
[[environment]]
id = "{id}"
python = "3.11"
main = "scikit-learn"
released = {day}
cutoff = 2026-06-30
requirements = ["scikit-learn==1.2.2"]
"""
EXPECT = """
[[expect]]
model = "forest.*"
consumer = "new"
outcome = "drift"
reason = "so it is"
"""


@pytest.fixture
def matrices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of matrices with one that the runs are of, and what is foreseen of it."""
    folder = tmp_path / "matrices"
    (folder / "expectations").mkdir(parents=True)
    declared = [ENVIRONMENT.format(id=id, day=day) for id, day in DAYS.items()]
    (folder / "small.toml").write_text(MATRIX + "".join(declared))
    (folder / "expectations" / "small.toml").write_text(EXPECT)
    monkeypatch.setenv("SHELFLIFE_MATRICES", str(folder))
    return folder


def test_the_commands_take_the_expectations_of_the_matrix(results: Path, matrices: Path) -> None:
    foreseen = call("diff", "small-aaaaaaaa", "small-bbbbbbbb")
    assert foreseen.exit_code == 0
    assert "expected drift: so it is" in foreseen.output
    fixed = call("diff", "small-bbbbbbbb", "small-aaaaaaaa")
    assert fixed.exit_code == 1
    assert [call("expect", f"small-{id * 8}").exit_code for id in "ab"] == [1, 0]
    said = json.loads(call("expect", "small-aaaaaaaa", "--json").output)
    assert said["expectations"][0]["surprises"] == [{"cell": CELL, "outcome": "identical"}]


def test_a_fault_in_the_expectations_is_said_and_nothing_is_compared(
    results: Path, matrices: Path
) -> None:
    (matrices / "expectations" / "small.toml").write_text(EXPECT.replace("forest", "forrest"))
    said = str(call("diff", "small-aaaaaaaa").exception)
    assert "small.toml:3: 'forrest.*' selects no model" in said


def test_without_names_the_newest_run_is_compared_with_the_baseline(
    results: Path, matrices: Path
) -> None:
    old = store.Run(results / "small-aaaaaaaa")
    baseline.write(old.header(), old.lines(), evidence.baselines())
    for arguments in ((), ("baseline:small",), ("small",), ("small-bbbbbbbb",)):
        said = call("diff", *arguments).output
        assert said.startswith("baseline:small -> small-bbbbbbbb: ")
        assert "identical -> drift: 1 cell" in said
    same = call("diff", "baseline:small", "small-aaaaaaaa").output
    assert same.startswith("baseline:small -> small-aaaaaaaa: 1 cell -> 1 cell, 1 as before\n")


def test_a_matrix_without_expectations_says_so(results: Path) -> None:
    said = call("expect", "small-bbbbbbbb")
    assert said.exit_code == 0
    assert "no expectations" in said.output


# -- the documents -------------------------------------------------------------------------------


def fields(whole: Any, part: Any, prefix: str = "") -> set[str]:
    """Paths of all properties of a schema, its references followed."""
    if "$ref" in part:
        part = whole["$defs"][part["$ref"].rpartition("/")[2]]
    found: set[str] = set()
    for choice in part.get("oneOf", ()):
        found |= fields(whole, choice, prefix)
    for name, inner in part.get("properties", {}).items():
        found |= {prefix + name} | fields(whole, inner, f"{prefix}{name}.")
    if "items" in part:
        found |= fields(whole, part["items"], prefix[:-1] + "[].")
    return found


def test_every_field_is_in_the_reference_and_no_other() -> None:
    """Both sides have the same fields, and so have the expectations that expired."""
    published = schema("diff")
    jsonschema.Draft202012Validator.check_schema(published)
    reference = (ROOT / "docs" / "reference" / "results.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", section(reference, "Diff"), re.M)
    named = {code for row in rows for code in re.findall(r"`([^`]+)`", row)}
    found = {re.sub(r"^(base|new)\.", "*.", field) for field in fields(published, published)}
    assert named == {field for field in found if not field.startswith("expired[].")}


def test_every_kind_is_in_the_reference_and_in_the_schema() -> None:
    group = schema("diff")["$defs"]["group"]["properties"]
    assert group["kind"]["enum"] == list(Kind)
    assert group["notice"]["enum"] == list(Notice)
    assert schema("diff")["$defs"]["outcome"]["enum"] == list(Outcome)
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    part = section(reference, "shelflife diff")
    named = {
        kind for row in re.findall(r"^\| ([a-z ,]+) \|", part, re.M) for kind in row.split(", ")
    }
    assert named == set(Kind)


def section(document: str, heading: str) -> str:
    """What stands under a heading of level 2, up to the next one."""
    return document.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
