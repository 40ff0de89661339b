"""Root causes: one id for one cause, known ones from data, unknown ones first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import causes, project
from harness.causes import fingerprint, fingerprints, normalise
from harness.errors import MatrixError
from harness.records import Outcome

ENVIRONMENTS = [
    {
        "id": f"lib{version}",
        "main": "lib",
        "released": f"20{20 + place}-01-01",
        "variant_of": "",
        "python": "3.11",
        "packages": {"lib": version, "numpy": "1.26.4" if place < 2 else "2.1.0"},
    }
    for place, version in enumerate(["1.0", "1.1", "2.0", "2.1"])
]


class Cells:
    """The smallest evidence: environments and lines."""

    id = "cells"

    def __init__(self, lines: Iterable[dict[str, Any]]) -> None:
        self.kept = list(lines)

    def header(self) -> dict[str, Any]:
        return {"environments": ENVIRONMENTS}

    def lines(self) -> Iterator[dict[str, Any]]:
        return iter(self.kept)


def cell(
    id: str,
    outcome: str = "load-error",
    error: tuple[str, str, str] | None = ("ValueError", "it is broken", "load"),
    methods: dict[str, str] | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    """A line of `cells.jsonl`, as far as causes look at it."""
    model, format, producer, consumer = id.split("/")
    if outcome in ("identical", "close", "drift", "changed", "invalid", "notrun", "unsupported"):
        error = None if error == ("ValueError", "it is broken", "load") else error
    found = dict(zip(("type", "message", "stage"), error, strict=True)) if error else None
    return {
        "cell": id,
        "model": model,
        "format": format,
        "producer": producer,
        "consumer": consumer,
        "outcome": outcome,
        "error": found,
        "methods": {name: {"verdict": verdict} for name, verdict in (methods or {}).items()},
        "reason": reason,
    }


def failed(message: str, type: str = "ValueError", stage: str = "load", **more: Any) -> str | None:
    return fingerprint(cell("m.one/f/lib1.0/lib2.0", error=(type, message, stage), **more))


# -- normalising -----------------------------------------------------------------------------------

VARYING = (
    *("0x7f3a90", "/usr/lib/python3.11/x.py", "line 12", "'numpy._core'", "1.5.2", "[1, 'a']"),
    *("2026-11-22T03:25:53+00:00", "tmpab_12cd", "12.5 MB", "{'a': 1}", "deadbeef00112233"),
    *("/src/core/model.cc:149 a::B::C(const D&) no", "[ONNXRuntimeError] : 9 : FAIL : x"),
    *("<module 'a.b' from '/x/y/b.so'>", "https://a.b/c", "#", "<path>", "<values>", "'\""),
)
PIECES = st.lists(st.one_of(st.text(max_size=12), st.sampled_from(VARYING)), max_size=8)


@given(PIECES, st.sampled_from(["", " ", "/", "'"]))
def test_normalising_twice_is_normalising_once(pieces: list[str], glue: str) -> None:
    once = normalise(glue.join(pieces))
    assert normalise(once) == once
    assert len(once) <= fingerprints.LENGTH


@given(
    st.integers(0, 2**64 - 1),
    st.integers(1, 99999),
    st.sampled_from(["/home/a/.tox/e1", "/var/lib/x/y", "<environment>"]),
    st.datetimes(),
)
def test_what_only_varies_makes_no_other_cause(
    address: int, line: int, folder: str, when: Any
) -> None:
    def message(address: int, line: int, folder: str, when: str) -> str:
        place = f"{folder}/lib/python3.11/site-packages/lib/tree.py"
        return f"<lib.Tree object at {address:#x}> of {place}, line {line}, at {when}: no `node`"

    plain = message(1, 1, "/a/b", "2020-01-01 00:00:00")
    other = message(address, line, folder, when.isoformat(sep=" ", timespec="seconds"))
    assert failed(other) == failed(plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Unsupported IR version: 10, max 9", "Unsupported IR version: 11, max 10"),
        ("read 1024 of 2048 bytes", "read 1 of 2 bytes"),
        ("took 12.5 MB", "took 900 kB"),
        ("no file /tmp/tmpab12cd34/model.bin", "no file /tmp/tmpzz98yx76/model.bin"),
        ("got [('a', '<i8')] here", "got [('a', '<i8'), ('b', 'u1')] here"),
        ("failed: /src/a/b.cc:149 x::Y::Z(const P&, Q*) bad", "failed: /src/a/b.cc:7 Y::Z(R) bad"),
        ("digest 0a1b2c3d4e5f60718293a4b5", "digest ffeeddccbbaa99887766554400"),
    ],
)  # fmt: skip
def test_versions_sizes_paths_and_values_do_not_count(one: str, other: str) -> None:
    assert failed(one) == failed(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("No module named 'a.b'", "No module named 'a.c'"),
        ("cannot read EuclideanDistance64", "cannot read EuclideanDistance32"),
        ("no field 'x'", "no field 'y'"),
    ],
)
def test_names_do_count(one: str, other: str) -> None:
    assert failed(one) != failed(other)


# -- fingerprints ----------------------------------------------------------------------------------


def test_another_type_stage_or_outcome_is_another_cause() -> None:
    plain = failed("it is broken")
    assert failed("it is broken", type="TypeError") != plain
    assert failed("it is broken", stage="predict") != plain
    assert failed("it is broken", outcome="use-error", stage="predict") != plain


def test_every_method_is_use() -> None:
    marks = {failed("no", outcome="use-error", stage=s) for s in ("predict", "transform", "repr")}
    assert len(marks) == 1


def test_an_attribute_that_is_missing_is_one_cause_whoever_lacks_it() -> None:
    marks = {
        failed(f"'{name}' object has no attribute 'knob'", type="AttributeError")
        for name in ("Tree", "Forest")
    }
    assert len(marks) == 1
    assert marks.pop() != failed("'Tree' object has no attribute 'dial'", type="AttributeError")


def test_the_ways_to_say_that_a_module_lacks_a_name_are_one() -> None:
    one = failed("Can't get attribute 'K' on <module 'a.b' from '/x/y.so'>", type="AttributeError")
    assert one == failed("module 'a.b' has no attribute 'K'", type="AttributeError")


def test_an_id_can_be_read() -> None:
    found = failed("No module named 'a.b'", type="ModuleNotFoundError")
    assert found is not None
    assert re.fullmatch(r"load-error:ModuleNotFoundError:a\.b-[0-9a-f]{6}", found)


def test_good_cells_and_those_that_say_nothing_have_no_cause() -> None:
    for outcome in ("identical", "close", "invalid", "notrun"):
        assert fingerprint(cell("m.one/f/a/b", outcome, reason="r")) is None
    for outcome in fingerprints.NAMERS:
        assert Outcome(outcome).is_result


def test_wrong_answers_are_told_apart_by_family_and_by_what_is_wrong() -> None:
    def mark(model: str, **methods: str) -> str | None:
        return fingerprint(cell(f"{model}/f/a/b", "drift", methods=methods))

    one = mark("logreg.binary", predict="identical", predict_proba="drift")
    assert one == "drift:logreg:predict_proba"
    assert one == mark("logreg.ovr", predict_log_proba="drift", predict_proba="drift")
    assert one != mark("tree.one", predict_proba="drift")
    assert one != mark("logreg.binary", predict="drift")
    assert mark("a.b", **{"predict/std": "drift"}) == "drift:a:predict/std"


def test_a_death_is_known_by_its_signal_and_who_was_asked() -> None:
    def mark(model: str, stage: str, type: str = "SIGSEGV") -> str | None:
        return fingerprint(cell(f"{model}/f/a/b", "crash", (type, "ended at 0x1", stage)))

    assert mark("tree.a", "predict") == mark("tree.b", "predict")
    marks = {mark("tree.a", "predict"), mark("svc.a", "predict"), mark("tree.a", "load")}
    assert len(marks | {mark("tree.a", "predict", "SIGKILL")}) == 4


@given(st.sampled_from(sorted(fingerprints.NAMERS)), st.text(max_size=80), st.text(max_size=10))
def test_a_fingerprint_does_not_change_when_its_message_is_normalised(
    outcome: str, message: str, type: str
) -> None:
    line = cell("m.one/f/a/b", outcome, (type, message, "load"), {"predict": "drift"})
    short = cell("m.one/f/a/b", outcome, (type, normalise(message), "load"), {"predict": "drift"})
    assert fingerprint(line) == fingerprint(short)
    assert " " not in (fingerprint(line) or "").replace(type, "")


def test_a_control_that_saving_has_changed_is_known_by_what_changed() -> None:
    line = cell("glm.a/f/lib1.0/lib1.0", "drift", methods={"score": "identical"})
    line["fidelity"] = {"verdict": "drift", "max_abs_diff": 1.0, "method": "score"}
    assert fingerprint(line) == "drift:glm:score"


def test_single_things_of_a_library_are_no_family() -> None:
    marks = {
        fingerprint(cell(f"{model}/f/a/b", "changed", methods={"text": "changed"}))
        for model in ("numpy.polynomial", "numpy.matrix")
    }
    assert len(marks) == 2


# -- known ones ------------------------------------------------------------------------------------

KNOWN = """
[[cause]]
id = "core-renamed"
sentence = "NumPy 2 renamed it."
hint = "Keep to one NumPy."
links = ["https://github.com/numpy/numpy/pull/24634"]

  [[cause.match]]
  type = "ModuleNotFoundError"
  message = "^No module named 'numpy\\\\._core"
  producer = ["numpy>=2"]
  consumer = ["numpy<2"]

