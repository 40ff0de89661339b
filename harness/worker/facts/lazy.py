"""Is an array in memory when loading returns, or only when it is used?"""

from __future__ import annotations

import os
from collections import namedtuple
from typing import Any, Dict

from .. import artifacts
from .lab import Fact, Lab, fact, unmeasured

NAMES = ("lazy",)
PAYLOAD = 16 << 20  # bytes in arrays that `large` has at the least
STATUS = "/proc/self/status"
Rows = namedtuple("Rows", "X y ask ask_y")


def facts(lab: Lab) -> Dict[str, Fact]:
    """Resident memory before and after the load of a large model."""
    if not os.path.exists(STATUS):
        return {"lazy": unmeasured("needs Linux's %s" % STATUS)}
    path = os.path.join(lab.folder, "large" + lab.format.suffix)
    saved = lab.one(lambda: _save(lab, path))
    if saved.kind != "value":
        return {"lazy": unmeasured("no large model: %s" % saved.value)}
    seen = lab.one(lambda: _watch(lab, path))
    size = artifacts.measured(path)[1]
    artifacts.remove(path)
    if seen.kind != "value":
        return {"lazy": unmeasured("%s: %s" % (seen.kind, seen.value))}
    before, loaded, used = seen.value
    evidence = {
        "payload": PAYLOAD,
        "artifact": size,
        "grown": {name: loaded[name] - before[name] for name in before},
        "used": {name: used[name] - before[name] for name in before},
    }
    return {"lazy": _fact(evidence)}


def _fact(evidence: Dict[str, Any]) -> Fact:
    """`eager`, or `lazy` and `mapped` where the memory then comes with use."""
    grown, used = evidence["grown"], evidence["used"]
    mib = {name: round(value / (1 << 20), 1) for name, value in grown.items()}
    if grown["RssAnon"] + grown["RssShmem"] >= PAYLOAD / 4:
        says = "loading took %(RssAnon)s MiB of memory for a model of 16" % mib
        return fact("eager", says, evidence)
    if evidence["artifact"] < PAYLOAD / 2 or sum(used.values()) < PAYLOAD / 2:
        says = "16 MiB of arrays are neither in the file nor, when used, in this process's memory"
        return fact(None, says, evidence)
    if grown["RssFile"] >= PAYLOAD / 4:
        return fact("mapped", "mapped from the file: %(RssFile)s MiB" % mib, evidence)
    return fact("lazy", "loading took %(RssAnon)s MiB, using it the rest" % mib, evidence)


def _save(lab: Lab, path: str) -> None:
    import numpy

    lab.ready()
    model = lab.format.large()
    row = numpy.zeros((1, getattr(model, "n_features_in_", 2048)))
    artifacts.save(lab.format, model, path, Rows(row, numpy.zeros(1), row, numpy.zeros(1)))


def _watch(lab: Lab, path: str) -> Any:
    """Resident bytes before, after loading, and after one answer.

    A small artifact is loaded first, for its imports.
    """
    import numpy

    lab.format.prepare()
    if lab.subjects:
        lab.answers(lab.subjects[0].model, lab.subjects[0].path)
    seen = [_resident()]
    kept = lab.format.load(path)
    seen.append(_resident())
    row = numpy.ones((1, getattr(kept, "n_features_in_", 2048)))
    for name in ("predict", "transform"):
        if hasattr(kept, name):
            try:
                getattr(kept, name)(row)
            except Exception:  # its arrays may have been read all the same
                break
    seen.append(_resident())
    return seen


def _resident() -> Dict[str, int]:
    """Bytes of memory in use, of the process's own and of mapped files (proc(5))."""
    found = {}
    with open(STATUS) as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name in ("RssAnon", "RssFile", "RssShmem"):
                found[name] = int(rest.split()[0]) << 10
    return found
