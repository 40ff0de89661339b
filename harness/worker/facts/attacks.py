"""Does loading execute code? Proved by files that would create another file, a canary."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict

from .. import registry
from .lab import Fact, Lab, asked, fact, unmeasured

NAMES = ("executes",)
WHEN = ("load", "answer")


def facts(lab: Lab) -> Dict[str, Fact]:
    """Every attack that the format knows of, planted and loaded in processes of their own."""
    if not lab.subjects:
        return {"executes": unmeasured("no artifact to imitate")}
    model = lab.subjects[0].model

    def list_them() -> Any:
        fitted = lab.fitted(model)
        return [[a.mode, a.how] for a in lab.format.attacks(fitted.model, fitted.data)]

    listed = lab.one(list_them)
    if listed.kind != "value":
        return {"executes": unmeasured("its attacks cannot be listed: %s" % listed.value)}
    tried = [
        _attack(lab, model, place, mode, how) for place, (mode, how) in enumerate(listed.value)
    ]
    return {"executes": _fact(tried)}


def _attack(lab: Lab, model: str, place: int, mode: str, how: str) -> Dict[str, Any]:
    """Plant in one process, load in another; when the canary came to be, and what was said."""
    folder = os.path.join(lab.folder, "attack%d" % place)
    os.makedirs(folder, exist_ok=True)
    canary = os.path.join(folder, "canary")
    path = os.path.join(folder, "hostile" + lab.format.suffix)
    found = {"mode": mode, "how": how, "executed": "never", "said": ""}

    def attack() -> registry.Attack:
        fitted = lab.fitted(model)
        return lab.format.attacks(fitted.model, fitted.data)[place]

    planted = lab.one(lambda: attack().plant(path, canary))
    if planted.kind != "value":
        return {**found, "executed": "unplanted", "said": planted.value}
    if os.path.exists(canary):
        os.remove(canary)
    said = lab.one(_victim(lab, attack, path, model, folder))
    found["said"] = "" if said.kind == "value" else "%s: %s" % (said.kind, said.value)
    if os.path.exists(canary):
        loaded = os.path.exists(os.path.join(folder, "loaded"))
        early = os.path.exists(os.path.join(folder, "early"))
        found["executed"] = "load" if early or not loaded else "answer"
    return found


def _victim(
    lab: Lab, attack: Callable[[], registry.Attack], path: str, model: str, folder: str
) -> Callable[[], None]:
    """Loads the hostile file and asks it; leaves marks of how far it came."""

    def work() -> None:
        load = attack().load
        loaded = load(path)
        if os.path.exists(os.path.join(folder, "canary")):
            open(os.path.join(folder, "early"), "w").close()
        open(os.path.join(folder, "loaded"), "w").close()
        asked(model, loaded)

    return work


def _fact(tried: Any) -> Fact:
    """`yes`, `when lax` or `no`: whether a canary came to be, and in which mode."""
    fired = {mode for mode in ("strict", "lax") if any(_fired(a, mode) for a in tried)}
    planted = [attack for attack in tried if attack["executed"] != "unplanted"]
    if "strict" in fired:
        value = "yes"
    elif fired:
        value = "when lax"
    else:
        value = "no"
    if not planted:
        said = "; ".join(sorted({attack["said"] for attack in tried}))
        return fact("no", "nothing hostile can be stored: %s" % said, tried)
    count = sum(attack["executed"] in WHEN for attack in tried)
    says = "%d of %d hostile files executed code" % (count, len(planted))
    return fact(value, says, tried)


def _fired(attack: Dict[str, Any], mode: str) -> bool:
    return bool(attack["mode"] == mode and attack["executed"] in WHEN)
