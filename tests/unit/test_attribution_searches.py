"""Which change makes the difference, and where it began: the searches against known worlds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness import bisect, delta
from harness.delta import Answer, Changed, Finding

RIGHT, SAME, OTHER, UNTESTABLE = Answer
NAMES = ["scikit-learn", "numpy", "scipy", "joblib", "skops", "python"]


def answered(search: Any, world: Callable[[Any], Answer]) -> tuple[Any, list[Any]]:
    """The search's result, and every question that it put, each counted once."""
    asked: dict[Any, Answer] = {}
    try:
        batch = next(search)
        while True:
            asked |= {question: world(question) for question in batch}
            batch = search.send({question: asked[question] for question in batch})
    except StopIteration as end:
        return end.value, list(asked)


def found(world: Callable[[Changed], Answer], companions: Any = lambda some: some) -> Finding:
    return answered(delta.attribute(NAMES, companions), world)[0]


# -- attribution -----------------------------------------------------------------------------------


def test_one_package_alone() -> None:
    finding = found(lambda some: SAME if "numpy" in some else RIGHT)
    assert finding == Finding("alone", (frozenset({"numpy"}),))


def test_one_that_works_only_with_another_which_alone_does_not_fail() -> None:
    """As scikit-learn that was compiled for numpy 1: numpy goes along and is not to blame."""

    def world(some: Changed) -> Answer:
        if "scikit-learn" in some:
            return SAME if "numpy" in some else UNTESTABLE
        return UNTESTABLE if any(name.endswith(delta.PART_WAY) for name in some) else RIGHT

    both = frozenset({"numpy", "scikit-learn"})
    expected = Finding("carried", (both,), frozenset({"scikit-learn"}))
    assert found(world) == expected
    assert found(world, lambda some: some | {"numpy"}) == expected


def test_of_two_that_go_together_the_one_that_fails_part_of_its_way_is_to_blame() -> None:
    pair = {"numpy", "scipy"}

    def world(some: Changed) -> Answer:
        if some & {"numpy~", "scipy~"}:
            return OTHER if "numpy~" in some else RIGHT
        if len(some & pair) == 1:
            return UNTESTABLE
        return SAME if pair <= some else RIGHT

    assert found(world) == Finding("carried", (frozenset(pair),), frozenset({"numpy"}))


def test_either_of_two() -> None:
    finding = found(lambda some: SAME if some & {"numpy", "skops"} else RIGHT)
    assert finding == Finding("alone", (frozenset({"numpy"}), frozenset({"skops"})))


def test_one_alone_and_two_others_that_do_it_together() -> None:
    both = {"scipy", "joblib"}
    finding = found(lambda some: SAME if "numpy" in some or both <= some else RIGHT)
    assert finding == Finding("alone", (frozenset({"numpy"}), frozenset(both)))


@given(st.sets(st.sampled_from(NAMES), min_size=2))
def test_a_failure_that_needs_several_is_put_down_to_exactly_those(needed: set[str]) -> None:
    finding = found(lambda some: SAME if needed <= some else RIGHT)
    assert finding == Finding("together", (frozenset(needed),), frozenset(needed))


def test_packages_that_cannot_be_tried_apart_are_not_told_apart() -> None:
    pair = {"numpy", "scipy"}

    def world(some: Changed) -> Answer:
        if any(name.endswith(delta.PART_WAY) for name in some) or len(some & pair) == 1:
            return UNTESTABLE
        return SAME if pair <= some else RIGHT

    assert found(world) == Finding("apart", (frozenset(pair),))
    assert found(world, lambda some: some | pair) == Finding("apart", (frozenset(pair),))


def test_one_that_can_only_go_part_way_may_be_enough() -> None:
    def world(some: Changed) -> Answer:
        if "numpy" in some:
            return SAME if "scipy" in some else UNTESTABLE
        return SAME if "numpy~" in some else RIGHT

    assert found(world) == Finding("alone", (frozenset({"numpy~"}),))


def test_where_the_ends_do_not_hold_nothing_is_said() -> None:
    assert found(lambda _: RIGHT) == Finding("unseen")
    assert found(lambda _: SAME) == Finding("unseen")


