"""`python -I run.py - REQUEST`: one fresh process of a claim's measuring, in its environment.

The request is a JSON object:

    kind      prepare, inside or start
    script    the claim's file
    case      which of its setups
    folder    what is compared lies there
    arms      {name of an arm: {"arm": the file's word for it, "path"}}; of prepare, the words
    seed      of the order
    warm      whether a first round is discarded
    seconds   of measuring; one round at the least
    response  path of the JSON lines

*prepare* answers `{"kind": "case", "arm", "path", "bytes", "files"}` for each arm. *inside* goes
through all arms in rounds of random order: `{"kind": "inside", "samples": [[arm, stage, wall, cpu,
repeats]], "measured"}`, medians of the rounds. *start* visits one arm, once, in a process that has
imported nothing: `{"kind": "start", "samples", "mark", "wall", "cpu"}`, the monotonic clock of its
first line, wall time of the visit, and CPU time of both, without what is ours between them.
"""

import sys
import time

MARK = (time.monotonic(), time.process_time())


def as_package():
    """Make the worker's folder the package `shelflife_worker`: claims may use its formats."""
    import importlib.util
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    worker = os.path.join(os.path.dirname(os.path.dirname(here)), "harness", "worker")
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    _module(importlib.util, "shelflife_worker", os.path.join(worker, "__init__.py"), [worker])


def load_script(path):
    import importlib.util

    return _module(importlib.util, "shelflife_claim", path, None)


def _module(util, name, path, inside):
    spec = util.spec_from_file_location(name, path, submodule_search_locations=inside)
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class Clock:
    """Times stages: wall and CPU seconds of each call, by arm and stage."""

    def __init__(self):
        self.arm = ""
        self.samples = {}
        self.measured = 0.0

    def __call__(self, stage, function, *arguments):
        cpu = time.process_time()
        wall = time.perf_counter()
        given = function(*arguments)
        wall = time.perf_counter() - wall
        cpu = time.process_time() - cpu
        self.measured += wall
        self.samples.setdefault((self.arm, stage), []).append((wall, cpu))
        return given

    def rows(self):
        """Medians of the rounds; load and touch together, too."""
        found = dict(self.samples)
        for (arm, stage), values in self.samples.items():
            if stage == "touch":
                pairs = zip(self.samples[arm, "load-warm"], values)
                found[arm, "load-touch"] = [(a[0] + b[0], a[1] + b[1]) for a, b in pairs]
        return [
            [arm, stage, _median(v[0] for v in kept), _median(v[1] for v in kept), len(kept)]
            for (arm, stage), kept in found.items()
        ]


def _median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else sum(ordered[middle - 1 : middle + 1]) / 2


def prepare(request, script):
    """Save what is compared; bytes and number of files of each arm."""
    import os

    paths = script.prepare(request["case"], request["folder"])
    for arm in request["arms"]:
        parts = [paths[arm]]
        if os.path.isdir(paths[arm]):
            parts = [os.path.join(at, name) for at, _, names in os.walk(paths[arm])
                     for name in names]  # fmt: skip
        for part in parts:
            _sync(part)
        size = sum(map(os.path.getsize, parts))
        _append(request, {"kind": "case", "arm": arm, "path": paths[arm], "bytes": size,
                          "files": len(parts)})  # fmt: skip


def _sync(path):
    import os

    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.close(file)


def inside(request, script):
    """Rounds through all arms in random order, until the time is up."""
    import random

    clock, order = Clock(), random.Random(request["seed"])
    made = script.ready(request["case"], request["folder"]) if hasattr(script, "ready") else None
    arms = sorted(request["arms"])
    rounds = -1 if request["warm"] else 0  # the first one imports and warms
    while rounds < 1 or (clock.measured < request["seconds"] and rounds < 200):
        order.shuffle(arms)
        for arm in arms:
            _visit(request, script, clock, arm, made)
        rounds += 1
        if not rounds:  # what was discarded
            clock.samples.clear()
            clock.measured = 0.0
    _append(request, {"kind": "inside", "samples": clock.rows(), "measured": clock.measured})


def start(request, script):
    """One arm in a process of its own: interpreter, and all that the visit does."""
    clock = Clock()
    arm = next(iter(request["arms"]))
    cpu, wall = time.process_time(), time.perf_counter()
    _visit(request, script, clock, arm, None)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    line = {"kind": "start", "samples": clock.rows(), "mark": MARK[0]}
    _append(request, dict(line, wall=wall, cpu=MARK[1] + cpu))


def _visit(request, script, clock, arm, made):
    said = request["arms"][arm]
    clock.arm = arm
    extra = (made,) if hasattr(script, "ready") and request["kind"] == "inside" else ()
    script.visit(request["case"], said["arm"], said["path"], clock, *extra)


def _append(request, line):
    import json

    with open(request["response"], "a") as file:
        file.write(json.dumps(line) + "\n")


def main(path):
    """Answer the request, and end without the interpreter's tidying up."""
    import json
    import os

    with open(path) as file:
        request = json.load(file)
    as_package()
    script = load_script(request["script"])
    code = 0
    try:
        {"prepare": prepare, "inside": inside, "start": start}[request["kind"]](request, script)
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[2])
