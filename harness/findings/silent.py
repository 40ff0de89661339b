"""The section of wrong answers without an error: where, how wrong, warned, why, what helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isinf

from harness import worth
from harness.causes import Cause, fingerprints
from harness.findings import attributions, words
from harness.findings.attributions import Attribution
from harness.findings.gather import Drift, Findings, Size
from harness.handbook.markdown import code, plain, table
from harness.words import cells, count

OPEN = 12
"""Wrong answers of one matrix that are told in full; the others stand in a table behind a fold."""
MOST = 150
METHODS = 3
HEAD = (
    "What", "Models", "Pairs", "Largest difference", "Elements", "Warned", "Helps", "For example",
)  # fmt: skip


def section(found: Sequence[Findings], known: Mapping[str, Attribution]) -> list[str]:
    """Every matrix that has such cells, the gravest causes first."""
    some = [one for one in found if one.silent]
    if not some:
        return ["None was found."]
    parts = [
        "The model loads, nothing raises, and some answer is another one. Those that did not even "
        "warn stand first, then those that hit most models."
    ]
    for one in some:
        parts.append(f"### {plain(one.matrix)}: {_tally(one)}")
        parts += [part for drift in one.silent[:OPEN] for part in told(one, drift, known)]
        rest = one.silent[OPEN : OPEN + MOST]
        if rest:
            rows = table(HEAD, [row(one, drift) for drift in rest])
            parts.append(words.fold(f"{len(one.silent) - OPEN:,} more", rows))
        left = len(one.silent) - OPEN - MOST
        parts += [f"{left:,} more: {words.causes_command(one)}"] if left > 0 else []
    return parts


def _tally(found: Findings) -> str:
    causes = words.agree(len(found.silent), "cause", "causes", "")
    return f"{cells(found.counts.silent)}, {causes}"


def told(found: Findings, drift: Drift, known: Mapping[str, Attribution]) -> list[str]:
    """One cause of wrong answers: a heading and what is known of it."""
    cause, size = drift.cause, drift.size
    said = attributions.of(cause.cells, known)
    facts = [
        ("Answers otherwise", methods(drift)),
        ("Models", f"{words.named(cause.models, 4)}; formats {words.named(cause.formats, 4)}"),
        ("Pairs", words.span(cause)),
        ("How wrong", wrong(size)),
        ("Warned", warned(size, cause.count)),
        ("Cause", words.why(cause, said)),
        ("Helps", words.helps(cause, 3)),
        ("Cells", f"{_selection(found, drift)}; for example {words.example(found, cause.example)}"),
    ]
    return [f"#### {title(drift)}", "\n".join(f"- {name}: {value}" for name, value in facts)]


def title(drift: Drift) -> str:
    """`gb: drift in predict_proba, 12 cells`."""
    return f"{name(drift)}, {cells(drift.cause.count)}"


def name(drift: Drift) -> str:
    """`gb: drift in predict_proba`."""
    outcome = "changed" if "changed" in drift.cause.outcomes else "drift"
    return f"{plain(_families(drift.cause))}: {outcome} in {plain(_worst_method(drift))}"


def headline(drift: Drift) -> str:
    """`predict_proba of gb answers otherwise`."""
    return f"{code(_worst_method(drift))} of {plain(_families(drift.cause))} answers otherwise"


def _families(cause: Cause) -> str:
    """The kinds of its models, three of them by name."""
    families = sorted({model.partition(".")[0] for model in cause.models})
    more = f" and {len(families) - 3} more" if families[3:] else ""
    return ", ".join(families[:3]) + more


def _worst_method(drift: Drift) -> str:
    """The method that most cells answer otherwise; of several, the one that tells most."""
    counts = drift.cause.methods
    plainly = [name for name in counts if "/" not in name] or list(counts)
    return max(plainly, key=lambda m: (counts[m], -_place(m), m), default="an answer")


def methods(drift: Drift) -> str:
    """Which methods answer otherwise, and in how many cells."""
    counts = drift.cause.methods
    shown = [f"{code(name)} in {count(n)}" for name, n in counts.most_common(4)]
    more = len(counts) - len(shown)
    ways = ", ".join(f"{n:,} {outcome}" for outcome, n in drift.cause.outcomes.most_common())
    return f"{', '.join(shown)}{f' and {more} more' if more > 0 else ''} ({ways})"


def wrong(size: Size) -> str:
    """How far off the answers are, over the cells of a cause: by method, the least and the most."""
    parts = []
    far = sorted(size.differences.items(), key=lambda item: (_place(item[0]), -item[1][1]))
    for name, (least, most) in far[:METHODS]:
        span = number(most) if least == most else f"{number(least)} to {number(most)}"
        parts.append(f"{code(name)} by {span}")
    if size.differing:
        element = "element" if size.elements == 1 else "elements"
        parts.append(
            f"labels or other exact values differ in {cells(size.differing)}, "
            f"in up to {count(size.elements)} {element} of one answer"
        )
    if size.reshaped:
        parts.append(f"another shape or type in {cells(size.reshaped)}")
    return "; ".join(parts) or "see its cells"


def _place(method: str) -> int:
    telling = fingerprints.TELLING
    return telling.index(method) if method in telling else len(telling)


def number(value: float) -> str:
    """`0.15`, `3.2e-08`, `infinity`."""
    return "infinity" if isinf(value) else f"{value:.2g}"


def warned(size: Size, total: int) -> str:
    """Who said what."""
    about, other, none = (size.said[key] for key in (worth.VERSION, worth.OTHER, worth.SILENT))
    if none == total:
        return "**nothing warned**"
    parts = [f"{count(about)} of {count(total)} about versions"]
    parts += [f"{count(other)} of something else"] if other else []
    parts += [f"**{count(none)} said nothing**"] if none else []
    return ", ".join(parts)


def row(found: Findings, drift: Drift) -> tuple[str, ...]:
    """The same on one line of a table."""
    cause, size = drift.cause, drift.size
    labels = f"{count(size.elements)} in {cells(size.differing)}" if size.differing else ""
    return (
        title(drift),
        words.named(cause.models, 2),
        words.span(cause),
        number(size.most) if size.most else "",
        labels,
        warned(size, cause.count),
        words.helps(cause, 1),
        words.example(found, cause.example),
    )


def _selection(found: Findings, drift: Drift) -> str:
    """A pattern that holds cells of the cause, and how many of it there are."""
    cause = drift.cause
    model = cause.models.most_common(1)[0][0]
    inside = [cell for cell in cause.cells if cell.model == model]
    pair = (inside[0].producer, inside[0].consumer)
    n = sum((cell.producer, cell.consumer) == pair for cell in inside)
    pattern = f"{model}/*/{pair[0]}/{pair[1]}"
    return f"{cells(n)} of it are in {words.select(found, pattern)}"
