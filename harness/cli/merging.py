"""The command that puts shards together: merge."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from harness import merge, project, session
from harness.cli.group import json_option, shelflife
from harness.errors import UserError
from harness.records import CellId, Json


@shelflife.command("merge")
@click.argument("folders", nargs=-1, required=True, metavar="RUN...", type=click.Path())
@click.option("--out", "-o", type=click.Path(path_type=Path), help="Folder of the merged run.")
@json_option
def merge_command(folders: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Merge the shards of a run, as many as arrived, and name what is missing."""
    parts, unreadable = merge.read(_folder(name) for name in folders)
    merge.check(parts, unreadable)
    target = out or project.results() / parts[0].identity
    merged = merge.merge(parts, unreadable, target.resolve(), _planned(parts[0].header))
    if as_json:
        click.echo(json.dumps(merged.as_json()))
        return
    for line in merge.text(merged):
        click.echo(line)


def _folder(name: str) -> Path:
    """A folder, or the id of a run among the results."""
    by_id = project.results() / name
    return by_id if not Path(name).exists() and by_id.exists() else Path(name)


def _planned(header: Mapping[str, Json]) -> Sequence[CellId] | None:
    """Every cell of the matrix, if this checkout still has it as it was measured."""
    try:
        chosen = session.choose(header.get("argument", header["matrix"]), ())
    except UserError:
        return None
    return chosen.whole if chosen.mark == header["fingerprint"] else None
