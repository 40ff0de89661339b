"""`python -I start.py IMPORTS REQUEST`: marks the time, imports, and only then reads our own code.

What comes before the imports is counted as the interpreter's: so there is as little as can be.
"""

import sys
import time

MARKS = {"interpreter": (time.monotonic(), time.process_time())}


def import_modules(path: str) -> None:
    """Import what the file names; a module that only exists inside another one is passed over."""
    if path == "-":
        return
    with open(path) as names:
        for name in names.read().split():
            if name not in sys.modules:
                try:
                    __import__(name)
                except ImportError:
                    continue


def as_package() -> None:
    """Make the worker's folder the package `shelflife_worker`, as its `__main__` does."""
    import importlib.util
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    worker = os.path.dirname(here)
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = importlib.util.spec_from_file_location(
        "shelflife_worker", os.path.join(worker, "__init__.py"), submodule_search_locations=[worker]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["shelflife_worker"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    import_modules(sys.argv[1])
    MARKS["import"] = (time.monotonic(), time.process_time())
    as_package()
    import importlib

    commands = importlib.import_module("shelflife_worker.measuring.commands")

    commands.main(sys.argv[2], MARKS)
