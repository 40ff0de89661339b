"""Shelf life: who is followed, when it dies, how long it is known to live, and what is not said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import lifetables, shelflives, survival
from harness.records import Outcome
from harness.releases import DAYS_A_MONTH, Line
from harness.shelflives import ROLLBACK, UPGRADE, Life, Lives
from harness.survival import kaplan_meier, wilson

DATES = ("2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", "2024-01-01")
LETTERS = {
    "i": "identical", "c": "close", "L": "load-error", "D": "drift", "?": "invalid",
    "/": "notrun", "u": "unsupported", "d": "dump-error",
}  # fmt: skip


def environment(id: str, released: str, variant_of: str = "", main: str = "sk") -> dict[str, Any]:
    return {
        "id": id, "python": "3.11", "main": main, "released": released,
        "variant_of": variant_of, "packages": {main: released},
    }  # fmt: skip


LINE = [environment(f"e{place}", date) for place, date in enumerate(DATES)]


def header(environments: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "matrix": "m",
        "environments": environments or LINE,
        "models": [{"id": "m", "family": "trees"}, {"id": "n", "family": "lines"}],
        "formats": [{"id": "f", "family": "pickles"}],
    }


def cell(producer: str, consumer: str, outcome: str, model: str = "m", format: str = "f") -> Any:
    return {
        "cell": f"{model}/{format}/{producer}/{consumer}", "model": model, "format": format,
        "producer": producer, "consumer": consumer, "outcome": outcome, "warnings": [],
    }  # fmt: skip


def saved_in(producer: str, letters: str, **other: str) -> list[Any]:
    """Cells of one artifact, a letter an environment of the line; `.` for no cell."""
    return [
        cell(producer, f"e{place}", LETTERS[letter], **other)
        for place, letter in enumerate(letters)
        if letter != "."
    ]


def lived(producer: str, letters: str) -> Mapping[str, Life]:
    found = shelflives.lives(header(), saved_in(producer, letters))
    return {life.direction: life for life in found.lives}


# ---- lives


def test_it_dies_at_the_first_release_that_does_not_answer_and_at_its_date() -> None:
    life = lived("e0", "icL..")[UPGRADE]
    assert life.died and life.fatal == "e2" and life.last == "e1"
    assert life.releases == 2
    assert life.months == pytest.approx(731 / DAYS_A_MONTH)
    assert life.outcome is Outcome.LOAD_ERROR and not life.gap


def test_it_is_censored_at_the_newest_release_that_it_answers_in() -> None:
    life = lived("e1", ".iici")[UPGRADE]
    assert not life.died
    assert (life.releases, life.last) == (3, "e4")
    assert life.months == pytest.approx(1095 / DAYS_A_MONTH)


def test_rollback_walks_backwards_and_apart() -> None:
    found = lived("e3", "iDcii")
    assert (found[ROLLBACK].releases, found[ROLLBACK].fatal) == (2, "e1")
    assert found[ROLLBACK].months > 0
    assert (found[UPGRADE].releases, found[UPGRADE].died) == (1, False)


def test_a_gap_that_never_closes_censors_at_the_last_known_good() -> None:
    life = lived("e0", "ii//?")[UPGRADE]
    assert (life.died, life.releases, life.last) == (False, 1, "e1")


def test_a_gap_that_closes_is_passed_over() -> None:
    assert lived("e0", "i/?ii")[UPGRADE].releases == 4


def test_a_death_behind_a_gap_is_noted() -> None:
    life = lived("e0", "ii/Li")[UPGRADE]
    assert (life.died, life.releases, life.gap, life.last) == (True, 3, True, "e1")
    assert lived("e0", "i/L..")[UPGRADE].gap


def test_one_that_comes_back_counts_as_dead_and_is_named() -> None:
    found = shelflives.lives(header(), saved_in("e0", "iLLic"))
    (life,) = found.lives
    assert (life.died, life.releases, life.returned) == (True, 1, "e3")
    assert lifetables.returns(found) == [life]
    said = lifetables.text("r", header(), found, "format")
    assert "m/f/e0/e1 is load-error; answers again in e3" in said


@pytest.mark.parametrize("letter", ["u", "d"])
def test_what_could_not_be_saved_is_no_subject(letter: str) -> None:
    found = shelflives.lives(header(), saved_in("e0", letter * 5))
    assert found.lives == [] and found.unsaved == {"f": 1} and not found.failed


def test_a_failed_control_has_no_life() -> None:
    found = shelflives.lives(header(), saved_in("e0", "D????"))
    assert found.lives == [] and found.failed == {"f": 1}


def test_nothing_known_in_a_direction_is_no_life_and_is_counted() -> None:
    found = shelflives.lives(header(), saved_in("e1", "/i///"))
    assert found.lives == []
    assert found.unknown == {("f", UPGRADE): 1, ("f", ROLLBACK): 1}


def test_the_newest_producer_has_no_upgrade_yet() -> None:
    assert set(lived("e4", "Liici")) == {ROLLBACK}


def test_variants_are_not_on_the_line() -> None:
    some = [*LINE, environment("e2b", DATES[2], "e2")]
    cells = [*saved_in("e0", "iiiii"), cell("e0", "e2b", "load-error")]
    cells += [cell("e2b", "e2b", "identical"), cell("e2b", "e3", "drift")]
    found = shelflives.lives(header(some), cells)
    assert [(life.producer, life.died) for life in found.lives] == [("e0", False)]


def test_environments_of_one_release_are_one_stop_and_the_worst_counts() -> None:
    some = [*LINE, environment("e1b", DATES[1])]
    cells = [*saved_in("e0", "iiiii"), cell("e0", "e1b", "load-error")]
    (life,) = shelflives.lives(header(some), cells).lives
    assert (life.fatal, life.releases) == ("e1b", 1)


def test_libraries_have_lines_of_their_own_and_another_ones_is_walked_by_date() -> None:
    some = [environment("a", "2022-06-01", main="converter")]
    some += [environment(f"r{n}", date, main="runtime") for n, date in enumerate(DATES)]
    cells = [cell("a", "a", "identical")]
    cells += [cell("a", f"r{n}", o) for n, o in enumerate(("drift", *["identical"] * 4))]
    found = {life.direction: life for life in shelflives.lives(header(some), cells).lives}
    assert (found[UPGRADE].releases, found[UPGRADE].last) == (2, "r4")
    assert (found[ROLLBACK].releases, found[ROLLBACK].fatal) == (3, "r0")


def test_a_cell_recorded_twice_counts_once_by_its_last_line() -> None:
    cells = [*saved_in("e0", "iLiii"), cell("e0", "e1", "identical")]
    (life,) = shelflives.lives(header(), cells).lives
    assert not life.died


@given(st.text("icLD?/", min_size=5, max_size=5), st.integers(0, 4))
def test_a_life_agrees_with_its_cells(letters: str, at: int) -> None:
    letters = letters[:at] + "i" + letters[at + 1 :]
    found = shelflives.lives(header(), saved_in(f"e{at}", letters))
    for life in found.lives:
        way = letters[at + 1 :] if life.direction == UPGRADE else letters[:at][::-1]
        known = [(n, c) for n, c in enumerate(way, 1) if c in "icLD"]
        dead = [n for n, c in known if c in "LD"]
        assert life.died == bool(dead)
        assert life.releases == (dead[0] if dead else known[-1][0])
        assert bool(life.returned) == any(c in "ic" and n > dead[0] for n, c in known if dead)


def test_the_line_knows_pairs_by_direction_and_distance() -> None:
    line = Line([*LINE, environment("e2b", DATES[2], "e2"), environment("x", DATES[1], main="y")])

    def said(producer: str, consumer: str) -> tuple[str, str]:
        pair = line.pair(producer, consumer)
        assert pair is not None
        return pair.direction, pair.distance

    assert said("e0", "e1") == ("upgrade", "1 release")
    assert said("e3", "e0") == ("rollback", "several releases")
    assert said("e2b", "e2") == ("same", "same release")
    assert said("e2b", "e1") == ("rollback", "1 release")
    assert said("e0", "x") == ("upgrade", "another library")
    assert line.pair("e0", "stranger") is None


def test_another_build_of_a_library_is_on_its_line() -> None:
    builds = [
        environment("old", DATES[0], main="xgboost"),
        environment("new", DATES[1], main="xgboost-cpu"),
    ]
    pair = Line(builds).pair("old", "new")
    assert pair and (pair.direction, pair.distance) == ("upgrade", "1 release")


# ---- curves


def test_a_textbook_example() -> None:
    """6-MP against leukaemia, weeks of remission (Freireich et al., Blood 21, 1963)."""
    died = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    times = np.array([*died, *censored], dtype=float)
    found = kaplan_meier(times, np.array([True] * 9 + [False] * 12))
    shares = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    for time, share in shares.items():
        step = found.at(time)
        assert step is not None and step.share == pytest.approx(share, abs=5e-5)
    at_ten = found.at(10)
    assert at_ten is not None and at_ten.risk == 15
    assert found.median()[0] == 23
    # Greenwood's standard error at 23 weeks is 0.1346; the limits are those of log(-log S).
    last = found.at(23)
    assert last is not None
    half = 1.959964 * 0.134555 / (last.share * -np.log(last.share))
    theta = np.log(-np.log(last.share))
    assert last.low == pytest.approx(np.exp(-np.exp(theta + half)), abs=1e-4)
    assert last.high == pytest.approx(np.exp(-np.exp(theta - half)), abs=1e-4)


def test_by_hand() -> None:
    """Five subjects: dead at 1, censored at 1, dead at 2, censored at 3, dead at 3."""
    found = kaplan_meier(np.array([1.0, 1, 2, 3, 3]), np.array([True, False, True, False, True]))
    assert [(s.time, s.risk, s.died) for s in found.steps] == [(1, 5, 1), (2, 3, 1), (3, 2, 1)]
    assert [s.share for s in found.steps] == pytest.approx([4 / 5, 8 / 15, 4 / 15])


def test_where_nothing_has_died_the_lower_limit_is_not_one() -> None:
    step = kaplan_meier(np.array([1.0] * 10), np.array([False] * 10)).at(1)
    assert step is not None and step.share == 1.0
    assert step.low == pytest.approx(wilson(10, 10)[0]) and step.low < 0.75


def test_where_nobody_was_followed_so_long_nothing_is_said() -> None:
    found = kaplan_meier(np.array([1.0, 2]), np.array([False, False]))
    assert found.at(3) is None and found.median()[0] is None
    gone = kaplan_meier(np.array([1.0, 2]), np.array([True, True])).at(3)
    assert gone is not None and (gone.share, gone.risk) == (0.0, 0)
    assert kaplan_meier(np.array([]), np.array([], dtype=bool)).at(1) is None


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=60))
def test_a_curve_only_falls_and_lies_within_its_limits(some: list[tuple[int, bool]]) -> None:
    times = np.array([time for time, _ in some], dtype=float)
    found = kaplan_meier(times, np.array([died for _, died in some]))
    shares = [step.share for step in found.steps]
    assert shares == sorted(shares, reverse=True)
    assert all(
        0 <= s.low <= s.share + 1e-12 and s.share <= s.high + 1e-12 <= 1.1 for s in found.steps
    )
    assert sum(step.died for step in found.steps) == found.died


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40), st.integers(1, 9))
def test_without_censoring_it_is_the_share_that_lives(times: list[int], at: int) -> None:
    found = kaplan_meier(np.array(times, dtype=float), np.array([True] * len(times)))
    step = found.at(at)
    assert step is not None
    assert step.share == pytest.approx(sum(time > at for time in times) / len(times))


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilsons_limits_hold_the_share(hits: int, more: int) -> None:
    low, high = wilson(hits, hits + more)
    assert 0 <= low <= hits / (hits + more) <= high <= 1
    assert wilson(0, 0) == (0.0, 1.0)


def test_wilson_by_the_book() -> None:
    """Newcombe 1998, table I: 81 of 263 and 15 of 148."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)


