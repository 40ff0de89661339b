"""Environments may save, load, or both; one that cannot be made is declared with its reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import header, locks, matrix, plan, show
from harness.errors import MatrixError
from harness.records import Include, Matrix
from tests.unit.samples import FORMATS, MODELS, environment, lock_text
from tests.unit.samples import matrix as small

IDS = ("a", "b", "c", "d")
some = st.sets(st.sampled_from(IDS), min_size=1)
REASON = "no build for this machine"
TABLE = """
[[environment]]
id = "{id}"
python = "3.11"
main = "numpy"
released = 2023-03-09
cutoff = 2023-06-30
requirements = ["numpy==1.24.3"]
"""
BOTH = "".join(TABLE.format(id=id) for id in ("maker", "asker"))


def load(folder: Path, text: str) -> Matrix:
    path = folder / "roles.toml"
    path.write_text(text, encoding="utf-8")
    return matrix.load(path, folder, MODELS, FORMATS)


def including(*lines: str) -> str:
    lists = ['models = ["logreg.binary"]', 'formats = ["pickle-5"]']
    return BOTH + "\n".join(["[[include]]", *lists, *lines]) + "\n"


@given(some, some)
def test_what_producers_save_is_loaded_by_consumers_and_by_themselves(
    producers: set[str], consumers: set[str]
) -> None:
    include = Include(tuple(producers), MODELS, FORMATS, tuple(consumers))
    made = small(environments=tuple(map(environment, IDS)), includes=(include,))
    found = plan.cells(made)
    wanted = {(p, c) for p in producers for c in consumers | {p}}
    assert {(cell.producer, cell.consumer) for cell in found} == wanted
    assert {cell.control for cell in found} <= set(found)


def test_an_include_names_those_that_save_and_those_that_load(tmp_path: Path) -> None:
    text = including('producers = ["maker"]', 'consumers = ["ask*"]')
    found = {(c.producer, c.consumer) for c in plan.cells(load(tmp_path, text))}
    assert found == {("maker", "maker"), ("maker", "asker")}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (['producers = ["maker"]'], "needs 'consumers'"),
        (['consumers = ["maker"]'], "needs 'producers'"),
        (['producers = ["maker"]', 'consumers = ["acker"]'], "'acker' selects no consumer"),
        (
            ['environments = ["*"]', 'producers = ["*"]', 'consumers = ["*"]'],
            "'producers' beside 'environments'",
        ),
    ],
)
def test_roles_that_are_no_roles_are_refused(tmp_path: Path, lines: list[str], says: str) -> None:
    with pytest.raises(MatrixError, match=says):
        load(tmp_path, including(*lines))


def test_an_environment_that_is_only_declared_needs_no_lock(tmp_path: Path) -> None:
    declared, other = environment("old", notrun=REASON), environment("new")
    (tmp_path / "locks").mkdir()
    locks.path(tmp_path, "new").write_text(lock_text(other, {"numpy": "1.24.3"}))
    assert list(locks.read_all(tmp_path, [declared, other])) == ["new"]
    with pytest.raises(MatrixError, match="has no lock"):
        locks.read_all(tmp_path, [replace(declared, notrun=""), other])


def test_its_reason_does_not_count_where_it_has_a_lock(tmp_path: Path) -> None:
    declared = environment("old", notrun=REASON)
    (tmp_path / "locks").mkdir()
    locks.path(tmp_path, "old").write_text(lock_text(declared, {"numpy": "1.24.3"}))
    assert list(locks.read_all(tmp_path, [declared])) == ["old"]


def test_the_header_has_the_versions_that_the_matrix_pins() -> None:
    made = small(environments=(environment("old", notrun=REASON),))
    entry = header.header("run", made, {}, {}, 1)["environments"][0]
    assert entry["lock"] == ""
    assert entry["packages"] == {"scikit-learn": "1.2.2", "numpy": "1.24.3"}


def test_the_reason_is_text(tmp_path: Path) -> None:
    with pytest.raises(MatrixError, match="notrun"):
        load(tmp_path, including('environments = ["*"]') + TABLE.format(id="x") + "notrun = true\n")


def test_a_list_says_why_an_environment_is_only_declared() -> None:
    assert show.environment(environment("old", notrun=REASON)).endswith(f"declared: {REASON}")
