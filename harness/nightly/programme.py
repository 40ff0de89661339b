"""`nightly.toml` -> what a night runs: matrices, their shards, pre-releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness import matrix
from harness.errors import UserError, did_you_mean
from harness.plan import Shard
from harness.records import Json
from harness.source import Source

JOBS = 256  # of one matrix of jobs, as GitHub's documentation of workflows has it
TOP = {"night", "matrix", "prerelease"}
NIGHT = {"keep"}
MATRIX = {"name", "shards"}
PRERELEASE = {"id", "matrix", "main", "python", "requirements", "index", "variant_of"}


@dataclass(frozen=True)
class Entry:
    """A matrix of the night, and into how many shards it is split."""

    name: str
    shards: int


@dataclass(frozen=True)
class Prerelease:
    """An environment that is resolved when the night begins, with pre-releases allowed.

    `index` names the environment variable that holds the address of an index of nightly wheels;
    with "" the pre-releases come from the ordinary index.
    """

    id: str
    matrix: str
    main: str
    python: str
    requirements: tuple[str, ...]
    index: str = ""
    variant_of: str = ""


@dataclass(frozen=True)
class Programme:
    """What a night runs; `keep` is how many nights the history has."""

    keep: int
    entries: tuple[Entry, ...]
    prereleases: tuple[Prerelease, ...]

    def jobs(self) -> list[Json]:
        """One `{"matrix": ..., "shard": "1/4"}` for each shard. UserError for too many."""
        found = [
            {"matrix": entry.name, "shard": str(Shard(number, entry.shards))}
            for entry in self.entries
            for number in range(1, entry.shards + 1)
        ]
        if len(found) > JOBS:
            hint = "Give the matrices fewer shards."
            raise UserError(f"a night of {len(found)} shards: CI starts {JOBS} jobs at most", hint)
        return found


def read(folder: Path) -> Programme:
    """The programme in a folder of matrices. MatrixError, with its line, for every fault."""
    source = Source.read(folder / matrix.NIGHTLY)
    source.keys(source.data, TOP, matrix.NIGHTLY)
    night = source.typed(source.data.get("night", {}), "night", dict)
    source.keys(night, NIGHT, "[night]")
    names = [path.stem for path in matrix.files(folder)]
    entries = tuple(_entry(source, table, names) for table in matrix.tables(source, "matrix"))
    if not entries:
        source.fail("a night without a matrix", "Write [[matrix]].")
    _once(source, [entry.name for entry in entries])
    tables = matrix.tables(source, "prerelease")
    prereleases = tuple(_prerelease(source, table, entries) for table in tables)
    _once(source, [each.id for each in prereleases])
    return Programme(_whole(source, night, "keep", 60), entries, prereleases)


def narrowed(programme: Programme, names: Sequence[str], shards: int | None) -> Programme:
    """Only the matrices of these names, all for none; each in `shards` shards, where given."""
    known = [entry.name for entry in programme.entries]
    for name in names:
        if name not in known:
            raise UserError(f"no night runs the matrix {name!r}", did_you_mean(name, known))
    entries = [entry for entry in programme.entries if not names or entry.name in names]
    taken = {entry.name for entry in entries}
    return Programme(
        programme.keep,
        tuple(replace(entry, shards=shards or entry.shards) for entry in entries),
        tuple(each for each in programme.prereleases if each.matrix in taken),
    )


def _entry(source: Source, table: Mapping[str, Any], names: Sequence[str]) -> Entry:
    source.keys(table, MATRIX, "[[matrix]]")
    name = source.need(table, "name", str, "[[matrix]]")
    if name not in names:
        source.fail(f"no matrix {name!r}", did_you_mean(name, names), token=name)
    return Entry(name, _whole(source, table, "shards", 1))


def _prerelease(source: Source, table: Mapping[str, Any], entries: Sequence[Entry]) -> Prerelease:
    where = "[[prerelease]]"
    source.keys(table, PRERELEASE, where)
    texts = {key: source.need(table, key, str, where) for key in ("id", "main", "python")}
    if not matrix.ID.fullmatch(texts["id"]):
        hint = "Use letters, digits, dots and dashes, such as sknightly-py313."
        source.fail(f"{texts['id']!r} is no id for an environment", hint, token=texts["id"])
    names = [entry.name for entry in entries]
    name = source.need(table, "matrix", str, where)
    if name not in names:
        source.fail(f"no night runs the matrix {name!r}", did_you_mean(name, names), token=name)
    return Prerelease(
        **texts,
        matrix=name,
        requirements=tuple(source.need(table, "requirements", list, where)),
        index=source.typed(table.get("index", ""), "index", str, table),
        variant_of=source.typed(table.get("variant_of", ""), "variant_of", str, table),
    )


def _once(source: Source, names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            source.fail(f"{name!r} is there twice", "Keep one of them.", token=name, nth=2)


def _whole(source: Source, table: Mapping[str, Any], key: str, default: int) -> int:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        source.fail(f"{key!r} must be a whole number above 0", token=key, table=table)
    return int(value)
