"""The importing parent: reads requests, imports what they need, forks children to do them."""

from __future__ import annotations

import dis
import importlib
import json
import os
import select
import signal
import sys
import time
from typing import Any, Callable, Dict, Iterable, List, Optional, Set, Union

from . import answers, children, files, probe, registry
from .consume import Consumer, Manifest
from .produce import Producer
from .resave import Resaver
from .trial import Trial

MACHINE = 3  # exit code: the disk is full or the like, in words on standard error
Work = Callable[[int, children.Note], None]


def serve(control: int) -> None:
    """Answer requests until standard input ends."""
    nursery = children.Nursery(control)
    pending = b""
    while True:
        select.select([control], [], [])
        block = os.read(control, 65536)
        if not block:
            return
        pending += block
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            with open(line.decode(), encoding="utf-8") as file:
                request = json.load(file)
            files.place = os.path.dirname(request["response"])
            try:
                answer(request, nursery)
            except children.Abandoned:
                return
            except OSError as error:
                words = files.disk_trouble(error)
                if not words:
                    raise
                print(words, file=sys.stderr, flush=True)
                raise SystemExit(MACHINE)


def answer(request: Dict[str, Any], nursery: children.Nursery) -> None:
    """Do one request, from its hello to its end."""
    response = request["response"]
    began = time.process_time()
    registry.read(request["plugins"])
    preload(request)
    for item in request["items"]:
        answers.about(registry.MODELS[item.partition("/")[0]])
    hello = {"kind": "hello", "cpu": time.process_time() - began}
    hello.update(probe.installed())
    files.append(response, hello)
    threads = children.threads_of_this_process()
    if threads > 1:
        reason = "%d threads run after the imports: a fork could hang" % threads
        files.append(response, {"kind": "refused", "reason": reason})
    else:
        _batches(request, nursery)
    files.append(response, {"kind": "end"})


def _batches(request: Dict[str, Any], nursery: children.Nursery) -> None:
    """Every item of the request, in children of `batch` items.

    What fails while producing may be another item's fault, and it is final: so it is tried once
    more, after the others, in the opposite order, and what died with its process by itself.
    """
    items = request["items"]
    files.end_torn_line(os.path.join(request["produced"], "manifest.jsonl"))
    manifest = None if request["kind"] == "produce" else Manifest(request["produced"], items)
    lenient = manifest is None and len(items) > 1
    died = _go_through(request, nursery, manifest, items, request["batch"], lenient)
    again = [line["item"] for line in _said(request["response"]) if line["kind"] == "again"]
    _go_through(request, nursery, manifest, again[::-1], 0, False)
    _go_through(request, nursery, manifest, died, 1, False)


def _go_through(
    request: Dict[str, Any],
    nursery: children.Nursery,
    manifest: Optional[Manifest],
    items: List[str],
    size: int,
    lenient: bool,
) -> List[str]:
    """One child after the other. Where it is `lenient`, those that died are told, not blamed."""
    limits = children.Limits(request["seconds"], request["memory_mib"])
    log, at, died = request["log"], 0, []
    while at < len(items):
        batch = items[at : at + (size or len(items))]
        printed = os.path.getsize(log) if os.path.exists(log) else 0
        work = worker_of(request, batch, manifest, lenient)
        death = nursery.run(len(batch), work, limits, log)
        if death is None:
            at += len(batch)
            continue
        if death.kind == "machine":
            print(death.message, file=sys.stderr, flush=True)
            raise SystemExit(MACHINE)
        at += death.item
        if death.kind == "late":
            continue
        files.end_torn_line(request["response"])
        if lenient:
            died.append(items[at])
        else:
            _record(request, _blame(items[at], death, log, printed))
        at += 1
    return died


def _said(response: str) -> List[Dict[str, Any]]:
    """The whole lines of a response so far."""
    with open(response, "rb") as file:
        return [line for line in map(files.parsed, file) if line]


