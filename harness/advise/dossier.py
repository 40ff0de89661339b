"""What is known of one format for some models: the signals that rules are held against. Pure.

A *line* is the releases of one library that saved models were followed along. Where several
matrices follow one library, the one with the most lives of the case speaks for it. The share that
counts is the least of the lines: whoever upgrades, upgrades all of them.

A line speaks *for* a format only where the library of the models changed along it, or where the
format does not load that library: that a pickle of a forest survives all releases of MLflow with
the same scikit-learn says nothing about an upgrade of scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from harness import survival
from harness.advise.answers import between, percent
from harness.advise.rules import Question, Signals
from harness.advise.subjects import Subject
from harness.advise.tallies import BOTH, LONG, RELEASE, SAME, YEAR, Control, Shelf
from harness.records import Json, Outcome
from harness.releases import BUILDS
from harness.shelflives import DIRECTIONS, Life
from harness.survival import MONTHS, RELEASES, Curve, Step
from harness.words import count

MARKS = {RELEASE: (RELEASES, 1), YEAR: (MONTHS, 12), LONG: (MONTHS, 24)}
"""The time at which a share is read, by how far apart is asked."""
AFTER = {RELEASE: "one release", YEAR: "12 months", LONG: "24 months"}
TOWARDS = {"upgrade": "in later releases", "rollback": "in earlier releases"}

SIGNALS = (
    "executes", "executes_says", "executes_claim", "python_free", "python_free_says",
    "python_claim", "tried", "held", "held_share", "declined", "failing", "controls", "converted",
    "converted_low", "silent", "silent_low", "silent_high", "pairs", "silent_beyond", "unmoved",
    "library", "lines", "share", "low", "high", "followed", "keeps_says", "others", "figure",
    "figures",
)  # fmt: skip
"""Every name that a rule may use. `figure` and `figures` come from the answer."""


@dataclass(frozen=True)
class Kept:
    """The share of saved models that went on answering along a line, one way, with 95 % limits.

    `known` are those of which that is known: that were followed so long, or died before.
    """

    library: str
    way: str
    step: Step
    known: int
    counts: bool


class Curves:
    """Survival curves; of the same times and deaths there is one."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, bytes], Curve] = {}

    def of(self, lives: Sequence[Life], unit: str) -> Curve:
        times = np.array([getattr(life, unit) for life in lives], dtype=np.float64)
        died = np.array([life.died for life in lives], dtype=bool)
        order = np.lexsort((died, times))
        key = times[order].tobytes(), died[order].tobytes()
        if key not in self._known:
            self._known[key] = survival.kaplan_meier(times, died)
        return self._known[key]


