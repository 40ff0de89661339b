"""An estimator as plain JSON values and a list of arrays.

The *structure* is

    {"store": 1, "versions": {...}, "root": node, "objects": [...], "arrays": [...]}

A *node* is null, true, false, a number, a string or a list of nodes as they stand in JSON, or an
object with one key that says what it is, such as `{"tuple": [1, 2]}` or `{"float": "nan"}`. An
instance is `{"object": n}`, an array of numbers `{"array": n}`: places in the two lists, so that
what is referred to twice is one thing again. Lists, tuples and dictionaries are values, written out
wherever they are referred to. Each of `objects` is one of

    {"class": name, "attributes": {name: node}}     made empty, then given its attributes
    {"bunch": [[key, node], ...]}                   scikit-learn's Bunch
    {"made": name, "of": {part: node}}              made by a function of `made.py`
"""

from __future__ import annotations

import importlib
from typing import Any, Dict, List, Sequence, Set, Tuple

from . import checks, classes, made, made_values
from .build import again
from .limits import DEPTH, EARNED, INTEGER, NODES, NUMBERS, RATIO, Cannot, Refused, Room
from .plain import PLAIN
from .tags import NAMED, letters

Node = Any
MODULES = {"scikit-learn": "sklearn"}
LEFT_OUT = {"sklearn.isotonic.IsotonicRegression": ("f_",)}  # made again from what is kept


def walk(model: Any) -> Tuple[Dict[str, Any], List[Any]]:
    """Structure and arrays of `model`. Raises Cannot with the path of what cannot be held."""
    walker = Walker()
    root = walker.value(model, "", 0)
    walker.finish()
    if not walker.objects:
        raise Cannot("%s is no estimator" % classes.in_words(model))
    structure = {
        "store": 1,
        "versions": versions(),
        "root": root,
        "objects": walker.objects,
        "arrays": walker.entries,
    }
    return structure, walker.arrays


def versions(libraries: Sequence[str] = ("scikit-learn", "numpy", "scipy")) -> Dict[str, str]:
    """Of libraries; at first those whose classes are stored."""
    return {
        name: importlib.import_module(MODULES.get(name, name)).__version__ for name in libraries
    }


