"""The facts of a format as a person asks for them: order, headings, and whether it is good news.

What a fact's `value` may be is decided by the worker (`harness/worker/facts`); here each is given
its words. A value that is not known here is shown as it stands, as neither good nor bad.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from harness.records import Json

MISSING = "its sheet does not have it"


class Tone(StrEnum):
    """What kind of news a value is; `plain` is neither good nor bad and needs no symbol."""

    GOOD = "good"
    PLAIN = "plain"
    MIND = "mind"
    BAD = "bad"
    UNKNOWN = "unknown"


SYMBOLS: dict[Tone, str] = {
    Tone.GOOD: "✓",
    Tone.PLAIN: "",
    Tone.MIND: "!",
    Tone.BAD: "✕",
    Tone.UNKNOWN: "?",
}
MEANS: dict[Tone, str] = {
    Tone.GOOD: "good news",
    Tone.PLAIN: "neither good nor bad",
    Tone.MIND: "to mind",
    Tone.BAD: "bad news",
    Tone.UNKNOWN: "not measured",
}


@dataclass(frozen=True)
class Question:
    """One fact: the heading of its column, the question in full, and how it was found.

    `tones` has its values, the best first.
    """

    fact: str
    title: str
    asks: str
    how: str
    tones: Mapping[str, Tone]


@dataclass(frozen=True)
class Value:
    """A fact in words. `rank` sorts: the best first, what is not measured last."""

    word: str
    tone: Tone
    says: str
    rank: float | None


_DAMAGE = {
    "detected": Tone.GOOD,
    "unnoticed": Tone.MIND,
    "crashes": Tone.BAD,
    "hangs": Tone.BAD,
    "wrong answers": Tone.BAD,
}
_HELD = {"ok": Tone.GOOD, "fails": Tone.BAD}

QUESTIONS: tuple[Question, ...] = (
    Question(
        "executes",
        "Executes code",
        "Does loading an untrusted file execute code?",
        "Hostile files are written by hand and loaded; code in them, where it runs, creates "
        "another file. `when lax`: only with a careless way of loading that people also use.",
        {"no": Tone.GOOD, "when lax": Tone.MIND, "yes": Tone.BAD},
    ),
    Question(
        "truncation",
        "Cut short",
        "Is it noticed that a file was cut short?",
        "Copies are cut at some twenty places, loaded and asked.",
        _DAMAGE,
    ),
    Question(
        "trailing",
        "Bytes behind",
        "Is it noticed that bytes were added at the end?",
        "One byte, or 64 zeros, are added to a file of the artifact; to each in its turn.",
        {**_DAMAGE, "unnoticed": Tone.PLAIN},
    ),
    Question(
        "flips",
        "Bit flipped",
        "Is it noticed that one bit was changed?",
        "One bit is changed in each of some 45 copies, at places spread over the artifact and "
        "near both its ends.",
        _DAMAGE,
    ),
    Question(
        "needs",
        "Needs",
        "What has to be installed to load a file and get answers?",
        "The packages that the load imported and those that they require, in MiB as installed; "
        "proved by a load with all others hidden.",
        {},
    ),
    Question(
        "python-free",
        "Without Python",
        "Can something other than Python answer from the file?",
        "Another program, or the library's own core without its Python package, is given the "
        "file, and its answers are compared.",
        {"yes": Tone.GOOD, "no": Tone.PLAIN, "differs": Tone.BAD},
    ),
    Question(
        "training-rows",
        "Training rows",
        "Does the file keep rows of the training data?",
        "Rows with values that occur nowhere else are trained on and looked for in the loaded "
        "object and in the bytes of the file. `adds`: also where the model itself keeps none. "
        "`adds none`: nor does any model that the format holds keep any.",
        {"adds none": Tone.GOOD, "with the model": Tone.PLAIN, "adds": Tone.BAD},
    ),
    Question(
        "lazy",
        "Loads lazily",
        "Are large arrays read only when they are used?",
        "Resident memory before and after the load of a model with 16 MiB or more in arrays, and "
        "after it was asked.",
        {"lazy": Tone.GOOD, "mapped": Tone.GOOD, "eager": Tone.PLAIN},
    ),
    Question(
        "repeat",
        "Repeatable",
        "Do two dumps of one model have the same bytes?",
        "Each subject is saved twice in one process, a moment apart.",
        {"equal": Tone.GOOD, "differ": Tone.PLAIN, "fails": Tone.BAD},
    ),
    Question(
        "declared",
        "States its needs",
        "Does the file say truly what it needs?",
        "What the artifact names as needed is compared with what is installed and imported.",
        {"true": Tone.GOOD, "nothing": Tone.PLAIN, "untrue": Tone.BAD},
    ),
    Question(
        "odd-path",
        "Odd path",
        "Can it be saved to a path with spaces and letters of other alphabets?",
        "Saved to such a path, loaded and asked.",
        _HELD,
    ),
    Question(
        "replace",
        "Replaces whole",
        "Saved by Shelflife, through a rename: is an older file replaced whole or not at all?",
        "A dump that cannot succeed over a good file, then one that can.",
        _HELD,
    ),
    Question(
        "overwrite",
        "Failed save",
        "Does the format's own call leave an older file as it was when it fails half-way?",
        "A model with a part that cannot be saved is saved over a good file, without a rename.",
        {"kept": Tone.GOOD, "destroyed": Tone.MIND},
    ),
    Question(
        "read-only",
        "Read-only folder",
        "Is there one clear error where the folder takes no files?",
        "Saved as a user who may not write there; nothing may be left behind.",
        {"one error": Tone.GOOD, "fails": Tone.BAD},
    ),
    Question(
        "empty",
        "Empty file",
        "Is an empty file refused?",
        "The artifact is cut to nothing, loaded and asked.",
        _DAMAGE,
    ),
    Question(
        "snippet",
        "Documented code",
        "Does the documented code run, and answer the same?",
        "The code of `How to use it` is executed as it stands in the environment.",
        _HELD,
    ),
)
CONFORMANCE = ("odd-path", "replace", "read-only", "empty", "snippet")
DAMAGES = ("empty", "truncation", "trailing", "flips")
OUTCOMES = {
    "raise": "an error",
    "same": "the same answers",
    "other": "other answers, no error",
    "crash": "the process died",
    "hang": "no end",
}
EXECUTED = {
    "load": "executed on loading",
    "answer": "executed when asked for an answer",
    "never": "did not execute",
    "unplanted": "could not be stored",
}
MODES = {"strict": "as the format is loaded here", "lax": "loaded carelessly"}


def question(fact: str) -> Question:
    """The question of a fact's name."""
    return next(q for q in QUESTIONS if q.fact == fact)