@dataclass(frozen=True)
class Dossier:
    """A format and a subject. `facts` are the format's sheet, empty where it was not tried."""

    format: str
    subject: Subject
    shelves: Sequence[Shelf]
    facts: Mapping[str, Json]
    curves: Curves
    few: float

    # -- where -----------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> Mapping[str, tuple[Shelf, Sequence[Life]]]:
        """For each library the matrix that says most of it, and the lives along it."""
        found: dict[str, list[tuple[int, int, Shelf, list[Life]]]] = {}
        for place, shelf in enumerate(self.shelves):
            by_library: dict[str, list[Life]] = {}
            for model in self.subject.models:
                for life in shelf.by_case.get((model, self.format), ()):
                    by_library.setdefault(life.library, []).append(life)
            for library, lives in by_library.items():
                found.setdefault(library, []).append((-len(lives), place, shelf, lives))
        return {
            library: min(some, key=lambda one: one[:2])[2:]
            for library, some in sorted(found.items())
        }

    @cached_property
    def spoken(self) -> Sequence[Shelf]:
        """The matrices of its lines; where it has none, the one that tried it most."""
        if self.lines:
            return list({shelf.name: shelf for shelf, _ in self.lines.values()}.values())
        sizes = [(len(self._controls(shelf)), -n) for n, shelf in enumerate(self.shelves)]
        most, place = max(sizes, default=(0, 0))
        return [self.shelves[-place]] if most else []

    def _controls(self, shelf: Shelf) -> list[tuple[str, Control]]:
        return [
            (model, control)
            for model in self.subject.models
            for control in shelf.tally.controls.get((model, self.format), {}).values()
        ]

    @cached_property
    def is_known(self) -> bool:
        """Whether any matrix has a cell of it."""
        return any(self._controls(shelf) for shelf in self.shelves)

    @cached_property
    def is_free(self) -> bool:
        """Whether it loads without the library of the models: it converts, and does not need it."""
        converts = any(s.formats.get(self.format, {}).get("converts") for s in self.shelves)
        packages = self._fact("needs").get("evidence") or {}
        needed = {BUILDS.get(name, name) for name in packages.get("packages", ())}
        return converts and bool(needed) and self.subject.library not in needed

    def _claim(self, field: str) -> str | None:
        """What the format says of itself in the registry; None for nothing."""
        said = (s.formats.get(self.format, {}).get(field) for s in self.shelves)
        return next(filter(None, said), None)

    def _fact(self, name: str) -> Mapping[str, Any]:
        return self.facts.get(name) or {}

    # -- signals ---------------------------------------------------------------------------------

    def signals(self, question: Question) -> dict[str, Any]:
        """Every signal but those that need the other formats."""
        return {
            **self._facts,
            **self._held,
            **self._silent(question),
            **(self._at_home if question.apart == SAME else self._away(question)),
        }

    @cached_property
    def _facts(self) -> Signals:
        executes, free = self._fact("executes"), self._fact("python-free")
        return {
            "executes": executes.get("value"),
            "executes_says": executes.get("says", "it was not tried"),
            "executes_claim": self._claim("executes"),
            "python_free": free.get("value"),
            "python_free_says": free.get("says", "it was not tried"),
            "python_claim": self._claim("python_only"),
        }

    @cached_property
    def _held(self) -> Signals:
        by_model: dict[str, list[Control]] = {}
        for shelf in self.spoken:
            for model, control in self._controls(shelf):
                if control.outcome is not Outcome.NOTRUN:
                    by_model.setdefault(model, []).append(control)
        held = sum(any(c.works for c in some) for some in by_model.values())
        declined = sum(
            _all(some, lambda c: c.outcome is Outcome.UNSUPPORTED) for some in by_model.values()
        )
        wrong = sum(
            any(c.otherwise for c in some) and not any(c.works for c in some)
            for some in by_model.values()
        )
        every = [
            c for some in by_model.values() for c in some if c.outcome is not Outcome.UNSUPPORTED
        ]
        return {
            "tried": len(by_model),
            "held": held,
            "held_share": held / len(by_model) if by_model else None,
            "declined": declined,
            "failing": len(by_model) - held - declined - wrong,
            "controls": len(every),
            "converted": (wrongly := sum(c.otherwise for c in every)),
            "converted_low": survival.wilson(wrongly, len(every))[0],
            "works": sum(c.works for c in every),
        }

    def _silent(self, question: Question) -> Signals:
        pairs = silent = every = 0
        for shelf in self.spoken:
            for model in self.subject.models:
                found = shelf.tally.elsewhere.get((model, self.format))
                if found is None:
                    continue
                every += found.silent
                if question.apart != SAME:
                    more, wrong = found.of(question.way, question.apart)
                    pairs, silent = pairs + more, silent + wrong
        low, high = survival.wilson(silent, pairs)
        return {
            "pairs": pairs, "silent": silent, "silent_low": low, "silent_high": high,
            "silent_beyond": every - silent,
        }  # fmt: skip

    @cached_property
    def _at_home(self) -> Signals:
        """The share that answers as fitted where it was saved."""
        works, of = self._held["works"], self._held["controls"]
        low, high = survival.wilson(works, of)
        says = f"{count(works)} of {count(of)} saved models answer as before ({between(low, high)})"
        return {
            "unmoved": 0, "library": self.subject.library, "lines": "", "others": None,
            "share": works / of if of else None, "low": low, "high": high,
            "followed": of, "keeps_says": says,
        }  # fmt: skip

    def _away(self, question: Question) -> Signals:
        """The share that goes on answering elsewhere; the least of the lines."""
        ways = DIRECTIONS if question.way == BOTH else (question.way,)
        kept = [k for way in ways for k in self._kept(way, question.apart)]
        moved = self.is_free or self.subject.library in self.lines
        speaks = [[k for k in kept if k.way == way and k.counts] for way in ways]
        said = {
            "unmoved": 0 if moved or not self.lines else 1,
            "library": self.subject.library,
            "lines": ", ".join(self.lines),
            "share": None, "low": None, "high": None, "followed": None, "keeps_says": "",
            "others": None,
        }  # fmt: skip
        if all(speaks):
            chosen = self._least(kept, speaks)
            said |= _step(chosen)
            said["keeps_says"] = _words(chosen, question.apart)
            kept = [k for k in kept if k is not chosen]
        said["others"] = "; ".join(_words(k, question.apart) for k in kept) or None
        return said

    def _least(self, kept: Sequence[Kept], speaks: Iterable[Sequence[Kept]]) -> Kept:
        """The line that decides. Where one way none is known well enough, the best known of it."""
        for some in speaks:
            best = max(some, key=lambda k: k.known)
            if best.known < self.few:
                return best
        well = [k for k in kept if k.known >= self.few]
        return min(well, key=lambda k: (k.step.share, k.step.low))

    def _kept(self, way: str, apart: str) -> Iterable[Kept]:
        unit, mark = MARKS[apart]
        for library, (_, lives) in self.lines.items():
            some = [life for life in lives if life.direction == way]
            curve = self.curves.of(some, unit)
            if step := curve.at(mark):
                died = sum(one.died for one in curve.steps if one.time <= mark)
                counts = self.is_free or library == self.subject.library
                yield Kept(library, way, step, died + step.risk, counts)


def _all(some: Sequence[Control], test: Callable[[Control], bool]) -> bool:
    return bool(some) and all(map(test, some))


def _step(kept: Kept) -> Signals:
    step = kept.step
    return {"share": step.share, "low": step.low, "high": step.high, "followed": kept.known}


def _words(kept: Kept, apart: str) -> str:
    """`87 % answer after 12 months (83-90 %, of 512), along scikit-learn, in later releases`."""
    s = kept.step
    return (
        f"{percent(s.share)} answer after {AFTER[apart]} ({between(s.low, s.high)}, "
        f"of {count(kept.known)}) {TOWARDS[kept.way]} of {kept.library}"
    )
