"""One block: a process that goes through all arms in rounds of seeded random order.

In a round each arm is visited once: saved, loaded, asked; what is short, in a burst of calls.
Visits of different arms are interleaved, so that a slow second of the machine falls on all of them.
What repeats within the block collapses to its median: only block values enter statistics.
"""

from __future__ import annotations

import gc
import os
import random
from functools import partial
from statistics import median
from typing import Any, Callable, Dict, List, Tuple

from .. import artifacts, files, memory, registry
from . import arrays, formats, pagecache, subject
from .commands import Marks
from .first import failed, repeated, timed

AT_LEAST, AT_MOST = 3, 200  # visits of an arm; a single one where it takes five times its share
SHORT, BURST, MANY = 0.02, 0.01, 500
"""A dump or a load under so many seconds is repeated in a burst of so many seconds, or calls. One
alone, after other formats' work, finds the processor's caches cold and takes up to thrice as long.
"""
FEW = 3  # so many visits of an arm also sync, drop the file from the cache, touch
PATIENT = 4.0  # wall seconds that count as one: on a busy machine medians need as many repeats
ROOM = 256  # bytes for an arm's name, written in place: ext4 flushes a file that is truncated
LONG = 1.0  # seconds that a first dump may take and still be done again for its first time's sake


def main(request: Dict[str, Any], marks: Marks) -> None:
    """Answer with the block's values."""
    block = Block(request)
    block.go()
    line = block.line()
    start, imported = marks["interpreter"], marks["import"]
    line["interpreter"] = start
    line["imports"] = (imported[0] - start[0], imported[1] - start[1])
    files.append(request["response"], line)


class Arm:
    """A format of the comparison set with its artifact, and what it has spent of its share."""

    def __init__(self, name: str, said: Dict[str, Any], format: registry.Format) -> None:
        self.name = name
        self.format = format
        self.dump = formats.dumper(format)
        self.path = said["path"]
        self.lazy = said["lazy"]
        self.question = said["question"]
        self.cold = not said["cold"]
        self.visits = 0
        self.spent = 0.0  # seconds of wall time
        self.used = 0.0  # of its share
        self.samples: Dict[str, List[Tuple[float, float]]] = {}
        self.lengths: Dict[str, float] = {}  # of the last call of each stage, for bursts

    def add(self, stage: str, wall: float, cpu: float, times: int = 1) -> None:
        """A sample: seconds of one call, the mean of so many `times` of them at once."""
        self.samples.setdefault(stage, []).append((wall, cpu))
        self.lengths[stage] = wall
        self.discard(wall * times, cpu * times)

    def discard(self, wall: float, cpu: float) -> None:
        """What the protocol asks for and does not count."""
        self.spent += wall
        self.used += max(cpu, wall / PATIENT)

    def burst(self, stage: str) -> int:
        """How often a stage is repeated at once: short ones so often that they run warm."""
        last = self.lengths[stage]
        return 1 if last > SHORT else min(MANY, max(2, int(BURST / max(last, 1e-7))))

    def goes_on(self, share: float) -> bool:
        """Whether it is visited once more: its share of the block is not used up.

        Once it is visited in any case: a first dump alone may use up the share.
        """
        if not self.visits:
            return True
        if self.visits < AT_LEAST:
            return self.used < 5 * share
        return self.visits < AT_MOST and self.used < share


