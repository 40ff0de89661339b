"""How each format stands with the models of a run: which it keeps, and how large they become.

Counted are the controls, the cells that load where they were saved: they say what a format can
hold, whatever becomes of it elsewhere. A format that converts answers with a scorer of its own, so
its cell alone says little: how near it came to the fitted model, its fidelity, counts as well.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from harness.factwords import Tone, Value, unmeasured
from harness.records import OK_OUTCOMES, Json, Outcome
from harness.words import SILENT, count, size

YARDSTICK = "pickle-5"
"""The format that the others' sizes are compared with."""


@dataclass(frozen=True)
class Control:
    """One model saved and loaded in one environment."""

    outcome: Outcome
    bytes: int | None
    compared: bool


@dataclass(frozen=True)
class Sizes:
    """Bytes of a format's artifacts. `ratio` is the median of an artifact's size over that of the
    yardstick's of the same model, over the `shared` ones that both hold.
    """

    artifacts: int
    smallest: int
    median: float
    largest: int
    ratio: float | None
    shared: int


@dataclass(frozen=True)
class Standing:
    """One format: models by outcome, and the sizes of its artifacts, None where it has none.

    `uncompared`: models that came out right and were not compared with what was fitted.
    """

    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    uncompared: int = 0
    sizes: Sizes | None = None

    def of(self, *outcomes: Outcome) -> int:
        return sum(self.outcomes.get(outcome, 0) for outcome in outcomes)

    @property
    def works(self) -> int:
        return self.of(*OK_OUTCOMES)

    @property
    def otherwise(self) -> int:
        return self.of(*SILENT)

    @property
    def failing(self) -> int:
        """Models that raise, crash, do not end or whose runs did not agree."""
        return self.tried - self.works - self.otherwise - self.of(Outcome.UNSUPPORTED)

    @property
    def tried(self) -> int:
        return sum(self.outcomes.values()) - self.of(Outcome.NOTRUN)


class Standings:
    """Takes the lines of a run's cells one by one and keeps a few bytes of each control."""

    def __init__(self) -> None:
        self._controls: dict[str, dict[tuple[str, str], Control]] = {}

    def add(self, line: Json) -> None:
        """Take a cell; a later line of the same cell counts instead."""
        if line["producer"] != line["consumer"]:
            return
        artifact, fidelity = line["artifact"], line["fidelity"]
        outcome = Outcome(line["outcome"])
        if outcome in OK_OUTCOMES and fidelity is not None:
            outcome = max(outcome, Outcome(fidelity["verdict"]), key=lambda o: o.severity)
        found = Control(outcome, artifact["bytes"] if artifact else None, fidelity is not None)
        self._controls.setdefault(line["format"], {})[line["model"], line["producer"]] = found

    def of(self, format: str) -> Standing:
        """How a format stands; empty where the run has no control of it."""
        mine = self._controls.get(format, {})
        models: dict[str, list[Control]] = {}
        for (model, _), control in mine.items():
            models.setdefault(model, []).append(control)
        worst = [max(controls, key=_gravity) for controls in models.values()]
        return Standing(
            dict(Counter(control.outcome for control in worst)),
            sum(c.outcome in OK_OUTCOMES and not c.compared for c in worst),
            self._sizes(format),
        )

    def _sizes(self, format: str) -> Sizes | None:
        known = [
            control.bytes
            for control in self._controls.get(format, {}).values()
            if control.bytes is not None and control.outcome in OK_OUTCOMES
        ]
        if not known:
            return None
        ratios = list(self._ratios(format))
        ratio = round(statistics.median(ratios), 4) if ratios else None
        spread = min(known), statistics.median(known), max(known)
        return Sizes(len(known), *spread, ratio, len(ratios))

    def _ratios(self, format: str) -> Iterator[float]:
        """Sizes over the yardstick's, of the same model, of the same producer where it has one."""
        yard = self._controls.get(YARDSTICK, {})
        anywhere = {model: c.bytes for (model, _), c in yard.items() if c.bytes}
        for (model, producer), control in self._controls.get(format, {}).items():
            same = yard.get((model, producer))
            other = same.bytes if same and same.bytes else anywhere.get(model)
            if control.bytes and other:
                yield control.bytes / other


def _gravity(control: Control) -> tuple[bool, int]:
    """A model counts by its worst control; one that was not run only where all were not."""
    return control.outcome is not Outcome.NOTRUN, control.outcome.severity


def standing_json(standing: Standing) -> Json:
    """A standing as it is committed beside the fact sheets."""
    return {
        "outcomes": {o.value: standing.outcomes[o] for o in Outcome if standing.outcomes.get(o)},
        "uncompared": standing.uncompared,
        "sizes": asdict(standing.sizes) if standing.sizes else None,
    }


def standing_of(found: Json) -> Standing:
    """The inverse of `standing_json`."""
    outcomes = {Outcome(name): count for name, count in found["outcomes"].items()}
    return Standing(
        outcomes, found["uncompared"], Sizes(**found["sizes"]) if found["sizes"] else None
    )


# -- in words ------------------------------------------------------------------------------------


def works(standing: Standing) -> Value:
    """How many models a format gives back as they were, of those that were tried."""
    if not standing.tried:
        absent = standing.of(Outcome.NOTRUN)
        return unmeasured(f"{count(absent)} not run" if absent else "no model was tried")
    tone = Tone.GOOD if standing.works else Tone.PLAIN
    tone = Tone.MIND if standing.failing else tone
    tone = Tone.BAD if standing.otherwise else tone
    word = f"{count(standing.works)} of {count(standing.tried)}"
    return Value(word, tone, models(standing), -float(standing.works))


def models(standing: Standing) -> str:
    """Models by outcome: `40 identical, 2 close, 5 unsupported`."""
    said = [f"{count(n)} {o.value}" for o in Outcome if (n := standing.of(o))]
    if standing.uncompared:
        said.append(f"{count(standing.uncompared)} of them not compared with what was fitted")
    return ", ".join(said)


def trouble(standing: Standing) -> str:
    """What stands against a format, in short: `2 answer otherwise, 3 fail`."""
    said = []
    if standing.otherwise:
        said.append(f"{count(standing.otherwise)} answer otherwise")
    if standing.failing:
        said.append(f"{count(standing.failing)} fail")
    if standing.tried and standing.of(Outcome.NOTRUN):
        said.append(f"{count(standing.of(Outcome.NOTRUN))} not run")
    return ", ".join(said)


def weight(standing: Standing) -> Value:
    """How large the artifacts are: against the yardstick's, or else the median alone."""
    sizes = standing.sizes
    if sizes is None:
        return unmeasured("nothing was saved")
    says = (
        f"{count(sizes.artifacts)} artifacts from {size(sizes.smallest)} to {size(sizes.largest)}, "
        f"median {size(sizes.median)}"
    )
    if sizes.ratio is None:
        return Value(size(sizes.median), Tone.PLAIN, says, None)
    says += f"; {sizes.ratio:.2f} times {YARDSTICK}, the median of {count(sizes.shared)} models"
    return Value(f"{sizes.ratio:.2f} ×", Tone.PLAIN, says, sizes.ratio)


def median(standing: Standing) -> str:
    """The median size, beside a ratio."""
    sizes = standing.sizes
    return size(sizes.median) if sizes and sizes.ratio is not None else ""
