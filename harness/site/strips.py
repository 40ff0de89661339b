"""A row of outcomes as cells of a table: neighbours with one outcome share one. Pure."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup, escape

from harness.report.columns import OUTCOMES
from harness.site.cells import NOTHING, Array
from harness.site.routes import Stop
from harness.words import LOOKS

WIDE = 5
"""So many columns have room for the outcome's word beside its symbol."""


class Strips:
    """Makes rows, the same ones once: models of one matrix share most of theirs."""

    def __init__(self) -> None:
        self._made: dict[tuple[bytes, int], Markup] = {}

    def of(self, outcomes: Array, control: int) -> Markup:
        """The cells of a row; `control` is the column of the environment that saved the model."""
        key = outcomes.tobytes(), control
        if key not in self._made:
            self._made[key] = strip(outcomes.tolist(), control)
        return self._made[key]


def row(producer: str, cells: Markup, *stops: Stop | None) -> Markup:
    """A row of a grid: what `producer` saved, and the last safe stops ahead and back."""
    ends = "".join(map(_stop, stops, ("on", "back")))
    # The only text from outside is an id, which is escaped.
    return Markup(f'<tr><th scope="row">{escape(producer)}</th>{cells}{ends}</tr>\n')  # noqa: S704


def _stop(stop: Stop | None, further: str) -> str:
    """The last safe stop; a dash where there is no release to go to."""
    if stop is None:
        return "<td>–</td>"
    again = f" <small>works again further {further}</small>" if stop.again else ""
    return f"<td>{escape(stop.safe) if stop.safe else 'nowhere'}{again}</td>"


def strip(outcomes: list[int], control: int) -> Markup:
    """The cells of one row as HTML; the control stands alone, what is not there is empty."""
    columns = enumerate(outcomes)
    parts = []
    for (outcome, own), run in groupby(columns, key=lambda c: (c[1], c[0] == control)):
        parts.append(_cell(outcome, own, sum(1 for _ in run)))
    # Nothing here comes from outside: ids, symbols and numbers of the harness's own.
    return Markup("".join(parts))  # noqa: S704


def _cell(outcome: int, control: bool, width: int) -> str:
    across = f' colspan="{width}"' if width > 1 else ""
    if outcome == NOTHING:
        return f"<td{across}></td>"
    look = OUTCOMES[outcome]
    own = ' class="control"' if control else ""
    hidden = "" if width >= WIDE else ' class="said"'
    word = f"<span{hidden}> {look.value}{', the control' if control else ''}</span>"
    return f'<td data-outcome="{look.value}"{across}{own}>{LOOKS[look].symbol}{word}</td>'
