"""The commands of a night: all of it, or one of its steps, as CI does them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from harness import project
from harness.cli.group import shelflife
from harness.nightly import programme
from harness.nightly.conclude import Conclusion, conclude
from harness.nightly.history import History
from harness.nightly.night import Night
from harness.nightly.programme import Programme

night_option = click.option(
    "--night",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder of the night; nights/<date> of the results, unless given.",
)
matrices_option = click.option(
    "--matrices", "names", multiple=True, metavar="MATRIX", help="Only this one; may be repeated."
)
shards_option = click.option(
    "--shards", type=click.IntRange(1), metavar="N", help="Into so many shards each matrix goes."
)
history_option = click.option(
    "--history",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder of the nights that were; history of the results, unless given.",
)


@shelflife.group("nightly", invoke_without_command=True)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@matrices_option
@shards_option
@night_option
@history_option
@click.pass_context
def nightly(
    context: click.Context,
    dry_run: bool,
    names: tuple[str, ...],
    shards: int | None,
    folder: Path | None,
    history: Path | None,
) -> None:
    """Run a night on this machine: plan, every shard, and the conclusion.

    Stopped, the same command of the same day goes on. Exit code 1 where a cell is a surprise.
    """
    if context.invoked_subcommand:
        given = [p for p in ("dry_run", "names", "shards", "folder", "history") if _given(p)]
        if given:
            raise click.UsageError("options go after the name of the step")
        return
    wanted = _wanted(names, shards)
    if dry_run:
        _say_plan(wanted)
        return
    night = _night(folder)
    for job in night.plan(wanted, _today()):
        click.echo(f"{job['matrix']} {job['shard']}", err=True)
        answer = night.shard(job["matrix"], job["shard"])
        if answer.code:
            click.echo(f"{job['matrix']} {job['shard']}: exit code {answer.code}", err=True)
    _conclude(night, history)


@nightly.command("plan")
@matrices_option
@shards_option
@night_option
def plan_command(names: tuple[str, ...], shards: int | None, folder: Path | None) -> None:
    """Resolve the pre-releases, write the plan, and print the jobs as CI takes them."""
    jobs = _night(folder).plan(_wanted(names, shards), _today())
    click.echo(json.dumps({"include": jobs}))


@nightly.command("shard")
@click.argument("name", metavar="MATRIX")
@click.argument("shard", metavar="K/N")
@night_option
def shard_command(name: str, shard: str, folder: Path | None) -> None:
    """Run one shard of a planned night, into its folder."""
    answer = _night(folder).shard(name, shard)
    if answer.code:
        raise click.exceptions.Exit(answer.code)


@nightly.command("conclude")
@click.argument("folder", metavar="[FOLDER]", required=False, type=click.Path(path_type=Path))
@history_option
def conclude_command(folder: Path | None, history: Path | None) -> None:
    """Merge, compare, write issue and site, keep the history: of whatever shards arrived."""
    _conclude(_night(folder), history)


def _given(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _wanted(names: tuple[str, ...], shards: int | None) -> Programme:
    return programme.narrowed(programme.read(project.matrices()), names, shards)


def _night(folder: Path | None) -> Night:
    return Night(folder or project.results() / "nights" / _today().isoformat())


def _say_plan(wanted: Programme) -> None:
    jobs = wanted.jobs()
    click.echo(f"{len(jobs)} shards:")
    for job in jobs:
        click.echo(f"  shelflife run {job['matrix']} --shard {job['shard']}")
    for each in wanted.prereleases:
        where = f"from the index in {each.index}" if each.index else "from the ordinary index"
        click.echo(f"{each.id} joins {each.matrix}, {where}")
    click.echo(f"then merge, diff, site and history of {len(wanted.entries)} matrices")


def _conclude(night: Night, folder: Path | None) -> None:
    found = conclude(night, History(folder or project.results() / "history"))
    _say(found, night)
    if found.surprises:
        raise click.exceptions.Exit(1)


def _say(found: Conclusion, night: Night) -> None:
    click.echo(f"Night of {found.date}: {night.folder}")
    for name, matrix in found.matrices.items():
        count = matrix["surprises"]
        news = "nothing to compare with" if count is None else f"{count:,} surprises"
        state = "complete" if matrix["complete"] else "incomplete"
        click.echo(f"  {name}: {matrix['cells']:,} cells, {state}; {news}")
    for trouble in found.troubles:
        click.echo(f"  {trouble}")
    if found.issue:
        click.echo(f"Issue: {night.folder / 'issue.md'}")
    click.echo(f"Site: {night.folder / 'site' / 'index.html'}")
