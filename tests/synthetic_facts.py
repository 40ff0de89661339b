"""Fact sheets that look like a run's: every value that there is, and troubles; all invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.factwords import QUESTIONS
from tests.synthetic import MARKUP

SUBJECT = "forest.classifier"
EMPTY, DAMAGED, LACKING = "joblib", "cloudpickle", "pickle-4"
REFUTED = "skops"
WRAPPED = "pickle-5+sealed"


def fact(value: Any, says: str, evidence: Any = None) -> dict[str, Any]:
    return {"value": value, "says": says, "evidence": evidence}


def damage(**counts: int) -> dict[str, Any]:
    where = [[word, f"flip at byte {n}"] for n, word in enumerate(counts) if word not in GOOD]
    return {SUBJECT: {**counts, "where": where}}


GOOD = ("raise", "same")
WORDS = {
    "detected": {"raise": 24},
    "unnoticed": {"raise": 20, "same": 4},
    "crashes": {"raise": 23, "crash": 1},
    "hangs": {"raise": 23, "hang": 1},
    "wrong answers": {"raise": 20, "same": 2, "other": 2},
}


def attack(mode: str, executed: str, how: str = "an object whose __reduce__ opens a file") -> Any:
    return {"mode": mode, "how": how, "executed": executed, "said": ""}


ATTACKS = {
    "no": [attack("strict", "never"), attack("lax", "unplanted")],
    "when lax": [attack("strict", "never"), attack("lax", "answer")],
    "yes": [attack("lax", "never"), attack("strict", "load")],
}


def sheet(place: int, markup: bool = False) -> dict[str, Any]:
    """A sheet in which each fact has one of its values, another one at another place."""
    facts = {"subjects": fact(SUBJECT, f"tried with {SUBJECT}", subjects())}
    for question in QUESTIONS:
        values = list(question.tones) or [12.5 * (place + 1)]
        value = values[place % len(values)]
        says = f"{value}: {MARKUP if markup else 'seen in a trial'}"
        facts[question.fact] = fact(value, says, evidence(question.fact, value))
    facts["lazy"] = fact(None, "needs Linux")
    return {"environment": "core-1", "facts": facts, "reason": ""}


def subjects() -> dict[str, Any]:
    return {"bytes": {SUBJECT: 19835}, "refused": {"mlp.classifier": "Unsupported: no such layer"}}


def evidence(name: str, value: Any) -> Any:
    if name in ("empty", "truncation", "trailing", "flips"):
        return damage(**WORDS[value])
    if name == "executes":
        return ATTACKS[value]
    if name == "needs":
        packages = {"numpy": ["2.4.6", 57360164], "joblib": ["1.6.0", 922076]}
        return {"imported": ["numpy"], "packages": packages, "bytes": 58282240}
    if name == "training-rows":
        return {SUBJECT: {"fitted": False, "loaded": value == "adds", "file": None}}
    return None


def registered(id: str, place: int) -> dict[str, Any]:
    """What the registry would say of a format."""
    claims = {"checksum": "CRC-32"} if id == REFUTED else {}
    return {
        "id": id,
        "family": "sealed" if "+" in id else id.split("-")[0],
        "summary": f"the format {id}",
        "suffix": ".bin",
        "requires": ["numpy"],
        "executes": "anything",
        "converts": place % 2 == 0,
        "tolerance": {"rtol": 1e-5, "reason": "float32"} if place == 0 else None,
        "varies": "a random salt",
        "wraps": id.partition("+")[0] if "+" in id else "",
        "snippet": f"import numpy\n\nloaded = model  # {id}\n",
        **claims,
    }


def write_facts(run_dir: Path, markup: bool = False) -> Path:
    """Add sheets to a synthetic run: one is damaged, one empty, and one is missing."""
    path = run_dir / "run.json"
    header = json.loads(path.read_text())
    ids = [entry["id"] for entry in header["formats"]] + [WRAPPED]
    header["formats"] = [registered(id, place) for place, id in enumerate(ids)]
    header["families"] = {"pickle": "The `pickle` module."}
    path.write_text(json.dumps(header))
    sheets = {id: sheet(place, markup) for place, id in enumerate(ids) if id != LACKING}
    sheets[EMPTY] = {"environment": "core-1", "facts": {}, "reason": "no interpreter: 3.8"}
    sheets[DAMAGED]["facts"]["flips"] = {"value": "detected"}
    flips = fact("wrong answers", "of 24: 2 other", damage(**WORDS["wrong answers"]))
    sheets[REFUTED]["facts"]["flips"] = flips
    folder = run_dir / "facts"
    folder.mkdir()
    for id, found in sheets.items():
        (folder / f"{id}.json").write_text(json.dumps(found))
    (folder / "torn.json").write_text('{"environment": ')
    return run_dir
