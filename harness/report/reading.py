"""Reads a run folder: the header, the locks, and the cells one line at a time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness import locks, project, segments
from harness.records import Json

_TEXTS = ("cell", "producer", "consumer", "model", "format", "outcome")
_METHOD = {"verdict", "max_abs_diff", "max_ulp", "changed"}
_WARNING = {"category", "message", "count", "stage"}
_ERROR = {"type", "message", "stage", "traceback"}
_ARTIFACT = {"sha256", "bytes"}
_REST = {"fidelity", "ms", "reason", "observed", "runs"}
_PLAIN = re.compile(r"^[\w.+-]+$", re.ASCII)


@dataclass(frozen=True)
class Lock:
    """The lock of one environment: its text, and the pins in it."""

    text: str
    packages: Mapping[str, str]
    sha256: str


@dataclass
class Reading:
    """What could not be read, counted while reading."""

    torn: int = 0
    foreign: int = 0


def read_header(run_dir: Path) -> Json:
    """`run.json`, as it stands."""
    return json.loads((run_dir / "run.json").read_text(encoding="utf-8"))


def well_formed(line: Json) -> bool:
    """Whether a line has the parts that the report builds on, each of its kind."""
    try:
        return (  # lists: a generator takes twice as long, and this is asked of every line
            all([isinstance(line[key], str) for key in _TEXTS])  # noqa: C419
            and all([method.keys() >= _METHOD for method in line["methods"].values()])  # noqa: C419
            and all([warning.keys() >= _WARNING for warning in line["warnings"]])  # noqa: C419
            and (line["error"] is None or line["error"].keys() >= _ERROR)
            and (line["artifact"] is None or line["artifact"].keys() >= _ARTIFACT)
            and line.keys() >= _REST
        )
    except (KeyError, TypeError, AttributeError):
        return False


def cell_lines(path: Path, reading: Reading) -> Iterator[Json]:
    """Each cell's line of `cells.jsonl`; a line cut off by an interruption is counted, not read."""
    for block in segments.blocks(path.parent):
        for raw in block.split(b"\n"):
            if not raw.strip():
                continue
            try:
                line = json.loads(raw)
            except (ValueError, RecursionError):
                reading.torn += 1
                continue
            if well_formed(line):
                yield line
            else:
                reading.foreign += 1


def plain_name(identifier: str) -> bool:
    """Whether an id may stand in a file name as it is."""
    return bool(_PLAIN.match(identifier)) and not identifier.startswith(".")


def lock_folder(run_dir: Path | None) -> Path:
    """Where the locks are: a run has copies of its own, a baseline those beside the matrices."""
    return (run_dir or project.matrices()) / "locks"


def read_lock(folder: Path, environment: str) -> Lock | None:
    """The lock of an environment, where the folder has one."""
    path = folder / f"{environment}.txt"
    if not plain_name(environment) or not path.is_file():
        return None
    raw = path.read_bytes()
    text = raw.decode("utf-8", errors="replace")
    return Lock(text, locks.pins(text), hashlib.sha256(raw).hexdigest())
