"""Functions of a script, which only cloudpickle and dill save: by value, as bytecode."""

from __future__ import annotations

from typing import Any, Dict

from ..registry import Asks
from ._scripts import calling, script


def _twice(*given: Any) -> Asks:
    """For a function that keeps something: what a second function made by it returns, twice."""

    def ask(make: Any) -> Any:
        function = make()
        return [repr(function(*given)), repr(function(*given))]

    return {"calls": ask}


def _listed(*given: Any) -> Asks:
    """For a generator: all that it gives."""
    return {"items": lambda function: [repr(item) for item in function(*given)]}


def _run(coroutine: Any) -> Any:
    """What a coroutine returns that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return repr(end.value)
    raise RuntimeError("it waits")


FUNCTION: Asks = dict(
    calling(20),
    name=lambda function: [function.__name__, function.__doc__ or ""],
    annotations=lambda function: repr(sorted(function.__annotations__)),
)

SCRIPTS: Dict[str, Any] = {
    "function": (
        FUNCTION,
        "a plain function",
        '''
def subject(x: int) -> int:
    """Says what it does."""
    return x * 2 + 1
''',
    ),
    "lambda": (
        calling(20),
        "a lambda",
        """
subject = lambda x: x ** 2 - 1
""",
    ),
    "defaults": (
        calling(20),
        "default arguments, by name only too",
        """
def subject(x, more=[1, 2], *, scale=3, **rest):
    return [x * scale] + more + sorted(rest)
""",
    ),
    "star": (
        calling(1, 2, 3),
        "any number of arguments",
        """
def subject(first, *rest, **named):
    return first, rest, named, max(*rest)
""",
    ),
    "closure": (
        calling(20),
        "a function with a number inside",
        """
def make(offset):
    def inner(x):
        return x + offset
    return inner
subject = make(7)
""",
    ),
    "closure-state": (
        _twice(),
        "a counter that changes its cell",
        """
def subject():
    count = 0
    def step():
        nonlocal count
        count += 1
        return count
    return step
""",
    ),
    "closure-module": (
        calling(20),
        "a function that uses a module",
        """
import math
def subject(x):
    return math.sqrt(x) + math.pi
""",
    ),
    "global": (
        calling(20),
        "a function that uses a global",
        """
FACTOR = {"a": 3}
def subject(x):
    return x * FACTOR["a"]
""",
    ),
    "recursive": (
        calling(12),
        "a function that calls itself",
        """
def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)
subject = factorial
""",
    ),
    "mutual": (
        calling(9),
        "two functions that call each other",
        """
def even(n):
    return n == 0 or odd(n - 1)
def odd(n):
    return n != 0 and even(n - 1)
subject = odd
""",
    ),
    "decorated": (
        calling(20),
        "a function within a decorator",
        """
import functools
def doubled(function):
    @functools.wraps(function)
    def wrapper(*args):
        return 2 * function(*args)
    return wrapper
@doubled
def subject(x):
    return x + 1
""",
    ),
    "partial": (
        calling(20),
        "a partial call of a function",
        """
import functools
def power(x, y):
    return y ** x % 1000
subject = functools.partial(power, y=3)
""",
    ),
    "cached": (
        calling(20),
        "a function with a cache",
        """
import functools
@functools.lru_cache(maxsize=4)
def subject(x):
    return x * 3
""",
    ),
    "generator": (
        _listed(4),
        "a function that yields",
        """
def subject(n):
    for i in range(n):
        got = yield i * i
    yield from "ab"
""",
    ),
    "comprehension": (
        calling(5),
        "comprehensions in comprehensions",
        """
def subject(n):
    base = 10
    return [[base + i * j for j in range(i)] for i in range(n)], {i: base for i in range(n)}
""",
    ),
    "loops": (
        calling(9),
        "loops with else, break and continue",
        """
