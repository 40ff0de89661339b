"""The command that makes what is committed: baseline."""

from __future__ import annotations

from pathlib import Path

import click

from harness import baseline, evidence
from harness.cli.group import shelflife
from harness.errors import UserError
from harness.words import cells


@shelflife.command("baseline")
@click.argument("run_name", metavar="[RUN]", required=False)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Folder of the baseline.")
def baseline_command(run_name: str | None, out: Path | None) -> None:
    """Write what a run has found, the newest or RUN, as the baseline of its matrix."""
    found = evidence.find(run_name)
    if next(found.marks(), None) is None:
        raise UserError(f"{found.id} has no cell", "Name another run: shelflife list runs")
    made = baseline.write(found.header(), found.lines(), out or evidence.baselines())
    size = made.path.stat().st_size / 1000
    click.echo(f"Baseline of {made.matrix}, {made.state}, {size:,.0f} kB: {made.path}")
    if not made.is_complete:
        planned = cells(found.header()["planned"])
        click.echo(f"A part of the matrix: {made.cells_kept:,} of {planned}.")
