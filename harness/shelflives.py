"""Shelf life: how many releases and months a saved model goes on answering within tolerance. Pure.

A *subject* is an artifact, a case that one producer saved. Along the line of releases it is
followed from its producer upwards (upgrade) and, apart from that, downwards (rollback):

- It *dies* at the first release whose cell is neither `identical` nor `close`, at that release's
  date: the day on which who upgrades at once finds it dead.
- One that still answers at the last release with a result is *censored* there: it lived at least so
  long. `notrun` and `invalid` cells say nothing. A gap of such cells is passed over where a result
  follows it; where the artifact turns out dead behind it, that is noted (`gap`).
- One that answers again after it has died is counted as dead, and its *return* is told.
- What could not be saved is no subject, and neither is an artifact whose control failed.

Variants (`variant_of`) are not on the line, as producers or as consumers.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from harness.records import OK_OUTCOMES, Json, Outcome
from harness.releases import Line, Release, months_between

UPGRADE, ROLLBACK = "upgrade", "rollback"
DIRECTIONS = (UPGRADE, ROLLBACK)
NOT_SAVED = frozenset({Outcome.UNSUPPORTED, Outcome.DUMP_ERROR})

_OUTCOMES: tuple[Outcome, ...] = tuple(Outcome)
_CODE = {outcome.value: code for code, outcome in enumerate(_OUTCOMES, 1)}  # 0: no cell
Artifact: TypeAlias = tuple[str, str, str]  # model, format, producer


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of one artifact in one direction.

    `releases` and `months` (of 30.4375 days) are the time of its death, or the time up to which
    it is known to answer. `last` is the last environment in which it did, "" for none; `fatal`
    the one it died in, "" while it lives; `returned` the first later one in which it answered
    again. `gap`: cells without a result lie just before the death.
    """

    model: str
    format: str
    producer: str
    library: str
    direction: str
    releases: int
    months: float
    last: str = ""
    fatal: str = ""
    outcome: Outcome | None = None
    returned: str = ""
    gap: bool = False

    @property
    def died(self) -> bool:
        return bool(self.fatal)

    def cell(self, consumer: str) -> str:
        """The id of this artifact's cell in a consumer."""
        return f"{self.model}/{self.format}/{self.producer}/{consumer}"


@dataclass
class Lives:
    """Every life that a header and its cells give, and what gives none.

    `unsaved` counts artifacts that never came to be, `failed` those whose control failed; both by
    format. `unknown` counts artifacts of which no cell in a direction has a result, by
    (format, direction).
    """

    lives: list[Life] = field(default_factory=list)
    unsaved: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    artifacts: int = 0


@dataclass(frozen=True, slots=True)
class _Stop:
    """A release on the way of an artifact: how far it is, and which environments have it."""

    releases: int
    months: float
    environments: tuple[tuple[int, str], ...]


def lives(header: Json, lines: Iterable[Json]) -> Lives:
    """The lives of all artifacts of the line of releases."""
    watch = Watch(header)
    for line in lines:
        watch.add(line)
    return watch.lives()


class Watch:
    """Takes cells one by one, keeps a byte of each, and knows the lives at the end."""

    def __init__(self, header: Json) -> None:
        line = Line(header["environments"])
        ids = [e["id"] for e in header["environments"]]
        self._places = {id: place for place, id in enumerate(ids)}
        self._ways = {id: _ways(line, self._places, id) for id in ids if line.on_line(id)}
        self._seen: dict[Artifact, bytearray] = {}

    def add(self, line: Json) -> None:
        """Take a cell. The last line of a cell counts."""
        producer, place = line["producer"], self._places.get(line["consumer"])
        if producer not in self._ways or place is None:
            return
        key = (sys.intern(line["model"]), sys.intern(line["format"]), sys.intern(producer))
        codes = self._seen.get(key)
        if codes is None:
            codes = self._seen[key] = bytearray(len(self._places))
        codes[place] = _CODE[line["outcome"]]

    def lives(self) -> Lives:
        """The lives of all artifacts that were seen."""
        found = Lives()
        for artifact, codes in self._seen.items():
            producer = artifact[2]
            _follow(found, artifact, codes, self._places[producer], self._ways[producer])
        return found


