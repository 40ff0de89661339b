"""skops: a zip of a schema and arrays; only types on an allow-list are built."""

from __future__ import annotations

import inspect
import json
import zipfile
from typing import Any, Callable, Dict, Iterator, List, Optional

from ..registry import Absent, Attack, Format, Unsupported, format_
from . import _skops_attacks

SNIPPET = """\
import skops.io
{imports}
skops.io.dump(model, path{compression})
types = skops.io.get_untrusted_types(file=path)  # the author's list: read it before trusting it
loaded = skops.io.load(path, trusted=types)
"""


@format_
class Skops(Format):
    """`skops.io.load` with an exact list of types, written by the author beside the artifact.

    skops' documentation asks to read the untrusted types of a file and to name those one trusts,
    one by one. Which types skops trusts by itself differs between its versions, so the author
    lists every type that the file names when it is saved; a consumer trusts those and no others.
    """

    suffix = ".skops"
    own = (".types",)
    requires = ("skops.io",)
    executes = (
        "constructors of the listed types and of scikit-learn's estimators; asked for an answer,"
        " these unpickle what lies in a folder that the file names"
    )
    checksum = "zip's CRC-32 of the schema and of each array"
    varies = "addresses of objects, random names and the time stand in the file"
    python_only = "the schema names scikit-learn's classes, and their code computes the answers"

    def __init__(self, id: str, summary: str, compression: str, level: Optional[int]) -> None:
        self.id = id
        self.summary = summary
        self.options = {"compression": getattr(zipfile, compression), "compresslevel": level}
        said = "" if compression == "ZIP_STORED" else ", compression=zipfile." + compression
        said += "" if level is None else ", compresslevel=%d" % level
        self.snippet = SNIPPET.format(compression=said, imports="import zipfile\n" if said else "")

    @classmethod
    def variants(cls) -> List[Format]:
        return [
            cls("skops", "skops, exact types on an allow-list", "ZIP_STORED", None),
            cls("skops-deflate", "skops, deflated at level 6", "ZIP_DEFLATED", 6),
            cls("skops-bzip2", "skops, compressed by bzip2 at level 9", "ZIP_BZIP2", 9),
            cls("skops-lzma", "skops, compressed by LZMA", "ZIP_LZMA", None),
        ]

    def dump(self, model: Any, path: str, data: Any) -> None:
        import skops.io
        from skops.io.exceptions import UnsupportedTypeException

        try:
            skops.io.dump(model, path, **self._options(skops.io.dump))
        except UnsupportedTypeException as error:
            raise Unsupported("skops cannot store it: %s" % error)
        names = set(_named(path)) | set(skops.io.get_untrusted_types(file=path))
        with open(path + ".types", "w", encoding="utf-8") as file:
            json.dump(sorted(names), file, indent=0)

    def _options(self, dump: Callable[..., None]) -> Dict[str, Any]:
        """The arguments for `dump`, which does not compress before skops 0.7; or Absent."""
        if "compression" in inspect.signature(dump).parameters:
            return self.options
        if self.options["compression"] != zipfile.ZIP_STORED:
            raise Absent("this skops does not compress")
        return {}

    def load(self, path: str) -> Any:
        import skops.io

        with open(path + ".types", encoding="utf-8") as file:
            allowed = set(json.load(file))
        asked = skops.io.get_untrusted_types(file=path)
        return skops.io.load(path, trusted=[name for name in asked if name in allowed])

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        """The author's list stays as it is beside a file that somebody else has written."""

        def swap(path: str) -> None:
            self.dump(model, path, data)

        return _skops_attacks.attacks(swap, self.load, data)


def _named(path: str) -> Iterator[str]:
    """Every type and function that the schema in the file names."""
    with zipfile.ZipFile(path) as archive:
        pending = [json.loads(archive.read("schema.json"))]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if "__class__" in node and "__module__" in node:
                yield "%s.%s" % (node["__module__"], node["__class__"])
            if "function" in node and "module_path" in node:
                yield "%s.%s" % (node["module_path"], node["function"])
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
