"""A page for each estimator, which a search engine would find, and the list of them all.

The same pass writes what belongs to an estimator: its JSON, its badges, its script for questions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.records import Outcome
from harness.remedies import Remedy
from harness.shelflives import DIRECTIONS
from harness.site import addresses, badges, layout, lived, questions
from harness.site.book import Book
from harness.site.documents import Documents
from harness.site.estimator import Estimator, Hit, Listed
from harness.site.feed import measured
from harness.site.gather import Part, Site
from harness.words import LOOKS, cells, count

LISTED = "estimators.html"
CAUSES = 40
"""Root causes of an estimator that are told, at the most; the grid has all."""


def write(site: Site, out: Path) -> Path:
    """Write `estimators.html`, `estimator/`, `badge/`, and their data."""
    made = {part.name: [*_part(site, part, out)] for part in site.parts}
    (out / "data").mkdir(parents=True, exist_ok=True)
    _text(out / "data" / "questions.js", questions.index(site, made))
    rows = [one for some in made.values() for one in some]
    return layout.write(out, LISTED, "estimators.html.j2", site, rows=rows, addresses=addresses)


def _part(site: Site, part: Part, out: Path) -> Iterator[Listed]:
    """Every estimator of a matrix that has a cell."""
    book = Book(part)
    documents = Documents(book, measured(part))
    folders = [out / "data" / "upgrade" / part.name, out / "data" / part.name / "estimator",
               out / "badge" / part.name, out / "estimator" / part.name]  # fmt: skip
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    _text(folders[0].with_suffix(".js"), questions.matrix(book, site.kept.tried))
    for model in range(len(book.models)):
        if book.part.cells.bounds[model] == book.part.cells.bounds[model + 1]:
            continue
        one = Estimator(book, model)
        _text(folders[0] / f"{one.file}.js", questions.estimator(one))
        _text(folders[1] / f"{one.file}.json", documents.text(one))
        _badges(folders[2], one)
        _page(site, out, one)
        yield one.listed()


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace")


def _badges(folder: Path, one: Estimator) -> None:
    """The estimator's own badge, and one for each format that was followed."""
    own = folder / one.file
    own.mkdir(exist_ok=True)
    main = badges.main_format(one.formats, one.lives)
    names = addresses.plain(one.formats, "format")
    for name, format in zip(names, one.formats, strict=True):
        lives = [life for life in one.lives if life.format == format]
        text = badges.badge(format, lives)
        _text(own / f"{name}.svg", text)
        if format == main:
            _text(own.with_name(f"{one.file}.svg"), text)
    if not main:
        _text(own.with_name(f"{one.file}.svg"), badges.badge("", []))


def _page(site: Site, out: Path, one: Estimator) -> Path:
    part = one.book.part
    return layout.write(
        out, addresses.estimator(part.name, one.file), "estimator.html.j2", site,
        one=one, part=part, title=title(one), about=about(one), measured=_date(measured(part)),
        hits=one.hits[:CAUSES], lives=_lives(one), says=Says, addresses=addresses, looks=LOOKS,
        formats=list(zip(one.formats, addresses.plain(one.formats, "format"), strict=True)),
        main=badges.main_format(one.formats, one.lives),
    )  # fmt: skip


def _date(moment: str) -> str:
    """The day of a moment, `22 November 2026`."""
    try:
        when = dt.datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{when.day} {when:%B %Y}"


def title(one: Estimator) -> str:
    """The question that the page answers."""
    where = f"another {one.library}" if one.library else "another environment"
    name = one.id if not one.summary else f"{one.id} ({one.summary})"
    return f"Does a saved {name} load in {where}?"


def answer(one: Estimator) -> str:
    """In a sentence, worst first."""
    loaded = sum(n for o, n in one.counts.items() if o.is_result)
    if not loaded:
        return (
            f"Nothing is known: none of {cells(len(one))} that was loaded elsewhere has a result."
        )
    said = []
    if one.otherwise:
        verb = "answers" if one.otherwise == 1 else "answer"
        said.append(f"{cells(one.otherwise)} {verb} otherwise")
    if one.failing:
        said.append(f"{count(one.failing)} {'fails' if one.failing == 1 else 'fail'}")
    declined = one.counts[Outcome.UNSUPPORTED]
    if declined:
        verb = "is" if declined == 1 else "are"
        said.append(f"{count(declined)} {verb} declined by the format")
    said.append(f"{count(one.right)} of {count(loaded)} answer as before")
    return "; ".join(said) + "."


def about(one: Estimator) -> str:
    """The description for who finds the page: what was tried, and the answer."""
    ids = one.environments
    tried = f"Saved in {count(len(ids))} environments, {ids[0]} to {ids[-1]}" if ids else ""
    return f"{tried}, loaded in each other, {count(len(one.formats))} formats: {answer(one)}"


def _lives(one: Estimator) -> list[tuple[str, str, list[str]]]:
    """Formats with their median shelf life and the words for either direction; those alike once."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for format in one.formats:
        some = [life for life in one.lives if life.format == format]
        words = tuple(text for way in DIRECTIONS if (text := lived.words(some, way)))
        if words:
            alike.setdefault((lived.median(some), words), []).append(format)
    return [(", ".join(f), median, [*words]) for (median, words), f in alike.items()]


class Says:
    """Words for the template."""

    answer = staticmethod(answer)

    @staticmethod
    def hit(hit: Hit) -> str:
        """`12 cells answer otherwise without any error`."""
        verb = ("fails", "answers") if hit.count == 1 else ("fail", "answer")
        if hit.silent == hit.count:
            quiet = ", and without a warning" if hit.unwarned == hit.count else ""
            return f"{cells(hit.count)} {verb[1]} otherwise without any error{quiet}"
        ways = ", ".join(f"{count(n)} {o.value}" for o, n in _worst_first(hit))
        return f"{cells(hit.count)} {verb[0]}" + (f": {ways}" if len(hit.outcomes) > 1 else "")

    @staticmethod
    def far(hit: Hit) -> str:
        """How wrong: the largest difference; '' where no numbers were compared."""
        if hit.far < 0 or not hit.far:
            return ""
        return "not finite" if hit.far == float("inf") else f"{hit.far:.2g}"

    @staticmethod
    def resaves(hit: Hit) -> list[Remedy]:
        """Re-saving as it was tried against the cause, in whichever models."""
        return [r for r in hit.cause.remedies if r.kind == "resave"]


def _worst_first(hit: Hit) -> list[tuple[Any, int]]:
    return sorted(hit.outcomes.items(), key=lambda item: -item[0].severity)