[[cause]]
id = "softmax"
sentence = "It takes softmax now."

  [[cause.match]]
  methods = ["predict_proba*"]
  models = ["logreg.*"]
  direction = "upgrade"

[[cause]]
id = "parameter"
fallback = true
sentence = "{subject} came later."

  [[cause.match]]
  message = "has no attribute"
  stage = "repr"
"""


def known(folder: Path, text: str) -> list[causes.Known]:
    (folder / "some.toml").write_text(text)
    return causes.read(folder)


def test_a_known_cause_explains_only_what_its_matches_say(tmp_path: Path) -> None:
    core = ("ModuleNotFoundError", "No module named 'numpy._core.numeric'", "load")
    groups = causes.group(
        Cells(
            [
                cell("m.one/f/lib2.0/lib1.0", error=core),
                cell("m.one/f/lib2.0/lib2.1", error=core),  # both have NumPy 2: not that
                cell("logreg.a/f/lib1.0/lib2.0", "drift", methods={"predict_proba": "drift"}),
                cell("logreg.a/f/lib2.0/lib1.0", "drift", methods={"predict_proba": "drift"}),
                cell("tree.a/f/lib1.0/lib2.0", "drift", methods={"predict_proba": "drift"}),
            ]
        ),
        known(tmp_path, KNOWN),
    )
    counts = {group.id: group.count for group in groups if group.known}
    assert counts == {"core-renamed": 1, "softmax": 1}
    assert sum(group.count for group in groups if not group.known) == 3


def test_an_error_beside_a_wrong_answer_does_not_explain_the_answer(tmp_path: Path) -> None:
    error = ("AttributeError", "'A' object has no attribute 'knob'", "repr")
    line = cell("tree.a/f/lib1.0/lib2.0", "drift", error, {"predict": "drift"})
    (group,) = causes.group(Cells([line]), known(tmp_path, KNOWN))
    assert group.known is None


def test_what_differs_beside_can_rule_a_cause_out(tmp_path: Path) -> None:
    text = """
