"""Damaged artifacts: cut, lengthened, or with one bit changed. What does loading them do?

Each trial loads a damaged copy and asks it; the outcome is one of

    raise   loading or answering raised
    same    the same answers, bit by bit
    other   other answers, and no error
    crash   the process died
    hang    it was still at it after five seconds and five times what the whole artifact needs

Other answers are tried again in a new process and another order. A crash, and what then came out
otherwise, is tried once more in a process of its own, which counts.
"""

from __future__ import annotations

import os
import shutil
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

from .. import artifacts
from .lab import Fact, Lab, Result, Subject, fact, unmeasured

NAMES = ("empty", "truncation", "trailing", "flips")
POSITIONS = 24  # of a bit that is changed, spread over the artifact
CUTS = 20
WORDS = ("raise", "same", "other", "crash", "hang")
BAD = ("other", "crash", "hang")


class Damage(NamedTuple):
    """What is done, and to which byte of the artifact's files taken together."""

    kind: str
    at: int

    def __str__(self) -> str:
        return "%s at byte %d" % (self.kind, self.at)


def facts(lab: Lab) -> Dict[str, Fact]:
    """What becomes of damaged artifacts of each subject."""
    if not lab.subjects:
        return {name: unmeasured("no artifact to damage") for name in NAMES}
    found: Dict[str, Dict[str, Any]] = {name: {} for name in NAMES}
    for subject in lab.subjects:
        size = artifacts.measured(subject.path)[1]
        for name, trials in _trials(size).items():
            found[name][subject.model] = _summed(trials, _try(lab, subject, trials))
    return {name: _fact(name, evidence) for name, evidence in found.items()}


def _trials(size: int) -> Dict[str, List[Damage]]:
    """Damages by the fact that they are for, of an artifact of `size` bytes."""
    cuts = sorted({1, size - 1} | {size * n // CUTS for n in range(1, CUTS)})
    flips = sorted({(2 * n + 1) * size // (2 * POSITIONS) for n in range(POSITIONS)})
    return {
        "empty": [Damage("cut", 0)],
        "truncation": [Damage("cut", at) for at in cuts if 0 < at < size],
        "trailing": [Damage("one byte more", 0), Damage("64 zeros more", 0)],
        "flips": [Damage("flip", at) for at in flips],
    }


def _try(lab: Lab, subject: Subject, trials: List[Damage]) -> List[str]:
    """The outcome of each damage; those that the trial before may have caused, tried again."""
    seconds = 5 + 5 * subject.seconds
    works = [_work(lab, subject, damage) for damage in trials]
    found = [_word(result) for result in lab.run(works, seconds)]
    others = [place for place, word in enumerate(found) if word == "other"][::-1]
    again = lab.run([works[place] for place in others], seconds)
    doubtful = [p for p, result in zip(others, again) if _word(result) != "other"]
    for place in doubtful + [p for p, word in enumerate(found) if word == "crash"]:
        found[place] = _word(lab.one(works[place], seconds))
    return found


def _word(result: Result) -> str:
    return str(result.value) if result.kind == "value" else result.kind


def _work(lab: Lab, subject: Subject, damage: Damage) -> Callable[[], str]:
    def work() -> str:
        path = os.path.join(lab.folder, "damaged", os.path.basename(subject.path))
        _copy(subject.path, path)
        _damage(path, damage)
        return "same" if lab.answers(subject.model, path) == subject.answers else "other"

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
    """Damage the file that holds the byte; where bytes are added, each file of the artifact."""
    if damage.kind.endswith("more"):
        more = b"\n" if damage.kind.startswith("one") else bytes(64)
        for name in artifacts.contents(path):
            with open(name, "ab") as file:
                file.write(more)
        return
    name, at = _place(path, damage.at)
    with open(name, "r+b") as file:
        if damage.kind == "cut":
            file.truncate(at)
        else:
            file.seek(at)
            byte = file.read(1)[0] ^ (1 << damage.at % 8)
            file.seek(at)
            file.write(bytes([byte]))


def _place(path: str, at: int) -> Tuple[str, int]:
    """The file, and the place in it, of the artifact's byte `at`."""
    for name in artifacts.contents(path):
        size = os.path.getsize(name)
        if at < size:
            return name, at
        at -= size
    raise IndexError("the artifact has no such byte")


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
