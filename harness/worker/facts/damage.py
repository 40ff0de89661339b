"""Damaged artifacts: cut, lengthened, or with one bit changed. What does loading them do?

Each trial loads a damaged copy and asks it; the outcome is one of

    raise   loading or answering raised
    same    the same answers, bit by bit
    other   other answers, and no error
    crash   the process died
    hang    it was still at it after five seconds and five times what the whole artifact needs, or
            had filled a gigabyte: whether it then raises or goes on depends on the memory there is

Other answers are tried again in a new process and another order. A crash, and what then came out
otherwise, is tried once more in a process of its own, which counts; so is a hang where the first
of them does not last three times as long.
"""

from __future__ import annotations

import os
import shutil
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

from .. import artifacts, memory
from .lab import Fact, Lab, Result, Subject, compared, fact, unmeasured

NAMES = ("empty", "truncation", "trailing", "flips")
POSITIONS = 24  # of a bit that is changed, spread over the artifact
CUTS = 20
FILES = 6  # of several, the largest are emptied and lengthened
MORE = {"one byte more": b"\n", "64 zeros more": bytes(64)}
WORDS = ("raise", "same", "other", "crash", "hang")
BAD = ("other", "crash", "hang")


class Damage(NamedTuple):
    """What is done to which file of the artifact, and at which byte of it."""

    kind: str
    file: str
    at: int = 0

    def __str__(self) -> str:
        place = " at byte %d" % self.at if self.kind in ("cut", "flip") else ""
        return "%s%s of %s" % (self.kind, place, self.file)


FILLED = 1 << 30  # bytes that a damaged artifact, all of them small, makes resident

WHOLE = Damage("nothing", "")


def facts(lab: Lab) -> Dict[str, Fact]:
    """What becomes of damaged artifacts of each subject."""
    if not lab.subjects:
        return {name: unmeasured("no artifact to damage") for name in NAMES}
    found: Dict[str, Dict[str, Any]] = {name: {} for name in NAMES}
    for subject in lab.subjects:
        whole = lab.one(_work(lab, subject, WHOLE))
        if _word(whole) != "same":
            why = "a whole copy of the artifact does not answer as it does: %s" % whole.value
            return {name: unmeasured(why) for name in NAMES}
        for name, trials in _trials(_files(lab, subject.path)).items():
            found[name][subject.model] = _summed(trials, _try(lab, subject, trials))
    return {name: _fact(name, evidence) for name, evidence in found.items()}


def _files(lab: Lab, path: str) -> List[Tuple[str, int]]:
    """The artifact's files with their sizes, but for what the harness itself keeps beside it."""
    parts = [part for part in artifacts.contents(path) if not part.endswith(lab.format.own)]
    return [(os.path.relpath(part, os.path.dirname(path)), os.path.getsize(part)) for part in parts]


