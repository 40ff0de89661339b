"""Is the verdict to be trusted? `python -m benchmarks.noise [--runs 100]`, an hour or less.

Formats of a plugin load by doing a known amount of work: two do the same, one 10 % more, one 20 %
more. They are measured as any format is, by `shelflife measure`'s own blocks and statistics, in
many runs that share nothing; as there, a run in which a verdict is open goes on to `--most` blocks.
Counted is how often the equal one is called equivalent (at least 99
of 100), and how often the slower ones are found slower (at least 80 and 95 of 100). The noise is
that of the machine at hand; `--busy 2` adds two processes that do nothing but disturb.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from harness import project, registry
from harness.environments import Ready
from harness.measure import records
from harness.measure.choose import Chosen
from harness.measure.conduct import Conductor
from harness.measure.paired import Compared, Verdict
from harness.measure.plan import Set
from harness.measure.records import LINES, STAGES
from harness.measure.results import Results
from harness.measure.store import Ledger

PLUGIN = """
import pickle
from shelflife_worker.registry import Format, format_, model

BLOB = pickle.dumps([{"key": n, "value": [n / 7.0] * 5} for n in range(120)])


@model("spin.work", asks={"type": lambda thing: type(thing).__name__}, summary="work to be timed")
def work():
    return BLOB


@format_
class Spin(Format):
    suffix = ".spin"

    def __init__(self, id, units):
        self.id, self.units, self.summary = id, units, "%d units of work" % units

    @classmethod
    def variants(cls):
        amounts = (("spin", 40), ("spin-equal", 40), ("spin-10", 44), ("spin-20", 48))
        return [cls(id, units) for id, units in amounts]

    def dump(self, model, path, data):
        with open(path, "wb") as file:
            file.write(model)

    def load(self, path):
        with open(path, "rb") as file:
            blob = file.read()
        for _ in range(self.units):
            found = pickle.loads(blob)
        return found
