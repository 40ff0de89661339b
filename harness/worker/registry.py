"""What there is to save and how: every model and format, found in the files of two folders.

A model's recipe is a function that returns an unfitted estimator:

    @model("logreg.binary", data="breast_cancer", summary="logistic regression, two classes")
    def logreg_binary():
        from sklearn.linear_model import LogisticRegression
        return LogisticRegression(C=0.5, max_iter=300)

An object that is no estimator, such as an array, is made whole by its recipe, which names its own
questions: `asks` is {name: function of the object}, and no data set belongs to it.

A format is a class with an `id`, `dump` and `load` (see `Format`), decorated with `@format_`.
The files of `models/` and `formats/` are imported when the registry is read, so they import
the standard library alone at module level; what a recipe needs, it imports when called.
Folders named by a request as `plugins` are read in the same way. A `@wrapper` turns each format
into another one, such as `pickle-5` into `pickle-5+aesgcm`.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
from functools import lru_cache
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Type

MODELS: Dict[str, Model] = {}
FORMATS: Dict[str, Format] = {}
DATA: Dict[str, Callable[[], Any]] = {}  # data sets of plugins, by name
Asks = Mapping[str, Callable[[Any], Any]]  # questions by name, each a function of the object
WRAPPERS: List[Callable[[Format], Optional[Format]]] = []


class Unsupported(Exception):
    """Raised by a format that says itself that it cannot, with the reason in words."""


class Absent(Exception):
    """Raised by a recipe where this environment's libraries have no such thing; why, in words."""


class Tolerance(NamedTuple):
    """Largest difference that counts as `close`, relative to the reference's largest value."""

    rtol: float
    reason: str


class Model(NamedTuple):
    """A recipe for a fitted model; with `asks`, for an object that needs no fitting and no data."""

    id: str
    family: str
    data: str
    summary: str
    build: Callable[[], Any]
    tolerance: Optional[Tolerance]
    asks: Optional[Asks] = None


class Attack(NamedTuple):
    """A file that would do more than load, and how it is loaded: the proof behind `executes`.

    `plant(path, canary)` writes a hostile artifact to `path`: code in it, where it runs, creates
    the file `canary`. `load` is `strict` where it is the format's own, `lax` where it is the
    careless way that people also use. What is returned is asked for an answer as well.
    """

    mode: str
    how: str
    plant: Callable[[str, str], None]
    load: Callable[[str], Any]


class Format:
    """A way to persist. Subclass, set the fields, and decorate with `@format_`.

    An artifact is the file or the folder at `path`, with the files whose names begin with its name
    and a dot, such as `model.skops.types`.

    `converts`: loading gives a translation with a scorer of its own and not the estimator, so
    its answers may differ from the fitted model's and clone or get_params are not asked of it.
    """

    id = ""
    family = ""  # the file that it stands in; set when it is registered
    summary = ""
    suffix = ""
    requires: Tuple[str, ...] = ()  # modules that loading needs
    requires_to_dump: Tuple[str, ...] = ()  # modules that only saving needs
    threads: Tuple[str, ...] = ()  # of those, what may start threads when it is imported
    executes = ""  # what loading an untrusted file may execute, in words
    converts = False
    tolerance: Optional[Tolerance] = None
    checksum = ""  # what is verified on loading, in words; a changed byte then never goes unseen
    varies = ""  # why two dumps of one model differ in their bytes; "" where they are equal
    python_only = ""  # why nothing but Python can answer from the file; "" where something can
    subjects: Tuple[str, ...] = ("forest.classifier", "mlp.classifier")  # facts: trees, weights
    snippet = ""  # how a person saves `model` as `path` and gets `loaded`, as code that runs
    wraps = ""  # id of the format inside; set by wrappers
    own: Tuple[str, ...] = ()  # ends of names of files that are the harness's, not the format's

    def prepare(self) -> None:
        """Start what a whole process shares, such as a Java machine. Timed apart, as `start`."""

    def dump(self, model: Any, path: str, data: Any) -> None:
        """Save `model` as `path`. Raise Unsupported where the format cannot."""
        raise NotImplementedError

    def load(self, path: str) -> Any:
        """What a user of the format would get back from `path`."""
        raise NotImplementedError

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        """Files that try to execute code, beginning with an object that says how to rebuild it.

        A `plant` that raises Unsupported says that the format can hold no such thing.
        """
        how = "an object whose __reduce__ opens a file"
        plant: Callable[[str, str], None] = lambda path, canary: self.dump(  # noqa: E731
            Canary(canary), path, data
        )
        return [Attack("strict", how, plant, self.load)]

    def outside(self, path: str, data: Any) -> Optional[Tuple[str, Any]]:
        """What answers without Python, in words, and its `predict` of `data.ask`; None: untried."""
        return None

    def declared(self, path: str, data: Any) -> Optional[Dict[str, Any]]:
        """What the artifact says itself that it needs, and whether that was true; None: nothing."""
        return None

    def large(self) -> Any:
        """A fitted model with 16 MB or more in arrays, to see whether loading is lazy."""
        import numpy
        from sklearn.neighbors import KNeighborsRegressor

        rows = numpy.random.RandomState(0).standard_normal((1000, 2048))
        return KNeighborsRegressor(n_neighbors=1, algorithm="brute").fit(rows, rows[:, 0])


