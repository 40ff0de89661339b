"""What a warning about versions is worth: who warns, and who is wrong. Pure.

Counted are the cells that tried to load an artifact elsewhere and have a result: no controls, no
`invalid` or `notrun`, nothing that could not be saved. Each is *right* (`identical`, `close`),
*fails* (an error, a time-out, a crash), or answers *otherwise* (`drift`, `changed`), and has
warned about versions, warned of something else only, or not at all.

- *precision*: of the cells that warn, how many are not right, or answer otherwise.
- *recall*: of the cells that answer otherwise, how many had warned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from harness.records import OK_OUTCOMES, Json, Outcome
from harness.releases import Line
from harness.survival import wilson

VERSION_WARNINGS = (
    ("InconsistentVersionWarning", ""),  # scikit-learn since 1.3
    ("UserWarning", "Trying to unpickle estimator"),  # scikit-learn before that
    ("UserWarning", "If you are loading a serialized model"),  # XGBoost, of an older one's file
)
"""Category, and what the message holds."""

RIGHT, FAILS, OTHERWISE = "right", "fails", "otherwise"
KINDS = (RIGHT, FAILS, OTHERWISE)
VERSION, OTHER, SILENT = "version", "other", "none"
SPOKEN = (VERSION, OTHER, SILENT)
NOT_LOADED = frozenset({Outcome.UNSUPPORTED, Outcome.DUMP_ERROR})
PICKLES = frozenset({"pickles", "pickle_codecs", "joblibs", "cloudpickles", "dills"})
ENOUGH = 30
"""So many cells of a kind of pair may stand for it in a verdict."""

ORDER = (
    "upgrade", "rollback", "same",
    "same release", "1 release", "several releases", "another library", "unknown",
)  # fmt: skip
Key: TypeAlias = tuple[str, str, str]  # format, direction, distance


@dataclass
class Table:
    """Counts of cells by what was said (`version`, `other`, `none`) and what became of them."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def of(self, spoken: Iterable[str], kinds: Iterable[str] = KINDS) -> int:
        """How many cells said one of these and became one of those."""
        kinds = tuple(kinds)
        return sum(self.counts[said, kind] for said in spoken for kind in kinds)

    @property
    def cells(self) -> int:
        return self.of(SPOKEN)

    def add(self, other: Table) -> None:
        self.counts.update(other.counts)


@dataclass(frozen=True)
class Share:
    """`hits` of `of`, with Wilson's 95 % limits; `share` is None of nothing."""

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def limits(self) -> tuple[float, float]:
        return wilson(self.hits, self.of)


@dataclass(frozen=True)
class Measures:
    """A table's shares.

    `precision`: of the cells that warn about versions, those that answer otherwise; `trouble`:
    those of them that fail or answer otherwise. `recall`: of the cells that answer otherwise,
    those that warned about versions; `heard`: those of them that warned of anything. `quiet`: of
    the cells that do not warn about versions, those that answer otherwise all the same.
    """

    precision: Share
    trouble: Share
    recall: Share
    heard: Share
    quiet: Share


def measures(table: Table) -> Measures:
    """The shares of a table."""
    warned, unwarned = (VERSION,), (OTHER, SILENT)
    wrong = table.of(SPOKEN, (OTHERWISE,))
    return Measures(
        precision=Share(table.of(warned, (OTHERWISE,)), table.of(warned)),
        trouble=Share(table.of(warned, (FAILS, OTHERWISE)), table.of(warned)),
        recall=Share(table.of(warned, (OTHERWISE,)), wrong),
        heard=Share(table.of((VERSION, OTHER), (OTHERWISE,)), wrong),
        quiet=Share(table.of(unwarned, (OTHERWISE,)), table.of(unwarned)),
    )


@dataclass
class Worth:
    """Every table, by format, direction and distance; `pickles` are the formats that are."""

    tables: dict[Key, Table] = field(default_factory=dict)
    pickles: frozenset[str] = frozenset()
    libraries: tuple[str, ...] = ()

    def whole(self, only: Callable[[Key], bool] = lambda key: True) -> Table:
        """The sum of some tables."""
        total = Table()
        for key, table in self.tables.items():
            if only(key):
                total.add(table)
        return total

    def by(self, key: Callable[[Key], tuple[str, ...]]) -> dict[tuple[str, ...], Table]:
        """Sums by what `key` makes of format, direction and distance."""
        sums: dict[tuple[str, ...], Table] = {}
        for place, table in self.tables.items():
            sums.setdefault(key(place), Table()).add(table)
        return dict(sorted(sums.items(), key=lambda item: [(_place(w), w) for w in item[0]]))


def _place(word: str) -> int:
    """Directions and distances in the order in which they are told; other words by themselves."""
    return ORDER.index(word) if word in ORDER else -1


def worth(header: Json, lines: Iterable[Json]) -> Worth:
    """The tables of a matrix's cells."""
    count = Count(header)
    for line in lines:
        count.add(line)
    return count.worth


