"""Attribution: which package, changed from the producer's lock to the consumer's, breaks a cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness import causes, wheels
from harness.delta import PART_WAY, Answer, Changed, Finding, Search, attribute, minimise
from harness.experiment import Mix
from harness.investigation import Investigation
from harness.mixture import PYTHON, REST, Mixture
from harness.pursuit import Pursuit, Subject, follow
from harness.records import CellId, Json

NAMED = 4  # packages that a sentence names before "and n more"


@dataclass
class Explanation:
    """What makes the difference in one cell, and every probe that says so."""

    subject: Subject
    mixture: Mixture
    finding: Finding
    pursuit: Pursuit[Changed, Finding]

    def as_json(self) -> Json:
        """The part `explained` of docs/reference/results.md, `Attributions`."""
        return {
            "kind": self.finding.kind,
            "sentence": sentence(self),
            "changes": [self.changes(one) for one in self.finding.sets],
            "culprits": sorted(self.finding.culprits),
            "probes": [self._probe(changed) for changed in self._tried()],
            "date": today(),
        }

    def changes(self, changed: Changed) -> list[Json]:
        """Each package of a set of changes, with its version before and after, the main first."""
        to = self.mixture.names(changed)
        order = [*self.mixture.differing(), *to]
        names = sorted(to, key=order.index)
        return [self._change(name, to[name], name + PART_WAY in changed) for name in names]

    def _change(self, name: str, to: str, part_way: bool) -> Json:
        found = {"package": name, "from": self.mixture.producer.version(name), "to": to}
        return {**found, "part_way": True} if part_way else found

    def _tried(self) -> list[Changed]:
        return sorted(self.pursuit.answers, key=lambda changed: (len(changed), sorted(changed)))

    def _probe(self, changed: Changed) -> Json:
        probe = self.pursuit.probes.get(changed)
        return {
            "changed": sorted(changed),
            "answer": self.pursuit.answers[changed].value,
            "outcome": probe.outcome.value if probe else "notrun",
            "said": self.said(changed),
            "environment": probe.mix.digest if probe else "",
        }

    def said(self, changed: Changed) -> str:
        """What came of a probe, in a few words."""
        probe = self.pursuit.probes.get(changed)
        own = self.pursuit.itself.get(changed)
        if probe is None:
            return "no version between is admitted by the others"
        if own and self.pursuit.answers[changed] is Answer.UNTESTABLE:
            return f"does not work by itself: {plain(own.words)}"
        return plain(probe.words)


def plain(text: str) -> str:
    """A text without folders of this machine, and without the name of an experiment."""
    return re.sub(r"x-[0-9a-f]{12}: ", "", re.sub(r"(?<![\w.])/(?:[\w.+@~-]+/)+", "", text))


def today() -> str:
    """The date, in UTC."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def explain(
    investigation: Investigation, cells: Sequence[CellId]
) -> Iterator[tuple[CellId, Explanation]]:
    """Each cell with its explanation; cells of one pair share environments and requests."""
    lines = investigation.lines(cells)
    pairs: dict[tuple[str, str], list[CellId]] = {}
    for cell in cells:
        pairs.setdefault((cell.producer, cell.consumer), []).append(cell)
    for (producer, consumer), group in pairs.items():
        investigation.say(f"{producer} -> {consumer}: {len(group)} to explain")
        subjects = [investigation.subject(cell, lines[cell]) for cell in group]
        yield from _explained(investigation, subjects)


def _explained(
    investigation: Investigation, subjects: Sequence[Subject]
) -> Iterator[tuple[CellId, Explanation]]:
    """First with what matters by requirements; where that does not show it, with everything."""
    found = _pursue([(s, investigation.mixture(s.cell)) for s in subjects])
    unseen = [one for one in found if one.finding.kind == "unseen"]
    again = {
        id(one.subject): wide
        for one, wide in zip(
            unseen, _pursue([(one.subject, one.mixture.widened()) for one in unseen]), strict=True
        )
    }
    for one in found:
        yield one.subject.cell, again.get(id(one.subject), one)


def _pursue(asked: Sequence[tuple[Subject, Mixture]]) -> list[Explanation]:
    pursuits = [Pursuit(subject, _search(mixture), _mixes(mixture)) for subject, mixture in asked]
    follow(pursuits)
    return [
        Explanation(subject, mixture, pursuit.result or Finding("unseen"), pursuit)
        for (subject, mixture), pursuit in zip(asked, pursuits, strict=True)
    ]


def _search(mixture: Mixture) -> Search[Changed, Finding]:
    """`attribute` over the candidates; where the others are among the culprits, they are parted."""
    finding = yield from attribute(mixture.candidates(), mixture.companions)
    sets = []
    for changed in finding.sets:
        if REST in changed:
            others = sorted(mixture.names(frozenset({REST})))
            least = yield from _within(changed - {REST}, others)
            sets.append(least)
        else:
            sets.append(changed)
    return Finding(finding.kind, tuple(sets), finding.culprits)


def _within(fixed: Changed, others: Sequence[str]) -> Search[Changed, Changed]:
    """The least of the others that is needed beside what is `fixed`."""
    inner, answers = minimise(others), None
    while True:
        try:
            batch = next(inner) if answers is None else inner.send(answers)
        except StopIteration as end:
            return fixed | frozenset(end.value)
        heard = yield [fixed | part for part in batch]
        answers = {part: heard[fixed | part] for part in batch}


