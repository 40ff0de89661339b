"""From one line of `cells.jsonl` to the id of its root cause. Pure, and blind to what only varies.

Two cells have the same root cause where the same kind of error says the same at the same stage.
An answer that is wrong without an error says nothing: it is named by what is asked of which kind
of model. Nothing here looks at tracebacks, so that an id is the same from a run and a baseline.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from harness.records import Json

LENGTH: Final = 400  # characters kept of a normalised text: what comes later seldom tells more
SUBJECT: Final = 56  # characters of an id's readable part
QUOTES: Final = str.maketrans(dict.fromkeys('`´‘’"“”', "'"))

Rule = tuple[re.Pattern[str], str]

NUMBER = (
    r"(?<![\w.#<])[-+]?\d[\d_]*(?:[.,]\d+)*(?:e[-+]?\d+)?(?:\.?(?:rc|a|b|dev|post)\d+)?(?![\w#])"
)
RULES: Final[tuple[Rule, ...]] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        # what XGBoost adds: where in the library, and every objective that this release knows
        (r"\s*(?:Stack trace:|Objective candidate:)[\s\S]*", ""),
        (r"^\[<time>\] ", ""),
        # scikit-learn's clone writes the whole estimator out
        (r"(Cannot clone object )\w+\([\s\S]*", r"\1<estimator>"),
        (r"\[ONNXRuntimeError\] : \d+ : (\w+) : ", r"\1: "),
        (r"\bhttps?://[^\s'<>]+", "<url>"),
        # C++ says where in its source it was; the signature there changes with each release
        (
            r"\S+\.(?:cc|cpp|cu|hpp|h):[\d#]+:?(?: [^():]*(?:::[^():]*)+\([^()]*\)\S*(?: const)?)?",
            "<source>",
        ),
        (r"(<module '[\w.]+') from '[^']*'>", r"\1>"),
        (r"\b0x[0-9a-fA-F]+\b", "<address>"),
        (
            r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?",
            "<time>",
        ),
        (r"\b\d\d?:\d\d:\d\d(?:\.\d+)?\b", "<time>"),
        (r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", "<hash>"),
        (r"\b(?=[a-f]*\d)[0-9a-f]{12,}\b", "<hash>"),
        (r"(?:file://)?(?:<\w+>|[A-Za-z]:|~|\.{0,2})(?:[/\\][\w.+@=~-]+){2,}[/\\]?", "<path>"),
        (r"(?<!\w)(?:tmp|\.saving-)(?=\w*[\d_])\w{6,}", "<tmp>"),
        (r"([Nn]ame:? ?)'[^']*'", r"\1'<name>'"),  # of a node of a graph
        (r"\[[^\[\]]*[,' ][^\[\]]*\]", "<values>"),  # also dtypes written out
        (r"\{[^{}]*[,':][^{}]*\}", "<values>"),
        (rf"{NUMBER} ?(?:[kKMGT]i?)?B\b", "# B"),
        (NUMBER, "#"),
        (r"\s+", " "),
    )
)

ATTRIBUTE = re.compile(r"(?:object|^This '\w+') has no attribute '(\w+)'")
FROM_MODULE = re.compile(
    r"(?:Can't get attribute|cannot import name) '([\w.]+)' (?:on|from) (?:<module )?'([\w.]+)'"
)
OF_MODULE = re.compile(r"module '([\w.]+)' has no attribute '(\w+)'")
REFUSED = re.compile(
    r"^(?:this scikit-learn has no|it would hide what the class itself calls) ([\w.]+)"
)
MODULE = re.compile(r"No module named '([\w.]+)'")

SILENT: Final = ("drift", "changed")  # verdicts
LIBRARIES: Final = ("numpy", "pandas", "python")  # whose models are single things, not one family

TELLING: Final[tuple[str, ...]] = (
    "predict_proba",
    "decision_function",
    "transform",
    "predict",
    "predict_log_proba",
    "score",
)
"""Of several methods that answer otherwise, the first of these names the cause.

