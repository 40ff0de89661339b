"""Between two locks: what differs, what goes along, and what a mix of pins holds."""

from __future__ import annotations

from packaging.requirements import Requirement

from harness import attributions
from harness.delta import PART_WAY
from harness.experiment import Mix
from harness.mixture import PYTHON, REST, Mixture, Place

OLD = {"scikit-learn": "1.2.2", "numpy": "1.24.3", "scipy": "1.10.1", "idna": "3.4", "tzdata": "1"}
NEW = {
    "scikit-learn": "1.9.1",
    "numpy": "2.4.6",
    "scipy": "1.17.1",
    "idna": "3.11",
    "narwhals": "2",
}
NEEDS = {
    ("scikit-learn", "1.2.2"): ["numpy>=1.17.3", "scipy"],
    ("scikit-learn", "1.9.1"): ["numpy>=1.24", "scipy>=1.10", "narwhals>=2"],
    ("scipy", "1.10.1"): ["numpy<1.27,>=1.19.5"],
    ("scipy", "1.17.1"): ["numpy<2.7,>=1.26.4"],
}


def requires(name: str, version: str, python: str) -> list[Requirement]:
    return [Requirement(line) for line in NEEDS.get((name, version), [])]


def mixture(python: str = "3.11", modules: tuple[str, ...] = ()) -> Mixture:
    old = Place("old", "3.11", "scikit-learn", OLD)
    new = Place("new", python, "scikit-learn", NEW)
    return Mixture.of(old, new, modules, requires)


def test_the_packages_that_a_case_needs_are_tried_and_the_main_library_first() -> None:
    assert mixture().candidates() == ["scikit-learn", "numpy", "scipy"]
    assert mixture("3.13").candidates() == ["scikit-learn", "numpy", "scipy", PYTHON]
    assert mixture(modules=("idna.core",)).candidates()[-1] == "idna"


def test_with_everything_the_rest_is_one_candidate() -> None:
    wide = mixture().widened()
    assert wide.candidates() == ["scikit-learn", "numpy", "scipy", REST]
    assert wide.names(frozenset({REST})) == {"idna": "3.11", "tzdata": ""}


def test_the_ends_are_the_two_locks() -> None:
    wide = mixture("3.13").widened()
    assert wide.mix(frozenset()) == Mix.of("3.11", OLD)
    assert wide.mix(frozenset(wide.candidates())) == Mix.of("3.13", NEW)


def test_what_a_changed_package_newly_requires_comes_along() -> None:
    pins = mixture().mix(frozenset({"scikit-learn"})).pins
    assert pins["narwhals"] == "2"
    assert "narwhals" not in mixture().mix(frozenset({"numpy"})).pins


def test_companions_are_what_requirements_ask_for_else_the_neighbours() -> None:
    between = mixture()
    assert between.companions(frozenset({"numpy"})) == {"numpy", "scipy"}
    assert between.companions(frozenset({"scikit-learn"})) >= {"numpy", "scipy"}


def test_a_package_may_go_part_of_its_way() -> None:
    between = mixture()
    between.part_way["numpy"] = "1.26.4"
    assert between.mix(frozenset({"numpy" + PART_WAY})).pins["numpy"] == "1.26.4"


def test_a_mix_is_known_by_what_it_holds() -> None:
    assert Mix.of("3.11", OLD).digest == Mix.of("3.11", dict(reversed(OLD.items()))).digest
    assert Mix.of("3.12", OLD).digest != Mix.of("3.11", OLD).digest


def failing(cell: str) -> dict[str, object]:
    error = {"type": "ValueError", "message": "no", "stage": "load", "traceback": ""}
    shared = {"matrix": "quick", "outcome": "load-error", "error": error, "reason": None}
    return {"cell": cell, "model": "a", "methods": {}, **shared}


def test_attributions_are_kept_one_per_cell_in_order(tmp_path) -> None:
    attributions.keep(tmp_path, failing("b/f/p/c"), {"explained": {"kind": "alone"}})
    attributions.keep(tmp_path, failing("a/f/p/c"), {"explained": {"kind": "apart"}})
    attributions.keep(tmp_path, failing("b/f/p/c"), {"bisected": {"kind": "found"}})
    found = attributions.read(tmp_path)
    assert list(found) == ["a/f/p/c", "b/f/p/c"]
    assert found["b/f/p/c"]["explained"] == {"kind": "alone"}
    assert found["b/f/p/c"]["bisected"] == {"kind": "found"}
    assert found["a/f/p/c"]["cause"].startswith("load-error:ValueError")
