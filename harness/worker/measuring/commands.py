"""A request of measuring, read and answered."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Tuple

from .. import files

Marks = Dict[str, Tuple[float, float]]


def main(path: str, marks: Marks) -> None:
    """Answer the request in the file `path`, and end without the interpreter's tidying up."""
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    if request["sandboxed"]:
        from . import sandbox

        sandbox.enter()
    try:
        _answer(request, marks)
        code = 0
    except Failed as failed:
        line = {"kind": "failed", "arm": failed.arm, "status": failed.status}
        files.append(request["response"], dict(line, reason=failed.reason))
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 1
    os._exit(code)


class Failed(Exception):
    """An arm that cannot be measured, and why: the arm's own fault and not ours."""

    def __init__(self, arm: str, status: str, reason: str) -> None:
        Exception.__init__(self, reason)
        self.arm = arm
        self.status = status
        self.reason = reason


def _answer(request: Dict[str, Any], marks: Marks) -> None:
    kind = request["kind"]
    if kind == "prepare":
        from . import prepare

        prepare.main(request)
    elif kind == "inside":
        from . import inside

        inside.main(request, marks)
    elif kind in ("first", "learn"):
        from . import first

        getattr(first, kind)(request, marks)
    else:
        raise ValueError("no request is of the kind %r" % kind)
