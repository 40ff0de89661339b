"""What is measured: a model to save, the rows it is asked about, and the question."""

from __future__ import annotations

import os
import pickle
from typing import Any, Callable, Dict, List, NamedTuple

from .. import answers, registry

SOURCE, ROWS = "source.pkl", "rows.pkl"


class Rows(NamedTuple):
    """The data of a model of a user's own: rows to ask about, and nothing to fit on."""

    X: Any
    y: Any
    ask: Any
    ask_y: Any


def make(request: Dict[str, Any]) -> Any:
    """The model: fitted by its recipe, or what the user's file holds."""
    if request["own"]:
        return unpickled(request["own"])
    model = registry.MODELS[request["model"]]
    if model.asks:
        return model.build()
    data = registry.data(model.data)
    X, y = answers.own(data.X), answers.own(data.y)
    estimator = model.build()
    return estimator.fit(X) if y is None else estimator.fit(X, y)


def unpickled(path: str) -> Any:
    """What a file of pickle or joblib holds: reading it runs what it says."""
    try:
        with open(path, "rb") as file:
            return pickle.load(file)
    except pickle.UnpicklingError:
        import joblib

        return joblib.load(path)
    except (KeyError, ValueError, EOFError):  # joblib's, compressed or with arrays apart
        import joblib

        return joblib.load(path)


def data(request: Dict[str, Any]) -> Any:
    """The model's data: its registry's, or the user's rows."""
    if not request["own"]:
        return registry.data(registry.MODELS[request["model"]].data)
    rows = _rows(request["ask"]) if request["ask"] else None
    return Rows(rows, None, rows, None) if rows is not None else registry.Nothing


def _rows(path: str) -> Any:
    """Rows of a .npy file, or of a .csv file: a table where pandas is there, else numbers."""
    import numpy

    if path.endswith(".npy"):
        return numpy.load(path, allow_pickle=False)
    try:
        import pandas
    except ImportError:
        return numpy.loadtxt(path, delimiter=",", ndmin=2)
    return pandas.read_csv(path)


def keep(request: Dict[str, Any], model: Any, about: Any) -> str:
    """Leave model and rows for the processes that follow; how they get the model.

    `file` where it can be pickled; otherwise each makes it anew: `made`.
    """
    if about.ask is not None:
        with open(os.path.join(request["folder"], ROWS), "wb") as file:
            pickle.dump(about.ask, file, protocol=pickle.HIGHEST_PROTOCOL)
    path = os.path.join(request["folder"], SOURCE)
    try:
        with open(path, "wb") as file:
            pickle.dump(model, file, protocol=pickle.HIGHEST_PROTOCOL)
        with open(path, "rb") as file:
            pickle.load(file)
        return "file"
    except Exception:
        os.remove(path)
        return "made"


def kept(request: Dict[str, Any]) -> Any:
    """The model that `keep` has left."""
    path = os.path.join(request["folder"], SOURCE)
    if os.path.exists(path):
        with open(path, "rb") as file:
            return pickle.load(file)
    registry.read(request["plugins"])
    return make(request)


def questions(request: Dict[str, Any], model: Any, about: Any) -> List[str]:
    """Names of what `model` answers about its rows, the usual ones first."""
    own = None if request["own"] else registry.MODELS[request["model"]].asks
    if not own and about.ask is None:
        return []
    asked = dict(own) if own else {n: _about(n, about.ask) for n in answers.WITH_X}
    found = []
    for name in answers.answerable(model, asked) if not own else asked:
        try:
            asked[name](model)
            found.append(name)
        except Exception:  # noqa: S112 - it does not answer this: no question to it
            continue
    return found


def question(request: Dict[str, Any], name: str) -> Callable[[Any], Callable[[], Any]]:
    """Given the question's name, a function of a loaded model; what it gives asks when called.

    Copying the rows, so that nobody can spoil them, happens before that and is not timed.
    """
    path = os.path.join(request["folder"], ROWS)
    if not os.path.exists(path):
        registry.read(request["plugins"])
        ask = (registry.MODELS[request["model"]].asks or {})[name]
        return lambda model: lambda: ask(model)
    with open(path, "rb") as file:
        rows = pickle.load(file)

    def about(model: Any) -> Callable[[], Any]:
        mine = answers.own(rows)
        return lambda: getattr(model, name)(mine)

    return about


def _about(name: str, rows: Any) -> Callable[[Any], Any]:
    return lambda model: getattr(model, name)(answers.own(rows))