def _record(request: Dict[str, Any], line: Dict[str, Any]) -> None:
    """Answer for one item; what could not be produced also stands in the manifest, for good."""
    files.append(request["response"], line)
    if request["kind"] == "produce" and line["status"] != "ok":
        manifest = os.path.join(request["produced"], "manifest.jsonl")
        files.end_torn_line(manifest)
        files.append(manifest, line)


def worker_of(
    request: Dict[str, Any], batch: List[str], manifest: Optional[Manifest], lenient: bool
) -> Work:
    """What a child does with its n-th item. `manifest` is there for consuming alone."""
    if manifest is None:
        station: Union[Producer, Consumer, Resaver] = Producer(request["produced"])
    elif request["kind"] == "resave":
        station = Resaver(manifest, os.path.join(os.path.dirname(request["answers"]), "resaved"))
    else:
        station = Consumer(manifest, request["answers"])
    spent: Dict[str, float] = {}

    def work(place: int, note: children.Note) -> None:
        trial = Trial(note, spent)
        clean_slate()
        line = {"kind": "done", "item": batch[place]}
        line.update(station.case(batch[place], trial))
        line.update(trial.report())
        note("answered")
        if lenient and line["status"] == "failed":
            files.append(request["response"], {"kind": "again", "item": batch[place]})
        else:
            _record(request, line)
        if place == len(batch) - 1:
            _account(request, spent)

    return work


def _account(request: Dict[str, Any], spent: Dict[str, float]) -> None:
    """What this child has used, by stage and in all."""
    spent["all"] = time.process_time()
    files.append(request["response"], {"kind": "spent", "cpu": spent})


def clean_slate() -> None:
    """Undo what an item before may have left behind, as far as it is known how."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    os.umask(0o022)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.seterr(divide="warn", over="warn", under="ignore", invalid="warn")


def _blame(item: str, death: children.Death, log: str, since: int) -> Dict[str, Any]:
    trace = ""
    if os.path.exists(log):
        with open(log, "rb") as file:
            file.seek(max(since, os.path.getsize(log) - 16000))
            printed = file.read().decode("utf-8", "replace")
        trace = printed[printed.find("Fatal Python error") :] if "Fatal Python" in printed else ""
    return {
        "kind": "done",
        "item": item,
        "status": death.kind,
        "failure": {
            "type": death.type,
            "message": death.message,
            "stage": death.stage,
            "traceback": trace,
        },
        "warnings": [],
        "ms": {},
    }


def preload(request: Dict[str, Any]) -> None:
    """Import, and only import, what the request's items would import in their children."""
    wanted: Set[str] = {"numpy"}
    for item in request["items"]:
        model_id, _, format_id = item.partition("/")
        format = registry.FORMATS[format_id]
        wanted.update(format.requires)
        wanted.update(imports(registry.MODELS[model_id].build))
        if request["kind"] == "produce":
            wanted.update(format.requires_to_dump)
    import_all(wanted)


def import_all(wanted: Set[str]) -> None:
    """Import the modules, but for those that start threads: they are left to the children.

    A process with threads must not fork. A recipe's imports are read from its code, so that they
    are written once. A module that is not there is left for the child to report, item by item.
    """
    threading = {name for format in registry.FORMATS.values() for name in format.threads}
    for module in sorted(wanted):
        if module in sys.modules or module.partition(".")[0] in threading or module in threading:
            continue
        try:
            importlib.import_module(module)
        except Exception as error:
            print("preload of %s: %r" % (module, error), file=sys.stderr)


def imports(build: Any) -> Iterable[str]:
    """Absolute imports in a recipe's code; none where it is a class and not a function."""
    code = getattr(build, "__code__", None)
    return [
        instruction.argval
        for instruction in (dis.get_instructions(code) if code else ())
        if instruction.opname == "IMPORT_NAME" and instruction.argval
    ]
