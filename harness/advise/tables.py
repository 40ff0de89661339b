"""An answer as tables for a terminal, and as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.table import Table
from rich.text import Text

from harness.advise.advisor import Advisor
from harness.advise.answers import (
    Answer,
    Row,
    Share,
    Statement,
    as_json,
    between,
    percent,
)  # fmt: skip
from harness.advise.links import patterns
from harness.advise.rules import Question
from harness.evidence import BASELINE
from harness.factwords import SYMBOLS
from harness.records import Json
from harness.words import count


def document(advisor: Advisor, question: Question, answer: Answer) -> Json:
    """What `shelflife advise --json` prints. Links are addresses in the site."""
    subject = advisor.subject
    return {
        "subject": {"name": subject.name, "what": subject.what, "library": subject.library,
                    "models": list(subject.models)},
        "evidence": [shelf.source for shelf in advisor.shelves],
        "question": asdict(question),
        "answer": as_json(answer),
        "untried": advisor.untried,
    }  # fmt: skip


def parts(advisor: Advisor, question: Question, answer: Answer) -> Iterator[Table | str]:
    """What `shelflife advise` prints: the answer, what it is ranked by, and where to check it."""
    subject = advisor.subject
    of = f" of {subject.library}" if subject.library else ""
    yield f"{subject.name}: {count(len(subject.models))} models{of}"
    asked = [f"{p.short}: {p.options[getattr(question, p.id)]}" for p in advisor.rules.parts]
    yield f"{'; '.join(asked)}\n"
    yield f"{answer.headline}\n"
    if answer.ranked:
        yield _ranked(answer)
    for title, rows in (("Excluded", answer.excluded), ("Too little is known", answer.unknown)):
        if rows:
            yield _unranked(title, rows)
    for notice in answer.notices:
        yield notice.says
    for shelf in advisor.shelves:
        yield f"Cells: {_command(shelf.source, patterns(shelf, subject))}"


def _ranked(answer: Answer) -> Table:
    """A row a format; a rank is written once, so that a tie looks like one."""
    table = Table(title="Ranked", title_justify="left", pad_edge=False)
    table.add_column("", justify="right")
    shown = [w for w in ("size", "start", "memory") if any(r.figures[w] for r in _rows(answer))]
    for name in ("format", "keeps", *shown):
        table.add_column(name, overflow="fold")
    table.add_column("what is known of it", overflow="fold", ratio=1)
    for rank in answer.ranked:
        for place, row in enumerate(rank.rows):
            last = place == len(rank.rows) - 1
            table.add_row(
                _place(rank.rank, len(rank.rows)) if not place else "", Text(row.format),
                _kept(row.keeps), *(Text(row.figures[w]) for w in shown), _says(row.says),
                end_section=last,
            )  # fmt: skip
    return table


def _rows(answer: Answer) -> list[Row]:
    return [row for rank in answer.ranked for row in rank.rows]


def _place(rank: int, of: int) -> str:
    return str(rank) if of == 1 else f"{rank}\ntie of {of}"


def _kept(share: Share | None) -> Text:
    if share is None:
        return Text("not known")
    value, low, high, of = share
    return Text(f"{percent(value)}\n({between(low, high)}, of {count(of)})")


def _unranked(title: str, rows: Sequence[Row]) -> Table:
    """Formats of which the same is said stand together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        alike.setdefault(tuple(one.says for one in row.says), []).append(row.format)
    said = {tuple(one.says for one in row.says): row.says for row in rows}
    table = Table(title=title, title_justify="left", pad_edge=False)
    table.add_column("format", overflow="fold", max_width=40)
    table.add_column("why", overflow="fold", ratio=1)
    for words, formats in alike.items():
        table.add_row(Text(", ".join(formats)), _says(said[words]), end_section=True)
    return table


def _says(some: Sequence[Statement]) -> Text:
    return Text("\n".join(f"{SYMBOLS[one.tone] or '-'} {one.says}" for one in some))


def _command(source: str, models: Sequence[str]) -> str:
    """The command that prints the cells behind an answer."""
    named = f"--baseline {source.removeprefix(BASELINE)}" if source.startswith(BASELINE) else source
    chosen = " ".join(f"-s {shlex.quote(f'{model}/*')}" for model in models[:4])
    return f"shelflife cells {named} {chosen}" + (" ..." if len(models) > 4 else "")
