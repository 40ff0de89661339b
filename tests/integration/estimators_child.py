"""Runs in an environment: names every estimator of its scikit-learn that no recipe uses.

`python -I estimators_child.py WORKER` prints {"all": how many, "missing": [names]} as JSON.
"""

import importlib
import importlib.util
import json
import sys
import warnings

EXPERIMENTS = ("hist_gradient_boosting", "iterative_imputer", "halving_search_cv")


def main(worker):
    warnings.simplefilter("ignore")
    spec = importlib.util.spec_from_file_location(
        "shelflife_worker", worker + "/__init__.py", submodule_search_locations=[worker]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["shelflife_worker"] = package
    spec.loader.exec_module(package)
    registry = importlib.import_module("shelflife_worker.registry")
    registry.read()
    seen = set()
    for model in registry.MODELS.values():
        try:
            walk(model.build(), seen)
        except Exception:  # of another library, or Absent here
            continue
    every = {name for name, _ in estimators()}
    print(json.dumps({"all": len(every), "missing": sorted(every - seen)}))


def estimators():
    for name in EXPERIMENTS:
        try:
            importlib.import_module("sklearn.experimental.enable_" + name)
        except ImportError:
            continue
    from sklearn.utils import all_estimators

    return all_estimators()


def walk(value, seen):
    """Names of the classes of a recipe's estimator and of all estimators in its parameters."""
    if isinstance(value, (list, tuple)):
        for part in value:
            walk(part, seen)
    elif hasattr(value, "get_params") and not isinstance(value, type):
        seen.add(type(value).__name__)
        walk(list(value.get_params(deep=False).values()), seen)
    elif hasattr(value, "estimator"):  # what fits it in another way
        walk(value.estimator, seen)


main(sys.argv[1])
