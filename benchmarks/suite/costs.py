"""What each case costs: a track for each stage, the case as its parameter.

There is a class for each model of a set, such as `Formats_forest_classifier`.

The first case of a comparison that is asked for has all of it measured, in blocks of fresh
processes (`benchmarks/blocks.py`); the others find it in the folder that asv keeps for the suite
while it runs. So asv's processes measure nothing themselves, and its statistics are over blocks.
asv's rounds of two commits alternate.

    SHELFLIFE_BLOCKS        blocks in each of the rounds
    SHELFLIFE_PYTHON        interpreter with the harness, which conducts the measuring
    SHELFLIFE_ENVIRONMENT   id of the environment that this is
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any, Callable, Dict, Tuple

from asv_runner.benchmarks.mark import SkipNotImplemented

from .sets import SETS, beside, cases, plugins

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VERSION = "1"  # another one discards the history: only where figures can no longer be compared
ROUNDS, BLOCKS = 2, 4  # with fewer than seven values asv can call no difference significant
SKIPPED = ("absent", "unsupported")
TRACKS: Dict[str, Tuple[str, str]] = {
    "dump_memory": ("stages", "dump-memory"),
    "dump_file": ("stages", "dump-file"),
    "dump_fsync": ("stages", "dump-fsync"),
    "load_warm": ("stages", "load-warm"),
    "load_cold": ("stages", "load-cold"),
    "load_touch": ("stages", "load-touch"),
    "first_answer": ("stages", "first-answer"),
    "start_to_first_answer": ("stages", "start"),
    "peak_dump": ("peaks", "dump"),
    "peak_load": ("peaks", "load"),
    "peak_first_answer": ("peaks", "answer"),
}
COMPRESSION = ("dump_memory", "dump_file", "load_warm", "load_cold", "peak_dump")


class _Costs:
    """The tracks of a set of cases. asv passes over what begins with an underscore."""

    param_names = ("case",)

    def setup_cache(self) -> str:
        """The folder that asv starts every track in, and removes in the end."""
        return os.getcwd()


def _track(name: str, track: str, unit: str, value: Callable[[Any], Any]) -> Callable[..., Any]:
    """A track of the suite: what `value` takes from all that was found of the case."""

    def call(self: Any, place: str, case: str) -> Any:
        found = _found(place, name, case, _turn(place, name, track, case))
        if found["status"] in SKIPPED:
            raise SkipNotImplemented(found["reason"])
        if found["status"] != "ok":
            raise RuntimeError("%(status)s: %(reason)s" % found)
        return value(found)

    call.__name__ = "track_" + track
    call.unit = unit  # type: ignore[attr-defined]
    call.version = VERSION  # type: ignore[attr-defined]
    call.rounds = ROUNDS  # type: ignore[attr-defined]
    return call


def _samples(group: str, key: str) -> Callable[[Any], Any]:
    """A value of each block, in asv's form for samples."""

    def take(found: Any) -> Any:
        if not found[group].get(key):
            raise SkipNotImplemented("this case has no %s" % key)
        return {"samples": found[group][key], "number": 1}

    return take


def _turn(*words: str) -> int:
    """How often this track of this case was called before in this folder: its round."""
    place, name, track, case = words
    path = os.path.join(place, "%s %s %s" % (name, track, case.replace("/", " ")))
    with open(path, "a") as file:
        turn = file.tell()
        file.write("|")
    return turn


def _found(place: str, name: str, case: str, turn: int) -> Any:
    """What was found of a case in a round, measured now where it was not."""
    model, _, format = case.partition("/")
    together = beside(name, format)
    path = os.path.join(place, "%s %s %s %d.json" % (name, model, together[0], turn))
    if not os.path.exists(path):
        _measure(path, model, together, SETS[name].starts)
    with open(path) as file:
        found = json.load(file)
    return found[format]


def _measure(path: str, model: str, formats: Any, starts: bool) -> None:
    """Have blocks measured in this interpreter, and what was found written to `path`."""
    request = {
        "response": path,
        "python": sys.executable,
        "environment": os.environ.get("SHELFLIFE_ENVIRONMENT", "existing"),
        "model": model,
        "formats": formats,
        "plugins": plugins(),
        "blocks": int(os.environ.get("SHELFLIFE_BLOCKS", BLOCKS)),
        "starts": starts,
    }
    with open(path + ".request", "w") as file:
        json.dump(request, file)
    command = [os.environ.get("SHELFLIFE_PYTHON", sys.executable), "-m", "benchmarks.blocks"]
    hidden = ("PYTHONPATH", "ASV_PYTHONPATH")
    env = {key: value for key, value in os.environ.items() if key not in hidden}
    subprocess.run(command + [path + ".request"], check=True, cwd=ROOT, env=env)


def _suite(name: str, model: str) -> type:
    """The tracks of one model in a set: asv shows a table for each, with a line for each case."""
    ids = [id for id in cases(name) if id.startswith(model + "/")]
    content: Dict[str, Any] = {"__module__": __name__, "params": (ids,), "__doc__": "See above."}
    content["track_bytes"] = _track(name, "bytes", "bytes", lambda found: found["bytes"])
    for track in TRACKS if SETS[name].starts else COMPRESSION:
        group, key = TRACKS[track]
        unit = "seconds" if group == "stages" else "bytes"
        content["track_" + track] = _track(name, track, unit, _samples(group, key))
    return type("_".join([name.title()] + re.split("[.-]", model)), (_Costs,), content)


for _name in SETS:
    for _model in SETS[_name].models:
        _made = _suite(_name, _model)
        globals()[_made.__name__] = _made
