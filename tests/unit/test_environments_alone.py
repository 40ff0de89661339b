"""Two that make environments in one folder do so one after the other."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from harness import environments
from harness.errors import EnvironmentTrouble


def test_the_second_waits_for_the_first_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELFLIFE_TOX_WORK_DIR", str(tmp_path / "tox"))
    order: list[str] = []
    told = threading.Event()

    def second() -> None:
        with environments.alone(lambda said: (order.append(said), told.set())):
            order.append("second")

    other = threading.Thread(target=second)
    with environments.alone(order.append):
        other.start()
        assert told.wait(20)
        order.append("first")
    other.join(20)
    assert order == ["waiting: another shelflife is making environments", "first", "second"]


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tox").write_text("no folder")
    monkeypatch.setenv("SHELFLIFE_TOX_WORK_DIR", str(tmp_path / "tox"))
    with (
        pytest.raises(EnvironmentTrouble, match=r"cannot write .*shelflife\.lock"),
        environments.alone(print),
    ):
        pass
