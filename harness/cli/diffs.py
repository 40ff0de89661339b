"""Commands that say what changed, and what of it nobody foresaw: diff, expect."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from harness import cores, diff, evidence, expectations
from harness.cli.group import json_option, shelflife
from harness.diff import document, foreseen, junit, markdown, text
from harness.errors import UserError
from harness.evidence import Evidence

FORMATS = {
    "text": text.text,
    "json": lambda found: json.dumps(document.document(found)),
    "markdown": markdown.markdown,
    "junit": junit.junit,
}


@shelflife.command("diff")
@click.argument("base_name", metavar="[BASE]", required=False)
@click.argument("new_name", metavar="[NEW]", required=False)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="As what.")
@click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help="File for it.")
def diff_command(base_name: str | None, new_name: str | None, form: str, out: Path | None) -> None:
    """Say what changed from BASE to NEW; exit 1 where a cell is a surprise.

    Each is a run or baseline:MATRIX. Without NEW, it is the newest run of that matrix; without
    both, the newest run is compared with the committed baseline.
    """
    base, new = _sides(base_name, new_name)
    expected = expectations.of_header(new.header(), today())
    found = diff.between(base, new, expected, cores.count())
    _put(FORMATS[form](found), out)
    if found.surprises:
        raise click.exceptions.Exit(1)


@shelflife.command("expect")
@click.argument("run_name", metavar="[RUN]", required=False)
@json_option
def expect_command(run_name: str | None, as_json: bool) -> None:
    """Say which cells of a run differ from the expectations of its matrix; exit 1 on one."""
    run = evidence.find(run_name)
    header = run.header()
    expected = expectations.of_header(header, today())
    found = foreseen.met(run, expected)
    if as_json:
        expired = [each.as_json() for each in expected.expired]
        met = [each.as_json() for each in found]
        state = {"run": run.id, "matrix": header["matrix"], "complete": bool(header["footer"])}
        click.echo(json.dumps({**state, "expectations": met, "expired": expired}))
    else:
        incomplete = "" if header["footer"] else ", which is incomplete"
        click.echo(f"Expectations of {header['matrix']} against {run.id}{incomplete}")
        click.echo(foreseen.text(found, expected))
    if any(each.surprises for each in found):
        raise click.exceptions.Exit(1)


def today() -> dt.date:
    """The day by which an expectation expires, the same everywhere."""
    return dt.datetime.now(dt.UTC).date()


def _sides(base_name: str | None, new_name: str | None) -> tuple[Evidence, Evidence]:
    """The two that are meant. The newest run stands against the baseline, not against itself."""
    if base_name and new_name:
        return evidence.find(base_name), evidence.find(new_name)
    base = evidence.find(base_name)
    matrix = base.header()["matrix"]
    new = evidence.find(matrix) if base_name else base
    if base.id == new.id:
        base = evidence.find(f"baseline:{matrix}")
    return base, new


def _put(said: str, out: Path | None) -> None:
    if out is None:
        click.echo(said, nl=not said.endswith("\n"))
        return
    try:
        out.write_text(click.unstyle(said).rstrip("\n") + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"cannot write {out}: {error.strerror}", "Make its folder.") from None
