"""Measures the whole site of a synthetic run: `python -m benchmarks.site_scale [--cells 1000000]`.

Prints how long the site takes to write, by the clock and in seconds of the processor without the
processes beside it, the peak memory of both, the bytes of its largest page, and of all of its
scripts and styles. What is to be held is printed beside it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import cores
from tests.synthetic import Synthetic, write_run

WRITE = """
import importlib, json, resource, sys, time
from pathlib import Path
from harness import project
from harness.store import Run
site, gather = (importlib.import_module(n) for n in ("harness.site", "harness.site.gather"))
kept = gather.kept(
    project.matrices(), project.ROOT / "docs" / "formats", project.claims(), project.measured()
)
spent = {}
def timed(write):
    def run(made, out):
        begun = time.process_time()
        try:
            return write(made, out)
        finally:
            spent[write.__module__.rpartition(".")[2]] = time.process_time() - begun
    return run
site.WRITERS = tuple(map(timed, site.WRITERS))
begun = time.process_time(), time.perf_counter()
site.write_all([Run(Path(sys.argv[1]))], {}, kept, Path(sys.argv[2]), "2026-11-22T00:00:00+00:00",
    processes=int(sys.argv[3]))
cpu, wall = time.process_time() - begun[0], time.perf_counter() - begun[1]
spent["gather"] = cpu - sum(spent.values())
peak, beside = (
    resource.getrusage(who).ru_maxrss / 1024
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
)
print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak, "beside": beside, "spent": spent}))
"""


def largest(out: Path, pattern: str) -> tuple[str, int]:
    """The largest file of a pattern, and its bytes."""
    sizes = {str(path.relative_to(out)): path.stat().st_size for path in out.rglob(pattern)}
    return max(sizes.items(), key=lambda item: item[1])


def shown(out: Path, cells: int, took: dict[str, float]) -> None:
    """What was measured, and what is to be held."""
    print(f"{cells:,} cells")
    print(f"by the clock         {took['wall']:10.1f} s    to hold: 60 s for 1,000,000 cells")
    print(f"processor            {took['cpu']:10.1f} s    without the processes beside it")
    print(f"peak memory          {took['peak']:10.0f} MiB  to hold: 1024 MiB")
    print(f"  of one beside it   {took['beside']:10.0f} MiB")
    page, size = largest(out, "*.html")
    print(f"largest page         {size / 1e6:10.2f} MB   to hold: 5 MB ({page})")
    script, size = largest(out, "*.js")
    print(f"largest data script  {size / 1e6:10.2f} MB   ({script})")
    assets = sum(path.stat().st_size for path in (out / "assets").iterdir())
    print(f"scripts and styles   {assets / 1e3:10.1f} kB   to hold: 150 kB")
    files = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
    print(f"the whole site       {sum(files) / 1e6:10.0f} MB   {len(files):,} files")
    for name, seconds in sorted(took["spent"].items(), key=lambda item: -item[1]):
        print(f"  {name:19}{seconds:10.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--environments", type=int, default=14)
    parser.add_argument("--processes", type=int, default=cores.count())
    parser.add_argument("--run", type=Path, help="a run that is there already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        spec = Synthetic(options.cells, environments=options.environments)
        run = options.run or write_run(Path(folder) / "run", spec)
        out = Path(folder) / "site"
        command = [sys.executable, "-c", WRITE, str(run), str(out), str(options.processes)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        shown(out, options.cells, json.loads(done.stdout))


if __name__ == "__main__":
    main()
