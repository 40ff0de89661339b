"""What the cells of a matrix refer to: names, causes, lives, routes, each looked up once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from harness.causes import Cause
from harness.records import Json
from harness.releases import library
from harness.shelflives import Life
from harness.site.gather import Part
from harness.site.routes import Routes
from harness.site.strips import Strips


class Book:
    """What the cells of a matrix refer to, each looked up once."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.headers = part.findings.header["environments"]
        self.models = part.columns.models.list()
        self.formats = part.columns.formats.list()
        self.environments = part.columns.environments.list()
        self.details = part.columns.details.list()
        self.about: dict[str, Json] = {m["id"]: m for m in part.findings.header["models"]}
        self.routes, self.strips = Routes(self.headers), Strips()
        self.causes = _causes(part)
        self._ends: dict[tuple[str, tuple[str, ...]], Sequence[Sequence[str]]] = {}
        self.libraries = {e["id"]: library(e) for e in self.headers}
        self.lives: defaultdict[str, list[Life]] = defaultdict(list)
        for life in part.findings.lives.lives:
            self.lives[life.model].append(life)

    def ends(self, producer: str, known: tuple[str, ...]) -> Sequence[Sequence[str]]:
        """The routes to the newest and to the oldest release, through environments that are known.

        Empty where the producer's own is that one.
        """
        found = self._ends.get((producer, known))
        if found is None:
            goals = self.routes.newest(producer), self.routes.oldest(producer)
            ways = [self.routes.between(producer, goal) if goal else [] for goal in goals]
            found = self._ends[producer, known] = [[id for id in w if id in known] for w in ways]
        return found

    def cell(self, place: int) -> str:
        """The id of a cell by its place in the sorted columns."""
        cells = self.part.cells
        return "/".join((
            self.models[cells.model[place]], self.formats[cells.format[place]],
            self.environments[cells.producer[place]], self.environments[cells.consumer[place]],
        ))  # fmt: skip


def _causes(part: Part) -> dict[str, Cause]:
    """Root causes by id; one that also fails loudly tells the same of both."""
    found = {cause.id: cause for cause in part.findings.loud}
    return found | {drift.cause.id: drift.cause for drift in part.findings.silent}
