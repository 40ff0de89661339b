"""Commands that read what is recorded: report, handbook, show, cells, list."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from harness import (
    baseline,
    evidence,
    handbook,
    matrix,
    plan,
    project,
    registry,
    show,
    store,
)
from harness.cli.group import json_option, select_option, shelflife
from harness.errors import UserError
from harness.evidence import Evidence
from harness.records import CellId
from harness.source import Source

baseline_option = click.option(
    "--baseline", "matrix_name", metavar="MATRIX", help="Of the committed baseline of a matrix."
)


@shelflife.command()
@click.argument("run_name", metavar="[RUN]", required=False)
@baseline_option
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Folder of the site.")
def report(run_name: str | None, matrix_name: str | None, out: Path | None) -> None:
    """Write the static site of a run: the newest, or RUN."""
    found = _evidence(run_name, matrix_name)
    folder = found.folder / "site" if isinstance(found, store.Run) else None
    if not (out or folder):
        raise click.UsageError("a baseline has no folder of its own: say --out PATH")
    site = importlib.import_module("harness.report")  # charts: half a second no other command needs
    source = found.folder if isinstance(found, store.Run) else found
    index = site.write_site(source, out or folder)
    click.echo(f"Report of {found.id}: {index}")


@shelflife.command("handbook")
@click.argument("run_name", metavar="[RUN]", required=False)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Folder of the pages.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a page would change.")
def handbook_command(run_name: str | None, out: Path | None, check: bool) -> None:
    """Make the pages of the formats anew, from the facts committed there or those of RUN."""
    if check and run_name:
        raise click.UsageError("--check takes no RUN: it reads facts.json")
    folder = out or project.ROOT / "docs" / "formats"
    known = registry.read()  # without plugins: the pages are of the project's own formats
    if run_name:
        handbook.take(store.find(project.results(), run_name), folder)
    changed = handbook.differing(folder, known) if check else handbook.write(folder, known)
    for name in changed:
        click.echo(f"{'differs' if check else 'written'} {name}")
    if check and changed:
        raise click.exceptions.Exit(1)


@shelflife.command("show")
@click.argument("cell", metavar="CELL")
@click.option("--run", "run_name", help="In this run; otherwise the newest that has the cell.")
@baseline_option
@json_option
def show_command(cell: str, run_name: str | None, matrix_name: str | None, as_json: bool) -> None:
    """Everything known about one cell, and the command that runs it again alone."""
    candidates: Sequence[Evidence] = (
        [_evidence(run_name, matrix_name)]
        if run_name or matrix_name
        else store.runs(project.results())[::-1]
    )
    run_found, line = show.find(cell, candidates)
    if as_json:
        click.echo(json.dumps({"run": run_found.id, **line}))
        return
    click.echo(show.text(run_found, line))


@shelflife.command()
@click.argument("run_name", metavar="[RUN]", required=False)
@baseline_option
@select_option
def cells(run_name: str | None, matrix_name: str | None, patterns: tuple[str, ...]) -> None:
    """The cells of a run as JSON lines: of the newest, or of RUN."""
    found = _evidence(run_name, matrix_name)
    taken = 0
    for line in _selected(found, patterns):
        click.echo(json.dumps(line, separators=(",", ":")))
        taken += 1
    if patterns and not taken:
        raise UserError(f"{' '.join(patterns)!r} selects no cell of {_called(found)}")


def _evidence(run_name: str | None, matrix_name: str | None) -> Evidence:
    """The baseline of a matrix where one is named, or a run."""
    if run_name and matrix_name:
        raise click.UsageError("RUN and --baseline are two things: name one")
    return evidence.find(evidence.BASELINE + matrix_name if matrix_name else run_name)


def _called(found: Evidence) -> str:
    return f"run {found.id}" if isinstance(found, store.Run) else found.id


def _selected(found: Evidence, patterns: Sequence[str]) -> Iterator[Any]:
    for line in found.lines():
        id = CellId.parse(line["cell"])
        if not patterns or any(plan.matches(id, pattern) for pattern in patterns):
            yield line


@shelflife.command("list")
@click.argument(
    "what",
    type=click.Choice(["models", "formats", "environments", "matrices", "runs", "baselines"]),
)
@json_option
def list_command(what: str, as_json: bool) -> None:
    """List what there is."""
    rows = _listed(what)
    if as_json:
        click.echo(json.dumps(rows, default=str))
        return
    plain = [row for row in rows if not row.get("wraps")]
    width = max((len(row["id"]) for row in plain), default=0)
    for row in plain:
        click.echo(f"{row['id']:<{width}}  {row['summary']}")
    wrappers = sorted({row["id"].removeprefix(row["wraps"]) for row in rows if row.get("wraps")})
    if wrappers:
        click.echo(f"\nAlso within one of {', '.join(wrappers)}, such as pickle-5{wrappers[0]}.")


def _listed(what: str) -> list[dict[str, Any]]:
    folder = project.matrices()
    match what:
        case "models":
            return [asdict(model) for model in registry.read(project.plugins()).models]
        case "formats":
            return [asdict(format) for format in registry.read(project.plugins()).formats]
        case "environments":
            found = matrix.declared(folder).values()
            return [{**asdict(e), "summary": show.environment(e)} for e in found]
        case "runs":
            return [show.run_row(found) for found in store.runs(project.results())]
        case "baselines":
            return [show.baseline_row(each) for each in baseline.baselines(evidence.baselines())]
        case _:
            sources = [Source.read(path) for path in matrix.files(folder)]
            return [{"id": s.path.stem, "summary": s.data.get("description", "")} for s in sources]
