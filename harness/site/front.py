"""The front page: the headline findings in words, how much was tested, doors to the rest."""

from __future__ import annotations

from pathlib import Path

from harness.site import layout
from harness.site.gather import Site


def write(site: Site, out: Path) -> Path:
    """Write `index.html`."""
    return layout.write(out, "index.html", "front.html.j2", site)
