"""skops: a zip of a schema and arrays; only types on an allow-list are built."""

from __future__ import annotations

import json
import zipfile
from typing import Any, Iterator

from ..registry import Format, Unsupported, format_


@format_
class Skops(Format):
    """`skops.io.load` with an exact list of types, written by the author beside the artifact.

    skops' documentation asks to read the untrusted types of a file and to name those one trusts,
    one by one. Which types skops trusts by itself differs between its versions, so the author
    lists every type that the file names when it is saved; a consumer trusts those and no others.
    """

    id = "skops"
    summary = "skops, exact types on an allow-list"
    suffix = ".skops"
    requires = ("skops.io",)
    executes = "constructors of the listed types, and functions of trusted libraries by name"

    def dump(self, model: Any, path: str, data: Any) -> None:
        import skops.io
        from skops.io.exceptions import UnsupportedTypeException

        try:
            skops.io.dump(model, path)
        except UnsupportedTypeException as error:
            raise Unsupported("skops cannot store it: %s" % error)
        names = set(_named(path)) | set(skops.io.get_untrusted_types(file=path))
        with open(path + ".types", "w", encoding="utf-8") as file:
            json.dump(sorted(names), file, indent=0)

    def load(self, path: str) -> Any:
        import skops.io

        with open(path + ".types", encoding="utf-8") as file:
            allowed = set(json.load(file))
        asked = skops.io.get_untrusted_types(file=path)
        return skops.io.load(path, trusted=[name for name in asked if name in allowed])


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