"""
AIMS = (
    ("spin-equal", Verdict.EQUIVALENT, 0.99, "equal, declared equivalent"),
    ("spin-10", Verdict.SLOWER, 0.80, "10 % slower, found slower"),
    ("spin-20", Verdict.SLOWER, 0.95, "20 % slower, found slower"),
)
MORE = {"spin-equal": 0.0, "spin-10": 0.1, "spin-20": 0.2}
"""So much more work than the baseline does each arm."""
RECORD = project.measured() / "noise.json"
KEY = ("here", "spin.work")


def chosen(folder: Path) -> Chosen:
    """The four formats of the plugin as a comparison set in the interpreter at hand."""
    plugins = folder / "plugins"
    plugins.mkdir()
    (plugins / "spins.py").write_text(PLUGIN)
    known = registry.read([str(plugins)])
    formats = {format.id: format for format in known.formats}
    each = Set(*KEY, ("spin", *(arm for arm, *_ in AIMS)), "spin")
    return Chosen((each,), {}, formats, (str(plugins),), "spin", None, True, "")


def one_run(
    what: Chosen, folder: Path, blocks: range, seed: int, stage: str, share: float
) -> Results:
    """A run of its own, with the processes that the stage needs and no others.

    It ends with `blocks.start` blocks where every verdict is there, otherwise with `blocks.stop`.
    """
    ready = {"here": Ready("here", Path(sys.executable), {})}
    each = what.sets[0]
    starts = {("start", arm) for arm in each.arms}
    skipped = starts if STAGES[stage].process == "inside" else {("inside", "")}
    with Ledger(folder) as ledger:
        ledger.begin({"baseline": "spin"})
        conductor = Conductor(what, ready, ledger, seed, lambda done: None, share)
        try:
            for block in range(blocks.stop):
                if block >= blocks.start and not Results(ledger.read()).is_open(KEY, [stage]):
                    break
                conductor.block(each, block, skipped)
        finally:
            conductor.close()
        return Results(ledger.read())


def _disturb() -> None:
    """Bursts of work of random lengths, until it is stopped."""
    parent = os.getppid()
    while os.getppid() == parent:
        until = time.monotonic() + (time.time_ns() % 997) / 997
        while time.monotonic() < until:
            sum(range(10_000))
        time.sleep((time.time_ns() % 991) / 991)


@contextlib.contextmanager
def disturbed(count: int) -> Iterator[None]:
    """So many processes beside us that work in bursts."""
    others = [multiprocessing.Process(target=_disturb, daemon=True) for _ in range(count)]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--blocks", type=int, default=20)
    parser.add_argument("--most", type=int, default=60)
    parser.add_argument("--stage", default="load-touch", choices=("load-touch", "start"))
    parser.add_argument("--share", type=float, default=0.1, help="seconds of a block for an arm")
    parser.add_argument("--busy", type=int, default=0, help="processes that disturb")
    parser.add_argument("--keep", type=Path, help="a folder for what was measured; goes on there")
    parser.add_argument("--record", action="store_true", help=f"keep the counts in {RECORD.name}")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shelflife-noise-")))
        stack.enter_context(disturbed(options.busy))
        what = chosen(place)
        counts: dict[str, Counter[Verdict]] = {arm: Counter() for arm, *_ in AIMS}
        bands: list[float] = []
        took: list[int] = []
        loads: list[float] = []
        place = options.keep or place
        blocks = range(options.blocks, max(options.blocks, options.most))
        for run in range(options.runs):
            folder = place / f"run-{run}"
            if (folder / LINES).exists():
                found = Results(records.read(folder))
            else:
                found = one_run(what, folder, blocks, run, options.stage, options.share)
            loads += [process.load_average for process in found.measured.processes]
            bands.append(found.band(KEY, options.stage) or 0.0)
            compared = {arm: found.compared(KEY, arm, options.stage) for arm in counts}
            for arm, result in compared.items():
                counts[arm][result.verdict] += 1
            said = ", ".join(f"{arm} {_said(result)}" for arm, result in compared.items())
            took.append(found.blocks(KEY, STAGES[options.stage].process))
            load, noise = statistics.median(loads[-took[-1] :]), 100 * bands[-1]
            machine = f"load {load:.1f}, {took[-1]} blocks, noise {noise:.1f} %"
            print(f"{run}: {machine}; {said}", flush=True)
        _conclude(counts, bands, took, options)
        if options.record:
            _record(counts, bands, took, loads)


def _said(found: Compared) -> str:
    return f"{found.verdict} {found.ratio:.3f} ({found.low:.3f}-{found.high:.3f})"


def _conclude(
    counts: dict[str, Counter[Verdict]],
    bands: list[float],
    took: list[int],
    options: argparse.Namespace,
) -> None:
    runs = options.runs
    usual, largest = statistics.median(took), max(took)
    print(f"\n{runs} runs, {options.stage}; blocks: median {usual:.0f}, most {largest}")
    usual, largest = 100 * statistics.median(bands), 100 * max(bands)
    print(f"noise band: median {usual:.1f} %, largest {largest:.1f} %")
    print("| arm | of 100 | aim | all verdicts |\n|---|---|---|---|")
    for arm, wanted, aim, says in AIMS:
        share = counts[arm][wanted] / runs
        others = ", ".join(f"{verdict} {count}" for verdict, count in counts[arm].most_common())
        print(f"| {says} | {100 * share:.0f} | {100 * aim:.0f} | {others} |")


def _record(
    counts: dict[str, Counter[Verdict]],
    bands: list[float],
    took: list[int],
    loads: list[float],
) -> None:
    """Keep the counts, for the page of method."""
    content = {
        "runs": len(bands),
        "load": [min(loads), max(loads)],
        "band": [statistics.median(bands), max(bands)],
        "blocks": [min(took), max(took)],
        "arms": [{"arm": arm, "more": MORE[arm], "verdicts": counts[arm]} for arm in counts],
    }
    RECORD.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
