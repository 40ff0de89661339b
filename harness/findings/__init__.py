"""The page of findings: docs/findings.md, made of the committed baselines and made again by a test.

evidence, known causes, remedies tried  ->  gather  (one pass a matrix)
findings, attributions                  ->  page    (Markdown; silent, words)
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness import causes, remedies
from harness.evidence import Evidence
from harness.findings import attributions, page
from harness.findings.gather import gather

__all__ = ["text"]


def text(some: Iterable[Evidence], folder: Path) -> str:
    """The page of some evidence; `folder` holds causes, remedies that were tried, attributions.

    The matrix of which most was loaded elsewhere stands first.
    """
    known, tried = causes.read(folder), remedies.read(folder / "tried.json")
    found = [gather(one, known, tried) for one in some]
    found.sort(key=lambda one: (-one.counts.loaded, one.matrix))
    return page.text(found, attributions.read(folder))
