"""A measuring run as tables for a terminal, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from harness.measure import paired, regress
from harness.measure.paired import Compared
from harness.measure.plan import ENOUGH, START
from harness.measure.records import AGAIN, STAGES, Case
from harness.measure.results import JUDGED, Figure, Key, Results
from harness.records import Json
from harness.words import digits

COLUMNS = (
    ("dump", "dump-file"), ("load warm", "load-warm"), ("load cold", "load-cold"),
    ("touch", "touch"), ("first answer", "first-answer"), ("start to answer", "start"),
)  # fmt: skip
SHORT = {"dump-file": "dump", "load-touch": "load", "start": "start"}
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"))
SIZES = ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB"), (1, "B"))


def tables(results: Results) -> Iterator[Table | str]:
    """What was measured, a table for each comparison set and a foot below it."""
    for key in results.measured.sets:
        yield _table(results, key)
        yield _foot(results, key)


def _table(results: Results, key: Key) -> Table:
    environment, model = key
    arms = [case for case in results.arms(key) if case.status == "ok"]
    inside, starts = results.blocks(key), results.blocks(key, START)
    title = f"{model} in {environment}: {inside} blocks inside, {starts} of starts"
    table = Table(title=title, title_justify="left", pad_edge=False)
    table.add_column("format", no_wrap=True, min_width=max((len(c.arm) for c in arms), default=0))
    for name in ("size", *(name for name, _ in COLUMNS), "peak"):
        table.add_column(name, justify="right", overflow="fold")
    for stage in JUDGED:
        table.add_column(f"{SHORT[stage]} against {results.baseline}", overflow="fold")
    for case in arms:
        table.add_row(*_cells(results, key, case))
    return table


def _cells(results: Results, key: Key, case: Case) -> Iterator[str]:
    yield case.arm
    yield _size(case)
    for _, stage in COLUMNS:
        if stage == "load-warm" and case.lazy:
            yield _seconds(results.figure(key, case.arm, "load-touch")) + "\nwith touch"
        elif stage == "load-cold" and case.cold:
            yield "notrun"
        else:
            yield _seconds(results.figure(key, case.arm, stage))
    yield _bytes_of(results.peak(key, case.arm))
    for stage in JUDGED:
        is_base = case.arm == results.baseline
        yield "" if is_base else _verdict(results.compared(key, case.arm, stage))


def _foot(results: Results, key: Key) -> str:
    """The noise band, what the columns are, and what there is no row for."""
    arms = [case for case in results.arms(key) if case.status != "ok"]
    bands = []
    for stage in JUDGED:
        noise = results.band(key, stage)
        said = "not known" if noise is None else f"{100 * math.expm1(noise):.1f} %"
        bands.append(f"{SHORT[stage]} {said} ({STAGES[stage].clock})")
    lines = [
        f"A/A noise of this run, {results.baseline} against itself: {', '.join(bands)}."
        " A difference counts from 5 % or the noise, whichever is more.",
        "Figures: wall time, medians of blocks with 99 % intervals; ratios go by the clock named.",
    ]
    colds = {case.cold for case in results.arms(key) if case.cold}
    lines += [f"load cold is notrun: {why}" for why in sorted(colds)]
    lines += [f"{case.arm}: {case.status}: {case.reason}" for case in arms]
    return "\n".join(lines) + "\n"


def against(results: Results, good: str) -> Iterator[str]:
    """What is slower elsewhere than in the environment `good`, a line for each arm and stage."""
    for environment, model in results.measured.sets:
        if environment == good or (good, model) not in results.measured.sets:
            continue
        new, old = (environment, model), (good, model)
        yield f"{model}: {environment} against {good}"
        for case in results.arms(new):
            for stage in JUDGED:
                d = results.between(old, new, case.arm, stage)
                bands = [results.band(key, stage) for key in (old, new)]
                noise = None if None in bands else max(b for b in bands if b is not None)
                said = _verdict(paired.compare(d, noise)).replace("\n", " ")
                slower = " REGRESSION" if regress.is_confirmed(d) else ""
                yield f"  {case.arm} {SHORT[stage]}: {said}{slower}"
    yield (
        f"REGRESSION: {regress.PAIRS} pairs or more, one-sided p < {regress.P}:"
        " by chance once in a thousand comparisons."
    )


def suspicions(history: Mapping[regress.Place, Sequence[float]]) -> Iterator[str]:
    """The first stage of the rule over a history of runs, and what confirms a suspicion."""
    nights = max(map(len, history.values()), default=0)
    ripe = sum(len(values) > regress.NIGHTS for values in history.values())
    yield f"{len(history)} cases and stages, {nights} runs; {ripe} have 30 nights before tonight."
    for suspect in regress.suspects(history):
        place = f"{suspect.model}/{suspect.arm} in {suspect.environment}, {SHORT[suspect.stage]}"
        yield (
            f"{place}: {suspect.tonight:.3f} of the baseline, at most {suspect.before:.3f} before;"
            f" confirm: shelflife measure {suspect.model} --format {suspect.arm}"
            f" --environment {suspect.environment} --against GOOD"
        )
    yield (
        f"By chance {ripe / (regress.NIGHTS + 1):.1f} are suspected a night, and with the"
        f" confirmation {regress.false_alarms(ripe):.4f} are false alarms."
    )


def closing(results: Results) -> str:
    """What the whole run has to say of itself."""
    header, share = results.measured.header, results.measured.share
    sheet = header["sheet"]
    machine = f"{sheet['cpu']}, {sheet['cores']} cores, {sheet['system']}, {sheet['filesystem']}"
    spent = f"{100 * share:.0f} %" if share is not None else "unknown"
    return (
        f"{machine}, governor {sheet['governor']}.\n"
        f"{spent} of the time was spent in measured stages and starts (at least 80 % is the aim)."
    )


def document(results: Results) -> Json:
    """The same as JSON: `sets` with `bands` and `rows`; seconds and bytes."""
    return {
        "run": results.measured.header["run"],
        "folder": str(results.measured.folder),
        "share": results.measured.share,
        "sets": [_set(results, key) for key in results.measured.sets],
    }


def _set(results: Results, key: Key) -> Json:
    return {
        "environment": key[0],
        "model": key[1],
        "blocks": results.blocks(key),
        "bands": {stage: results.band(key, stage) for stage in JUDGED},
        "rows": [_row(results, key, c) for c in results.measured.cases
                 if (c.environment, c.model) == key],
    }  # fmt: skip


def _row(results: Results, key: Key, case: Case) -> Json:
    stages = {
        stage: [figure.value, figure.low, figure.high]
        for stage in STAGES
        if (figure := results.figure(key, case.arm, stage))
    }
    judged = {
        stage: _compared(results.compared(key, case.arm, stage))
        for stage in JUDGED
        if case.arm != results.baseline
    }
    peak = results.peak(key, case.arm)
    return {
        "arm": case.arm,
        "format": case.format,
        "again": case.arm.endswith(AGAIN),
        "status": case.status,
        "reason": case.reason,
        "bytes": case.bytes,
        "files": case.files,
        "payload": case.payload,
        "peak": peak and peak.value,
        "stages": stages,
        "against": judged,
    }


def _compared(found: Compared) -> Json:
    if not found.n:
        return {"n": 0, "verdict": found.verdict}
    return {
        "n": found.n, "ratio": found.ratio, "low": found.low, "high": found.high,
        "p": found.p, "verdict": found.verdict,
    }  # fmt: skip


def _verdict(found: Compared) -> str:
    if not found.n:
        return "notrun"
    if found.n < ENOUGH:
        return f"{found.verdict}\n{found.ratio:.2f}"
    return f"{found.verdict}\n{found.ratio:.2f} ({found.low:.2f}-{found.high:.2f})"


def _size(case: Case) -> str:
    if case.bytes is None:
        return ""
    said = bytes_text(case.bytes) + (f"\n{case.files} files" if (case.files or 0) > 1 else "")
    return said + (f"\n{case.bytes / case.payload:.2f}x arrays" if case.payload else "")


def _bytes_of(figure: Figure | None) -> str:
    return bytes_text(figure.value) if figure else ""


def _seconds(figure: Figure | None) -> str:
    """`1.23 ms`, and below it the interval or the number of blocks."""
    if figure is None:
        return ""
    scale, unit = next((pair for pair in UNITS if figure.value >= pair[0]), UNITS[-1])
    return f"{digits(figure.value / scale)} {unit}\n{_interval(figure, scale)}"


def _interval(figure: Figure, scale: float) -> str:
    """The interval; of too few blocks there is none to speak of, and their number stands there."""
    if figure.n < ENOUGH:
        return f"{figure.n} blocks" if figure.n > 1 else "1 block"
    return f"{digits(figure.low / scale)}-{digits(figure.high / scale)}"


def bytes_text(value: float) -> str:
    """`1.2 MB`: of 1024 kB of 1024 bytes."""
    scale, unit = next((pair for pair in SIZES if value >= pair[0]), SIZES[-1])
    return f"{digits(value / scale)} {unit}" if scale > 1 else f"{value:.0f} B"


def seconds_text(value: float) -> str:
    """`1.23 ms`."""
    scale, unit = next((pair for pair in UNITS if value >= pair[0]), UNITS[-1])
    return f"{digits(value / scale)} {unit}"
