"""From one release to another: what lies on the way, where it is safe to stop, what changes. Pure.

A *route* leads along the line of releases of the consumer's library; environments that differ from
it in one thing only (`variant_of`) are a stop where they are the goal, and nowhere else. The last
*safe* stop is the last environment of a route such that all up to it, itself among them, answer
`identical` or `close`. What is not known, `notrun`, `invalid` or no cell at all, is never safe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.records import Json
from harness.releases import Line, Release, library


class Routes:
    """The routes between the environments of a header."""

    def __init__(self, environments: Sequence[Json]) -> None:
        self.line = Line(environments)
        self._libraries = {e["id"]: library(e) for e in environments}

    def between(self, producer: str, consumer: str) -> list[str]:
        """The environments after `producer` on the way to `consumer`, which is the last.

        Just the consumer where a date is unknown or both have one release.
        """
        pair = self.line.pair(producer, consumer)
        own = self._libraries.get(consumer, "")
        if pair is None or pair.direction == "same" or own not in self.line.libraries:
            return [consumer]
        ahead = pair.direction == "upgrade"
        way = (self.line.ahead if ahead else self.line.behind)(producer, own)
        passed = [id for release in self._before(way, consumer) for id in release.environments]
        return [*passed, consumer]

    def _before(self, way: Sequence[Release], consumer: str) -> list[Release]:
        """The releases of a way that come before the consumer's; its own where it is a variant."""
        rank = self.line.rank(consumer)
        if rank is None:
            return []
        goal = self.line.libraries[rank[0]][rank[1]]
        found: list[Release] = []
        for release in way:
            if release == goal:
                return found if consumer in release.environments else [*found, release]
            found.append(release)
        return []  # a variant of another library's release: nothing is known to lie between

    def newest(self, producer: str) -> str:
        """The last environment of the producer's own line; '' where it is the last itself."""
        return self._end(producer, -1)

    def oldest(self, producer: str) -> str:
        """The first environment of the producer's own line; '' where it is the first itself."""
        return self._end(producer, 0)

    def _end(self, producer: str, place: int) -> str:
        rank = self.line.rank(producer)
        if rank is None:
            return ""
        release = self.line.libraries[rank[0]][place]
        return "" if release == self.line.libraries[rank[0]][rank[1]] else release.environments[-1]


@dataclass(frozen=True)
class Stop:
    """How far one may go: `safe` is the last safe environment, '' for none at all.

    `barrier` is the first on the way that is not safe, '' where all are. `again`: one behind the
    barrier answers as it should, so that the failures are not monotone.
    """

    safe: str
    barrier: str
    again: bool


def stop(route: Sequence[str], ok: Mapping[str, bool]) -> Stop:
    """The last safe stop of a route; `ok` says which environments are known to answer."""
    good = [ok.get(id, False) for id in route]
    reach = good.index(False) if False in good else len(good)
    return Stop(
        safe=route[reach - 1] if reach else "",
        barrier=route[reach] if reach < len(route) else "",
        again=any(good[reach:]),
    )


@dataclass(frozen=True)
class Stretch:
    """Neighbours with one outcome: the first and the last of them, and how many there are."""

    outcome: str
    first: str
    last: str
    length: int


def stretches(outcomes: Sequence[str], names: Sequence[str]) -> list[Stretch]:
    """A row of outcomes as runs of equal ones; '' is no cell, and is passed over."""
    there = [(o, name) for o, name in zip(outcomes, names, strict=True) if o]
    runs = [(o, [name for _, name in some]) for o, some in groupby(there, key=lambda pair: pair[0])]
    return [Stretch(outcome, some[0], some[-1], len(some)) for outcome, some in runs]