# ---- tables


def example() -> Lives:
    cells = [*saved_in("e0", "iiLL."), *saved_in("e1", "Liiii"), *saved_in("e2", "LLiii")]
    cells += saved_in("e0", "iiiii", model="n")
    return shelflives.lives(header(), cells)


def test_rows_by_format_by_family_and_by_case() -> None:
    found = example()
    groups = {
        by: [row.group for row in lifetables.rows(found, UPGRADE, key)]
        for by, (_, key) in lifetables.keys(header()).items()
    }
    assert groups["format"] == [("f",)]
    assert groups["family"] == [("f", "lines"), ("f", "trees")]
    assert groups["case"] == [("f", "m"), ("f", "n")]
    assert groups["producer"] == [("f", "e0"), ("f", "e1"), ("f", "e2")]


def test_the_json_has_what_the_text_says() -> None:
    found = example()
    said = json.loads(json.dumps(lifetables.as_json("r", header(), found, "format")))
    (row,) = said["directions"][UPGRADE]
    assert (row["subjects"], row["died"]) == (4, 1)
    assert row["releases"]["at"]["2"]["share"] == pytest.approx(0.75)
    assert row["releases"]["at"]["2"]["at_risk"] == 4
    assert row["releases"]["median"]["value"] is None
    text = lifetables.text("r", header(), found, "format")
    assert "75 % (" in text and "not independent" in text


def test_nothing_at_all_is_said_without_a_table() -> None:
    text = lifetables.text("r", header(), shelflives.lives(header(), []), "format")
    assert "Upgrade: no artifact has a result there." in text
    assert survival.curve([], "months").subjects == 0