class Walker:
    """Collects objects and arrays; each instance and each array of numbers once."""

    def __init__(self) -> None:
        self.objects: List[Dict[str, Any]] = []
        self.arrays: List[Any] = []
        self.entries: List[Dict[str, Any]] = []
        self.places: Dict[int, Node] = {}  # id of what has a place already: its node
        self.kept: List[Any] = []  # what is named by its id must stay alive
        self.pending: List[Tuple[Dict[str, Any], Any, str]] = []
        self.count = 0
        self.room = Room()
        self.making = False  # whether parts are described, of which something is built again
        self.rebuilt: Set[int] = set()

    def finish(self) -> None:
        """Describe every object that has a place, and those that they refer to."""
        for entry, value, path in self.pending:  # it grows meanwhile
            entry.update(self._described(value, path))

    def value(self, value: Any, path: str, depth: int) -> Node:
        """The node for `value`; `path` is where it was found, for reasons and readers."""
        self.count += 1
        if depth > DEPTH or self.count > NODES:
            raise Cannot("%s: nested too deeply, or too large" % (path or "the model"))
        if value is None or type(value) is bool or type(value) is str:
            return value
        if type(value) is int and abs(value) < INTEGER:
            return value
        if type(value) is float:
            finite = value - value == 0.0
            return value if finite else {"float": repr(value)}
        encode = PLAIN.get(type(value))
        if encode is not None:
            return encode(self, value, path, depth)
        return self._other(value, path, depth)

    def items(self, values: Any, path: str, depth: int) -> List[Node]:
        """Nodes of the members of a container."""
        return [self.value(v, "%s[%d]" % (path, i), depth + 1) for i, v in enumerate(values)]

    def _other(self, value: Any, path: str, depth: int) -> Node:
        import numpy

        if type(value) in (numpy.ndarray, numpy.memmap):
            return self._array(value, path, depth)
        if type(value) is numpy.ma.MaskedArray:
            return self._masked(value, path, depth)
        if isinstance(value, numpy.generic):
            return self._scalar(value, path)
        if isinstance(value, numpy.dtype) and (value.str in NUMBERS or value.str == "|O"):
            return {"dtype": value.str}
        name = "%s.%s" % (type(value).__module__, type(value).__qualname__)
        if name in NAMED:
            return {"named": [name, self.items(value, path, depth)]}
        constant = classes.constant_name(value) if callable(value) else None
        if constant is not None:
            own = classes.ONLY_AS.get(constant)
            if own and not path.endswith("." + own):
                raise Cannot("%s is %s, which is of use nowhere else" % (path, constant))
            return {"constant": constant}
        if made_values.is_histogram_check(value):
            return {"histogram_check": True}
        return self._instance(value, path)

    def _instance(self, value: Any, path: str) -> Node:
        """A place among the objects; described later, so that long chains are not deep ones."""
        if id(value) not in self.places:
            known = classes.class_name(value) or made.name(value) or classes.is_bunch(value)
            if not known:
                what = (path or "it", classes.in_words(value))
                raise Cannot("%s is %s, which is not on the list" % what)
            self.places[id(value)] = {"object": len(self.objects)}
            self.kept.append(value)
            self.objects.append({})
            self.pending.append((self.objects[-1], value, path))
        return self.places[id(value)]

    def _described(self, value: Any, path: str) -> Dict[str, Any]:
        if classes.is_bunch(value):
            pairs = [
                [self.value(k, path, 1), self.value(v, path + "." + str(k), 1)]
                for k, v in value.items()
            ]
            return {"bunch": pairs}
        name = made.name(value)
        if name:
            parts = made.take(value)
            self.making = True
            of = {k: self.value(v, path + "." + k, 1) for k, v in parts.items()}
            self.making = False
            return {"made": name, "of": of}
        return self._attributes(classes.class_name(value), value, path)

    def _attributes(self, name: str, value: Any, path: str) -> Dict[str, Any]:
        found = {}
        for key, held in vars(value).items():
            where = "%s.%s" % (path, key)
            if key in LEFT_OUT.get(name, ()):
                continue
            try:
                checks.attribute(type(value), key, held)
            except ValueError as error:
                raise Cannot("%s: %s" % (where, error))
            found[key] = self.value(held, where, 1)
        try:
            checks.together(name, value)
        except ValueError as error:
            raise Cannot("%s: %s" % (path or "the model", error))
        return {"class": name, "attributes": found}

    def _array(self, array: Any, path: str, depth: int) -> Node:
        if array.dtype.str in NUMBERS:
            return self._numbers(array, path)
        if array.dtype.kind == "U":
            words = array.ravel().tolist()
            self._room(array.nbytes, RATIO * letters(words), path)
            return {"words": [array.dtype.str, list(array.shape), words]}
        if array.dtype.names:
            return self._records(array, path)
        if array.dtype.kind == "O":
            return {"cells": [list(array.shape), self.items(array.ravel(), path, depth)]}
        raise Cannot("%s is an array of %s" % (path, array.dtype))

    def _numbers(self, array: Any, path: str) -> Node:
        if id(array) not in self.places:
            self.places[id(array)] = {"array": len(self.arrays)}
            self.kept.append(array)
            # A part of an array in Fortran's order keeps that order.
            whole = array if array.flags.forc else array.copy(order="K")
            fortran = whole.flags.f_contiguous and not whole.flags.c_contiguous
            self.entries.append(
                {
                    "name": path,
                    "dtype": array.dtype.str,
                    "shape": list(array.shape),
                    "order": "F" if fortran else "C",
                }
            )
            self.arrays.append(whole)
            self._room(0, EARNED * array.nbytes, path)
        else:
            self.count += again(array, self.making and id(array) in self.rebuilt)
        if self.making:
            self.rebuilt.add(id(array))
        return self.places[id(array)]

    def _room(self, used: int, earned: int, path: str) -> None:
        try:
            self.room.take(used, earned)
        except Refused as error:
            raise Cannot("%s: %s" % (path, error))

    def _records(self, array: Any, path: str) -> Node:
        """An array of records as one array for each field: no padding, and any reader reads it."""
        fields = []
        for name in array.dtype.names:
            dtype, offset = array.dtype.fields[name][:2]
            if dtype.str not in NUMBERS or array.ndim != 1:
                raise Cannot("%s is an array of records with %s" % (path, dtype))
            column = self._numbers(array[name].copy(), "%s.%s" % (path, name))
            fields.append([name, offset, column])
        self._room(array.nbytes, 0, path)
        return {"records": [array.dtype.itemsize, fields]}

    def _masked(self, value: Any, path: str, depth: int) -> Node:
        import numpy

        fill = value._fill_value
        if value.hardmask or value.dtype.names:
            raise Cannot("%s is a masked array with a hard mask or records" % path)
        parts: List[Any] = [numpy.ma.getdata(value), numpy.ma.getmaskarray(value)]
        parts.append(None if fill is None else numpy.asarray(fill)[()])
        return {"masked": self.items(parts, path, depth)}

    def _scalar(self, value: Any, path: str) -> Node:
        if value.dtype.kind == "U":
            return {"numpy": ["str", str(value)]}
        if value.dtype.str not in NUMBERS:
            raise Cannot("%s is a %s" % (path, type(value).__name__))
        return {"numpy": [value.dtype.str, self.value(value.item(), path, DEPTH)]}