class Canary:
    """Creates the file that it is named for when it is rebuilt as a pickle says."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return open, (self.path, "w")


class Nothing:
    """The data of a model that names its own questions."""

    X = y = ask = ask_y = None


def model(
    id: str,
    data: str = "",
    summary: str = "",
    rtol: Optional[float] = None,
    why: str = "",
    asks: Optional[Asks] = None,
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Register a recipe under `id`; its family is the file that it stands in.

    `data` names a data set of `data.py`, or `asks` holds the model's own questions, which must
    leave the object as it was. `rtol` and `why`, always together, replace the default tolerance
    for answers that need more room.
    """

    def register(build: Callable[[], Any]) -> Callable[[], Any]:
        check_id(id)
        if id in MODELS:
            raise ValueError("two models are called %r" % id)
        if (rtol is None) != (not why):
            raise ValueError("model %r: a tolerance goes with its reason" % id)
        if bool(data) == bool(asks):
            raise ValueError("model %r: it has either a data set or questions of its own" % id)
        family = build.__module__.rpartition(".")[2]
        tolerance = None if rtol is None else Tolerance(rtol, why)
        MODELS[id] = Model(id, family, data, summary, build, tolerance, asks)
        return build

    return register


def check_id(id: str) -> None:
    """Ids stand in paths, in cells' ids and on command lines: plain characters only."""
    if re.match(r"[A-Za-z0-9][\w.+-]*$", id) is None:
        raise ValueError("%r is no id: letters, digits, dots, dashes, plus signs" % id)


def format_(cls: Type[Format]) -> Type[Format]:
    """Register an instance of `cls` (or of each of its `variants()`) under its id."""
    variants = getattr(cls, "variants", None)
    for instance in variants() if variants else [cls()]:
        _add(instance, cls.__module__.rpartition(".")[2])
    return cls


def _add(instance: Format, family: str) -> None:
    check_id(instance.id)
    if instance.id in FORMATS:
        raise ValueError("two formats are called %r" % instance.id)
    instance.family = family
    FORMATS[instance.id] = instance


def wrapper(wrap: Callable[[Format], Optional[Format]]) -> Callable[[Format], Optional[Format]]:
    """Register what makes a format of another, or None where it cannot wrap that one.

    It is applied to every format that is no wrapper's own. Set `wraps` to the id of the inner one.
    """
    WRAPPERS.append(wrap)
    return wrap


def _wrap() -> None:
    """Apply every wrapper to every format that it has not been applied to."""
    known = {(format.wraps, format.family) for format in FORMATS.values()}
    for wrap in WRAPPERS:
        family = wrap.__module__.rpartition(".")[2]
        for inner in [f for f in FORMATS.values() if not f.wraps]:
            made = None if (inner.id, family) in known else wrap(inner)
            if made is not None:
                _add(made, family)


def read(plugins: Sequence[str] = ()) -> None:
    """Import every file of `models/` and `formats/` and of the folders in `plugins`, once."""
    package = __name__.rpartition(".")[0]
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in ("formats", "models"):
        for stem in _stems(os.path.join(here, folder)):
            importlib.import_module("%s.%s.%s" % (package, folder, stem))
    sys.modules.setdefault("shelflife_worker", sys.modules[package])
    sys.modules.setdefault("shelflife_worker.registry", sys.modules[__name__])
    for plugin in plugins:
        if not os.path.isdir(plugin):
            raise FileNotFoundError("no folder of plugins at %r" % plugin)
        for stem in _stems(plugin):
            _import_file("shelflife_plugin_" + stem, os.path.join(plugin, stem + ".py"))
    _wrap()


def _stems(folder: str) -> List[str]:
    return sorted(
        name[:-3] for name in os.listdir(folder) if name.endswith(".py") and name[0] not in "_."
    )


def _import_file(name: str, path: str) -> None:
    """Import a file under a name that pickles of its classes can be resolved by."""
    if name in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError("cannot import %r" % path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


@lru_cache(maxsize=None)
def data(name: str) -> Any:
    """The data set `name`: one of `data/`, or of a plugin's `DATA`. Not to be written to.

    "" is the data of a model that names its own questions: nothing.
    """
    if not name:
        return Nothing
    if name in DATA:
        return DATA[name]()
    return importlib.import_module(__name__.rpartition(".")[0] + ".data").load(name)
