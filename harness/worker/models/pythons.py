"""Objects of Python's own library, which every pickle is made of in the end."""

from __future__ import annotations

import copy
import importlib
from typing import Any, Callable, Dict

from ..registry import Absent, Asks
from ._tables import register

Make = Callable[[Any], Any]  # takes what imports a module by its name

TEXT: Asks = {"text": repr, "type": lambda thing: type(thing).__name__}
VARIABLES: Asks = {"values": lambda thing: repr(sorted(vars(thing).items()))}
ITEMS: Asks = {"items": lambda thing: repr(list(thing.items())), "type": TEXT["type"]}
SORTED: Asks = {"items": lambda thing: sorted(map(repr, thing)), "type": TEXT["type"]}
MOMENT: Asks = dict(
    TEXT, iso=lambda moment: moment.isoformat(), tuple=lambda m: repr(m.timetuple())
)
PATTERN: Asks = dict(TEXT, found=lambda pattern: pattern.findall("One two 3 four"))
PATH: Asks = {
    "text": str,
    "parts": lambda path: list(path.parts),
    "joined": lambda path: str(path / "more"),
}
ITERATOR: Asks = {"items": lambda it: [repr(item) for _, item in zip(range(5), copy.deepcopy(it))]}
ERROR: Asks = dict(TEXT, args=lambda error: repr(error.args), dict=lambda e: repr(vars(e)))
TREE: Asks = {
    "value": lambda tree: eval(compile(copy.deepcopy(tree), "<tree>", "eval")),  # noqa: S307
    "kinds": lambda tree: [type(n).__name__ for n in importlib.import_module("ast").walk(tree)],
}


def _calling(*given: Any) -> Asks:
    return {"call": lambda function: repr(function(*given))}


def _attributes(*names: str) -> Asks:
    return {
        "values": lambda thing: [repr(getattr(thing, name)) for name in names],
        "type": TEXT["type"],
    }


def _drawn(random: Any) -> Any:
    """The next numbers, after which the generator goes back to where it was."""
    before = random.getstate()
    try:
        return [random.random(), random.gauss(0.0, 1.0), random.randint(0, 999)]
    finally:
        random.setstate(before)


def _recursive() -> Any:
    ring = [1, 2]
    ring.append(ring)  # type: ignore[arg-type]
    return ring


def _shared() -> Any:
    part = [1, 2]
    return {"a": part, "b": part}


def _used(random: Any) -> Any:
    random.gauss(0.0, 1.0)
    return random


def _noted(error: Any) -> Any:
    error.add_note("a note")
    return error


def _advanced(iterator: Any) -> Any:
    next(iterator)
    return iterator


def _element(use: Any) -> Any:
    return use("xml.etree.ElementTree").fromstring("<a k='v'><b>text</b>tail</a>")


def _message(use: Any) -> Any:
    return use("email").message_from_string("Subject: a\nTo: b@example.org\n\nbody\n")


def _settings(use: Any) -> Any:
    parser = use("configparser").ConfigParser()
    parser.read_dict({"part": {"key": "value", "more": "%(key)s 2"}})
    return parser


def _in_zone(use: Any) -> Any:
    zone = use("zoneinfo").ZoneInfo("Europe/Paris")
    return use("datetime").datetime(2026, 7, 1, 12, 30, tzinfo=zone)


def _union(use: Any) -> Any:
    return use("operator").or_(int, str)


