"""A diff as Markdown for the comment on a pull request: one table, and the rest folded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from harness.diff.changes import Direction, Group, Notice
from harness.diff.text import HEADINGS, cause, show, some, total
from harness.diff.walk import Diff
from harness.words import LOOKS, cells

LIMIT = 65_536
"""Characters that GitHub takes for a comment; bytes are counted here, which are never fewer."""
ROWS = (40, 20, 10, 5, 2, 1)
"""Groups of each table, the first number with which all of it fits."""
WIDTH = 160  # characters of a cell of a table
HEAD = "| Change | Cells | Upgrade | Rollback | Models | Formats | Cause | Example |"
RULE = "| --- | ---: | ---: | ---: | --- | --- | --- | --- |"


def markdown(diff: Diff) -> str:
    """As much as fits into a comment, what matters most first."""
    for rows in ROWS:
        text = "\n".join([*_head(diff, rows), *_tables(diff, rows), *_environments(diff, rows)])
        if len(text.encode()) < LIMIT:
            break
    return text + "\n"


def _head(diff: Diff, rows: int) -> Iterator[str]:
    count = f"{diff.surprises:,} surprise" + ("" if diff.surprises == 1 else "s")
    yield f"### Shelflife: {count if diff.surprises else 'no surprise'} in {code(diff.new.matrix)}"
    yield ""
    sizes = f"{diff.base.cells:,} → {cells(diff.new.cells)}, {diff.as_before:,} as before"
    yield f"{code(diff.base.id)} → {code(diff.new.id)}: {sizes}."
    for note in diff.notes[:rows]:
        yield f"\n> {plain(note)}"
    if len(diff.notes) > rows:
        yield f"\n> and {len(diff.notes) - rows:,} more notes"


def _tables(diff: Diff, rows: int) -> Iterator[str]:
    for notice in Notice:
        groups = [group for group in diff.groups if group.example.notice is notice]
        if not groups:
            continue
        title = f"{HEADINGS[notice]}: {cells(total(groups))}"
        if notice is Notice.SURPRISE:
            yield from ["", f"**{title}**", "", *_table(groups, rows)]
            yield from _folded("What they say", _sayings(groups[:rows]))
        else:
            yield from _folded(title, [*_table(groups, rows), "", *_reasons(groups[:rows])])


def _table(groups: Sequence[Group], rows: int) -> Iterator[str]:
    yield HEAD
    yield RULE
    yield from map(_row, groups[:rows])
    if len(groups) > rows:
        left = groups[rows:]
        yield ""
        yield f"And {len(left):,} more groups with {cells(total(left))}."


def _row(group: Group) -> str:
    columns = (
        f"{LOOKS[group.outcome].symbol} {group.example.kind}: {group.arrow.replace('->', '→')}",
        f"{len(group.changes):,}",
        f"{group.directions[Direction.UPGRADE]:,}",
        f"{group.directions[Direction.ROLLBACK]:,}",
        code(some(group.models)),
        code(some(group.formats)),
        code(cause(group)),
        code(group.example.cell),
    )
    return f"| {' | '.join(columns)} |"


def _sayings(groups: Sequence[Group]) -> Iterator[str]:
    for group in groups:
        first = group.example
        yield f"- {code(show(first.cell), len(first.cell) + WIDTH)}"
        if first.says:
            yield f"  {code(first.says)}"
        yield from _expected(group)


def _reasons(groups: Sequence[Group]) -> Iterator[str]:
    for group in groups:
        yield from _expected(group)


def _expected(group: Group) -> Iterator[str]:
    expected = group.example.expected
    if expected:
        link = f" <{expected.link}>" if " " not in expected.link and expected.link else ""
        yield f"- expected {expected.wanted}: {plain(expected.reason)}{link}"


def _environments(diff: Diff, rows: int) -> Iterator[str]:
    if not diff.environments:
        return
    listed = [f"- {code(moved.says(), 4 * WIDTH)}" for moved in diff.environments[:rows]]
    if len(diff.environments) > rows:
        listed.append(f"- and {len(diff.environments) - rows:,} more")
    yield from _folded(f"Environments that are not as they were: {len(diff.environments)}", listed)


def _folded(title: str, lines: Sequence[str] | Iterator[str]) -> Iterator[str]:
    yield from ["", f"<details><summary>{title}</summary>", "", *lines, "", "</details>"]


def code(text: str, width: int = WIDTH) -> str:
    """A span of code, in which nothing is markup, a mention or a link; "" for nothing."""
    flat = " ".join(text.split()).replace("`", "'")
    short = flat if len(flat) <= width else flat[: width - 1] + "…"
    return f"`{short}`".replace("|", "\\|") if short else ""


def plain(text: str, width: int = 2 * WIDTH) -> str:
    """A sentence without markup: each character that could be some is escaped."""
    flat = " ".join(text.split())
    short = flat if len(flat) <= width else flat[: width - 1] + "…"
    return re.sub(r"([\\`*_\[\]<>|#!~])", r"\\\1", short).replace("@", "@\u200b")
