"""A lock is read as pins, knows what it was made from, and is compared with what is installed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import locks
from harness.locks import Lock
from tests.unit.samples import environment, lock_text

PINS = {"numpy": "1.24.3", "scikit-learn": "1.2.2"}
TEXT = f"""# Made by `shelflife lock` from the matrices. Do not edit.
# input: {"ab" * 32}
numpy==1.24.3 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
Scikit_Learn==1.2.2 \\
    --hash=sha256:cc
zope.interface==6.0.post1 ; python_version < "3.12" \\
    --hash=sha256:dd
"""
names = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", fullmatch=True)


def test_pins_are_read_by_normal_name_without_hashes_and_markers() -> None:
    pins = {"numpy": "1.24.3", "scikit-learn": "1.2.2", "zope-interface": "6.0.post1"}
    assert Lock(Path("lock.txt"), TEXT).pins == pins


def test_a_lock_knows_what_it_was_made_from() -> None:
    assert Lock(Path("lock.txt"), TEXT).input == "ab" * 32


def test_a_text_that_is_no_lock_was_made_from_nothing() -> None:
    assert Lock(Path("lock.txt"), "").input == "" and Lock(Path("lock.txt"), "").pins == {}


def test_the_hash_of_a_lock_is_that_of_its_text() -> None:
    assert Lock(Path("a"), TEXT).sha256 == Lock(Path("b"), TEXT).sha256
    assert Lock(Path("a"), TEXT).sha256 != Lock(Path("a"), TEXT + " ").sha256


def test_what_is_written_is_read_back() -> None:
    lock = Lock(Path("old.txt"), lock_text(environment("old"), PINS))
    assert lock.pins == PINS and lock.input == locks.digest(environment("old"))


@given(names)
def test_a_name_has_one_normal_form(name: str) -> None:
    assert locks.normal(locks.normal(name)) == locks.normal(name)
    assert locks.normal(name.replace("-", "_").upper()) == locks.normal(name)


@pytest.mark.parametrize(
    "change",
    [
        {"python": "3.12"},
        {"cutoff": dt.date(2024, 1, 1)},
        {"requirements": ("scikit-learn==1.2.2",)},
        {"requirements": ("scikit-learn==1.2.2", "numpy==1.24.4")},
    ],
    ids=str,
)
def test_the_digest_changes_with_all_that_a_lock_is_made_from(change: dict[str, object]) -> None:
    assert locks.digest(environment()) != locks.digest(environment(**change))


@pytest.mark.parametrize("change", [{"released": dt.date(2020, 1, 1)}, {"main": "numpy"}], ids=str)
def test_the_digest_does_not_change_with_anything_else(change: dict[str, object]) -> None:
    assert locks.digest(environment("old")) == locks.digest(environment("new", **change))


def test_what_is_installed_as_locked_does_not_differ() -> None:
    assert locks.differences(PINS, PINS) == []


def test_what_every_environment_holds_by_itself_is_no_difference() -> None:
    assert locks.differences(PINS, {**PINS, "pip": "24", "setuptools": "70", "wheel": "1"}) == []


def test_another_version_a_missing_and_a_foreign_package_are_a_sentence_each() -> None:
    installed = {"numpy": "1.26.0", "tensorflow": "2.0"}
    assert locks.differences(PINS, installed) == [
        "numpy is 1.26.0, its lock says 1.24.3",
        "scikit-learn is missing, its lock says 1.2.2",
        "tensorflow 2.0 is not in the lock",
    ]


def test_a_pinned_setuptools_counts() -> None:
    assert len(locks.differences({"setuptools": "65"}, {"setuptools": "70"})) == 1


versions = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["1", "2"]))


@given(versions, versions)
def test_there_is_a_sentence_for_each_package_that_differs_and_no_other(
    pins: dict[str, str], installed: dict[str, str]
) -> None:
    differing = [n for n in pins.keys() | installed.keys() if pins.get(n) != installed.get(n)]
    assert len(locks.differences(pins, installed)) == len(differing)
