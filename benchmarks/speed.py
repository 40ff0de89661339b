"""How fast the harness is: `python -m benchmarks.speed [MATRIX]`, some minutes on an idle machine.

Everything is measured in this one run, so that the ratios hold on any machine: all cells of the
matrix as `shelflife run` does them; the same cells with a fork for each; a seeded sample of them
with a process for each; a second run with nothing to do; the memory of the modern side.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from harness import environments, header, plan, protocol, session, store
from harness.environments import Ready
from harness.execute import Station
from harness.records import Cell, CellId, Outcome
from harness.run import Conductor

SEED = 20261121
OURS = ("worker", "harness")  # what is neither a library's work nor a comparison


@dataclass(frozen=True)
class Timed:
    """One way to run all cells: wall seconds, and CPU seconds by phase."""

    seconds: float
    phases: dict[str, float]
    folder: Path


def whole(
    chosen: session.Chosen, prepared: environments.Prepared, folder: Path, batch: int
) -> Timed:
    """All cells of the matrix, `batch` to a forked child (0: as many as a task has)."""
    writer = store.Writer(folder)
    conductor = Conductor(chosen.matrix, prepared, writer, header.cores(), (), batch)
    began = time.monotonic()
    conductor.run(chosen.planned, {})
    seconds = time.monotonic() - began
    writer.close()
    return Timed(seconds, conductor.phases.seconds, folder)


def process_per_cell(
    chosen: session.Chosen, prepared: environments.Prepared, produced: Path, ids: list[CellId]
) -> float:
    """Wall seconds of a fresh worker for each of the cells, as many at once as there are cores."""

    def one(numbered: tuple[int, CellId]) -> None:
        number, id = numbered
        ready = prepared[id.consumer]
        assert isinstance(ready, Ready)
        folder = produced.parent / "alone" / str(number)
        request = protocol.Request(
            "consume", folder, produced / id.producer, (id.case,), chosen.matrix.plugins, 60, 2048
        )
        station = Station(ready, folder / "log.txt")
        station.submit(request)
        while station.is_busy:
            station.poll()
            time.sleep(0.005)
        station.stop()

    began = time.monotonic()
    with ThreadPoolExecutor(header.cores()) as pool:
        list(pool.map(one, enumerate(ids)))
    return time.monotonic() - began


def with_artifact(folder: Path) -> list[CellId]:
    """Cells that were really loaded, as opposed to those without an artifact."""
    return [cell.id for cell in store.Run(folder).cells() if cell.artifact and _ran(cell)]


def _ran(cell: Cell) -> bool:
    return cell.outcome not in (Outcome.NOTRUN, Outcome.INVALID)


def nothing_to_do(matrix: str, results: Path) -> tuple[float, float]:
    """Seconds of a first command that only has cells to find recorded, and its peak MiB."""
    command = [sys.executable, "-m", "harness.cli", "run", matrix]
    variables = {**os.environ, "SHELFLIFE_RESULTS": str(results)}
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=variables)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0
    return time.monotonic() - began, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("matrix", nargs="?", default="quick")
    parser.add_argument("--sample", type=int, default=60, help="cells with a process each")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shelflife-speed-") as place:
        results = Path(place)
        os.environ["SHELFLIFE_RESULTS"] = place
        chosen = session.choose(options.matrix, ())
        prepared = environments.prepare(chosen.locks, print)
        _measure(options, chosen, prepared, results)


def _measure(
    options: argparse.Namespace,
    chosen: session.Chosen,
    prepared: environments.Prepared,
    results: Path,
) -> None:
    cells = len(chosen.planned)
    print(f"{options.matrix}: {cells:,} cells, {header.cores()} cores, {header.host()['cpu']}")
    ours = whole(chosen, prepared, chosen.folder, 0)
    _table(ours, cells)
    loaded = with_artifact(ours.folder)
    sample = random.Random(SEED).sample(loaded, min(options.sample, len(loaded)))
    alone = process_per_cell(chosen, prepared, ours.folder / "produced", sample)
    rate, alone_rate = cells / ours.seconds, len(sample) / alone
    print(f"\na process per cell: {len(sample)} of the same cells in {alone:.1f} s")
    print(
        f"  {alone_rate:.2f} cells/s; ours is {rate / alone_rate:.0f} times as fast (at least 50)"
    )
    forked = whole(chosen, prepared, results / "forked", 1)
    print(f"a fork per cell: {cells:,} cells in {forked.seconds:.1f} s")
    print(f"  ours is {forked.seconds / ours.seconds:.2f} times as fast (at least 1.5)")
    again = _finish(chosen, prepared, options.matrix, results)
    print(f"a second run with nothing to do: {again[0]:.2f} s (under 2), peak {again[1]:.0f} MiB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the modern side over all of this: {peak:.0f} MiB (under 300)")
    assert plan.cells(chosen.matrix) == chosen.planned


def _finish(
    chosen: session.Chosen, prepared: environments.Prepared, matrix: str, results: Path
) -> tuple[float, float]:
    """Give the run its header, so that the command finds it, and time the command."""
    writer = store.Writer(chosen.folder)
    writer.write_header(
        header.header(writer.id, chosen.matrix, chosen.locks, prepared, len(chosen.planned))
    )
    writer.close()
    return nothing_to_do(matrix, results)


def _table(timed: Timed, cells: int) -> None:
    total = sum(timed.phases.values())
    print(f"\nall cells: {timed.seconds:.1f} s, {cells / timed.seconds:.0f} cells/s")
    print("| CPU seconds spent on | s | share |\n|---|---|---|")
    for name, seconds in sorted(timed.phases.items(), key=lambda item: -item[1]):
        print(f"| {name} | {seconds:.1f} | {100 * seconds / total:.1f} % |")
    rest = sum(timed.phases.get(name, 0) for name in OURS)
    print(
        f"\nthe rest, which is ours ({' + '.join(OURS)}): {100 * rest / total:.1f} % (at most 15)"
    )


if __name__ == "__main__":
    main()
