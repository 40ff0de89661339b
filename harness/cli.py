"""The command line: one short function per command, which composes the stages and nothing else."""

from __future__ import annotations

import errno
import importlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from harness import (
    __version__,
    environments,
    facts,
    handbook,
    header,
    locks,
    matrix,
    plan,
    progress,
    project,
    registry,
    session,
    show,
    store,
    summary,
)
from harness.errors import UserError, did_you_mean
from harness.records import CellId, Outcome
from harness.run import Conductor
from harness.source import Source

RATE = 255.0  # cells per second on two cores, as docs/explanation/speed.md has it measured

matrix_argument = click.argument("name", metavar="[MATRIX]", default="quick")
select_option = click.option(
    "--select",
    "-s",
    "patterns",
    multiple=True,
    metavar="PATTERN",
    help="Only cells whose id matches, such as 'forest.*' or '*/skops/*/sk1.9*'; may be repeated.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="shelflife")
def shelflife() -> None:
    """How long does a saved model keep? Save it in one environment, load it in another, compare."""


@shelflife.command()
@matrix_argument
@select_option
@click.option("--jobs", "-j", type=click.IntRange(1), help="Environments at work at once.")
@click.option("--fresh", is_flag=True, help="Begin a new run instead of going on with the last.")
@click.option("--retry", is_flag=True, help="Run the cells that were notrun again.")
@click.option("--recreate", is_flag=True, help="Make the environments anew.")
@json_option
def run(
    name: str,
    patterns: tuple[str, ...],
    jobs: int | None,
    fresh: bool,
    retry: bool,
    recreate: bool,
    as_json: bool,
) -> None:
    """Run the cells of a matrix that are not recorded yet. Stopped, it goes on where it was."""
    began = time.monotonic()
    say = Console(stderr=True, highlight=False)
    chosen = session.choose(name, patterns, fresh)
    writer = store.Writer(chosen.folder)
    try:
        if retry:
            session.forget(writer, chosen, Outcome.NOTRUN)
        tally = summary.Tally()
        recorded, controls = session.recorded(writer, tally)
        missing = [id for id in chosen.cells if id not in recorded]
        sheets = session.sheets(writer, chosen, retry)
        if missing or sheets:
            with say.status("environments: a minute or more where they have to be made"):
                wanted = session.needed(chosen, missing, sheets)
                prepared = environments.prepare(wanted, say.out, recreate)
        if missing:
            session.begin(writer, chosen, prepared)
            with progress.Bar(say, len(chosen.cells), len(chosen.cells) - len(missing)) as bar:
                heard = (tally.extend, bar.advance)
                conductor = Conductor(
                    chosen.matrix, prepared, writer, jobs or header.cores(), heard
                )
                conductor.run(missing, controls)
            session.end(writer, chosen, tally, conductor.phases.seconds, time.monotonic() - began)
        elif session.wants_footer(writer):
            session.end(writer, chosen, tally, {}, 0.0)
        if sheets:
            _try_formats(chosen, prepared, writer, sheets, jobs or header.cores(), say)
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
        click.echo(f"\nRun {chosen.folder.name} ({state}): {chosen.folder}")
        named = chosen.folder if aside else chosen.folder.name
        click.echo(f"Next: shelflife report {named}; shelflife cells {named}; shelflife show CELL")
    if sheets.refuted:
        raise click.exceptions.Exit(1)


@shelflife.command("plan")
@matrix_argument
@select_option
@json_option
def plan_command(name: str, patterns: tuple[str, ...], as_json: bool) -> None:
    """Say what a run would do: cells, environments, an estimate."""
    chosen = session.choose(name, patterns)
    writer = store.Run(chosen.folder)
    recorded = {line["cell"] for line in writer.lines()}
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


def _environment_ids(patterns: Sequence[str], declared: dict[str, Any]) -> list[str]:
    chosen = [id for id in declared if not patterns or show.matches_any(id, patterns)]
    for pattern in patterns:
        if not any(show.matches_any(id, [pattern]) for id in declared):
            raise UserError(f"no environment matches {pattern!r}", did_you_mean(pattern, declared))
    return chosen


@shelflife.command()
@click.argument("run_name", metavar="[RUN]", required=False)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Folder of the site.")
def report(run_name: str | None, out: Path | None) -> None:
    """Write the static site of a run: the newest, or RUN."""
    found = store.find(project.results(), run_name)
    site = importlib.import_module("harness.report")  # charts: half a second no other command needs
    index = site.write_site(found.folder, out or found.folder / "site")
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
@json_option
def show_command(cell: str, run_name: str | None, as_json: bool) -> None:
    """Everything known about one cell, and the command that runs it again alone."""
    candidates = (
        [store.find(project.results(), run_name)]
        if run_name
        else store.runs(project.results())[::-1]
    )
    run_found, line = show.find(cell, candidates)
    if as_json:
        click.echo(json.dumps({"run": run_found.id, **line}))
        return
    click.echo(show.text(run_found, line))


@shelflife.command()
@click.argument("run_name", metavar="[RUN]", required=False)
@select_option
def cells(run_name: str | None, patterns: tuple[str, ...]) -> None:
    """The cells of a run as JSON lines: of the newest, or of RUN."""
    found = store.find(project.results(), run_name)
    taken = 0
    for line in _selected(found, patterns):
        click.echo(json.dumps(line, separators=(",", ":")))
        taken += 1
    if patterns and not taken:
        raise UserError(f"{' '.join(patterns)!r} selects no cell of run {found.id}")


def _selected(found: store.Run, patterns: Sequence[str]) -> Iterator[Any]:
    for line in found.lines():
        id = CellId.parse(line["cell"])
        if not patterns or any(plan.matches(id, pattern) for pattern in patterns):
            yield line


@shelflife.command("list")
@click.argument(
    "what", type=click.Choice(["models", "formats", "environments", "matrices", "runs"])
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
        case _:
            sources = [Source.read(path) for path in matrix.files(folder)]
            return [{"id": s.path.stem, "summary": s.data.get("description", "")} for s in sources]


def main() -> None:
    """Entry point: 2 for what the user can mend, 130 for Ctrl-C; a traceback is a bug of ours."""
    try:
        sys.exit(shelflife.main(standalone_mode=False, prog_name="shelflife"))
    except UserError as error:
        click.echo(f"shelflife: {error}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        click.echo(f"shelflife: {store.disk_error(project.results(), error)}", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        say = "stopped; what is recorded stays, and the same command without --fresh goes on"
        click.echo(f"\nshelflife: {say}", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
