"""Environments of a run in the order of their releases, and what lies between two of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from harness.releases import Line

DIRECTIONS: Final = ("upgrade", "rollback", "same", "control")
"""From producer to consumer: a newer or an older release, one of both, or the producer itself."""


class Releases:
    """The environments of a header: `{id, main, released, variant_of, packages, python}` each."""

    def __init__(self, environments: Sequence[Mapping[str, Any]]) -> None:
        self.environments = {found["id"]: found for found in environments}
        self._line = Line(environments)
        self._directions: dict[tuple[str, str], str] = {}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Place of each environment: the oldest release of its main package is 0."""
        ids = sorted(self.environments, key=lambda id: self.environments[id]["released"])
        return {id: place for place, id in enumerate(ids)}

    def place(self, id: str) -> int:
        """Place in the order of releases; -1 for one that the header does not name."""
        return self.order.get(id, -1)

    def direction(self, producer: str, consumer: str) -> str:
        """One of DIRECTIONS."""
        key = producer, consumer
        if key not in self._directions:
            pair = None if producer == consumer else self._line.pair(producer, consumer)
            self._directions[key] = pair.direction if pair else "control"
        return self._directions[key]

    def satisfies(self, id: str, requirements: Sequence[Requirement]) -> bool:
        """Whether the environment's packages, or its Python, are as required."""
        found = self.environments.get(id, {})
        packages: dict[str, str] = {"python": found.get("python", "")}
        packages.update((canonicalize_name(n), v) for n, v in found.get("packages", {}).items())
        return all(
            bool(packages.get(r.name)) and r.specifier.contains(packages[r.name], prereleases=True)
            for r in requirements
        )
