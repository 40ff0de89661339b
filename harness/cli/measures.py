"""The command that measures what saving and loading cost."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import click
from rich.console import Console

from harness import project
from harness.cli.group import json_option, shelflife
from harness.errors import UserError
from harness.measure import campaign, choose, records, regress, tables
from harness.measure.choose import Own
from harness.measure.results import Results
from harness.measure.store import Ledger

BLOCKS, QUICK_BLOCKS = 20, 12
MORE = 3
"""So many times the blocks for a set in which a verdict is still open."""
QUICK_SECONDS = 150.0
WARNING = (
    "Warning: reading {path} runs whatever code it holds, here, as you. Only its faults are"
    " contained: give no file that you do not trust."
)
UNITS = {"s": 1, "m": 60, "h": 3600}


def seconds(context: click.Context, option: click.Parameter, text: str | None) -> float:
    """`90s`, `10m`, `2h` in seconds; without an option no limit."""
    if text is None:
        return math.inf
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smh])", text)
    if match is None:
        raise click.BadParameter(f"{text!r} is no time: write 90s, 10m or 2h")
    return float(match[1]) * UNITS[match[2]]


file_type = click.Path(path_type=Path)


@shelflife.command()
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@click.option(
    "--format", "formats", multiple=True, metavar="PATTERN", help="Only these; may be repeated."
)
@click.option(
    "--environment",
    "places",
    multiple=True,
    metavar="ID",
    help="Where to measure; may be repeated.",
)
@click.option("--baseline", default=choose.BASELINE, metavar="FORMAT", show_default=True,
              help="What the others are compared with.")  # fmt: skip
@click.option("--blocks", type=click.IntRange(1), metavar="N",
              help="Blocks of each set; 20, or up to three times that for a verdict.")  # fmt: skip
@click.option("--quick", is_flag=True, help="One model, six formats, in less than three minutes.")
@click.option("--budget", callback=seconds, metavar="TIME",
              help="End by then, such as 10m: what says most goes first.")  # fmt: skip
@click.option("--for", "own", type=file_type, metavar="FILE", help="Measure a model of your own.")
@click.option("--ask", type=file_type, metavar="FILE", help="Rows to ask it about: .npy or .csv.")
@click.option("--no-gc", is_flag=True, help="Without garbage collection, which users have on.")
@click.option("--against", metavar="ID", help="Compare the environments with this one as well.")
@click.option(
    "--regressions",
    is_flag=True,
    help="Measure nothing: what is slower in the newest run than in 30 before.",
)
@click.option("--fresh", is_flag=True, help="Begin a new run instead of going on with the last.")
@json_option
def measure(
    models: tuple[str, ...],
    formats: tuple[str, ...],
    places: tuple[str, ...],
    baseline: str,
    blocks: int | None,
    quick: bool,
    budget: float,
    own: Path | None,
    ask: Path | None,
    no_gc: bool,
    against: str | None,
    regressions: bool,
    fresh: bool,
    as_json: bool,
) -> None:
    """Measure what saving and loading cost. Stopped, the same command goes on where it was."""
    if regressions:
        _suspicions()
        return
    say = Console(stderr=True, highlight=False)
    mine = _own(own, ask, models)
    if own:
        say.print(WARNING.format(path=own), soft_wrap=True)
    usual = (
        (choose.QUICK_MODELS, choose.QUICK_FORMATS) if quick else (choose.MODELS, choose.FORMATS)
    )
    chosen = choose.choose(
        models or usual[0], formats or usual[1], _with(places, against), baseline, mine, not no_gc
    )
    made = campaign.ready(chosen, say)
    limit = min(budget, QUICK_SECONDS) if quick else budget
    count = blocks or (QUICK_BLOCKS if quick else BLOCKS)
    folder = choose.run_folder(project.results(), chosen.mark, fresh)
    with Ledger(folder) as ledger:
        results = campaign.run(chosen, made, ledger, count, MORE * count, limit, say)
    if not any(case.status == "ok" for case in results.measured.cases):
        reasons = dict.fromkeys(case.reason for case in results.measured.cases)
        raise UserError("; ".join(reasons), "Measure another model, or in another environment.")
    if as_json:
        click.echo(json.dumps(tables.document(results)))
        return
    out = Console(highlight=False, width=None if Console().is_terminal else 190)
    for part in tables.tables(results):
        out.print(part, soft_wrap=isinstance(part, str))
    if against:
        out.print("\n".join(tables.against(results, against)), soft_wrap=True)
    out.print(tables.closing(results), soft_wrap=True)
    out.print(f"\nRun {folder.name}: {folder}", soft_wrap=True)


def _with(places: tuple[str, ...], against: str | None) -> tuple[str, ...]:
    """The environments to measure in, with the one that they are compared with."""
    if against and not places:
        raise UserError("--against needs another one to compare", "Name it: --environment ID")
    return (*places, against) if against else places


def _suspicions() -> None:
    """The first stage of the rule of regressions, over the runs there are."""
    runs = sorted(
        (records.read(path.parent) for path in project.results().glob(f"*/{records.HEADER}")),
        key=lambda run: str(run.header["started"]),
    )
    for line in tables.suspicions(regress.nights(map(Results, runs))):
        click.echo(line)


def _own(path: Path | None, ask: Path | None, models: tuple[str, ...]) -> Own | None:
    """The user's own model, if one was named."""
    if path is None:
        if ask is not None:
            raise UserError("--ask has rows for a model of your own", "Name it: --for MODEL.pkl")
        return None
    for given in filter(None, (path, ask)):
        if not given.is_file():
            raise UserError(f"there is no file {given}", "Name a file of a model, or of its rows.")
    if models:
        raise UserError("--for names the model: no other can be measured with it")
    if ask is not None and ask.suffix not in (".npy", ".csv"):
        raise UserError(f"{ask}: rows are read from .npy and .csv", "numpy.save makes a .npy file.")
    return Own(path, ask)