def subject(n):
    found = []
    for i in range(2, n):
        for j in range(2, i):
            if i % j == 0:
                break
        else:
            found.append(i)
    while n > 5:
        n -= 1
        if n == 7:
            continue
        found.append(-n)
    return found
""",
    ),
    "errors": (
        calling(0),
        "try, except, finally",
        """
def subject(x):
    said = []
    try:
        try:
            1 / x
        except ZeroDivisionError as error:
            said.append(type(error).__name__)
            raise KeyError("again") from error
        finally:
            said.append("finally")
    except (KeyError, ValueError) as error:
        said.append(repr(error.args))
    else:
        said.append("else")
    return said
""",
    ),
    "with": (
        calling(3),
        "a context manager",
        """
import contextlib
def subject(x):
    said = []
    @contextlib.contextmanager
    def within():
        said.append("in")
        try:
            yield x
        finally:
            said.append("out")
    with within() as value:
        said.append(value)
    return said
""",
    ),
    "async": (
        {"call": lambda function: _run(function(20))},
        "a coroutine",
        """
async def inner(x):
    return x + 1
async def subject(x):
    return await inner(x) * 2
""",
    ),
    "text": (
        calling(20),
        "texts with values inside",
        """
def subject(x):
    return f"{x:>5}|{x / 3:.3f}|{x!r}|{'a' + 'b'}"
""",
    ),
    "unpacking": (
        calling([1, 2, 3, 4]),
        "unpacking, chains, slices",
        """
def subject(x):
    first, *middle, last = x
    merged = {**{"a": first}, "b": last}
    return [*middle, 0 < first < last < 9, x[1:-1], merged, not middle, last in x]
""",
    ),
    "dispatch": (
        calling("a"),
        "a function for each type",
        """
import functools
@functools.singledispatch
def subject(x):
    return "any"
@subject.register(str)
def _(x):
    return "text " + x
""",
    ),
    "walrus": (
        calling(20),
        "since 3.8: a value named where it is used",
        """
def subject(x):
    return [y, y * 2] if (y := x + 1) > 5 else []
""",
    ),
    "positional": (
        calling(20),
        "since 3.8: arguments by place alone",
        """
def subject(x, y=3, /, z=4):
    return x * y + z
""",
    ),
    "text-debug": (
        calling(20),
        "since 3.8: values with their names",
        """
def subject(x):
    return f"{x=} {x * 2 = :>5}"
""",
    ),
    "decorator-free": (
        calling(20),
        "since 3.9: any expression decorates",
        """
kinds = [lambda f: (lambda x: f(x) + 1)]
@kinds[0]
def subject(x):
    return x * 2
""",
    ),
    "dict-union": (
        calling({"a": 1}),
        "since 3.9: dictionaries joined",
        """
if not hasattr(dict, "__or__"):
    raise SyntaxError("dictionaries cannot be joined")
def subject(x):
    return x | {"b": 2}
""",
    ),
    "match": (
        calling({"kind": "pair", "of": [1, 2]}),
        "since 3.10: match",
        """
def subject(x):
    match x:
        case {"kind": "pair", "of": [first, second]}:
            return first + second
        case int() | str():
            return "plain"
        case _:
            return None
""",
    ),
    "except-star": (
        calling(3),
        "since 3.11: groups of errors",
        """
def subject(x):
    said = []
    try:
        raise ExceptionGroup("g", [ValueError(x), KeyError(x)])
    except* ValueError as group:
        said.append(repr(group.exceptions))
    except* KeyError as group:
        said.append("key")
    return said
""",
    ),
    "type-parameters": (
        calling(20),
        "since 3.12: parameters for types",
        """
def subject[T](x: T) -> list[T]:
    return [x, x]
""",
    ),
    "text-nested": (
        calling(20),
        "since 3.12: quotes within quotes",
        """
def subject(x):
    return f"{", ".join(f"{y + 1}" for y in [x, x])}"
""",
    ),
}

for _name, (_asks, _summary, _text) in SCRIPTS.items():
    script(_name, _summary, _asks, __name__, _text)
