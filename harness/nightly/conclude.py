"""The end of a night: merge what arrived, compare, write the issue and the site, keep the rest.

A step that fails is named and stops no other one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness import baseline, evidence
from harness.errors import StoreError
from harness.nightly import issue, page
from harness.nightly.history import History
from harness.nightly.night import Night, write_json
from harness.nightly.programme import Entry
from harness.records import Json
from harness.store import Run


@dataclass
class Conclusion:
    """What came of a night, by matrix, and what went wrong in words."""

    date: str
    matrices: dict[str, Json] = field(default_factory=dict)
    diffs: dict[str, Json] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    issue: str | None = None

    @property
    def surprises(self) -> int:
        return sum(diff["surprises"] for diff in self.diffs.values())

    def as_json(self) -> Json:
        return {
            "night": self.date,
            "surprises": self.surprises,
            "matrices": self.matrices,
            "troubles": self.troubles,
        }


def conclude(night: Night, history: History) -> Conclusion:
    """All the steps after the shards, for every matrix of the night's plan."""
    planned = night.planned()
    night.assemble()
    found = Conclusion(planned["night"], troubles=unresolved(night))
    runs: dict[str, Run] = {}
    for entry in night.entries():
        run = merged(night, entry, found)
        if run is None:
            continue
        diff = compared(night, history, run, entry.name, found)
        runs[entry.name] = run
        try:
            kept = history.keep(found.date, run)
        except StoreError as error:
            found.troubles.append(f"{entry.name}: it could not be kept: {error.message}")
            continue
        found.matrices[entry.name] = {**kept, "surprises": diff["surprises"] if diff else None}
    entered = {"matrices": found.matrices, "troubles": found.troubles}
    history.enter(found.date, entered, planned["keep"])
    site = night.folder / "site"
    nights = page.write(site / page.FILE, found.date, history.index(), found.troubles)
    publish(night, runs, site, found)
    if not (site / "index.html").exists():  # the matrices could not be published: what there is
        shutil.copyfile(nights, site / "index.html")
    found.issue = issue.text(found.date, found.diffs, found.troubles)
    path = night.folder / "issue.md"
    if found.issue:
        path.write_text(found.issue, encoding="utf-8")
    else:
        path.unlink(missing_ok=True)
    write_json(night.folder / "night.json", found.as_json())
    return found


def unresolved(night: Night) -> list[str]:
    """The pre-releases that could not be had, and why."""
    environments = (each.environment for each in night.joined())
    return [f"{each.id} was not run: {each.notrun}" for each in environments if each.notrun]


def arrived(night: Night, name: str) -> list[Path]:
    """The folders of a matrix's shards that are there, whatever state they are in."""
    return sorted(path for path in night.shards.glob("*") if _matrix_of(path) == name)


def _matrix_of(folder: Path) -> str:
    """Whose shard this is: by its header, or by its name where that is torn."""
    try:
        return str(json.loads((folder / "run.json").read_text(encoding="utf-8"))["matrix"])
    except (OSError, ValueError, KeyError, TypeError):
        return folder.name.rpartition("-shard")[0].rpartition("-")[0]


def merged(night: Night, entry: Entry, found: Conclusion) -> Run | None:
    """The matrix's run of this night, of the shards that arrived; what is missing is named."""
    folders = arrived(night, entry.name)
    if not folders:
        found.troubles.append(f"{entry.name}: none of its {entry.shards} shards arrived")
        return None
    out = night.folder / "merged" / f"{entry.name}-{found.date}"
    out.parent.mkdir(exist_ok=True)
    command = ["merge", *map(str, folders), "--out", str(out), "--json"]
    answer = night.call(command, night.shards, quiet=True)
    if answer.code:
        found.troubles.append(f"{entry.name}: its shards cannot be merged: {answer.trouble}")
        return None
    came = json.loads(answer.said)
    write_json(out.with_suffix(".json"), came)
    found.troubles += [f"{entry.name}: {said}" for said in _lacking(came)]
    if not came["cells"]:
        found.troubles.append(f"{entry.name}: it has no cell")
        return None
    return Run(out)


def _lacking(came: Mapping[str, Json]) -> list[str]:
    """What a merge lacks, a sentence each."""
    said = [f"shard {shard} did not arrive" for shard in came["missing_shards"]]
    said += [
        f"shard {part['shard']} is incomplete: {part['cells']:,} of {part['planned']:,} cells"
        for part in came["parts"]
        if not part["finished"]
    ]
    said += [f"{folder} cannot be read: {why}" for folder, why in came["unreadable"].items()]
    if came["cells"] < came["planned"]:
        said.append(f"{came['planned'] - came['cells']:,} of {came['planned']:,} cells are missing")
    if came["disagreements"]:
        said.append(f"{came['disagreements']:,} cells are invalid: two runs disagree on them")
    return said


def compared(night: Night, history: History, run: Run, name: str, found: Conclusion) -> Json:
    """The matrix against the last night, in the first against its baseline; None for no diff."""
    base = history.base_name(found.date, name)
    if base is None:
        found.troubles.append(f"{name}: there is neither an earlier night nor a baseline of it")
        return None
    folder = night.folder / "diffs"
    folder.mkdir(exist_ok=True)
    out = folder / f"{name}.json"
    command = ["diff", base, str(run.folder), "--format", "json", "--out", str(out)]
    answer = night.call(command, night.shards, quiet=True)
    try:
        if answer.code > 1:
            raise ValueError(answer.trouble)
        diff = json.loads(out.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        found.troubles.append(f"{name}: it could not be compared with {base}: {error}")
        return None
    found.diffs[name] = {**diff, "against": history.said(base)}
    return found.diffs[name]


def publish(night: Night, runs: Mapping[str, Run], out: Path, found: Conclusion) -> None:
    """The site: of tonight's runs, and of the committed baselines of what was not run."""
    names = [str(run.folder) for run in runs.values()]
    names += [b.id for b in baseline.baselines(evidence.baselines()) if b.matrix not in runs]
    if not names:
        return
    answer = night.call(["site", *names, "--out", str(out)], night.shards, quiet=True)
    if answer.code:
        found.troubles.append(f"the site could not be written: {answer.trouble}")
