"""Files that the site is made of and that no other part of the harness reads as it does."""

from __future__ import annotations

import json
from pathlib import Path

from harness.errors import StoreError
from harness.records import Json


def facts(path: Path) -> Json:
    """What is kept of the formats' facts; empty where nothing is."""
    return _read(path) or {"environments": {}, "formats": {}}


def noise(path: Path) -> Json:
    """What `python -m benchmarks.noise --record` has counted; None where it was not made."""
    return _read(path)


def _read(path: Path) -> Json:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"cannot read {path}: {error}") from None
