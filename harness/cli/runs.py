"""Commands that measure: run, plan, lock."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

import click
from rich.console import Console

from harness import (
    cores,
    environments,
    facts,
    locks,
    matrix,
    progress,
    project,
    session,
    show,
    store,
    summary,
)
from harness.cli.group import (
    json_option,
    matrix_argument,
    select_option,
    shard_option,
    shelflife,
)
from harness.errors import UserError, did_you_mean
from harness.plan import Shard
from harness.records import Environment, Outcome
from harness.run import Conductor

RATE = 255.0  # cells per second on two cores, as docs/explanation/speed.md has it measured


@shelflife.command()
@matrix_argument
@select_option
@shard_option
@click.option("--jobs", "-j", type=click.IntRange(1), help="Environments at work at once.")
@click.option("--fresh", is_flag=True, help="Begin a new run instead of going on with the last.")
@click.option("--retry", is_flag=True, help="Run the cells that were notrun again.")
@click.option("--recreate", is_flag=True, help="Make the environments anew.")
@json_option
def run(
    name: str,
    patterns: tuple[str, ...],
    shard: Shard | None,
    jobs: int | None,
    fresh: bool,
    retry: bool,
    recreate: bool,
    as_json: bool,
) -> None:
    """Run the cells of a matrix that are not recorded yet. Stopped, it goes on where it was."""
    began = time.monotonic()
    say = Console(stderr=True, highlight=False)
    chosen = session.choose(name, patterns, fresh, shard)
    writer = store.Writer(chosen.folder)
    try:
        if retry:
            session.forget(writer, chosen, Outcome.NOTRUN)
        if not chosen.planned:  # a shard without a model is complete, too
            session.begin(writer, chosen, {})
        tally = summary.Tally()
        recorded, controls = session.recorded(writer, tally)
        missing = [id for id in chosen.cells if str(id) not in recorded]
        sheets = session.sheets(writer, chosen, retry)
        if missing or sheets:
            with say.status("environments: a minute or more where they have to be made"):
                wanted = session.needed(chosen, missing, sheets)
                made = environments.prepare(wanted, say.out, recreate)
                prepared = {**made, **session.unlocked(chosen)}
        if missing:
            session.begin(writer, chosen, prepared)
            with progress.Bar(say, len(chosen.cells), len(chosen.cells) - len(missing)) as bar:
                heard = (tally.extend, bar.advance)
                conductor = Conductor(chosen.matrix, prepared, writer, jobs or cores.count(), heard)
                conductor.run(missing, controls)
            session.end(writer, chosen, tally, conductor.phases.seconds, time.monotonic() - began)
        elif session.wants_footer(writer):
            session.end(writer, chosen, tally, {}, 0.0)
        if sheets:
            _try_formats(chosen, prepared, writer, sheets, jobs or cores.count(), say)
    finally:
        writer.close()
    _conclude(chosen, tally, bool(missing or sheets), as_json)


def _try_formats(
    chosen: session.Chosen,
    prepared: environments.Prepared,
    writer: store.Writer,
    sheets: dict[str, str],
    jobs: int,
    say: Console,
) -> None:
    """Fill the fact sheets of `{format: environment}`; each is kept as soon as it is there."""
    with progress.sheets(say, len(sheets)) as tick:

        def keep(format: str, sheet: facts.Sheet) -> None:
            writer.keep_facts(format, sheet)
            tick()

        scratch = writer.folder / "jobs" / "facts"
        facts.Inquiry(chosen.matrix, prepared, scratch, jobs, keep).run(sheets)


def _conclude(chosen: session.Chosen, tally: summary.Tally, worked: bool, as_json: bool) -> None:
    """Say what there is now; exit 1 where what a format claims of itself was refuted."""
    complete = sum(tally.outcomes.values()) >= len(chosen.planned)
    sheets = session.sheets_of(chosen)
    if as_json:
        outcomes = {outcome.value: count for outcome, count in tally.outcomes.items()}
        found = {"run": chosen.folder.name, "folder": str(chosen.folder), "complete": complete}
        counts = {"planned": len(chosen.planned), "outcomes": outcomes}
        click.echo(json.dumps({**found, **counts, "refuted": sheets.refuted}))
    else:
        if not worked:
            click.echo("Nothing to do: every cell asked for is recorded.\n")
        click.echo(summary.text(tally, len(chosen.planned)))
        if chosen.matrix.facts:
            click.echo(summary.sheets(sheets.filled, sheets.empty, sheets.refuted))
        aside = chosen.folder.parent != project.results()
        state = "complete" if complete else "a part of the matrix" if aside else "incomplete"
        state = f"shard {chosen.shard}, {state}" if chosen.shard else state
        click.echo(f"\nRun {chosen.folder.name} ({state}): {chosen.folder}")
        named = chosen.folder if aside else chosen.folder.name
        click.echo(f"Next: shelflife report {named}; shelflife cells {named}; shelflife show CELL")
    if sheets.refuted:
        raise click.exceptions.Exit(1)


@shelflife.command("plan")
@matrix_argument
@select_option
@shard_option
@json_option
def plan_command(name: str, patterns: tuple[str, ...], shard: Shard | None, as_json: bool) -> None:
    """Say what a run would do: cells, environments, an estimate."""
    chosen = session.choose(name, patterns, shard=shard)
    writer = store.Run(chosen.folder)
    recorded = {mark.cell for mark in writer.marks()}
    missing = [id for id in chosen.cells if str(id) not in recorded]
    rate, source = show.rate(store.runs(project.results()), RATE)
    if as_json:
        click.echo(json.dumps(show.plan_json(chosen.matrix, chosen.cells, missing, rate)))
        return
    click.echo(show.plan_text(chosen.matrix, chosen.cells, missing, rate, source))


@shelflife.command()
@click.argument("patterns", nargs=-1, metavar="[ENVIRONMENT]...")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a lock would change.")
def lock(patterns: tuple[str, ...], check: bool) -> None:
    """Resolve requirements into matrices/locks/*.txt, from nothing."""
    folder = project.matrices()
    declared = matrix.declared(folder)
    changed = 0
    for id in _environment_ids(patterns, declared):
        text = locks.make(declared[id])
        path = locks.path(folder, id)
        differs = not path.exists() or path.read_text(encoding="utf-8") != text
        changed += differs
        if differs and not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        click.echo(f"{'changed  ' if differs else 'unchanged'} {path.name}")
    if check and changed:
        raise click.exceptions.Exit(1)


def _environment_ids(patterns: Sequence[str], declared: dict[str, Environment]) -> list[str]:
    """Those that match, and without patterns all but those that the matrix says need no lock."""
    needed = [id for id, environment in declared.items() if not environment.notrun]
    chosen = [id for id in declared if show.matches_any(id, patterns)] if patterns else needed
    for pattern in patterns:
        if not any(show.matches_any(id, [pattern]) for id in declared):
            raise UserError(f"no environment matches {pattern!r}", did_you_mean(pattern, declared))
    return chosen