def _trials(parts: List[Tuple[str, int]]) -> Dict[str, List[Damage]]:
    """Damages by the fact that they are for. What is added or emptied is so file by file."""
    size = sum(length for _, length in parts)
    cuts = sorted({1, size - 1} | {size * n // CUTS for n in range(1, CUTS)})
    spread = {(2 * n + 1) * size // (2 * POSITIONS) for n in range(POSITIONS)}
    ends = {at for at in (*range(3, 12), *range(size - 12, size)) if 0 <= at < size}
    largest = sorted(parts, key=lambda part: -part[1])[:FILES]
    return {
        "empty": [Damage("emptied", name) for name, _ in largest],
        "truncation": [Damage("cut", *_place(parts, at)) for at in cuts if 0 < at < size],
        "trailing": [Damage(kind, name) for name, _ in largest for kind in MORE],
        "flips": [Damage("flip", *_place(parts, at)) for at in sorted(spread | ends)],
    }


def _place(parts: List[Tuple[str, int]], at: int) -> Tuple[str, int]:
    """The file, and the place in it, of the byte `at` of all files together."""
    for name, length in parts:
        if at < length:
            return name, at
        at -= length
    raise IndexError("the artifact has no such byte")


def _try(lab: Lab, subject: Subject, trials: List[Damage]) -> List[str]:
    """The outcome of each damage; those that another trial may have caused, tried again.

    A whole copy goes last: where it no longer answers, the trials before it have spoilt the process
    and each is done again in one of its own.
    """
    seconds = 5 + 5 * subject.seconds
    works = [_work(lab, subject, damage) for damage in trials]
    results = lab.run([*works, _work(lab, subject, WHOLE)], seconds)
    found = [_word(result) for result in results[:-1]]
    if _word(results[-1]) != "same":
        found = [_word(lab.one(work, seconds)) for work in works]
    others = [place for place, word in enumerate(found) if word == "other"][::-1]
    again = lab.run([works[place] for place in others], seconds)
    doubtful = [p for p, result in zip(others, again) if _word(result) != "other"]
    hangs = [place for place, word in enumerate(found) if word == "hang"]
    if hangs and _word(lab.one(works[hangs[0]], 3 * seconds)) != "hang":
        doubtful += hangs  # the machine was busy
    for place in doubtful + [p for p, word in enumerate(found) if word == "crash"]:
        found[place] = _word(lab.one(works[place], 3 * seconds))
    return found


def _word(result: Result) -> str:
    return str(result.value) if result.kind == "value" else result.kind


def _work(lab: Lab, subject: Subject, damage: Damage) -> Callable[[], str]:
    def work() -> str:
        path = os.path.join(lab.folder, "damaged", os.path.basename(subject.path))
        _copy(subject.path, path)
        _damage(os.path.join(os.path.dirname(path), damage.file), damage)
        lab.ready()
        before = memory.reset()
        try:
            return compared(subject, lab.format.load(path))
        except MemoryError:
            if before is not None and (memory.peak() or 0) - before > FILLED:
                return "hang"
            raise  # a size that no machine has was refused at once

    return work


def _copy(source: str, target: str) -> None:
    """A copy of the artifact with what lies beside it, in a folder that held nothing else."""
    folder = os.path.dirname(target)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for piece in artifacts.pieces(source):
        copy = shutil.copytree if os.path.isdir(piece) else shutil.copyfile
        copy(piece, os.path.join(folder, os.path.basename(piece)))


def _damage(path: str, damage: Damage) -> None:
    if damage.kind in MORE:
        with open(path, "ab") as file:
            file.write(MORE[damage.kind])
    elif damage.kind in ("cut", "emptied"):
        with open(path, "r+b") as file:
            file.truncate(damage.at)
    elif damage.kind == "flip":
        with open(path, "r+b") as file:
            file.seek(damage.at)
            byte = file.read(1)[0] ^ (1 << damage.at % 8)
            file.seek(damage.at)
            file.write(bytes([byte]))


def _summed(trials: List[Damage], words: List[str]) -> Dict[str, Any]:
    """How often each outcome came, and where the bad ones did."""
    counts: Dict[str, Any] = {word: words.count(word) for word in WORDS if word in words}
    counts["where"] = [[word, str(d)] for d, word in zip(trials, words) if word in BAD]
    return counts


def _fact(name: str, evidence: Dict[str, Dict[str, Any]]) -> Fact:
    """`detected` where every trial raised, else the worst that came."""
    totals = {word: sum(e.get(word, 0) for e in evidence.values()) for word in WORDS}
    count = sum(totals.values())
    said = ", ".join("%d %s" % (n, word) for word, n in totals.items() if n)
    if totals["raise"] == count:
        return fact("detected", "all %d raised an error" % count, evidence)
    worst = next(w for w in ("other", "hang", "crash", "same") if totals[w])
    value = {"other": "wrong answers", "same": "unnoticed", "hang": "hangs", "crash": "crashes"}
    return fact(value[worst], "of %d: %s" % (count, said), evidence)
