"""Classes of a script and their instances, which only cloudpickle and dill save: by value."""

from __future__ import annotations

from typing import Any, Dict

from ..registry import Asks
from ._scripts import calling, script

MADE: Asks = {
    "value": lambda cls: repr(cls(3).value(4)),
    "name": lambda cls: [cls.__name__, cls.__qualname__, cls.__doc__ or ""],
    "bases": lambda cls: [base.__name__ for base in cls.__mro__],
}
INSTANCE: Asks = {
    "value": lambda thing: repr(thing.value(4)),
}
MEMBER: Asks = {
    "member": lambda member: [member.name, repr(member.value)],
    "others": lambda member: [other.name for other in type(member)],
    "same": lambda member: type(member)(member.value) is member,
}
ROW: Asks = {
    "text": repr,
    "equal": lambda row: row == type(row)(*(getattr(row, name) for name in ("left", "right"))),
}

SCRIPTS: Dict[str, Any] = {
    "class": (
        MADE,
        "a class",
        '''
class subject:
    """Says what it is."""
    factor = 10
    def __init__(self, base):
        self.base = base
    def value(self, x):
        return self.base * self.factor + x
''',
    ),
    "class-super": (
        MADE,
        "a class that asks its parent",
        """
class Parent:
    def __init__(self, base):
        self.base = base
    def value(self, x):
        return self.base + x
class subject(Parent):
    def __init__(self, base):
        super().__init__(base * 2)
    def value(self, x):
        return super().value(x) * 100
""",
    ),
    "class-kinds": (
        MADE,
        "properties, static and class methods",
        """
class subject:
    seen = 5
    def __init__(self, base):
        self._base = base
    @property
    def base(self):
        return self._base + 1
    @staticmethod
    def twice(x):
        return 2 * x
    @classmethod
    def both(cls, x):
        return cls.seen + x
    def value(self, x):
        return [self.base, self.twice(x), self.both(x)]
""",
    ),
    "class-slots": (
        MADE,
        "a class with slots",
        """
class subject:
    __slots__ = ("base", "_other")
    def __init__(self, base):
        self.base, self._other = base, -base
    def value(self, x):
        return self.base * x + self._other
""",
    ),
    "class-abstract": (
        MADE,
        "an abstract class and one that is not",
        """
import abc
class Shape(abc.ABC):
    @abc.abstractmethod
    def value(self, x):
        raise NotImplementedError
class subject(Shape):
    def __init__(self, base):
        self.base = base
    def value(self, x):
        return isinstance(self, Shape), self.base - x
""",
    ),
    "class-meta": (
        MADE,
        "a class with a class of its own",
        """
class Meta(type):
    def __new__(mcs, name, bases, body):
        body["added"] = name.upper()
        return super().__new__(mcs, name, bases, body)
class subject(metaclass=Meta):
    def __init__(self, base):
        self.base = base
    def value(self, x):
        return self.added, self.base, x
""",
    ),
    "instance": (
        INSTANCE,
        "an instance of a class of the script",
        """
class Scaler:
    def __init__(self, base):
        self.base = base
        self.own = [1, 2]
    def value(self, x):
        return self.base * x
subject = Scaler(7)
""",
    ),
    "instance-state": (
        INSTANCE,
        "one that says how it is saved",
        """
class Keeper:
    def __init__(self, base):
        self.base, self.cache = base, {}
    def __getstate__(self):
        return {"base": self.base}
    def __setstate__(self, state):
        self.__dict__.update(state, cache={"restored": True})
    def value(self, x):
        return self.base + x
subject = Keeper(7)
""",
    ),
    "instance-calls": (
        calling(20),
        "an instance that can be called",
        """
class Adder:
    def __init__(self, n):
        self.n = n
    def __call__(self, x):
        return self.n + x
subject = Adder(7)
""",
    ),
    "method": (
        calling(20),
        "a method of an instance",
        """
class Adder2:
    def __init__(self, n):
        self.n = n
    def add(self, x):
        return self.n + x
subject = Adder2(7).add
""",
    ),
    "dict-subclass": (
        {"got": lambda d: [repr(sorted(d.items())), d["none"], d.extra]},
        "a dictionary of its own kind",
        """
class Forgiving(dict):
    def __missing__(self, key):
        return "no " + key
subject = Forgiving(a=1)
subject.extra = 5
""",
    ),
    "dataclass": (
        ROW,
        "an instance of a dataclass",
        """
import dataclasses
@dataclasses.dataclass(order=True)
class Pair:
    left: int
    right: list = dataclasses.field(default_factory=list)
subject = Pair(1, [2])
""",
    ),
    "dataclass-frozen": (
        ROW,
        "one that cannot change",
        """
import dataclasses
@dataclasses.dataclass(frozen=True)
class Frozen:
    left: int
    right: str = "r"
subject = Frozen(1)
""",
    ),
    "namedtuple": (
        ROW,
        "a named tuple",
        """
import collections
Point = collections.namedtuple("Point", "left right", defaults=[5])
subject = Point(1)
""",
    ),
    "namedtuple-typed": (
        ROW,
        "a named tuple with types",
        """
import typing
class Typed(typing.NamedTuple):
    left: int
    right: str = "r"
subject = Typed(1)
""",
    ),
    "enum": (
        MEMBER,
        "a member of an enumeration",
        """
import enum
class Colour(enum.Enum):
    RED = 1
    GREEN = "g"
subject = Colour.GREEN
""",
    ),
    "enum-flag": (
        MEMBER,
        "two flags at once",
        """
import enum
class Access(enum.IntFlag):
    READ = 1
    WRITE = 2
subject = Access.WRITE
""",
    ),
    "exception": (
        {"text": repr, "args": lambda e: repr(e.args), "code": lambda e: e.code},
        "an error of the script's",
        """
class Trouble(ValueError):
    def __init__(self, text, code=7):
        super().__init__(text)
        self.code = code
subject = Trouble("no")
""",
    ),
    "typed-dict": (
        {"keys": lambda cls: sorted(cls.__annotations__), "made": lambda cls: repr(cls(a=1))},
        "a typed dictionary",
        """
import typing
class subject(typing.TypedDict):
    a: int
    b: str
""",
    ),
    "dataclass-slots": (
        ROW,
        "since 3.10: a dataclass with slots",
        """
import dataclasses, sys
if sys.version_info < (3, 10):
    raise SyntaxError("dataclasses have no slots")
@dataclasses.dataclass(slots=True)
class Slotted:
    left: int
    right: str = "r"
subject = Slotted(1)
""",
    ),
    "type-defaults": (
        MADE,
        "since 3.13: types with defaults",
        """
class subject[T = int]:
    def __init__(self, base: T):
        self.base = base
    def value(self, x):
        return self.base, x
""",
    ),
}

for _name, (_asks, _summary, _text) in SCRIPTS.items():
    script(_name, _summary, _asks, __name__, _text)