def _ways(line: Line, places: dict[str, int], producer: str) -> list[tuple[str, str, list[_Stop]]]:
    """The ways that an artifact of a producer goes: library, direction, and the stops."""
    ways = []
    for library in line.libraries:
        for direction, releases in (
            (UPGRADE, line.ahead(producer, library)),
            (ROLLBACK, line.behind(producer, library)),
        ):
            if releases:
                ways.append((library, direction, _stops(line, places, producer, releases)))
    return ways


def _stops(
    line: Line, places: dict[str, int], producer: str, releases: Sequence[Release]
) -> list[_Stop]:
    saved = line.released(producer)
    return [
        _Stop(
            apart,
            abs(months_between(saved, release.released)),
            tuple((places[id], id) for id in release.environments),
        )
        for apart, release in enumerate(releases, 1)
    ]


def _follow(
    found: Lives,
    artifact: Artifact,
    codes: bytearray,
    own: int,
    ways: Iterable[tuple[str, str, list[_Stop]]],
) -> None:
    """Add what one artifact has to say."""
    found.artifacts += 1
    format = artifact[1]
    outcomes = {_OUTCOMES[code - 1] for code in codes if code}
    control = _OUTCOMES[codes[own] - 1] if codes[own] else None
    if outcomes & NOT_SAVED:
        found.unsaved[format] += 1
        return
    if control is not None and control is not Outcome.NOTRUN and control not in OK_OUTCOMES:
        found.failed[format] += 1
        return
    for library, direction, stops in ways:
        if not any(codes[place] for stop in stops for place, _ in stop.environments):
            continue  # the matrix has no such cell
        life = _life((*artifact, library, direction), stops, codes)
        if life is None:
            found.unknown[format, direction] += 1
        else:
            found.lives.append(life)


def _life(
    who: tuple[str, str, str, str, str], stops: Sequence[_Stop], codes: bytearray
) -> Life | None:
    """The artifact's life along these stops; None where no cell has a result."""
    last: tuple[_Stop, str] | None = None
    for place, stop in enumerate(stops):
        seen = _worst(stop, codes)
        if seen is None:
            continue
        outcome, id = seen
        if outcome in OK_OUTCOMES:
            last = stop, id
            continue
        before = last[0].releases if last else 0
        return Life(
            *who, stop.releases, stop.months, last[1] if last else "", id, outcome,
            _return(stops[place + 1 :], codes), stop.releases > before + 1,
        )  # fmt: skip
    return Life(*who, last[0].releases, last[0].months, last[1]) if last else None


def _worst(stop: _Stop, codes: bytearray) -> tuple[Outcome, str] | None:
    """The gravest result at a stop and where it was; None where there is none."""
    seen = [(_OUTCOMES[codes[place] - 1], id) for place, id in stop.environments if codes[place]]
    results = [(outcome, id) for outcome, id in seen if outcome.is_result]
    return max(results, key=lambda found: found[0].severity, default=None)


def _return(stops: Iterable[_Stop], codes: bytearray) -> str:
    """Where a dead one answers again; "" for nowhere."""
    for stop in stops:
        seen = _worst(stop, codes)
        if seen and seen[0] in OK_OUTCOMES:
            return seen[1]
    return ""


def grouped(
    some: Iterable[Life], key: Callable[[Life], tuple[str, ...]]
) -> dict[tuple[str, ...], list[Life]]:
    """Lives by a key, the keys in order."""
    groups: dict[tuple[str, ...], list[Life]] = {}
    for life in some:
        groups.setdefault(key(life), []).append(life)
    return dict(sorted(groups.items()))


def families(header: Json) -> dict[str, str]:
    """The family of each model."""
    return {model["id"]: model.get("family", "") for model in header["models"]}
