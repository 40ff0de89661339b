"""The text of an issue: what is new this night by cause, and the commands that show it. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from harness.diff.changes import Notice
from harness.records import CellId, Json
from harness.words import cells

LIMIT = 60_000
"""Characters of the body; GitHub takes 65,536."""
CELLS = 8  # cells of a group that are listed


def text(date: str, diffs: Mapping[str, Json], troubles: Sequence[str]) -> str | None:
    """The issue as Markdown, its title first; None where no cell is a surprise.

    `diffs` are documents of `shelflife diff` by matrix, with what they are `against` in words;
    `troubles` are what else went wrong.
    """
    news = {name: diff for name, diff in diffs.items() if diff["surprises"]}
    if not news:
        return None
    count = sum(diff["surprises"] for diff in news.values())
    lines = [f"# Night of {date}: {cells(count)} worse than before in {', '.join(news)}"]
    for name, diff in news.items():
        lines += ["", f"## {name}", "", *_head(diff)]
        for group in diff["groups"]:
            if group["notice"] == Notice.SURPRISE:
                lines += ["", *_group(name, group)]
    return _cut([*lines, "", *_troubles(troubles)])


def _head(diff: Json) -> Iterator[str]:
    base, new = diff["base"], diff["new"]
    yield (
        f"Compared with {diff['against']}, begun {base['started']}: {diff['surprises']:,} of"
        f" {cells(new['cells'])} differ from it or from what was foreseen, for the worse or"
        " against an expectation."
    )
    for note in diff["notes"]:
        yield f"\n> {_flat(note)}"
    for moved in diff["environments"]:
        packages = ", ".join(
            f"{name} {old or 'none'} → {new or 'none'}"
            for name, (old, new) in moved["packages"].items()
        )
        yield f"\nEnvironment `{moved['id']}`: {packages or moved['how']}."


def _group(matrix: str, group: Json) -> Iterator[str]:
    yield f"### {group['kind']}: {group['outcome']}, {cells(group['count'])}"
    yield ""
    yield f"- cause: `{_code(group['cause']) or 'none given'}`"
    if group["says"]:
        yield f"- says: `{_code(group['says'])}`"
    yield f"- models: {_some(group['models'])}"
    yield f"- formats: {_some(group['formats'])}"
    pairs = [f"{producer} → {consumer}" for producer, consumer in group["pairs"]]
    yield f"- saved by → loaded by: {_some(pairs)}"
    if group["expected"]:
        yield f"- expected: {_flat(group['expected']['reason'])}"
    yield ""
    for change in group["cells"][:CELLS]:
        yield f"- `{_code(change['cell'])}`: {change['before'] or 'new'} → {change['after']}"
    if group["count"] > CELLS:
        yield f"- and {group['count'] - CELLS:,} more"
    yield from ["", "```sh", *commands(matrix, group["example"]), "```"]


def commands(matrix: str, cell: str) -> list[str]:
    """How to see it for oneself: the cell alone, its control with it."""
    try:
        CellId.parse(cell)
    except ValueError:
        return []
    quoted = shlex.quote(cell)
    return [f"shelflife run {matrix} --select {quoted} --fresh", f"shelflife show {quoted}"]


def _troubles(troubles: Sequence[str]) -> Iterator[str]:
    if troubles:
        yield "## What else went wrong"
        yield ""
        yield from (f"- {_flat(trouble)}" for trouble in troubles)


def _cut(lines: Sequence[str]) -> str:
    """As many whole lines as fit, a block of code closed where it was cut."""
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > LIMIT:
            fenced = sum(line.startswith("```") for line in kept) % 2
            kept += ["```"] * fenced + ["", "The rest is in the night's `diffs` folder."]
            break
        kept.append(line)
    return "\n".join(kept).rstrip() + "\n"


def _some(names: Sequence[str], named: int = 5) -> str:
    shown = ", ".join(f"`{_code(name)}`" for name in names[:named])
    return shown + (f" and {len(names) - named:,} more" if len(names) > named else "")


def _code(text: str | None) -> str:
    """For a span of code: one line, in which nothing ends the span."""
    return " ".join((text or "").split()).replace("`", "'")[:300]


def _flat(text: str) -> str:
    """A sentence without markup or mentions."""
    plain = " ".join(text.split())[:600]
    return plain.translate({ord(c): f"\\{c}" for c in "`*_[]<>#|"}).replace("@", "@\u200b")
