"""Measuring for real, in the interpreter at hand: known work, and formats that misbehave."""

from __future__ import annotations

import dataclasses
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import noise
from harness import registry
from harness.environments import Ready
from harness.measure import choose, processes, records
from harness.measure.conduct import Conductor
from harness.measure.plan import Set
from harness.measure.records import AGAIN, STAGES, Measured
from harness.measure.store import Ledger

HERE = {"here": Ready("here", Path(sys.executable), {})}
STRANGE = """
import os
from shelflife_worker.registry import Format, Unsupported, format_

class Plain(Format):
    suffix = ".plain"
    def dump(self, model, path, data):
        with open(path, "wb") as file:
            file.write(model)
    def load(self, path):
        with open(path, "rb") as file:
            return file.read()

@format_
class Dies(Plain):
    id = "dies-on-dump"
    def dump(self, model, path, data):
        os.kill(os.getpid(), 11)

@format_
class Refuses(Plain):
    id = "refuses"
    def dump(self, model, path, data):
        raise Unsupported("it holds no such thing")

@format_
class Tires(Plain):
    id = "tires"
    loads = 0
    def load(self, path):
        self.loads += 1
        if self.loads > 2:
            raise OSError("no more")
        return super().load(path)
"""


def conducted(folder: Path, formats: tuple[str, ...], blocks: int = 1) -> Measured:
    """Blocks of the formats, in a run of their own."""
    what = noise.chosen(folder)
    (Path(what.plugins[0]) / "strange.py").write_text(STRANGE)
    known = {format.id: format for format in registry.read(what.plugins).formats}
    each = Set(*noise.KEY, formats, "spin")
    what = dataclasses.replace(what, sets=(each,), formats=known)
    with Ledger(folder / "run") as ledger:
        ledger.begin({"baseline": "spin"})
        conductor = Conductor(what, HERE, ledger, 1, lambda done: None, share=0.02)
        try:
            for block in range(blocks):
                conductor.block(each, block, set())
        finally:
            conductor.close()
        return ledger.read()


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    formats = ("spin", "spin-20", "dies-on-dump", "refuses", "tires")
    return conducted(tmp_path_factory.mktemp("measured"), formats, blocks=2)


def test_every_stage_of_every_arm_is_measured(measured: Measured) -> None:
    for arm in ("spin", "spin-20", "spin" + AGAIN):
        found = {s.stage for s in measured.samples if s.arm == arm and s.block == 1}
        assert set(STAGES) - found <= {"convert", "touch", "load-cold", "dump-memory"}
    assert all(sample.wall > 0 and sample.cpu > 0 for sample in measured.samples)


def test_cpu_time_is_finer_than_a_tick(measured: Measured) -> None:
    """As long as nothing limits the processes' CPU time."""
    loads = [s.cpu for s in measured.samples if s.stage == "start-load"]
    assert any(abs(cpu / 0.004 - round(cpu / 0.004)) > 0.01 for cpu in loads)


def test_the_start_is_the_sum_of_its_stages_and_of_nothing_of_ours(measured: Measured) -> None:
    parts = ("interpreter", "import", "start-load", "start-answer")
    for process in measured.processes:
        if process.process == "start":
            mine = {
                s.stage: s.wall
                for s in measured.samples
                if (s.arm, s.block) == (process.arm, process.block)
            }
            assert sum(mine[stage] for stage in parts) == pytest.approx(mine["start"], rel=1e-3)
            assert mine["start"] <= process.seconds


def test_what_an_arm_does_is_its_own_fault_and_the_others_go_on(measured: Measured) -> None:
    said = {case.arm: (case.status, case.reason) for case in measured.cases}
    assert said["spin"] == ("ok", "")
    assert said["dies-on-dump"][0] == "crash" and "SIGSEGV" in said["dies-on-dump"][1]
    assert said["refuses"] == ("unsupported", "it holds no such thing")
    assert said["tires"][0] == "failed" and "no more" in said["tires"][1]
    assert {s.block for s in measured.samples if s.arm == "spin-20"} == {0, 1}


def test_nothing_is_left_behind(measured: Measured) -> None:
    assert sorted(path.name for path in measured.folder.iterdir()) == [
        records.HEADER,
        records.LINES,
    ]


def test_a_process_that_stays_too_long_is_ended(tmp_path: Path) -> None:
    plugin = tmp_path / "sleeping.py"
    plugin.write_text("import time\ntime.sleep(60)\n")
    request = {"kind": "prepare", "plugins": [str(tmp_path)], "sandboxed": False}
    answer = processes.run(HERE["here"], request, tmp_path / "work", None, 2.0)
    assert answer.death == ("timeout", "still at it after 2 s")
    assert answer.seconds < 30


class Marks:
    """Its pickle tries to reach the network when it is loaded, and says how that went."""

    def __reduce__(self) -> object:
        code = (
            "__import__('json').dumps([open('/proc/net/route').read().count(chr(10)),"
            " open('/proc/self/status').read().split('NoNewPrivs:')[1].split()[0]])"
        )
        return eval, (code,)


def test_a_model_of_ones_own_has_no_new_privileges(tmp_path: Path) -> None:
    path = tmp_path / "mine.pkl"
    path.write_bytes(pickle.dumps(Marks()))
    command = [sys.executable, "-I", "-c", READS, str(processes.START.parent), str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    offline, (routes, no_new) = json.loads(answer.stdout)
    assert no_new == "1"
    assert not offline or routes <= 1  # where the kernel lets go of the network, no way leads out


READS = """
import importlib.util, pickle, sys
spec = importlib.util.spec_from_file_location("sandbox", sys.argv[1] + "/sandbox.py")
sandbox = importlib.util.module_from_spec(spec); spec.loader.exec_module(sandbox)
offline = sandbox.enter()
print('[%s, %s]' % (str(offline).lower(), pickle.load(open(sys.argv[2], "rb"))))
"""


def test_own_models_are_told_by_their_content(tmp_path: Path) -> None:
    path = tmp_path / "mine.pkl"
    path.write_bytes(pickle.dumps([1, 2, 3]))
    own = choose.Own(path, None)
    assert own.id == "mine" and len(own.sha256) == 64