def _mixes(mixture: Mixture) -> Callable[[Any], Sequence[Callable[[], Mix | None]]]:
    """The one mix of each question; where a package goes part of its way, that is found first."""

    def mix(changed: Changed) -> Mix | None:
        for name in changed:
            if name.endswith(PART_WAY) and not _go_part_way(mixture, name.removesuffix(PART_WAY)):
                return None
        return mixture.mix(changed)

    return lambda changed: [lambda: mix(changed)]


def _go_part_way(mixture: Mixture, name: str) -> bool:
    """Find how far the package can go alone; whether it can go any step."""
    start, goal = mixture.producer.version(name), mixture.consumer.version(name)
    if name in (PYTHON, REST) or not start or not goal:
        return False
    base = mixture.mix(frozenset())
    others = [f"{n}=={v}" for n, v in base.packages if n != name]
    found = wheels.part_way(name, start, goal, others, base.python)
    if found:
        mixture.part_way[name] = found
    return found is not None


# -- in words ------------------------------------------------------------------------------------


def sentence(found: Explanation) -> str:
    """What makes the difference, in one sentence."""
    kind, sets = found.finding.kind, [found.changes(one) for one in found.finding.sets]
    if kind == "unseen":
        return _unseen(found)
    written = [" and ".join(map(change, one)) for one in sets]
    if kind == "alone" and len(sets) == 1:
        return f"{written[0]} alone makes the difference{_besides(found)}"
    if kind == "alone":
        return f"each of these makes the difference by itself: {'; '.join(written)}"
    if kind == "together":
        return f"needs {'both ' if len(sets[0]) == 2 else ''}{written[0]}{_besides(found)}"
    if kind == "carried":
        return _carried(found)
    return f"{written[0]} make the difference and cannot be told apart: {_apart(found)}"


def change(one: Mapping[str, str]) -> str:
    """`numpy 1.26.4 -> 2.1.3`."""
    name = "Python" if one["package"] == PYTHON else one["package"]
    far = ", as far as the others allow," if one.get("part_way") else ""
    return f"{name} {one['from'] or 'absent'} -> {one['to'] or 'absent'}{far}"


def _besides(found: Explanation) -> str:
    """What became of the other packages, each changed alone."""
    guilty = {name.removesuffix(PART_WAY) for one in found.finding.sets for name in one}
    answers = {
        name: found.pursuit.answers.get(frozenset({name}), Answer.UNTESTABLE)
        for name in found.mixture.candidates()
        if name not in guilty
    }
    right = [name for name, answer in answers.items() if answer is Answer.RIGHT]
    other = [name for name, answer in answers.items() if answer is Answer.OTHER]
    stuck = [name for name, answer in answers.items() if answer is Answer.UNTESTABLE]
    parts = [f"{_named(right)} changed: {'none does' if len(right) > 1 else 'does not'}"]
    parts = parts if right else []
    parts += [f"{_named(other)} alone: fails in another way"] if other else []
    parts += [f"{_named(stuck)} cannot be changed alone"] if stuck else []
    return f" ({'; '.join(parts)})" if parts else ""


def _carried(found: Explanation) -> str:
    """Who makes the difference, what has to go with it, and how that is known."""
    (least,), culprits = found.finding.sets, found.finding.culprits
    guilty = " and ".join(map(change, found.changes(culprits)))
    rest = " and ".join(map(change, found.changes(least - culprits)))
    said = f"{guilty} makes the difference; {rest} has to go with it"
    if found.pursuit.answers.get(least - culprits) is Answer.RIGHT:
        return f"{said} and alone does not ({_apart(found)})"
    return f"{said} ({_apart(found)})"


def _apart(found: Explanation) -> str:
    """Why the parts of the set could not be tried by themselves, and what could be."""
    (least,) = found.finding.sets
    reasons = []
    for name in sorted(least):
        for part in (frozenset({name}), frozenset({name + PART_WAY})):
            if part in found.pursuit.probes and found.pursuit.answers[part] is not Answer.RIGHT:
                to = found.mixture.names(part)[name] if name != REST else ""
                reasons.append(f"{' '.join((name, to)).strip()} alone: {found.said(part)}")
    return "; ".join(dict.fromkeys(reasons)) or "no part of them fails so"


def _unseen(found: Explanation) -> str:
    every = frozenset(found.mixture.candidates())
    if not every:
        return "the two locks do not differ"
    here, there = found.said(frozenset()), found.said(every)
    return (
        f"the failure was not seen again: with the producer's pins {here}, "
        f"with the consumer's {there}"
    )


def _named(names: Sequence[str]) -> str:
    shown = ["Python" if name == PYTHON else name for name in names[:NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def text(cell: CellId, found: Explanation) -> str:
    """The sentence, then each probe on a line."""
    rows = [
        str(cell),
        f"  {found.subject.line['outcome']}: {causes.fingerprint(found.subject.line)}",
    ]
    rows += [f"  {sentence(found)}", ""]
    for changed in found._tried():
        label = _label(changed, frozenset(found.mixture.candidates()))
        answer = found.pursuit.answers[changed]
        rows.append(f"  {label:<40} {answer:<10}  {found.said(changed)}")
    return "\n".join(rows)


def _label(changed: Changed, every: Changed) -> str:
    if not changed:
        return "the producer's pins"
    if changed == every:
        return "the consumer's pins"
    if len(changed) > 1 and len(changed) == len(every) - 1:
        return f"all but {_named(sorted(every - changed))}"
    return " + ".join(
        f"{name.removesuffix(PART_WAY)}, part of the way" if name.endswith(PART_WAY) else name
        for name in sorted(changed)
    )
