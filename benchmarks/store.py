"""The store at size: `python -m benchmarks.store [RUN]`, some minutes and 300 MB of disk.

The lines of a real run are multiplied under other names of models, with milliseconds, sizes and
SHA-256 of their own, up to a million cells, and recorded as a run records them. Prints the size of
the store, the seconds and the peak memory of what a run that goes on reads of it, and the size and
the reading time of its baseline. Each is timed in a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from harness import baseline, evidence, session, store
from harness.records import Cell, CellId, Json
from harness.summary import Tally

SEED = 20261122
BATCH = 40  # cells of one append, about as many as a run records at once


def multiplied(run: evidence.Evidence, cells: int) -> Iterator[Cell]:
    """The cells of a run again and again, each time of other models, up to so many."""
    chance, known = random.Random(SEED), list(run.cells())
    for number in range(cells):
        lap, place = divmod(number, len(known))
        cell = known[place]
        yield replace(
            cell,
            id=replace(cell.id, model=_renamed(cell.id.model, lap)),
            ms={stage: round(ms * chance.uniform(0.5, 2), 3) for stage, ms in cell.ms.items()},
            artifact=_another(cell.artifact, lap),
        )


def _renamed(model: str, lap: int) -> str:
    return f"{model}.v{lap}" if lap else model


def _another(artifact: Json, lap: int) -> Json:
    if artifact is None:
        return None
    digest = hashlib.sha256(f"{artifact['sha256']}{lap}".encode()).hexdigest()
    return {"sha256": digest, "bytes": artifact["bytes"] + lap}


def make(run: evidence.Evidence, folder: Path, cells: int) -> None:
    """Record the multiplied cells, with a header that has their models."""
    began, batch = time.monotonic(), []
    writer = store.Writer(folder)
    for cell in multiplied(run, cells):
        batch.append(cell)
        if len(batch) == BATCH:
            writer.append(batch)
            batch = []
    writer.append(batch)
    header = run.header()
    laps = range(-(-cells // header["footer"]["cells"]))
    header["models"] = [{**m, "id": _renamed(m["id"], n)} for n in laps for m in header["models"]]
    writer.write_header({**header, "run": folder.name, "planned": cells})
    writer.close()
    seconds = time.monotonic() - began
    size = sum(path.stat().st_size for path in folder.glob("cells*"))
    plain = sum(map(len, store.Run(folder).blocks()))
    print(f"{cells:,} cells, {plain / cells:.0f} bytes each as lines, recorded in {seconds:.0f} s")
    print(f"store: {size / 1e6:.0f} MB (under 300)")


def resume(folder: Path) -> None:
    """What a run that goes on does with a store: open it, tally it, find what is missing."""
    planned = [CellId.parse(mark.cell) for mark in store.Run(folder).marks()]
    print(f"a plan of {len(planned):,} cells: {_resident():.0f} MiB")
    with timed("all found recorded (under 10 s, 1,024 MiB)"):
        writer = store.Writer(folder)
        tally = Tally()
        recorded, _ = session.recorded(writer, tally)
        missing = [id for id in planned if str(id) not in recorded]
        writer.close()
    assert not missing and sum(tally.outcomes.values()) == len(planned)


def marks(folder: Path) -> None:
    """What a comparison of two runs reads of each."""
    with timed("marks of the run read"):
        assert sum(1 for _ in store.Run(folder).marks())


def write_baseline(folder: Path) -> None:
    """The compact form of the same run."""
    run = store.Run(folder)
    with timed("baseline written"):
        made = baseline.write(run.header(), run.lines(), folder / "baselines")
    print(f"baseline: {made.path.stat().st_size / 1e6:.2f} MB")


def read_baseline(folder: Path) -> None:
    """Its lines, made again."""
    (made,) = baseline.baselines(folder / "baselines")
    with timed("marks of the baseline read"):
        assert sum(1 for _ in made.marks())
    with timed("lines of the baseline read"):
        assert sum(1 for _ in made.lines())


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print wall and CPU seconds, and the peak of the process so far."""
    wall, cpu = time.monotonic(), time.process_time()
    yield
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    print(f"{what}: {wall:.1f} s, {cpu:.1f} s of CPU, peak {_resident():.0f} MiB")


def _resident() -> float:
    """VmHWM of this process in MiB."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


PARTS: dict[str, Callable[[Path], None]] = {
    "resume": resume,
    "marks": marks,
    "write-baseline": write_baseline,
    "read-baseline": read_baseline,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", nargs="?", help="the run whose lines are taken; the newest")
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the run there; made where it is not")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        PARTS[options.part](options.folder)
        return
    with tempfile.TemporaryDirectory(prefix="shelflife-store-") as place:
        folder = options.folder or Path(place) / "many"
        if not (folder / "run.json").exists():
            make(evidence.find(options.run), folder, options.cells)
        for part in PARTS:
            command = [sys.executable, "-m", "benchmarks.store", "--folder", str(folder)]
            subprocess.run([*command, "--part", part], check=True)


if __name__ == "__main__":
    main()
