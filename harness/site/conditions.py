"""Where, when and how a run of costs was measured. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.measure.results import Results
from harness.records import Json
from harness.site.costs import SIZE, CostSet


@dataclass(frozen=True)
class Conditions:
    """Where, when and how a run was measured."""

    run: str
    header: Mapping[str, Json]
    sets: Sequence[CostSet]
    loads: tuple[float, float] | None
    noise: tuple[float, float] | None

    @property
    def machine(self) -> str:
        sheet = self.header.get("sheet") or {}
        known = [sheet.get("cpu"), f"{sheet['cores']} cores" if sheet.get("cores") else None,
                 f"{sheet['memory_mib'] >> 10} GB" if sheet.get("memory_mib") else None,
                 sheet.get("system"), sheet.get("filesystem")]  # fmt: skip
        return ", ".join(str(part) for part in known if part) or "not recorded"


def conditions(run: str, results: Results) -> Conditions:
    """Those of a run: load averages over its processes; median and largest noise of its sets."""
    loads = [process.load_average for process in results.measured.processes]
    sets = [CostSet(run, key, results) for key in results.measured.sets]
    bands = [
        math.exp(band) - 1
        for each in sets
        for measure in each.measures
        if measure.key != SIZE and (band := each.band(measure)) is not None
    ]
    return Conditions(
        run, results.measured.header, sets, (min(loads), max(loads)) if loads else None,
        (statistics.median(bands), max(bands)) if bands else None,
    )  # fmt: skip
