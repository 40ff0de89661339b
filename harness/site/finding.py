"""A root cause as the site tells it: over all matrices that it hits, with addresses. Pure.

Wrong answers without an error and loud breakages of one cause are two findings, which name each
other. The words are those of `harness.findings`; a finding takes them from the matrix in which it
has most cells.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from harness import worth
from harness.causes import Cause, fingerprints
from harness.findings import attributions, silent, words
from harness.findings.attributions import Attribution
from harness.findings.gather import Drift
from harness.remedies import Remedy
from harness.site import links
from harness.site.gather import Part
from harness.site.prose import html
from harness.words import cells, count

_NAME = re.compile(r"[\w.:-]+")


@dataclass(frozen=True)
class Place:
    """A cause in one matrix. `everywhere` counts its cells there, whether they raise or not."""

    part: Part
    cause: Cause
    drift: Drift | None
    everywhere: int

    @property
    def address(self) -> str:
        """All cells of the cause, silent and loud."""
        return links.cells(self.part, cause=self.cause.id)

    @property
    def example(self) -> str:
        return links.cells(self.part, cell=self.cause.example)

    @property
    def first(self) -> str:
        """The cells of its first bad pair."""
        producer, consumer = self.cause.first or ("", "")
        return links.cells(self.part, producer=producer, consumer=consumer, cause=self.cause.id)

    @property
    def unwarned(self) -> int:
        """Silent cells that did not even warn."""
        return self.drift.size.said[worth.SILENT] if self.drift else 0


@dataclass(frozen=True)
class Finding:
    """A root cause: its name in the page, a title, where it was seen, and what is known of it.

    `places` has the matrix with most cells first. `sentence` is '' where nothing explains it.
    `sources` are the addresses behind the sentence, `other` is the anchor of the same cause's
    other finding.
    """

    anchor: str
    title: Markup
    places: Sequence[Place]
    sentence: Markup
    facts: Sequence[tuple[str, Markup]]
    sources: Sequence[str] = ()
    other: str = ""

    @property
    def is_silent(self) -> bool:
        return self.places[0].drift is not None

    @property
    def cells(self) -> int:
        """Over all matrices."""
        return sum(place.cause.count for place in self.places)

    @property
    def unwarned(self) -> int:
        return sum(place.unwarned for place in self.places)

    @property
    def tells(self) -> bool:
        """Whether other numbers or labels come from a method that people go by."""
        return any(
            place.cause.methods.keys() & fingerprints.TELLING
            and (place.drift.size.most or place.drift.size.differing)
            for place in self.places
            if place.drift
        )

    @property
    def short(self) -> Markup:
        """How many, and how many said nothing."""
        first = self.places[0]
        models = len(first.cause.models)
        said = f"{cells(self.cells)}, {count(models)} {'model' if models == 1 else 'models'}, in "
        said += ", ".join(self.matrices)
        if not self.is_silent:
            return html(said)
        quiet = count(self.unwarned) if self.unwarned < self.cells else "all"
        said += f"; **{quiet} without any warning**" if self.unwarned else "; each had warned"
        return html(said)

    @property
    def outcomes(self) -> list[str]:
        """The outcomes of its cells, the most frequent first."""
        return [outcome for outcome, _ in self.places[0].cause.outcomes.most_common()]

    @property
    def matrices(self) -> list[str]:
        return [place.part.name for place in self.places]

    @property
    def brief(self) -> Markup:
        """On one line: how many cells and models, how wrong, and whether it warned."""
        first = self.places[0]
        some = first.cause.models
        models = f"{count(len(some))} {'model' if len(some) == 1 else 'models'}"
        said = [f"{cells(first.cause.count)} of {models} in {first.part.name}"]
        if first.drift:
            said.append(silent.wrong(first.drift.size))
            said.append(silent.warned(first.drift.size, first.cause.count))
        if len(self.places) > 1:
            said.append(f"also in {', '.join(self.matrices[1:])}")
        return html("; ".join(said))


def findings(parts: Iterable[Part], known: Mapping[str, Attribution]) -> list[Finding]:
    """Every finding, wrong answers first: those that say nothing, the gravest, the most cells."""
    found: dict[tuple[bool, str], list[Place]] = defaultdict(list)
    for part in parts:
        everywhere = _counted(part)
        for drift in part.findings.silent:
            place = Place(part, drift.cause, drift, everywhere.get(drift.cause.id, 0))
            found[False, drift.cause.id].append(place)
        for cause in part.findings.loud:
            found[True, cause.id].append(Place(part, cause, None, everywhere.get(cause.id, 0)))
    made = [_finding(loud, id, places, known, (not loud, id) in found)
            for (loud, id), places in found.items()]  # fmt: skip
    return sorted(made, key=_rank)


def _counted(part: Part) -> Mapping[str, int]:
    counts = np.bincount(np.frombuffer(part.causes, dtype=f"u{part.causes.itemsize}"),
                         minlength=len(part.cause_names))  # fmt: skip
    return dict(zip(part.cause_names, map(int, counts), strict=True))


def _rank(one: Finding) -> tuple[object, ...]:
    worst = max(place.cause.severity for place in one.places)
    if one.is_silent:
        models = max(len(place.cause.models) for place in one.places)
        return (0, not one.unwarned, not one.tells, -models, -worst, -one.cells, one.anchor)
    return (1, 0, 0, 0, -one.cells, one.anchor)


def anchor(id: str, loud: bool, both: bool) -> str:
    """The name of a finding in the page; a loud one's says so where there is a silent one too."""
    if not _NAME.fullmatch(id):
        id = f"{re.sub(r'[^a-zA-Z0-9]+', '-', id)[:48].strip('-')}-{zlib.crc32(id.encode()):08x}"
    return f"cause-{id}" + ("-errors" if loud and both else "")


