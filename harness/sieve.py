"""Cells that come several times: the first line of each passes, and what later ones say is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from harness.records import Cell, CellId, Outcome

OUTCOMES = list(Outcome)


@dataclass
class Sieve:
    """Lets the first line of each cell pass, and keeps what later ones say otherwise.

    Of a cell that is as it was, 16 bytes and a number are kept: a million take 200 MB.
    """

    first: dict[bytes, int] = field(default_factory=dict)
    others: dict[CellId, dict[Outcome, Cell]] = field(default_factory=dict)

    @staticmethod
    def key(id: CellId | str) -> bytes:
        return hashlib.blake2b(str(id).encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def passes(self, cell: Cell) -> bool:
        """Whether this is the first line of its cell."""
        key, severity = self.key(cell.id), cell.outcome.severity
        before = self.first.get(key)
        if before is None:
            self.first[key] = severity
            return True
        if before != severity:
            self.others.setdefault(cell.id, {}).setdefault(cell.outcome, cell)
        return False

    def has(self, id: CellId | str) -> bool:
        """Whether any line of the cell has passed."""
        return self.key(id) in self.first

    def settled(self) -> dict[Outcome, list[Cell]]:
        """What to record in place of first lines, by the outcome that those had."""
        found: dict[Outcome, list[Cell]] = {}
        for id, others in sorted(self.others.items()):
            first = OUTCOMES[self.first[self.key(id)]]
            cell = _settled(first, others)
            if cell:
                found.setdefault(first, []).append(cell)
        return found


def _settled(first: Outcome, others: Mapping[Outcome, Cell]) -> Cell | None:
    """What several outcomes of one cell come to; None where the first stays."""
    said = {first, *others} - {Outcome.NOTRUN}
    if len(said) > 1:
        ordered = [outcome for outcome in OUTCOMES if outcome in said]
        worst = [outcome for outcome in ordered if outcome.is_result][-1]
        reason = f"two runs disagree: {', '.join(outcome.value for outcome in ordered)}"
        cell = next(iter(others.values()))
        return replace(cell, outcome=Outcome.INVALID, observed=worst, reason=reason)
    return others[said.pop()] if first is Outcome.NOTRUN else None
