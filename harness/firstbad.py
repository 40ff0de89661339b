"""The first bad release of one package, between the versions of the two locks of a failing cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from packaging.version import Version

from harness import bisect, wheels
from harness.bisect import Boundary
from harness.delta import PART_WAY, Answer, Changed
from harness.errors import UserError, did_you_mean
from harness.experiment import Mix
from harness.explain import Explanation, explain, plain, today
from harness.investigation import Investigation
from harness.mixture import BESIDES, PYTHON, REST, Mixture
from harness.pursuit import Pursuit, Subject, follow
from harness.records import CellId, Json
from harness.wheels import NoneFits

SHOWN = 6  # releases that could not be tried, named in a sentence


@dataclass
class Bisection:
    """What trying the releases of a package came to. `base` names what else was changed."""

    subject: Subject
    mixture: Mixture
    package: str
    releases: Sequence[str]
    base: Changed
    boundary: Boundary
    pursuit: Pursuit[str, Boundary]

    def as_json(self) -> Json:
        """The part `bisected` of docs/reference/results.md, `Attributions`."""
        found = self.boundary
        return {
            "package": self.package,
            "kind": found.kind,
            "sentence": sentence(self),
            "last_good": found.last_good,
            "first_bad": found.first_bad,
            "first_same": found.first_same,
            "untried": list(found.untried),
            "base": sorted(self.base),
            "releases": [self._release(version) for version in self.releases],
            "date": today(),
        }

    def _release(self, version: str) -> Json:
        probe = self.pursuit.probes.get(version)
        answer = self.pursuit.answers.get(version)
        return {
            "version": version,
            "answer": answer.value if answer else "",
            "said": self.said(version),
            "with": self.companions(version),
            "environment": probe.mix.digest if probe else "",
        }

    def said(self, version: str) -> str:
        """What came of a release, in a few words; "" where it was not tried."""
        probe, own = self.pursuit.probes.get(version), self.pursuit.itself.get(version)
        if probe and own and self.pursuit.answers[version] is Answer.UNTESTABLE:
            return f"does not work by itself: {plain(own.words)}"
        if probe:
            return plain(probe.words)
        return "no environment can be resolved" if version in self.pursuit.answers else ""

    def companions(self, version: str) -> dict[str, str]:
        """What else was in the environment in another version than in the base."""
        probe = self.pursuit.probes.get(version)
        base = self.mixture.mix(self.base).pins
        pins = probe.mix.pins if probe else {}
        return {n: v for n, v in pins.items() if n != self.package and base.get(n, v) != v}


def first_bad(
    investigation: Investigation, cell: CellId, package: str | None, thorough: bool
) -> tuple[Bisection, Explanation | None]:
    """Bisect over `package`, or over the one that an explanation finds to make the difference.

    What else is changed is as the explanation says, or nothing, or all: the first of these in
    which the ends are good and bad.
    """
    explained = None
    if package is None:
        ((_, explained),) = explain(investigation, [cell])
        package = _culprit(explained)
    line = investigation.lines([cell])[cell]
    subject, mixture = investigation.subject(cell, line), investigation.mixture(cell)
    if package not in mixture.differing():
        mixture = mixture.widened()
    _check(package, mixture)
    bases, goal = _bases(package, mixture, explained)
    releases = _releases(investigation, mixture, package, goal)
    tried = []
    for base in bases:
        tried.append(_bisect(investigation, subject, mixture, package, releases, base, thorough))
        if tried[-1].boundary.kind != "unseen":
            return tried[-1], explained
    return tried[0], explained


def _culprit(explained: Explanation) -> str:
    """The package that an explanation blames; the main library where it blames several or none."""
    finding, mixture = explained.finding, explained.mixture
    blamed = finding.culprits or (finding.sets[0] if finding.sets else frozenset())
    names = [name.removesuffix(PART_WAY) for name in blamed]
    main = mixture.consumer.main
    if len(names) == 1 or main not in mixture.differing():
        return sorted(names)[0] if names else main
    return main


def _check(package: str, mixture: Mixture) -> None:
    if package not in mixture.differing():
        hint = did_you_mean(package, mixture.differing())
        raise UserError(f"the two locks do not differ in {package!r}", hint)
    if not mixture.producer.version(package) or not mixture.consumer.version(package):
        raise UserError(f"{package!r} is in one of the two locks only: nothing lies between")


def _bases(
    package: str, mixture: Mixture, explained: Explanation | None
) -> tuple[list[Changed], str]:
    """What may be changed besides, the likeliest first; the last version to try."""
    every = frozenset(mixture.candidates()) - {package, REST}
    goal = mixture.consumer.version(package)
    bases: list[Changed] = [frozenset(), every]
    for blamed in explained.finding.sets if explained else ():
        if package in blamed:
            last = explained is not None and explained.finding.kind == "carried"
            bases.insert(1 if last else 0, blamed - {package})
        elif package + PART_WAY in blamed and explained:
            goal = explained.mixture.part_way[package]
    return list(dict.fromkeys(bases)), goal


def _releases(investigation: Investigation, mixture: Mixture, package: str, goal: str) -> list[str]:
    start = mixture.producer.version(package)
    if package == PYTHON:
        return _pythons(start, goal)
    python = mixture.producer.python
    return wheels.releases(package, python, start, goal)


def _pythons(start: str, goal: str) -> list[str]:
    """Every minor version of Python from one to the other."""
    first, last = (Version(version).minor for version in (start, goal))
    step = 1 if last >= first else -1
    return [f"3.{minor}" for minor in range(first, last + step, step)]


def _bisect(
    investigation: Investigation,
    subject: Subject,
    mixture: Mixture,
    package: str,
    releases: Sequence[str],
    base: Changed,
    thorough: bool,
) -> Bisection:
    investigation.say(f"{package}: {len(releases)} releases, {releases[0]} to {releases[-1]}")
    cutoff = investigation.cutoff(subject.cell.producer, subject.cell.consumer)

    def ways(version: str) -> list[Callable[[], Mix | None]]:
        """The base with that version; then with companions of the release's own day."""
        if package == PYTHON:
            return [lambda: mixture.mix(base, {PYTHON: version})]
        return [
            lambda: mixture.mix(base, {package: version}),
            lambda: with_companions(mixture, package, version, base, cutoff),
        ]

    pursuit = Pursuit(subject, bisect.search(releases, thorough), ways)
    follow([pursuit])
    assert pursuit.result is not None
    return Bisection(subject, mixture, package, releases, base, pursuit.result, pursuit)


