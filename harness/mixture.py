"""Between two locks: which pins differ, and the mix of pins in which some of them are changed.

Pure, but for what packages say that they require, which is asked of whoever has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from harness.delta import PART_WAY, Changed
from harness.experiment import Mix

PYTHON = "python"
REST = "the others"  # a change of all that does not matter by requirements
BESIDES = ("scikit-learn", "numpy", "scipy", "pandas")  # what models and their data are made with

Requires = Callable[[str, str, str], Sequence[Requirement]]  # name, version, Python


@dataclass(frozen=True)
class Place:
    """One side of a pair: an environment's id, Python and pins."""

    id: str
    python: str
    main: str
    pins: Mapping[str, str]

    def version(self, name: str) -> str:
        """Of a package or of Python; "" where it is not there."""
        return self.python if name == PYTHON else self.pins.get(name, "")


@dataclass
class Mixture:
    """All mixes of a producer's and a consumer's pins.

    `scope` are the packages that are in them at all, `part_way` versions of packages that cannot
    go all the way. What is installed on one side only follows those that require it.
    """

    producer: Place
    consumer: Place
    requires: Requires
    scope: frozenset[str]
    relevant: frozenset[str]
    part_way: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, producer: Place, consumer: Place, modules: Iterable[str], requires: Requires
    ) -> Mixture:
        """Of the packages that the case needs, whose format needs `modules`, by requirements.

        What matters is named by the matrix, the format or the main library; the rest of what they
        need is tried as one.
        """
        roots = {producer.main, consumer.main, *BESIDES}
        roots |= {str(canonicalize_name(module.partition(".")[0])) for module in modules}
        scope: set[str] = set()
        relevant = set(roots)
        for place in (producer, consumer):
            scope |= closure(place, roots, requires)
            needs = requires(place.main, place.pins.get(place.main, ""), place.python)
            relevant |= {str(canonicalize_name(need.name)) for need in needs}
        return cls(producer, consumer, requires, frozenset(scope), frozenset(scope & relevant))

    def widened(self) -> Mixture:
        """The same with every package of both locks."""
        every = frozenset({*self.producer.pins, *self.consumer.pins})
        return Mixture(self.producer, self.consumer, self.requires, every, self.relevant)

    def differing(self) -> list[str]:
        """Packages of the scope in other versions on the two sides; Python, where it differs.

        The main library first. One that is on one side only counts where nothing there requires
        it: the others come and go with what requires them.
        """
        first = [self.producer.main, self.consumer.main, *BESIDES]
        names = [n for n in self.scope if self.producer.version(n) != self.consumer.version(n)]
        names = [n for n in names if n in self._both or n in self._free]
        names.sort(key=lambda n: (n not in self.relevant, first.index(n) if n in first else 99, n))
        return names + ([PYTHON] if self.producer.python != self.consumer.python else [])

    @cached_property
    def _both(self) -> set[str]:
        return self.producer.pins.keys() & self.consumer.pins.keys()

    @cached_property
    def _free(self) -> set[str]:
        """Packages of one side only that nothing requires there."""
        found: set[str] = set()
        for place in (self.producer, self.consumer):
            here = self.scope & place.pins.keys()
            needs = [n for h in here for n in self.requires(h, place.pins[h], place.python)]
            found |= here - self._both - {canonicalize_name(need.name) for need in needs}
        return found

    def candidates(self) -> list[str]:
        """The changes to try: each differing package that matters, and all others as one."""
        names = self.differing()
        kept = [name for name in names if name in self.relevant or name == PYTHON]
        return kept + ([REST] if len(kept) < len(names) else [])

    def names(self, changed: Changed) -> dict[str, str]:
        """{package: version that it is changed to} of a set of changes."""
        found: dict[str, str] = {}
        for name in changed:
            if name == REST:
                others = set(self.differing()) - self.relevant - {PYTHON}
                found.update({other: self.consumer.version(other) for other in others})
            elif name.endswith(PART_WAY):
                plain = name.removesuffix(PART_WAY)
                found[plain] = self.part_way[plain]
            else:
                found[name] = self.consumer.version(name)
        return found

    def mix(self, changed: Changed, also: Mapping[str, str] | None = None) -> Mix:
        """The producer's pins with the changes made, and `also` these versions."""
        to = {**self.names(changed), **(also or {})}
        python = to.pop(PYTHON, self.producer.python)
        kept = {n: v for n, v in self.producer.pins.items() if n in self.scope}
        kept = {n: v for n, v in kept.items() if n in self._both or n in self._free}
        pins = {name: version for name, version in {**kept, **to}.items() if version}
        self._complete(pins, python)
        return Mix.of(python, pins)

    def _complete(self, pins: dict[str, str], python: str) -> None:
        """Add what is required and on one side only."""
        open = list(pins)
        while open:
            name = open.pop()
            for need in self.requires(name, pins[name], python):
                other = canonicalize_name(need.name)
                version = self.consumer.pins.get(other) or self.producer.pins.get(other)
                if other not in pins and version:
                    pins[other] = version
                    open.append(other)

    def companions(self, changed: Changed) -> Changed:
        """The changes, with those that have to be made with them by what packages require.

        Where requirements have nothing against it, those that the packages require directly, or
        that require them: they may be compiled against each other.
        """
        candidates = set(self.candidates())
        grown = set(changed)
        while True:
            conflicts = set(self._conflicts(self.mix(frozenset(grown)))) & candidates
            if conflicts <= grown:
                break
            grown |= conflicts
        if grown == changed:
            grown |= self._neighbours(changed) & candidates
        return frozenset(grown)

    def _conflicts(self, mix: Mix) -> Iterable[str]:
        """Packages of which one does not admit the other's version."""
        pins = mix.pins
        for name, version in pins.items():
            for need in self.requires(name, version, mix.python):
                other = canonicalize_name(need.name)
                if other in pins and not admits(need, pins[other]):
                    yield from (name, other)

    def _neighbours(self, changed: Changed) -> set[str]:
        found: set[str] = set()
        for place in (self.producer, self.consumer):
            for name in self.scope & place.pins.keys():
                needs = self.requires(name, place.pins[name], place.python)
                required: set[str] = {canonicalize_name(need.name) for need in needs}
                found |= required if name in changed else set()
                found |= {name} if required & changed else set()
        return found


def closure(place: Place, roots: Iterable[str], requires: Requires) -> frozenset[str]:
    """What the roots need in an environment, with themselves, as far as it is pinned there."""
    found: set[str] = set()
    open = [name for name in roots if name in place.pins]
    while open:
        name = open.pop()
        if name not in found:
            found.add(name)
            needs = requires(name, place.pins[name], place.python)
            required = (canonicalize_name(need.name) for need in needs)
            open += [other for other in required if other in place.pins]
    return frozenset(found)


def admits(need: Requirement, version: str) -> bool:
    """Whether a requirement takes that version; one that is no version is taken."""
    try:
        return need.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return True
