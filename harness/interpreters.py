"""Where other Pythons are: uv is told of those that pyenv keeps."""

from __future__ import annotations

import os
import re
from pathlib import Path


def find_pyenv() -> None:
    """Name pyenv's interpreters to uv: its shims only show the one that is switched on."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    kept = (folder for folder in root.glob("versions/*/bin") if _is_usable(folder.parent.name))
    folders = [str(folder) for folder in sorted(kept)]
    given = os.environ.get("UV_PYTHON_SEARCH_PATH")
    if folders and not set(folders) <= set((given or "").split(os.pathsep)):
        path = [given] if given else [os.environ.get("PATH", "")]
        os.environ["UV_PYTHON_SEARCH_PATH"] = os.pathsep.join([*path, *folders])


def _is_usable(version: str) -> bool:
    """Whether uv can ask such a Python at all: on those before 3.6 it fails."""
    found = re.match(r"3\.(\d+)", version)
    return found is not None and int(found[1]) >= 6
