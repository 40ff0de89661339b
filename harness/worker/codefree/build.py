"""The structure and the arrays as an estimator again; `walk.py` says what a structure is.

Everything is refused that is not exactly what `walk` writes: unknown keys, places that do not
exist, objects and arrays that nothing refers to. Objects are made first, then given their
attributes, and checked when all of them have theirs.
"""

from __future__ import annotations

from typing import Any, List, Tuple

from . import checks, classes, made
from .expect import require, whole
from .limits import DEPTH, EARNED, INTEGER, KEY, NODES, OBJECTS, SHARED, Refused, Room
from .tags import TAGS

Node = Any
STEPS = (("X_thresholds_", "y_thresholds_"), ("_necessary_X_", "_necessary_y_"))  # isotonic, by age
CYCLIC = ("sklearn.cluster._birch._CFNode", "sklearn.cluster._birch._CFSubcluster")


def build(structure: Any, arrays: List[Any]) -> Any:
    """The model. Raises Refused, or what a library raises for values that make no sense."""
    keys = ["store", "versions", "root", "objects", "arrays"]
    require(isinstance(structure, dict) and list(structure) == keys, "no structure of a model")
    require(structure["store"] == 1, "of a version of this store that is not known here")
    objects = structure["objects"]
    require(isinstance(objects, list) and len(objects) <= OBJECTS, "no list of objects")
    builder = Builder(objects, arrays)
    return builder.model(structure["root"])


class Builder:
    """Makes the objects and fills them; counts what it makes, and what is referred to."""

    def __init__(self, entries: List[Any], arrays: List[Any]) -> None:
        self.entries = entries
        self.arrays = arrays
        self.used = [False] * len(arrays)
        self.count = 0
        self.links: List[int] = []  # the objects that the object at work refers to
        self.room = Room()
        self.attribute = ""  # whose value is made
        self.references = False  # whether objects may be referred to yet
        self.objects: List[Any] = []

    def model(self, root: Node) -> Any:
        """Everything, in order; what `root` stands for."""
        self.objects = [self._empty(entry) for entry in self.entries]
        self.references = True
        linked, sizes = [], []
        for entry, empty in zip(self.entries, self.objects):
            self.links, before = [], self.count
            self._fill(entry, empty)
            linked.append(self.links)
            sizes.append(1 + self.count - before)
        self.links = []
        model = self.value(root, 0)
        require(len(self.links) == 1 and model is self.objects[self.links[0]], "it is no object")
        require(all(self.used), "there are arrays that nothing refers to")
        measure(self.entries, linked, sizes, self.links[0])
        for entry, filled in zip(self.entries, self.objects):
            self._finish(entry, filled)
        return model

    def _empty(self, entry: Any) -> Any:
        """An object without its attributes; what is made of parts is whole at once."""
        require(isinstance(entry, dict) and entry, "no object")
        keys = list(entry)
        if keys == ["class", "attributes"]:
            name = entry["class"]
            require(
                type(name) is str and name in classes.CLASSES, "%.100r is not on the list" % name
            )
            try:
                return object.__new__(classes.find_class(name))
            except (ImportError, KeyError) as error:
                raise Refused("this scikit-learn has no %s: %s" % (name, error))
        if keys == ["bunch"]:
            from sklearn.utils import Bunch

            return Bunch()
        require(keys == ["made", "of"] and isinstance(entry["of"], dict), "no object")
        return made.make(
            entry["made"], {key: self.value(node, 1) for key, node in entry["of"].items()}
        )

    def _fill(self, entry: Any, empty: Any) -> None:
        if "attributes" in entry:
            require(isinstance(entry["attributes"], dict), "no attributes")
            for name, node in entry["attributes"].items():
                self.attribute = name
                held = self.value(node, 1)
                checks.attribute(type(empty), name, held)
                vars(empty)[name] = held
            self.attribute = ""
        elif "bunch" in entry:
            for key, node in self.pairs(entry["bunch"], 1):
                require(type(key) is str, "a key of a Bunch that is no string")
                empty[key] = self.value(node, 1)

    def _finish(self, entry: Any, filled: Any) -> None:
        if "attributes" not in entry:
            return
        checks.together(entry["class"], filled)
        if entry["class"] == "sklearn.isotonic.IsotonicRegression":
            for steps in STEPS:
                if all(name in vars(filled) for name in steps):
                    filled._build_f(*(getattr(filled, name) for name in steps))

    def value(self, node: Node, depth: int) -> Any:
        """What a node stands for."""
        self.count += 1
        require(depth <= DEPTH and self.count <= NODES, "nested too deeply, or too large")
        if node is None or type(node) in (bool, str, float):
            return node
        if type(node) is int:
            require(abs(node) < INTEGER, "too large an integer")
            return node
        if isinstance(node, list):
            return self.items(node, depth)
        require(isinstance(node, dict) and len(node) == 1, "no value")
        ((tag, inner),) = node.items()
        require(tag in TAGS, "%.60r stands for nothing" % (tag,))
        return TAGS[tag](self, inner, depth)

    def items(self, nodes: Any, depth: int) -> List[Any]:
        """What the nodes in a list stand for."""
        require(isinstance(nodes, list), "no list of values")
        return [self.value(node, depth + 1) for node in nodes]

    def pairs(self, nodes: Any, depth: int) -> List[Tuple[Any, Node]]:
        """Keys, made and different from each other, with the nodes of their values."""
        require(isinstance(nodes, list), "no list of pairs")
        found, seen = [], set()
        for pair in nodes:
            require(isinstance(pair, list) and len(pair) == 2, "no pair of key and value")
            key = self.key(pair[0], depth)
            require(key not in seen, "the key %.60r stands there twice" % (key,))
            seen.add(key)
            found.append((key, pair[1]))
        return found

    def key(self, node: Node, depth: int) -> Any:
        """A key of a dictionary, or a member of a set: a plain value."""
        import numpy

        key = self.value(node, depth + 1)
        good = key is None or isinstance(key, (bool, int, float, str, numpy.generic))
        require(good, "a key that is no plain value")
        require(not isinstance(key, (int, numpy.integer)) or abs(int(key)) < KEY, "too large a key")
        return key

    def array(self, place: Any) -> Any:
        """The array at that place."""
        whole(place, "the place of an array", 0, len(self.arrays) - 1)
        found = self.arrays[place]
        if self.used[place]:
            self.count += again(found, not self.references)
            require(self.count <= NODES, "one array is used too often")
        else:
            self.room.take(0, EARNED * found.nbytes)
        self.used[place] = True
        return found

    def object(self, place: Any) -> Any:
        """The object at that place."""
        require(self.references, "a part that refers to an object")
        whole(place, "the place of an object", 0, len(self.objects) - 1)
        self.links.append(place)
        return self.objects[place]


