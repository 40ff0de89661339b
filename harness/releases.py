"""The line of releases of a header: which environment stands how far from which other. Pure.

A *release* is a version of an environment's main library, published on one date. The environments
without `variant_of` are the line; a variant stands where the one stands that it is a variant of.
A header may hold several libraries, each with a line of its own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.records import Json

DAYS_A_MONTH = 30.4375
"""A twelfth of 365.25 days."""

FAR = 2
"""From this many releases on, a pair is `several` releases apart."""

BUILDS = {"xgboost-cpu": "xgboost", "tensorflow-cpu": "tensorflow"}
"""Distributions that are another build of a library: the same releases under another name."""


@dataclass(frozen=True, slots=True)
class Release:
    """One version of a library, and the environments of the line that have it."""

    library: str
    version: str
    released: dt.date
    environments: tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """How a consumer stands to a producer: `direction`, and releases and months between them.

    `direction` is `upgrade`, `rollback`, or `same` where both have one release. `releases` is None
    for a pair of two libraries, which are on no common line.
    """

    direction: str
    releases: int | None
    months: float

    @property
    def distance(self) -> str:
        """`same release`, `1 release`, `several releases`, or `another library`."""
        if self.releases is None:
            return "another library"
        if self.releases == 0:
            return "same release"
        return "several releases" if self.releases >= FAR else "1 release"


class Line:
    """The releases of a header by library, the oldest first, and the place of each environment."""

    def __init__(self, environments: Sequence[Json]) -> None:
        self._known = {e["id"]: e for e in environments if e.get("released")}
        self.libraries: Mapping[str, tuple[Release, ...]] = _libraries(self._known.values())
        self._ranks = {
            id: (library, rank)
            for library, releases in self.libraries.items()
            for rank, release in enumerate(releases)
            for id in release.environments
        }

    def __contains__(self, id: str) -> bool:
        return id in self._known

    def on_line(self, id: str) -> bool:
        """Whether it is one of the environments along which shelf lives are counted."""
        return id in self._ranks

    def released(self, id: str) -> dt.date:
        """When its release was published. KeyError for an environment that has no date."""
        return dt.date.fromisoformat(self._known[id]["released"])

    def rank(self, id: str) -> tuple[str, int] | None:
        """Its library and place on the line; a variant's is that of what it is a variant of."""
        seen = set()
        while id not in self._ranks:
            if id in seen or id not in self._known:
                return None
            seen.add(id)
            id = self._known[id].get("variant_of", "")
        return self._ranks[id]

    def pair(self, producer: str, consumer: str) -> Pair | None:
        """How the two stand to each other; None where a date is not known."""
        if producer not in self or consumer not in self:
            return None
        months = months_between(self.released(producer), self.released(consumer))
        saved, loaded = self.rank(producer), self.rank(consumer)
        if saved is None or loaded is None or saved[0] != loaded[0]:
            return Pair("upgrade" if months > 0 else "rollback", None, abs(months))
        apart = loaded[1] - saved[1]
        direction = "upgrade" if apart > 0 else "rollback" if apart < 0 else "same"
        return Pair(direction, abs(apart), abs(months))

    def ahead(self, producer: str, library: str) -> list[Release]:
        """The releases of a library after the producer's, the nearest first."""
        return [r for r in self.libraries[library] if self._after(producer, r)]

    def behind(self, producer: str, library: str) -> list[Release]:
        """Those before it, the nearest first; the producer's own release is in neither."""
        releases = self.libraries[library]
        own = self.rank(producer)
        if own and own[0] == library:
            return list(reversed(releases[: own[1]]))
        return [r for r in reversed(releases) if not self._after(producer, r)]

    def _after(self, producer: str, release: Release) -> bool:
        own = self.rank(producer)
        if own and own[0] == release.library:
            return self.libraries[own[0]].index(release) > own[1]
        return release.released > self.released(producer)


def months_between(earlier: dt.date, later: dt.date) -> float:
    """Months from one date to another, of 30.4375 days; negative backwards."""
    return (later - earlier).days / DAYS_A_MONTH


def library(environment: Json) -> str:
    """The name of its main library, without any version, whichever build of it there is."""
    name = _distribution(environment)
    return BUILDS.get(name, name)


def _distribution(environment: Json) -> str:
    return str(re.split(r"[=<>~! \[]", environment["main"], maxsplit=1)[0])


def version(environment: Json) -> str:
    """The version of its main library; the Python's where that is the library, '' for unknown."""
    name = _distribution(environment)
    if name.lower() == "python":
        return str(environment["python"])
    return str(environment.get("packages", {}).get(name, ""))


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A sort key under which `1.10` stands after `1.9`."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def _libraries(environments: Iterable[Json]) -> dict[str, tuple[Release, ...]]:
    """Environments of one library, date and version are one release."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for e in environments:
        if not e.get("variant_of"):
            found.setdefault((library(e), e["released"], version(e)), []).append(e["id"])
    ordered = sorted(found.items(), key=lambda item: (item[0][1], natural(item[0][2])))
    lines: dict[str, list[Release]] = {}
    for (name, released, number), ids in ordered:
        release = Release(name, number, dt.date.fromisoformat(released), tuple(ids))
        lines.setdefault(name, []).append(release)
    return {name: tuple(releases) for name, releases in lines.items()}