def with_companions(
    mixture: Mixture, package: str, version: str, base: Changed, cutoff: dt.date
) -> Mix | None:
    """The release with what uv resolves for it, between the two locks' versions, of its own day.

    The main library stays where it is in the base: in another version it may fail by itself.
    """
    python, pins = mixture.mix(base).python, mixture.mix(base).pins
    mains = {mixture.producer.main, mixture.consumer.main, BESIDES[0]} - {package}
    bounds = [f"{name}=={pins[name]}" for name in sorted(mains & pins.keys())]
    for name in sorted(mixture.scope - mains):
        ends = [v for v in (mixture.producer.version(name), mixture.consumer.version(name)) if v]
        if name != package and len(ends) == 2:
            low, high = sorted(ends, key=Version)
            bounds.append(f"{name}>={low},<={high}")
    wanted = [f"{package}=={version}", *bounds]
    try:
        day = wheels.released(package, version, python, cutoff)
        pins = _resolved(wanted, python, day) or wheels.resolve(wanted, python, cutoff=cutoff)
    except NoneFits:
        return None
    return mixture.mix(base, {n: v for n, v in pins.items() if n in mixture.scope})


def _resolved(wanted: Sequence[str], python: str, day: dt.date) -> dict[str, str]:
    """As of that day; nothing where the main library, say, is younger."""
    try:
        return wheels.resolve(wanted, python, cutoff=day)
    except NoneFits:
        return {}


# -- in words ------------------------------------------------------------------------------------


def sentence(found: Bisection) -> str:
    """Where it began, in one sentence."""
    boundary, package = found.boundary, found.package
    name = "Python" if package == PYTHON else package
    if boundary.kind == "unseen":
        first, last = found.releases[0], found.releases[-1]
        ends = f"{first} is {found.said(first)}, {last} is {found.said(last)}"
        return f"{name} alone does not show it: {ends}"
    if boundary.kind == "mixed":
        bad = [r for r, answer in boundary.answers.items() if answer in bisect.BAD]
        return f"not monotone: good and bad releases of {name} take turns; bad are {', '.join(bad)}"
    text = f"first bad release: {name} {boundary.first_bad}; last good: {boundary.last_good}"
    if boundary.untried:
        some = ", ".join(boundary.untried[:SHOWN])
        text += f"; between them {some} could not be tried"
    if boundary.first_same:
        text += f"; it fails as this cell does since {boundary.first_same}"
    return text


def text(cell: CellId, found: Bisection) -> str:
    """The sentence, then each release on a line."""
    rows = [str(cell), f"  {sentence(found)}"]
    if found.base:
        rows.append(f"  changed besides: {', '.join(sorted(found.base))}")
    rows.append("")
    for version in found.releases:
        answer = found.pursuit.answers.get(version)
        along = ", ".join(f"{n} {v}" for n, v in sorted(found.companions(version).items()))
        said = f"{answer or 'not tried':<10}  {found.said(version)}"
        rows.append(f"  {version:<12} {said}" + (f"  [with {along}]" if along else ""))
    return "\n".join(rows)
