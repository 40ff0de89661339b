"""The ledger of published claims: what is said, where, our setup, our numbers, the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.claims import page
from harness.claims.judging import NOTRUN, UNDECIDED, Judged
from harness.claims.judging import Outcome as Tested
from harness.factwords import SYMBOLS, Tone
from harness.measure.records import Measured
from harness.measure.results import Results
from harness.site import layout
from harness.site.gather import Site
from harness.site.prose import html
from harness.worth import ONLY_IF, REFUTED, REPRODUCED

FILE = "claims.html"
TONES = {
    REPRODUCED: Tone.GOOD,
    ONLY_IF: Tone.MIND,
    REFUTED: Tone.BAD,
    UNDECIDED: Tone.UNKNOWN,
    NOTRUN: Tone.UNKNOWN,
}
TESTED = {
    Tested.HOLDS: Tone.GOOD,
    Tested.FAILS: Tone.BAD,
    Tested.UNDECIDED: Tone.UNKNOWN,
    Tested.MISSING: Tone.UNKNOWN,
}


@dataclass(frozen=True)
class Entry:
    """A claim as the page tells it; without `conditions` and `figures` where none was measured."""

    judged: Judged
    conditions: Sequence[str]
    figures: Sequence[Sequence[str]]

    @property
    def tone(self) -> Tone:
        return TONES[self.judged.verdict]

    @property
    def why(self) -> str:
        """What there is to say where no test judges: the reason, or what was counted."""
        return "" if self.judged.tests else self.judged.says


def entry(judged: Judged, measured: Mapping[str, Measured]) -> Entry:
    """A claim with what was measured of it."""
    found = measured.get(judged.claim.id)
    if found is None or not judged.tests:
        return Entry(judged, (), ())
    figures = list(page.figures(judged.claim, Results(found)))
    return Entry(judged, list(page.conditions(judged.claim, found)), figures)


def tallied(found: Sequence[Judged]) -> list[tuple[str, int]]:
    """How many claims have each verdict, in the order of TONES."""
    counts = [(verdict, sum(one.verdict == verdict for one in found)) for verdict in TONES]
    return [(verdict, n) for verdict, n in counts if n]


def write(site: Site, out: Path) -> Path:
    """Write `claims.html`."""
    found = site.kept.claims
    entries = [entry(one, site.kept.claimed) for one in found]
    return layout.write(
        out, FILE, "claims.html.j2", site, entries=entries, tallied=tallied(found), tones=TONES,
        tested=TESTED, symbols=SYMBOLS, html=html, said=page.verdict, measured=page.measured_text,
        wanted=page.wanted,
    )  # fmt: skip
