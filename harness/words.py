"""The words and symbols that the page has for each outcome and verdict; each written once, here."""

from __future__ import annotations

from dataclasses import dataclass

from harness.records import OK_OUTCOMES, Outcome

SILENT = frozenset({Outcome.DRIFT, Outcome.CHANGED})
"""The model loads and some answer is another one, whatever else fails beside it."""


@dataclass(frozen=True)
class Look:
    """How one outcome is shown: a symbol, and what it says in words."""

    symbol: str
    says: str


LOOKS: dict[Outcome, Look] = {
    Outcome.IDENTICAL: Look("✓", "every answer is the same, bit for bit"),
    Outcome.CLOSE: Look("≈", "every answer is within the stated tolerance"),
    Outcome.UNSUPPORTED: Look("–", "the format says that it cannot keep this model"),
    Outcome.DUMP_ERROR: Look("⊘", "saving the model fails with an error"),
    Outcome.LOAD_ERROR: Look("✕", "loading the model fails with an error"),
    Outcome.USE_ERROR: Look("!", "the model loads, then fails with an error when it is used"),
    Outcome.TIMEOUT: Look("◷", "the time limit passed before there was an answer"),
    Outcome.CRASH: Look("☠\ufe0e", "the process that loaded the model died"),
    Outcome.DRIFT: Look("Δ", "it loads, and numbers differ beyond the tolerance"),
    Outcome.CHANGED: Look("≠", "it loads, and labels, shape or type of an answer differ"),
    Outcome.INVALID: Look("?", "no result: the control, loaded where it was saved, failed"),
    Outcome.NOTRUN: Look("∕", "no result: the cell was not run"),
}

WORST_FIRST: tuple[Outcome, ...] = (
    *sorted((o for o in Outcome if o.is_result), key=lambda o: -o.severity),
    *(o for o in Outcome if not o.is_result),
)
"""Results from the worst to the mildest, then the two that are no result."""


def group(outcome: Outcome) -> str:
    """What kind of news an outcome is: silent, error, none (declined), good or absent."""
    if not outcome.is_result:
        return "absent"
    if outcome in OK_OUTCOMES:
        return "good"
    if outcome in SILENT:
        return "silent"
    return "none" if outcome is Outcome.UNSUPPORTED else "error"


def count(n: int) -> str:
    """`12,345`: a number as the page writes it."""
    return f"{n:,}"


def cells(n: int) -> str:
    """`1 cell`, `12 cells`."""
    return f"{n:,} cell" + ("" if n == 1 else "s")


def digits(value: float) -> str:
    """A number with three significant digits and no exponent, as long as it has six places."""
    return f"{float(f'{value:.3g}'):g}"


def size(n: float) -> str:
    """`512 B`, `12.3 kB`, `4.56 MB`: three digits, decimal prefixes."""
    value = float(n)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5 or unit == "GB":
            break
        value /= 1000
    return f"{value:.0f} B" if unit == "B" else f"{digits(value)} {unit}"
