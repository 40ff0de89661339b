"""A progress bar with rates and time left; silent where nobody watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from harness.records import Cell, Outcome

SHOWN = (Outcome.DRIFT, Outcome.CHANGED, Outcome.CRASH, Outcome.LOAD_ERROR, Outcome.USE_ERROR)


class Rate(ProgressColumn):
    """Cells per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} cells/s" if speed else "", style="progress.data.speed")


class Bar:
    """Counts recorded cells against those that were asked for."""

    def __init__(self, console: Console, total: int, done: int) -> None:
        self.counts: Counter[Outcome] = Counter()
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            Rate(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[worst]}"),
            console=console,
            speed_estimate_period=120,  # cells without an artifact come all at once
            transient=True,
            disable=not console.is_terminal,
        )
        self.task = self.progress.add_task("cells", total=total, completed=done, worst="")

    def advance(self, cells: Sequence[Cell]) -> None:
        """These have been recorded."""
        self.counts.update(cell.outcome for cell in cells)
        worst = "  ".join(f"{o} {self.counts[o]}" for o in SHOWN if self.counts[o])
        self.progress.update(self.task, advance=len(cells), worst=worst)

    def __enter__(self) -> Bar:
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.progress.stop()


@contextmanager
def sheets(console: Console, total: int) -> Iterator[Callable[[], None]]:
    """Counts the fact sheets that are there; call what it gives for each."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    task = bar.add_task("formats tried", total=total)
    with bar:
        yield lambda: bar.advance(task)


@contextmanager
def processes(console: Console, total: int) -> Iterator[Processes]:
    """Counts measured processes, with time left."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        yield Processes(bar, bar.add_task("preparing", total=total))


@dataclass(frozen=True)
class Processes:
    """Call it with what was done; `more` are to be done than was thought."""

    bar: Progress
    task: TaskID

    def __call__(self, done: str) -> None:
        self.bar.update(self.task, description=done, advance="prepared" not in done)

    def more(self, count: int) -> None:
        """So many processes are added."""
        total = self.bar.tasks[self.task].total or 0
        self.bar.update(self.task, total=total + count)
