"""Claims that cells of a matrix judge: counted in committed baselines, and kept beside the rest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from harness import baseline, evidence, worth
from harness.claims.judging import NOTRUN, Judged
from harness.claims.ledger import Claim
from harness.records import Json
from harness.releases import Line
from harness.worth import ONLY_IF, REFUTED, REPRODUCED, RIGHT, Judgement, Share, kind_of

Judge = Callable[[Json, Iterable[Json]], Judgement]
FILE = "counted.json"
UPGRADE = "upgrade"


def count(claim: Claim, folder: Path) -> None:
    """Count anew what a claim rests on, and keep it."""
    matrix, judge = COUNTS[claim.counted]
    found = baseline.find(evidence.baselines(), matrix)
    judged = judge(found.header(), found.lines())
    kept = recorded(folder)
    kept[claim.id] = {
        "evidence": found.id,
        "started": found.header()["started"],
        "verdict": judged.verdict,
        "says": judged.says,
        "hits": judged.share.hits,
        "of": judged.share.of,
    }
    text = json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def recorded(folder: Path) -> dict[str, Json]:
    """What was counted so far, by claim."""
    path = folder / FILE
    found: dict[str, Json] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def judged(claim: Claim, folder: Path) -> Judged:
    """A claim with what was counted for it."""
    found = recorded(folder).get(claim.id)
    if found is None:
        return Judged(claim, NOTRUN, f"not counted yet: shelflife claims --measure {claim.id}")
    return Judged(claim, found["verdict"], f"{found['says']} ({found['evidence']})")


def _of(place: int) -> Judge:
    return lambda header, lines: worth.judgements(worth.worth(header, lines))[place]


def old_skops_files(header: Json, lines: Iterable[Json]) -> Judgement:
    """Reproduced where every skops file answers as before in a later release of skops.

    It holds `only if` the model is none of those of which a file does not.
    """
    said = "Old skops files still load as always."
    place, cells, right = Line(header["environments"]), Counter[str](), Counter[str]()
    for line in lines:
        kind = kind_of(line)
        pair = place.pair(line["producer"], line["consumer"]) if kind else None
        if pair and pair.direction == UPGRADE and line["format"].startswith("skops"):
            cells[line["model"]] += 1
            right[line["model"]] += kind == RIGHT
    share = Share(right.total(), cells.total())
    if not share.of:
        return Judgement(said, NOTRUN, share, "No skops file was loaded by a later release.")
    says = f"Of {share.of:,} files of {len(cells)} models {share.hits:,} answer as before."
    wrong = sorted(model for model in cells if right[model] < cells[model])
    if not wrong:
        return Judgement(said, REPRODUCED, share, says)
    if len(wrong) < len(cells):
        lost = ", ".join(f"{m} ({cells[m] - right[m]} of {cells[m]} files fail)" for m in wrong)
        return Judgement(said, ONLY_IF, share, f"{says} All but those of {lost}.")
    return Judgement(said, REFUTED, share, says)


COUNTS: dict[str, tuple[str, Judge]] = {
    "ignored": ("sklearn", _of(0)),
    "alone": ("sklearn", _of(1)),
    "skops": ("skops", old_skops_files),
}
"""By the word in claims.toml: the matrix whose baseline is read, and what judges its cells."""
