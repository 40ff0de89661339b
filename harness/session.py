"""What a command works on: a matrix with its locks and cells, and the run that they go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness import (
    environments,
    factcheck,
    facts,
    header,
    judge,
    locks,
    matrix,
    plan,
    project,
    registry,
    store,
    summary,
)
from harness.locks import Lock
from harness.records import Cell, CellId, Matrix, Outcome
from harness.source import Source


@dataclass(frozen=True)
class Chosen:
    """A matrix with its locks, all of its cells, and those that were asked for."""

    matrix: Matrix
    locks: dict[str, Lock]
    planned: list[CellId]
    cells: list[CellId]
    folder: Path
    families: Mapping[str, str]


def choose(name: str, patterns: Sequence[str], fresh: bool = False) -> Chosen:
    """matrix -> plan, for every command that works on cells."""
    folder = project.matrices()
    path = matrix.find(name, folder)
    known = registry.read(matrix.plugins(Source.read(path)))
    loaded = matrix.load(path, folder, known.models, known.formats)
    pinned = locks.read_all(folder, loaded.environments)
    planned = plan.cells(loaded)
    chosen = plan.with_controls(plan.select(planned, patterns), planned)
    mark = header.fingerprint(loaded, pinned)
    return Chosen(
        loaded,
        pinned,
        planned,
        chosen,
        header.folder(project.results(), loaded, mark, fresh, bool(patterns)),
        known.families,
    )


def sheets(writer: store.Writer, chosen: Chosen, retry: bool) -> dict[str, str]:
    """{format: environment} of the fact sheets that the matrix asks for and that are not there.

    To `retry`, those that are empty are wanted again.
    """
    if not chosen.matrix.facts:
        return {}
    known = {id for id, sheet in writer.facts().items() if sheet["facts"] or not retry}
    wanted = facts.places(chosen.matrix, chosen.cells)
    return {format: place for format, place in wanted.items() if format not in known}


@dataclass(frozen=True)
class Sheets:
    """How many fact sheets a run has, which are empty and why, which claims they refute."""

    filled: int
    empty: dict[str, str]
    refuted: list[str]


def sheets_of(chosen: Chosen) -> Sheets:
    """What the run's fact sheets come to, of the formats of the matrix."""
    found = store.Run(chosen.folder).facts()
    formats = [format for format in chosen.matrix.formats if format.id in found]
    full = {format.id: found[format.id]["facts"] for format in formats}
    return Sheets(
        filled=sum(map(bool, full.values())),
        empty={id: found[id]["reason"] for id, facts in full.items() if not facts},
        refuted=[
            f"{format.id}: {sentence}"
            for format in formats
            for sentence in factcheck.contradictions(format, full[format.id])
        ],
    )


def needed(chosen: Chosen, missing: Sequence[CellId], sheets: Mapping[str, str]) -> dict[str, Lock]:
    """The locks of the environments that the missing cells and fact sheets are run in."""
    used = {id for cell in missing for id in (cell.producer, cell.consumer)} | {*sheets.values()}
    return {id: lock for id, lock in chosen.locks.items() if id in used}


def recorded(writer: store.Writer, tally: summary.Tally) -> tuple[set[CellId], dict[CellId, Cell]]:
    """Cells that earlier invocations recorded, and the controls among them; all are tallied."""
    found, controls = set(), {}
    for cell in writer.cells():
        tally.add(cell)
        found.add(cell.id)
        if cell.id.is_control:
            controls[cell.id] = judge.slim(cell)
    return found, controls


def begin(writer: store.Writer, chosen: Chosen, prepared: environments.Prepared) -> None:
    """Write the header, and the locks beside it; a run that goes on keeps when it began."""
    made = header.header(writer.id, chosen.matrix, chosen.locks, prepared, len(chosen.planned))
    made["families"] = {f.family: chosen.families[f.family] for f in chosen.matrix.formats}
    if (writer.folder / "run.json").exists():
        made["started"] = writer.header()["started"]
    writer.write_header(made)
    writer.keep_locks({id: lock.text for id, lock in chosen.locks.items()})


def forget(writer: store.Writer, chosen: Chosen, outcome: Outcome) -> None:
    """Drop the chosen cells of an outcome; the run is then no longer complete."""
    if (writer.folder / "run.json").exists():
        writer.write_header({**writer.header(), "footer": None})
    writer.drop(outcome, {str(id) for id in chosen.cells})


def wants_footer(writer: store.Writer) -> bool:
    """Whether an interruption came between the last cell and the footer."""
    return (writer.folder / "run.json").exists() and writer.header()["footer"] is None


def end(
    writer: store.Writer,
    chosen: Chosen,
    tally: summary.Tally,
    phases: dict[str, float],
    seconds: float,
) -> None:
    """Account for this invocation; the footer, once every cell of the matrix is recorded."""
    spent = writer.spend(seconds, phases)
    if sum(tally.outcomes.values()) < len(chosen.planned):
        return
    made = writer.header()
    made["footer"] = {
        "finished": header.now(),
        "cells": len(chosen.planned),
        "outcomes": {outcome.value: n for outcome, n in tally.outcomes.items()},
        **spent,
    }
    writer.write_header(made)
