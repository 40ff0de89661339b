"""What a measuring run keeps, and reading it. The fields stand in docs/reference/measure.md.

A run is a folder with `measure.json`, its header, and `measurements.jsonl`, which is only ever
appended to: a line for each case, for each process that was measured, and for each invocation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import StoreError
from harness.records import Json

HEADER, LINES = "measure.json", "measurements.jsonl"
AGAIN = "~2"  # ends the name of the second of two equal arms
WALL, CPU = "wall", "cpu"


@dataclass(frozen=True)
class Stage:
    """A stage: what is timed, in which process, and by which clock it is judged."""

    name: str
    says: str
    process: str  # inside: of a block that holds all arms; start: one that is its arm's alone
    clock: str = CPU


STAGES = {
    stage.name: stage
    for stage in (
        Stage("convert", "translation to the format's own model, within dump-file", "inside"),
        Stage("dump-memory", "dump to a file in memory", "inside"),
        Stage("dump-file", "dump to a file", "inside"),
        Stage("dump-fsync", "dump to a file, fsync of files and folder", "inside", WALL),
        Stage("load-warm", "load, file in the page cache, modules imported", "inside"),
        Stage("load-cold", "load, file not in the page cache", "inside", WALL),
        Stage("touch", "read a byte of each page of each array of what was loaded", "inside"),
        Stage("load-touch", "load-warm and touch together", "inside"),
        Stage("first-answer", "first answer after a load, modules imported", "inside"),
        Stage("steady-answer", "the same answer once more", "inside"),
        Stage("interpreter", "start of the process to the first line of Python", "start"),
        Stage("import", "import of the modules that loading imports", "start"),
        Stage("start-load", "load in that process", "start"),
        Stage("start-answer", "first answer in that process, with what it imports", "start"),
        Stage("start", "process start to first answer: the sum of the four", "start"),
    )
}


@dataclass(frozen=True)
class Case:
    """An arm of a comparison set: what was saved, or why it was not.

    `bytes` are those of all `files`; `payload` those of the model's arrays, None where that is not
    known. `question` is the method that is asked. `lazy`: arrays are mapped from the file.
    """

    environment: str
    model: str
    format: str
    arm: str
    status: str  # ok, or why there is nothing: absent, unsupported, failed, crash, timeout
    reason: str = ""
    bytes: int | None = None
    files: int | None = None
    sha256: str = ""
    payload: int | None = None
    question: str = ""
    lazy: bool = False
    arrays: int | None = None
    cold: str = ""  # why there is no load-cold; "" where there is


@dataclass(frozen=True)
class Sample:
    """One arm's value of one stage in one block: seconds, medians of `repeats`."""

    environment: str
    model: str
    format: str
    arm: str
    block: int
    stage: str
    wall: float
    cpu: float
    repeats: int


@dataclass(frozen=True)
class Peak:
    """Resident memory of one arm's process in one block, in bytes.

    `base` before loading, `load` and `answer` the peaks by the end of each, `dump` what the peak
    while dumping was above the memory before; None where it was not measured.
    """

    environment: str
    model: str
    format: str
    arm: str
    block: int
    base: int | None = None
    load: int | None = None
    answer: int | None = None
    dump: int | None = None


@dataclass(frozen=True)
class Process:
    """A measured process: `seconds` of wall time, of which `measured` belong to stages."""

    environment: str
    model: str
    block: int
    process: str
    arm: str
    seconds: float
    measured: float
    load_average: float
    steal: float | None


@dataclass(frozen=True)
class Measured:
    """All that a run has kept."""

    folder: Path
    header: Mapping[str, Any]
    cases: tuple[Case, ...]
    samples: tuple[Sample, ...]
    peaks: tuple[Peak, ...]
    processes: tuple[Process, ...]
    spent: tuple[Mapping[str, Any], ...]  # one for each invocation

    @property
    def sets(self) -> list[tuple[str, str]]:
        """(environment, model) of each comparison set, in order."""
        return list(dict.fromkeys((case.environment, case.model) for case in self.cases))

    @property
    def share(self) -> float | None:
        """Measured seconds over all seconds of the invocations; None where none has ended."""
        seconds = sum(entry["seconds"] for entry in self.spent)
        return sum(entry["measured"] for entry in self.spent) / seconds if seconds else None


def read(folder: Path) -> Measured:
    """A run's folder. StoreError where its header cannot be read; torn lines are passed over."""
    try:
        header = json.loads((folder / HEADER).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        hint = "Make one: shelflife measure --quick"
        raise StoreError(f"{folder}: no readable {HEADER} ({error})", hint) from None
    return of_lines(folder, header, lines(folder / LINES))


def lines(path: Path) -> Iterator[Json]:
    """The whole lines of a file; an interruption's torn one is no line."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for raw in file:
            try:
                found = json.loads(raw) if raw.endswith(b"\n") else None
            except ValueError:
                continue
            if isinstance(found, dict):
                yield found


def of_lines(folder: Path, header: Mapping[str, Any], found: Iterable[Json]) -> Measured:
    """A run of its header and lines. Of two lines about one case or process the last one counts."""
    cases: dict[tuple[str, ...], Case] = {}
    blocks: dict[tuple[Any, ...], Json] = {}
    spent: list[Json] = []
    for line in found:
        if line["kind"] == "case":
            case = Case(**{key: value for key, value in line.items() if key != "kind"})
            cases[case.environment, case.model, case.arm] = case
        elif line["kind"] == "process":
            key = (line["environment"], line["model"], line["block"], line["process"], line["arm"])
            blocks[key] = line
        elif line["kind"] == "spent":
            spent.append(line)
    kept = list(blocks.values())
    return Measured(
        folder,
        header,
        tuple(cases.values()),
        tuple(sample for line in kept for sample in _samples(line)),
        tuple(peak for line in kept for peak in _peaks(line)),
        tuple(_process(line) for line in kept),
        tuple(spent),
    )


def format_of(arm: str) -> str:
    """The format of an arm: its name, without what marks the second of two equal ones."""
    return arm.removesuffix(AGAIN)


def _place(line: Json, arm: str) -> dict[str, Any]:
    keys = ("environment", "model", "block")
    return {**{key: line[key] for key in keys}, "arm": arm, "format": format_of(arm)}


def _samples(line: Json) -> Iterator[Sample]:
    for arm, stage, wall, cpu, repeats in line["samples"]:
        yield Sample(**_place(line, arm), stage=stage, wall=wall, cpu=cpu, repeats=repeats)


def _peaks(line: Json) -> Iterator[Peak]:
    for arm, peaks in line["peaks"].items():
        yield Peak(**_place(line, arm), **peaks)


def _process(line: Json) -> Process:
    return Process(
        line["environment"], line["model"], line["block"], line["process"], line["arm"],
        line["seconds"], line["measured"], line["load_average"], line["steal"],
    )  # fmt: skip
