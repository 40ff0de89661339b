"""The answer to a question: formats by rank, what is excluded and why, what is not known. Pure.

The rank of a format is one more than the number of ranked formats that stand before it: those of a
better level, and those of its own that the cells show to be better in what matters most. So a tie
is what cannot be told apart, and no two formats change places by chance alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.advise.rules import Level
from harness.factwords import Tone
from harness.records import Json

TIED = "in what matters most nothing measured tells them apart."
Share = tuple[float, float, float, int]
"""A share, its lower and its upper limit, and of how many saved models."""


@dataclass(frozen=True)
class Statement:
    """A sentence about a format, where its rule puts that, and where in the site to check it."""

    rule: str
    puts: str
    tone: Tone
    says: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Row:
    """A format in an answer. `keeps` is None where that is not known.

    `figures` has words for `size`, `start` and `memory`; '' for what is not known.
    """

    format: str
    keeps: Share | None
    figures: Mapping[str, str]
    says: Sequence[Statement]


@dataclass(frozen=True)
class Candidate:
    """A row with what ranks it: its place among levels, and what orders rows of one rank."""

    row: Row
    place: int
    value: float


@dataclass(frozen=True)
class Rank:
    """Formats of one rank; several are a tie. `levels` are those they are in, the gravest first."""

    rank: int
    levels: Sequence[Level]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Answer:
    """What can be said to a question, the headline first."""

    headline: str
    notices: Sequence[Statement]
    ranked: Sequence[Rank]
    unknown: Sequence[Row]
    excluded: Sequence[Row]


def ranked(
    some: Sequence[Candidate],
    better: frozenset[tuple[str, str]],
    within: Callable[[int], Sequence[Level]],
) -> list[Rank]:
    """The ranks of some formats, the best first; within a rank by value, then by name.

    Formats of two levels never share a rank. `better` has pairs of which the first is shown to be
    better than the second.
    """
    ranks: dict[tuple[int, int], list[Candidate]] = {}
    for one in some:
        before = sum(_stands_before(other, one, better) for other in some)
        ranks.setdefault((one.place, before + 1), []).append(one)
    return [
        Rank(rank, within(place), [c.row for c in sorted(ranks[place, rank], key=_order)])
        for place, rank in sorted(ranks)
    ]


def _stands_before(other: Candidate, one: Candidate, better: frozenset[tuple[str, str]]) -> bool:
    if other.place != one.place:
        return other.place < one.place
    return (other.row.format, one.row.format) in better


def _order(one: Candidate) -> tuple[float, str]:
    return one.value, one.row.format


def because(row: Row, puts: str) -> Row:
    """A row of a format that is not ranked: with the sentences that put it there alone."""
    return replace(row, says=tuple(one for one in row.says if one.puts == puts))


def headline(some: Sequence[Rank], unknown: Sequence[Row], excluded: Sequence[Row]) -> str:
    """The answer in a few sentences."""
    if not some:
        aside = [f"{len(excluded)} excluded"] if excluded else []
        aside += [f"of {len(unknown)} too little is known"] if unknown else []
        if not aside:
            return "No format was tried with these models."
        return f"No format can be recommended: {' and '.join(aside)}."
    first = some[0]
    return " ".join(filter(None, (_first(first.rows), _still(first.rows), does(first))))


def does(rank: Rank) -> str:
    """What the levels of a rank say of its formats, in a sentence."""
    phrases = [level.says for level in rank.levels]
    return f"{'Each' if len(rank.rows) > 1 else 'It'} {', and '.join(phrases)}."


def _first(rows: Sequence[Row]) -> str:
    names = [row.format for row in rows]
    if len(names) == 1:
        return f"{names[0]} comes first."
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    if len(names) > 4:
        listed = f"{', '.join(names[:3])} and {len(names) - 3} others"
    return f"{listed} share the first place: {TIED}"


def _still(rows: Sequence[Row]) -> str:
    """How many of the first ones' saved models go on answering."""
    shares = [row.keeps for row in rows if row.keeps]
    if len(shares) < len(rows):
        return ""
    if len(shares) == 1:
        share, low, high, _ = shares[0]
        return f"{percent(share)} ({between(low, high)}) of its saved models go on answering."
    values = [share for share, *_ in shares]
    return f"{between(min(values), max(values))} of their saved models go on answering."


def percent(share: float) -> str:
    """`87 %`; what is not all is never rounded to all, nor what is some to none."""
    whole = int(100 * share + 0.5)
    return f"{min(99, max(1, whole)) if 0 < share < 1 else whole} %"


def between(low: float, high: float) -> str:
    """Both as percents, `%` once; one of them where they are the same."""
    one, other = percent(low), percent(high)
    return one if one == other else f"{one.removesuffix(' %')}–{other}"


# -- JSON ----------------------------------------------------------------------------------------


def as_json(answer: Answer) -> Json:
    """The answer as `shelflife advise --json` and the page have it."""
    return {
        "headline": answer.headline,
        "notices": [statement_json(s) for s in answer.notices],
        "ranked": [
            {
                "rank": r.rank,
                "levels": [v.id for v in r.levels],
                "says": does(r),
                "rows": [row_json(row) for row in r.rows],
            }
            for r in answer.ranked
        ],
        "unknown": [row_json(row) for row in answer.unknown],
        "excluded": [row_json(row) for row in answer.excluded],
    }


def row_json(row: Row) -> Json:
    keeps = None
    if row.keeps:
        share, low, high, of = row.keeps
        keeps = {"share": share, "low": low, "high": high, "of": of}
    return {
        "format": row.format,
        "keeps": keeps,
        "figures": dict(row.figures),
        "says": [statement_json(s) for s in row.says],
    }


def statement_json(statement: Statement) -> Json:
    return {
        "rule": statement.rule,
        "puts": statement.puts,
        "tone": statement.tone.value,
        "says": statement.says,
        "links": [list(link) for link in statement.links],
    }