def _finding(
    loud: bool, id: str, places: Sequence[Place], known: Mapping[str, Attribution], both: bool
) -> Finding:
    ordered = sorted(places, key=lambda place: (-place.cause.count, place.part.name))
    first = ordered[0]
    title = silent.headline(first.drift) if first.drift else words.failure(first.cause)
    explained = first.cause.known
    return Finding(
        anchor(id, loud, both),
        html(title),
        ordered,
        html(explained.sentence) if explained else Markup(),
        list(_facts(first, known)),
        explained.links if explained else (),
        anchor(id, not loud, both) if both else "",
    )


def _facts(place: Place, known: Mapping[str, Attribution]) -> Iterable[tuple[str, Markup]]:
    cause, drift = place.cause, place.drift
    if drift:
        yield "Answers otherwise", html(silent.methods(drift))
        yield "How wrong", html(silent.wrong(drift.size))
        yield "Warned", html(silent.warned(drift.size, cause.count))
    elif cause.errors:
        yield "Says", html("; ".join(_errors(cause)))
    yield "Models", html(words.named(cause.models, 6))
    yield "Formats", html(words.named(cause.formats, 8))
    yield "Pairs", html(words.span(cause))
    taken = attributions.of(cause.cells, known)
    if taken:
        yield "Taken apart", html(words.apart(taken))
    if cause.known and cause.known.hint:
        yield "Advice", html(cause.known.hint)
    yield "Tried, and helps", _helps(place)


def _errors(cause: Cause) -> list[str]:
    """The two most frequent errors, with how many cells have them."""
    said = []
    for (type, message), n in cause.errors.most_common(2):
        text = words.short(message, 220).replace("`", "'")
        said.append(f"`{type}`: {text} ({count(n)})" if type else f"{text} ({count(n)})")
    return said


def _helps(place: Place) -> Markup:
    """Remedies that helped, each leading to a cell that shows it."""
    good = sorted((r for r in place.cause.remedies if r.helps), key=lambda r: -r.helps / r.of)
    if not good:
        return html(words.helps(place.cause, 0))
    return Markup("; ").join(_remedy(place, remedy) for remedy in good[:4])


def _remedy(place: Place, remedy: Remedy) -> Markup:
    said = html(words.remedy(remedy))
    if remedy.kind == "resave":  # its cell is the one that failed, not the one that shows it
        return said
    address = links.cells(place.part, cell=remedy.shown_by)
    return Markup('{} <a href="{}">seen here</a>').format(said, address)
