"""Markdown that says what it was given: nothing in a text becomes markup by accident."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPAN = re.compile(r"(`[^`\n]+`)")
_SPECIAL = re.compile(r"([\\*_\[\]<>|~])")


def plain(text: object) -> str:
    """A text on one line; what stands between backticks stays code."""
    parts = _SPAN.split(" ".join(str(text).split()))
    return "".join(
        part.replace("|", "\\|") if place % 2 else _SPECIAL.sub(r"\\\1", part).replace("](", "] (")
        for place, part in enumerate(parts)
    )


def code(text: str) -> str:
    """An id or a name as code."""
    return f"`{text}`".replace("|", "\\|") if text else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def fenced(language: str, text: str) -> str:
    """A block of code; its fence is longer than any within it."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text) or ["``"]))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def page(parts: Iterable[str]) -> str:
    """Paragraphs as a file."""
    return "\n\n".join(part for part in parts if part) + "\n"
