"""An error says what is wrong and what to do, and ends a command with 2 and no traceback."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import cli
from harness.errors import EnvironmentTrouble, MatrixError, StoreError, UserError, did_you_mean


def test_the_message_comes_first_and_the_hint_indented_below() -> None:
    assert str(UserError("it broke", "Mend it.")) == "it broke\n  Mend it."


def test_without_a_hint_there_is_the_message_alone() -> None:
    assert str(UserError("it broke")) == "it broke"


@pytest.mark.parametrize("kind", [MatrixError, EnvironmentTrouble, StoreError])
def test_every_kind_is_a_user_error_with_exit_code_2(kind: type[UserError]) -> None:
    assert issubclass(kind, UserError)
    assert kind("it broke").exit_code == 2


def test_the_nearest_name_is_suggested() -> None:
    assert did_you_mean("pickel-5", ["pickle-5", "skops", "joblib"]) == "Did you mean pickle-5?"


def test_several_near_names_are_all_suggested() -> None:
    assert did_you_mean("pickle", ["pickle-4", "pickle-5"]).count("pickle-") == 2


def test_where_none_is_near_all_are_listed_in_order() -> None:
    assert did_you_mean("zzz", ["skops", "joblib"]) == "There are: joblib, skops."


def test_a_long_list_is_cut_and_says_so() -> None:
    listed = did_you_mean("zzz", [f"name-{n:03}" for n in range(50)])
    assert listed.count("name-") == 20 and listed.endswith(" ....")


def test_where_there_is_nothing_it_says_none() -> None:
    assert did_you_mean("zzz", []) == "There are: none."


@given(st.text(), st.lists(st.text(min_size=1), unique=True))
def test_any_word_gets_a_sentence(word: str, choices: list[str]) -> None:
    assert did_you_mean(word, iter(choices)).endswith(("?", "."))


def test_a_command_ends_with_2_and_the_hint_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["shelflife", "plan", "qiuck"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith("shelflife: no matrix is called 'qiuck'")
    assert "Did you mean quick?" in said and "Traceback" not in said


def test_a_wrong_option_ends_with_2_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["shelflife", "plan", "--jsn"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2 and "--json" in capsys.readouterr().err
