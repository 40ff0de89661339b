"""The view model: what the page says of a run, in words and numbers. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.records import OK_OUTCOMES, Json, Outcome
from harness.report.columns import OUTCOMES, Columns
from harness.report.reading import Lock, Reading
from harness.words import SILENT, cells, count

_ERRORS = (Outcome.USE_ERROR, Outcome.LOAD_ERROR, Outcome.DUMP_ERROR)
_FAR = "9999-12-31"


@dataclass(frozen=True)
class EnvironmentView:
    """One environment as the page shows it; `known` is whether the run's header has it."""

    id: str
    known: bool
    main: str
    version: str
    python: str
    released: str
    packages: Mapping[str, str]
    has_lock: bool
    problem: str

    @property
    def release(self) -> tuple[str, str, str]:
        """What makes two environments the same release of the main library."""
        return (self.released, self.main, self.version)


@dataclass(frozen=True)
class Tally:
    """Counts over the whole run."""

    outcomes: Mapping[Outcome, int]
    silent: int
    unwarned: int

    def of(self, outcomes: Iterable[Outcome]) -> int:
        return sum(self.outcomes[outcome] for outcome in outcomes)

    @property
    def results(self) -> int:
        return self.of(o for o in Outcome if o.is_result)

    @property
    def total(self) -> int:
        return self.of(Outcome)


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """A sort key under which `1.10` stands after `1.9`."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)


def environment_view(header: Json, lock: Lock | None) -> EnvironmentView:
    """An environment of the header; the lock's own pins before what the header says of them."""
    packages = dict(lock.packages if lock and lock.packages else header.get("packages", {}))
    main = re.split(r"[=<>~! \[]", header["main"], maxsplit=1)[0]
    problem = header.get("notrun") or ""
    if lock and header.get("lock") and lock.sha256 != header["lock"]:
        said = "its lock is not the one that the run's header names"
        problem = f"{problem}; {said}" if problem else said
    return EnvironmentView(
        id=header["id"],
        known=True,
        main=main,
        version=packages.get(main, ""),
        python=header["python"],
        released=header["released"],
        packages=packages,
        has_lock=lock is not None,
        problem=problem,
    )


def stranger(identifier: str) -> EnvironmentView:
    """An environment that cells name and the header does not have."""
    said = "cells name it, but the run's header does not have it: its packages and date are unknown"
    return EnvironmentView(identifier, False, "", "", "", "", {}, False, said)


def in_order(environments: Iterable[EnvironmentView]) -> list[EnvironmentView]:
    """By release date of the main library, then version, Python and id; unknown dates last."""
    return sorted(
        environments,
        key=lambda e: (e.released or _FAR, _natural(e.version), _natural(e.python), e.id),
    )


def release_ranks(environments: Sequence[EnvironmentView]) -> list[int]:
    """Each environment's place among the releases, -1 where its date is unknown."""
    releases: dict[tuple[str, str, str], int] = {}
    return [
        releases.setdefault(e.release, len(releases)) if e.released else -1 for e in environments
    ]


def tally(columns: Columns) -> Tally:
    outcome = columns.ints("outcome")
    counts = {o: int((outcome == code).sum()) for code, o in enumerate(OUTCOMES)}
    wrong = np.isin(outcome, [OUTCOMES.index(o) for o in SILENT])
    without = {name: int((wrong & (columns.ints(name) == 0)).sum()) for name in ("erred", "warned")}
    return Tally(counts, without["erred"], without["warned"])


def _agree(n: int, one: str, many: str) -> str:
    return f"{count(n)} {one if n == 1 else many}"


def _bad_news(seen: Tally) -> list[str]:
    """The clauses about what went wrong without or with an error, worst first."""
    said = []
    wrong = seen.of(SILENT)
    if wrong:
        clause = f"{cells(wrong)} {'answers' if wrong == 1 else 'answer'} otherwise"
        clause += f" ({count(seen.silent)} without any error"
        clause += f", {count(seen.unwarned)} without even a warning)" if seen.unwarned else ")"
        said.append(clause)
    crashed, late = seen.outcomes[Outcome.CRASH], seen.outcomes[Outcome.TIMEOUT]
    if crashed:
        said.append(_agree(crashed, "kills its process", "kill their process"))
    if late:
        said.append(_agree(late, "runs out of time", "run out of time"))
    failed = seen.of(_ERRORS)
    if failed:
        said.append(_agree(failed, "fails with an error", "fail with an error"))
    declined = seen.outcomes[Outcome.UNSUPPORTED]
    if declined:
        said.append(_agree(declined, "is declined by its format", "are declined by their format"))
    return said


def answer(seen: Tally, complete: bool) -> str:
    """The run's answer in one sentence, worst first: silence before errors, absence last."""
    if not seen.total:
        return "No cell has been run, so there is no answer yet."
    absent = seen.total - seen.results
    if not seen.results:
        return f"No result: none of {cells(absent)} could be run and trusted."
    said = _bad_news(seen)
    if not seen.of(SILENT):
        so_far = "" if complete else "so far "
        said.insert(0, f"{so_far}no cell answers otherwise".capitalize())
    good = seen.of(OK_OUTCOMES)
    verb = "answers" if good == 1 else "answer"
    said.append(f"{count(good)} of {_agree(seen.results, 'result', 'results')} {verb} as before")
    if absent:
        said.append(_agree(absent, "cell has no result", "cells have no result"))
    return "; ".join(said) + "."


def completeness(header: Json, found: int) -> tuple[bool, str]:
    """Whether the run is all that was planned, and the words for it."""
    footer, planned = header.get("footer"), int(header.get("planned") or 0)
    part = f"{count(found)} of {cells(planned)}"
    if not found:
        return False, f"incomplete: no cell of {cells(planned)}"
    if not footer:
        return False, f"incomplete: {part}"
    if footer["cells"] != found:
        ended = cells(footer["cells"])
        return False, f"incomplete: the run ended with {ended}, {count(found)} are here"
    if found < planned:
        return False, f"a part of the matrix: {part}"
    return True, f"complete: {cells(found)}"


def problems(
    environments: Sequence[EnvironmentView], reading: Reading, repeated: int
) -> list[tuple[str, str]]:
    """What the reader should know before believing the page: what it is about, and the reason."""
    said = [(e.id, e.problem) for e in environments if e.problem]
    if reading.torn:
        said.append(("cells.jsonl", f"{_lines(reading.torn)} cut off while writing, left out"))
    if reading.foreign:
        said.append(("cells.jsonl", f"{_lines(reading.foreign)} not of a cell's shape, left out"))
    if repeated:
        said.append(
            ("cells.jsonl", f"{_lines(repeated)} of a cell that was there before; the last counts")
        )
    if sum(e.known for e in environments) == 1:
        said.append(
            ("one environment", "nothing was loaded elsewhere: these are controls, no shelf life")
        )
    return said


def _lines(n: int) -> str:
    return f"{count(n)} line" + ("" if n == 1 else "s")


def moment(text: str) -> str:
    """`21 November 2026, 20:56 UTC`; what is no date is shown as it stands."""
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    if when.tzinfo is not None:
        when = when.astimezone(dt.UTC)
        return f"{when.day} {when:%B %Y, %H:%M} UTC"
    return f"{when.day} {when:%B %Y, %H:%M}"


def duration(seconds: float) -> str:
    """`42 s`, `3 min 5 s`, `2 h 12 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