def again(array: Any, rebuilt: bool) -> int:
    """What it costs to look at an array once more, or to build something of it once more."""
    return array.size if rebuilt else array.size // 64  # type: ignore[no-any-return]


def measure(entries: List[Any], links: List[List[int]], sizes: List[int], root: int) -> None:
    """Refuse what would grow beyond measure when it is followed, and objects out of reach.

    An object that is referred to twice, by one that is referred to twice, and so on, is small and
    takes for ever to look at. Those of `CYCLIC` alone may refer to each other in a circle.
    """
    names = [entry.get("class", "") for entry in entries]
    total: List[int] = [0] * len(entries)  # 0: not seen; -1: being looked at
    visits: List[int] = [0] * len(entries)  # of objects, when each is followed anew
    pending = [root]
    while pending:
        at = pending[-1]
        if total[at] == 0:
            total[at] = -1
            for link in links[at]:
                circle = names[at] in CYCLIC and names[link] in CYCLIC
                require(circle or total[link] != -1, "objects that refer to each other in a circle")
            pending.extend(link for link in links[at] if total[link] == 0)
            continue
        pending.pop()
        if total[at] == -1:
            plain = [
                link for link in links[at] if names[at] not in CYCLIC or names[link] not in CYCLIC
            ]
            total[at] = sizes[at] + sum(max(total[link], 0) for link in plain)
            visits[at] = 1 + sum(visits[link] for link in plain)
            good = total[at] <= NODES and visits[at] <= SHARED * len(entries)
            require(good, "objects that grow beyond measure when they are followed")
    require(all(total), "there are objects that nothing refers to")
