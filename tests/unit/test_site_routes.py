"""Routes between releases, and where it is safe to stop."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from harness.site.routes import Routes, Stretch, stop, stretches

NAMES = [f"e{n}" for n in range(9)]


def environment(id: str, released: str, version: str, variant_of: str = "", main: str = "lib"):
    return {
        "id": id, "python": "3.11", "main": main, "released": released, "variant_of": variant_of,
        "packages": {main: version},
    }  # fmt: skip


LINE = Routes([
    environment("a", "2020-01-01", "1"), environment("b", "2021-01-01", "2"),
    environment("b-other", "2021-01-01", "2", variant_of="b"),
    environment("c", "2022-01-01", "3"), environment("d", "2023-01-01", "4"),
    environment("x", "2021-06-01", "7", main="another"),
])  # fmt: skip


def test_a_route_leads_over_every_release_between_and_ends_at_its_goal() -> None:
    assert LINE.between("a", "d") == ["b", "c", "d"]
    assert LINE.between("d", "a") == ["c", "b", "a"]
    assert LINE.between("a", "a") == ["a"]


def test_a_variant_is_a_stop_only_where_it_is_the_goal() -> None:
    assert LINE.between("a", "b-other") == ["b", "b-other"]
    assert LINE.between("b", "b-other") == ["b-other"]
    assert LINE.between("b-other", "d") == ["c", "d"]


def test_a_route_to_another_library_leads_along_its_releases() -> None:
    assert LINE.between("a", "x") == ["x"]
    assert LINE.between("x", "d") == ["c", "d"]


def test_an_environment_without_a_date_has_nothing_on_its_way() -> None:
    assert LINE.between("a", "unknown") == ["unknown"]


def test_the_ends_of_the_line() -> None:
    assert (LINE.newest("a"), LINE.oldest("a")) == ("d", "")
    assert (LINE.newest("d"), LINE.oldest("b-other")) == ("", "a")


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=9))
def test_all_up_to_a_safe_stop_are_known_to_answer(seen: list[bool | None]) -> None:
    route = NAMES[: len(seen)]
    found = stop(route, {id: ok for id, ok in zip(route, seen, strict=True) if ok is not None})
    upto = route.index(found.safe) + 1 if found.safe else 0
    assert all(seen[:upto])
    assert found.barrier == (route[upto] if upto < len(route) else "")
    assert not found.barrier or not seen[upto]  # what is not known is never safe
    assert found.again == any(seen[upto:])


@given(st.lists(st.sampled_from(["identical", "drift", "notrun", ""]), max_size=9))
def test_stretches_tell_the_row_again(row: list[str]) -> None:
    found = stretches(row, NAMES[: len(row)])
    told = [stretch.outcome for stretch in found for _ in range(stretch.length)]
    assert told == [outcome for outcome in row if outcome]
    assert all(a.outcome != b.outcome for a, b in pairwise(found))


def test_a_stretch_names_its_first_and_last() -> None:
    row = ["identical", "identical", "", "load-error"]
    assert stretches(row, NAMES[:4]) == [
        Stretch("identical", "e0", "e1", 2),
        Stretch("load-error", "e3", "e3", 1),
    ]
