"""One item at work: its stages timed, its warnings kept, its failure as a value."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import traceback
import warnings
from typing import Any, Callable, Dict, Iterator, List, Tuple

MESSAGE = 2000  # characters kept of a message
WARNINGS = 200  # different texts kept of an item; others are counted together
TRACE = 6000  # characters kept of a traceback, from its end


class Trial:
    """Times, warnings and notes of one item. `spent` adds up CPU seconds over the whole child."""

    def __init__(self, note: Callable[[str], None], spent: Dict[str, float]) -> None:
        self.note = note
        self.spent = spent
        self.owner = os.getpid()
        self.ms: Dict[str, float] = {}
        self.seen: Dict[Tuple[str, str, str], int] = {}

    @contextlib.contextmanager
    def stage(self, name: str, bucket: str) -> Iterator[None]:
        """Run the body as stage `name`; its time counts as `bucket` (fit, dump, load, use)."""
        self.note(name)
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                yield
        finally:
            if os.getpid() != self.owner:  # the model forked, and this is its child: no item's
                os._exit(0)
            self.spent[bucket] = self.spent.get(bucket, 0.0) + time.process_time() - cpu
            self.ms[bucket] = self.ms.get(bucket, 0.0) + 1e3 * (time.perf_counter() - wall)
            for warning in caught:
                key = (warning.category.__name__, _text(warning.message), name)
                if key not in self.seen and len(self.seen) >= WARNINGS:
                    key = ("Warning", "other texts than those listed", name)
                self.seen[key] = self.seen.get(key, 0) + 1

    def report(self) -> Dict[str, Any]:
        """What every response line says: times and warnings."""
        return {
            "ms": {name: round(value, 3) for name, value in self.ms.items()},
            "warnings": [[c, m, n, stage] for (c, m, stage), n in self.seen.items()],
        }


def failure(error: BaseException, stage: str) -> Dict[str, str]:
    """An exception as JSON; paths of this machine shortened, as they are no part of the cause."""
    trace = _trace(error)
    message = _text(error)
    if isinstance(error, MemoryError) and not message:
        message = "more memory than the limit of a cell allows"
    return {
        "type": type(error).__name__,
        "message": message,
        "stage": stage,
        "traceback": trace if len(trace) <= TRACE else _end(trace),
    }


def _end(trace: str) -> str:
    """The end of a long traceback, from the beginning of a line where one is near."""
    tail = trace[4 - TRACE :]
    line = tail.find("\n", 0, 500) + 1
    return "...\n" + tail[line:]


def _trace(error: BaseException) -> str:
    """The traceback; without the exception's own lines where they cannot be written."""
    try:
        return shorten("".join(traceback.format_exception(type(error), error, error.__traceback__)))
    except BaseException:
        return shorten("".join(traceback.format_tb(error.__traceback__)))


def shorten(text: str) -> str:
    """`text` with the environment's and the worker's folders named instead of spelt out."""
    here = os.path.dirname(os.path.abspath(__file__))
    for folder, name in _folders(here):
        text = text.replace(folder, name)
    return text


def _folders(here: str) -> List[Tuple[str, str]]:
    return [(here, "<worker>"), (sys.prefix, "<environment>"), (sys.base_prefix, "<python>")]


def _text(message: Any) -> str:
    """`str(message)`, also where that raises: a message must never end a run."""
    try:
        return shorten(str(message))[:MESSAGE]
    except BaseException as error:  # a text may end the process or interrupt it
        return "<no text: %s>" % type(error).__name__
