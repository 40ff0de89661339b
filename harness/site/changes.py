"""What changed: against the result before this one, and from release to release."""

from __future__ import annotations

from pathlib import Path

from harness.diff import Diff
from harness.diff.changes import Group, Kind
from harness.records import Outcome
from harness.site import addresses, layout
from harness.site.gather import Site
from harness.words import LOOKS

GROUPS = 60
"""Groups of a diff that are told, at the most."""
NIGHTS = "nights.html"
"""Where `shelflife nightly` has put the nights before."""
OPEN, MOST = 12, 120
"""Ways over the releases that stand in the open, and in all; the table has every one."""


def write(site: Site, out: Path) -> Path:
    """Write `changes.html`."""
    return layout.write(
        out, "changes.html", "changes.html.j2", site, diffs=site.diffs, says=Says,
        addresses=addresses, kinds=Kind, looks=LOOKS, outcomes={o.value: o for o in Outcome},
        most=GROUPS, opened=OPEN, all=MOST, nights=(out / NIGHTS).exists(),
    )  # fmt: skip


class Says:
    """Words for the template."""

    @staticmethod
    def counts(diff: Diff) -> list[tuple[Kind, int]]:
        """How many cells there are of each kind of change."""
        return [(kind, n) for kind in Kind if (n := diff.count(kind))]

    @staticmethod
    def groups(diff: Diff) -> list[Group]:
        """The changes as groups, what matters most first."""
        return diff.groups

    @staticmethod
    def named(names: list[str], most: int = 4) -> str:
        """The first of some names, and how many more there are."""
        more = len(names) - most
        return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
