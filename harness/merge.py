"""Shards of a run -> one run: of whatever arrived, in any order, some of it twice or torn.

A cell that came twice with one outcome is recorded once. Where one of them was `notrun`, the other
counts. Two different results of one cell are no result: it is `invalid`, and says that two runs
disagree. What is missing is named, never filled in.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness import header as headers
from harness.errors import StoreError
from harness.plan import Shard
from harness.records import Cell, CellId, Json, Outcome
from harness.sieve import Sieve
from harness.store import Run, Writer

BATCH = 2000  # cells of one write
NAMED = 10  # missing cells that are listed


@dataclass(frozen=True)
class Part:
    """A shard's run, or the whole matrix's, and its header."""

    run: Run
    header: Mapping[str, Json]

    @property
    def shard(self) -> Shard | None:
        found = self.header.get("shard")
        return Shard(found["number"], found["of"]) if found else None

    @property
    def label(self) -> str:
        """`shard 2/4`, or `the whole`."""
        return f"shard {self.shard}" if self.shard else "the whole"

    @property
    def whole(self) -> int:
        """Cells of the whole matrix."""
        found = self.header.get("shard")
        return int(found["whole"] if found else self.header["planned"])

    @property
    def identity(self) -> str:
        """Matrix and fingerprint: those with the same one measure the same."""
        return f"{self.header['matrix']}-{self.header['fingerprint']}"

    @property
    def order(self) -> tuple[object, ...]:
        """A place that does not depend on the order of arrival."""
        return self.shard or Shard(0, 0), self.header["started"], str(self.run.folder)


@dataclass
class Merged:
    """What the merge came to. `unreadable` is folder -> why, `missing` what no part has."""

    run: Run
    parts: Sequence[Json]
    unreadable: Mapping[str, str]
    missing_shards: Sequence[str]
    planned: int
    cells: int = 0
    missing: Sequence[CellId] = ()
    disagreements: int = 0

    @property
    def is_complete(self) -> bool:
        return self.cells >= self.planned

    def as_json(self) -> Json:
        return {
            "run": self.run.id,
            "folder": str(self.run.folder),
            "complete": self.is_complete,
            "planned": self.planned,
            "cells": self.cells,
            "parts": list(self.parts),
            "unreadable": dict(self.unreadable),
            "missing_shards": list(self.missing_shards),
            "missing_cells": [str(cell) for cell in self.missing],
            "disagreements": self.disagreements,
        }


def read(folders: Iterable[Path]) -> tuple[list[Part], dict[str, str]]:
    """The parts among these folders, each once, and why the others cannot be read."""
    parts, unreadable = [], {}
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        run = Run(folder)
        try:
            found = Part(run, run.header())
            if not found.header.get("fingerprint"):
                unreadable[str(folder)] = "its run.json names no fingerprint"
                continue
            parts.append(found)
        except StoreError as error:
            unreadable[str(folder)] = error.message
    return sorted(parts, key=lambda part: part.order), unreadable


def check(parts: Sequence[Part], unreadable: Mapping[str, str]) -> None:
    """StoreError where there is nothing to merge, or where the parts are not of one run."""
    if not parts:
        said = "; ".join(f"{folder}: {why}" for folder, why in unreadable.items()) or "none given"
        hint = "Name the folders of shards: shelflife run MATRIX --shard 1/4 makes the first."
        raise StoreError(f"there is no run to merge ({said})", hint)
    found = {part.identity: part for part in parts}
    if len(found) > 1:
        named = ", ".join(f"{part.run.id} ({identity})" for identity, part in found.items())
        hint = "Merge those of one matrix and one fingerprint; run the others again."
        raise StoreError(f"these runs do not measure the same: {named}", hint)


def merge(
    parts: Sequence[Part],
    unreadable: Mapping[str, str],
    out: Path,
    planned: Sequence[CellId] | None = None,
) -> Merged:
    """Write the merged run to `out`, which is replaced if all of its cells are in the parts.

    `planned` are all cells of the matrix, to name those that are missing. StoreError where `out`
    is no merged run or holds more.
    """
    scratch = out.with_name(out.name + ".merging")
    shutil.rmtree(scratch, ignore_errors=True)
    writer = Writer(scratch)
    try:
        sieve, counts = Sieve(), Counter[Outcome]()
        accounts = [_take(part, writer, sieve, counts) for part in parts]
        _settle(writer, sieve, counts)
        _keep_rest(writer, parts)
        merged = Merged(
            run=Run(out),
            parts=accounts,
            unreadable=unreadable,
            missing_shards=missing_shards(parts),
            planned=max(part.whole for part in parts),
            cells=len(sieve.first),
            missing=[id for id in planned or () if not sieve.has(id)],
            disagreements=sum(
                cell.outcome is Outcome.INVALID
                for cells in sieve.settled().values()
                for cell in cells
            ),
        )
        _write_header(writer, merged, parts, counts)
        _may_replace(out, sieve)
    except BaseException:
        writer.close()
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    writer.close()
    shutil.rmtree(out, ignore_errors=True)
    scratch.rename(out)
    return merged


def _take(part: Part, writer: Writer, sieve: Sieve, counts: Counter[Outcome]) -> Json:
    """Record the part's cells that are not there yet; what the header says of the part."""
    batch: list[Cell] = []
    cells = 0
    for cell in part.run.cells():
        cells += 1
        if sieve.passes(cell):
            counts[cell.outcome] += 1
            batch.append(cell)
        if len(batch) == BATCH:
            writer.append(batch)
            batch = []
    writer.append(batch)
    footer = part.header["footer"] or {}
    return {
        "run": part.run.id,
        "shard": str(part.shard) if part.shard else None,
        "started": part.header["started"],
        "finished": footer.get("finished"),
        "seconds": footer.get("seconds"),
        "host": part.header["host"],
        "planned": part.header["planned"],
        "cells": cells,
    }


