"""Advice on formats: each rule, ranks as laws, evidence, known questions, the command."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from harness import advise, baseline, cli, evidence, project
from harness.advise import Advisor, Beside, Subject, figures, read_rules
from harness.advise.advisor import grouped
from harness.advise.answers import Candidate, Rank, Row, headline, percent, ranked
from harness.advise.dossier import SIGNALS
from harness.advise.links import address
from harness.advise.rules import FILE, NOTE, OUT, UNKNOWN, Question, Rules, read
from harness.errors import MatrixError, UserError
from harness.measure.results import Results
from harness.records import Json
from tests.unit import measured
from tests.unit.recorded import Recorded, line

RULES = read_rules()
PLAIN: dict[str, Any] = {
    **dict.fromkeys(SIGNALS),
    "tried": 4, "held": 4, "held_share": 1.0, "declined": 0, "failing": 0, "controls": 20,
    "converted": 0, "converted_low": 0.0, "silent": 0, "silent_low": 0.0, "silent_high": 0.004,
    "pairs": 900, "silent_beyond": 0, "unmoved": 0, "share": 1.0, "low": 0.95, "high": 1.0,
    "followed": 90,
    "executes": "no", "python_free": "yes", "figures": 0, "executes_says": "", "lines": "",
    "python_free_says": "", "keeps_says": "", "library": "scikit-learn",
}  # fmt: skip
OPEN = {"share": 0.9, "low": 0.8, "high": 0.95}
FAILS = {"share": 0.5, "low": 0.4, "high": 0.6}

# rule: where it puts a format, the question, signals with which it is said, and others
CASES: Mapping[str, tuple[str, dict[str, str], dict[str, Any], dict[str, Any]]] = {
    "executes": (OUT, {"file": "untrusted"}, {"executes": "yes"}, {"executes": "when lax"}),
    "executes-lax": (NOTE, {"file": "untrusted"}, {"executes": "when lax"}, {"executes": "yes"}),
    "executes-no": (NOTE, {"file": "untrusted"}, {"executes": "no"}, {"executes": None}),
    "executes-claimed": (
        OUT, {"file": "untrusted"}, {"executes": None, "executes_claim": "anything"},
        {"executes": "no", "executes_claim": "anything"},
    ),
    "executes-unknown": (UNKNOWN, {"file": "untrusted"}, {"executes": None}, {"executes": "no"}),
    "needs-python": (OUT, {"python": "no"}, {"python_free": "no"}, {"python_free": "yes"}),
    "differs-without-python": (
        OUT, {"python": "no"}, {"python_free": "differs"}, {"python_free": "no"},
    ),
    "python-free": (NOTE, {"python": "no"}, {"python_free": "yes"}, {"python_free": None}),
    "python-claimed": (
        OUT, {"python": "no"}, {"python_free": None, "python_claim": "a pickle"},
        {"python_free": "yes", "python_claim": "a pickle"},
    ),
    "python-unknown": (UNKNOWN, {"python": "no"}, {"python_free": None}, {"python_free": "no"}),
    "untried": (UNKNOWN, {}, {"tried": 0}, {"tried": 1}),
    "declines-all": (OUT, {}, {"held": 0, "declined": 4}, {"held": 1, "declined": 3}),
    "holds-none": (OUT, {}, {"held": 0, "failing": 4}, {"held": 0, "declined": 4}),
    "declines-most": (
        "few", {}, {"held": 1, "held_share": 0.25, "declined": 3},
        {"held": 2, "held_share": 0.5, "declined": 2},
    ),
    "declines-some": (NOTE, {}, {"declined": 1, "held": 3, "held_share": 0.75}, {"declined": 0}),
    "fails-at-home": (NOTE, {}, {"failing": 1}, {"failing": 0}),
    "otherwise-at-home": (
        "home", {}, {"converted": 1, "converted_low": 0.01},
        {"converted": 9, "converted_low": 0.25},
    ),
    "often-otherwise-at-home": (
        "often-otherwise", {}, {"converted": 9, "converted_low": 0.25},
        {"converted": 1, "converted_low": 0.01},
    ),
    "silent": (
        "otherwise", {}, {"silent": 1, "silent_low": 0.001}, {"silent": 30, "silent_low": 0.2},
    ),
    "silent-open": (
        "otherwise", {}, {"pairs": 40, "silent_high": 0.088}, {"silent": 1, "silent_high": 0.1},
    ),
    "often-silent": (
        "often-otherwise", {}, {"silent": 30, "silent_low": 0.2},
        {"silent": 1, "silent_low": 0.001},
    ),
    "silent-elsewhere": (NOTE, {}, {"silent_beyond": 2}, {"silent_beyond": 0}),
    "unmoved": (UNKNOWN, {}, {"unmoved": 1}, {"unmoved": 0}),
    "unfollowed": (UNKNOWN, {}, {"share": None, "followed": None}, {"share": 0.5}),
    "few-followed": (UNKNOWN, {}, {"followed": 9}, {"followed": 10}),
    "keeps": (NOTE, {}, {"low": 0.9}, OPEN),
    "keeps-open": ("open", {}, OPEN, FAILS),
    "keeps-not": ("fails", {}, FAILS, OPEN),
    "other-lines": (NOTE, {}, {"others": "100 % of joblib"}, {"others": None}),
    "size-unknown": (UNKNOWN, {"first": "size"}, {"figures": 3}, {"figures": 3, "figure": 1.0}),
    "start-unknown": (UNKNOWN, {"first": "start"}, {"figures": 3}, {"figures": 0}),
    "memory-unknown": (UNKNOWN, {"first": "memory"}, {"figures": 3}, {"figures": 0}),
}  # fmt: skip
NOTICES: Mapping[str, tuple[dict[str, str], dict[str, Any]]] = {
    "start-unmeasured": ({"first": "memory"}, {"figures": 0}),
    "size-unmeasured": ({"first": "size"}, {"figures": 0}),
    "long": ({"apart": "two-years"}, {}),
    "dependent": ({"apart": "year"}, {}),
}


# -- the rules -----------------------------------------------------------------------------------


def test_every_rule_has_a_case() -> None:
    assert [rule.id for rule in RULES.rules] == list(CASES)
    assert [rule.id for rule in RULES.notices] == list(NOTICES)


@pytest.mark.parametrize("id", CASES)
def test_a_rule_is_said_where_it_holds_and_only_there(id: str) -> None:
    puts, asked, on, off = CASES[id]
    rule = next(rule for rule in RULES.rules if rule.id == id)
    assert rule.puts == puts
    assert rule.fits(RULES.question(**asked))
    assert rule.holds({**PLAIN, **on})
    assert not rule.holds({**PLAIN, **off})
    assert rule.fits(RULES.question()) == (not asked)
    assert rule.says.format(**{**PLAIN, **on})


@pytest.mark.parametrize("id", NOTICES)
def test_a_notice_is_given_where_it_holds(id: str) -> None:
    asked, on = NOTICES[id]
    rule = next(rule for rule in RULES.notices if rule.id == id)
    assert rule.fits(RULES.question(**asked)) and rule.holds({**PLAIN, **on})
    assert not rule.fits(RULES.question(apart="same"))


def test_a_good_format_is_put_nowhere_by_any_rule() -> None:
    for question in (RULES.question(), RULES.question(file="untrusted", python="no")):
        fired = [rule for rule in RULES.rules if rule.fits(question) and rule.holds(PLAIN)]
        assert {rule.puts for rule in fired} == {NOTE}


FAULTS = {
    'tone = "bad"': ('tone = "bat"', "no tone 'bat'"),
    'puts = "out"': ('puts = "owt"', "no place to put a format 'owt'"),
    "when.executes =": ("when.execute =", "no signal 'execute'"),
    '"< keeps"': ('"< keps"', "no limit 'keps'"),
    'asked.file = "untrusted"': ('asked.file = "untrustd"', "no option of file 'untrustd'"),
    "{executes_says}": ("{executes_said}", "no signal 'executes_said'"),
    'id = "executes-lax"': ('id = "executes"', "two rules are called 'executes'"),
    'link = "safety"': ('lnik = "safety"', "unknown key 'lnik'"),
    'default = "trusted"': ('default = "trust"', "'trust' is no option of file"),
}


@pytest.mark.parametrize("place", FAULTS)
def test_a_typo_in_the_rules_is_found_with_its_line(tmp_path: Path, place: str) -> None:
    wrong, said = FAULTS[place]
    before, _, after = FILE.read_text(encoding="utf-8").rpartition(place)
    path = tmp_path / "rules.toml"
    path.write_text(before + wrong + after, encoding="utf-8")
    with pytest.raises(MatrixError, match=said) as error:
        read(SIGNALS, path)
    file, number, _ = str(error.value).split(":", 2)
    wrong_line = before.count("\n") + 1
    assert file == str(path)
    assert 0 <= wrong_line - int(number) <= 9  # at the line, or at the head of its table


def test_a_question_says_what_can_be_asked() -> None:
    assert RULES.question() == Question()
    with pytest.raises(UserError, match="Did you mean rollback"):
        RULES.question(way="rolback")


def test_sizes_of_a_pickle_fall_in_one_class_each() -> None:
    assert [RULES.size(n) for n in (0, 9_999, 10_000, 99_999, 100_000, 1e6, 1e12)] == [
        "small", "small", "medium", "medium", "large", "huge", "huge",
    ]  # fmt: skip


@given(st.sets(st.sampled_from([level.id for level in RULES.levels])))
def test_the_gravest_level_decides_and_then_the_next(some: set[str]) -> None:
    ids = [level.id for level in RULES.levels]
    place = RULES.place(some)
    gravest = max((ids.index(one) for one in some), default=0)
    assert RULES.within(place)[0].id == ids[gravest]
    for worse in ids[gravest + 1 :]:
        assert place < RULES.place({worse})
    assert place <= RULES.place(some | {ids[0]}) <= RULES.place(some | {ids[1]})


# -- ranks ---------------------------------------------------------------------------------------


def candidate(name: str, place: int, value: float) -> Candidate:
    return Candidate(Row(name, (value, value, value, 50), {}, ()), place, value)


def places(some: Iterable[Rank]) -> dict[str, int]:
    return {row.format: rank.rank for rank in some for row in rank.rows}


CANDIDATES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2), st.tuples(st.integers(0, 5), st.floats(0, 1)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(CANDIDATES, st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7))))
def test_a_rank_is_one_more_than_the_formats_that_stand_before(
    some: dict[str, tuple[int, float]], pairs: set[tuple[int, int]]
) -> None:
    names = sorted(some)
    better = frozenset(
        (names[a], names[b]) for a, b in pairs if a < b < len(names)
    )  # of a, b only one way
    found = places(ranked([candidate(n, *some[n]) for n in names], better, RULES.within))
    assert set(found) == set(names)
    for name in names:
        place = some[name][0]
        before = sum(some[n][0] < place for n in names)
        before += sum(some[n][0] == place and (n, name) in better for n in names)
        assert found[name] == before + 1
    assert min(found.values()) == 1


@given(CANDIDATES)
def test_without_evidence_all_of_a_level_are_a_tie(some: dict[str, tuple[int, float]]) -> None:
    ranks = ranked([candidate(n, 0, v) for n, (_, v) in some.items()], frozenset(), RULES.within)
    assert len(ranks) == 1 and len(ranks[0].rows) == len(some)
    values = [row.keeps[0] for row in ranks[0].rows if row.keeps]
    assert values == sorted(values)


def test_the_headline_never_recommends_what_is_not_ranked() -> None:
    row = Row("pickle-5", None, {}, ())
    assert headline([], [], []) == "No format was tried with these models."
    said = headline([], [row], [row])
    assert said == "No format can be recommended: 1 excluded and of 1 too little is known."
    bad = Rank(1, RULES.within(RULES.place({"otherwise", "fails"})), [row])
    assert headline([bad], [], []) == (
        "pickle-5 comes first. It often stops answering, with an error, and shows wrong answers "
        "without an error in some cells, or was tried in too few to rule them out."
    )


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0 %"), (1, "100 %"), (0.999, "99 %"), (0.001, "1 %"), (0.5, "50 %")]
)
def test_not_all_is_never_rounded_to_all(share: float, said: str) -> None:
    assert percent(share) == said


# -- evidence ------------------------------------------------------------------------------------


def saved(id: str, outcome: str, bytes: int = 100, fidelity: str = "identical") -> Any:
    found = line(id, outcome)
    return {**found, "artifact": {"bytes": bytes}, "fidelity": {"verdict": fidelity}}


def shelf(*lines: Any, **changes: Any) -> advise.Shelf:
    found = Recorded(*lines, **changes)
    return advise.shelf("small", found.header(), found.lines())


def advisor(
    *shelves: advise.Shelf, facts: Json = None, results: Any = (), name: str = "forest"
) -> Advisor:
    subject = advise.subjects_of([s.header for s in shelves])[name]
    return Advisor(subject, shelves, Beside(facts or {}, results, (), RULES))


def test_cells_count_in_every_scope_they_belong_to_and_the_last_of_a_cell_counts() -> None:
    one = "forest.classifier/pickle-5"
    tally = shelf(
        line(f"{one}/old/new", "identical"), line(f"{one}/old/new", "drift"),
        line(f"{one}/old/newer", "load-error"), line(f"{one}/new/old", "changed"),
        line(f"{one}/new/newer", "notrun"),
    ).tally.elsewhere["forest.classifier", "pickle-5"]  # fmt: skip
    assert (tally.cells, tally.silent, tally.otherwise) == (3, 2, 2)
    assert tally.of("upgrade", "release") == (1, 1)
    assert tally.of("upgrade", "year") == (0, 0)  # 30 months from old to new
    assert tally.of("upgrade", "two-years") == (2, 1)
    assert tally.of("rollback", "release") == (1, 1)
    assert tally.of("both", "two-years") == (3, 2)


def test_an_error_beside_a_wrong_answer_is_not_silent() -> None:
    found = line("forest.classifier/pickle-5/old/new", "drift")
    found["error"] = {"type": "E", "message": "m", "stage": "predict", "traceback": ""}
    tally = shelf(found).tally.elsewhere["forest.classifier", "pickle-5"]
    assert (tally.silent, tally.otherwise) == (0, 1)


def test_a_converted_model_that_answers_otherwise_at_home_is_told() -> None:
    one = "forest.classifier/pickle-5"
    found = advisor(shelf(saved(f"{one}/old/old", "identical", fidelity="drift")))
    signals = found.signals(found.dossiers[0], RULES.question(apart="same"))
    assert (signals["converted"], signals["held"], signals["tried"]) == (1, 0, 1)
    assert not found.answer(RULES.question(apart="same")).ranked


def line_of(main: str, format: str, outcome: str, producers: int = 12) -> advise.Shelf:
    """A matrix of one library in which each artifact meets one later release."""
    environments = [
        {"id": id, "python": "3.11", "main": main, "released": day, "variant_of": "",
         "packages": {main: version}}
        for id, day, version in (("a", "2024-01-01", "1.0"), ("b", "2024-09-01", "1.1"))
    ]  # fmt: skip
    models = [{"id": f"forest.m{n}"} for n in range(producers)]
    lines = [
        one
        for model in models
        for one in (
            saved(f"{model['id']}/{format}/a/a", "identical"),
            saved(f"{model['id']}/{format}/a/b", outcome),
        )
    ]
    found = Recorded(*lines, environments=environments, models=models, formats=[{"id": format}])
    return advise.shelf(main, found.header(), found.lines())


def test_a_line_along_which_the_library_stayed_says_nothing_of_its_upgrade() -> None:
    shelves = [
        line_of("scikit-learn", "pickle-5", "identical", 30),
        line_of("mlflow", "mlflow", "identical"),
    ]
    found = advisor(*shelves).answer(RULES.question(apart="release"))
    assert [row.format for rank in found.ranked for row in rank.rows] == ["pickle-5"]
    assert [row.format for row in found.unknown] == ["mlflow"]
    assert "scikit-learn" in found.unknown[0].says[0].says


def test_the_least_of_the_lines_counts() -> None:
    shelves = [
        line_of("scikit-learn", "pickle-5", "identical", 30),
        line_of("mlflow", "pickle-5", "load-error"),
    ]
    (rank,) = advisor(*shelves).answer(RULES.question(apart="release")).ranked
    assert [level.id for level in rank.levels] == ["fails", "otherwise"]
    assert rank.rows[0].keeps and rank.rows[0].keeps[0] == 0.0


def test_too_few_followed_are_never_ranked() -> None:
    found = advisor(line_of("scikit-learn", "pickle-5", "identical", 9))
    answer = found.answer(RULES.question(apart="release"))
    assert not answer.ranked
    assert answer.unknown[0].says[0].rule == "few-followed"


def test_either_way_needs_both_ways_measured() -> None:
    found = advisor(line_of("scikit-learn", "pickle-5", "identical"))
    assert found.answer(RULES.question(apart="release")).ranked
    both = found.answer(RULES.question(apart="release", way="both"))
    assert [row.format for row in both.unknown] == ["pickle-5"]


def test_wrong_answers_rank_below_errors_and_below_what_keeps() -> None:
    shelves = [
        line_of("scikit-learn", "a-drifts", "drift", 10),
        line_of("numpy", "b-fails", "load-error", 11),
        line_of("scipy", "c-keeps", "identical", 40),
    ]
    for one in shelves:
        for e in one.header["environments"]:
            e["main"] = "scikit-learn"
    again = [advise.shelf(s.name, s.header, _lines(s)) for s in shelves]
    found = advisor(*again).answer(RULES.question(apart="release"))
    assert [r.rows[0].format for r in found.ranked] == ["c-keeps", "b-fails", "a-drifts"]
    assert "without an error" in found.ranked[-1].rows[0].says[0].says


def _lines(one: advise.Shelf) -> Iterable[Any]:
    (format,) = one.formats
    outcome = {"a": "drift", "b": "load-error", "c": "identical"}[format[0]]
    for model in one.header["models"]:
        yield saved(f"{model['id']}/{format}/a/a", "identical")
        yield saved(f"{model['id']}/{format}/a/b", outcome)


# -- figures -------------------------------------------------------------------------------------


def test_smaller_is_smaller_in_nearly_every_model_in_common() -> None:
    base = {f"m{n}": 100.0 for n in range(10)}
    weighed = {
        "pickle-5": base,
        "less": dict.fromkeys(base, 80.0),
        "mixed": {m: 80.0 if n < 8 else 120.0 for n, m in enumerate(base)},
        "same": dict.fromkeys(base, 99.9),
        "few": {"m0": 10.0},
    }
    found = figures.sizes(weighed, RULES, None)
    assert ("less", "pickle-5") in found.better
    assert ("few", "less") in found.better
    assert not {("mixed", "pickle-5"), ("pickle-5", "mixed"), ("same", "pickle-5")} & found.better
    assert found.of["less"].value == pytest.approx(0.8)
    assert "0.80 × pickle-5 (10 models)" in found.of["less"].says


def test_starts_and_peaks_come_from_the_measuring_run_with_its_verdicts() -> None:
    results = Results(measured.run({"forest.big": 4 << 20}, 20, measured.FORMATS[:11]))
    where = figures.places([results], {"forest.big": ""}, RULES, "any")
    starts, peaks = figures.starts(where), figures.peaks(where, RULES)
    assert ("onnx-f32", "pickle-5") in starts.better
    assert ("pickle-5", "onnx-f32") not in starts.better
    assert ("pickle-5", "cloudpickle") not in starts.better  # they do the same
    assert "–" in starts.of["pickle-5"].says
    assert peaks.of["pickle-5"].value < peaks.of["safetensors"].value
    assert not figures.places([results], {"other": ""}, RULES, "any").sets


def test_what_was_not_measured_is_not_ranked_where_others_were() -> None:
    results = Results(measured.run({"forest.m0": 4 << 20}, 20, ("pickle-5",)))
    shelves = [
        line_of("scikit-learn", "pickle-5", "identical", 30),
        line_of("scikit-learn", "skops", "identical"),
    ]
    named = [
        shelves[0],
        advise.Shelf("two", shelves[1].header, shelves[1].tally, shelves[1].lives, "two"),
    ]
    found = advisor(*named, results=[results]).answer(
        RULES.question(apart="release", first="start")
    )
    assert [row.format for rank in found.ranked for row in rank.rows] == ["pickle-5"]
    assert found.unknown[0].says[0].rule == "start-unknown"
    without = advisor(*named).answer(RULES.question(apart="release", first="start"))
    assert {row.format for rank in without.ranked for row in rank.rows} == {"pickle-5", "skops"}
    assert "start-unmeasured" in [notice.rule for notice in without.notices]


# -- subjects and addresses ----------------------------------------------------------------------


def test_kinds_and_families_can_be_asked_about_and_typos_are_helped() -> None:
    headers = [
        {
            "models": [
                {"id": "forest.a", "family": "ensembles"},
                {"id": "bagging.a", "family": "ensembles"},
            ]
        }
    ]
    known = advise.subjects_of(headers)
    assert {name: s.what for name, s in known.items()} == {
        "bagging": "kind", "forest": "kind", "ensembles": "family",
    }  # fmt: skip
    with pytest.raises(UserError, match="Did you mean forest"):
        advise.find(headers, family="forrest", model=None)
    with pytest.raises(UserError, match=r"Did you mean forest\.a"):
        advise.find(headers, family=None, model="forest.b")
    with pytest.raises(UserError, match="Say --family"):
        advise.find(headers, family=None, model=None)


def test_an_address_selects_the_models_of_the_subject() -> None:
    models = [{"id": "forest.a"}, {"id": "forest.b"}, {"id": "tree.a"}]
    one = shelf(models=models)
    both = Subject("forest", "kind", {"forest.a": "", "forest.b": ""})
    assert address(one, both, "skops", "drift,changed") == (
        "model=forest.*&format=skops&outcome=drift,changed"
    )
    part = Subject("x", "family", {"forest.a": "", "tree.a": ""})
    assert address(one, part, "a b&c") == "model=forest.a,tree.a&format=a%20b%26c"


# -- known questions, asked of what is committed -------------------------------------------------


@pytest.fixture(scope="module")
def known() -> dict[str, Advisor]:
    """Advisors on logistic regression and trees, from three small baselines."""
    folder = evidence.baselines()
    found = [baseline.find(folder, name) for name in ("quick", "pmml", "mlflow")]
    facts = json.loads((project.ROOT / "docs/formats/facts.json").read_text(encoding="utf-8"))
    headers = [one.header() for one in found]
    beside = Beside(facts, (), {f["id"] for h in headers for f in h["formats"]}, RULES)
    made = {}
    for name in ("logreg", "forest", "gb"):
        subject = advise.find(headers, family=name, model=None)
        models = frozenset(subject.models)
        shelves = [advise.shelf(one.matrix, one.header(), one.lines_of(models)) for one in found]
        made[name] = Advisor(subject, shelves, beside)
    return made


def every(rows: Iterable[Any]) -> set[str]:
    return {row.format for row in rows}


@pytest.mark.parametrize("name", ["logreg", "forest", "gb"])
def test_an_untrusted_file_excludes_every_pickle(known: dict[str, Advisor], name: str) -> None:
    answer = known[name].answer(RULES.question(file="untrusted"))
    pickles = {
        d.format
        for d in known[name].dossiers
        if d.format.startswith(("pickle", "joblib", "cloudpickle"))
    }
    assert pickles and pickles <= every(answer.excluded)
    assert not pickles & {row.format for rank in answer.ranked for row in rank.rows}
    reasons = {row.format: row.says[0] for row in answer.excluded}
    assert "executed code" in reasons["pickle-5"].says
    assert reasons["pickle-5"].links == (("how it was tried", "safety.html#pickle-5"),)


def test_without_python_only_what_others_can_read_stays(known: dict[str, Advisor]) -> None:
    answer = known["logreg"].answer(RULES.question(python="no"))
    left = {row.format for rank in answer.ranked for row in rank.rows} | every(answer.unknown)
    assert left == {"onnx-f32", "pmml", "pmml-pypmml"}


def test_the_same_question_twice_gives_the_same_answer(known: dict[str, Advisor]) -> None:
    question = RULES.question(first="size", way="both")
    assert known["gb"].answer(question) == known["gb"].answer(question)


def test_what_depends_on_a_part_of_the_question_is_held_for_that_part() -> None:
    for parts, group in grouped(RULES.rules):
        for rule in group:
            assert set(rule.asked) <= set(parts)


# -- the command ---------------------------------------------------------------------------------


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.shelflife, ["advise", "baseline:quick", *words])


def test_the_command_says_what_the_advisor_says(known: dict[str, Advisor]) -> None:
    result = run("--family", "logreg", "--apart", "two-years", "--first", "size", "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["question"]["first"] == "size" and said["question"]["way"] == "upgrade"
    formats = [row["format"] for rank in said["answer"]["ranked"] for row in rank["rows"]]
    assert len(formats) == len(set(formats))
    assert said["evidence"] == ["baseline:quick"]
    text = run("--family", "logreg", "--apart", "two-years", "--first", "size")
    assert said["answer"]["headline"].split(".")[0][:60] in text.output.replace("\n", " ")
    assert "shelflife cells --baseline quick -s 'logreg.*/*'" in text.output


def test_one_model_can_be_asked_about() -> None:
    result = run("--model", "logreg.binary", "--apart", "same", "--size", "20MB", "--json")
    said = json.loads(result.stdout)
    assert said["subject"]["models"] == ["logreg.binary"]
    assert said["question"]["size"] == "huge"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--family", "logrg"], "Did you mean logreg"),
        (["--model", "logreg.binry"], "Did you mean logreg.binary"),
        (["--family", "logreg", "--first", "smallest"], "first cannot be 'smallest'"),
        (["--family", "logreg", "--size", "20 miles"], "'20 miles' is no size"),
        ([], "Say --family forest"),
    ],
)
def test_mistakes_are_the_users_to_mend(words: list[str], says: str) -> None:
    result = run(*words)
    assert isinstance(result.exception, UserError)
    assert result.exception.exit_code == 2
    assert says in str(result.exception)


def test_two_subjects_at_once_are_refused() -> None:
    assert run("--family", "logreg", "--model", "logreg.binary").exit_code == 2


def test_rules_are_read_whole() -> None:
    assert isinstance(RULES, Rules)
    assert [part.id for part in RULES.parts] == ["apart", "way", "file", "python", "first", "size"]
