"""What a command works on: a matrix with its locks and cells, and the run that they go to."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from harness import (
    environments,
    factcheck,
    facts,
    header,
    judge,
    lines,
    locks,
    matrix,
    plan,
    project,
    registry,
    store,
    summary,
)
from harness.locks import Lock
from harness.records import OK_OUTCOMES, Cell, CellId, Json, Matrix, Outcome
from harness.source import Source

OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@dataclass(frozen=True)
class Chosen:
    """A matrix with its locks and its cells.

    `whole` are the cells of the matrix, `planned` those of the shard, or all; `asked` are those
    that were selected, `cells` those of them that are planned. `mark` is the fingerprint.
    """

    matrix: Matrix
    locks: dict[str, Lock]
    whole: list[CellId]
    planned: list[CellId]
    asked: list[CellId]
    cells: list[CellId]
    folder: Path
    families: Mapping[str, str]
    mark: str
    shard: plan.Shard | None = None


def choose(
    name: str, patterns: Sequence[str], fresh: bool = False, shard: plan.Shard | None = None
) -> Chosen:
    """matrix -> plan, for every command that works on cells."""
    folder = project.matrices()
    path = matrix.find(name, folder)
    known = registry.read(matrix.plugins(Source.read(path)))
    loaded = matrix.load(path, folder, known.models, known.formats)
    pinned = locks.read_all(folder, loaded.environments)
    whole = plan.cells(loaded)
    asked = plan.with_controls(plan.select(whole, patterns), whole)
    mark = header.fingerprint(loaded, pinned)
    return Chosen(
        loaded,
        pinned,
        whole,
        plan.shard(whole, shard),
        asked,
        plan.shard(asked, shard),
        header.folder(project.results(), loaded, mark, fresh, bool(patterns), shard),
        known.families,
        mark,
        shard,
    )


def sheets(writer: store.Writer, chosen: Chosen, retry: bool) -> dict[str, str]:
    """{format: environment} of the fact sheets that the matrix asks for and that are not there.

    To `retry`, those that are empty are wanted again. Shards share the formats among them.
    """
    if not chosen.matrix.facts:
        return {}
    known = {id for id, sheet in writer.facts().items() if sheet["facts"] or not retry}
    wanted = facts.places(chosen.matrix, chosen.asked)
    mine = [f for f in wanted if chosen.shard is None or chosen.shard.takes(f)]
    return {format: wanted[format] for format in mine if format not in known}


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


def unlocked(chosen: Chosen) -> dict[str, environments.Broken]:
    """The environments without a lock, and why they need none."""
    found = [e for e in chosen.matrix.environments if e.id not in chosen.locks]
    return {e.id: environments.Broken(e.id, e.notrun) for e in found}


def recorded(writer: store.Writer, tally: summary.Tally) -> tuple[set[str], dict[CellId, Cell]]:
    """Ids of what earlier invocations recorded, and the controls among it; all is tallied.

    A million cells in seconds: most are right and no controls, and are only counted.
    """
    found: set[str] = set()
    controls = {}
    gc.disable()  # nothing here refers to itself, and a third of the time went into looking
    try:
        for brief in chain.from_iterable(map(lines.briefs, writer.blocks())):
            found.add(brief.cell)
            outcome = OUTCOMES[brief.outcome]
            _, producer, consumer = brief.cell.rsplit("/", 2)
            is_control, is_right = producer == consumer, outcome in OK_OUTCOMES
            tally.outcomes[outcome] += is_right
            if is_right and not is_control:
                continue
            cell = brief.record(outcome)
            if not is_right:
                tally.add(cell)
            if is_control:
                controls[cell.id] = cell if is_right else judge.slim(cell)
    finally:
        gc.enable()
    return found, controls


def begin(writer: store.Writer, chosen: Chosen, prepared: environments.Prepared) -> None:
    """Write the header, and the locks beside it; a run that goes on keeps when it began."""
    made = header.header(writer.id, chosen.matrix, chosen.locks, prepared, len(chosen.planned))
    made["families"] = {f.family: chosen.families[f.family] for f in chosen.matrix.formats}
    made["fingerprint"] = chosen.mark
    made["shard"] = _shard_json(chosen)
    if (writer.folder / "run.json").exists():
        before = writer.header()
        kept = ("started", "merged")
        made.update({key: before[key] for key in kept if key in before})
    writer.write_header(made)
    writer.keep_locks({id: lock.text for id, lock in chosen.locks.items()})


def _shard_json(chosen: Chosen) -> Json:
    """Which part of the matrix this is, and how many cells the whole has; None for all of it."""
    if chosen.shard is None:
        return None
    return {"number": chosen.shard.number, "of": chosen.shard.of, "whole": len(chosen.whole)}


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
