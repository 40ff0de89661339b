"""The claims: `benchmarks/claims/claims.toml`, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import UserError, did_you_mean
from harness.measure.records import CPU, STAGES

FILE = "claims.toml"
BYTES = "bytes"  # what a test may be about, beside a stage


@dataclass(frozen=True)
class Setup:
    """A case of a claim: where it is measured, and which arms are compared.

    `arms` are names, each with the word by which the claim's file knows it. `maker` is the
    environment that saves, where it is another one. `starts`: each arm in a process of its own.
    `warm`: whether a first round is discarded, which visits of many seconds do not need.
    """

    case: str
    environment: str
    arms: tuple[str, ...]
    maker: str = ""
    starts: bool = False
    warm: bool = True

    @property
    def key(self) -> tuple[str, str]:
        return self.environment, self.case


@dataclass(frozen=True)
class Check:
    """What must hold of `of` over `over`, or of `of` alone, in seconds or bytes.

    `says` reads on behind "only if". Of two cases or stages `over_case` and `over_stage` name the
    second one. `least` and `most` bound the ratio, or the figure where there is no `over`.
    """

    says: str
    case: str
    stage: str
    of: str
    over: str = ""
    over_case: str = ""
    over_stage: str = ""
    least: float | None = None
    most: float | None = None
    clock: str = ""

    @property
    def ticks(self) -> str:
        """The clock that it goes by: its own, or that of its stage."""
        return self.clock or (STAGES[self.stage].clock if self.stage in STAGES else CPU)


@dataclass(frozen=True)
class Claim:
    """A published claim. `notrun`: why nothing is measured; `counted`: what counts cells."""

    id: str
    number: int
    says: str
    sources: tuple[str, ...]
    published: str
    setup: str = ""
    differs: str = ""
    code: str = ""
    baseline: str = ""
    blocks: int = 10
    seconds: float = 1.0
    packages: tuple[str, ...] = ()
    setups: tuple[Setup, ...] = ()
    tests: tuple[Check, ...] = ()
    counted: str = ""
    notrun: str = ""

    def setup_of(self, case: str) -> Setup:
        """The setup of a case."""
        return next(setup for setup in self.setups if setup.case == case)


@dataclass(frozen=True)
class Books:
    """All claims, and the folder that they stand in."""

    folder: Path
    claims: tuple[Claim, ...] = field(default=())

    def named(self, ids: Sequence[str]) -> list[Claim]:
        """Those of some ids or numbers, or all. UserError where there is no such claim."""
        known = {claim.id: claim for claim in self.claims}
        known |= {str(claim.number): claim for claim in self.claims}
        for id in ids:
            if id not in known:
                ids_alone = [claim.id for claim in self.claims]
                raise UserError(f"no claim is called {id!r}", did_you_mean(id, ids_alone))
        return [known[id] for id in ids] if ids else list(self.claims)


def read(folder: Path) -> Books:
    """The claims of a folder. UserError where they cannot be understood."""
    path = folder / FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        hint = "Claims belong to the project's repository: run this in a clone of it."
        raise UserError(f"cannot read {path}: {error.strerror}", hint) from None
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: {error}") from None
    return Books(folder, tuple(_claim(entry, path) for entry in found["claim"]))


def _claim(entry: Mapping[str, Any], path: Path) -> Claim:
    plain = {key: value for key, value in entry.items() if key not in ("set", "test")}
    try:
        setups = tuple(Setup(**_tuples(each)) for each in entry.get("set", ()))
        tests = tuple(Check(**each) for each in entry.get("test", ()))
        claim = Claim(**_tuples(plain), setups=setups, tests=tests)
    except TypeError as error:
        raise UserError(f"{path}: claim {entry.get('id')!r}: {error}") from None
    _check(claim, path)
    return claim


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}


def _check(claim: Claim, path: Path) -> None:
    """UserError where a test is about what no setup has, or nothing would judge the claim."""
    arms = {setup.case: setup.arms for setup in claim.setups}
    wrong = [case for case, has in arms.items() if claim.baseline not in has]
    for test in claim.tests:
        ends = [(test.case, test.of), (test.over_case or test.case, test.over)]
        wrong += [f"{c}: {arm}" for c, arm in ends if arm and arm not in arms.get(c, ())]
        if test.least is None and test.most is None:
            wrong.append(f"{test.says}: no bound")
    if not (claim.tests or claim.counted or claim.notrun):
        wrong.append("neither tests, nor counted, nor notrun")
    if wrong:
        raise UserError(f"{path}: claim {claim.id!r}: {'; '.join(wrong)}")
