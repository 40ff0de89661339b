"""What is kept of each night: a compact result for every matrix, and an index with counts.

history/index.json
history/2026-11-21/sklearn.json.xz   the form of the committed baselines
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path

from harness import baseline, evidence
from harness.errors import StoreError
from harness.records import Json
from harness.store import Run

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class History:
    """The folder of the nights that were."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @property
    def dates(self) -> list[str]:
        """The nights that are kept, the oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if DATE.fullmatch(path.name))

    def keep(self, date: str, run: Run) -> Json:
        """Keep a run of this night; what the index says of it."""
        header = run.header()
        baseline.write(header, run.lines(), self.folder / date)
        outcomes = Counter(mark.outcome for mark in run.marks())
        return {
            "complete": bool(header["footer"]),
            "cells": sum(outcomes.values()),
            "planned": header["planned"],
            "fingerprint": header["fingerprint"],
            "outcomes": dict(sorted(outcomes.items())),
        }

    def base(self, date: str, matrix: str) -> Path | None:
        """The newest complete result of a matrix before this night; None for the first."""
        for night in reversed([found for found in self.dates if found < date]):
            path = self.folder / night / (matrix + baseline.SUFFIX)
            try:
                if path.is_file() and baseline.Baseline(path).header()["footer"]:
                    return path
            except StoreError:
                continue
        return None

    def base_name(self, date: str, matrix: str) -> str | None:
        """The same as `shelflife diff` takes it; the committed baseline before the first night."""
        found = self.base(date, matrix)
        if found:
            return str(found)
        committed = evidence.baselines() / (matrix + baseline.SUFFIX)
        return f"{evidence.BASELINE}{matrix}" if committed.is_file() else None

    def said(self, name: str) -> str:
        """In words, what `base_name` has named."""
        if name.startswith(evidence.BASELINE):
            return f"the committed {name}"
        return f"the night of {Path(name).parent.name}"

    def index(self) -> dict[str, Json]:
        """Night -> what is known of it; those that are kept no longer are there with counts."""
        try:
            found = json.loads((self.folder / "index.json").read_text(encoding="utf-8"))
            return dict(found["nights"])
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def enter(self, date: str, night: Json, keep: int) -> None:
        """Put a night into the index, and take away all but the newest `keep` nights' results."""
        nights = {**self.index(), date: night}
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / "index.json.new"
        ordered = {night: nights[night] for night in sorted(nights)}
        new.write_text(json.dumps({"nights": ordered}, indent=1) + "\n", encoding="utf-8")
        new.replace(self.folder / "index.json")
        for old in self.dates[:-keep]:
            shutil.rmtree(self.folder / old)
