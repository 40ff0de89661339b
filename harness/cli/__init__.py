"""The command line: one short function per command, which composes the stages and nothing else.

Each file holds the commands of one purpose; importing it adds them to the group.
"""

from __future__ import annotations

import errno
import sys

import click

from harness import project, store
from harness.cli import (
    advise,
    baselines,
    causes,
    charts,
    claims,
    diffs,
    experiments,
    findings,
    measures,
    merging,
    nightly,
    publish,
    reading,
    runs,
)
from harness.cli.group import shelflife
from harness.errors import UserError

__all__ = [
    "advise",
    "baselines",
    "causes",
    "charts",
    "claims",
    "diffs",
    "experiments",
    "findings",
    "main",
    "measures",
    "merging",
    "nightly",
    "publish",
    "reading",
    "runs",
    "shelflife",
]


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
