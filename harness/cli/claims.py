"""The command that keeps the ledger of published claims."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click
from rich.console import Console

from harness import environments, locks, matrix, project
from harness.claims import conduct, counting, ledger, page
from harness.claims.ledger import Books, Claim
from harness.cli.group import json_option, shelflife
from harness.environments import Ready
from harness.errors import EnvironmentTrouble, UserError

PAGE = project.ROOT / "docs" / "claims.md"


@shelflife.command()
@click.argument("ids", nargs=-1, metavar="[CLAIM]...")
@click.option("--measure", is_flag=True, help="Measure these claims anew, or all, and keep it.")
@click.option("--blocks", type=click.IntRange(1), metavar="N",
              help="Blocks of each; as many as its claim says.")  # fmt: skip
@click.option("--write", is_flag=True, help="Make docs/claims.md anew.")
@click.option("--check", is_flag=True, help="Exit code 2 where docs/claims.md is not up to date.")
@json_option
def claims(
    ids: tuple[str, ...],
    measure: bool,
    blocks: int | None,
    write: bool,
    check: bool,
    as_json: bool,
) -> None:
    """List published claims with what was measured, or measure them."""
    books = ledger.read(project.claims())
    named = books.named(ids)
    if measure:
        _measure(books, named, blocks)
    judged = page.judged(books)
    if write or measure:
        PAGE.write_text(page.text(judged, books.folder), encoding="utf-8")
    if check:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page.text(judged, books.folder):
            raise UserError(
                f"{PAGE.name} is not up to date", "Make it anew: shelflife claims --write"
            )
        return
    asked = [found for found in judged if found.claim in named]
    if as_json:
        click.echo(json.dumps([page.as_json(found) for found in asked]))
        return
    out = Console(highlight=False, width=None if Console().is_terminal else 160)
    out.print(page.table(asked))


def _measure(books: Books, named: list[Claim], blocks: int | None) -> None:
    """Measure some claims one by one; each is kept when it is whole."""
    say = Console(stderr=True, highlight=False)
    failed = []
    for claim in named:
        if claim.notrun:
            continue
        if claim.counted:
            counting.count(claim, books.folder)
            say.print(f"{claim.id}: counted")
            continue
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
        run = project.results() / "claims" / f"{claim.id}-{stamp}"
        try:
            conduct.measure(claim, books.folder, _made(claim, say), run, say.print, blocks)
        except EnvironmentTrouble as trouble:
            say.print(f"{claim.id}: {trouble}", markup=False)
            failed.append(claim.id)
            continue
        conduct.keep(run, page.kept(books.folder, claim))
    if failed:
        raise EnvironmentTrouble(f"not measured: {', '.join(failed)}; what there was stays")


def _made(claim: Claim, say: Console) -> dict[str, Ready]:
    """The environments of a claim. EnvironmentTrouble where one cannot be had."""
    ids = {id for s in claim.setups for id in (s.environment, s.maker) if id}
    folder: Path = project.matrices()
    declared = matrix.declared(folder)
    pinned = locks.read_all(folder, [declared[id] for id in sorted(ids)])
    made = environments.prepare(pinned, say.print)
    found = {id: state for id, state in made.items() if isinstance(state, Ready)}
    for id in pinned:
        if id not in found:
            raise EnvironmentTrouble(f"{id} cannot be had: {made[id]}")
    return found
