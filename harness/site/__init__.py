"""The site that people publish: every matrix, the costs, the claims; static, one folder.

evidence, causes, facts, claims, measuring runs  ->  gather  (one pass a matrix)
evidence                                         ->  reports (in m/, by processes beside it)
what was gathered                                ->  pages   (a module each, in the order of PAGES)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path

from harness import cores
from harness.evidence import Evidence
from harness.report.site import write_assets
from harness.site import (
    changes,
    choose,
    claims,
    cost,
    data,
    estimators,
    findings,
    front,
    grid,
    method,
    safety,
    upgrade,
)
from harness.site.gather import Kept, Site, gather
from harness.site.reports import Reports

__all__ = ["Kept", "Site", "write_all"]

WRITERS: tuple[Callable[[Site, Path], Path], ...] = (
    front.write,
    choose.write,
    upgrade.write,
    estimators.write,
    grid.write,
    findings.write,
    cost.write,
    safety.write,
    claims.write,
    changes.write,
    method.write,
    data.write,
)
"""Each writes a page, and whatever files belong to it, from what was gathered."""


def write_all(
    evidence: Iterable[Evidence],
    measured: Mapping[str, Path],
    kept: Kept,
    out: Path,
    made: str,
    before: Mapping[str, Evidence] | None = None,
    processes: int = 1,
) -> Path:
    """Write the whole site into a folder; its first page. `made` is when, in ISO 8601.

    `before` has by matrix the results that these are compared to. With more than one process the
    others write the reports of the matrices.
    """
    out.mkdir(parents=True, exist_ok=True)
    with cores.pool(processes - 1) if processes > 1 else nullcontext() as workers:
        reports = Reports(workers)
        site = gather(evidence, measured, kept, out, made, before or {}, reports)
        write_assets(out)
        written = [write(site, out) for write in WRITERS]
        reports.end()
    return written[0]
