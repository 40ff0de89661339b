"""The page of method: hosts, protocol, limits, false alarms stated and observed, all versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.measure import paired, regress
from harness.measure.paired import Verdict
from harness.measure.plan import ENOUGH
from harness.records import Json, Outcome
from harness.report.columns import OUTCOMES
from harness.report.site import lock_name
from harness.report.view import EnvironmentView
from harness.site import layout
from harness.site.conditions import Conditions, conditions
from harness.site.gather import MATRICES, Part, Site
from harness.words import LOOKS, WORST_FIRST, cells, count

FILE = "method.html"


@dataclass(frozen=True)
class Alarm:
    """A rate of false alarms: of what, as stated, and as observed in what this site shows."""

    of: str
    stated: str
    observed: str


def alarms(parts: Sequence[Part], runs: Sequence[Conditions], noise: Json) -> list[Alarm]:
    """What is stated and observed of answers, of costs, and of regressions over nights.

    `noise` is what the experiment on noise has counted, or None.
    """
    return [_of_answers(parts), _of_costs(runs, noise), _of_nights(len(runs))]


def _of_answers(parts: Sequence[Part]) -> Alarm:
    controls = sum(_run_controls(part) for part in parts)
    failed = sum(part.findings.counts.failed_controls for part in parts)
    void = sum(part.page.tally.outcomes[Outcome.INVALID] for part in parts)
    stated = (
        "None by design: a model that is loaded where it was saved must answer as it did. Where it "
        "does not, no cell of it counts; and what answers otherwise is run a second time."
    )
    if not controls:
        return Alarm("Answers", stated, "not observed: no control is here")
    verb = "does" if failed == 1 else "do"
    said = f"{count(failed)} of {count(controls)} controls {verb} not answer as before, and so "
    return Alarm("Answers", stated, f"{said}{cells(void)} {'is' if void == 1 else 'are'} void")


def _run_controls(part: Part) -> int:
    """Controls of a matrix that were run; what could not be saved counts as run."""
    columns = part.columns
    own = columns.ints("producer") == columns.ints("consumer")
    return int((own & (columns.ints("outcome") != OUTCOMES.index(Outcome.NOTRUN))).sum())


def _of_costs(runs: Sequence[Conditions], noise: Json) -> Alarm:
    least, level = 100 * paired.LEAST, 100 * (1 - paired.CONFIDENCE)
    stated = (
        f"A difference counts where the 99 % interval lies outside the noise of this very run, at "
        f"least {least:.0f} %, and the signs have p < {level / 100:.2f}: of equal formats, under "
        f"{level:.0f} in 100 comparisons."
    )
    said = [_counted(noise) if noise else "not measured here: python -m benchmarks.noise does it"]
    noises = [run.noise for run in runs if run.noise]
    if noises:
        low, high = min(n[0] for n in noises), max(n[1] for n in noises)
        said.append(
            f"in the runs shown here the noise of two equal arms was {100 * low:.1f} % in the "
            f"median of the quietest, {100 * high:.1f} % at most"
        )
    return Alarm("Costs", stated, "; ".join(said))


def _counted(noise: Json) -> str:
    """What the experiment has counted: `arms` are verdicts by how much more work was done."""
    equal, *slower = ((arm["more"], arm["verdicts"]) for arm in noise["arms"])
    differ = equal[1].get(Verdict.FASTER, 0) + equal[1].get(Verdict.SLOWER, 0)
    found = " and ".join(f"{100 * m:.0f} % more in {v.get(Verdict.SLOWER, 0)}" for m, v in slower)
    low, high = noise["load"]
    return (
        f"in {noise['runs']} runs of an experiment, at a load average of {low:.1f} to {high:.1f}, "
        f"equal work was called different in {differ} and equivalent in "
        f"{equal[1].get(Verdict.EQUIVALENT, 0)}; {found} were found (python -m benchmarks.noise)"
    )


def _of_nights(runs: int) -> Alarm:
    once = round(1 / regress.false_alarms(1))
    stated = (
        f"Slower than in each of {regress.NIGHTS} nights before, and confirmed by {regress.PAIRS} "
        f"fresh pairs with p < {regress.P}: once in {count(once)} cases and nights."
    )
    said = f"not observed: that takes {regress.NIGHTS + 1} nights, and {runs or 'no'} "
    said += "measuring run is here" if runs < 2 else "measuring runs are here"
    return Alarm("Regressions of cost", stated, f"{said} (shelflife measure --regressions)")


@dataclass(frozen=True)
class Place:
    """An environment with its main library, and where its lock lies in the site; '' for none."""

    environment: EnvironmentView
    lock: str


def places(part: Part) -> list[Place]:
    """The environments of a matrix."""
    found = part.environments
    return [
        Place(e, f"{MATRICES}/{part.name}/locks/{lock_name(found, n)}" if e.has_lock else "")
        for n, e in enumerate(found)
    ]


def host(header: Json) -> str:
    """The machine of a run, as its header has it."""
    known = header.get("host") or {}
    return ", ".join(f"{key} {value}" for key, value in known.items()) or "not recorded"


def write(site: Site, out: Path) -> Path:
    """Write `method.html`."""
    runs = [conditions(name, results) for name, results in site.measured.items()]
    return layout.write(
        out, FILE, "method.html.j2", site, alarms=alarms(site.parts, runs, site.kept.noise),
        runs=runs, host=host, places=places, looks=LOOKS, worst_first=WORST_FIRST, enough=ENOUGH,
        least=paired.LEAST, ceiling=paired.CEILING,
    )  # fmt: skip
