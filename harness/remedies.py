"""What was measured to help against failing cells. Nothing here is inferred: cells show it.

Three kinds: the same model between the same environments in another `format`; the same artifact in
another environment, to which one would `pin`; the artifact loaded in an environment between the
two and saved there again, `resave`, as `shelflife remedy` has tried it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from harness.errors import StoreError
from harness.records import OK_OUTCOMES, CellId, Json, Outcome

KINDS = ("format", "pin", "resave")
SHOWN = 3  # of each kind, those that help most
OK = frozenset(outcome.value for outcome in OK_OUTCOMES)
RESULTS = frozenset(outcome.value for outcome in Outcome if outcome.is_result)


@dataclass(frozen=True)
class Remedy:
    """`what` (a format or an environment) helps `helps` of the `of` cells for which it was tried.

    `shown_by` is a cell that shows it; for `resave` the failing cell that it mended.
    """

    kind: str
    what: str
    helps: int
    of: int
    shown_by: str


@dataclass(frozen=True)
class Tried:
    """One remedy that `shelflife remedy` has run: what came of it, where and when.

    `versions` has the differing packages of the three environments, as `{package: [producer, via,
    consumer]}`.
    """

    cell: str
    kind: str
    via: str
    outcome: str
    date: str
    error: str = ""
    versions: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def helped(self) -> bool:
        """Whether the cell answered as it should."""
        return self.outcome in OK


class Ledger:
    """Which cells have a result and which of these answer as they should, as bits by format.

    A few bytes for each cell: a run of a million has room.
    """

    def __init__(self) -> None:
        self.formats: dict[str, int] = {}
        self.seen: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.good: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.environments: dict[str, None] = {}

    def add(self, cell: CellId, outcome: str) -> None:
        """Note a cell, unless it is `invalid` or `notrun`."""
        if outcome not in RESULTS:
            return
        key = cell.model, cell.producer, cell.consumer
        bit = 1 << self.formats.setdefault(cell.format, len(self.formats))
        self.environments[cell.consumer] = None
        self.seen[key] |= bit
        if outcome in OK:
            self.good[key] |= bit

    def is_good(self, cell: CellId) -> bool:
        """Whether the cell is known to answer as it should."""
        bit = 1 << self.formats[cell.format] if cell.format in self.formats else 0
        return bool(self.good.get((cell.model, cell.producer, cell.consumer), 0) & bit)


def measured(
    bad: Sequence[CellId], ledger: Ledger, order: Mapping[str, int], tried: Iterable[Tried]
) -> list[Remedy]:
    """Every remedy that helped one of the `bad` cells at least, and re-saving where it was tried.

    `order` is that of releases.
    """
    return [
        *by_format(bad, ledger),
        *by_pin(bad, ledger, order),
        *by_resave(bad, tried),
    ]


def by_format(bad: Sequence[CellId], ledger: Ledger) -> list[Remedy]:
    """Other formats in which the same model between the same environments answers."""
    helps, of = Counter[str](), Counter[str]()
    shown: dict[str, str] = {}
    for cell in bad:
        pair = cell.model, cell.producer, cell.consumer
        seen, good = ledger.seen.get(pair, 0), ledger.good.get(pair, 0)
        for format, place in ledger.formats.items():
            if format == cell.format or not seen >> place & 1:
                continue
            of[format] += 1
            if good >> place & 1:
                helps[format] += 1
                other = CellId(cell.model, format, cell.producer, cell.consumer)
                shown.setdefault(format, str(other))
    best = sorted(helps, key=lambda format: (-helps[format], format))[:SHOWN]
    return [Remedy("format", f, helps[f], of[f], shown[f]) for f in best]


def by_pin(bad: Sequence[CellId], ledger: Ledger, order: Mapping[str, int]) -> list[Remedy]:
    """For each artifact the environment nearest to the consumer's release in which it answers.

    Only those on the consumer's side of the producer: to stay where one is helps against nothing.
    """
    helps = Counter[str]()
    shown: dict[str, str] = {}
    for cell in bad:
        found = nearest(cell, ledger, order)
        if found:
            helps[found] += 1
            shown.setdefault(found, str(CellId(cell.model, cell.format, cell.producer, found)))
    best = sorted(helps, key=lambda id: (-helps[id], id))[:SHOWN]
    return [Remedy("pin", id, helps[id], len(bad), shown[id]) for id in best]


def nearest(cell: CellId, ledger: Ledger, order: Mapping[str, int]) -> str | None:
    """The environment that `by_pin` would name for one cell."""
    return next(iter(between(cell, ledger, order)), None)


def between(cell: CellId, ledger: Ledger, order: Mapping[str, int]) -> list[str]:
    """Environments in which the cell's artifact answers, on the consumer's side; nearest first."""
    here, there = order.get(cell.producer, -1), order.get(cell.consumer, -1)
    if here == there:
        return []
    up = there > here
    found = [
        id
        for id in ledger.environments
        if id not in (cell.producer, cell.consumer)
        and id in order
        and (order[id] > here) == up
        and ledger.is_good(CellId(cell.model, cell.format, cell.producer, id))
    ]
    return sorted(found, key=lambda id: (abs(order[id] - there), id))


def by_resave(bad: Iterable[CellId], tried: Iterable[Tried]) -> list[Remedy]:
    """Re-saving, by the environment that it was done in; cells are counted once for each."""
    ids = {str(cell) for cell in bad}
    helps, of = Counter[str](), Counter[str]()
    shown: dict[str, str] = {}
    for trial in tried:
        if trial.kind == "resave" and trial.cell in ids:
            of[trial.via] += 1
            helps[trial.via] += trial.helped
            if trial.helped and helps[trial.via] == 1:
                shown[trial.via] = trial.cell
            shown.setdefault(trial.via, trial.cell)
    best = sorted(of, key=lambda id: (-helps[id], -of[id], id))[:SHOWN]
    return [Remedy("resave", id, helps[id], of[id], shown[id]) for id in best]


# -- what was tried, as data -----------------------------------------------------------------------


def read(path: Path) -> list[Tried]:
    """The remedies that were tried; none where there is no such file."""
    if not path.exists():
        return []
    try:
        return [Tried(**found) for found in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        hint = "Restore the file, or remove it and try the remedies again: shelflife remedy CELL"
        raise StoreError(f"{path}: not the remedies that were tried: {error}", hint) from None


def write(path: Path, tried: Iterable[Tried]) -> None:
    """Keep `tried`; of the same remedy for the same cell, the last one. One line for each."""
    last = {(t.cell, t.kind, t.via): t for t in tried}
    lines = [json.dumps(as_json(last[key]), ensure_ascii=False) for key in sorted(last)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def as_json(trial: Tried) -> Json:
    """A remedy that was tried, without what is empty."""
    return {key: value for key, value in asdict(trial).items() if value}