def value(asked: Question, facts: Mapping[str, Json], otherwise: str = "") -> Value:
    """What a sheet answers; where it does not, why: `otherwise`, or that it is missing."""
    found = facts.get(asked.fact)
    if found is None:
        return unmeasured(otherwise or MISSING)
    if found["value"] is None:
        return unmeasured(found["says"])
    if isinstance(found["value"], int | float) and not isinstance(found["value"], bool):
        number = float(found["value"])
        return Value(f"{number:,.0f} MiB", Tone.PLAIN, found["says"], number)
    word = str(found["value"])
    known = list(asked.tones)
    rank = float(known.index(word) if word in known else len(known))
    return Value(word, asked.tones.get(word, Tone.PLAIN), found["says"], rank)


def unmeasured(why: str) -> Value:
    """A fact of which nothing is known, and why."""
    return Value("not measured", Tone.UNKNOWN, why, None)


@dataclass(frozen=True)
class Attack:
    """A hostile file, and what it did."""

    mode: str
    how: str
    executed: str
    said: str

    @property
    def fired(self) -> bool:
        return self.executed in ("load", "answer")


def attacks(facts: Mapping[str, Json]) -> list[Attack]:
    """The attacks behind `executes`, strict ones first."""
    tried = (facts.get("executes") or {}).get("evidence") or []
    found = [Attack(a["mode"], a["how"], a["executed"], a["said"]) for a in tried]
    return sorted(found, key=lambda attack: attack.mode != "strict")


@dataclass(frozen=True)
class Damage:
    """What became of one subject's damaged copies: how often each outcome, and where the bad."""

    fact: str
    model: str
    counts: Mapping[str, int]
    where: tuple[tuple[str, str], ...]


def damages(facts: Mapping[str, Json]) -> Iterator[Damage]:
    """The trials behind the facts about damage, a subject at a time."""
    for name in DAMAGES:
        evidence = (facts.get(name) or {}).get("evidence") or {}
        for model, found in evidence.items():
            counts = {word: int(found.get(word, 0)) for word in OUTCOMES}
            where = tuple((str(word), str(place)) for word, place in found.get("where", ()))
            yield Damage(name, model, counts, where)
