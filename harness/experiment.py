"""Throw-away environments from exact pins: what tox makes of a matrix, made of a mixture.

Each package is installed once per version and Python into a *layer*, byte-compiled; an environment
is a fresh venv into whose site-packages the files of its layers are hard-linked. So it holds what
an installed one holds, costs tenths of a second and hardly any room. Failing is a value, never an
exception: an environment that cannot be made says why.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from functools import cached_property
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from harness import interpreters, locks, project, wheels
from harness.environments import Broken, Ready, probe

KEPT = 400  # environments on disk, about 2 MB each besides the layers; the longest unused go first
SAID = re.compile(r"^\s*(error|cause|hint|×|╰─▶|├─▶|Because|and|we can)\W*")
NO_LAYER = frozenset({"bin", "share", "etc", ".lock"})  # what a wheel puts beside its modules


@dataclass(frozen=True)
class Mix:
    """A Python and exact pins, taken from wherever: what an experiment is made from."""

    python: str
    packages: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, python: str, pins: Mapping[str, str]) -> Mix:
        """A mix of pins, in the one order that its digest is taken of."""
        return cls(python, tuple(sorted(pins.items())))

    @property
    def pins(self) -> dict[str, str]:
        return dict(self.packages)

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits over all of it."""
        return hashlib.sha256(repr((self.python, self.packages)).encode()).hexdigest()[:12]

    @property
    def id(self) -> str:
        """Its name as a consumer."""
        return f"x-{self.digest}"


class Workshop:
    """Makes environments in `folder` and keeps them for the next time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broken: dict[tuple[str, str, str], str] = {}
        self.pythons: dict[str, str | None] = {}
        folder.mkdir(parents=True, exist_ok=True)
        interpreters.find_pyenv()

    def make(self, mix: Mix) -> Ready | Broken:
        """The environment of these pins: kept from before, or made now."""
        place = self.folder / mix.digest
        if (place / "made.json").exists():
            (place / "made.json").touch()
            return Ready(mix.id, place / "bin" / "python", mix.pins)
        layers = []
        for name, version in mix.packages:
            layer = self.layer(name, version, mix.python)
            if isinstance(layer, str):
                return Broken(mix.id, f"cannot be made: {layer}")
            layers.append(layer)
        return self._assemble(mix, layers, place)

    def _assemble(self, mix: Mix, layers: Sequence[Path], place: Path) -> Ready | Broken:
        scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=self.folder))
        try:
            answer = self._uv("venv", "--python", mix.python, str(scratch), "--clear")
            if answer.returncode:
                return Broken(mix.id, f"cannot be made: {_told(answer.stderr)}")
            site = next(scratch.glob("lib/python*/site-packages"))
            for layer in layers:
                _link_tree(layer, site)
            found = probe(scratch / "bin" / "python")
            differing = locks.differences(mix.pins, found["packages"]) if found else ["no answer"]
            if differing:
                return Broken(mix.id, f"cannot be made: {'; '.join(differing[:3])}")
            (scratch / "made.json").write_text(json.dumps({"python": mix.python, **mix.pins}))
            self._keep(scratch, place)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return Ready(mix.id, place / "bin" / "python", mix.pins)

    def _keep(self, scratch: Path, place: Path) -> None:
        """Give the environment its name; another process may have been faster."""
        try:
            scratch.rename(place)
        except OSError:
            if not (place / "made.json").exists():
                raise
        made = sorted(self.folder.glob("*/made.json"), key=lambda path: path.stat().st_mtime)
        for old in made[:-KEPT]:
            shutil.rmtree(old.parent, ignore_errors=True)

    # -- layers --------------------------------------------------------------------------------

    def layer(self, name: str, version: str, python: str) -> Path | str:
        """The folder with that version of a package, installed for that Python; or why not."""
        key = name, version, python
        place = self.folder / "layers" / f"py{python}" / f"{name}-{version}"
        if place.is_dir():
            return place
        if key not in self.broken:
            told = self._install(key, place)
            if not told:
                return place
            self.broken[key] = told
        return self.broken[key]

    def _install(self, key: tuple[str, str, str], place: Path) -> str:
        """Install into `place`; what uv had against it, '' where it did not."""
        name, version, python = key
        interpreter = self.interpreter(python)
        if interpreter is None:
            return f"no interpreter of Python {python} was found on PATH, among uv's or pyenv's"
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
        try:
            answer = self._uv(
                *("pip", "install", "--no-deps", "--only-binary", ":all:", "--compile-bytecode"),
                *("--python", interpreter, "--target", str(scratch), f"{name}=={version}"),
            )
            if answer.returncode:
                wheels.check_reached(answer.stderr)
                return f"{name} {version} for Python {python}: {_told(answer.stderr)}"
            if not place.exists():
                scratch.chmod(0o755)
                scratch.rename(place)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return ""

    def requires(self, name: str, version: str, python: str) -> list[Requirement]:
        """What that version says it needs on that Python; nothing where it cannot be had."""
        layer = self.layer(name, version, python)
        if isinstance(layer, str):
            return []
        found = []
        for path in layer.glob("*.dist-info/METADATA"):
            head = HeaderParser().parsestr(path.read_text(encoding="utf-8", errors="replace"))
            for line in head.get_all("Requires-Dist") or []:
                try:
                    found.append(Requirement(line))
                except InvalidRequirement:  # of an old package: uv installs it without, too
                    continue
        where = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
        return [need for need in found if need.marker is None or need.marker.evaluate(where)]

    def interpreter(self, python: str) -> str | None:
        """An executable of that Python, as uv finds it; None where there is none."""
        if python not in self.pythons:
            answer = self._uv("python", "find", "--no-project", "--system", python)
            self.pythons[python] = answer.stdout.strip() or None
        return self.pythons[python]

    def _uv(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "uv", *arguments, "--no-config"]
        given = dict(project.uv_environment())
        given.pop("VIRTUAL_ENV", None)
        given["UV_PYTHON_DOWNLOADS"] = "never"
        return subprocess.run(command, capture_output=True, text=True, check=False, env=given)


def _link_tree(source: Path, target: Path) -> None:
    """Hard-link every file of a layer; of two packages with the same file the first one counts."""
    for entry in os.scandir(source):
        if entry.name in NO_LAYER:
            continue
        if entry.is_dir(follow_symlinks=False):
            (target / entry.name).mkdir(exist_ok=True)
            _link_tree(Path(entry.path), target / entry.name)
        elif not (target / entry.name).exists():
            os.link(entry.path, target / entry.name)


def _told(text: str) -> str:
    """uv's explanation in one line."""
    lines = [SAID.sub("", line).strip() for line in text.splitlines()]
    kept = [line for line in lines if line and not line.startswith("No solution found")]
    return " ".join(kept)[:300] or "uv said nothing of it"
