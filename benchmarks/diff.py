"""`shelflife diff` at size: `python -m benchmarks.diff [RUN]`, some minutes and 300 MB of disk.

Two runs of a million cells, multiplied from a real run by `benchmarks.store`. The second has
them in another order, as environments at work at once would record them, milliseconds of its own,
and one cell in 300 has become what another one is. Prints wall time, CPU time and peak memory of
the command, beside the wall time that unpacking the same bytes takes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from benchmarks.store import multiplied
from harness import evidence, segments, store
from harness.records import Cell, Json

BATCH = 400  # cells of one append, and those that stay together when the order changes
NEAR = 25  # batches among which the order changes
EVERY = 300  # one cell of so many is changed


def batches(cells: Iterator[Cell]) -> Iterator[list[Cell]]:
    """The cells in lists of `BATCH`."""
    while batch := list(islice(cells, BATCH)):
        yield batch


def shuffled(found: Iterator[list[Cell]], chance: random.Random) -> Iterator[list[Cell]]:
    """The same batches, each some places from where it was."""
    waiting: list[list[Cell]] = []
    for batch in found:
        waiting.append(batch)
        if len(waiting) > NEAR:
            yield waiting.pop(chance.randrange(NEAR))
    yield from waiting


def changed(cells: Iterator[Cell], pool: list[Cell], chance: random.Random) -> Iterator[Cell]:
    """The cells with other milliseconds, some with what became of another cell."""
    for n, cell in enumerate(cells):
        new = replace(cell, ms={stage: ms + 0.001 for stage, ms in cell.ms.items()})
        if n % EVERY == 0:
            other = chance.choice(pool)
            new = replace(
                new,
                outcome=other.outcome,
                methods=other.methods,
                error=other.error,
                reason=other.reason,
                observed=other.observed,
            )
        yield new


def record(folder: Path, header: Json, found: Iterator[list[Cell]]) -> None:
    """A run on disk, packed as a run packs itself."""
    writer = store.Writer(folder)
    for batch in found:
        writer.append(batch)
    writer.write_header({**header, "run": folder.name})
    writer.close()


def make(run: evidence.Evidence, results: Path, cells: int) -> None:
    """Both runs."""
    pool, header = list(run.cells()), {**run.header(), "planned": cells}
    record(results / "quick-base", header, batches(multiplied(run, cells)))
    chance = random.Random(7)
    new = changed(multiplied(run, cells), pool, chance)
    record(results / "quick-new", header, shuffled(batches(new), chance))


def unpacking(folder: Path) -> float:
    """Seconds that the bytes of a run take, unpacked and thrown away."""
    began = time.perf_counter()
    for _ in segments.blocks(folder):
        pass
    return time.perf_counter() - began


def compare(results: Path, form: str) -> None:
    """Time the command in a process of its own."""
    out = results / f"diff.{form}"
    command = [sys.executable, "-m", "harness.cli", "diff", "quick-base", "quick-new"]
    environment = {**os.environ, "SHELFLIFE_RESULTS": str(results)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run([*command, "--format", form, "--out", str(out)], env=environment)
    took = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss / 1024
    print(f"diff --format {form} (under 10 s): {took:.1f} s, CPU {cpu:.1f} s, peak {peak:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", nargs="?", default="quick", help="whose cells are multiplied")
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep both runs there; made where they are not")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shelflife-diff-") as place:
        results = given.folder or Path(place)
        if not (results / "quick-new" / "run.json").exists():
            make(evidence.find(given.run), results, given.cells)
        seconds = sum(unpacking(results / name) for name in ("quick-base", "quick-new"))
        print(f"two runs of {given.cells:,} cells; unpacking one after the other: {seconds:.1f} s")
        for form in ("text", "json", "junit"):
            compare(results, form)
        found = json.loads((results / "diff.json").read_text())
        kinds = ", ".join(f"{n:,} {kind}" for kind, n in found["kinds"].items() if n)
        print(f"{kinds}; {found['as_before']:,} as before; {len(found['groups']):,} groups")


if __name__ == "__main__":
    main()
