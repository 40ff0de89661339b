"""The committed facts: the sheets of one run, and how its formats stand, in one file.

The pages of the handbook are made of it and of the registry alone, so that they can be made again
anywhere and come out the same.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from harness.errors import UserError
from harness.project import ROOT
from harness.records import Json
from harness.standing import Standings, standing_json
from harness.store import Run

FILE = "facts.json"
_HOST = ("system", "machine", "cpu", "cores")
_DEPTH = 4  # of facts.json: each fact of each format has a line
_ADDRESS = re.compile(r"https?://[^\s'\"<>)\]]+")
_PLACE = re.compile(
    r"(?<![\w.])/(?:home|root|work|tmp|usr|Users|opt|var|mnt|srv|private|data)(?:/[^\s'\"<>:,;()]*)"
)


def gather(run: Run) -> Json:
    """What a run found of its formats. UserError where it tried none."""
    sheets = run.facts()
    if not sheets:
        hint = "Run a matrix with `facts = true`, such as: shelflife run formats"
        raise UserError(f"run {run.id} has no fact sheet", hint)
    standings = Standings()
    for line in run.lines():
        standings.add(line)
    header = run.header()
    used = {sheet["environment"] for sheet in sheets.values()}
    return {
        "run": {
            "run": header["run"],
            "matrix": header["matrix"],
            "started": header["started"],
            "shelflife": header["shelflife"],
            "host": {key: header["host"][key] for key in _HOST if key in header["host"]},
        },
        "environments": {
            e["id"]: {
                "python": e["python"],
                "main": e["main"],
                "version": e["packages"].get(e["main"], ""),
            }
            for e in header["environments"]
            if e["id"] in used
        },
        "formats": {id: scrubbed(sheet, run.folder) for id, sheet in sheets.items()},
        "standing": {id: standing_json(standings.of(id)) for id in sheets},
    }


def scrubbed(value: Json, folder: Path) -> Json:
    """The same without paths and addresses: they are a machine's or a library's, and no facts."""
    if isinstance(value, dict):
        return {key: scrubbed(inner, folder) for key, inner in value.items()}
    if isinstance(value, list):
        return [scrubbed(inner, folder) for inner in value]
    if not isinstance(value, str):
        return value
    text = _ADDRESS.sub("(an address)", value)
    for known in (folder, ROOT, Path.home()):
        text = text.replace(f"{known}/", "/tmp/")  # noqa: S108 - what follows is shortened next
    return _PLACE.sub(lambda found: f"…/{found[0].rstrip('/').rpartition('/')[2]}", text)


def read(folder: Path) -> Json:
    """The committed facts. UserError where there are none."""
    try:
        return json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        hint = "Make it of a run: shelflife handbook RUN"
        raise UserError(f"{folder / FILE} cannot be read: {error}", hint) from None


def text(facts: Json) -> str:
    """The file's text: sorted, a fact a line, so that a change shows as what it is."""
    return _lines(facts, _DEPTH, "") + "\n"


def _lines(value: Json, depth: int, indent: str) -> str:
    if not depth or not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    inner = []
    for key in sorted(value):
        name = json.dumps(key, ensure_ascii=False)
        inner.append(f"{indent} {name}: {_lines(value[key], depth - 1, indent + ' ')}")
    return "{\n" + ",\n".join(inner) + f"\n{indent}}}"
