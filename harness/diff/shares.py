"""Two runs in as many parts as there are processes: each part of the one beside that of the other.

Such parts of two runs of one matrix hold nearly the same cells; a cell whose counterpart is in
another part finds it when the parts come together.
"""

from __future__ import annotations

from harness.evidence import Evidence
from harness.lines import Recorded

LEAST = 4
"""Segments of a part: with fewer, to begin a process takes as long as it saves."""
Cells = Evidence | Recorded


def shares(base: Evidence, new: Evidence, processes: int) -> list[tuple[Cells, Cells]]:
    """The parts side by side, one a process at the most; the whole where one cannot be divided."""
    if not (isinstance(base, Recorded) and isinstance(new, Recorded)):
        return [(base, new)]
    count = min(len(side.parts(LEAST * processes)) // LEAST for side in (base, new))
    if count < 2:
        return [(base, new)]
    return list(zip(base.parts(count), new.parts(count), strict=True))
