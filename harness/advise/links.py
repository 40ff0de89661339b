"""Where a sentence can be checked: addresses in the site, relative to its folder. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from harness.advise.dossier import Dossier
from harness.advise.subjects import Subject
from harness.advise.tallies import Shelf, kind
from harness.words import count

Link = tuple[str, str]  # words, address
OUTCOMES = {"declined": "unsupported", "otherwise": "drift,changed"}


def links(what: str, of: Dossier) -> tuple[Link, ...]:
    """The links of a rule's kind, for a format."""
    match what:
        case "safety":
            return (("how it was tried", f"safety.html#{quote(of.format)}"),)
        case "cost":
            return (("costs", "cost.html"),)
        case "life":
            shelves = [shelf for shelf, _ in of.lines.values()]
            named = {
                s.name: (f"shelf lives in {s.name}", f"{s.address}/life.html") for s in shelves
            }
            return tuple(named.values()) or cells_of(of)
        case "otherwise":
            return _otherwise(of)
        case "cells" | "declined" | "controls":
            return cells_of(of, OUTCOMES.get(what, ""))
        case _:
            return ()


def cells_of(of: Dossier, outcome: str = "") -> tuple[Link, ...]:
    """To the cells that speak of a format, in each matrix."""
    shelves = of.spoken or [s for s in of.shelves if of.format in s.formats]
    return tuple(
        (
            f"cells in {s.name}",
            f"{s.address}/index.html#{address(s, of.subject, of.format, outcome)}",
        )
        for s in shelves
    )


def _otherwise(of: Dossier) -> tuple[Link, ...]:
    """To every cell that answers otherwise, and how many they are without controls."""
    found = []
    for shelf in of.spoken:
        known = (shelf.tally.elsewhere.get((m, of.format)) for m in of.subject.models)
        number = sum(one.otherwise for one in known if one)
        if number:
            where = address(shelf, of.subject, of.format, OUTCOMES["otherwise"])
            found.append(
                (f"all {count(number)} in {shelf.name}", f"{shelf.address}/index.html#{where}")
            )
    return tuple(found)


def address(shelf: Shelf, subject: Subject, format: str, outcome: str = "") -> str:
    """The state of a matrix's page that shows these models in a format; see `reports/core.js`."""
    parts = {"model": ",".join(patterns(shelf, subject)), "format": format, "outcome": outcome}
    return "&".join(f"{key}={quote(text, safe='/,*.-')}" for key, text in parts.items() if text)


def patterns(shelf: Shelf, subject: Subject) -> Sequence[str]:
    """What selects the subject's models in a matrix: `forest.*`, or the models one by one."""
    found = []
    for name in dict.fromkeys(map(kind, subject.models)):
        models = shelf.kinds.get(name, ())
        mine = [model for model in models if model in subject.models]
        whole = len(mine) == len(models) > 1 and all(m.startswith(f"{name}.") for m in mine)
        found += [f"{name}.*"] if whole else mine
    return found