class Block:
    """All arms of one comparison set in this process."""

    def __init__(self, request: Dict[str, Any]) -> None:
        self.request = request
        found = formats.formats_of(request["arms"], request["plugins"])
        self.arms = [Arm(name, said, found[name]) for name, said in request["arms"].items()]
        self.at = os.open(request["at"], os.O_WRONLY | os.O_CREAT, 0o644)
        self.model = subject.kept(request)
        self.data = self._data()
        self.asks: Dict[str, Any] = {}
        self.peaks: Dict[str, Dict[str, Any]] = {}
        self.resident: Dict[str, float] = {}
        self.converted: List[Tuple[float, float]] = []

    def _data(self) -> Any:
        if self.request["own"]:
            return subject.data(self.request)
        if not any(arm.format.converts for arm in self.arms):
            return registry.Nothing  # only what translates looks at the data
        registry.read(self.request["plugins"])
        return subject.data(self.request)

    def go(self) -> None:
        for arm in self.arms:
            self._at(arm, "prepare", self._prepare)
        if not self.request["gc"]:
            gc.disable()
        # What we have imported and prepared is no part of a user's program: the collector, which
        # would look through it during every load of many objects, is told to leave it alone.
        gc.collect()
        gc.freeze()
        order = random.Random(self.request["seed"])  # noqa: S311 - an order
        share = self.request["seconds"] / len(self.arms)
        while True:
            ahead = [arm for arm in self.arms if arm.goes_on(share)]
            if not ahead:
                return
            order.shuffle(ahead)
            for arm in ahead:
                self._at(arm, "block", self._visit)
                arm.visits += 1

    def _at(self, arm: Arm, stage: str, work: Callable[[Arm], None]) -> None:
        """Do some work of an arm; it is the one to blame where that fails or kills the process."""
        os.pwrite(self.at, arm.name.encode().ljust(ROOM), 0)
        try:
            work(arm)
        except Exception as error:
            raise failed(arm.name, error, stage)

    def _prepare(self, arm: Arm) -> None:
        """The first dump and the load that are discarded; the peak of memory while dumping."""
        arm.format.prepare()
        formats.watch_conversion(arm.format, self._convert)
        if arm.question and arm.question not in self.asks:
            self.asks[arm.question] = subject.question(self.request, arm.question)
        os.makedirs(self._place(arm, "disk"), exist_ok=True)
        base = memory.reset()
        spent = self._dump(arm, self._place(arm, "disk"), [])
        peak = memory.peak()
        if base is not None and peak is not None:
            self.peaks[arm.name] = {"dump": max(0, peak - base)}
        arm.lengths.update(dict.fromkeys(("dump-file", "dump-memory"), spent[0]))
        if spent[0] > LONG:
            arm.add("dump-file", *spent)
        loaded = arm.format.load(arm.path)
        if arm.question:
            self.asks[arm.question](loaded)()

    def _visit(self, arm: Arm) -> None:
        few = arm.visits < FEW
        if arm.visits or "dump-file" not in arm.samples:
            self.converted.clear()
            self._dumps(arm, "dump-file", self._place(arm, "disk"))
            if self.converted:
                arm.samples.setdefault("convert", []).append(self.converted[-1])
        if self._has_room(arm):
            self._dumps(arm, "dump-memory", self._place(arm, "memory"))
        if few:
            arm.add("dump-fsync", *self._dump(arm, self._place(arm, "disk"), [pagecache.sync]))
        self._load(arm, few or arm.lazy)
        if few and arm.cold:
            self._load_cold(arm)

    def _dumps(self, arm: Arm, stage: str, folder: str) -> None:
        """A burst of dumps, on a disk to new files, after one that is discarded if short."""
        count = arm.burst(stage)
        suffix = arm.format.suffix
        paths = [os.path.join(folder, "burst%d%s" % (n, suffix)) for n in range(count + 1)]
        if stage == "dump-memory":  # nothing is flushed there: one file is written over and over
            paths = paths[:1] * len(paths)
        ahead = iter(paths)

        def work() -> None:
            arm.dump(self.model, next(ahead), self.data)

        if count > 1:
            arm.discard(*timed(work)[1:])
        wall, cpu = repeated(work, count)
        arm.add(stage, wall, cpu, count)
        for path in set(paths):
            artifacts.remove(path)

    def _load(self, arm: Arm, touched: bool) -> None:
        """Load, touch and ask; a short load is discarded, and others follow in a burst.

        Letting go of what was loaded counts as loading, as it does under `timeit`.
        """
        loaded, wall, cpu = timed(arm.format.load, arm.path)
        found = arrays.of(loaded) if touched else []
        if found:
            arm.add("touch", *timed(arrays.touch, found)[1:])
        del found
        if arm.question:
            ask = self.asks[arm.question]
            for stage in ("first-answer", "steady-answer"):
                arm.add(stage, *timed(ask(loaded))[1:])
        holder = [loaded]
        del loaded
        _, more, more_cpu = timed(holder.clear)
        arm.lengths.setdefault("load-warm", wall)
        if wall > SHORT:
            arm.add("load-warm", wall + more, cpu + more_cpu)
            return
        arm.discard(wall, cpu)
        count = arm.burst("load-warm")
        wall, cpu = repeated(partial(arm.format.load, arm.path), count)
        arm.add("load-warm", wall, cpu, count)

    def _load_cold(self, arm: Arm) -> None:
        """A load from the disk, where the file really left the page cache."""
        parts = artifacts.contents(arm.path)
        stayed = pagecache.drop(parts)
        if stayed >= pagecache.COLD:  # something that was loaded may still map it
            gc.collect()
            stayed = pagecache.drop(parts)
        self.resident[arm.name] = max(stayed, self.resident.get(arm.name, 0.0))
        if stayed < pagecache.COLD:
            arm.add("load-cold", *timed(arm.format.load, arm.path)[1:])

    def _place(self, arm: Arm, which: str) -> str:
        return os.path.join(self.request[which], arm.name)

    def _has_room(self, arm: Arm) -> bool:
        """Whether there is memory for another copy of the artifact, with room to spare."""
        if not self.request["memory"]:
            return False
        place = self._place(arm, "memory")
        os.makedirs(place, exist_ok=True)
        free = os.statvfs(place)
        size = sum(map(os.path.getsize, artifacts.contents(arm.path)))
        return free.f_bavail * free.f_frsize > 2 * size + (16 << 20)

    def _dump(self, arm: Arm, folder: str, then: List[Any]) -> Tuple[float, float]:
        """Wall and CPU seconds of saving the model in `folder`, and of what is done then."""
        path = os.path.join(folder, "saved" + arm.format.suffix)
        artifacts.remove(path)

        def work() -> None:
            arm.dump(self.model, path, self.data)
            for each in then:
                each(artifacts.contents(path) + [folder])

        _, wall, cpu = timed(work)
        return wall, cpu

    def _convert(self, function: Callable[..., Any], *arguments: Any) -> Any:
        given, wall, cpu = timed(function, *arguments)
        self.converted.append((wall, cpu))
        return given

    def line(self) -> Dict[str, Any]:
        """The medians of the block."""
        rows: List[List[Any]] = []
        for arm in self.arms:
            at = {}
            for stage, values in arm.samples.items():
                at[stage] = [median(v[0] for v in values), median(v[1] for v in values)]
                rows.append([arm.name, stage] + at[stage] + [len(values)])
            if "touch" in at:
                both = [load + touch for load, touch in zip(at["load-warm"], at["touch"])]
                rows.append([arm.name, "load-touch"] + both + [len(arm.samples["touch"])])
            else:  # nothing to touch: loading is all
                repeats = len(arm.samples["load-warm"])
                rows.append([arm.name, "load-touch"] + at["load-warm"] + [repeats])
        spent = sum(arm.spent for arm in self.arms)
        line: Dict[str, Any] = {"kind": "inside", "samples": rows, "measured": spent}
        line.update(peaks=self.peaks, resident=self.resident)
        return line
