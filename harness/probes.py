"""Probes: one producer's artifacts, loaded and asked in experiments, every answer kept on disk.

A probe is a cell like any other, run by the same machinery: requests to workers, a confirmation of
what is not plainly equal, the same judging. What differs is where its consumer comes from.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from harness import project, protocol, store
from harness.environments import Broken, Ready
from harness.experiment import Mix, Workshop
from harness.protocol import Manifest
from harness.records import OK_OUTCOMES, Case, Cell, CellId, Json, Matrix, Outcome
from harness.run import Conductor
from harness.settle import cell_id

AT_ONCE = 6  # environments of one request round: each keeps its imports in memory
JUDGES = ("compare.py", "judge.py", "settle.py", "protocol.py")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Probe:
    """What a case came to in one mix: a line as in `cells.jsonl`, or why there is none."""

    mix: Mix
    line: Json

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.line["outcome"])

    @property
    def words(self) -> str:
        """The outcome with the first line of what was said."""
        error, reason = self.line["error"], self.line["reason"]
        said = error["type"] + ": " + error["message"] if error else reason or ""
        return f"{self.outcome}" + (f" ({said.splitlines()[0][:160]})" if said.strip() else "")


class Memory:
    """Answers of earlier probes by artifact, environment and case, in one append-only file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known = {line["key"]: line["probe"] for line in protocol.lines(path)[0]}
        self.mark = _mark()

    def key(self, artifact: str, case: Case, mix: Mix) -> str:
        """Over all that decides the answer, the worker and the judges among it."""
        return hashlib.sha256(f"{self.mark} {artifact} {case} {mix.digest}".encode()).hexdigest()[
            :32
        ]

    def keep(self, key: str, line: Json) -> None:
        """Record an answer with one write, after the ones before.

        That an environment could not be made may be another tomorrow: it is not written down.
        """
        self.known[key] = line
        if line["outcome"] == Outcome.NOTRUN:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data = json.dumps({"key": key, "probe": line}, separators=(",", ":")) + "\n"
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(file, data.encode("utf-8", "surrogatepass"))
        finally:
            os.close(file)


