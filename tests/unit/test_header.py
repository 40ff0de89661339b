"""A run's identity changes with all that decides what it measures, and its folder with it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness import cores, header
from harness.environments import Broken, Ready
from harness.locks import Lock
from harness.records import Exclude, Matrix
from tests.unit.samples import environment, format_, lock_text, matrix, model, schema


def locks_of(found: Matrix, **pins: str) -> dict[str, Lock]:
    text = {e.id: lock_text(e, {"numpy": "1.24.3", **pins}) for e in found.environments}
    return {id: Lock(Path(f"{id}.txt"), text) for id, text in text.items()}


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small folder in the place of the worker's, which may be written to."""
    folder = tmp_path / "worker"
    (folder / "models").mkdir(parents=True)
    (folder / "serve.py").write_text("pass\n")
    (folder / "models" / "trees.py").write_text("pass\n")
    monkeypatch.setattr(header, "WORKER", folder)
    return folder


def mark(found: Matrix, **pins: str) -> str:
    return header.fingerprint(found, locks_of(found, **pins))


def test_what_only_measures_is_no_part_of_it(worker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header, "MEASURING", worker / "measuring")
    before = mark(matrix())
    (worker / "measuring").mkdir()
    (worker / "measuring" / "inside.py").write_text("pass\n")
    assert mark(matrix()) == before


def test_a_fingerprint_is_eight_hex_digits_and_stable() -> None:
    assert mark(matrix()) == mark(matrix())
    assert len(mark(matrix())) == 8 and int(mark(matrix()), 16) >= 0


@pytest.mark.parametrize(
    "change",
    [
        {"models": (model("logreg.binary"),)},
        {"models": (model("logreg.other"), *matrix().models[1:])},
        {"formats": (format_("pickle-5"),)},
        {"excludes": (Exclude("so", model="logreg.*"),)},
        {"environments": (environment("old", 1), environment("newer", 2))},
        {"environments": (environment("old", 1), environment("new", 2, python="3.12"))},
        {"seconds": 5.0},
        {"memory_mib": 512},
    ],
    ids=lambda change: next(iter(change)),
)
def test_it_changes_with_the_matrix(worker: Path, change: Mapping[str, Any]) -> None:
    assert mark(matrix(**change)) != mark(matrix())


def test_it_does_not_change_with_a_description_or_the_place_of_the_file(worker: Path) -> None:
    assert mark(matrix(description="other", path="/elsewhere/small.toml")) == mark(matrix())


def test_it_changes_with_a_lock(worker: Path) -> None:
    assert mark(matrix(), numpy="1.24.4") != mark(matrix())


def test_it_does_not_change_with_the_order_of_the_locks(worker: Path) -> None:
    found = locks_of(matrix())
    turned = dict(reversed(found.items()))
    assert header.fingerprint(matrix(), found) == header.fingerprint(matrix(), turned)


def test_it_changes_with_the_workers_code(worker: Path) -> None:
    before = mark(matrix())
    (worker / "models" / "trees.py").write_text("pass  # changed\n")
    assert mark(matrix()) != before


def test_it_changes_with_a_new_and_with_a_renamed_file_of_the_worker(worker: Path) -> None:
    marks = [mark(matrix())]
    (worker / "models" / "svm.py").write_text("")
    marks.append(mark(matrix()))
    (worker / "models" / "svm.py").rename(worker / "models" / "svms.py")
    marks.append(mark(matrix()))
    assert len(set(marks)) == 3


def test_it_does_not_change_with_compiled_files(worker: Path) -> None:
    before = mark(matrix())
    (worker / "models" / "__pycache__").mkdir()
    (worker / "models" / "__pycache__" / "trees.cpython-311.pyc").write_bytes(b"\0")
    assert mark(matrix()) == before


def test_it_changes_with_a_plugin(worker: Path, tmp_path: Path) -> None:
    plugin = tmp_path / "plugs"
    plugin.mkdir()
    (plugin / "mine.py").write_text("pass\n")
    with_plugin = matrix(plugins=(str(plugin),))
    marks = {mark(matrix()), mark(with_plugin)}
    (plugin / "mine.py").write_text("pass  # changed\n")
    assert len(marks | {mark(with_plugin)}) == 3


def place(results: Path, fresh: bool = False, part: bool = False) -> str:
    return str(header.folder(results, matrix(), "0123abcd", fresh, part).relative_to(results))


def test_a_first_run_is_called_by_matrix_and_fingerprint(tmp_path: Path) -> None:
    assert place(tmp_path) == place(tmp_path, fresh=True) == "small-0123abcd"


def test_a_run_goes_on_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "small-0123abcd").mkdir()
    assert place(tmp_path) == "small-0123abcd"


def test_a_fresh_run_gets_the_next_number_and_is_the_one_that_goes_on(tmp_path: Path) -> None:
    for name in ("small-0123abcd.2", "small-0123abcd.3"):
        (tmp_path / place(tmp_path)).mkdir(exist_ok=True)
        assert place(tmp_path, fresh=True) == name
        (tmp_path / name).mkdir()
        assert place(tmp_path) == name


def test_there_may_be_more_than_nine(tmp_path: Path) -> None:
    (tmp_path / "small-0123abcd").mkdir()
    for number in range(2, 12):
        (tmp_path / f"small-0123abcd.{number}").mkdir()
    assert place(tmp_path) == "small-0123abcd.11"
    assert place(tmp_path, fresh=True) == "small-0123abcd.12"


def test_runs_of_other_fingerprints_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "small-ffffffff").mkdir()
    (tmp_path / "small-ffffffff.2").mkdir()
    assert place(tmp_path, fresh=True) == "small-0123abcd"


def test_a_fresh_run_of_a_part_goes_aside_where_it_is_not_the_newest(tmp_path: Path) -> None:
    assert place(tmp_path, fresh=True, part=True) == "aside/small-0123abcd"
    (tmp_path / "aside" / "small-0123abcd").mkdir(parents=True)
    assert place(tmp_path, fresh=True, part=True) == "aside/small-0123abcd.2"
    assert place(tmp_path) == place(tmp_path, fresh=True) == "small-0123abcd"


def test_a_part_that_is_not_fresh_goes_on_with_the_whole(tmp_path: Path) -> None:
    (tmp_path / "small-0123abcd").mkdir()
    assert place(tmp_path, part=True) == "small-0123abcd"


def test_a_header_is_what_its_schema_says() -> None:
    found = matrix(excludes=(Exclude("slow", model="logreg.*"),))
    prepared = {"old": Ready("old", Path("python"), {}), "new": Broken("new", "no such Python")}
    made = header.header("small-0123abcd", found, locks_of(found), prepared, 12)
    made = json.loads(json.dumps(made))
    jsonschema.validate(made, schema("run"))
    old, new = made["environments"]
    assert (made["footer"], made["planned"]) == (None, 12)
    assert "notrun" not in old and new["notrun"] == "no such Python"
    assert old["packages"] == {"numpy": "1.24.3"} and len(old["lock"]) == 64
    assert made["excluded"][0]["reason"] == "slow"


def test_a_moment_is_in_utc_to_the_second() -> None:
    moment = dt.datetime.fromisoformat(header.now())
    assert moment.utcoffset() == dt.timedelta(0) and moment.microsecond == 0


def test_the_host_has_no_name() -> None:
    known = {"system", "machine", "cpu", "cores", "memory_mib", "python", "en_US.UTF-8"}
    assert set(header.host()) == known
    assert cores.count() >= 1
