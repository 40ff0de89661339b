"""`python -I -X faulthandler harness/worker COMMAND`: see the package's docstring."""

import importlib
import importlib.util
import os
import sys


def as_package() -> None:
    """Make this folder the package `shelflife_worker`: no name of ours can hide a library's."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = importlib.util.spec_from_file_location(
        "shelflife_worker", os.path.join(here, "__init__.py"), submodule_search_locations=[here]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["shelflife_worker"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    as_package()
    sys.exit(importlib.import_module("shelflife_worker.commands").main(sys.argv[1:]))
