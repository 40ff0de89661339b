"""The handbook: docs/formats, a page a family of formats, made of the registry and of facts.

A run's fact sheets are taken into `facts.json`; from that and from the registry every page is
made, and made again by the tests, so that none can say what is no longer so.
"""

from __future__ import annotations

from pathlib import Path

from harness.handbook import gather
from harness.handbook.index import MADE
from harness.handbook.pages import pages
from harness.registry import Registry
from harness.store import Run

__all__ = ["differing", "take", "write"]


def take(run: Run, folder: Path) -> None:
    """Take a run's facts into the folder, in place of those that are there."""
    facts = gather.gather(run)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / gather.FILE).write_text(gather.text(facts), encoding="utf-8")


def write(folder: Path, known: Registry) -> list[str]:
    """Make every page; the names of those that changed. Pages of families that are gone go."""
    wanted = pages(known, gather.read(folder))
    changed = _differing(folder, wanted)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return changed


def differing(folder: Path, known: Registry) -> list[str]:
    """Names of the pages that `write` would change."""
    return _differing(folder, pages(known, gather.read(folder)))


def _differing(folder: Path, wanted: dict[str, str]) -> list[str]:
    there = {path.name: _text(path) for path in folder.glob("*.md")}
    gone = [name for name, text in there.items() if name not in wanted and MADE in text]
    return sorted([name for name, text in wanted.items() if there.get(name) != text] + gone)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
