"""The worth of warnings in tables, for the terminal, the JSON, the site and the findings. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from harness.aligned import aligned
from harness.records import Json
from harness.worth import (
    FAILS,
    KINDS,
    OTHER,
    OTHERWISE,
    RIGHT,
    SILENT,
    SPOKEN,
    VERSION,
    Judgement,
    Key,
    Share,
    Table,
    Worth,
    judgements,
    measures,
)

SAYS = {
    VERSION: "warned about versions",
    OTHER: "warned of something else",
    SILENT: "said nothing",
}
BECAME = {RIGHT: "answers as before", FAILS: "fails", OTHERWISE: "answers otherwise"}
MEASURED = {
    "precision": "of the cells that warn about versions answer otherwise",
    "trouble": "of the cells that warn about versions answer otherwise or fail",
    "recall": "of the cells that answer otherwise had warned about versions",
    "heard": "of the cells that answer otherwise had warned of anything",
    "quiet": "of the cells that do not warn about versions answer otherwise",
}
HEADS = ("warned: otherwise", "or fails", "otherwise: had warned", "unwarned: otherwise")
BY: dict[str, tuple[tuple[str, ...], Callable[[Key], tuple[str, ...]]]] = {
    "format": (("format",), lambda key: (key[0],)),
    "direction": (("direction",), lambda key: (key[1],)),
    "pair": (("direction", "distance"), lambda key: key[1:]),
    "all": (("format", "direction", "distance"), lambda key: key),
}


def as_json(id: str, header: Json, found: Worth, by: str) -> Json:
    """All that `shelflife worth --json` says."""
    headings, key = BY[by]
    return {
        "evidence": id,
        "matrix": header["matrix"],
        "whole": table_json(found.whole()),
        "by": list(headings),
        "groups": [
            {"group": list(group), **table_json(table)} for group, table in found.by(key).items()
        ],
        "claims": [_judgement_json(judged) for judged in judgements(found)],
    }


def table_json(table: Table) -> Json:
    """Counts and shares of one table."""
    found = measures(table)
    return {
        "cells": table.cells,
        "counts": {said: {kind: table.counts[said, kind] for kind in KINDS} for said in SPOKEN},
        **{name: _share_json(getattr(found, name)) for name in MEASURED},
    }


def _share_json(share: Share) -> Json:
    low, high = share.limits
    return {**asdict(share), "share": share.share, "low": low, "high": high}


def _judgement_json(judged: Judgement) -> Json:
    return {
        "claim": judged.claim,
        "reading": judged.reading,
        "verdict": judged.verdict,
        "says": judged.says,
        "sources": list(judged.sources),
        **_share_json(judged.share),
    }


def percent(share: Share) -> str:
    """`5.6 % (5.1-6.1)`; `-` of nothing."""
    if share.share is None:
        return "-"
    low, high = (100 * limit for limit in share.limits)
    return f"{100 * share.share:.1f} % ({low:.1f}-{high:.1f})"


def counted(share: Share) -> str:
    """`477 of 8,536: 5.6 % (5.1-6.1)`."""
    return f"{share.hits:,} of {share.of:,}: {percent(share)}" if share.of else "none to count"


def text(id: str, found: Worth, by: str) -> str:
    """All that `shelflife worth` prints."""
    whole = found.whole()
    if not whole.cells:
        return f"{id} has no cell that was loaded elsewhere and has a result."
    headings, key = BY[by]
    groups = [
        [*group, f"{table.cells:,}", *map(percent, figures(table))]
        for group, table in found.by(key).items()
    ]
    head = [*headings, "cells", *HEADS]
    return "\n\n".join(
        [
            f"What a warning is worth in {id}: {whole.cells:,} cells loaded elsewhere",
            square(whole),
            "\n".join(f"  {counted(share)} {MEASURED[name]}" for name, share in _named(whole)),
            aligned(head, groups, len(headings)),
            "Published claims",
            *(f"  {j.claim}\n  {j.verdict}: {j.says}" for j in judgements(found)),
            "In brackets: Wilson's 95 % limits, as if cells were independent, which they are not.",
        ]
    )


def square(table: Table) -> str:
    """Who said what, and what became of it."""

    def counts(said: tuple[str, ...]) -> list[str]:
        return [f"{n:,}" for n in (*(table.of(said, (kind,)) for kind in KINDS), table.of(said))]

    rows = [[SAYS[said], *counts((said,))] for said in SPOKEN]
    total = ["", *counts(SPOKEN)]
    return aligned(["", *(BECAME[kind] for kind in KINDS), "cells"], [*rows, total])


def _named(table: Table) -> list[tuple[str, Share]]:
    found = measures(table)
    return [(name, getattr(found, name)) for name in MEASURED]


def figures(table: Table) -> list[Share]:
    """The shares that stand under HEADS."""
    found = measures(table)
    return [found.precision, found.trouble, found.recall, found.quiet]
