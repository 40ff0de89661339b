"""Drives searches for several failing cells at once: they share environments and requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

from harness import causes
from harness.delta import Answer, Question, Result, Search
from harness.experiment import Mix
from harness.probes import Bench, Probe, is_right
from harness.records import CellId, Json, Outcome

WRONG = frozenset({Outcome.DRIFT.value, Outcome.CHANGED.value})

Alternatives = Callable[[Any], Sequence[Callable[[], Mix | None]]]


@dataclass
class Subject:
    """A failing cell, as its line has it, and where its artifact can be asked."""

    cell: CellId
    line: Json
    bench: Bench

    def answer(self, probe: Probe, itself: Probe | None) -> Answer:
        """What a probe says of the failure; `itself` is the control of its mix, where it matters.

        A mix that fails with an artifact of its own is broken: it says nothing.
        """
        if not probe.outcome.is_result:
            return Answer.UNTESTABLE
        if is_right(probe):
            return Answer.RIGHT
        if self.is_same(probe):
            return Answer.SAME
        broken = itself and itself.outcome.is_result and not is_right(itself)
        if broken and itself and itself.outcome is not Outcome.UNSUPPORTED:
            return Answer.UNTESTABLE
        return Answer.OTHER

    def is_same(self, probe: Probe) -> bool:
        """Whether it fails for the same root cause as the cell."""
        one, other = (causes.fingerprint(line) or "" for line in (self.line, probe.line))
        kinds = {one.partition(":")[0], other.partition(":")[0]}
        return one == other or (kinds <= WRONG and one.partition(":")[2] == other.partition(":")[2])


@dataclass
class Pursuit(Generic[Question, Result]):
    """A search on its way. `mixes` gives, for a question, the mixes to try until one can be tested.

    `probes` holds what answered each question, `itself` the control of a mix that failed.
    """

    subject: Subject
    search: Search[Question, Result]
    mixes: Alternatives
    answers: dict[Question, Answer] = field(default_factory=dict)
    probes: dict[Question, Probe] = field(default_factory=dict)
    itself: dict[Question, Probe] = field(default_factory=dict)
    batch: Sequence[Question] = ()
    result: Result | None = None
    is_done: bool = False

    def begin(self) -> None:
        """Hear the first questions."""
        self._step(lambda: next(self.search))

    def go_on(self) -> None:
        """Give the answers to the questions of the batch; hear the next ones."""
        answers = {question: self.answers[question] for question in self.batch}
        self._step(lambda: self.search.send(answers))

    def _step(self, step: Callable[[], Sequence[Question]]) -> None:
        try:
            self.batch = step()
        except StopIteration as end:
            self.batch, self.result, self.is_done = (), end.value, True

    def settle(self, question: Question, answer: Answer, probe: Probe | None) -> None:
        """An answer; of several mixes the last one that could be tested counts."""
        self.answers[question] = answer
        if probe:
            self.probes[question] = probe


def follow(pursuits: Sequence[Pursuit[Any, Any]]) -> None:
    """Every search to its end."""
    for pursuit in pursuits:
        pursuit.begin()
    while open := [pursuit for pursuit in pursuits if not pursuit.is_done]:
        _answer_all(open)
        for pursuit in open:
            pursuit.go_on()


def _answer_all(pursuits: Sequence[Pursuit[Any, Any]]) -> None:
    """Answer each question of each batch: with its first mix, then the others that it has."""
    asked = [(p, q) for p in pursuits for q in dict.fromkeys(p.batch) if q not in p.answers]
    ways = {(id(p), q): list(p.mixes(q)) for p, q in asked}
    while asked:
        tried = []
        for pursuit, question in asked:
            mix = _next(ways[id(pursuit), question])
            if mix:
                tried.append((pursuit, question, mix))
            else:
                pursuit.answers.setdefault(question, Answer.UNTESTABLE)
        _try(tried)
        asked = [
            (p, q) for p, q, _ in tried if p.answers[q] is Answer.UNTESTABLE and ways[id(p), q]
        ]


def _next(ways: list[Callable[[], Mix | None]]) -> Mix | None:
    """The first of the ways that leads to a mix; it and those before are taken off."""
    while ways:
        mix = ways.pop(0)()
        if mix:
            return mix
    return None


def _try(tried: Sequence[tuple[Pursuit[Any, Any], Any, Mix]]) -> None:
    probes = _asked(tried, lambda bench, questions: bench.ask(questions))
    doubtful = [
        (p, q, mix)
        for (p, q, mix), probe in probes
        if p.subject.answer(probe, None) is Answer.OTHER
    ]
    itself = {
        (id(p), q): probe
        for (p, q, _), probe in _asked(doubtful, lambda bench, questions: bench.works(questions))
    }
    for (pursuit, question, _), probe in probes:
        own = itself.get((id(pursuit), question))
        if own:
            pursuit.itself[question] = own
        pursuit.settle(question, pursuit.subject.answer(probe, own), probe)


def _asked(
    tried: Iterable[tuple[Pursuit[Any, Any], Any, Mix]],
    ask: Callable[[Bench, list[Any]], Mapping[Any, Probe]],
) -> list[tuple[tuple[Pursuit[Any, Any], Any, Mix], Probe]]:
    """Each with its probe; those of one bench are asked together."""
    benches: dict[int, list[tuple[Pursuit[Any, Any], Any, Mix]]] = {}
    for one in tried:
        benches.setdefault(id(one[0].subject.bench), []).append(one)
    found = []
    for group in benches.values():
        keys = [(pursuit.subject.cell.case, mix) for pursuit, _, mix in group]
        probes = ask(group[0][0].subject.bench, keys)
        found += [(one, probes[key]) for one, key in zip(group, keys, strict=True)]
    return found
