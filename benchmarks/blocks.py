"""Blocks of fresh processes for one comparison, by the protocol of `shelflife measure`.

asv and pytest-benchmark measure through this, so that a figure means the same everywhere:

    python -m benchmarks.blocks REQUEST

reads a JSON object and writes one to its `response`, {format: found}: see `Found`.

    python, environment   interpreter that is measured in, and its name
    model, formats        of the comparison; pickle-5 joins them, once more as its equal
    plugins               folders with more models and formats
    blocks, starts        how many; whether with processes from their start to the first answer
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness import project, registry
from harness.environments import Ready
from harness.measure.choose import Chosen
from harness.measure.conduct import Conductor
from harness.measure.plan import Set
from harness.measure.records import LINES, STAGES, WALL, Measured, Peak, of_lines
from harness.measure.records import lines as lines_of
from harness.measure.store import Ledger
from harness.records import Format

BASELINE = "pickle-5"


@dataclass
class Found:
    """Of one case: how it went, its bytes, and a value of each block.

    `stages` are seconds by the clock that the stage is judged by: CPU time, which other work on the
    machine hardly changes, but wall time of what waits for a disk. `peaks` are bytes above what was
    resident before.
    """

    status: str
    reason: str = ""
    bytes: int | None = None
    stages: dict[str, list[float]] = field(default_factory=dict)
    peaks: dict[str, list[int]] = field(default_factory=dict)


def measure(
    ready: Ready,
    model: str,
    formats: Sequence[str],
    plugins: Sequence[str] = (),
    blocks: int = 1,
    starts: bool = True,
) -> dict[str, Found]:
    """Measure some formats of one model in one environment; by format, in their order."""
    if not (project.WORKER / "measuring").is_dir():
        return dict.fromkeys(formats, Found("absent", "this commit's worker cannot measure"))
    known = registry.read(plugins)
    by_id = {format.id: format for format in known.formats}
    if model not in {model.id for model in known.models}:
        return dict.fromkeys(formats, Found("absent", f"this commit has no model {model}"))
    given = tuple(id for id in dict.fromkeys([BASELINE, *formats]) if id in by_id)
    run = _run(Set(ready.id, model, given, BASELINE), ready, by_id, plugins, blocks, starts)
    found = _found(run)
    lost = Found("absent", "this commit has no such format")
    return {id: found.get(id, lost) for id in formats}


def _run(
    each: Set,
    ready: Ready,
    formats: Mapping[str, Format],
    plugins: Sequence[str],
    blocks: int,
    starts: bool,
) -> Measured:
    chosen = Chosen((each,), {}, formats, tuple(plugins), BASELINE, None, True, "")
    without = set() if starts else {("start", arm) for arm in each.arms}
    with tempfile.TemporaryDirectory(prefix="shelflife-") as name, Ledger(Path(name)) as ledger:
        conductor = Conductor(chosen, {ready.id: ready}, ledger, 0, lambda _: None)
        try:
            for block in range(blocks):
                conductor.block(each, block, set(without))
        finally:
            conductor.close()
        return of_lines(Path(name), {}, list(lines_of(Path(name) / LINES)))


def _found(run: Measured) -> dict[str, Found]:
    """What was found of each arm, by its name; the equal arm of the baseline is one of them."""
    found = {case.arm: Found(case.status, case.reason, case.bytes) for case in run.cases}
    for sample in run.samples:
        seconds = sample.wall if STAGES[sample.stage].clock == WALL else sample.cpu
        found[sample.arm].stages.setdefault(sample.stage, []).append(seconds)
    for peak in run.peaks:
        for name, value in _above(peak).items():
            found[peak.arm].peaks.setdefault(name, []).append(value)
    return found


def _above(peak: Peak) -> dict[str, int]:
    """Peaks above what was resident before; a dump's is kept in that form already."""
    base = peak.base or 0
    kept = {"load": (peak.load, base), "answer": (peak.answer, base), "dump": (peak.dump, 0)}
    return {name: max(0, top - low) for name, (top, low) in kept.items() if top is not None}


def main(path: str) -> None:
    """Answer the request in the file `path`."""
    request = json.loads(Path(path).read_text())
    ready = Ready(request["environment"], Path(request["python"]), {})
    arguments = {key: request[key] for key in ("model", "formats", "plugins", "blocks", "starts")}
    found = measure(ready, **arguments)
    answer = {id: vars(one) for id, one in found.items()}
    Path(request["response"]).write_text(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
