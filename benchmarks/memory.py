"""Memory of the modern side over many cells: `python -m benchmarks.memory [CELLS]`.

A plugin registers as many small models as it takes; they are really saved, loaded and asked in two
environments. Prints cells per second and the peak resident memory of the command's own process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLUGIN = """
from shelflife_worker.registry import DATA, model


class Rows:
    def __init__(self):
        import numpy

        self.X = self.ask = numpy.arange(8.0).reshape(4, 2)
        self.y = self.ask_y = numpy.arange(4.0)


class Sum:
    def fit(self, X, y):
        return self

    def predict(self, X):
        return X.sum(axis=1)


DATA["rows"] = Rows
for number in range({models}):
    model("many.m%05d" % number, data="rows", summary="one of many")(Sum)
"""
MATRIX = """
description = "many small models"
plugins = ["plugins"]
models = ["many.*"]
formats = ["pickle-2", "pickle-4", "pickle-5", "joblib", "cloudpickle"]
[[from]]
matrix = "quick"
environments = ["sk1.3.2-*", "sk1.7.2-*"]
"""
FORMATS, PAIRS = 5, 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="?", type=int, default=100_000)
    cells = parser.parse_args().cells
    with tempfile.TemporaryDirectory(prefix="shelflife-memory-") as place:
        folder = Path(place)
        (folder / "plugins").mkdir()
        models = -(-cells // (FORMATS * PAIRS))
        (folder / "plugins" / "many.py").write_text(PLUGIN.replace("{models}", str(models)))
        (folder / "many.toml").write_text(MATRIX)
        for what in ("run", "again, nothing to do"):
            seconds, peak = timed(folder)
            rate = models * FORMATS * PAIRS / seconds
            print(
                f"{what}: {models * FORMATS * PAIRS:,} cells in {seconds:.1f} s, {rate:.0f} cells/s"
            )
            print(f"  peak of the modern side: {peak:.0f} MiB (under 300)")


def timed(folder: Path) -> tuple[float, float]:
    """Wall seconds of one `shelflife run`, and the peak MiB of its own process."""
    command = [sys.executable, "-m", "harness.cli", "run", str(folder / "many.toml")]
    variables = {**os.environ, "SHELFLIFE_RESULTS": str(folder / "results")}
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=variables)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _high_water(process.pid))
        time.sleep(0.1)
    assert process.returncode == 0
    return time.monotonic() - began, peak


def _high_water(pid: int) -> float:
    """VmHWM of a process in MiB: unlike ru_maxrss it is no legacy of whoever started it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


if __name__ == "__main__":
    main()
