"""Two runs of a matrix, or a baseline and a run: what changed, and what of it is a surprise.

marks -> walk -> changes -> text | document | markdown | junit
"""

from __future__ import annotations

from harness.diff.walk import Diff, between

__all__ = ["Diff", "between"]
