"""Where the project's own files are; environment variables that move them."""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKER = Path(os.environ.get("SHELFLIFE_WORKER") or ROOT / "harness" / "worker").resolve()


def matrices() -> Path:
    """Folder of the matrices: `SHELFLIFE_MATRICES`, or `matrices/` of the project."""
    return Path(os.environ.get("SHELFLIFE_MATRICES") or ROOT / "matrices").resolve()


def results() -> Path:
    """Folder of the runs: `SHELFLIFE_RESULTS`, or `results/` of the project."""
    return Path(os.environ.get("SHELFLIFE_RESULTS") or ROOT / "results").resolve()


def claims() -> Path:
    """Folder of the published claims, their measuring code and what was measured."""
    return ROOT / "benchmarks" / "claims"


def measured() -> Path:
    """Folder of the measuring runs that are committed."""
    return ROOT / "benchmarks" / "measured"


def plugins() -> tuple[str, ...]:
    """Folders with more models and formats, for every command: `SHELFLIFE_PLUGINS`."""
    named = os.environ.get("SHELFLIFE_PLUGINS", "").split(os.pathsep)
    return tuple(str(Path(name).resolve()) for name in named if name)


def uv_environment() -> Mapping[str, str]:
    """The variables for uv, which takes no wheel from where pip alone has been told to look.

    pip's `find-links` are passed on: that is where a machine may have builds that no index has,
    such as PyTorch's for the CPU. `UV_FIND_LINKS`, where it is set, is left as it is.
    """
    links = os.environ.get("PIP_FIND_LINKS") or _pip_configured("find-links")
    given = {"UV_FIND_LINKS": ",".join(links.split())} if links else {}
    return {**given, **os.environ}


def _pip_configured(key: str) -> str:
    """A setting of pip's configuration files (pip's user guide, `Configuration`); '' for none."""
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [Path("/etc/pip.conf"), home / ".pip" / "pip.conf", config / "pip" / "pip.conf"]
    files += [Path(name) for name in [os.environ.get("PIP_CONFIG_FILE", "")] if name]
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(files)
    except (configparser.Error, UnicodeDecodeError):
        return ""
    return parser.get("install", key, fallback=parser.get("global", key, fallback=""))