TABLE: Dict[str, Any] = {
    "integer": (TEXT, "a number of a hundred digits", lambda use: -(7**118)),
    "float": (TEXT, "numbers that need every bit", lambda use: [0.1, -0.0, 5e-324, float("inf")]),
    "complex": (TEXT, "a complex number", lambda use: complex(0.5, -0.0)),
    "text": (TEXT, "letters of many scripts, half a pair", lambda use: "aé日🙂\ud800\x00"),
    "bytes": (TEXT, "all bytes", lambda use: bytes(range(256))),
    "bytearray": (TEXT, "bytes that can change", lambda use: bytearray(range(256))),
    "constants": (TEXT, "the constants", lambda use: [None, True, False, Ellipsis, NotImplemented]),
    "tuple": (TEXT, "tuples in tuples", lambda use: ((), (1,), (1, (2, (3,))))),
    "dict": (
        TEXT,
        "keys of several types, in their order",
        lambda use: {"b": 1, 2: "a", (3,): None},
    ),
    "set": (SORTED, "a set", lambda use: {3, "a", (1, 2)}),
    "frozenset": (SORTED, "a frozen set", lambda use: frozenset([3, "a", (1, 2)])),
    "range": (_attributes("start", "stop", "step"), "a range", lambda use: range(10, -5, -3)),
    "slice": (_attributes("start", "stop", "step"), "a slice", lambda use: slice(1, None, 2)),
    "recursive": (TEXT, "a list that holds itself", lambda use: _recursive()),
    "shared": (
        dict(TEXT, same=lambda held: held["a"] is held["b"]),
        *("one list under two keys", lambda use: _shared()),
    ),
    "deque": (_attributes("maxlen"), "a queue of limited length", lambda use: _deque(use)),
    "ordered-dict": (
        ITEMS,
        "an OrderedDict",
        lambda use: _of(use, "OrderedDict", [("b", 1), ("a", 2)]),
    ),
    "counter": (TEXT, "a Counter", lambda use: _of(use, "Counter", "abracadabra")),
    "default-dict": (
        TEXT,
        "a defaultdict of lists",
        lambda use: _of(use, "defaultdict", list, a=[1]),
    ),
    "chain-map": (TEXT, "a ChainMap", lambda use: _of(use, "ChainMap", {"a": 1}, {"b": 2})),
    "user-dict": (TEXT, "a UserDict", lambda use: _of(use, "UserDict", {"a": 1})),
    "namespace": (
        VARIABLES,
        "a SimpleNamespace",
        lambda use: use("types").SimpleNamespace(b=1, a="x"),
    ),
    "arguments": (VARIABLES, "parsed arguments", lambda use: use("argparse").Namespace(b=1, a="x")),
    "array": (TEXT, "an array of doubles", lambda use: use("array").array("d", [0.1, -2.5])),
    "array-text": (TEXT, "an array of characters", lambda use: use("array").array("u", "aé日")),
    "date": (MOMENT, "a date", lambda use: use("datetime").date(2024, 2, 29)),
    "datetime": (MOMENT, "a moment", lambda use: use("datetime").datetime(2024, 2, 29, 1, 2, 3, 4)),
    "datetime-fold": (
        *(_attributes("fold"), "the second of two equal moments"),
        lambda use: use("datetime").datetime(2024, 10, 27, 2, 30, fold=1),
    ),
    "datetime-utc": (
        *(MOMENT, "a moment in UTC"),
        lambda use: use("datetime").datetime(2024, 2, 29, tzinfo=use("datetime").timezone.utc),
    ),
    "datetime-zone": (MOMENT, "a moment in a named zone", _in_zone),
    "zone": (TEXT, "a zone by its name", lambda use: use("zoneinfo").ZoneInfo("Asia/Tokyo")),
    "time": (TEXT, "a time of day", lambda use: use("datetime").time(1, 2, 3, 4)),
    "timedelta": (TEXT, "a span of time", lambda use: use("datetime").timedelta(-3, 7, 11)),
    "timezone": (TEXT, "a fixed offset", lambda use: _offset(use)),
    "struct-time": (
        _attributes("tm_year", "tm_zone"),
        "a time as C has it",
        lambda use: use("time").gmtime(0),
    ),
    "decimal": (
        TEXT,
        "decimals",
        lambda use: [use("decimal").Decimal(x) for x in ("1.10", "-NaN")],
    ),
    "decimal-context": (TEXT, "a context of decimals", lambda use: use("decimal").Context(prec=7)),
    "fraction": (
        _attributes("numerator"),
        "a fraction",
        lambda use: use("fractions").Fraction(-3, 7),
    ),
    "normal-dist": (
        {"moments": lambda n: [n.mean, n.stdev, n.cdf(0.5)]},
        "a normal distribution",
        lambda use: use("statistics").NormalDist(1.0, 2.0),
    ),
    "uuid": (_attributes("hex", "is_safe"), "a UUID", lambda use: use("uuid").UUID(int=2**100)),
    "address": (TEXT, "a network", lambda use: use("ipaddress").ip_network("10.0.0.0/9")),
    "path": (PATH, "a path of this system", lambda use: use("pathlib").PosixPath("/a/b.txt")),
    "path-pure": (
        PATH,
        "a path of any system",
        lambda use: use("pathlib").PurePosixPath("a/b.txt"),
    ),
    "path-windows": (PATH, "a path of Windows", lambda use: use("pathlib").PureWindowsPath("c:/a")),
    "pattern": (
        PATTERN,
        "a compiled pattern",
        lambda use: use("re").compile(r"[a-z]+", use("re").I),
    ),
    "pattern-flags": ({"number": int}, "flags of patterns", lambda use: use("re").I | use("re").M),
    "status": (TEXT, "an enumeration's member", lambda use: use("http").HTTPStatus.NOT_FOUND),
    "signal": (TEXT, "a signal's number", lambda use: use("signal").SIGTERM),
    "parsed-url": (
        TEXT,
        "a named tuple",
        lambda use: use("urllib.parse").urlparse("https://a/b?c=d"),
    ),
    "error": (ERROR, "an error", lambda use: ValueError("text", 3)),
    "error-os": (
        _attributes("errno", "filename"),
        "of the system",
        lambda use: OSError(2, "no", "f"),
    ),
    "error-unicode": (
        TEXT,
        "of decoding",
        lambda use: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"),
    ),
    "error-json": (ERROR, "of JSON", lambda use: use("json").JSONDecodeError("no", "{]", 1)),
    "error-noted": (ERROR, "with a note", lambda use: _noted(ValueError("text"))),
    "error-group": (
        *(_attributes("message", "exceptions"), "a group of errors"),
        lambda use: _named(use, "builtins", "ExceptionGroup")(
            "group", [ValueError("x"), KeyError(3)]
        ),
    ),
    "error-import": (
        _attributes("name", "path"),
        "of importing",
        lambda use: ImportError("no", name="m"),
    ),
    "partial": (
        _calling("101"),
        "a partial call",
        lambda use: use("functools").partial(int, base=2),
    ),
    "item-getter": (
        _calling("abc"),
        "a getter of items",
        lambda use: use("operator").itemgetter(2, 0),
    ),
    "method-caller": (
        _calling("a,b"),
        "a method's call",
        lambda use: use("operator").methodcaller("split", ","),
    ),
    "function": (_calling(9.0), "a function by its name", lambda use: use("math").sqrt),
    "function-python": (
        _calling("a b"),
        "the same, of a module in Python",
        lambda use: use("shlex").split,
    ),
    "method": (_calling("b"), "a method of a string", lambda use: "abc".index),
    "class": (_calling("1.5"), "a class by its name", lambda use: use("decimal").Decimal),
    "random": (
        {"drawn": _drawn},
        "a source of random numbers",
        lambda use: _used(use("random").Random(5)),
    ),
    "iterator-list": (
        ITERATOR,
        "on the way through a list",
        lambda use: _advanced(iter([1, 2, 3])),
    ),
    "iterator-range": (ITERATOR, "through a range", lambda use: _advanced(iter(range(3, 9, 2)))),
    "iterator-dict": (ITERATOR, "through a dictionary", lambda use: iter({"a": 1, "b": 2})),
    "iterator-zip": (ITERATOR, "through two at once", lambda use: _advanced(zip([1, 2, 3], "abc"))),
    "iterator-count": (ITERATOR, "a count", lambda use: use("itertools").count(5, 2)),
    "iterator-cycle": (ITERATOR, "a cycle", lambda use: _advanced(use("itertools").cycle("abc"))),
    "iterator-product": (
        ITERATOR,
        "all pairs",
        lambda use: _advanced(use("itertools").product("ab", [1, 2])),
    ),
    "alias": (TEXT, "the type of a list of integers", lambda use: use("typing").List[int]),
    "alias-builtin": (
        TEXT,
        "the same, of a list itself",
        lambda use: use("types").GenericAlias(list, (int,)),
    ),
    "alias-union": (TEXT, "either of two types", lambda use: _union(use)),
    "alias-optional": (
        {"parts": lambda alias: [repr(alias.__origin__), repr(alias.__args__)]},
        "perhaps a text",
        lambda use: use("typing").Optional[str],
    ),
    "signature": (
        TEXT,
        "a signature",
        lambda use: use("inspect").signature(use("textwrap").indent),
    ),
    "tree": (
        TREE,
        "the syntax tree of an expression",
        lambda use: use("ast").parse("[1, 'a', -2.5][1:]", mode="eval"),
    ),
    "template": (_attributes("template"), "a template", lambda use: use("string").Template("a $b")),
    "wrapper": (
        _attributes("width", "tabsize"),
        "a wrapper of text",
        lambda use: use("textwrap").TextWrapper(9),
    ),
    "log-record": (
        {"message": lambda record: record.getMessage(), "level": lambda record: record.levelname},
        *(
            "a line of a log",
            lambda use: use("logging").makeLogRecord(
                {"msg": "a %s", "args": ("b",), "levelname": "INFO"}
            ),
        ),
    ),
    "logger": (
        _attributes("name"),
        "a logger by its name",
        lambda use: use("logging").getLogger("a.b"),
    ),
    "settings": ({"value": lambda s: s["part"]["more"]}, "settings of a file", _settings),
    "message": ({"text": lambda message: message.as_string()}, "a message", _message),
    "cookie": (
        {"text": lambda cookie: cookie.output()},
        "a cookie",
        lambda use: use("http.cookies").SimpleCookie("a=b"),
    ),
    "element": (
        {
            "text": lambda element: importlib.import_module("xml.etree.ElementTree").tostring(
                element
            )
        },
        *("an element of XML", _element),
    ),
    "text-file": (
        {"rest": lambda file: file.getvalue(), "at": lambda file: file.tell()},
        "a file of text in memory",
        lambda use: use("io").StringIO("a\nb"),
    ),
    "bytes-file": (
        {"rest": lambda file: file.getvalue()},
        "a file of bytes in memory",
        lambda use: use("io").BytesIO(b"ab"),
    ),
}


def _of(use: Any, name: str, *given: Any, **more: Any) -> Any:
    """What `collections` has under `name`, made of what is given."""
    return getattr(use("collections"), name)(*given, **more)


def _deque(use: Any) -> Any:
    return use("collections").deque([1, 2, 3], maxlen=3)


def _offset(use: Any) -> Any:
    times = use("datetime")
    return times.timezone(times.timedelta(hours=5, minutes=45), "Kathmandu")


def _named(use: Any, module: str, name: str) -> Any:
    return getattr(use(module), name)


def _building(make: Make) -> Callable[[], Any]:
    def build() -> Any:
        try:
            return make(importlib.import_module)
        except (AttributeError, ImportError, TypeError) as error:
            raise Absent("this Python does not have it: %s" % error)

    return build


for _name, (_asks, _summary, _make) in TABLE.items():
    register("python." + _name, _summary, _building(_make), _asks, __name__)
