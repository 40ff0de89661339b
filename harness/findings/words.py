"""Phrases of the page of findings: causes, remedies, pairs, commands. Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harness.causes import Cause
from harness.findings.attributions import Attributed
from harness.findings.gather import Findings
from harness.handbook.markdown import code, plain
from harness.remedies import Remedy
from harness.words import cells, count

HELPS = {
    "format": "{what} instead",
    "pin": "load it in {what}",
    "resave": "save it again in {what}",
}


def agree(n: int, one: str, many: str, noun: str = "cell") -> str:
    """`1 cell answers`, `12 cells answer`; without a noun `1 cause`, `12 causes`."""
    verb = one if n == 1 else many
    return f"{cells(n)} {verb}" if noun else f"{count(n)} {verb}"


def short(text: str, letters: int) -> str:
    """A text cut at a word, with a mark where it was."""
    if len(text) <= letters:
        return text
    return text[:letters].rsplit(" ", 1)[0] + " …"


def named(counts: Counter[str], most: int) -> str:
    """How many, and the most frequent of them by name."""
    names = ", ".join(code(name) for name, _ in counts.most_common(most))
    more = len(counts) - most
    return f"{count(len(counts))}: {names} and {more:,} more" if more > 0 else names


def failure(cause: Cause) -> str:
    """`load-error: AttributeError: no attribute`: what most of its cells say."""
    said = cause.errors.most_common(1)[0][0] if cause.errors else ("", "")
    outcome = max(cause.outcomes, key=lambda o: cause.outcomes[o])
    return f"{outcome}: {plain(short(': '.join(part for part in said if part), 110))}"


def span(cause: Cause) -> str:
    """The first and the last bad pair, and how many there are."""
    if not (cause.first and cause.last):
        return ""
    first, last = (f"{code(one)} → {code(other)}" for one, other in (cause.first, cause.last))
    ways = ", ".join(f"{n:,} {way}" for way, n in cause.directions.most_common())
    if len(cause.pairs) == 1:
        return f"{first} ({ways})"
    return f"{count(len(cause.pairs))} pairs, {first} to {last} ({ways})"


def why(cause: Cause, found: Sequence[Attributed]) -> str:
    """What explains it: a known cause, what `explain` has found, or nobody yet."""
    parts = []
    if cause.known:
        links = "".join(f" [{place}]({link})" for place, link in enumerate(cause.known.links, 1))
        parts.append(plain(cause.known.sentence) + links)
    parts += [apart(found)] if found else []
    return " ".join(part.rstrip(".") + "." for part in parts) or "not explained yet"


def apart(found: Sequence[Attributed]) -> str:
    """What `explain` and `bisect` have found, of the two culprits that most cells have."""
    parts = [
        f"In {cells(group.cells)} taken apart: "
        + plain("; ".join(s for s in (group.example.sentence, group.example.boundary) if s))
        for group in found[:2]
    ]
    return " ".join(part.rstrip(".") + "." for part in parts)


def helps(cause: Cause, most: int) -> str:
    """What was tried and helps, best first, with how often."""
    good = sorted((r for r in cause.remedies if r.helps), key=lambda r: -r.helps / r.of)
    said = [remedy(found) for found in good[:most]]
    tried = len(cause.remedies)
    return "; ".join(said) or ("nothing that was tried" if tried else "nothing was found to help")


def remedy(found: Remedy) -> str:
    """`skops instead (12 of 30)`."""
    return f"{HELPS[found.kind].format(what=code(found.what))} ({found.helps:,} of {found.of:,})"


def fold(title: str, body: str) -> str:
    """Behind a line that opens it."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


# -- commands ------------------------------------------------------------------------------------


def command(found: Findings, name: str, *options: str) -> str:
    """A command that says the same of the same evidence."""
    return code(" ".join(["shelflife", name, found.id, *options]))


def example(found: Findings, cell: str) -> str:
    """The command that shows one cell."""
    if found.is_baseline:
        return select(found, cell)
    return code(f"shelflife show {cell} --run {found.id}")


def select(found: Findings, pattern: str) -> str:
    """The command that lists the cells of a pattern."""
    which = f"--baseline {found.matrix}" if found.is_baseline else found.id
    quoted = f"'{pattern}'" if "*" in pattern else pattern
    return code(f"shelflife cells {which} --select {quoted}")


def causes_command(found: Findings) -> str:
    """The command that lists every cause."""
    return command(found, "causes")
