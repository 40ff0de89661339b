"""Root causes: what failing cells have in common, what explains it, and what was tried.

`fingerprint` and `normalise` look at one cell; `group` puts the cells of a run together.
"""

from __future__ import annotations

from harness.causes.fingerprints import fingerprint, normalise
from harness.causes.groups import Cause, Evidence, Survey, as_json, group, survey, unused
from harness.causes.known import Book, Known, read
from harness.causes.pairs import Releases
from harness.causes.words import text

__all__ = [
    "Book",
    "Cause",
    "Evidence",
    "Known",
    "Releases",
    "Survey",
    "as_json",
    "fingerprint",
    "group",
    "normalise",
    "read",
    "survey",
    "text",
    "unused",
]
