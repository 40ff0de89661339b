"""What a person wants to read at the end of a run: counts by outcome, the worst finds first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harness.records import OK_OUTCOMES, Cell, Outcome
from harness.words import LOOKS, cells

LISTED = 12
FINDS = frozenset(
    outcome
    for outcome in Outcome
    if outcome.is_result and outcome.severity >= Outcome.LOAD_ERROR.severity
)


Key = tuple[Outcome, str, str, str, str]
"""Outcome, model, producer, consumer and type of the error."""


@dataclass(frozen=True)
class Find:
    """Cells of one model between one pair that came out alike, in several formats."""

    example: Cell
    formats: Sequence[str]

    def sentence(self) -> str:
        """The find in words."""
        cell = self.example
        what = f"{cell.id.model} saved by {cell.id.producer} and loaded by {cell.id.consumer}"
        return f"{what} {_verb(cell)} ({', '.join(self.formats)})"


@dataclass
class Tally:
    """Counts of a run, and its finds; takes cells one by one.

    Of each find it keeps the formats, and a cell only for the first find of an outcome and a model
    in the order of their keys: no other is ever told.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    failed_controls: int = 0
    wrong: int = 0
    quiet: int = 0
    silent: int = 0
    finds: dict[Key, list[str]] = field(default_factory=dict)
    examples: dict[tuple[Outcome, str], tuple[Key, Cell]] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        self.outcomes[cell.outcome] += 1
        if cell.outcome in OK_OUTCOMES:
            return
        if cell.outcome is Outcome.NOTRUN:
            self.reasons[cell.reason or "no reason given"] += 1
        if cell.id.is_control:
            self.failed_controls += cell.outcome.is_result and cell.artifact is not None
        elif cell.outcome in (Outcome.DRIFT, Outcome.CHANGED):
            self.wrong += 1
            self.quiet += cell.error is None and not cell.warnings
            self.silent += cell.error is None
        if cell.outcome in FINDS:
            self._find(cell)

    def _find(self, cell: Cell) -> None:
        error = cell.error.type if cell.error else ""
        key = (cell.outcome, cell.id.model, cell.id.producer, cell.id.consumer, error)
        formats = self.finds.setdefault(key, [])
        formats.append(cell.id.format)
        known = self.examples.get(key[:2])
        if len(formats) == 1 and (known is None or key[2:] < known[0][2:]):
            self.examples[key[:2]] = key, cell

    def extend(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            self.add(cell)

    def worst(self, listed: int = LISTED) -> list[Find]:
        """The gravest finds, one per outcome and model; those without any error first."""
        found = sorted(self.examples.values(), key=lambda e: (-e[0][0].severity, *e[0][1:]))
        firsts = [Find(cell, self.finds[key]) for key, cell in found]
        firsts.sort(
            key=lambda find: (-find.example.outcome.severity, find.example.error is not None)
        )
        return firsts[:listed]


def _verb(cell: Cell) -> str:
    """What the loaded model does, in words, with the figure that shows it."""
    match cell.outcome:
        case Outcome.DRIFT | Outcome.CHANGED:
            return f"answers otherwise: {_difference(cell)}"
        case Outcome.CRASH | Outcome.TIMEOUT:
            stage = cell.error.stage if cell.error else "an unknown stage"
            what = "kills its process" if cell.outcome is Outcome.CRASH else "never ends"
            return f"{what} at {stage}"
        case _:
            error = cell.error
            if error is None:
                return f"is {cell.outcome}"
            first = error.message.strip().splitlines()[:1] or ["no message"]
            where = (
                "cannot be loaded"
                if cell.outcome is Outcome.LOAD_ERROR
                else f"fails at {error.stage}"
            )
            return f"{where}: {error.type}: {first[0][:120]}"


def _difference(cell: Cell) -> str:
    graver = [
        (name, found)
        for name, found in cell.methods.items()
        if found.verdict.value == cell.outcome.value
    ]
    if not graver:
        return cell.reason or "see its page"
    name, found = graver[0]
    row = f" in row {found.worst_row}" if found.worst_row is not None else ""
    figure = found.note or f"up to {found.max_abs_diff:.3g}"
    more = f", and {len(graver) - 1} more of its methods" if len(graver) > 1 else ""
    return f"{name} gives {figure}{row}{more}"


def text(tally: Tally, planned: int) -> str:
    """The summary as plain text."""
    total = sum(tally.outcomes.values())
    lines = [f"{total:,} of {planned:,} cells", ""]
    for outcome in Outcome:
        count = tally.outcomes[outcome]
        if count:
            look = LOOKS[outcome]
            share = f"{100 * count / total:5.1f} %"
            lines.append(f"  {look.symbol} {outcome:<12} {count:>8,}  {share}  {look.says}")
    if tally.wrong:
        lines += ["", f"Other answers than the saved model gave: {cells(tally.wrong)};"]
        lines.append(f"{tally.silent:,} raise no error anywhere, {tally.quiet:,} do not even warn.")
    finds = tally.worst()
    if finds:
        lines += ["", "Worst first:"]
        lines += [f"  {LOOKS[find.example.outcome].symbol} {find.sentence()}" for find in finds]
        left = len(tally.finds) - len(finds)
        if left > 0:
            lines.append(f"  ... and {left:,} more finds: shelflife report")
    for reason, count in tally.reasons.most_common(5):
        lines += ["" if reason is None else f"  · {count:,} not run: {reason[:160]}"]
    if tally.failed_controls:
        lines.append(f"  ? {tally.failed_controls:,} controls failed: their cells say nothing")
    return "\n".join(lines)


def sheets(filled: int, empty: Mapping[str, str], refuted: Sequence[str]) -> str:
    """How many formats were tried, and what of their claims did not hold."""
    lines = [f"\n  Facts of {filled} formats."]
    reasons = Counter(empty.values())
    lines += [f"  No facts of {n} formats: {reason}" for reason, n in reasons.items()]
    lines += [f"  Refuted: {sentence}" for sentence in refuted]
    return "\n".join(lines)
