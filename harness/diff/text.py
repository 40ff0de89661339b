"""A diff for a terminal: what matters most first, a command to look closer beside each group."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import click

from harness.diff.changes import Group, Kind, Notice
from harness.diff.walk import Diff
from harness.words import LOOKS, cells

LISTED = 15  # groups of each kind
NAMED = 3  # models, formats and pairs of a group
HEADINGS = {
    Notice.SURPRISE: "Surprises",
    Notice.LISTED: "Other changes, no surprise",
    Notice.EXPECTED: "As expected",
}


def text(diff: Diff) -> str:
    """All of it, with colours that `click.echo` takes out where there is no terminal."""
    return "\n".join([*_head(diff), *_sections(diff), "", _foot(diff)])


def _head(diff: Diff) -> Iterator[str]:
    counts = f"{cells(diff.base.cells)} -> {cells(diff.new.cells)}, {diff.as_before:,} as before"
    yield click.style(f"{diff.base.id} -> {diff.new.id}", bold=True) + f": {counts}"
    for note in diff.notes:
        yield click.style(f"  note: {note}", fg="yellow")
    for moved in diff.environments:
        yield f"  environment {moved.says()}"


def _sections(diff: Diff) -> Iterator[str]:
    for notice, groups in groupby(diff.groups, key=lambda group: group.example.notice):
        yield ""
        yield click.style(f"{HEADINGS[notice]}: {cells(diff.count(notice))}", bold=True)
        for kind, alike in groupby(groups, key=lambda group: group.example.kind):
            yield from _kind(kind, list(alike))


def _kind(kind: Kind, groups: Sequence[Group]) -> Iterator[str]:
    yield f"  {kind}: {cells(total(groups))}"
    for group in groups[:LISTED]:
        yield from _group(group)
    if len(groups) > LISTED:
        left = groups[LISTED:]
        yield f"    ... and {len(left):,} more groups, {cells(total(left))}: --format json"


def _group(group: Group) -> Iterator[str]:
    first = group.example
    symbol, count = LOOKS[group.outcome].symbol, cells(len(group.changes))
    yield f"  {symbol} {group.arrow}: {count}, {ways(group)}"
    yield f"      {of(group)}"
    if group.cause:
        yield f"      cause: {cause(group)}"
    if first.expected:
        yield f"      expected {first.expected.wanted}: {first.expected.reason}"
        if first.expected.link:
            yield f"      {first.expected.link}"
    if first.says:
        yield f"      {first.says}"
    yield f"      {show(first.cell)}"


def _foot(diff: Diff) -> str:
    kinds = [f"{n:,} {kind}" for kind in Kind if (n := diff.count(kind))]
    verdict = f"{diff.surprises:,} surprise" + ("" if diff.surprises == 1 else "s")
    colour = "red" if diff.surprises else "green"
    return click.style(verdict, fg=colour) + f"; {', '.join(kinds) or 'nothing changed'}"


def total(groups: Iterable[Group]) -> int:
    """How many cells the groups have."""
    return sum(len(group.changes) for group in groups)


def cause(group: Group) -> str:
    """The fingerprint, and the one that was there before where that is the news."""
    if group.example.kind is Kind.CAUSE:
        return f"{group.cause or 'none'} (before: {group.example.cause_before or 'none'})"
    return group.cause


def ways(group: Group) -> str:
    """`upgrade 3, rollback 12`."""
    return ", ".join(f"{way} {n:,}" for way, n in group.directions.items() if n)


def of(group: Group) -> str:
    """Which models, formats and pairs: some of each by name."""
    pairs = [f"{producer} -> {consumer}" for producer, consumer in group.pairs]
    found = (("model", group.models), ("format", group.formats), ("pair", pairs))
    return "; ".join(f"{_plural(len(all), what)}: {some(all)}" for what, all in found)


def some(names: Sequence[str], named: int = NAMED) -> str:
    """The first of several names, and how many more there are."""
    left = len(names) - named
    return ", ".join(names[:named]) + (f" and {left:,} more" if left > 0 else "")


def show(cell: str) -> str:
    """The command that tells all about a cell."""
    return f"shelflife show {shlex.quote(cell)}"


def _plural(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")