[[cause]]
id = "softmax"
sentence = "It takes softmax now."

  [[cause.match]]
  methods = ["predict_proba*"]
  beside = ["predict_log_proba"]
"""

    def explained(**methods: str) -> bool:
        line = cell("logreg.a/f/lib1.0/lib2.0", "drift", methods=methods)
        (group,) = causes.group(Cells([line]), known(tmp_path, text))
        return group.known is not None

    assert explained(predict_proba="drift", predict_log_proba="drift", predict="identical")
    assert not explained(predict_proba="drift", predict="drift")
    assert not explained(predict_log_proba="drift")


@pytest.mark.parametrize(
    ("stage", "lacks", "name"),
    [
        ("asked", "predict_proba", "predict_proba"),
        ("asked", "predict", "predict/sparse"),
        ("method", "knob", "predict"),
        ("repr", "knob", "repr"),
        ("use", "knob", "repr"),
        ("use", "predict", "predict"),
    ],
)
def test_a_stage_tells_a_missing_method_from_a_missing_attribute(
    tmp_path: Path, stage: str, lacks: str, name: str
) -> None:
    text = f"""
[[cause]]
id = "here"
sentence = "s"
match = [{{message = "has no attribute", stage = "{stage}"}}]
"""
    error = ("AttributeError", f"'A' object has no attribute '{lacks}'", name)
    line = cell("m.a/f/lib2.0/lib1.0", "use-error", error)
    (group,) = causes.group(Cells([line]), known(tmp_path, text))
    assert group.known is not None


def test_a_sentence_about_a_subject_makes_a_cause_of_each(tmp_path: Path) -> None:
    def lacking(name: str, stage: str) -> dict[str, Any]:
        error = ("AttributeError", f"'A' object has no attribute '{name}'", stage)
        return cell(f"m.{name}/f/lib1.0/lib2.0", "use-error", error)

    lines = [lacking("knob", "repr"), lacking("dial", "repr"), lacking("lamp", "predict")]
    groups = {group.id: group for group in causes.group(Cells(lines), known(tmp_path, KNOWN))}
    assert {"parameter:knob", "parameter:dial"} < groups.keys()
    assert groups["parameter:knob"].known.sentence == "knob came later."  # type: ignore[union-attr]
    assert not groups[next(iter(groups))].is_explained, "at a method it is another cause"
    assert causes.unused(known(tmp_path, KNOWN), groups.values()) == ["core-renamed", "softmax"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[cause]]\nsentence = 's'\n", "needs 'id'"),
        ("[[cause]]\nid = 'Ab c'\nsentence = 's'\n", "is no id of a cause"),
        ("[[cause]]\nid = 'a'\nsentence = 's'\n", "no sentence or no match"),
        ("[[cause]]\nid = 'a'\nsentence = 's'\nmatch = [{}]\n", "would take anything"),
        ("[[cause]]\nid = 'a'\nsentence = 's'\nsentense = 's'\n", "unknown key 'sentense'"),
        ("[[cause]]\nid = 'a'\nsentence = 's'\nmatch = [{mesage = 'x'}]\n", "unknown key"),
        ("[[cause]]\nid = 'a'\nsentence = 's'\nmatch = [{message = '('}]\n", "is no pattern"),
        (
            "[[cause]]\nid = 'a'\nsentence = 's'\nmatch = [{type = 'X', outcomes = ['eror']}]\n",
            "'outcomes' cannot be 'eror'",
        ),
        (
            "[[cause]]\nid = 'a'\nsentence = 's'\nmatch = [{type = 'X', direction = 'up'}]\n",
            "'direction' cannot be 'up'",
        ),
        (
            "[[cause]]\nid = 'a'\nsentence = 's'\nmatch = [{type = 'X', producer = ['a b']}]\n",
            "is no requirement",
        ),
        (
            "[[cause]]\nid = 'a'\nsentence = 's'\nlinks = ['a.b/c']\nmatch = [{type = 'X'}]\n",
            "is no address",
        ),
        ("[[cause]]\nid = 'a'\nsentence = 's'\nmatch = [{type = 'X'}]\n" * 2, "is there already"),
    ],
)  # fmt: skip
def test_a_fault_in_the_data_is_said_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(MatrixError, match=re.escape(says)) as caught:
        known(tmp_path, text)
    assert re.search(r"some\.toml:\d+: ", caught.value.message)


def test_the_known_causes_of_the_project_are_well_formed() -> None:
    found = causes.read(project.ROOT / "matrices" / "causes")
    assert len(found) > 30
    for cause in found:
        assert cause.sentence.endswith("."), cause.id
        assert len(cause.links) == len(set(cause.links)), cause.id


# -- groups ----------------------------------------------------------------------------------------


def test_unknown_causes_come_first_and_then_the_gravest(tmp_path: Path) -> None:
    core = ("ModuleNotFoundError", "No module named 'numpy._core'", "load")
    lines = [
        cell("m.a/f/lib2.0/lib1.0", error=core),
        cell("m.b/f/lib2.0/lib1.0", error=core),
        cell("logreg.a/f/lib1.0/lib2.0", "drift", methods={"predict_proba": "drift"}),
        cell("m.c/f/lib1.0/lib2.0"),
        cell("m.d/f/lib1.0/lib2.0", "changed", methods={"predict": "changed"}),
        cell("m.e/f/lib1.0/lib2.0", "unsupported", reason="the format has no trees"),
        cell("m.f/f/lib1.0/lib2.0", "identical"),
    ]
    groups = causes.group(Cells(lines), known(tmp_path, KNOWN))
    assert [group.is_explained for group in groups] == [False, False, True, True, True]
    worst = [max(group.outcomes) for group in groups]
    assert worst == ["changed", "load-error", "drift", "load-error", "unsupported"]


def test_a_group_says_where_it_begins_and_ends() -> None:
    pairs = ["lib2.0/lib1.0", "lib1.0/lib2.1", "lib1.0/lib2.0", "lib1.1/lib1.1"]
    lines = [cell(f"m.a/{format}/{pair}") for pair in pairs for format in ("f", "g")]
    (group,) = causes.group(Cells(lines))
    assert group.first == ("lib1.0", "lib2.0")
    assert group.last == ("lib2.0", "lib1.0")
    assert group.directions == {"upgrade": 4, "rollback": 2, "control": 2}
    assert (group.count, group.artifacts) == (8, 6)
    assert set(group.formats) == {"f", "g"}


def test_the_example_is_one_of_the_gravest() -> None:
    error = ("E", "x", "load")
    lines = [cell("m.a/f/lib1.0/lib2.0", error=error), cell("m.a/f/lib1.0/lib2.1", error=error)]
    (group,) = causes.group(Cells(lines))
    assert group.example == "m.a/f/lib1.0/lib2.0"
    assert group.severity == Outcome.LOAD_ERROR.severity


def test_only_what_is_wanted_is_grouped_and_anything_may_help() -> None:
    lines = [
        cell("m.a/f/lib1.0/lib2.0"),
        cell("m.b/f/lib1.0/lib2.0"),
        cell("m.a/g/lib1.0/lib2.0", "close"),
    ]
    (group,) = causes.group(Cells(lines), wanted=lambda id: id.model == "m.a")
    assert group.count == 1
    assert group.remedies[0].shown_by == "m.a/g/lib1.0/lib2.0"


def test_the_text_names_what_is_unknown_and_counts_what_is_declined(tmp_path: Path) -> None:
    lines = [
        cell("m.c/f/lib1.0/lib2.0"),
        cell("m.e/f/lib1.0/lib2.0", "unsupported", reason="the format has no trees"),
    ]
    groups = causes.group(Cells(lines), known(tmp_path, KNOWN))
    said = causes.text(groups, False)
    assert "1 root cause, 1 of them unknown" in said
    assert "UNKNOWN  load-error" in said
    assert "1 cell unsupported" in said
    assert "has no trees" not in said
    assert "has no trees" in causes.text(groups, True)
    assert all(len(line) < 140 for line in said.splitlines())
