"""What recipes ask of the scikit-learn that they run with; no models here."""

from __future__ import annotations

import importlib
import inspect
from typing import Any, Dict, Sequence

from ..registry import Absent


def at_least(major: int, minor: int) -> bool:
    """Whether this scikit-learn is that release or a later one."""
    import sklearn

    return tuple(int(part) for part in sklearn.__version__.split(".")[:2]) >= (major, minor)


def find(path: str) -> Any:
    """What is called `path` below `sklearn`, such as `impute.KNNImputer`; or Absent."""
    module, name = path.rsplit(".", 1)
    try:
        return getattr(importlib.import_module("sklearn." + module), name)
    except (ImportError, AttributeError):
        raise Absent("this scikit-learn has no %s" % path)


def library(name: str) -> Any:
    """The module `name` of a library other than scikit-learn; or Absent where it is not there."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Absent("this environment has no working %s: %s" % (name, error))


def since(name: str, version: str, what: str) -> Any:
    """The library `name`, which has had `what` since that version; or Absent."""
    module = library(name)
    given, wanted = (
        tuple(int(part) for part in text.split(".")[:2]) for text in (module.__version__, version)
    )
    if given < wanted:
        raise Absent("%s has had %s since %s" % (name, what, version))
    return module


def enable(name: str) -> None:
    """Switch on the experiment `sklearn.experimental.enable_<name>`; or Absent."""
    try:
        importlib.import_module("sklearn.experimental.enable_" + name)
    except ImportError:
        raise Absent("this scikit-learn has no experiment %s" % name)


def only(cls: Any, **wanted: Any) -> Dict[str, Any]:
    """`wanted` again where `cls` takes all of these parameters; or Absent."""
    for name in wanted:
        if name not in inspect.signature(cls).parameters:
            raise Absent("%s of this scikit-learn takes no %s" % (cls.__name__, name))
    return wanted


def either(cls: Any, names: Sequence[str], value: Any) -> Dict[str, Any]:
    """`value` under the first of `names` that `cls` takes: for a parameter that was renamed."""
    for name in names:
        if name in inspect.signature(cls).parameters:
            return {name: value}
    raise Absent("%s of this scikit-learn takes none of %s" % (cls.__name__, ", ".join(names)))


def base(cls: Any, estimator: Any) -> Dict[str, Any]:
    """The estimator that a meta-estimator is made of, whose parameter was `base_estimator`."""
    return either(cls, ("estimator", "base_estimator"), estimator)


def require(major: int, minor: int, what: str) -> None:
    """Absent where scikit-learn is older than that, `what` being what it does not have."""
    if not at_least(major, minor):
        raise Absent("this scikit-learn has no %s" % what)
