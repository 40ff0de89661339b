"""The facts of a format, found by trying: each trial in a forked child or a fresh interpreter.

`python -I harness/worker facts REQUEST` reads a request, a JSON object:

    formats     ids
    plugins     folders with more models and formats
    response    path of the JSON lines to append to
    log         path of what is printed
    folder      for artifacts; it is left as it is
    seconds     time limit of what is not a damaged file's; memory_mib, as in a run

and appends, for each format, `{"kind": "facts", "format": id, "facts": {name: fact}}`, where a fact
is `{"value", "says", "evidence"}`: a word, number or truth, a sentence, and all that it rests upon.
`value` is null where nothing was measured, and `says` then tells why. What needs an interpreter
that has imported nothing yet is left to `trace` (see `traces.py`).

A module of this package is one group of facts. Each has `facts(lab) -> {name: fact}`.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Dict

from .. import children, files, registry, serve
from ..trial import failure
from . import attacks, damage, declared, lazy, rows, saving
from .lab import Lab, unmeasured

GROUPS = (saving, damage, attacks, rows, lazy, declared)


def main(path: str) -> int:
    """Answer the request in the file `path`."""
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    registry.read(request["plugins"])
    _preload(request)
    control, _ = os.pipe()
    nursery = children.Nursery(control)
    for id in request["formats"]:
        format = registry.FORMATS[id]
        line = {"kind": "facts", "format": id, "facts": of(format, request, nursery)}
        files.append(request["response"], line)
    return 0


def of(
    format: registry.Format, request: Dict[str, Any], nursery: children.Nursery
) -> Dict[str, Any]:
    """All facts of one format; a group that fails is a group of unmeasured facts."""
    folder = os.path.join(request["folder"], format.id)
    os.makedirs(folder, exist_ok=True)
    lab = Lab(format, folder, nursery, request)
    found: Dict[str, Any] = {"subjects": lab.prepare()}
    for group in GROUPS:
        try:
            found.update(group.facts(lab))
        except Exception as error:
            reason = failure(error, "facts")
            print(reason["traceback"], file=sys.stderr)
            why = "the trial itself failed: %(type)s: %(message)s" % reason
            found.update({name: unmeasured(why) for name in group.NAMES})
    return found


def _preload(request: Dict[str, Any]) -> None:
    """What the children would import, but for what starts threads."""
    wanted = {"numpy"}
    for id in request["formats"]:
        format = registry.FORMATS[id]
        wanted.update(format.requires + format.requires_to_dump)
        for subject in format.subjects:
            if subject in registry.MODELS:
                wanted.update(serve.imports(registry.MODELS[subject].build))
    serve.import_all(wanted)
