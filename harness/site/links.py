"""Addresses of cells in the reports of the matrices, as `reports/core.js` reads them."""

from __future__ import annotations

from harness.site import addresses
from harness.site.gather import Part

KEYS = ("model", "format", "producer", "consumer", "outcome", "cause", "q", "cell")


def cells(part: Part, **state: str) -> str:
    """The report of a matrix with some filters chosen; `cell` opens that one."""
    return part.report + addresses.state(**{key: state.get(key, "") for key in KEYS})
