"""Badges for a README: how long a saved model keeps, as a small SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from xml.sax.saxutils import escape

from harness.shelflives import Life
from harness.site import lived

LETTER = 6.6
"""Pixels of a letter of 11 px, on the wide side: no text is cut where the font is another one."""
PAD = 14
KNOWN, UNKNOWN = "#0a5796", "#585d66"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" '
    'aria-label="{said}"><title>{said}</title>'
    '<rect width="{whole}" height="20" rx="4" fill="#1c1f24"/>'
    '<path d="M{left} 0h{straight}a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H{left}z" fill="{colour}"/>'
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" '
    'text-anchor="middle"><text x="{middle}" y="14">{label}</text>'
    '<text x="{other}" y="14">{value}</text></g></svg>\n'
)


def main_format(formats: Sequence[str], lives: Sequence[Life]) -> str:
    """The format of an estimator's own badge: the last pickle that was followed, else the first.

    The last of these is that of the newest protocol. '' where no format was followed.
    """
    followed = {life.format for life in lives}
    some = [name for name in formats if name in followed]
    pickles = [name for name in some if name.startswith("pickle")]
    return next(iter(pickles[-1:] or some), "")


def badge(format: str, lives: Sequence[Life]) -> str:
    """The badge of a format, from the lives of one estimator in it."""
    return drawn(format or "shelf life", lived.median(lives))


@cache
def drawn(label: str, value: str) -> str:
    """A badge with two texts. The words for who cannot see it are its title."""
    left, right = (round(len(text) * LETTER) + PAD for text in (label, value))
    said = f"{label}: median shelf life {value}"
    return SVG.format(
        whole=left + right, left=left, straight=right - 4, middle=left / 2, other=left + right / 2,
        colour=UNKNOWN if value == "not known" else KNOWN,
        label=escape(label), value=escape(value), said=escape(said, {'"': "&quot;"}),
    )  # fmt: skip
