"""Root causes for a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from harness.causes.groups import Cause
from harness.records import Outcome
from harness.remedies import Remedy
from harness.words import cells

WIDTH = 100  # characters of a line
NAMED = 4  # models or formats that are named before "and n more"

SAYS = {
    "format": "another format: {what} answers in {share}",
    "pin": "pin: loaded in {what}, {share} answer",
    "resave": "re-saved in {what}: {share} answer",
}


def text(causes: Sequence[Cause], with_unsupported: bool) -> str:
    """Every cause in a paragraph; what formats decline in one line, unless it is asked for."""
    declined = [c for c in causes if c.outcomes.keys() == {Outcome.UNSUPPORTED.value}]
    shown = [c for c in causes if with_unsupported or c not in declined]
    unknown = [cause for cause in shown if not cause.is_explained]
    parts = [f"{_causes(len(shown))}, {len(unknown)} of them unknown"]
    parts += [paragraph(cause) for cause in shown]
    if declined and not with_unsupported:
        total = sum(cause.count for cause in declined)
        parts.append(f"{cells(total)} unsupported: the format says why. List them with --all.")
    return "\n\n".join(parts)


def _causes(n: int) -> str:
    return f"{n:,} root cause" + ("" if n == 1 else "s")


def paragraph(cause: Cause) -> str:
    """One cause: what, how much, between which releases, why, what helps."""
    worst = max(cause.outcomes, key=lambda outcome: Outcome(outcome).severity)
    state = "" if cause.is_explained else "UNKNOWN  "
    rows = [f"{state}{worst}  {cause.id}", f"{cells(cause.count)}: {_listed(cause.outcomes)}"]
    rows[-1] += f"; {_listed(cause.directions)}"
    rows.append(f"models {_named(cause.models)}; formats {_named(cause.formats)}")
    if cause.first and cause.last:
        rows.append(f"first {' -> '.join(cause.first)}, last {' -> '.join(cause.last)}")
    rows += _said(cause)
    good = [found for found in cause.remedies if found.helps]
    rows += [f"helps: {remedy(found)}" for found in good] or ["helps: nothing that was tried"]
    rows += [f"no help: {remedy(found)}" for found in cause.remedies if not found.helps]
    rows.append(f"example: shelflife show {cause.example}")
    head, *rest = rows
    return "\n".join([head, *(_wrapped(row) for row in rest)])


def _said(cause: Cause) -> list[str]:
    rows = []
    if cause.methods:
        rows.append(f"answers otherwise: {_named(cause.methods)}")
    elif cause.errors:
        (type, message), _ = cause.errors.most_common(1)[0]
        rows.append(f"says: {type + ': ' if type else ''}{message}")
    if cause.known:
        rows.append(f"because: {cause.known.sentence}")
        rows += [f"hint, not tried: {cause.known.hint}"] if cause.known.hint else []
        rows += [f"see {link}" for link in cause.known.links]
    return rows


def remedy(found: Remedy) -> str:
    """`another format: skops answers in 12 of 30 cells`."""
    return SAYS[found.kind].format(what=found.what, share=f"{found.helps:,} of {cells(found.of)}")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{n:,} {name}" for name, n in counts.most_common())


def _named(counts: Counter[str]) -> str:
    names = [name for name, _ in counts.most_common(NAMED)]
    more = len(counts) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _wrapped(row: str) -> str:
    return textwrap.fill(
        row,
        WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
