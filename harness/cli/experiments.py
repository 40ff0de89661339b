"""Commands that find a cause by trying: explain, bisect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import click
from rich.console import Console

from harness import attributions, causes, cores, evidence, explain, firstbad, project
from harness.cli.group import json_option, shelflife
from harness.errors import UserError
from harness.investigation import FAILED, Investigation
from harness.records import CellId

cell_argument = click.argument("name", metavar="CELL")
run_option = click.option("--run", "run_name", metavar="RUN", help="In this run; else the newest.")
record_option = click.option(
    "--record", is_flag=True, help="Keep what was found in matrices/causes/attributions.json."
)


@shelflife.command("explain")
@click.argument("name", metavar="[CELL]", required=False)
@run_option
@click.option("--causes", "every", metavar="RUN", help="One example of each root cause of RUN.")
@record_option
@click.option("--again", is_flag=True, help="With --causes: also those that are recorded already.")
@json_option
def explain_command(
    name: str | None,
    run_name: str | None,
    every: str | None,
    record: bool,
    again: bool,
    as_json: bool,
) -> None:
    """Say which package makes a cell fail: change one at a time between the two locks, and try."""
    if (name is None) == (every is None):
        raise click.UsageError("give a CELL, or --causes RUN")
    found = evidence.find(every or run_name)
    investigation = Investigation(found, project.results(), cores.count(), _say())
    folder = project.matrices() / "causes"
    known = set() if again or name else set(attributions.read(folder))
    cells = [_cell(name)] if name else [c for c in _examples(found) if str(c) not in known]
    for cell, explanation in explain.explain(investigation, cells):
        if record:
            part = {"explained": explanation.as_json()}
            attributions.keep(folder, explanation.subject.line, part)
        if as_json:
            click.echo(json.dumps({"cell": str(cell), **explanation.as_json()}))
        else:
            click.echo(explain.text(cell, explanation) + "\n")


@shelflife.command("bisect")
@cell_argument
@click.option(
    "--package", metavar="NAME", help="Of this package; else of the one that is to blame."
)
@run_option
@click.option("--all", "thorough", is_flag=True, help="Try every release between the two.")
@record_option
@json_option
def bisect_command(
    name: str,
    package: str | None,
    run_name: str | None,
    thorough: bool,
    record: bool,
    as_json: bool,
) -> None:
    """Find the first release of a package with which a cell fails."""
    found = evidence.find(run_name)
    investigation = Investigation(found, project.results(), cores.count(), _say())
    cell = _cell(name)
    bisection, explanation = firstbad.first_bad(investigation, cell, package, thorough)
    if record:
        parts = {"bisected": bisection.as_json()}
        if explanation:
            parts["explained"] = explanation.as_json()
        attributions.keep(project.matrices() / "causes", bisection.subject.line, parts)
    if as_json:
        click.echo(json.dumps({"cell": str(cell), **bisection.as_json()}))
        return
    if explanation:
        click.echo(f"{explain.sentence(explanation)}\n")
    click.echo(firstbad.text(cell, bisection))


def _cell(text: str) -> CellId:
    try:
        return CellId.parse(text)
    except ValueError as error:
        raise UserError(str(error), "List failing cells: shelflife causes") from None


def _examples(found: evidence.Evidence) -> Iterable[CellId]:
    """A cell of each root cause that artifacts fail with elsewhere, those of one pair together."""
    failing = [cause for cause in causes.group(found) if FAILED.intersection(cause.outcomes)]
    among = [[CellId.parse(cause.example), *cause.cells] for cause in failing]
    away = [[cell for cell in cells if not cell.is_control] for cells in among]
    examples = [cells[0] for cells in away if cells]
    return sorted(examples, key=lambda cell: (cell.producer, cell.consumer, str(cell)))


def _say() -> Callable[[str], None]:
    return Console(stderr=True, highlight=False).out
