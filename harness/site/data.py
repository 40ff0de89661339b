"""The page of data, and every table of the site as a file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness import project
from harness.records import Json
from harness.site import addresses, feed, layout, matrixtables, tables
from harness.site.estimators import LISTED
from harness.site.gather import Site
from harness.site.tables import Column, Table

SCHEMAS = ("cell", "run", "estimator")
"""Schemas that are kept in docs/reference/."""
CLAIMS = Table(
    "claims",
    "Published claims, and our verdicts.",
    (
        Column("claim", "text", "its id"),
        Column("says", "text", "what is claimed"),
        Column("verdict", "text", "what we found"),
        Column("why", "text", "what the verdict rests on", empty=True),
        Column("sources", "text", "where it is published, with a blank between"),
    ),
)
MEASUREMENTS = Table(
    "measurements",
    "Seconds of every stage of every arm in every block of the measuring runs.",
    (
        Column("run", "text", "the measuring run"),
        Column("environment", "text", "where it was measured"),
        Column("model", "text", "the estimator's id"),
        Column("format", "text", "the format's id"),
        Column("arm", "text", "the format as it was called; ~2 ends the second of two equal ones"),
        Column("stage", "text", "what was timed"),
        Column("block", "integer", "the block: arms of one block are compared with each other"),
        Column("wall", "number", "seconds by the clock"),
        Column("cpu", "number", "seconds of the processor"),
        Column("repeats", "integer", "of how many repeats these are medians"),
    ),
    large=True,
)
SHARED = (CLAIMS, MEASUREMENTS)


def write(site: Site, out: Path) -> Path:
    """Write `data.html` and everything under `data/` that it leads to, and the feed."""
    written = [
        (part, [tables.write(table, out, f"data/{part.name}", batches)
                for table, batches in matrixtables.made(part)])
        for part in site.parts
    ]  # fmt: skip
    shared = [
        tables.write(table, out, "data", tables.rows(some(site), len(table.columns)))
        for table, some in ((CLAIMS, claims), (MEASUREMENTS, measurements))
    ]
    schemas = _schemas(out / "data" / "schema")
    feed.write(site, out)
    return layout.write(
        out, "data.html", "data.html.j2", site, written=written, shared=shared, schemas=schemas,
        addresses=addresses, example=_example(site), listed=LISTED,
    )  # fmt: skip


def claims(site: Site) -> Iterator[tuple[Any, ...]]:
    for judged in site.kept.claims:
        claim = judged.claim
        why = judged.says or claim.notrun or None
        yield (claim.id, claim.says, str(judged.verdict), why, " ".join(claim.sources))


def measurements(site: Site) -> Iterator[tuple[Any, ...]]:
    for name, results in site.measured.items():
        for s in results.measured.samples:
            yield (name, s.environment, s.model, s.format, s.arm, s.stage, s.block, s.wall, s.cpu,
                   s.repeats)  # fmt: skip


def _schemas(folder: Path) -> list[str]:
    """The JSON Schema of each table and document; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    every: tuple[Table, ...] = (*matrixtables.TABLES, *SHARED)
    for table in every:
        text = json.dumps(table.schema(), indent=1) + "\n"
        (folder / f"{table.name}.schema.json").write_text(text, encoding="utf-8")
    for name in SCHEMAS:
        file = f"{name}.schema.json"
        shutil.copyfile(project.ROOT / "docs" / "reference" / file, folder / file)
    return [*(table.name for table in every), *SCHEMAS]


def _example(site: Site) -> Json:
    """One estimator and one cell, to show what addresses look like."""
    for part in site.parts:
        if len(part.cells):
            c, names = part.cells, part.columns
            model = int(c.model[0])
            ids = names.environments.list()
            cell = ("formats", names.formats.list()[c.format[0]], ids[c.producer[0]],
                    ids[c.consumer[0]])  # fmt: skip
            file = part.files[model]
            return {
                "document": addresses.document(part.name, file),
                "cell": addresses.document(part.name, file) + addresses.pointer(cell),
                "badge": addresses.badge(part.name, file),
                "page": addresses.estimator(part.name, file),
            }
    return None
