"""Plans, runs and single cells in words and as JSON."""

from __future__ import annotations

import fnmatch
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence

from harness.baseline import Baseline
from harness.environments import interpreter
from harness.errors import StoreError, UserError, did_you_mean
from harness.evidence import Evidence
from harness.locks import pins
from harness.records import CellId, Environment, Json, Matrix
from harness.store import Run


def matches_any(id: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(id, pattern) for pattern in patterns)


def environment(found: Environment) -> str:
    """One line about an environment."""
    not_made = f"declared: {found.notrun}" if found.notrun else "not made yet"
    made = "made" if interpreter(found.id).exists() else not_made
    return f"Python {found.python}, {found.main} of {found.released}, {made}"


def run_row(run: Run) -> Json:
    """One line about a run."""
    header = run.header()
    footer = header["footer"]
    state = f"complete, {footer['cells']:,} cells" if footer else "incomplete"
    return {"id": run.id, "matrix": header["matrix"], "summary": f"{header['started']}, {state}"}


def baseline_row(found: Baseline) -> Json:
    """One line about a baseline, of which a damaged one says so."""
    try:
        said = f"{found.header()['started']}, {found.state}, of run {found.header()['run']}"
    except StoreError as error:
        said = error.message
    return {"id": found.matrix, "summary": said}


def rate(runs: Sequence[Run], default: float) -> tuple[float, str]:
    """Cells per second to expect, and where the figure comes from."""
    for run in reversed(runs):
        footer = run.header()["footer"]
        if footer and footer["cells"] > 100:
            return footer["cells"] / max(footer["seconds"], 1e-3), f"as in run {run.id}"
    return default, "no complete run here yet: as measured on two cores"


def plan_json(
    matrix: Matrix, cells: Sequence[CellId], missing: Sequence[CellId], rate: float
) -> Json:
    """What a run would do."""
    return {
        "matrix": matrix.name,
        "environments": [
            {"id": e.id, "python": e.python, "made": interpreter(e.id).exists()}
            for e in matrix.environments
        ],
        "models": [model.id for model in matrix.models],
        "formats": [format.id for format in matrix.formats],
        "cells": [str(cell) for cell in cells],
        "missing": len(missing),
        "estimate_seconds": round(len(missing) / rate, 1),
    }


def plan_text(
    matrix: Matrix, cells: Sequence[CellId], missing: Sequence[CellId], rate: float, source: str
) -> str:
    """The same in words."""
    cases = {cell.case for cell in cells}
    lines = [
        f"{matrix.name}: {matrix.description}",
        f"{len(cells):,} cells: {len(cases):,} cases, {len({c.producer for c in cells})} producers,"
        f" {len({c.consumer for c in cells})} consumers; {len(missing):,} of them not recorded yet",
        f"about {_duration(len(missing) / rate)} at {rate:.0f} cells/s ({source}),"
        " and the time that making environments takes",
        "",
    ]
    lines += [f"  {e.id:<24} {environment(e)}" for e in matrix.environments]
    formats = Counter(cell.format for cell in cells)
    lines += ["", *(f"  {format:<24} {count:,} cells" for format, count in formats.items())]
    return "\n".join(lines)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def find(cell: str, runs: Sequence[Evidence]) -> tuple[Evidence, Json]:
    """The first of `runs` that has the cell, and its line. UserError where none has."""
    try:
        CellId.parse(cell)
    except ValueError as error:
        raise UserError(str(error), "List them: shelflife cells --select PATTERN") from None
    known: set[str] = set()
    for run in runs:
        marked = {mark.cell for mark in run.marks()}
        if cell in marked:
            return run, next(line for line in run.lines() if line["cell"] == cell)
        known |= marked
    raise UserError(f"no run has the cell {cell!r}", did_you_mean(cell, known))


def text(run: Evidence, line: Json) -> str:
    """Everything known about a cell, for a terminal."""
    header = run.header()
    argument = header.get("argument", header["matrix"])
    where = f"in run {run.id}" if isinstance(run, Run) else f"in {run.id}"
    parts = [f"{line['cell']}\n  {line['outcome']}{_observed(line)}, {where}"]
    if line["reason"]:
        parts.append(f"  because: {line['reason']}")
    if line["artifact"]:
        artifact = line["artifact"]
        digest = artifact["sha256"] or "of a SHA-256 that was not kept"
        parts.append(f"  artifact {digest}, {artifact['bytes']:,} bytes")
    if line["fidelity"]:
        found = line["fidelity"]
        method = f" ({found['method']}, {found['max_abs_diff']})" if found["method"] else ""
        parts.append(
            f"  saved and reloaded at once, against the fitted model: {found['verdict']}{method}"
        )
    times = ", ".join(f"{stage} {ms:.3g}" for stage, ms in line["ms"].items())
    parts.append(f"  milliseconds, one shot: {times or 'none taken'}; runs: {line['runs']}")
    parts += [_methods(line), _error(line), _warnings(line)]
    parts.append(_locks(run, line["producer"], line["consumer"]))
    parts.append(
        "Run it again alone:\n"
        f"  shelflife run {argument} --select '{line['cell']}' --fresh\n"
        "Open its environment, in the project's folder:\n"
        f"  python -m tox exec -e {line['consumer']} -- python"
    )
    return "\n\n".join(part for part in parts if part)


def _observed(line: Json) -> str:
    return f" (observed: {line['observed']})" if line["observed"] else ""


def _methods(line: Json) -> str:
    rows = [
        f"  {name:<26} {found['verdict']:<10} max abs {_figure(found['max_abs_diff']):<12}"
        f" ulp {_ulp(found['max_ulp']):<8} changed {found['changed']:<5}"
        f" {_row(found)} {found.get('note', '')}"
        for name, found in line["methods"].items()
    ]
    return "\n".join(["Methods:", *rows]) if rows else ""


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _ulp(distance: int) -> str:
    return f"{distance}" if distance < 1e6 else f"{distance:.1e}"


def _row(found: Json) -> str:
    return f"row {found['worst_row']}" if "worst_row" in found else ""


def _error(line: Json) -> str:
    error = line["error"]
    if not error:
        return ""
    trace = textwrap.indent(error["traceback"].rstrip(), "  ")
    return f"Error at {error['stage']}: {error['type']}: {error['message']}\n{trace}".rstrip()


def _warnings(line: Json) -> str:
    rows = [
        f"  {w['count']} x {w['category']} at {w['stage']}: {w['message'].strip()}"
        for w in line["warnings"]
    ]
    return "\n".join(["Warnings:", *rows]) if rows else ""


def _locks(run: Evidence, producer: str, consumer: str) -> str:
    """How the two locks differ."""
    left, right = (_pins(run, id) for id in (producer, consumer))
    rows = [
        f"  {name:<24} {left.get(name, '-'):<14} -> {right.get(name, '-')}"
        for name in sorted(left.keys() | right.keys())
        if left.get(name) != right.get(name)
    ]
    if producer == consumer:
        folder = f"{run.folder / 'locks'}/" if isinstance(run, Run) else "matrices/locks/"
        return f"Locks: {folder}{producer}.txt (a control: both the same)"
    return "\n".join([f"Locks, {producer} -> {consumer}:", *rows])


def _pins(run: Evidence, environment: str) -> dict[str, str]:
    """The packages of an environment: of the run's copy of its lock, or as the header has them."""
    path = run.folder / "locks" / f"{environment}.txt" if isinstance(run, Run) else None
    if path and path.exists():
        return pins(path.read_text(encoding="utf-8"))
    known = {e["id"]: e.get("packages", {}) for e in run.header().get("environments", ())}
    return dict(known.get(environment, {}))
