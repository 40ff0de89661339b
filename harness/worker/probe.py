"""What is really installed in this environment."""

from __future__ import annotations

import os
import platform
import re
import sys
import sysconfig
from typing import Any, Dict


def normal(name: str) -> str:
    """A distribution's name as locks spell it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> Dict[str, Any]:
    """Python and `{distribution: version}`, read from the metadata on disk.

    The folders' own METADATA is read, since `importlib.metadata` came with Python 3.8.
    """
    packages = {}
    for folder in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in os.listdir(folder) if os.path.isdir(folder) else ():
            if entry.endswith(".dist-info"):
                name, version = _metadata(os.path.join(folder, entry, "METADATA"))
                if name:
                    packages[normal(name)] = version
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "packages": packages,
    }


def _metadata(path: str) -> Any:
    """Name and version in the head of a METADATA file; two empty strings where it has none."""
    found = {"Name": "", "Version": ""}
    try:
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                key, _, value = line.partition(":")
                if key in found and not found[key]:
                    found[key] = value.strip()
                if not line.strip() or all(found.values()):
                    break
    except OSError:
        return "", ""
    return found["Name"], found["Version"]
