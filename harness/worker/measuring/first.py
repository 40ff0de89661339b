"""What the first request of a fresh process costs: import, load, answer; nothing else is imported.

Our own reading of the request, of the format's file and of the rows comes between the imports and
the load. It is measured as `ours`, and is no part of any stage.
"""

from __future__ import annotations

import gc
import sys
import time
from typing import Any, Callable, Dict, Tuple

from .. import files, memory
from ..trial import failure
from . import arrays, formats, subject
from .commands import Failed, Marks


def first(request: Dict[str, Any], marks: Marks) -> None:
    """One measured process of one arm."""
    if not request["gc"]:
        gc.disable()
    arm, said = next(iter(request["arms"].items()))
    format = formats.find(said["format"], said["family"], request["plugins"])
    began, imported = marks["interpreter"], marks["import"]
    import_wall, import_cpu = imported[0] - began[0], imported[1] - began[1]
    _, wall, cpu = timed(format.prepare)  # a Java machine is what PMML's loading needs, too
    about = _question(request, said)
    base = memory.reset()
    before = time.monotonic(), time.process_time()
    try:
        loaded, load_wall, load_cpu = timed(format.load, said["path"])
        load_peak = memory.peak()
        line = {
            "kind": "first",
            "arm": arm,
            "marks": {
                "interpreter": began,
                "import": (import_wall + wall, import_cpu + cpu),
                "start-load": (load_wall, load_cpu),
            },
            "ours": (before[0] - imported[0] - wall, before[1] - imported[1] - cpu),
        }
        if about is not None:
            _, answer_wall, answer_cpu = timed(about(loaded))
            line["marks"]["start-answer"] = (answer_wall, answer_cpu)
    except Exception as error:
        raise failed(arm, error, "start")
    line["peaks"] = {"base": base, "load": load_peak, "answer": memory.peak()}
    files.append(request["response"], line)


def learn(request: Dict[str, Any], marks: Marks) -> None:
    """What loading one arm imports, what it answers, and how its arrays come into memory.

    The process is discarded: it compiles what has not been compiled, for all that follow.
    """
    arm, said = next(iter(request["arms"].items()))
    format = formats.find(said["format"], said["family"], request["plugins"])
    known = set(sys.modules)
    try:
        format.prepare()
        loaded = format.load(said["path"])
        modules = [name for name in sys.modules if name not in known and _is_real(name)]
        names = [name for name in request["questions"] if hasattr(loaded, name)]
        name = names[0] if names else ""
        if not names and request["questions"] and not said["converts"]:
            name = request["questions"][0]  # a question of the model's own is no attribute of it
        if name:
            subject.question(request, name)(loaded)()
        found = arrays.of(loaded) if "numpy" in sys.modules else []
    except Exception as error:
        raise failed(arm, error, "load")
    line = {"kind": "learnt", "arm": arm, "modules": modules, "question": name}
    lazy = any(arrays.is_mapped(array) for array in found)
    files.append(request["response"], dict(line, lazy=lazy, arrays=len(found)))


def timed(function: Callable[..., Any], *arguments: Any) -> Tuple[Any, float, float]:
    """What a call gives, and its wall and CPU seconds; the wall clock is the inner one."""
    cpu = time.process_time()
    wall = time.perf_counter()
    given = function(*arguments)
    wall = time.perf_counter() - wall
    return given, wall, time.process_time() - cpu


def repeated(function: Callable[[], Any], count: int) -> Tuple[float, float]:
    """Wall and CPU seconds of one call, the mean of `count` in a row; results are let go of."""
    cpu = time.process_time()
    wall = time.perf_counter()
    for _ in range(count):
        function()
    wall = time.perf_counter() - wall
    return wall / count, (time.process_time() - cpu) / count


def failed(arm: str, error: BaseException, stage: str) -> Failed:
    """An arm that raised, in words; a full disk is nobody's fault and raised as it is."""
    files.raise_if_disk(error)
    told = failure(error, stage)
    return Failed(arm, "failed", "%(stage)s: %(type)s: %(message)s" % told)


def _question(request: Dict[str, Any], said: Dict[str, Any]) -> Any:
    return subject.question(request, said["question"]) if said["question"] else None


def _is_real(name: str) -> bool:
    """Whether a module can be imported by its name: it was found somewhere, and is not ours."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return spec is not None and spec.loader is not None and not name.startswith("shelflife_")
