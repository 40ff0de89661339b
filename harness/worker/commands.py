"""The things the worker can be asked from a shell."""

from __future__ import annotations

import json
import sys
from typing import Any, Dict, List

from . import facts, probe, registry, serve
from .facts import traces


def describe(plugins: List[str]) -> Dict[str, Any]:
    """The registry in JSON's types."""
    registry.read(plugins)
    models = [
        {
            "id": m.id,
            "family": m.family,
            "data": m.data,
            "summary": m.summary,
            "tolerance": m.tolerance and m.tolerance._asdict(),
        }
        for m in registry.MODELS.values()
    ]
    formats = [
        {
            "id": f.id,
            "family": f.family,
            "summary": f.summary,
            "suffix": f.suffix,
            "requires": list(f.requires),
            "executes": f.executes,
            "converts": f.converts,
            "tolerance": f.tolerance and f.tolerance._asdict(),
            "checksum": f.checksum,
            "varies": f.varies,
            "python_only": f.python_only,
            "snippet": f.snippet,
            "wraps": f.wraps,
        }
        for f in registry.FORMATS.values()
    ]
    return {"models": models, "formats": formats, "families": _families()}


def _families() -> Dict[str, str]:
    """{family of formats: what the docstring of its file begins with}."""
    found: Dict[str, str] = {}
    for format in registry.FORMATS.values():
        module = sys.modules[type(format).__module__]
        title = (module.__doc__ or format.family).strip().split("\n")[0]
        found.setdefault(format.family, title)
    return found


def main(argv: List[str]) -> int:
    """Run one command; 2 where there is none of that name."""
    command, rest = (argv[0], argv[1:]) if argv else ("", [])
    if command == "describe":
        print(json.dumps(describe(rest)))
    elif command == "probe":
        print(json.dumps(probe.installed(), sort_keys=True))
    elif command == "serve":
        serve.serve(sys.stdin.fileno())
    elif command == "facts":
        return facts.main(rest[0])
    elif command == "trace":
        return traces.main(rest[0])
    else:
        print(
            "usage: worker describe [PLUGIN ...] | probe | serve | facts REQUEST | trace REQUEST",
            file=sys.stderr,
        )
        return 2
    return 0
