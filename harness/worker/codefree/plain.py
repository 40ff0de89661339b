"""Python's own containers as nodes of a structure; `walk.py` says what these are."""

from __future__ import annotations

import base64
import json
from typing import Any, Callable, Dict

Node = Any
Walker = Any  # of walk.py, which uses this module


def _set(walker: Walker, value: Any, path: str, depth: int) -> Node:
    """Members in the order of their JSON, as a set has none that lasts."""
    return {"set": sorted(walker.items(value, path, depth), key=json.dumps)}


def _dict(walker: Walker, value: Any, path: str, depth: int) -> Node:
    pairs = []
    for key, held in value.items():
        where = "%s[%.40r]" % (path, key)
        pairs.append([walker.value(key, where, depth + 1), walker.value(held, where, depth + 1)])
    return {"dict": pairs}


PLAIN: Dict[type, Callable[[Walker, Any, str, int], Node]] = {
    list: lambda walker, value, path, depth: walker.items(value, path, depth),
    tuple: lambda walker, value, path, depth: {"tuple": walker.items(value, path, depth)},
    dict: _dict,
    set: _set,
    frozenset: lambda *given: {"frozenset": _set(*given)["set"]},
    bytes: lambda walker, value, path, depth: {"bytes": base64.b64encode(value).decode()},
    slice: lambda walker, value, path, depth: {
        "slice": walker.items((value.start, value.stop, value.step), path, depth)
    },
}
