"""A diff as JUnit XML: a suite for each outcome, a test case for each changed cell.

Only a surprise is a failure. What says nothing any more, and what is gone, is skipped. The elements
and attributes are those of the schema that Jenkins' xUnit plugin publishes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from harness.diff.changes import Change, Kind, Notice
from harness.diff.text import show
from harness.diff.walk import Diff
from harness.records import Outcome
from harness.words import WORST_FIRST

CASES = 5000
"""Test cases that are listed, surprises first: what reads such files chokes on more."""
SKIPPED = frozenset({Kind.LOST, Kind.UNKNOWN, Kind.GONE})
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(diff: Diff, cases: int = CASES) -> str:
    """The document as text, with its declaration."""
    ordered = [change for group in diff.groups for change in group.changes]
    taken: dict[Outcome, list[Change]] = {}
    for change in ordered[:cases]:
        taken.setdefault(change.telling[0] or Outcome.NOTRUN, []).append(change)
    root = ET.Element("testsuites", name=f"{diff.base.id} -> {diff.new.id}")
    suites = [
        _suite(root, diff, outcome, taken[outcome]) for outcome in WORST_FIRST if outcome in taken
    ]
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    notes = list(diff.notes)
    if len(ordered) > cases:
        notes.append(f"{len(ordered) - cases:,} more changed cells are not listed here.")
    if notes:
        _notes(root, notes)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _notes(root: ET.Element, notes: Sequence[str]) -> None:
    """What has to be known first, in a suite without a test case."""
    suite = ET.SubElement(root, "testsuite", name="notes", tests="0", failures="0", errors="0")
    ET.SubElement(suite, "system-out").text = _clean("\n".join(notes))


def _suite(root: ET.Element, diff: Diff, outcome: Outcome, changes: Sequence[Change]) -> ET.Element:
    failures = sum(change.notice is Notice.SURPRISE for change in changes)
    skipped = sum(_is_skipped(change) for change in changes)
    suite = ET.SubElement(
        root,
        "testsuite",
        name=outcome.value,
        tests=str(len(changes)),
        failures=str(failures),
        errors="0",
        skipped=str(skipped),
        timestamp=diff.new.started,
    )
    for change in changes:
        _case(suite, diff.new.matrix, change)
    return suite


def _case(suite: ET.Element, matrix: str, change: Change) -> None:
    case = ET.SubElement(
        suite, "testcase", name=_clean(change.cell), classname=_clean(f"{matrix}.{change.kind}")
    )
    before, after = (
        outcome.value if outcome else "absent" for outcome in (change.before, change.after)
    )
    message = _clean(f"{change.kind}: {before} -> {after}")
    if change.notice is Notice.SURPRISE:
        failure = ET.SubElement(case, "failure", type=change.kind.value, message=message)
        failure.text = _clean(details(change))
    elif _is_skipped(change):
        ET.SubElement(case, "skipped", message=message)
    else:
        ET.SubElement(case, "system-out").text = _clean(f"{message}\n{details(change)}")


def _is_skipped(change: Change) -> bool:
    return change.kind in SKIPPED and change.notice is not Notice.SURPRISE


def details(change: Change) -> str:
    """What else is to be said of a changed cell, a line each."""
    expected = change.expected
    foreseen = f"expected {expected.wanted}: {expected.reason} {expected.link}" if expected else ""
    cause = f"cause: {change.telling[1]}" if change.telling[1] else ""
    lines = (change.says, cause, change.direction.value, foreseen.strip(), show(change.cell))
    return "\n".join(line for line in lines if line)


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return UNWRITABLE.sub("\ufffd", text)
