"""The feed of regressions: Atom (RFC 4287), an entry for each root cause that became worse.

An entry's id is made of the matrix, the run and what its cells have in common; it is the same
however often the site is made. Its date is that of the evidence.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from xml.etree import ElementTree as ET

from harness.diff.changes import Group, Kind
from harness.records import OK_OUTCOMES
from harness.site import addresses
from harness.site.gather import Part, Site
from harness.words import cells, count

FILE = "feed.xml"
ATOM = "http://www.w3.org/2005/Atom"
TAG = "tag:shelflife.invalid,2026:"
SHOWN = 20
"""Cells that an entry names, at the most."""


def write(site: Site, out: Path) -> Path:
    """Write `feed.xml`."""
    path = out / FILE
    ET.indent(tree := feed(site))
    text = ET.tostring(tree, encoding="unicode")
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    path.write_text(head + _allowed(text) + "\n", encoding="utf-8", errors="replace")
    return path


def _allowed(text: str) -> str:
    """Without the control characters that no XML may hold."""
    return "".join(c if c >= " " or c in "\t\n" else "�" for c in text)


def worse(groups: list[Group]) -> list[Group]:
    """The groups that are regressions; what stays within tolerance is none."""
    return [g for g in groups if g.example.kind is Kind.REGRESSION and g.outcome not in OK_OUTCOMES]


def measured(part: Part) -> str:
    """When its evidence was measured."""
    header = part.findings.header
    return str((header.get("footer") or {}).get("finished") or header.get("started") or "")


def feed(site: Site) -> ET.Element:
    """The feed's element. Without a result before there is no entry: nothing has become worse."""
    root = ET.Element("feed", xmlns=ATOM)
    _add(root, "id", f"{TAG}regressions")
    _add(root, "title", "shelflife: what became worse")
    _add(root, "subtitle", "Saved models that no longer load, or answer otherwise, than before.")
    dates = [date for part in site.parts if (date := measured(part))]
    _add(root, "updated", max(dates, default=site.made))
    ET.SubElement(_add(root, "author"), "name").text = "shelflife"
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=FILE)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href="changes.html")
    for part in site.parts:
        found = site.diffs.get(part.name)
        for group in worse(found.groups) if found else ():
            root.append(_entry(site, part, group))
    return root


def _add(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    made = ET.SubElement(parent, name)
    made.text = text or None
    return made


def title(part: Part, group: Group) -> str:
    """`sklearn: 12 cells of 3 models, identical -> load-error`."""
    models = f"{count(len(group.models))} model" + ("s" if len(group.models) != 1 else "")
    return f"{part.name}: {cells(len(group.changes))} of {models}, {group.arrow}"


def _entry(site: Site, part: Part, group: Group) -> ET.Element:
    entry = ET.Element("entry")
    key = "\n".join((part.name, part.id, group.arrow, group.cause))
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
    _add(entry, "id", f"{TAG}{part.name}/{digest}")
    _add(entry, "title", title(part, group))
    _add(entry, "updated", measured(part) or site.made)
    address = f"{part.report}{addresses.state(cell=group.example.cell)}"
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=address)
    ET.SubElement(entry, "category", term=group.outcome.value)
    named = [change.cell for change in group.changes[:SHOWN]]
    more = len(group.changes) - len(named)
    lines = [group.example.says, *named, *([f"and {count(more)} more"] if more else [])]
    _add(entry, "summary", "\n".join(line for line in lines if line))
    return entry
