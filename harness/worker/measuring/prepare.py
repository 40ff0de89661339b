"""Make the model and save it in every format that can hold it: what all blocks then work on."""

from __future__ import annotations

import importlib
import os
from typing import Any, Dict

from .. import artifacts, files, registry
from ..trial import failure
from . import arrays, formats, pagecache, subject


def main(request: Dict[str, Any]) -> None:
    """Answer with a line about the model, and one for each arm."""
    registry.read(request["plugins"])
    model = subject.make(request)
    about = subject.data(request)
    line = {
        "kind": "prepared",
        "source": subject.keep(request, model, about),
        "questions": subject.questions(request, model, about),
        "payload": _payload(model),
        "never_cold": pagecache.why_never_cold(request["folder"]),
        "filesystem": pagecache.filesystem(request["folder"]),
    }
    files.append(request["response"], line)
    for arm, said in request["arms"].items():
        files.append(request["response"], {"kind": "at", "arm": arm})
        format = registry.FORMATS[said["format"]]
        case = {"kind": "case", "arm": arm}
        case.update(_saved(format, model, said["path"], about))
        files.append(request["response"], case)


def _payload(model: Any) -> Any:
    try:
        return arrays.payload(model)
    except Exception:  # it cannot be pickled, or Python is older than 3.8
        return None


def _saved(format: registry.Format, model: Any, path: str, about: Any) -> Dict[str, Any]:
    """Save the model at `path`; the fields of its case."""
    for module in format.requires + format.requires_to_dump:
        try:
            importlib.import_module(module)
        except ImportError as error:
            reason = "this environment has no working %s: %s" % (module, error)
            return {"status": "absent", "reason": reason}
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        format.prepare()
        artifacts.save(format, model, path, about)
    except registry.Absent as error:
        return {"status": "absent", "reason": str(error)}
    except registry.Unsupported as error:
        return {"status": "unsupported", "reason": str(error)}
    except Exception as error:
        files.raise_if_disk(error)
        told = failure(error, "dump")
        return {"status": "failed", "reason": "dump: %(type)s: %(message)s" % told}
    lie = formats.not_compressed(format, path)
    if lie:
        return {"status": "failed", "reason": "not compressed: " + lie}
    parts = formats.files(format, path)
    pagecache.sync(parts)
    size = sum(map(os.path.getsize, parts))
    digest = artifacts.measured(path)[0]
    return {"status": "ok", "reason": "", "bytes": size, "files": len(parts), "sha256": digest}
