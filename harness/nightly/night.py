"""The night's folder: its plan, the matrices as they are this night, and the steps' commands.

plan.json   what is run, and the pre-releases as resolved
locks/      theirs
matrices/   the project's, with pre-releases joined; made anew by whoever needs it
shards/     a run for each shard
merged/     a run for each matrix
diffs/, site/, issue.md, night.json   what came of it
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness import locks, matrix, project
from harness.errors import StoreError, UserError, did_you_mean
from harness.nightly import prereleases
from harness.nightly.prereleases import Joined
from harness.nightly.programme import Entry, Prerelease, Programme
from harness.records import Environment, Json
from harness.source import Source


@dataclass(frozen=True)
class Answer:
    """What a step's command came to."""

    code: int
    said: str
    trouble: str


class Night:
    """One night in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @property
    def shards(self) -> Path:
        return self.folder / "shards"

    @property
    def matrices(self) -> Path:
        return self.folder / "matrices"

    # -- the plan ------------------------------------------------------------------------------

    def plan(self, programme: Programme, date: dt.date) -> list[Json]:
        """Resolve the pre-releases and write the plan; the jobs. A night goes on as it began."""
        jobs = programme.jobs()
        joined = self._joined(programme, date)
        found = {
            "night": self.begun(date),
            "keep": programme.keep,
            "include": jobs,
            "prereleases": [asdict(each) for each in programme.prereleases],
            "joined": [
                {"matrix": each.matrix, "environment": asdict(each.environment)} for each in joined
            ],
        }
        (self.folder / "locks").mkdir(parents=True, exist_ok=True)
        for each in joined:
            if each.lock:
                locks.path(self.folder, each.environment.id).write_text(each.lock, "utf-8")
        write_json(self.folder / "plan.json", found)
        self.assemble()
        return jobs

    def begun(self, date: dt.date) -> str:
        """The night's date: the day on which it was planned first."""
        try:
            return str(self.planned()["night"])
        except StoreError:
            return date.isoformat()

    def _joined(self, programme: Programme, date: dt.date) -> list[Joined]:
        known: dict[str, Joined] = {}
        if (self.folder / "plan.json").exists():
            known = {each.environment.id: each for each in self.joined() if each.lock}
        wanted = programme.prereleases
        return [known.get(each.id) or prereleases.resolve(each, date) for each in wanted]

    def planned(self) -> dict[str, Any]:
        """What `plan.json` holds. StoreError where there is none."""
        try:
            found = json.loads((self.folder / "plan.json").read_text(encoding="utf-8"))
            return {"night": found["night"], **found}
        except (OSError, ValueError, KeyError, TypeError):
            hint = f"Plan it first: shelflife nightly plan --night {self.folder}"
            raise StoreError(f"{self.folder}: no night is planned here", hint) from None

    def entries(self) -> list[Entry]:
        """The matrices of the plan, and how many shards each has."""
        counts: dict[str, int] = {}
        for job in self.planned()["include"]:
            counts[job["matrix"]] = counts.get(job["matrix"], 0) + 1
        return [Entry(name, count) for name, count in counts.items()]

    def joined(self) -> list[Joined]:
        """The pre-releases of the plan, with the locks that are there."""
        found = []
        for each in self.planned()["joined"]:
            fields = dict(each["environment"])
            fields["requirements"] = tuple(fields["requirements"])
            for key in ("cutoff", "released"):
                fields[key] = dt.date.fromisoformat(fields[key])
            path = locks.path(self.folder, fields["id"])
            lock = path.read_text(encoding="utf-8") if path.is_file() else ""
            found.append(Joined(each["matrix"], Environment(**fields), lock))
        return found

    # -- the matrices --------------------------------------------------------------------------

    def assemble(self) -> None:
        """Make the night's matrices: the project's, and the pre-releases joined to theirs.

        All that stands beside the matrices comes along: locks, baselines, expectations, causes.
        """
        source = project.matrices()
        if source == self.matrices:
            return
        new = self.folder / "matrices.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(source, new)
        joined = self.joined()
        for path in matrix.files(new):
            tables = [prereleases.table(e.environment) for e in joined if e.matrix == path.stem]
            text = "\n".join([_settled(source / path.name), *tables])
            path.write_text(text, encoding="utf-8")
        for each in joined:
            if each.lock:
                locks.path(new, each.environment.id).write_text(each.lock, encoding="utf-8")
        shutil.rmtree(self.matrices, ignore_errors=True)
        new.rename(self.matrices)

    # -- the steps -----------------------------------------------------------------------------

    def shard_command(self, name: str, shard: str) -> list[str]:
        """The command that runs one shard."""
        return ["run", name, "--shard", shard]

    def shard(self, name: str, shard: str) -> Answer:
        """Run one shard; what it says goes to the terminal. UserError for one that is not planned.

        A shard that cannot be run is an answer, and no reason to stop the night.
        """
        jobs = self.planned()["include"]
        if {"matrix": name, "shard": shard} not in jobs:
            known = [f"{job['matrix']} {job['shard']}" for job in jobs]
            hint = did_you_mean(f"{name} {shard}", known)
            raise UserError(f"{name} {shard} is no shard of this night", hint)
        if not self.matrices.exists():
            self.assemble()
        return self.call(self.shard_command(name, shard), self.shards)

    def call(self, command: Sequence[str], results: Path, quiet: bool = False) -> Answer:
        """A command of Shelflife on the night's matrices; `quiet` keeps what it says from view."""
        done = subprocess.run(
            [sys.executable, "-m", "harness.cli", *command],
            cwd=project.ROOT,
            env=self.variables(results),
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.PIPE if quiet else None,
            text=True,
            check=False,
        )
        trouble = (done.stderr or "").strip().splitlines()
        return Answer(done.returncode, done.stdout or "", " ".join(trouble[-3:]))

    def variables(self, results: Path) -> Mapping[str, str]:
        """The environment variables of a step."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("TOX_")}
        known = [
            Prerelease(**{**each, "requirements": tuple(each["requirements"])})
            for each in self.planned()["prereleases"]
        ]
        return {
            **kept,
            **prereleases.variables(known),
            "SHELFLIFE_MATRICES": str(self.matrices),
            "SHELFLIFE_RESULTS": str(results),
        }


def _settled(path: Path) -> str:
    """A matrix's text, with its folders of plugins where they are."""
    text = prereleases.read_text(path)
    for name in Source.read(path).data.get("plugins", []):
        text = text.replace(f'"{name}"', json.dumps(str((path.parent / name).resolve())))
    return text


def write_json(path: Path, value: Json) -> None:
    """A file of the night, for people too."""
    path.write_text(json.dumps(value, indent=1, default=str) + "\n", encoding="utf-8")
