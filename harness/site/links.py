"""Addresses of cells in the reports of the matrices, as `reports/core.js` reads them."""

from __future__ import annotations

from urllib.parse import quote

from harness.site.gather import Part

KEYS = ("model", "format", "producer", "consumer", "outcome", "cause", "q", "cell")


def cells(part: Part, **state: str) -> str:
    """The report of a matrix with some filters chosen; `cell` opens that one."""
    said = [f"{key}={quote(state[key], safe='/,')}" for key in KEYS if state.get(key)]
    return f"{part.report}#{'&'.join(said)}" if said else part.report
