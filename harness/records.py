"""What flows between the stages: frozen dataclasses and the closed enums.

The words are those of `docs/glossary.md`. Nothing here does I/O.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = Any  # what `json` gives and takes; the schema in docs/reference is the real type


class Verdict(StrEnum):
    """How one method of the loaded model answers, against the reference; mildest first."""

    IDENTICAL = "identical"
    CLOSE = "close"
    DRIFT = "drift"
    CHANGED = "changed"


class Outcome(StrEnum):
    """What became of a cell; mildest first, and the two that are no result last.

    An answer that is wrong without an error stands above every error.
    """

    IDENTICAL = "identical"
    CLOSE = "close"
    UNSUPPORTED = "unsupported"
    DUMP_ERROR = "dump-error"
    LOAD_ERROR = "load-error"
    USE_ERROR = "use-error"
    TIMEOUT = "timeout"
    CRASH = "crash"
    DRIFT = "drift"
    CHANGED = "changed"
    INVALID = "invalid"
    NOTRUN = "notrun"

    @property
    def severity(self) -> int:
        """Place in the order of severity, 0 for `identical`."""
        return _SEVERITY[self]

    @property
    def is_result(self) -> bool:
        """Whether the cell says something about the model: not `invalid`, not `notrun`."""
        return self not in (Outcome.INVALID, Outcome.NOTRUN)


OK_OUTCOMES = frozenset({Outcome.IDENTICAL, Outcome.CLOSE})


_SEVERITY = {outcome: place for place, outcome in enumerate(Outcome)}


@dataclass(frozen=True)
class Environment:
    """A Python and locked packages. `python` is a version such as `3.11`.

    `variant_of` is the environment that it differs from in one thing only, such as its Python;
    "" for those of the line of releases, along which shelf lives are counted. `notrun` is why it
    needs no lock: until it has one, its cells are notrun for that reason.
    """

    id: str
    python: str
    requirements: tuple[str, ...]
    cutoff: dt.date
    main: str
    released: dt.date
    variant_of: str = ""
    notrun: str = ""


@dataclass(frozen=True)
class Exclude:
    """Cells left out: four patterns on ids, and why."""

    reason: str
    model: str = "*"
    format: str = "*"
    producer: str = "*"
    consumer: str = "*"


@dataclass(frozen=True)
class Tolerance:
    """How far an answer may be from the reference and still be `close`.

    A difference is within it when `|a - b| <= rtol * column + 64 * eps * array`, where `column`
    and `array` are the largest absolute finite values of the reference's column and of the whole
    of it (1 where that is 0), and `eps` belongs to the dtype.
    """

    rtol: float
    reason: str


@dataclass(frozen=True)
class Model:
    """What the registry says of a model; the recipe itself lives in the worker."""

    id: str
    family: str
    data: str
    summary: str
    tolerance: Tolerance | None = None


@dataclass(frozen=True)
class Format:
    """What the registry says of a format; see `Format` in `harness/worker/registry.py`."""

    id: str
    summary: str
    suffix: str
    requires: tuple[str, ...]
    executes: str
    converts: bool
    tolerance: Tolerance | None = None
    family: str = ""
    checksum: str = ""
    varies: str = ""
    python_only: str = ""
    snippet: str = ""
    wraps: str = ""


@dataclass(frozen=True)
class Include:
    """Models crossed with formats: what `producers` save, `consumers` and the producer load.

    Both are ids of the matrix's environments; often they are the same.
    """

    producers: tuple[str, ...]
    models: tuple[Model, ...]
    formats: tuple[Format, ...]
    consumers: tuple[str, ...] = ()

    def has(self, producer: str, consumer: str) -> bool:
        """Whether what the one saves is loaded in the other: controls always are."""
        return producer in self.producers and consumer in (
            producer,
            *(self.consumers or self.producers),
        )


@dataclass(frozen=True)
class Matrix:
    """One TOML file, validated, with its patterns expanded.

    `models` and `formats` are those of any include. `pairs` is `all`, or `own` where every
    environment loads only what it has saved itself. `facts`: each format's are found by trying.
    """

    name: str
    path: str
    description: str
    environments: tuple[Environment, ...]
    models: tuple[Model, ...]
    formats: tuple[Format, ...]
    includes: tuple[Include, ...]
    excludes: tuple[Exclude, ...] = ()
    pairs: str = "all"
    facts: bool = False
    plugins: tuple[str, ...] = ()
    seconds: float = 60.0
    memory_mib: int = 2048


@dataclass(frozen=True, order=True, slots=True)
class Case:
    """Model x format, by id."""

    model: str
    format: str

    def __str__(self) -> str:
        return f"{self.model}/{self.format}"


@dataclass(frozen=True, order=True, slots=True)
class CellId:
    """Case x producer x consumer; its text `model/format/producer/consumer` is stable."""

    model: str
    format: str
    producer: str
    consumer: str

    def __str__(self) -> str:
        return f"{self.model}/{self.format}/{self.producer}/{self.consumer}"

    @classmethod
    def parse(cls, text: str) -> CellId:
        """The inverse of `str`. ValueError where the text has not four parts."""
        parts = text.split("/")
        if len(parts) != 4 or not all(parts):
            raise ValueError(f"a cell's id is model/format/producer/consumer, not {text!r}")
        return cls(*map(sys.intern, parts))

    @property
    def case(self) -> Case:
        return Case(self.model, self.format)

    @property
    def control(self) -> CellId:
        """The cell that loads the same artifact where it was saved."""
        return CellId(self.model, self.format, self.producer, self.producer)

    @property
    def is_control(self) -> bool:
        return self.producer == self.consumer


@dataclass(frozen=True)
class Comparison:
    """Verdict on one method: the largest differences and where the worst one stands.

    `changed` counts the elements that differ where equality is asked for (labels, integers,
    booleans, objects); `worst_row` is the first index of the worst element.
    """

    verdict: Verdict
    max_abs_diff: float = 0.0
    max_ulp: int = 0
    changed: int = 0
    worst_row: int | None = None
    note: str | None = None

    def as_json(self) -> Json:
        line: dict[str, Any] = {
            "verdict": self.verdict.value,
            "max_abs_diff": self.max_abs_diff,
            "max_ulp": self.max_ulp,
            "changed": self.changed,
        }
        if self.worst_row is not None:
            line["worst_row"] = self.worst_row
        if self.note:
            line["note"] = self.note
        return line


IDENTICAL = Comparison(Verdict.IDENTICAL)


@dataclass(frozen=True)
class Answer:
    """A method's answer as it crosses the wall: a spec, and raw bytes in its order.

    The specs are those of `harness/worker/answers.py`.
    """

    spec: Json
    data: bytes


@dataclass(frozen=True)
class Failure:
    """An exception, a signal or a time-out, as a value.

    `stage` is one of fit, dump, reload, verify, load, a method's name, or
    repr, get_params, clone, dump-again.
    """

    type: str
    message: str
    stage: str
    traceback: str = ""


@dataclass(frozen=True)
class Cell:
    """One line of `cells.jsonl`."""

    id: CellId
    matrix: str
    outcome: Outcome
    methods: Mapping[str, Comparison] = field(default_factory=dict)
    error: Failure | None = None
    warnings: Sequence[Json] = ()
    artifact: Json = None
    fidelity: Json = None
    ms: Mapping[str, float] = field(default_factory=dict)
    reason: str | None = None
    observed: Outcome | None = None
    runs: int = 1
