"""`python -I -X faulthandler harness/worker COMMAND`: see the package's docstring."""

import importlib.util
import os
import sys


def as_package():
    """Make this folder the package `shelflife_worker`: no name of ours can hide a library's."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    spec = importlib.util.spec_from_file_location(
        "shelflife_worker", os.path.join(here, "__init__.py"), submodule_search_locations=[here]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["shelflife_worker"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    as_package()
    from shelflife_worker.commands import main

    sys.exit(main(sys.argv[1:]))
