"""Do our figures agree with a plain timer? `python -m benchmarks.timeit_check`, some minutes.

Of five formats and three models the same dump and load is timed twice in turns: by a block of
`shelflife measure`, and by a script of a few lines that knows nothing of the harness: a fresh
process that runs the statements which a user would write under `timeit` (its own number of loops,
garbage collection on). Printed are the medians over blocks, the median of their ratio by block,
and the noise band of the run: two of our own equal arms.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.execute import worker_environment
from harness.measure import campaign, choose, paired
from harness.measure.conduct import Conductor
from harness.measure.records import AGAIN
from harness.measure.results import Results
from harness.measure.store import Ledger

MODELS = ("logreg.binary", "forest.classifier", "knn.kd-tree-cube")
STAGES = {"dump": "dump-memory", "load": "load-warm"}  # no disk: it has a noise of its own
STATEMENTS = {
    "pickle-5": (
        "import pickle",
        "with open(out, 'wb') as file: pickle.dump(model, file, protocol=5)",
        "with open(path, 'rb') as file: pickle.load(file)",
    ),
    "cloudpickle": (
        "import cloudpickle",
        "with open(out, 'wb') as file: cloudpickle.dump(model, file)",
        "with open(path, 'rb') as file: cloudpickle.load(file)",
    ),
    "joblib": ("import joblib", "joblib.dump(model, out)", "joblib.load(path)"),
    "joblib-zlib-3": (
        "import joblib",
        "joblib.dump(model, out, compress=('zlib', 3))",
        "joblib.load(path)",
    ),
    "skops": (
        "import skops.io",
        "skops.io.dump(model, out)",
        "skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))",
    ),
}
"""What a user would write: (imports, dump, load)."""

SCRIPT = """
import gc, json, os, pickle, random, sys, time, timeit
jobs = json.load(open(sys.argv[1]))
model = pickle.load(open(jobs["source"], "rb"))
random.shuffle(jobs["timed"])
timers = []
for job in jobs["timed"]:
    names = dict(model=model, out=job["out"], path=job["path"])
    for clock in (time.perf_counter, time.process_time):
        setup = "import gc; gc.enable(); " + job["setup"]
        timer = timeit.Timer(job["statement"], setup, clock, names)
        timer.timeit(1)
        loops = 1
        while timer.timeit(loops) < 0.02:
            loops *= 2
        timers.append((job, clock.__name__, timer, loops, []))
for _ in range(5):
    random.shuffle(timers)
    for job, clock, timer, loops, found in timers:
        found.append(timer.timeit(loops) / loops)
rows = [(job, clock, sorted(found)[2]) for job, clock, _, _, found in timers]
print(json.dumps([[job["format"], job["stage"], clock, value] for job, clock, value in rows]))
"""


def plain(python: Path, place: Path, conductor: Conductor, key: tuple[str, str]) -> Any:
    """What a plain process says: [format, dump or load, clock, seconds] of each."""
    bench = conductor.benches[key]
    timed, memory = [], conductor.memory or place
    for id, (setup, dump, load) in STATEMENTS.items():
        paths = {"path": bench.arms[id]["path"], "out": str(memory / f"{id}.saved")}
        for stage, statement in (("dump", dump), ("load", load)):
            job = {"format": id, "stage": stage, "setup": setup, "statement": statement}
            timed.append({**job, **paths})
    jobs = place / "jobs.json"
    jobs.write_text(json.dumps({"source": str(bench.folder / "source.pkl"), "timed": timed}))
    answer = subprocess.run(
        [str(python), "-I", "-c", SCRIPT, str(jobs)],
        capture_output=True, text=True, check=True, env=worker_environment(),
    )  # fmt: skip
    return json.loads(answer.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blocks", type=int, default=20)
    parser.add_argument("--environment", default="core-sk1.9.1-py311")
    options = parser.parse_args()
    what = choose.choose(
        MODELS, tuple(STATEMENTS), (options.environment,), "pickle-5", None, gc=True
    )
    made = campaign.ready(what, Console(stderr=True))
    with tempfile.TemporaryDirectory(prefix="shelflife-timeit-") as name:
        place = Path(name)
        theirs: dict[tuple[str, str, str, str], dict[int, float]] = {}
        with Ledger(place / "run") as ledger:
            ledger.begin({"baseline": "pickle-5"})
            conductor = Conductor(what, made, ledger, campaign.SEED, lambda done: None)
            try:
                for block in range(options.blocks):
                    for each in what.sets:
                        conductor.block(each, block, {("start", arm) for arm in each.arms})
                        python = made[each.environment].python
                        for id, stage, clock, value in plain(python, place, conductor, each.key):
                            theirs.setdefault((each.model, id, stage, clock), {})[block] = value
                    print(f"block {block + 1} of {options.blocks}", file=sys.stderr)
            finally:
                conductor.close()
            _table(Results(ledger.read()), theirs, options.environment)


def _table(
    found: Results, theirs: dict[tuple[str, str, str, str], dict[int, float]], environment: str
) -> None:
    print(f"load average {os.getloadavg()[0]:.1f}; CPU time in microseconds; ratio ours / timeit\n")
    print("| model | format | stage | ours | timeit | ratio | 99 % interval | A/A band | within |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (model, id, stage, clock), values in sorted(theirs.items()):
        if clock != "process_time":
            continue
        ours = found.values[environment, model, id, STAGES[stage], "cpu"]
        d = paired.differences(values, ours)
        equal = found.values[environment, model, "pickle-5" + AGAIN, STAGES[stage], "cpu"]
        base = found.values[environment, model, "pickle-5", STAGES[stage], "cpu"]
        noise = paired.band(paired.differences(base, equal))
        compared = paired.compare(d, noise)
        within = abs(compared.ratio - 1) <= max(0.05, noise or 0.0)
        mine, other = (1e6 * statistics.median(v.values()) for v in (ours, values))
        print(
            f"| {model} | {id} | {stage} | {mine:.1f} | {other:.1f} | {compared.ratio:.3f} |"
            f" {compared.low:.3f}-{compared.high:.3f} | {100 * (noise or 0):.1f} % |"
            f" {'yes' if within else 'no'} |"
        )


if __name__ == "__main__":
    main()
