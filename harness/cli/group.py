"""The group that every command joins, and the options that they share."""

from __future__ import annotations

import click

from harness import __version__
from harness.plan import Shard

matrix_argument = click.argument("name", metavar="[MATRIX]", default="quick")
select_option = click.option(
    "--select",
    "-s",
    "patterns",
    multiple=True,
    metavar="PATTERN",
    help="Only cells whose id matches, such as 'forest.*' or '*/skops/*/sk1.9*'; may be repeated.",
)


def _shard(context: click.Context, option: click.Parameter, text: str | None) -> Shard | None:
    return None if text is None else Shard.parse(text)


shard_option = click.option(
    "--shard",
    metavar="K/N",
    callback=_shard,
    help="Only the K-th of N parts of the cells; each part's run has a folder of its own.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="shelflife")
def shelflife() -> None:
    """How long does a saved model keep? Save it in one environment, load it in another, compare."""
