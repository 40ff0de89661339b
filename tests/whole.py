"""Whole small sites of synthetic runs, for the tests of their pages; all cells are invented."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from harness import project
from harness.site import Kept, write_all
from harness.site.gather import kept
from harness.store import Run

MADE = "2026-11-22T12:00:00+00:00"
FORMATS = ("pickle-5", "skops", "json", "pickle-5+hmac", "onnx-f32")
CLAIMS = ("safetensors-torch", "onnx-loading", "pmml-size")
MEASURED = ("skops-pickle",)


@cache
def everything() -> Kept:
    """What the project keeps: causes, facts, claims."""
    return kept(
        project.matrices(), project.ROOT / "docs" / "formats", project.claims(), project.measured()
    )


def some() -> Kept:
    """A little of that, so that the pages are quickly written and read."""
    whole = everything()
    facts = {**whole.facts, "formats": {id: whole.facts["formats"][id] for id in FORMATS}}
    claims = [one for one in whole.claims if one.claim.id in CLAIMS or not one.tests]
    claimed = {id: whole.claimed[id] for id in CLAIMS}
    return Kept(whole.known, whole.tried, {}, facts, claims, whole.formats, whole.families, claimed)


def nothing() -> Kept:
    """Nothing beside the results."""
    return Kept((), (), {}, {"environments": {}, "formats": {}}, ())


def write(
    folder: Path, runs: Sequence[Path], keeps: Kept | None = None, measured: Sequence[str] = ()
) -> Path:
    """The site of some runs' folders; its first page."""
    places = {id: project.claims() / "measured" / id for id in measured}
    return write_all(map(Run, runs), places, keeps or nothing(), folder / "site", MADE)