def _settle(writer: Writer, sieve: Sieve, counts: Counter[Outcome]) -> None:
    """Put what several outcomes of a cell come to in place of the first of them."""
    for first, cells in sieve.settled().items():
        writer.drop(first, {str(cell.id) for cell in cells})
        writer.append(cells)
        counts[first] -= len(cells)
        counts.update(cell.outcome for cell in cells)


def _keep_rest(writer: Writer, parts: Sequence[Part]) -> None:
    """Locks and fact sheets of all parts; of two sheets of one format the one with facts."""
    sheets: dict[str, Json] = {}
    for part in parts:
        folder = part.run.folder / "locks"
        writer.keep_locks(
            {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}
        )
        for format, sheet in part.run.facts().items():
            if not sheets.get(format, {}).get("facts"):
                sheets[format] = sheet
    for format, sheet in sheets.items():
        writer.keep_facts(format, sheet)


def missing_shards(parts: Sequence[Part]) -> list[str]:
    """The shards that did not arrive, such as `3/4`; none can be told where the counts differ."""
    shards = {part.shard for part in parts}
    counts = {shard.of for shard in shards if shard}
    if None in shards or len(counts) != 1:
        return []
    every = (Shard(number, of) for of in counts for number in range(1, of + 1))
    return [str(shard) for shard in every if shard not in shards]


def _write_header(
    writer: Writer, merged: Merged, parts: Sequence[Part], counts: Counter[Outcome]
) -> None:
    seconds = sum(part["seconds"] or 0.0 for part in merged.parts)
    phases: Counter[str] = Counter()
    for part in parts:
        phases.update((part.header["footer"] or {}).get("phases", {}))
    spent = writer.spend(seconds, phases)
    finished = max((part["finished"] or "" for part in merged.parts), default="")
    footer = {
        "finished": finished or headers.now(),
        "cells": merged.cells,
        "outcomes": {outcome.value: n for outcome, n in sorted(counts.items()) if n},
        **spent,
    }
    writer.write_header(
        {
            **parts[0].header,
            "run": merged.run.id,
            "started": min(part.header["started"] for part in parts),
            "planned": merged.planned,
            "environments": _environments(parts),
            "shard": None,
            "merged": {
                "parts": list(merged.parts),
                "missing_shards": list(merged.missing_shards),
                "unreadable": dict(merged.unreadable),
                "disagreements": merged.disagreements,
            },
            "footer": footer if merged.is_complete else None,
        }
    )


def _environments(parts: Sequence[Part]) -> list[Json]:
    """Those of the header; one that could not be used in some parts says in which."""
    found = []
    for place, environment in enumerate(parts[0].header["environments"]):
        entry = {key: value for key, value in environment.items() if key != "notrun"}
        reasons = {
            part.label: reason
            for part in parts
            if (reason := part.header["environments"][place].get("notrun"))
        }
        if len(reasons) == len(parts) and len(set(reasons.values())) == 1:
            entry["notrun"] = next(iter(reasons.values()))
        elif reasons:
            entry["notrun"] = "; ".join(f"in {label}: {why}" for label, why in reasons.items())
        found.append(entry)
    return found


def _may_replace(out: Path, sieve: Sieve) -> None:
    """StoreError where `out` holds what the parts do not have."""
    if not out.exists():
        return
    hint = "Name it among the runs, or another folder with --out."
    if not (out / "run.json").is_file() or not Run(out).header().get("merged"):
        raise StoreError(f"{out} is there, and no merge has made it", hint)
    more = sum(not sieve.has(mark.cell) for mark in Run(out).marks())
    if more:
        raise StoreError(f"{out} has {more:,} cells that the given runs do not have", hint)


def text(merged: Merged) -> Iterator[str]:
    """What a person wants to know of a merge: what came, and what is missing."""
    state = "complete" if merged.is_complete else "incomplete"
    yield f"Run {merged.run.id} ({state}): {merged.run.folder}"
    yield f"{merged.cells:,} of {merged.planned:,} cells, of {len(merged.parts)} runs"
    for part in merged.parts:
        what = f"shard {part['shard']}" if part["shard"] else "the whole"
        torn = "" if part["finished"] else f": no footer, {part['planned']:,} were planned"
        yield f"  {what}, {part['run']}: {part['cells']:,} cells{torn}"
    for folder, why in merged.unreadable.items():
        yield f"  not readable, left out: {folder}: {why}"
    for shard in merged.missing_shards:
        yield f"  missing: shard {shard}"
    for cell in merged.missing[:NAMED]:
        yield f"  missing: {cell}"
    if len(merged.missing) > NAMED:
        yield f"  ... and {len(merged.missing) - NAMED:,} more; all of them with --json"
    if merged.disagreements:
        yield f"  {merged.disagreements:,} cells are invalid, because two runs disagree on them"
