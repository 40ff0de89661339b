"""What was found to make the difference, kept beside the matrices: one entry per cell, in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from harness import causes
from harness.errors import StoreError
from harness.records import Json

FILE = "attributions.json"


def read(folder: Path) -> dict[str, Json]:
    """{cell: entry} of the file in `folder`, where there is one. StoreError for a broken one."""
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        return {entry["cell"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "Mend it, or remove it and record anew: shelflife explain --causes RUN --record"
        raise StoreError(f"{path}: no readable attributions ({error})", hint) from None


def keep(folder: Path, line: Json, found: Mapping[str, Json]) -> None:
    """Add or replace parts (`explained`, `bisected`) of the entry of a failing cell's line."""
    entries = read(folder)
    entry = {
        "cell": line["cell"],
        "matrix": line["matrix"],
        "outcome": line["outcome"],
        "cause": causes.fingerprint(line),
        **{key: entries.get(line["cell"], {}).get(key) for key in ("explained", "bisected")},
        **found,
    }
    entries[line["cell"]] = entry
    listed = [entries[cell] for cell in sorted(entries)]
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{FILE}.new"
    new.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(folder / FILE)
