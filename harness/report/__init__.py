"""The report: a run's folder becomes a static site that opens from disk and asks no server.

run.json, locks  ->  view       (words, order of environments)
cells.jsonl      ->  columns    (a few bytes a cell)  and  evidence (script files, on demand)
columns          ->  tables     ->  charts
facts, cells     ->  factsheet  (a row a format; where the run has tried formats)
cells            ->  life       (survival curves, and what a warning is worth)
all of it        ->  site       (index.html, life.html, formats.html, assets, data)
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from harness.evidence import Evidence
from harness.records import Json
from harness.report.columns import Columns
from harness.report.data import EvidenceWriter, write_cells
from harness.report.factsheet import FactSheet, fact_sheet, refuted
from harness.report.formats import write_formats
from harness.report.life import write_life
from harness.report.reading import (
    Lock,
    Reading,
    cell_lines,
    lock_folder,
    read_header,
    read_lock,
    well_formed,
)
from harness.report.site import Page, lock_name, render, write_assets
from harness.report.tables import outcomes_by_format, sizes_by_format, survival
from harness.report.view import (
    EnvironmentView,
    answer,
    completeness,
    environment_view,
    in_order,
    problems,
    release_ranks,
    stranger,
    tally,
)
from harness.shelflives import Watch
from harness.standing import Standings
from harness.store import Run
from harness.worth import Count

__all__ = ["Read", "Taker", "Tallies", "read_matrix", "write_matrix", "write_site"]


INDEX = "index.html"


class Taker(Protocol):
    """Something else that wants to see each cell as it passes."""

    def add(self, place: int, line: Json) -> None:
        """Take a line; `place` is its row in the columns, the same again where a cell repeats."""


@dataclass(frozen=True)
class Read:
    """One matrix as it was read: what its pages say, each cell in columns, and its locks.

    `chunks` is how many files of evidence were written while it was read.
    """

    page: Page
    columns: Columns
    tallies: Tallies
    locks: Mapping[str, Lock | None]
    chunks: int = 0


class Tallies:
    """What is counted of every cell while it passes. `watch` and `count` may be looked at too."""

    def __init__(self, header: Json) -> None:
        self.reading, self.standings = Reading(), Standings()
        self.watch, self.count = Watch(header), Count(header)

    def add(self, place: int, line: Json) -> None:
        self.standings.add(line)
        self.watch.add(line)
        self.count.add(line)


def write_site(source: Path | Evidence, out_dir: Path, home: str = "") -> Path:
    """Write the site of a run's folder, or of other evidence, into a folder; its `index.html`.

    `home` is the address of the site that it is a part of.
    """
    write_matrix(source, out_dir, home=home)
    return out_dir / INDEX


def write_matrix(
    source: Path | Evidence,
    out_dir: Path,
    *,
    also: Sequence[Taker] = (),
    home: str = "",
    tallies: Tallies | None = None,
) -> Read:
    """Write the same in the pass in which it is read; see `read_matrix`."""
    data = out_dir / "data"
    data.mkdir(parents=True, exist_ok=True)
    read = read_matrix(source, also=also, home=home, tallies=tallies, data=data)
    page = read.page
    about = _about(page.header, page.environments)
    write_cells(data / "cells.js", read.columns, read.chunks, about)
    _write_locks(out_dir / "locks", page.environments, read.locks)
    write_assets(out_dir)
    write_formats(out_dir, page)
    write_life(out_dir, page, read.tallies.watch.lives(), read.tallies.count.worth)
    (out_dir / INDEX).write_text(render(page), encoding="utf-8", errors="replace")
    return read


def read_matrix(
    source: Path | Evidence,
    *,
    also: Sequence[Taker] = (),
    home: str = "",
    tallies: Tallies | None = None,
    data: Path | None = None,
) -> Read:
    """Read it once, and hand each cell to others; its evidence goes into the folder `data`.

    `tallies` counts, where somebody else wants to know the counts too.
    """
    run_dir = source if isinstance(source, Path) else getattr(source, "folder", None)
    header = read_header(source) if isinstance(source, Path) else source.header()
    locks = {e["id"]: read_lock(lock_folder(run_dir), e["id"]) for e in header["environments"]}
    environments = in_order(environment_view(e, locks[e["id"]]) for e in header["environments"])
    columns = Columns(
        (e.id for e in environments),
        (model["id"] for model in header["models"]),
        (fmt["id"] for fmt in header["formats"]),
    )
    tallies = tallies or Tallies(header)
    evidence = EvidenceWriter(data) if data else None
    with _uncollected():
        _read_cells(_lines(source, tallies.reading), evidence, columns, (tallies, *also))
    columns.close()
    known = {e.id for e in environments}
    environments += [stranger(i) for i in columns.environments.list() if i not in known]
    sheets = Run(run_dir).facts() if run_dir else {}
    sheet = fact_sheet(header, sheets, tallies.standings.of) if sheets else None
    page = _page(header, environments, columns, tallies, sheet, home)
    return Read(page, columns, tallies, locks, evidence.chunks if evidence else 0)


def _lines(source: Path | Evidence, reading: Reading) -> Iterator[Json]:
    """Every line that can be read, of a folder or of what else can be read."""
    if isinstance(source, Path):
        return cell_lines(source / "cells.jsonl", reading)
    return (line for line in source.lines() if well_formed(line))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: a million lines make none, and it would look at all."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _read_cells(
    lines: Iterable[Json],
    evidence: EvidenceWriter | None,
    columns: Columns,
    takers: tuple[Tallies, *tuple[Taker, ...]],
) -> None:
    """Every line once: its codes into the columns, the rest into evidence."""
    for line in lines:
        try:
            place, row = columns.add(line)
            for taker in takers:
                taker.add(place, line)
        except (KeyError, TypeError, ValueError):
            takers[0].reading.foreign += 1
            continue
        if evidence:
            columns.chunk[place] = evidence.add(place, (row.producer, row.consumer), line)
    if evidence:
        evidence.close()


def _about(header: Json, environments: Sequence[EnvironmentView]) -> Json:
    """What the scripts need beside the cells."""
    return {
        "run": header["run"],
        "matrix": header["matrix"],
        "argument": header.get("argument", header["matrix"]),
        "environments": [
            {
                "python": e.python,
                "main": e.main,
                "version": e.version,
                "released": e.released,
                "packages": dict(e.packages),
                "problem": e.problem,
                "known": e.known,
                "lock": lock_name(environments, place) if e.has_lock else None,
            }
            for place, e in enumerate(environments)
        ],
        "models": header["models"],
        "formats": header["formats"],
    }


def _write_locks(
    folder: Path, environments: Sequence[EnvironmentView], locks: Mapping[str, Lock | None]
) -> None:
    """A copy of each lock, for who wants to build the same environment."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, environment in enumerate(environments):
        lock = locks.get(environment.id)
        if lock:
            path = folder / lock_name(environments, place)
            path.write_text(lock.text, encoding="utf-8")


def _page(
    header: Json,
    environments: list[EnvironmentView],
    columns: Columns,
    tallies: Tallies,
    sheet: FactSheet | None,
    home: str,
) -> Page:
    seen = tally(columns)
    complete, words = completeness(header, len(columns))
    return Page(
        header=header,
        answer=answer(seen, complete),
        complete=complete,
        completeness=words,
        problems=[*refuted(sheet), *problems(environments, tallies.reading, columns.repeated)],
        environments=environments,
        tally=seen,
        outcomes=outcomes_by_format(columns),
        survival=survival(columns, release_ranks(environments)),
        sizes=sizes_by_format(columns),
        sheet=sheet,
        life=bool(tallies.count.worth.tables),
        home=home,
    )
