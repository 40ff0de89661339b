"""Files that the site is made of and that no other part of the harness reads as it does."""

from __future__ import annotations

import json
from pathlib import Path

from harness.errors import StoreError
from harness.records import Json


def facts(path: Path) -> Json:
    """What is kept of the formats' facts; empty where nothing is."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"environments": {}, "formats": {}}
    except (OSError, ValueError) as error:
        raise StoreError(f"cannot read {path}: {error}") from None
