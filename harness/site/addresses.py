"""Where things stand in the site: addresses of estimators, cells and files. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from harness.report.reading import plain_name


def plain(names: Iterable[str], instead: str) -> list[str]:
    """A name for a file for each of these, none of them twice, whatever the case of its letters.

    The id itself where a file may be called so; else `instead` and its place, from 1 on.
    """
    taken: set[str] = set()
    found = []
    for place, name in enumerate(names, 1):
        file = name if plain_name(name) and name.lower() not in taken else f"{instead}-{place}"
        while file.lower() in taken:
            file += "-"
        taken.add(file.lower())
        found.append(file)
    return found


def estimator(matrix: str, file: str) -> str:
    """The page of an estimator."""
    return f"estimator/{matrix}/{file}.html"


def document(matrix: str, file: str) -> str:
    """The data of an estimator, a JSON pointer into which is the address of a cell."""
    return f"data/{matrix}/estimator/{file}.json"


def badge(matrix: str, file: str) -> str:
    """The badge of an estimator."""
    return f"badge/{matrix}/{file}.svg"


def pointer(parts: Sequence[str]) -> str:
    """A JSON pointer (RFC 6901) as the fragment of an address."""
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in parts)
    return "#" + "".join(f"/{quote(part, safe='~')}" for part in escaped)


def state(**chosen: str) -> str:
    """The fragment that chooses in a report's grid, or in the page of questions."""
    some = [f"{key}={quote(value, safe='/,')}" for key, value in chosen.items() if value]
    return "#" + "&".join(some) if some else ""
