"""Does loading execute code? Proved by files that would create another file, a canary."""

from __future__ import annotations

import os
import re
from typing import Any, Callable, Dict, List

from .. import registry
from .lab import Fact, Lab, Result, asked, fact, unmeasured

NAMES = ("executes",)
WHEN = ("load", "answer")
# What a trial may end with by a fault of its own: then it says nothing of the format.
FAULTS = "ImportError|ModuleNotFoundError|Absent|FileNotFoundError|NameError|MemoryError"
HOLLOW = re.compile("hang|(raise: )?(%s)" % FAULTS)


def facts(lab: Lab) -> Dict[str, Fact]:
    """Every attack that the format knows of: all planted in one process, each loaded in its own."""
    if not lab.subjects:
        return {"executes": unmeasured("no artifact to imitate")}
    model = lab.subjects[0].model

    def listed() -> Any:
        return [[attack.mode, attack.how] for attack in _attacks(lab, model)]

    found = lab.one(listed)
    if found.kind != "value":
        return {"executes": unmeasured("its attacks cannot be listed: %s" % found.value)}
    sites = [_Site(lab, place) for place in range(len(found.value))]
    planted = lab.run([_planting(lab, model, site) for site in sites])
    tried = [
        {"mode": mode, "how": how, **_attack(lab, model, site, result)}
        for (mode, how), site, result in zip(found.value, sites, planted)
    ]
    return {"executes": _fact(tried)}


def _attacks(lab: Lab, model: str) -> List[registry.Attack]:
    fitted = lab.fitted(model)
    return lab.format.attacks(fitted.model, fitted.data)


class _Site:
    """The folder of one attack: the hostile file, its canary, and marks of how far a load came."""

    def __init__(self, lab: Lab, place: int) -> None:
        self.place = place
        folder = os.path.join(lab.folder, "attack%d" % place)
        os.makedirs(folder, exist_ok=True)
        self.path = os.path.join(folder, "hostile" + lab.format.suffix)
        self.canary = os.path.join(folder, "canary")
        self.loaded = os.path.join(folder, "loaded")
        self.early = os.path.join(folder, "early")


def _planting(lab: Lab, model: str, site: _Site) -> Callable[[], None]:
    return lambda: _attacks(lab, model)[site.place].plant(site.path, site.canary)


def _attack(lab: Lab, model: str, site: _Site, planted: Result) -> Dict[str, str]:
    """When the canary came to be: at `load`, at an `answer`, `never`; or nothing was planted."""
    if planted.kind != "value":
        return {"executed": "unplanted", "said": str(planted.value)}
    if os.path.exists(site.canary):  # planting is no loading
        os.remove(site.canary)
    result = lab.one(_victim(lab, model, site))
    said = "" if result.kind == "value" else "%s: %s" % (result.kind, result.value)
    if not os.path.exists(site.canary):
        return {"executed": "never", "said": said}
    late = os.path.exists(site.loaded) and not os.path.exists(site.early)
    return {"executed": "answer" if late else "load", "said": said}


def _victim(lab: Lab, model: str, site: _Site) -> Callable[[], None]:
    """Loads the hostile file and asks it."""

    def work() -> None:
        loaded = _attacks(lab, model)[site.place].load(site.path)
        if os.path.exists(site.canary):
            open(site.early, "w").close()
        open(site.loaded, "w").close()
        asked(model, loaded)

    return work


def _fact(tried: Any) -> Fact:
    """`yes`, `when lax` or `no`: whether a canary came to be, and in which mode.

    `no` is said only of attacks that were really made and loaded: an error of the trial, such as a
    module that is missing, is no proof.
    """
    fired = {mode for mode in ("strict", "lax") if any(_fired(a, mode) for a in tried)}
    planted = [attack for attack in tried if attack["executed"] != "unplanted"]
    count = sum(attack["executed"] in WHEN for attack in tried)
    says = "%d of %d hostile files executed code" % (count, len(planted))
    if "strict" in fired:
        return fact("yes", says, tried)
    if not planted:
        said = "; ".join(sorted({attack["said"] for attack in tried})) or "none is known"
        return fact(None, "no hostile file could be made: %s" % said, tried)
    hollow = [attack for attack in tried if HOLLOW.match(attack["said"])]
    if hollow:
        said = "; ".join(sorted({attack["said"] for attack in hollow}))
        return fact(None, "a trial failed by itself: %s" % said, tried)
    return fact("when lax" if fired else "no", says, tried)


def _fired(attack: Dict[str, Any], mode: str) -> bool:
    return bool(attack["mode"] == mode and attack["executed"] in WHEN)
