"""Tables as files: each as CSV, JSON and Parquet of the same rows, with its JSON Schema.

Rows come in batches, so that a million of them need no more memory than one batch. What is not
known is empty in CSV, null in Parquet, and left out in JSON, where null is a number that is not
finite.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import read_parquet, write_csv, write_json, write_parquet

from harness.records import Json

TYPES = {
    "text": (DataType.string(), "string"),
    "integer": (DataType.int64(), "integer"),
    "number": (DataType.float64(), "number"),
    "yes or no": (DataType.bool(), "boolean"),
}
FORMS = ("csv", "json", "parquet")
BATCH = 65_536
PACKED = 6
"""Level of gzip. Its time is not kept in the file: the same rows give the same bytes."""

Batch = Sequence[Sequence[Any]]
"""Columns of one length, in the order of the table's."""


@dataclass(frozen=True)
class Column:
    """A column: its name, one of `TYPES`, what it says, and whether it may be empty."""

    name: str
    type: str
    says: str
    empty: bool = False


@dataclass(frozen=True)
class Table:
    """What a table holds; `large` ones are packed by gzip as CSV and JSON."""

    name: str
    says: str
    columns: Sequence[Column]
    large: bool = False

    def file(self, form: str) -> str:
        """The name of its file in a form."""
        packed = ".gz" if self.large and form != "parquet" else ""
        return f"{self.name}.{form}{packed}"

    @property
    def arrow(self) -> Schema:
        return Schema([Field(c.name, TYPES[c.type][0], nullable=c.empty) for c in self.columns])

    def schema(self) -> Json:
        """The JSON Schema of its JSON: an array of objects."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.name,
            "description": self.says,
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [c.name for c in self.columns if not c.empty],
                "properties": {c.name: _property(c) for c in self.columns},
            },
        }


def _property(column: Column) -> Json:
    kind = TYPES[column.type][1]
    finite = column.type != "number"
    return {"type": kind if finite else [kind, "null"], "description": column.says}


@dataclass(frozen=True)
class Written:
    """A table as it was written: where, how many rows, and its files with their sizes in bytes."""

    table: Table
    folder: str
    rows: int
    files: Sequence[tuple[str, str, int]]


def rows(some: Iterable[Sequence[Any]], width: int) -> Iterator[Batch]:
    """Rows as batches of columns."""
    batch: list[Sequence[Any]] = []
    for row in some:
        batch.append(row)
        if len(batch) == BATCH:
            yield list(zip(*batch, strict=True))
            batch = []
    yield list(zip(*batch, strict=True)) if batch else [()] * width


def write(table: Table, out: Path, folder: str, batches: Iterable[Batch]) -> Written:
    """Write a table in each form: CSV and JSON are made of the Parquet, row by row."""
    into = out / folder
    into.mkdir(parents=True, exist_ok=True)
    parquet = into / table.file("parquet")
    count = 0

    def counted() -> Iterator[RecordBatch]:
        nonlocal count
        for batch in batches:
            count += len(batch[0])
            yield _batch(table, batch)

    reader = RecordBatchReader.from_batches(table.arrow, counted())
    write_parquet(reader, parquet, compression="zstd(3)", max_row_group_size=BATCH * 4)
    for form, written in (("csv", write_csv), ("json", write_json)):
        with _opened(into / table.file(form)) as file:
            written(_read(table, parquet, count), file)
    files = [(form, f"{folder}/{table.file(form)}", (into / table.file(form)).stat().st_size)
             for form in FORMS]  # fmt: skip
    return Written(table, folder, count, files)


def _read(table: Table, parquet: Path, count: int) -> RecordBatchReader:
    """The rows again; of none one empty batch, or the CSV would have no names of columns."""
    if count:
        return read_parquet(parquet)
    empty = _batch(table, [()] * len(table.columns))
    return RecordBatchReader.from_batches(table.arrow, [empty])


def _batch(table: Table, batch: Batch) -> RecordBatch:
    pairs = zip(table.columns, batch, strict=True)
    arrays = [_array(column, values) for column, values in pairs]
    return RecordBatch.from_arrays(arrays, schema=table.arrow)


def _array(column: Column, values: Sequence[Any]) -> Array:
    """A column; lone surrogates, which no file could hold, are replaced."""
    kind = TYPES[column.type][0]
    try:
        return Array(list(values), kind)
    except UnicodeEncodeError:
        return Array([v and v.encode("utf-8", "replace").decode() for v in values], kind)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, through gzip where its name says so."""
    with path.open("wb") as file:
        if path.suffix != ".gz":
            yield file
            return
        with gzip.GzipFile("", "wb", PACKED, file, mtime=0) as packed:
            yield cast(IO[bytes], packed)
