"""What `shelflife explain` and `shelflife bisect` have recorded of cells, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness import attributions
from harness.errors import StoreError
from harness.records import CellId, Json

UNSEEN = "unseen"  # the failure was not seen again: nothing is attributed


@dataclass(frozen=True)
class Attribution:
    """What makes the difference in one cell, and from which release on."""

    cell: str
    culprit: str
    sentence: str
    boundary: str = ""


@dataclass(frozen=True)
class Attributed:
    """The attributions of some cells that agree: how many, and the one that tells most."""

    culprit: str
    cells: int
    example: Attribution


def read(folder: Path) -> dict[str, Attribution]:
    """The attributions by cell, without those that came to nothing. StoreError for others."""
    try:
        found = map(_attribution, attributions.read(folder).values())
        return {one.cell: one for one in found if one}
    except (AttributeError, KeyError, TypeError) as error:
        hint = "Restore the file, or remove it and record anew: shelflife explain"
        path = folder / attributions.FILE
        raise StoreError(f"{path}: an entry is no attribution: {error!r}", hint) from None


def _attribution(entry: Mapping[str, Json]) -> Attribution | None:
    explained, bisected = entry.get("explained") or {}, entry.get("bisected") or {}
    if explained.get("kind") == UNSEEN or not (explained or bisected):
        return None
    names = [change["package"] for one in explained.get("changes", ())[:1] for change in one]
    sentence = explained.get("sentence", "")
    culprit = " with ".join(names) or sentence
    return Attribution(entry["cell"], culprit, sentence, bisected.get("sentence", ""))


def of(cells: Iterable[CellId], known: Mapping[str, Attribution]) -> list[Attributed]:
    """The attributions of these cells, by culprit; the most frequent first."""
    found = [known[str(cell)] for cell in cells if str(cell) in known]
    counts = Counter(one.culprit for one in found)
    firsts: dict[str, Attribution] = {}
    for one in found:  # one that also says from which release on tells more
        if one.culprit not in firsts or (one.boundary and not firsts[one.culprit].boundary):
            firsts[one.culprit] = one
    return [Attributed(culprit, n, firsts[culprit]) for culprit, n in counts.most_common()]
