"""The command that writes the site that people publish."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import click

from harness import baseline, cores, evidence, project
from harness.cli.group import shelflife
from harness.evidence import Evidence
from harness.measure import records
from harness.measure import store as measuring
from harness.measure.records import HEADER, LINES


@shelflife.command()
@click.argument("names", metavar="[RUN]...", nargs=-1)
@click.option("--out", "-o", type=click.Path(path_type=Path, file_okay=False), metavar="PATH",
              help="Folder of the site; `site` in the results' folder, unless given.")  # fmt: skip
@click.option("--measured", metavar="RUN", multiple=True,
              help="A run of `shelflife measure`: the newest, and those committed.")  # fmt: skip
def site(names: tuple[str, ...], out: Path | None, measured: tuple[str, ...]) -> None:
    """Write the site to publish: of the committed baselines, or of RUNs."""
    made = importlib.import_module("harness.site")  # charts: half a second no other command needs
    gather = importlib.import_module("harness.site.gather")
    kept = gather.kept(
        project.matrices(), project.ROOT / "docs" / "formats", project.claims(), project.measured()
    )
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    folder = out or project.results() / "site"
    runs, before = measuring_runs(measured), _before(names)
    index = made.write_all(_evidence(names), runs, kept, folder, now, before, cores.count())
    click.echo(f"Site: {index}")


def _evidence(names: tuple[str, ...]) -> Iterator[Evidence]:
    if names:
        return map(evidence.find, names)
    return iter(baseline.baselines(evidence.baselines()))


def _before(names: tuple[str, ...]) -> Mapping[str, Evidence]:
    """The committed results that runs are compared with, by matrix; a baseline has none before."""
    if all(name.startswith(evidence.BASELINE) for name in names):
        return {}
    return {one.matrix: one for one in baseline.baselines(evidence.baselines())}


def measuring_runs(names: tuple[str, ...]) -> Mapping[str, Path]:
    """The measuring runs that are asked for; else those committed, and the newest here.

    Of those here the newest that has come to a block, since one that was given up says nothing.
    """
    if names:
        found = [measuring.find(project.results(), name) for name in names]
    else:
        committed = sorted(path.parent for path in project.measured().glob(f"*/{HEADER}"))
        here = filter(_has_blocks, measuring.runs(project.results())[::-1])
        found = [*islice(here, 1), *committed]
    return {folder.name: folder for folder in found}


def _has_blocks(folder: Path) -> bool:
    return any(line["kind"] == "process" for line in records.lines(folder / LINES))
