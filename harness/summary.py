"""What a person wants to read at the end of a run: counts by outcome, the worst finds first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from harness.records import Cell, Outcome
from harness.words import LOOKS, cells

LISTED = 12


@dataclass
class Find:
    """Cells of one model between one pair that came out alike, in several formats."""

    example: Cell
    formats: list[str] = field(default_factory=list)

    def sentence(self) -> str:
        """The find in words."""
        cell = self.example
        what = f"{cell.id.model} saved by {cell.id.producer} and loaded by {cell.id.consumer}"
        return f"{what} {_verb(cell)} ({', '.join(self.formats)})"


@dataclass
class Tally:
    """Counts of a run, and its finds; takes cells one by one and keeps few of them."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    failed_controls: int = 0
    wrong: int = 0
    quiet: int = 0
    silent: int = 0
    finds: dict[tuple[Outcome, str, str, str, str], Find] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        self.outcomes[cell.outcome] += 1
        if cell.outcome is Outcome.NOTRUN:
            self.reasons[cell.reason or "no reason given"] += 1
        if cell.id.is_control and Outcome.CLOSE.severity < cell.outcome.severity:
            self.failed_controls += cell.outcome.is_result and cell.artifact is not None
        if cell.outcome in (Outcome.DRIFT, Outcome.CHANGED) and not cell.id.is_control:
            self.wrong += 1
            self.quiet += cell.error is None and not cell.warnings
            self.silent += cell.error is None
        if cell.outcome.severity >= Outcome.LOAD_ERROR.severity and cell.outcome.is_result:
            error = cell.error.type if cell.error else ""
            key = (cell.outcome, cell.id.model, cell.id.producer, cell.id.consumer, error)
            self.finds.setdefault(key, Find(cell)).formats.append(cell.id.format)

    def extend(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            self.add(cell)

    def worst(self, listed: int = LISTED) -> list[Find]:
        """The gravest finds, one per outcome and model; those without any error first."""
        by_model: dict[tuple[Outcome, str], list[Find]] = defaultdict(list)
        for key in sorted(self.finds, key=lambda key: (-key[0].severity, *key[1:])):
            by_model[key[:2]].append(self.finds[key])
        firsts = [finds[0] for finds in by_model.values()]
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
