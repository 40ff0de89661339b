"""Where formats are tried, and what loading needs: the pure parts."""

from __future__ import annotations

from typing import Any

import pytest

from harness import facts, plan
from harness.records import Include
from tests.unit.samples import FORMATS, MODELS, environment, matrix

INSTALLED: dict[str, dict[str, Any]] = {
    "app": {"version": "1", "bytes": 1, "requires": ["Lib_A>=1", 'old; python_version < "3"']},
    "lib-a": {"version": "1", "bytes": 10, "requires": ["lib-b", "lib-c; extra == 'more'"]},
    "lib-b": {"version": "1", "bytes": 100, "requires": ["app", "not-installed"]},
    "lib-c": {"version": "1", "bytes": 1000, "requires": ["nonsense ~~ 1"]},
    "old": {"version": "1", "bytes": 10000, "requires": []},
}


def test_what_is_required_is_closed_over_names_markers_and_circles() -> None:
    assert facts.closure(["app"], INSTALLED) == {"app", "lib-a", "lib-b"}
    assert facts.closure(["lib-c", "stranger"], INSTALLED) == {"lib-c"}


@pytest.mark.parametrize(
    ("essential", "left"), [({"lib-b"}, ["app", "lib-a", "lib-b"]), (set(), []), ({"old"}, ["old"])]
)
def test_what_is_not_essential_is_left_out(essential: set[str], left: list[str]) -> None:
    def alone(roots: Any) -> dict[str, Any]:
        only = sorted(facts.closure(roots, INSTALLED))
        failed = {} if essential <= set(only) else {"failed": "no"}
        return {"roots": roots, "only": only, "java": None, **failed}

    found = facts._leanest({"installed": INSTALLED}, alone(["app", "lib-c", "old"]), alone)
    assert found["only"] == left or (not left and len(found["roots"]) == 1)


def test_a_format_is_tried_in_the_first_environment_that_an_include_names() -> None:
    environments = (environment("old", 1), environment("new", 2))
    includes = (
        Include(("new",), MODELS, FORMATS[:1]),
        Include(("old", "new"), MODELS, FORMATS[:2]),
    )
    made = matrix(environments=environments, includes=includes)
    found = facts.places(made, plan.cells(made))
    assert found == {FORMATS[0].id: "new", FORMATS[1].id: "old"}
    some = [cell for cell in plan.cells(made) if cell.format == FORMATS[1].id]
    assert facts.places(made, some) == {FORMATS[1].id: "old"}


def test_formats_are_shared_out_by_environment() -> None:
    missing = {format.id: "old" if format.id.startswith("p") else "new" for format in FORMATS}
    found = facts.tasks(matrix(), missing)
    assert sum(len(task.formats) for task in found) == len(FORMATS)
    for task in found:
        assert {missing[format.id] for format in task.formats} == {task.environment}
        assert len(task.formats) <= facts.CHUNK


def test_an_empty_sheet_says_why() -> None:
    assert facts.sheet("old", {}, "no interpreter")["reason"] == "no interpreter"
    assert facts.sheet("old", {"lazy": facts.unmeasured("so")}, "no interpreter")["reason"] == ""
