"""What may be asked about: a kind of models, a family, or one model. Pure.

The *kind* is the first part of a model's id: `forest` of `forest.classifier`. Where a kind and a
family have one name, it is the kind's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.advise.tallies import Shelf, kind
from harness.errors import UserError, did_you_mean
from harness.records import Json

KIND, FAMILY, MODEL = "kind", "family", "model"


@dataclass(frozen=True)
class Subject:
    """Models that are asked about together. `models`: id -> summary, in the order of the headers.

    `library` is the one whose releases most of their artifacts were followed along, '' for none.
    """

    name: str
    what: str
    models: Mapping[str, str]
    library: str = ""

    @property
    def title(self) -> str:
        return self.name if self.what == MODEL else f"{self.what} {self.name}"


def subjects_of(headers: Iterable[Json]) -> dict[str, Subject]:
    """Kinds and families of all headers by name; a family that is a kind too is the kind."""
    kinds: dict[str, dict[str, str]] = {}
    families: dict[str, dict[str, str]] = {}
    for header in headers:
        for model in header["models"]:
            said = str(model.get("summary", ""))
            kinds.setdefault(kind(model["id"]), {}).setdefault(model["id"], said)
            if model.get("family"):
                families.setdefault(model["family"], {}).setdefault(model["id"], said)
    alike = {frozenset(models) for models in kinds.values()}
    more = {
        name: Subject(name, FAMILY, models)
        for name, models in sorted(families.items())
        if name not in kinds and frozenset(models) not in alike
    }
    return {name: Subject(name, KIND, models) for name, models in sorted(kinds.items())} | more


def find(headers: Sequence[Json], *, family: str | None, model: str | None) -> Subject:
    """What a family's, a kind's or a model's name says. UserError where there is none of it."""
    if model is not None:
        known = {m["id"]: str(m.get("summary", "")) for header in headers for m in header["models"]}
        if model not in known:
            raise UserError(f"there is no result of a model {model!r}", did_you_mean(model, known))
        return Subject(model, MODEL, {model: known[model]})
    if family is None:
        raise UserError(
            "which models is the question about?",
            "Say --family forest, or --model forest.classifier.",
        )
    every = subjects_of(headers)
    every |= {
        m["family"]: Subject(m["family"], FAMILY, every[kind(m["id"])].models)
        for header in headers
        for m in header["models"]
        if m.get("family") and m["family"] not in every
    }
    if family not in every:
        raise UserError(
            f"there is no result of models of a family {family!r}", did_you_mean(family, every)
        )
    return every[family]


def with_library(subject: Subject, shelves: Sequence[Shelf]) -> Subject:
    """The same, with the library that most artifacts were followed along.

    Formats that convert do not count: what loads them is another library.
    """
    found: Counter[str] = Counter()
    for shelf in shelves:
        for (model, format), lives in shelf.by_case.items():
            converts = shelf.formats.get(format, {}).get("converts")
            if model in subject.models and not converts:
                found.update(life.library for life in lives)
    best = min(found, key=lambda name: (-found[name], name), default="")
    return Subject(subject.name, subject.what, subject.models, best)