def _mark() -> str:
    digest = hashlib.sha256()
    paths = [Path(__file__).parent / name for name in JUDGES]
    paths += sorted(p for p in project.WORKER.rglob("*.py") if "__pycache__" not in p.parts)
    for path in paths:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Bench:
    """Where the artifacts of one producer are asked; `folder` keeps them for the next time.

    Those that `produced`, the folder of a run, has are taken from there, others are saved anew by
    the producer, for which `origin` is asked: only then is that environment needed at all.
    """

    def __init__(
        self,
        matrix: Matrix,
        producer: str,
        folder: Path,
        tools: tuple[Workshop, Memory],
        origin: Callable[[], Ready | Broken],
        produced: Path | None = None,
        jobs: int = 2,
        say: Say = lambda _: None,
    ) -> None:
        self.matrix, self.producer, self.folder = matrix, producer, folder
        self.workshop, self.memory = tools
        self.origin, self.jobs, self.say = origin, jobs, say
        self.given = produced / producer if produced else None
        self.kept = folder / "produced" / producer

    # -- artifacts -----------------------------------------------------------------------------

    def artifacts(self, cases: Iterable[Case]) -> dict[Case, str]:
        """SHA-256 of each case's artifact, which is there afterwards; "" where it cannot be had."""
        wanted = list(dict.fromkeys(cases))
        manifest = Manifest(self.kept)
        missing = [case for case in wanted if not manifest.is_finished(case)]
        missing = [case for case in missing if not self._take(case)]
        if missing:
            self.say(f"saving {len(missing)} models anew in {self.producer}")
            self._run([cell_id(case, self.producer, self.producer) for case in missing], {})
        manifest = Manifest(self.kept)
        return {
            case: manifest.saved[case].sha256 if manifest.has_reference(case) else ""
            for case in wanted
        }

    def _take(self, case: Case) -> bool:
        """Copy an artifact with its reference out of the run; whether it is there, and whole."""
        there = Manifest(self.given) if self.given else None
        if self.given is None or there is None or not there.has_reference(case):
            return False
        paths = [*_pieces(there.saved[case].path), self.given / f"{case}.answers"]
        lines = [line for line in protocol.lines(there.path)[0] if line["item"] == str(case)]
        if not all(path.exists() for path in paths):
            return False
        for path in paths:
            to = self.kept / path.relative_to(self.given)
            to.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, to, dirs_exist_ok=True)
            else:
                shutil.copy2(path, to)
        with (self.kept / "manifest.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        return True

    # -- asking --------------------------------------------------------------------------------

    def ask(self, questions: Iterable[tuple[Case, Mix]]) -> dict[tuple[Case, Mix], Probe]:
        """Each case, saved by the producer, as it comes out in each mix."""
        wanted = list(dict.fromkeys(questions))
        hashes = self.artifacts(case for case, _ in wanted)
        keys = {(c, mix): self.memory.key(hashes[c], c, mix) for c, mix in wanted}
        open = [(c, mix) for (c, mix), key in keys.items() if key not in self.memory.known]
        self._probe([(c, mix, self.producer) for c, mix in open if hashes[c]], keys)
        return {
            (c, mix): Probe(mix, self.memory.known.get(key) or _unsaved(c))
            for (c, mix), key in keys.items()
        }

    def works(self, questions: Iterable[tuple[Case, Mix]]) -> dict[tuple[Case, Mix], Probe]:
        """Each mix's own control: the case saved and loaded by the mix itself."""
        wanted = list(dict.fromkeys(questions))
        keys = {(c, mix): self.memory.key("itself", c, mix) for c, mix in wanted}
        open = [(c, mix) for (c, mix), key in keys.items() if key not in self.memory.known]
        self._probe([(c, mix, mix.id) for c, mix in open], keys)
        return {key: Probe(key[1], self.memory.known[keys[key]]) for key in wanted}

    def _probe(
        self,
        asked: Sequence[tuple[Case, Mix, str]],
        keys: Mapping[tuple[Case, Mix], str],
    ) -> None:
        """Run what is asked, some environments at a time, and remember the answers."""
        mixes = list({mix.id: mix for _, mix, _ in asked}.values())
        for at in range(0, len(mixes), AT_ONCE):
            part = mixes[at : at + AT_ONCE]
            with ThreadPoolExecutor(self.jobs) as pool:
                made = {
                    mix.id: found
                    for mix, found in zip(part, pool.map(self.workshop.make, part), strict=True)
                }
            chosen = [(c, mix, p) for c, mix, p in asked if mix.id in made]
            cells = {cell_id(c, p, mix.id): keys[c, mix] for c, mix, p in chosen}
            self.say(f"{len(cells)} probes in {len(part)} environments")
            for cell in self._run(list(cells), made):
                if cell.id in cells:
                    self.memory.keep(cells[cell.id], _slim(cell))

    def _run(self, ids: Sequence[CellId], made: Mapping[str, Ready | Broken]) -> list[Cell]:
        """The cells, settled. The producer's control is believed: its reference is there."""
        found: list[Cell] = []
        prepared = dict(made)
        if any(id.consumer == self.producer for id in ids):
            prepared[self.producer] = self.origin()
        writer = store.Writer(self.folder)
        try:
            Conductor(self.matrix, prepared, writer, self.jobs, [found.extend]).run(ids, {})
        finally:
            writer.close()
        return found


def _pieces(path: Path) -> list[Path]:
    """An artifact and what lies beside it under its name and a dot, as the worker has it."""
    beside = [p for p in sorted(path.parent.glob(f"{path.name}.*")) if p.suffix != ".answers"]
    return [path, *beside]


def _slim(cell: Cell) -> Json:
    """The cell's line without what a probe is never asked about."""
    line = store.cell_json(cell)
    if line["error"]:
        line["error"]["traceback"] = ""
    return {**line, "warnings": [], "ms": {}}


def _unsaved(case: Case) -> Json:
    reason = "its producer could not save it"
    named = {"cell": str(case), "model": case.model, "format": case.format}
    return {**named, "outcome": "notrun", "methods": {}, "error": None, "reason": reason}


def is_right(probe: Probe) -> bool:
    """Whether it answers as the reference does."""
    return probe.outcome in OK_OUTCOMES
