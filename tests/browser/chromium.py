"""Where a Chromium is. `python -m tests.browser.chromium` fetches one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 300  # seconds that a download may take


def find() -> Path | None:
    """`SHELFLIFE_CHROMIUM`, one on PATH, or the one that playwright has fetched."""
    named = os.environ.get("SHELFLIFE_CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    fetched = [*cache.glob("chromium*/*/headless_shell"), *cache.glob("chromium*/*/*chrom*shell")]
    return max(fetched, default=None)


def main() -> None:
    """Fetch one if there is none. Without it the browser tests are skipped, with the reason."""
    if find():
        return
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    try:
        done = subprocess.run(command, timeout=PATIENCE, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        done = False
    if not done:
        print("no Chromium here and none to be had: the browser tests will be skipped")


if __name__ == "__main__":
    main()
