"""Does what MLflow writes down as needed agree with what is imported? No formats here."""

from __future__ import annotations

import json
import os
import pickle
import platform
import re
import subprocess
import sys
import tempfile
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Set

USE = """\
import json, pickle, sys
import mlflow.sklearn
loaded = mlflow.sklearn.load_model(sys.argv[1])
with open(sys.argv[2], "rb") as file:
    rows = pickle.load(file)
getattr(loaded, "predict" if hasattr(loaded, "predict") else "transform")(rows)
with open(sys.argv[3], "w") as file:
    json.dump(sorted({name.partition(".")[0] for name in sys.modules}), file)
"""


class Installed(NamedTuple):
    """A distribution of this environment: its modules, and what it requires here."""

    version: str
    modules: Set[str]
    requires: Set[str]


def declared(save: Callable[[str], None], data: Any) -> Dict[str, Any]:
    """Save with what MLflow infers, and compare it with what a fresh interpreter imports."""
    with tempfile.TemporaryDirectory() as folder:
        path, asked, seen = [os.path.join(folder, name) for name in ("model", "rows", "seen")]
        save(path)
        with open(asked, "wb") as file:
            pickle.dump(data.ask, file)
        subprocess.run([sys.executable, "-I", "-c", USE, path, asked, seen], check=True)
        with open(seen) as file:
            imported = json.load(file)
        found = compared(_pins(path), imported, installed())
        found["mismatched"] += _other_python(path)
    return found


def compared(
    pins: Dict[str, str], imported: Iterable[str], known: Dict[str, Installed]
) -> Dict[str, List[str]]:
    """{name: version} that is declared, against top-level modules that were imported."""
    covered: Set[str] = set()
    pending = [name for name in pins if name in known]
    while pending:
        name = pending.pop()
        if name not in covered:
            covered.add(name)
            pending.extend(known[name].requires & set(known))
    seen = set(imported)
    missing: Set[str] = set()
    for module in seen:
        owners = {name for name, dist in known.items() if module in dist.modules}
        if owners and not owners & covered:
            missing.add("/".join(sorted(owners)))
    return {
        "declared": sorted("%s==%s" % pin if pin[1] else pin[0] for pin in pins.items()),
        "missing": sorted(missing),
        "needless": sorted(n for n in pins if n not in known or not known[n].modules & seen),
        "mismatched": sorted(
            "%s: %s declared, %s here" % (name, version, known[name].version)
            for name, version in pins.items()
            if version and name in known and version != known[name].version
        ),
    }


def _pins(path: str) -> Dict[str, str]:
    """{normal name: version or ''} of requirements.txt and conda.yaml, which should agree."""
    found: Dict[str, str] = {}
    for name, pattern in (("requirements.txt", r"^"), ("conda.yaml", r"^  - ")):
        with open(os.path.join(path, name), encoding="utf-8") as file:
            text = file.read()
        found.update(pinned(text, pattern))
    return found


def pinned(text: str, pattern: str = r"^") -> Dict[str, str]:
    """{normal name: version or ''} of the lines that a requirement follows `pattern` in."""
    line = re.compile(
        r"(?m)%s([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?(?:==([^;\s]+))?\s*(?:;.*)?$" % pattern
    )
    return {_normal(name): version for name, version in line.findall(text)}


def _other_python(path: str) -> List[str]:
    with open(os.path.join(path, "python_env.yaml"), encoding="utf-8") as file:
        said = re.findall(r"(?m)^python: *(\S+)", file.read())
    here = platform.python_version()
    return ["python: %s declared, %s here" % (one, here) for one in said if one != here]


def installed() -> Dict[str, Installed]:
    """Every distribution that is installed here, by its normal name."""
    from importlib import metadata

    from packaging.requirements import Requirement

    found = {}
    for dist in metadata.distributions():
        wanted = [Requirement(line) for line in dist.requires or ()]
        requires = {
            _normal(one.name)
            for one in wanted
            if one.marker is None or one.marker.evaluate({"extra": ""})
        }
        modules = {str(path).partition("/")[0] for path in dist.files or ()}
        tops = {re.sub(r"\..*$", "", name) for name in modules if re.match(r"\w+(\.|$)", name)}
        found[_normal(dist.metadata["Name"])] = Installed(dist.version, tops, requires)
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
