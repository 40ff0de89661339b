"""Commands that say what the cells come to: life, worth, findings."""

from __future__ import annotations

import json
from pathlib import Path

import click

from harness import baseline, evidence, findings, lifetables, project, shelflives, worthtables
from harness import worth as warned
from harness.cli.group import json_option, shelflife

run_argument = click.argument("name", metavar="[RUN]", required=False)


@shelflife.command()
@run_argument
@click.option(
    "--by",
    type=click.Choice(["format", "family", "case", "producer"]),
    default="format",
    help="What the rows are: formats, unless given.",
)
@json_option
def life(name: str | None, by: str, as_json: bool) -> None:
    """How long saved models keep: releases and months, upgrade and rollback apart."""
    found = evidence.find(name)
    header = found.header()
    lived = shelflives.lives(header, found.lines())
    if as_json:
        click.echo(json.dumps(lifetables.as_json(found.id, header, lived, by)))
        return
    click.echo(lifetables.text(found.id, header, lived, by))


@shelflife.command()
@run_argument
@click.option(
    "--by",
    type=click.Choice(list(worthtables.BY)),
    default="format",
    help="What the rows are: formats, unless given.",
)
@json_option
def worth(name: str | None, by: str, as_json: bool) -> None:
    """What a warning about versions is worth: who warns, and who answers otherwise."""
    found = evidence.find(name)
    header = found.header()
    tables = warned.worth(header, found.lines())
    if as_json:
        click.echo(json.dumps(worthtables.as_json(found.id, header, tables, by)))
        return
    click.echo(worthtables.text(found.id, tables, by))


@shelflife.command("findings")
@click.argument("names", metavar="[RUN]...", nargs=-1)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="File of the page.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where the page would change.")
def findings_command(names: tuple[str, ...], out: Path | None, check: bool) -> None:
    """Make docs/findings.md anew from the committed baselines; or print what RUNs have found."""
    if check and names:
        raise click.UsageError("--check takes no RUN: it reads the committed baselines")
    some = map(evidence.find, names) if names else baseline.baselines(evidence.baselines())
    text = findings.text(some, project.matrices() / "causes")
    if names and not out:
        click.echo(text, nl=False)
        return
    path = out or project.ROOT / "docs" / "findings.md"
    changed = not path.exists() or path.read_text(encoding="utf-8") != text
    if changed and not check:
        path.write_text(text, encoding="utf-8")
    if changed:
        click.echo(f"{'differs' if check else 'written'} {path.name}")
    if check and changed:
        raise click.exceptions.Exit(1)