@given(st.sets(st.sampled_from(NAMES)), st.integers(0, 2**32), st.data())
def test_what_is_left_brings_the_failure_and_no_longer_does_without_any_one(
    needed: set[str], seed: int, data: st.DataObject
) -> None:
    """Also in a world where half of the mixtures cannot be tried."""
    table: dict[Changed, Answer] = {frozenset(NAMES): SAME}

    def world(some: Changed) -> Answer:
        if some not in table:
            truth = SAME if needed <= some else RIGHT
            table[some] = truth if data.draw(st.booleans()) else UNTESTABLE
        return table[some]

    least, _ = answered(delta.minimise(NAMES), world)
    assert table[frozenset(least)] is SAME
    assert needed <= set(least)
    if len(least) > 1:
        assert all(table[frozenset(least) - {name}] is not SAME for name in least)


# -- bisection -------------------------------------------------------------------------------------


def bisected(answers: Mapping[str, Answer], thorough: bool = False) -> tuple[Any, list[Any]]:
    return answered(bisect.search(list(answers), thorough), lambda release: answers[release])


def line(*answers: Answer) -> dict[str, Answer]:
    return {f"1.{minor}": answer for minor, answer in enumerate(answers)}


@given(st.integers(2, 300), st.data())
def test_a_monotone_line_gives_its_boundary_with_few_probes(n: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, n - 1))
    found, asked = bisected(line(*[RIGHT] * first, *[SAME] * (n - first)))
    assert (found.kind, found.last_good, found.first_bad) == (
        "found",
        f"1.{first - 1}",
        f"1.{first}",
    )
    assert found.untried == ()
    assert len(asked) <= n.bit_length() + 6


@given(st.lists(st.sampled_from([RIGHT, SAME, UNTESTABLE]), max_size=40))
def test_what_is_said_holds_for_everything_that_was_tried(between: list[Answer]) -> None:
    answers = line(RIGHT, *between, SAME)
    found, asked = bisected(answers)
    assert {release: answers[release] for release in found.answers} == dict(found.answers)
    assert set(asked) == set(found.answers)
    if found.kind == "found":
        assert answers[found.last_good] is RIGHT
        assert answers[found.first_bad] is SAME
        assert all(answers[release] is UNTESTABLE for release in found.untried)
    else:
        assert found.kind == "mixed"
        assert list(found.answers) == list(answers)


@given(st.lists(st.sampled_from([RIGHT, SAME]), max_size=20))
def test_with_all_it_is_never_wrong_about_monotony(between: list[Answer]) -> None:
    answers = line(RIGHT, *between, SAME)
    found, _ = bisected(answers, thorough=True)
    values = list(answers.values())
    assert (found.kind == "found") == (values == sorted(values, key=[RIGHT, SAME].index))


def test_a_bad_release_beside_the_boundary_is_seen_and_the_whole_map_is_given() -> None:
    answers = line(RIGHT, SAME, RIGHT, SAME, SAME)
    found, _ = bisected(answers)
    assert found.kind == "mixed"
    assert dict(found.answers) == answers


def test_releases_that_cannot_be_tried_leave_an_interval() -> None:
    found, _ = bisected(line(RIGHT, RIGHT, UNTESTABLE, UNTESTABLE, SAME, SAME))
    assert (found.last_good, found.first_bad) == ("1.1", "1.4")
    assert found.untried == ("1.2", "1.3")


def test_ends_that_cannot_be_tried_give_way_to_what_is_next_to_them() -> None:
    found, _ = bisected(line(UNTESTABLE, RIGHT, RIGHT, SAME, SAME, UNTESTABLE))
    assert (found.kind, found.last_good, found.first_bad) == ("found", "1.2", "1.3")
    assert bisected(line(UNTESTABLE, UNTESTABLE, UNTESTABLE))[0].kind == "unseen"


def test_another_failure_before_the_one_in_question_is_told() -> None:
    found, _ = bisected(line(RIGHT, RIGHT, OTHER, OTHER, OTHER, SAME, SAME))
    assert (found.first_bad, found.first_same) == ("1.2", "1.5")


def test_ends_that_are_not_good_and_bad_are_no_interval() -> None:
    assert bisected(line(SAME, RIGHT, SAME))[0].kind == "unseen"
    assert bisected(line(RIGHT, SAME, RIGHT))[0].kind == "unseen"
