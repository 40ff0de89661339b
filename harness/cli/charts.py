"""The command that draws what was measured."""

from __future__ import annotations

from pathlib import Path

import click

from harness import project
from harness.charts import page
from harness.cli.group import shelflife
from harness.errors import UserError
from harness.measure import records, store
from harness.measure.results import Results


@shelflife.command()
@click.argument("run", required=False, metavar="[RUN]")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), metavar="PATH",
              help="Folder of the charts; `charts` in the run's folder, unless given.")  # fmt: skip
def charts(run: str | None, out: Path | None) -> None:
    """Draw a run of `shelflife measure`: SVG files, and a page of them with their tables."""
    folder = store.find(project.results(), run)
    results = Results(records.read(folder))
    written = page.write(results, out or folder / "charts")
    if len(written) == 1:
        raise UserError(f"nothing was measured in {folder} yet", "Go on: shelflife measure")
    click.echo(written[0])
