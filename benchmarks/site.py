"""Measures the report on a synthetic run: `python -m benchmarks.site [--cells 100000]`.

Prints how long a site takes to write and how much memory, how large its data are, and how long
Chromium takes until list and grid stand and until a filter is shown. On a shared machine read the
times as ratios: each is also given relative to parsing the same lines with `json` alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import find
from tests.synthetic import Synthetic, write_run

WRITE = """
import sys, time
from pathlib import Path
begun = time.perf_counter()
from harness.report import write_site
imported = time.perf_counter()
write_site(Path(sys.argv[1]), Path(sys.argv[2]))
written = time.perf_counter()
peak = next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1]
print(imported - begun, written - imported, int(peak) / 1024)
"""

SHOWN = """
address => new Promise((done) => {
  const begun = performance.now();
  addEventListener("hashchange", () =>
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun))), {once: true});
  location.hash = address;
})
"""

FILTERS = {
    "a format": "format=skops",
    "an outcome": "outcome=load-error",
    "a pair": "producer=sk0.22.2-np1.17-py38&consumer=sk1.9.1-np2.1-py313",
    "a word": "q=moduleNotFound",
    "an id with slashes": "q=logreg.binary/pickle-5/sk1",
    "sorted by size": "sort=-bytes",
    "nothing": "sort=",
}


def parse_seconds(path: Path) -> float:
    """The yardstick: only parsing the lines."""
    begun = time.perf_counter()
    with path.open("rb") as lines:
        for line in lines:
            json.loads(line)
    return time.perf_counter() - begun


def write(run: Path, site: Path) -> tuple[float, float, float]:
    """Seconds to import, seconds to write, and peak MiB, in a process of its own."""
    command = [sys.executable, "-c", WRITE, str(run), str(site)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    importing, writing, peak = map(float, done.stdout.split())
    return importing, writing, peak


def ready(page: Page, address: str) -> float:
    """Milliseconds from the start of navigation until list and grid stand and are painted."""
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("html[data-ready]")
    return float(
        page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => done("
            "performance.getEntriesByName('shelflife-ready')[0].startTime)))"
        )
    )


def in_browser(index: Path, rounds: int) -> None:
    chromium = str(find() or "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        opened = [ready(page, index.as_uri()) for _ in range(rounds)]
        print(f"open until ready        {statistics.median(opened):8.0f} ms")
        for name, address in FILTERS.items():
            taken = []
            for _ in range(rounds):
                page.evaluate(SHOWN, "q=zzz")
                taken.append(float(page.evaluate(SHOWN, address)))
            worst, middle = max(taken), statistics.median(taken)
            print(f"filter, {name:18}{middle:6.0f} ms (longest {worst:.0f}), event to frame")
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=100_000)
    parser.add_argument("--environments", type=int, default=14)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--index", type=Path, help="a first page that is there; not written here")
    options = parser.parse_args()
    if options.index:
        in_browser(options.index.resolve(), options.rounds)
        return
    with tempfile.TemporaryDirectory() as folder:
        spec = Synthetic(options.cells, environments=options.environments)
        run = write_run(Path(folder) / "run", spec)
        site = Path(folder) / "site"
        yardstick = parse_seconds(run / "cells.jsonl")
        importing, writing, peak = write(run, site)
        print(
            f"{options.cells:,} cells, {(run / 'cells.jsonl').stat().st_size / 1e6:.0f} MB of lines"
        )
        print(f"parse the lines only    {yardstick:8.2f} s")
        print(f"import the report       {importing:8.2f} s")
        print(f"write the site          {writing:8.2f} s, {writing / yardstick:.1f} x parsing")
        print(f"peak memory             {peak:8.0f} MiB")
        print(
            f"data/cells.js           {(site / 'data' / 'cells.js').stat().st_size / 1e6:8.2f} MB"
        )
        total = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        print(f"the whole site          {total / 1e6:8.1f} MB")
        in_browser(site / "index.html", options.rounds)


if __name__ == "__main__":
    main()
