"""What a night runs, what it resolves, and what it says of it."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import http.server
import json
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import locks, matrix
from harness.errors import MatrixError, UserError
from harness.nightly import issue, prereleases, programme
from harness.nightly.programme import Entry, Prerelease, Programme
from harness.source import Source

TODAY = dt.date(2026, 11, 22)
TEXT = """
[night]
keep = 7

[[matrix]]
name = "small"
shards = 3

[[matrix]]
name = "other"

[[prerelease]]
id = "libnightly-py311"
matrix = "small"
main = "shelflife-test-lib"
python = "3.11"
requirements = ["shelflife-test-lib", "shelflife-test-helper<2"]
index = "TEST_INDEX"
"""


def folder(root: Path, text: str = TEXT) -> Path:
    for name in ("small", "other"):
        (root / f"{name}.toml").write_text("")
    (root / "nightly.toml").write_text(text)
    return root


def test_the_programme_is_read(tmp_path: Path) -> None:
    found = programme.read(folder(tmp_path))
    assert found.keep == 7
    assert found.entries == (Entry("small", 3), Entry("other", 1))
    assert [job["shard"] for job in found.jobs()] == ["1/3", "2/3", "3/3", "1/1"]
    assert found.prereleases[0].requirements == ("shelflife-test-lib", "shelflife-test-helper<2")


def test_it_is_no_matrix(tmp_path: Path) -> None:
    assert [path.stem for path in matrix.files(folder(tmp_path))] == ["other", "small"]
    with pytest.raises(MatrixError, match="no matrix is called 'nightly'"):
        matrix.find("nightly", tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("keep = 7", "keep = 0", "nightly.toml:3: 'keep' must be a whole number above 0"),
        ("shards = 3", "shards = true", "'shards' must be a whole number above 0"),
        ("shards = 3", "shard = 3", "unknown key 'shard'"),
        ('name = "small"', 'name = "smal"', "nightly.toml:6: no matrix 'smal'"),
        ('name = "other"', 'name = "small"', "nightly.toml:10: 'small' is there twice"),
        ('matrix = "small"', 'matrix = "smal"', "no night runs the matrix 'smal'"),
        ('id = "libnightly-py311"', 'id = "a b"', "'a b' is no id"),
    ],
)
def test_a_fault_is_one_message_with_its_line(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    with pytest.raises(MatrixError) as raised:
        programme.read(folder(tmp_path, TEXT.replace(before, after)))
    assert said in raised.value.message


def test_a_night_can_be_narrowed(tmp_path: Path) -> None:
    whole = programme.read(folder(tmp_path))
    found = programme.narrowed(whole, ["other"], 2)
    assert [job["shard"] for job in found.jobs()] == ["1/2", "2/2"]
    assert found.prereleases == ()
    with pytest.raises(UserError) as raised:
        programme.narrowed(whole, ["smal"], None)
    assert "Did you mean small" in raised.value.hint


def test_more_shards_than_ci_starts_are_refused() -> None:
    assert len(Programme(1, (Entry("a", 200), Entry("b", 56)), ()).jobs()) == 256
    with pytest.raises(UserError, match="257 shards"):
        Programme(1, (Entry("a", 200), Entry("b", 57)), ()).jobs()


# -- pre-releases --------------------------------------------------------------------------------


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wheel(root: Path, name: str, version: str) -> None:
    """A wheel without content, on a page of the index."""
    plain = name.replace("-", "_")
    place = root / name
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{plain}-{version}-py3-none-any.whl"
    info = f"{plain}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{info}/RECORD", "")
    links = [
        f'<a href="{each.name}#sha256={digest(each)}">{each.name}</a>'
        for each in sorted(place.glob("*.whl"))
    ]
    (place / "index.html").write_text("<!DOCTYPE html><html><body>" + "".join(links))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder of wheels, served as an index on this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    root = tmp_path / "index"
    root.mkdir()
    handler = functools.partial(Quiet, directory=str(root))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield root, f"http://user:secret@127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def wanted(tmp_path: Path) -> Prerelease:
    place = tmp_path / "programme"
    place.mkdir()
    return programme.read(folder(place)).prereleases[0]


def offline(monkeypatch: pytest.MonkeyPatch, index: str, tmp_path: Path) -> None:
    monkeypatch.setenv("TEST_INDEX", index)
    monkeypatch.setenv("UV_DEFAULT_INDEX", index)
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))


def test_a_nightly_wheel_is_locked_as_it_is_now(
    index: tuple[Path, str], wanted: Prerelease, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wheel(index[0], "shelflife-test-lib", "1.4.0")
    wheel(index[0], "shelflife-test-lib", "1.5.0.dev0")
    wheel(index[0], "shelflife-test-helper", "1.0")
    offline(monkeypatch, index[1], tmp_path)
    found = prereleases.resolve(wanted, TODAY)
    assert found.environment.notrun == ""
    pins = {"shelflife-test-lib": "1.5.0.dev0", "shelflife-test-helper": "1.0"}
    assert locks.pins(found.lock) == pins
    assert "secret" not in found.lock and "127.0.0.1" not in found.lock
    first, second = found.environment.requirements
    assert (first, second) == ("shelflife-test-lib==1.5.0.dev0", "shelflife-test-helper<2")
    assert prereleases.variables([wanted])["UV_INDEX"].endswith(index[1])
    (tmp_path / "locks").mkdir()
    locks.path(tmp_path, found.environment.id).write_text(found.lock)
    assert locks.read(tmp_path, found.environment).pins == pins


def test_what_is_released_already_is_no_pre_release(
    index: tuple[Path, str], wanted: Prerelease, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wheel(index[0], "shelflife-test-lib", "1.4.0")
    wheel(index[0], "shelflife-test-helper", "1.0")
    offline(monkeypatch, index[1], tmp_path)
    found = prereleases.resolve(wanted, TODAY)
    assert found.lock == ""
    assert found.environment.notrun == (
        "there is no pre-release of shelflife-test-lib: the newest is 1.4.0"
    )


def test_what_cannot_be_resolved_says_why_and_names_no_address(
    index: tuple[Path, str], wanted: Prerelease, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wheel(index[0], "shelflife-test-lib", "1.5.0.dev0")
    offline(monkeypatch, index[1], tmp_path)
    reason = prereleases.resolve(wanted, TODAY).environment.notrun
    assert "could not be resolved" in reason and "shelflife-test-helper" in reason
    assert "secret" not in reason and "127.0.0.1" not in reason


def test_without_an_index_the_reason_names_the_variable(
    wanted: Prerelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_INDEX", raising=False)
    found = prereleases.resolve(wanted, TODAY)
    assert found.environment.notrun == "TEST_INDEX names no index of nightly wheels"
    assert prereleases.variables([wanted]) == {}
    table = prereleases.table(found.environment)
    (tmp,) = tomllib.loads(table)["environment"]
    assert tmp["notrun"] == found.environment.notrun
    read = matrix.environments_in(Source(Path("x.toml"), table, tomllib.loads(table)))
    assert read == [found.environment]
    assert locks.pins("\n".join(read[0].requirements)) == {}


# -- the issue -----------------------------------------------------------------------------------


def diff(*groups: Any, **changes: Any) -> Any:
    base = {"id": "baseline:small", "started": "2026-11-21", "cells": 9}
    return {
        "base": base, "new": {**base, "id": "small"}, "notes": [], "environments": [],
        "surprises": sum(g["count"] for g in groups if g["notice"] == "surprise"),
        "groups": list(groups), "against": "the night of 2026-11-21", **changes,
    }  # fmt: skip


def group(count: int = 1, notice: str = "surprise", **changes: Any) -> Any:
    cells = [f"model.{n}/pickle-5/old/new" for n in range(count)]
    listed = [{"cell": cell, "before": "identical", "after": "drift"} for cell in cells]
    return {
        "notice": notice, "kind": "regression", "outcome": "drift", "cause": "abc123",
        "expected": None, "count": count, "models": ["model.0"], "formats": ["pickle-5"],
        "pairs": [["old", "new"]], "example": cells[0], "says": "predict differs by up to 0.3",
        "cells": listed, **changes,
    }  # fmt: skip


def test_there_is_no_issue_without_a_surprise() -> None:
    listed = group(notice="listed")
    assert issue.text("2026-11-22", {"small": diff(listed)}, ["a shard is missing"]) is None


def test_the_issue_says_what_is_new_by_cause_and_how_to_see_it() -> None:
    found = issue.text(
        "2026-11-22", {"small": diff(group(12), group(3, "listed")), "b": diff()}, ["no shard 2/4"]
    )
    assert found is not None
    lines = found.splitlines()
    assert lines[0] == "# Night of 2026-11-22: 12 cells worse than before in small"
    assert "- cause: `abc123`" in lines
    assert "- `model.0/pickle-5/old/new`: identical → drift" in lines
    assert "- and 4 more" in lines
    assert "shelflife run small --select model.0/pickle-5/old/new --fresh" in lines
    assert "- no shard 2/4" in lines
    assert "## b" not in lines


def test_an_issue_of_any_size_fits_and_no_text_of_a_model_is_markup() -> None:
    hostile = group(says="`` ```\n# @everyone <img src=x>", cause="`x`", kind="regression")
    found = issue.text("2026-11-22", {"small": diff(*[hostile] * 900)}, [])
    assert found is not None and len(found) < 65_536
    assert found.count("```") % 2 == 0
    assert "\n# @everyone" not in found
    assert "The rest is in" in found


def test_the_plans_json_can_be_read_by_ci(tmp_path: Path) -> None:
    text = json.dumps({"include": programme.read(folder(tmp_path)).jobs()})
    assert "\n" not in text
    assert json.loads(text)["include"][0] == {"matrix": "small", "shard": "1/3"}
