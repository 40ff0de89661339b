"""The wire: requests and responses as files. The only modern module that knows their form.

The contract itself stands in the docstring of `harness/worker/__init__.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness import places
from harness.records import Answer, Case, Failure, Json


@dataclass(frozen=True)
class Request:
    """One request to the worker of an environment; `folder` takes all that belongs to it.

    `kind` is produce, consume or resave, `produced` the producer's folder, `batch` the number of
    items per forked child, 0 for all.
    """

    kind: str
    folder: Path
    produced: Path
    cases: tuple[Case, ...]
    plugins: tuple[str, ...]
    seconds: float
    memory_mib: int
    batch: int = 0

    @property
    def path(self) -> Path:
        return self.folder / "request.json"

    @property
    def response(self) -> Path:
        return self.folder / "response.jsonl"

    @property
    def answers(self) -> Path:
        return self.folder / "answers.bin"

    def write(self) -> Path:
        """Put the request where the worker finds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.produced.mkdir(parents=True, exist_ok=True)
        text = json.dumps(
            {
                "kind": self.kind,
                "response": str(self.response),
                "answers": str(self.answers),
                "log": str(self.folder / "log.txt"),
                "produced": str(self.produced),
                "items": [str(case) for case in self.cases],
                "plugins": list(self.plugins),
                "seconds": self.seconds,
                "memory_mib": self.memory_mib,
                "batch": self.batch,
            }
        )
        self.path.write_text(text, encoding="utf-8")
        return self.path


@dataclass(frozen=True)
class Done:
    """What the worker says of one item."""

    case: Case
    status: str
    failure: Failure | None
    reason: str | None
    equal: tuple[str, ...]
    answers: Mapping[str, Json]
    lost: tuple[Failure, ...]
    warnings: tuple[Json, ...]
    ms: Mapping[str, float]


def done(line: Mapping[str, Any]) -> Done:
    """A `done` line of a response."""
    failed = line.get("failure")
    return Done(
        case=case(line["item"]),
        status=line["status"],
        failure=Failure(**places.failure(failed)) if failed else None,
        reason=line.get("reason"),
        equal=tuple(line.get("equal", ())),
        answers=line.get("answers", {}),
        lost=tuple(Failure(**places.failure(each)) for each in line.get("lost", ())),
        warnings=_warnings(line),
        ms=line["ms"],
    )


def _warnings(line: Json) -> tuple[Json, ...]:
    return tuple(
        {
            "category": category,
            "message": places.shortened(message),
            "count": count,
            "stage": stage,
        }
        for category, message, count, stage in line["warnings"]
    )


def case(item: str) -> Case:
    """`model/format` as a Case."""
    model, _, format = item.partition("/")
    return Case(model, format)


def lines(path: Path, at: int = 0) -> tuple[list[Json], int]:
    """The whole lines of a JSON lines file from byte `at` on, and where the next one begins.

    A torn line that a later one follows is passed over, as the worker does.
    """
    if not path.exists():
        return [], at
    with path.open("rb") as file:
        file.seek(at)
        block = file.read()
    end = block.rfind(b"\n") + 1
    return [line for line in map(_parsed, block[:end].splitlines()) if line], at + end


def _parsed(line: bytes) -> Json:
    try:
        return json.loads(line)
    except ValueError:
        return None


@dataclass(frozen=True)
class Saved:
    """An artifact as its producer's manifest has it; `reference_at` is where its reference is."""

    sha256: str
    bytes: int
    path: Path
    ms: Mapping[str, float]
    warnings: Sequence[Json]
    reference_at: int | None = None


@dataclass(frozen=True)
class Reference:
    """Answers of the reloaded model by method, and those of the fitted one where they differ."""

    answers: Mapping[str, Json]
    fitted: Mapping[str, Json]
    compared: tuple[str, ...]


class Manifest:
    """What one producer has saved. References are long and seldom needed: they stay on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "manifest.jsonl"
        self.saved: dict[Case, Saved] = {}
        self.refused: dict[Case, Done] = {}
        if self.path.exists():
            self._read()

    def _read(self) -> None:
        at = 0
        with self.path.open("rb") as file:
            for raw in file:
                line = _parsed(raw) if raw.endswith(b"\n") else None
                if line:
                    self._take(line, at)
                at += len(raw)

    def _take(self, line: Json, at: int) -> None:
        here = case(line["item"])
        if line["kind"] == "saved":
            self.refused.pop(here, None)
            path = self.folder / line["path"]
            self.saved[here] = Saved(
                line["sha256"], line["bytes"], path, line["ms"], _warnings(line)
            )
        elif line["kind"] == "reference":
            self.saved[here] = replace(self.saved[here], reference_at=at)
        else:
            self.refused[here] = done(line)

    def is_finished(self, here: Case) -> bool:
        """Whether there is nothing left to produce for the case."""
        return here in self.refused or self.has_reference(here)

    def has_reference(self, here: Case) -> bool:
        """Whether the case's artifact was reloaded and asked where it was saved."""
        saved = self.saved.get(here)
        return saved is not None and saved.reference_at is not None

    def reference(self, here: Case) -> Reference:
        """The case's reference, read from the manifest. KeyError where it has none."""
        at = self.saved[here].reference_at
        if at is None:
            raise KeyError(str(here))
        with self.path.open("rb") as file:
            file.seek(at)
            line = json.loads(file.readline())
        return Reference(line["answers"], line["fitted"], tuple(line["compared"]))

    def answer(self, here: Case, entry: Json) -> Answer:
        """The bytes behind an entry of a reference."""
        return stored(self.folder / f"{here}.answers", entry)


class Damaged(Exception):
    """An answer on disk is not the one that was written: nothing can be said by it."""


def stored(path: Path, entry: Json) -> Answer:
    """An answer whose bytes stand in `path`. Raises Damaged where they are others."""
    try:
        with path.open("rb") as file:
            file.seek(entry["at"])
            data = file.read(entry["bytes"])
    except OSError as error:
        raise Damaged(f"{path.name} cannot be read: {error.strerror}") from None
    head = json.dumps(entry["spec"], sort_keys=True, separators=(",", ":")).encode()
    if entry["sha256"] and hashlib.sha256(head + data).hexdigest() != entry["sha256"]:
        raise Damaged(f"{path.name} does not hold what was written: its SHA-256 differs")
    return Answer(entry["spec"], data)
