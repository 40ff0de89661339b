"""An artifact is replaced whole or not at all, whatever it is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.worker import artifacts, registry


class Text(registry.Format):
    """Writes what it is given: a file, a file with one beside it, or a folder of two."""

    id = "text-for-tests"

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def dump(self, model: Any, path: str, data: Any) -> None:
        if self.kind == "folder":
            Path(path).mkdir()
            Path(path, "a").write_text(model)
            Path(path, "b").write_text("b")
        elif self.kind != "nothing":
            Path(path).write_text(model)
        if self.kind == "beside":
            Path(path + ".types").write_text(model)
        if model == "broken":
            raise ValueError("half-way")


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


KINDS = ("file", "beside", "folder")
each_kind = pytest.mark.parametrize("kind", KINDS)


@each_kind
def test_a_new_artifact_takes_the_place_of_an_old_one(kind: str, tmp_path: Path) -> None:
    path = str(tmp_path / "model.txt")
    for content in ("old", "new"):
        artifacts.save(Text(kind), content, path, None)
    assert {Path(part).read_text() for part in artifacts.contents(path)} <= {"new", "b"}
    assert all(entry.startswith("model.txt") for entry in names(tmp_path))


@each_kind
def test_a_dump_that_fails_half_way_changes_nothing(kind: str, tmp_path: Path) -> None:
    path = str(tmp_path / "model.txt")
    artifacts.save(Text(kind), "old", path, None)
    before = artifacts.measured(path), names(tmp_path)
    with pytest.raises(ValueError, match="half-way"):
        artifacts.save(Text(kind), "broken", path, None)
    assert (artifacts.measured(path), names(tmp_path)) == before


def test_a_dump_that_saves_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="saved nothing"):
        artifacts.save(Text("nothing"), "new", str(tmp_path / "model.txt"), None)


@each_kind
def test_bytes_and_digest_are_of_everything(kind: str, tmp_path: Path) -> None:
    path = str(tmp_path / "model.txt")
    artifacts.save(Text(kind), "four", path, None)
    digest, size = artifacts.measured(path)
    assert size == {"file": 4, "beside": 8, "folder": 5}[kind]
    last = Path(artifacts.contents(path)[-1])
    last.write_text("c" * last.stat().st_size)
    assert artifacts.measured(path)[0] != digest


def test_a_file_of_another_artifact_is_not_taken_along(tmp_path: Path) -> None:
    path = str(tmp_path / "model.txt")
    artifacts.save(Text("file"), "x", path, None)
    (tmp_path / "model.txtra").write_text("another")
    assert artifacts.contents(path) == [path]
    artifacts.remove(path)
    assert names(tmp_path) == ["model.txtra"]