class Count:
    """Takes cells one by one and counts them."""

    def __init__(self, header: Json) -> None:
        self._line = Line(header["environments"])
        families = {fmt["id"]: fmt.get("family", "") for fmt in header["formats"]}
        pickles = frozenset(id for id, family in families.items() if family in PICKLES)
        self.worth = Worth(pickles=pickles, libraries=tuple(sorted(self._line.libraries)))
        self._pairs: dict[tuple[str, str], tuple[str, str]] = {}

    def add(self, cell: Json) -> None:
        """Count a cell, where it is one of those that count."""
        kind = kind_of(cell)
        if kind is None:
            return
        ends = cell["producer"], cell["consumer"]
        if ends not in self._pairs:
            pair = self._line.pair(*ends)
            known = (pair.direction, pair.distance) if pair else ("unknown", "unknown")
            self._pairs[ends] = known
        key = (cell["format"], *self._pairs[ends])
        self.worth.tables.setdefault(key, Table()).counts[spoken(cell), kind] += 1


def kind_of(cell: Json) -> str | None:
    """`right`, `fails` or `otherwise`; None for a cell that is not counted."""
    return None if cell["producer"] == cell["consumer"] else _KINDS[cell["outcome"]]


def _kind(outcome: Outcome) -> str | None:
    if not outcome.is_result or outcome in NOT_LOADED:
        return None
    if outcome in OK_OUTCOMES:
        return RIGHT
    return OTHERWISE if outcome in (Outcome.DRIFT, Outcome.CHANGED) else FAILS


_KINDS = {outcome.value: _kind(outcome) for outcome in Outcome}


def spoken(cell: Json) -> str:
    """What a cell said: `version`, `other` or `none`."""
    if not cell["warnings"]:
        return SILENT
    return VERSION if any(map(is_about_versions, cell["warnings"])) else OTHER


def is_about_versions(warning: Mapping[str, Json]) -> bool:
    """Whether a warning says that another version saved the model."""
    return any(
        warning["category"] == category and text in warning["message"]
        for category, text in VERSION_WARNINGS
    )


# -- published claims ----------------------------------------------------------------------------

REPRODUCED, REFUTED, ONLY_IF, UNTRIED = "reproduced", "refuted", "only if", "not tried"
IGNORED = "The version warning can be ignored."
ALONE = "Only scikit-learn itself can load a pickle; another version is unsupported."
ELSEWHERE = "No model of scikit-learn is in this matrix."
READINGS = {
    IGNORED: "Every cell that warns about versions answers as before.",
    ALONE: "No pickle answers as before in another release of scikit-learn.",
}
"""What a claim comes to, put so that cells can refute it."""
SOURCES = {
    IGNORED: (
        "https://github.com/kcleal/dysgu/issues/73",
        "https://github.com/cosmosis-developers/cosmosis-standard-library/issues/130",
    ),
    ALONE: ("https://scikit-learn.org/stable/model_persistence.html",),
}


@dataclass(frozen=True)
class Judgement:
    """A published claim, what was counted, and what that makes of it."""

    claim: str
    verdict: str
    share: Share
    says: str

    @property
    def sources(self) -> tuple[str, ...]:
        return SOURCES[self.claim]

    @property
    def reading(self) -> str:
        return READINGS[self.claim]


def judgements(found: Worth) -> list[Judgement]:
    """The published claims about warnings, judged by these cells."""
    return [_ignored(found), _alone(found)]


def _ignored(found: Worth) -> Judgement:
    """Reproduced where every cell that warns is right; `only if` names where that is so."""
    whole = found.whole()
    share = measures(whole).trouble
    if "scikit-learn" not in found.libraries:  # the claim is of its warning
        return Judgement(IGNORED, UNTRIED, Share(0, 0), ELSEWHERE)
    if not share.of:
        return Judgement(IGNORED, UNTRIED, share, "No cell warned about versions.")
    wrong, failing = whole.of((VERSION,), (OTHERWISE,)), whole.of((VERSION,), (FAILS,))
    says = (
        f"Of {share.of:,} cells that warn about versions {wrong:,} answer otherwise "
        f"and {failing:,} fail."
    )
    safe = [
        f"{direction}, {distance} ({table.of((VERSION,)):,} cells)"
        for (direction, distance), table in found.by(lambda key: key[1:]).items()
        if table.of((VERSION,)) >= ENOUGH and not table.of((VERSION,), (FAILS, OTHERWISE))
    ]
    if not share.hits:
        return Judgement(IGNORED, REPRODUCED, share, says)
    if safe:
        return Judgement(IGNORED, ONLY_IF, share, f"{says} None of these: {'; '.join(safe)}.")
    return Judgement(IGNORED, REFUTED, share, says)


def _alone(found: Worth) -> Judgement:
    """Reproduced where no pickle answers rightly in another release of scikit-learn."""
    if "scikit-learn" not in found.libraries:
        return Judgement(ALONE, UNTRIED, Share(0, 0), ELSEWHERE)
    abroad = found.whole(
        lambda key: key[0] in found.pickles and key[2] in ("1 release", "several releases")
    )
    share = Share(abroad.of(SPOKEN, (RIGHT,)), abroad.cells)
    if not share.of:
        return Judgement(ALONE, UNTRIED, share, "No pickle was loaded in another release.")
    says = (
        f"Of {share.of:,} pickles loaded in another release {share.hits:,} answer as before, "
        f"{abroad.of(SPOKEN, (FAILS,)):,} fail and {abroad.of(SPOKEN, (OTHERWISE,)):,} answer "
        "otherwise."
    )
    return Judgement(ALONE, REFUTED if share.hits else REPRODUCED, share, says)
