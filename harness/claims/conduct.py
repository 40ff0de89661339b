"""Measuring a claim: blocks of fresh processes, interleaved, in the form of a measuring run."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness import __version__, header, project
from harness.claims.ledger import Claim, Setup
from harness.environments import Ready
from harness.errors import EnvironmentTrouble
from harness.measure import processes, sheet
from harness.measure.processes import Answer
from harness.measure.records import AGAIN, HEADER, LINES, format_of
from harness.measure.store import Ledger
from harness.records import Json

SCRIPT = project.claims() / "run.py"
PATIENCE = 900.0  # seconds that one process may take
SEED = 20261122
Heard = Callable[[str], None]


def measure(
    claim: Claim,
    folder: Path,
    made: Mapping[str, Ready],
    run: Path,
    heard: Heard,
    blocks: int | None = None,
) -> None:
    """Measure a claim into the folder `run`, which must be new; `folder` holds its code."""
    with Ledger(run) as ledger:
        ledger.begin(_opening(claim, made, ledger))
        course = Course(claim, folder, made, ledger, heard)
        began = time.monotonic()
        try:
            course.prepare()
            for block in range(blocks or claim.blocks):
                course.block(block)
        finally:
            course.close()
            ledger.append(
                {
                    "kind": "spent",
                    "seconds": round(time.monotonic() - began, 3),
                    "measured": round(course.measured, 3),
                    "phases": {},
                }
            )


def keep(run: Path, at: Path) -> None:
    """Make a run the one that the project keeps of its claim, whole or not at all."""
    new = at.with_name(at.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for name in (HEADER, LINES):
        shutil.copyfile(run / name, new / name)
    shutil.rmtree(at, ignore_errors=True)
    new.replace(at)


class Course:
    """The processes of one claim."""

    def __init__(
        self,
        claim: Claim,
        folder: Path,
        made: Mapping[str, Ready],
        ledger: Ledger,
        heard: Heard,
    ) -> None:
        self.claim = claim
        self.folder = folder
        self.made = made
        self.ledger = ledger
        self.heard = heard
        self.measured = 0.0
        self.work = Path(tempfile.mkdtemp(prefix="work-", dir=ledger.folder))
        self.arms: dict[tuple[str, str], dict[str, dict[str, str]]] = {}

    def close(self) -> None:
        """Remove what was saved."""
        shutil.rmtree(self.work, ignore_errors=True)

    def prepare(self) -> None:
        """Save what each setup compares. EnvironmentTrouble where that fails."""
        for setup in self.claim.setups:
            maker = self.made[setup.maker or setup.environment]
            answer = self._ask(setup, "prepare", maker, list(setup.arms), 0)
            found = {line["arm"]: line for line in answer.of("case")}
            if answer.death or not set(setup.arms) <= found.keys():
                log = self._place(setup) / "prepare" / "log.txt"
                said = log.read_text(errors="replace")[-2000:]
                how = answer.death[1] if answer.death else "it said nothing of some arms"
                raise EnvironmentTrouble(f"claim {self.claim.id}, {setup.case}: {how}\n{said}")
            arms = {a: {"arm": a, "path": found[a]["path"]} for a in setup.arms}
            again = self.claim.baseline + AGAIN
            arms[again] = dict(arms[self.claim.baseline])
            self.arms[setup.key] = arms
            for arm in arms:
                line = found[format_of(arm)]
                self.ledger.append(_case(setup, arm, line))
            self.heard(f"{self.claim.id}: {setup.case} prepared")

    def block(self, block: int) -> None:
        """Every process of a block, in random order."""
        wanted: list[tuple[Setup, str]] = []
        for setup in self.claim.setups:
            arms = list(self.arms[setup.key]) if setup.starts else []
            wanted += [(setup, arm) for arm in arms or [""]]
        random.Random(f"{SEED} {self.claim.id} {block}").shuffle(wanted)  # noqa: S311 - an order
        for setup, arm in wanted:
            self._measure(setup, arm, block)
            self.heard(f"{self.claim.id}: {setup.case} block {block + 1} {arm}".rstrip())

    def _measure(self, setup: Setup, arm: str, block: int) -> None:
        every = self.arms[setup.key]
        kind = "start" if arm else "inside"
        arms = {arm: every[arm]} if arm else every
        answer = self._ask(setup, kind, self.made[setup.environment], arms, block)
        found = answer.of(kind)
        if not found:
            log = (self._place(setup) / kind / "log.txt").read_text(errors="replace")[-2000:]
            raise EnvironmentTrouble(
                f"claim {self.claim.id}, {setup.case} {arm}: {answer.death}\n{log}"
            )
        line = found[0]
        samples, measured = line["samples"], line.get("measured", 0.0)
        if arm:
            measured = line["mark"] - answer.began + line["wall"]
            samples = [*samples, [arm, "start", measured, line["cpu"], 1]]
        self.measured += measured
        self.ledger.append(_process(setup, arm, block, answer, measured, samples))

    def _place(self, setup: Setup) -> Path:
        return self.work / setup.environment / setup.case

    def _ask(self, setup: Setup, kind: str, ready: Ready, arms: Any, block: int) -> Answer:
        place = self._place(setup)
        saved = place / "saved"
        saved.mkdir(parents=True, exist_ok=True)
        request = {
            "kind": kind,
            "script": str(self.folder / f"{self.claim.code}.py"),
            "case": setup.case,
            "folder": str(saved),
            "arms": arms,
            "seed": f"{SEED} {self.claim.id} {setup.case} {block}",
            "seconds": self.claim.seconds * len(arms),
            "warm": setup.warm,
        }
        return processes.run(ready, request, place / kind, None, PATIENCE, SCRIPT)


def _case(setup: Setup, arm: str, line: Json) -> dict[str, Json]:
    return {
        "kind": "case",
        "environment": setup.environment,
        "model": setup.case,
        "format": format_of(arm),
        "arm": arm,
        "status": "ok",
        "bytes": line["bytes"],
        "files": line["files"],
    }


def _process(
    setup: Setup, arm: str, block: int, answer: Answer, measured: float, samples: Any
) -> dict[str, Json]:
    return {
        "kind": "process",
        "environment": setup.environment,
        "model": setup.case,
        "block": block,
        "process": "start" if arm else "inside",
        "arm": arm,
        "began": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
        "seconds": round(answer.seconds, 6),
        "measured": round(measured, 6),
        "load_average": round(os.getloadavg()[0], 2),
        "steal": None if answer.steal is None else round(answer.steal, 4),
        "samples": [[a, s, float(f"{w:.6g}"), float(f"{c:.6g}"), n] for a, s, w, c, n in samples],
        "peaks": {},
        "resident": {},
    }


def _opening(claim: Claim, made: Mapping[str, Ready], ledger: Ledger) -> Json:
    """The header of a claim's run: of its environments the packages that it names."""
    used = {s.environment for s in claim.setups} | {s.maker for s in claim.setups if s.maker}
    return {
        "run": claim.id,
        "shelflife": __version__,
        "started": header.now(),
        "environments": {
            id: {
                name: made[id].packages[name]
                for name in claim.packages
                if name in made[id].packages
            }
            for id in sorted(used)
        },
        "models": [setup.case for setup in claim.setups],
        "formats": list(dict.fromkeys(arm for setup in claim.setups for arm in setup.arms)),
        "baseline": claim.baseline,
        "gc": True,
        "own": None,
        "sheet": sheet.sheet(ledger.folder),
        "isolation": processes.LIMITS,
        "seed": SEED,
    }