Labels, logarithms and scores are derived from probabilities; alone they tell something else.
"""


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """`text` without what varies between machines, runs and releases but says nothing of a cause.

    Addresses, times, paths, line numbers, versions and other numbers, sizes, hashes, names of
    temporary files, values written out. Normalising twice is normalising once.
    """
    for _ in range(20):  # a rule may uncover what an earlier one takes
        before, text = text, _once(text)
        if text == before:
            break
    return text


def _once(text: str) -> str:
    text = text.translate(QUOTES)
    for pattern, by in RULES:
        text = pattern.sub(by, text)
    return text[:LENGTH].strip()


def fingerprint(line: Json) -> str | None:
    """The id of the root cause of a line of `cells.jsonl`; None where there is nothing to explain.

    That is so for `identical` and `close`, for `notrun`, of which nothing is known, and for
    `invalid`, whose cause is that of its control.
    """
    named = NAMERS.get(line["outcome"])
    return named(line) if named else None


def message(line: Json) -> str:
    """What the cell says of itself, normalised: its error's message, or else its reason."""
    error = line["error"]
    return normalise((error["message"] if error else line["reason"]) or "")


def differing(line: Json) -> list[str]:
    """The methods that answer otherwise beyond tolerance, in their order.

    Of a control that saving alone has changed, it is the one that its fidelity names.
    """
    methods: Mapping[str, Json] = line["methods"]
    names = [name for name, found in methods.items() if found["verdict"] in SILENT]
    saved = line.get("fidelity")
    if not names and saved and saved["verdict"] in SILENT and saved["method"]:
        return [saved["method"]]
    return names


def stage(line: Json) -> str:
    """The part of a cell's life in which it failed: fit, dump, reload, load or use; "" for none."""
    error = line["error"]
    if not error:
        return ""
    at: str = error["stage"]
    return at if at in ("start", "fit", "dump", "reload", "verify", "load") else "use"


def family(line: Json) -> str:
    """The kind of model: what its id begins with; all of it where that is a library's name."""
    model: str = line["model"]
    kind = model.partition(".")[0]
    return model if kind in LIBRARIES else kind


def _failed(line: Json) -> str:
    type = line["error"]["type"] if line["error"] else ""
    return _error_id(line["outcome"], stage(line), type, message(line))


@lru_cache(maxsize=4096)
def _error_id(outcome: str, stage: str, type: str, said: str) -> str:
    about = subject(said)
    mark = hashlib.sha256("\0".join((outcome, stage, type, about or said)).encode()).hexdigest()
    words = re.sub(r"[^\w.]+", "_", re.sub(r"<\w+>|#", "", said)).strip("_")
    readable = about or words[:SUBJECT].rstrip("_.")
    return ":".join(part for part in (outcome, type, readable) if part) + f"-{mark[:6]}"


def subject(said: str) -> str:
    """What an error of a known form is about: one attribute or module, whoever lacks it."""
    if found := REFUSED.search(said) or ATTRIBUTE.search(said):
        return found[1]
    if found := FROM_MODULE.search(said):
        return f"{found[2]}.{found[1]}"
    if found := OF_MODULE.search(said):
        return f"{found[1]}.{found[2]}"
    found = MODULE.search(said)
    return found[1] if found else ""


def _died(line: Json) -> str:
    """A signal or a time-out has no message of its own: what matters is who was asked what."""
    error = line["error"]
    if error and error["type"] == "worker":  # it lived long enough to say why
        return _failed(line)
    what = (error["type"], error["stage"]) if error else ()
    return ":".join((line["outcome"], *what, family(line)))


def _wrong(line: Json) -> str:
    names = differing(line)
    plain = {name.partition("/")[0] for name in names}
    telling = [name for name in TELLING if name in plain] or sorted(plain)
    if telling[:1] == ["predict"] and "predict" not in names:
        telling = sorted(names)  # such as predict/std alone
    return ":".join((line["outcome"], family(line), *telling[:1]))


NAMERS: Final[Mapping[str, Callable[[Json], str]]] = {
    "unsupported": _failed,
    "dump-error": _failed,
    "load-error": _failed,
    "use-error": _failed,
    "timeout": _died,
    "crash": _died,
    "drift": _wrong,
    "changed": _wrong,
}
