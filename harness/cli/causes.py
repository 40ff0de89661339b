"""Commands about why cells fail and what helps: causes, remedy."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from harness import causes, environments, evidence, plan, project, remedies, resave, session
from harness.cli.group import json_option, select_option, shelflife
from harness.errors import UserError
from harness.records import CellId, Json
from harness.remedies import Tried


@shelflife.command("causes")
@click.argument("name", metavar="[RUN]", required=False)
@select_option
@click.option("--all", "everything", is_flag=True, help="Also what formats say they cannot keep.")
@click.option("--unused", is_flag=True, help="Only name the known causes that explain no cell.")
@json_option
def causes_command(
    name: str | None, patterns: tuple[str, ...], everything: bool, unused: bool, as_json: bool
) -> None:
    """Root causes of the failing cells: unknown ones first, then the gravest."""
    folder = project.matrices() / "causes"
    known, tried = causes.read(folder), remedies.read(folder / "tried.json")
    found = evidence.find(name)
    groups = causes.group(found, known, tried, lambda cell: _wanted(cell, patterns))
    if patterns and not groups:
        raise UserError(f"{' '.join(patterns)!r} selects no failing cell of {found.id}")
    if unused:
        click.echo("\n".join(causes.unused(known, groups)) or "every known cause is used")
    elif as_json:
        listed = [causes.as_json(group) for group in groups]
        click.echo(json.dumps({"run": found.id, "causes": listed}))
    else:
        click.echo(f"{found.id}: {causes.text(groups, everything)}")


def _wanted(cell: CellId, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(plan.matches(cell, pattern) for pattern in patterns)


@shelflife.command("remedy")
@click.argument("cells", nargs=-1, metavar="[CELL]...")
@click.option("--cause", "wanted", metavar="ID", help="Cells of this root cause of the run.")
@click.option(
    "--cells",
    "most",
    type=click.IntRange(1),
    default=3,
    help="How many of the cause's cells, of different models: 3, unless given.",
)
@click.option("--run", "run_name", metavar="RUN", help="Failing in this run; else the newest.")
@click.option("--via", "vias", multiple=True, metavar="ENVIRONMENT", help="Save again there.")
@click.option(
    "--tries",
    type=click.IntRange(1),
    default=2,
    help="Environments that a cell is tried in: 2, unless given.",
)
@json_option
def remedy_command(
    cells: tuple[str, ...],
    wanted: str | None,
    most: int,
    run_name: str | None,
    vias: tuple[str, ...],
    tries: int,
    as_json: bool,
) -> None:
    """Try to mend failing cells: save their artifacts again in an environment between the two.

    Without --via it is tried where the same artifact still answers, the nearest to the consumer
    first. What came of it is kept in matrices/causes/tried.json, and shown by `causes`.
    """
    if bool(cells) == bool(wanted):
        raise click.UsageError("name cells, or one cause by --cause")
    found = evidence.find(run_name)
    survey = causes.survey(found, causes.read(project.matrices() / "causes"))
    asked = survey.examples(wanted, most) if wanted else [_parsed(cell) for cell in cells]
    trials = resave.trials({cell: vias or survey.between(cell)[:tries] for cell in asked})
    tried = _try(found.header(), trials, lambda text: click.echo(text, err=as_json))
    path = project.matrices() / "causes" / "tried.json"
    remedies.write(path, [*remedies.read(path), *tried])
    if as_json:
        click.echo(json.dumps([remedies.as_json(one) for one in tried]))


def _parsed(text: str) -> CellId:
    try:
        return CellId.parse(text)
    except ValueError as error:
        raise UserError(str(error), "List them: shelflife causes") from None


def _try(header: dict[str, Json], trials: Sequence[resave.Trial], say: resave.Say) -> list[Tried]:
    """Run the trials in the environments of the run's matrix, in a folder that is then removed."""
    patterns = [str(cell) for trial in trials for cell in trial.cells]
    chosen = session.choose(str(header.get("argument") or header["matrix"]), patterns)
    wanted = {id for trial in trials for id in trial.environments}
    locks = {id: lock for id, lock in chosen.locks.items() if id in wanted}
    prepared = environments.prepare(locks, lambda text: click.echo(text, err=True))
    project.results().mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="remedy-", dir=project.results()) as folder,
        resave.Laboratory(chosen.matrix, prepared, Path(folder)) as laboratory,
    ):
        return [one for trial in trials for one in resave.attempt(laboratory, trial, say)]
