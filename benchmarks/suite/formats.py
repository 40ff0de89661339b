"""Size, dump, load and first answer of each case, in the environment that asv runs in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.cases import Case, ids


class Formats:
    """One artifact per case. A case that its format cannot store is skipped."""

    params = (ids(("forest.classifier",)),)  # a process for each: one model is enough here
    param_names = ("case",)
    number = 1
    rounds = 2
    repeat = (4, 20, 2.0)
    version = "1"

    def setup(self, id: str) -> None:
        self.place = tempfile.TemporaryDirectory()
        self.case = Case(id, Path(self.place.name))
        if self.case.unsupported:
            raise NotImplementedError(self.case.unsupported)

    def teardown(self, id: str) -> None:
        self.place.cleanup()

    def track_bytes(self, id: str) -> int:
        return self.case.bytes

    def time_dump(self, id: str) -> None:
        self.case.dump()

    def time_load(self, id: str) -> None:
        self.case.load()

    def time_first_answer(self, id: str) -> None:
        self.case.first_answer()


Formats.track_bytes.unit = "bytes"  # type: ignore[attr-defined]
for name in ("track_bytes", "time_dump", "time_load", "time_first_answer"):
    getattr(Formats, name).version = "1"
