"""The page of questions: saved here, loaded there. Its data are written with the estimators."""

from __future__ import annotations

from pathlib import Path

from harness.site import layout
from harness.site.gather import Site


def write(site: Site, out: Path) -> Path:
    """Write `upgrade.html`."""
    return layout.write(out, "upgrade.html", "upgrade.html.j2", site)
