"""Going through the blocks of a measuring run: prepare, learn, measure, record."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness import cores
from harness.environments import Ready
from harness.measure import plan, processes, sheet
from harness.measure.choose import Chosen
from harness.measure.plan import Set
from harness.measure.processes import Answer
from harness.measure.records import AGAIN, format_of
from harness.measure.store import Ledger
from harness.records import Json

PATIENCE = 600.0  # seconds that one process may take
PER_ARM = 60.0  # and more for each arm: some codecs take that long for one model on a busy machine
SHARE = 0.25  # seconds of a block's inside process for each arm, unless told otherwise
Heard = Callable[[str], None]  # told of each process that is done, with what was done


@dataclass
class Bench:
    """A comparison set, prepared: its arms' requests, and where they lie."""

    set: Set
    ready: Ready
    folder: Path
    memory: Path | None
    arms: dict[str, dict[str, Any]] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)


class Conductor:
    """Measures the sets of a run one process at a time, and records each as it is done."""

    def __init__(
        self,
        chosen: Chosen,
        made: Mapping[str, Ready],
        ledger: Ledger,
        seed: int,
        heard: Heard,
        share: float = SHARE,
    ) -> None:
        self.chosen = chosen
        self.made = made
        self.ledger = ledger
        self.seed = seed
        self.heard = heard
        self.share = share
        self.measured = 0.0
        self.phases: dict[str, float] = {}
        self.benches: dict[tuple[str, str], Bench] = {}
        self.work = Path(tempfile.mkdtemp(prefix="work-", dir=ledger.folder))
        memory = sheet.memory()
        self.memory = Path(tempfile.mkdtemp(prefix="shelflife-", dir=memory)) if memory else None

    def close(self) -> None:
        """Remove artifacts; they can be made again, and measurements are elsewhere."""
        for folder in (self.work, self.memory):
            if folder:
                shutil.rmtree(folder, ignore_errors=True)

    def block(self, each: Set, block: int, done: set[tuple[str, str]]) -> None:
        """Every process of one block that is not in `done`, as (process, arm)."""
        bench = self.prepare(each)
        for arm in plan.order(self.seed, each, block, each.arms):
            if arm and arm in bench.arms and ("start", arm) not in done:
                self._start(bench, block, arm)
            elif not arm and bench.arms and ("inside", "") not in done:
                self._inside(bench, block)

    # -- preparing -----------------------------------------------------------------------------

    def prepare(self, each: Set) -> Bench:
        """Save the model in all formats, and learn what loading each imports: once in a run."""
        if each.key in self.benches:
            return self.benches[each.key]
        folder = self.work / each.environment / each.model
        memory = self.memory / each.environment / each.model if self.memory else None
        bench = Bench(each, self.made[each.environment], folder, memory)
        self.benches[each.key] = bench
        with self._phase("preparing"):
            self._prepare(bench)
        self.heard(f"{each.model} prepared")
        with self._phase("learning"):
            self._learn(bench)
        return bench

    def _prepare(self, bench: Bench) -> None:
        left = {arm: self._arm(bench, arm) for arm in bench.set.arms}
        while left:
            answer = self._ask(bench, "prepare", arms=left)
            prepared = answer.of("prepared")
            if not prepared:
                self._no_model(bench, left, answer)
                return
            bench.questions = prepared[0]["questions"]
            for line in answer.of("case"):
                arm = left.pop(line["arm"])
                arm.update(cold=prepared[0]["never_cold"], case=_case(line, prepared[0]))
                if line["status"] == "ok":
                    bench.arms[line["arm"]] = arm
                else:
                    self._record_case(bench, line["arm"], arm)
            if answer.death is None:
                break
            arm = left.pop(answer.at)
            kind, words = answer.death
            arm["case"] = {"status": kind, "reason": f"dump: {words}"}
            self._record_case(bench, answer.at, arm)

    def _no_model(self, bench: Bench, arms: Mapping[str, dict[str, Any]], answer: Answer) -> None:
        how = answer.death[1] if answer.death else "its process said nothing"
        words = f"{bench.set.model} cannot be made in {bench.set.environment}: {how}"
        for arm, said in arms.items():
            case = {"status": "absent", "reason": words}
            self._record_case(bench, arm, {**said, "case": case})

    def _learn(self, bench: Bench) -> None:
        """Load each arm in a process that is discarded; as many at once as there are cores."""

        def ask(arm: str) -> Answer:
            folder = f"learn-{arm}"
            arms = {arm: bench.arms[arm]}
            return self._ask(bench, "learn", folder=folder, arms=arms, questions=bench.questions)

        with ThreadPoolExecutor(cores.count()) as pool:
            alone = [arm for arm in bench.arms if not arm.endswith(AGAIN)]
            answers = dict(zip(alone, pool.map(ask, alone), strict=True))
        for arm in list(bench.arms):
            answer = answers[format_of(arm)]  # of two equal arms one is enough
            found = answer.of("learnt")
            if found:
                self._learnt(bench, arm, found[0])
            else:
                self._set_aside(bench, arm, *_blame(answer))

    def _learnt(self, bench: Bench, arm: str, line: Json) -> None:
        said = bench.arms[arm]
        said.update({key: line[key] for key in ("question", "lazy", "modules")})
        said["case"].update({key: line[key] for key in ("question", "lazy", "arrays")})
        said["case"]["cold"] = said["cold"]
        (bench.folder / f"{arm}.imports").write_text("\n".join(line["modules"]))
        self._record_case(bench, arm, said)

    def _arm(self, bench: Bench, arm: str) -> dict[str, Any]:
        format = self.chosen.formats[format_of(arm)]
        path = bench.folder / "saved" / arm / f"model{format.suffix}"
        said = {"format": format.id, "family": format.family, "converts": format.converts}
        return {**said, "path": str(path), "question": "", "lazy": False, "cold": ""}

    def _record_case(self, bench: Bench, arm: str, said: Mapping[str, Any]) -> None:
        place = {"environment": bench.set.environment, "model": bench.set.model}
        line = {"kind": "case", **place, "format": format_of(arm), "arm": arm}
        self.ledger.append({**line, **said["case"]})

    def _set_aside(self, bench: Bench, arm: str, status: str, reason: str) -> None:
        """Measure an arm no more, and say why."""
        said = bench.arms.pop(arm)
        self._record_case(
            bench, arm, {"case": {**said["case"], "status": status, "reason": reason}}
        )

    # -- measuring -----------------------------------------------------------------------------

    def _start(self, bench: Bench, block: int, arm: str) -> None:
        """Process start to first answer, of one arm alone."""
        with self._phase("start"):
            imports = bench.folder / f"{arm}.imports"
            answer = self._ask(bench, "first", imports, arms={arm: bench.arms[arm]})
        found = answer.of("first")
        if not found:
            self._set_aside(bench, arm, *_blame(answer))
            return
        samples = list(_start_samples(arm, found[0], answer.began))
        total = next(wall for _, stage, wall, _, _ in samples if stage == "start")
        peaks = {arm: dict(found[0]["peaks"])}
        self._record(bench, block, "start", arm, answer, total, samples, peaks, {})
        self.heard(f"{bench.set.model} block {block + 1}: {arm}")

    def _inside(self, bench: Bench, block: int) -> None:
        """All arms in one process; where one of them ends it, once more without that one."""
        imports = bench.folder / "inside.imports"
        while bench.arms:
            modules = dict.fromkeys(m for said in bench.arms.values() for m in said["modules"])
            imports.write_text("\n".join(modules))
            with self._phase("inside"):
                answer = self._ask(
                    bench, "inside", imports, arms=bench.arms,
                    seed=plan.seed(self.seed, bench.set, block),
                    seconds=self.share * len(bench.arms),
                )  # fmt: skip
            found = answer.of("inside")
            if found:
                break
            self._set_aside(bench, answer.at or next(iter(bench.arms)), *_blame(answer))
        else:
            return
        line = found[0]
        start = line["interpreter"][0] - answer.began + line["imports"][0]
        measured = line["measured"] + start
        self._record(
            bench, block, "inside", "", answer, measured,
            line["samples"], line["peaks"], line["resident"],
        )  # fmt: skip
        self.heard(f"{bench.set.model} block {block + 1}: inside")

    def _record(
        self,
        bench: Bench,
        block: int,
        process: str,
        arm: str,
        answer: Answer,
        measured: float,
        samples: Any,
        peaks: Json,
        resident: Json,
    ) -> None:
        self.measured += measured
        self.ledger.append(
            {
                "kind": "process",
                "environment": bench.set.environment,
                "model": bench.set.model,
                "block": block,
                "process": process,
                "arm": arm,
                "began": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
                "seconds": round(answer.seconds, 6),
                "measured": round(measured, 6),
                "load_average": round(os.getloadavg()[0], 2),
                "steal": None if answer.steal is None else round(answer.steal, 4),
                "samples": [[a, s, _short(w), _short(c), n] for a, s, w, c, n in samples],
                "peaks": peaks,
                "resident": resident,
            }
        )

    def _ask(
        self,
        bench: Bench,
        kind: str,
        imports: Path | None = None,
        folder: str = "",
        **more: Any,
    ) -> Answer:
        own = self.chosen.own
        disk = bench.folder / "scratch"
        disk.mkdir(parents=True, exist_ok=True)
        if bench.memory:
            bench.memory.mkdir(parents=True, exist_ok=True)
        request = {
            "kind": kind,
            "plugins": list(self.chosen.plugins),
            "folder": str(bench.folder),
            "disk": str(disk),
            "memory": str(bench.memory or ""),
            "model": bench.set.model,
            "own": str(own.path.resolve()) if own else "",
            "ask": str(own.ask.resolve()) if own and own.ask else "",
            "gc": self.chosen.gc,
            "sandboxed": own is not None,
            **more,
        }
        return processes.run(
            bench.ready,
            request,
            bench.folder / (folder or kind),
            imports,
            PATIENCE + PER_ARM * len(more["arms"]),
        )

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.phases[name] = self.phases.get(name, 0.0) + time.monotonic() - began


def _case(line: Json, prepared: Json) -> dict[str, Any]:
    fields = {key: value for key, value in line.items() if key not in ("kind", "arm")}
    return {**fields, "payload": prepared["payload"]}


def _blame(answer: Answer) -> tuple[str, str]:
    """Status and reason of an arm whose process did not answer."""
    for line in answer.of("failed"):
        return line["status"], line["reason"]
    return answer.death or ("crash", "its process said nothing")


def _start_samples(arm: str, line: Json, began: float) -> Iterator[list[Any]]:
    """A start's stages; their sum is process start to first answer, what is ours left out."""
    marks = dict(line["marks"])
    at, cpu = marks["interpreter"]
    marks["interpreter"] = (at - began, cpu)
    for stage, (wall, cpu) in marks.items():
        yield [arm, stage, wall, cpu, 1]
    walls, cpus = zip(*marks.values(), strict=True)
    yield [arm, "start", sum(walls), sum(cpus), 1]


def _short(seconds: float) -> float:
    return float(f"{seconds:.6g}")
