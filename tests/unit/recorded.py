"""A run in memory: lines that are given, and a header that fits them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from harness.lines import Mark, cell_of
from harness.records import Cell, Outcome

DAYS = {"old": "2023-03-09", "new": "2025-09-09", "newer": "2026-05-20"}
FAILING = ("dump-error", "load-error", "use-error", "timeout", "crash")


def line(id: str, outcome: str, says: str = "no attribute 'a'", figure: float = 0.1) -> Any:
    """A cell's line as it would be recorded: an error, or a method that differs by `figure`."""
    model, format, producer, consumer = id.split("/")
    error = {"type": "AttributeError", "message": says, "stage": "load", "traceback": ""}
    differs = {"verdict": outcome, "max_abs_diff": figure, "max_ulp": 9, "changed": 0}
    return {
        "cell": id,
        "matrix": "small",
        "producer": producer,
        "consumer": consumer,
        "model": model,
        "format": format,
        "outcome": outcome,
        "methods": {"predict": differs} if outcome in ("drift", "changed", "close") else {},
        "error": error if outcome in FAILING else None,
        "warnings": [],
        "artifact": None,
        "fidelity": None,
        "ms": {},
        "reason": says if not Outcome(outcome).is_result or outcome == "unsupported" else None,
        "observed": None,
        "runs": 1,
    }


def header(**changes: Any) -> dict[str, Any]:
    """`run.json` of a complete run in the three environments of `DAYS`."""
    environments = [
        {
            "id": id,
            "python": "3.11",
            "main": "scikit-learn",
            "released": day,
            "variant_of": "",
            "lock": "0" * 64,
            "packages": {"numpy": "1.26.4", "scikit-learn": "1.2.2"},
        }
        for id, day in DAYS.items()
    ]
    plain: dict[str, Any] = {
        "run": "small-00000000",
        "matrix": "small",
        "argument": "small",
        "shelflife": "0.1.0",
        "started": "2026-11-22T03:25:53+00:00",
        "planned": 4,
        "environments": environments,
        "models": [{"id": "forest.classifier"}, {"id": "logreg.binary"}],
        "formats": [{"id": "pickle-4"}, {"id": "pickle-5"}, {"id": "skops"}],
        "footer": {"finished": "2026-11-22T03:30:00+00:00"},
    }
    return {**plain, **changes}


class Recorded:
    """Evidence of lines that are given."""

    def __init__(self, *lines: Any, id: str = "small-00000000", **changes: Any) -> None:
        self._id, self._lines, self._header = id, lines, header(**changes)

    @property
    def id(self) -> str:
        return self._id

    def header(self) -> dict[str, Any]:
        return self._header

    def lines(self) -> Iterator[Any]:
        return iter(self._lines)

    def marks(self) -> Iterator[Mark]:
        return (msgspec.convert(line, Mark) for line in self._lines)

    def cells(self) -> Iterator[Cell]:
        return map(cell_of, self._lines)
