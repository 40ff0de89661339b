"""Root causes that are known: `matrices/causes/*.toml`, and which of them explains a cell.

Each `[[cause]]` has a sentence that is true of every cell it explains, and `[[cause.match]]`
tables. A wrong answer is explained only by a match that names `methods`, an error only by one that
does not. The first cause that matches counts, in the order of the files' names and of their lines,
those with `fallback` after all others. A sentence with `{subject}` makes one cause of each
attribute or module that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from harness.causes import fingerprints
from harness.causes.pairs import DIRECTIONS, Releases
from harness.errors import did_you_mean
from harness.records import Json, Outcome
from harness.source import Source

CAUSE = {"id", "sentence", "hint", "links", "match", "fallback"}
MATCH = {
    *("outcomes", "type", "message", "stage", "methods", "beside", "models", "formats"),
    *("producer", "consumer", "direction"),
}
CHECKS = ("repr", "get_params", "clone", "dump-again")  # uses that ask nothing of the model
STAGES = ("start", "fit", "dump", "reload", "verify", "load", "use", "method", "asked", *CHECKS)
EXPLAINED = [outcome.value for outcome in Outcome if outcome.value in fingerprints.NAMERS]
SUBJECT = "{subject}"
ID = re.compile(r"[a-z0-9][a-z0-9.-]*")


@dataclass(frozen=True)
class Match:
    """What a cell must look like; an empty field asks nothing.

    `producer` and `consumer` are requirements such as `scikit-learn<1.4` or `python>=3.12` that the
    environment's packages must all satisfy. `methods` are patterns of which one that answers
    otherwise must match, while the others match one of these or of `beside`. The stage `use` is
    any `method`, the method itself where it is not there (`asked`), and any of CHECKS.
    """

    outcomes: tuple[str, ...] = ()
    type: str = ""
    message: re.Pattern[str] | None = None
    stage: str = ""
    methods: tuple[str, ...] = ()
    beside: tuple[str, ...] = ("*",)
    models: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    producer: tuple[Requirement, ...] = ()
    consumer: tuple[Requirement, ...] = ()
    direction: str = ""

    def takes_error(self, outcome: str, stage: str, type: str, said: str) -> bool:
        """Whether it may explain cells that fail so, whatever model, format and pair they have."""
        return (
            not self.methods
            and (not self.outcomes or outcome in self.outcomes)
            and self.stage in ("", *_stages(stage, said))
            and self.type in ("", type)
            and (self.message is None or self.message.search(said) is not None)
        )

    def takes_answer(self, line: Json) -> bool:
        """Whether it may explain the wrong answers of a cell."""
        names = fingerprints.differing(line)
        return (
            (not self.outcomes or line["outcome"] in self.outcomes)
            and any(_any(name, self.methods) for name in names)
            and all(_any(name, self.methods + self.beside) for name in names)
        )


def _stages(stage: str, said: str) -> tuple[str, ...]:
    """What a match may call an error's stage."""
    if stage in STAGES:
        return (stage, "use") if stage in CHECKS else (stage,)
    if stage and stage.partition("/")[0] == fingerprints.subject(said):
        return ("use", "asked")
    return ("use", "method") if stage else ()


@dataclass(frozen=True)
class Known:
    """One known cause: what explains it, what may help, where upstream speaks of it.

    `template` is the id of the `[[cause]]` that it was made from, where that is about any subject.
    """

    id: str
    sentence: str
    hint: str = ""
    links: tuple[str, ...] = ()
    matches: tuple[Match, ...] = field(default=(), repr=False)
    fallback: bool = False
    template: str = ""

    @property
    def is_template(self) -> bool:
        """Whether it is a cause for each subject of an error."""
        return SUBJECT in self.sentence

    def about(self, subject: str) -> Known:
        """The cause for one subject."""
        sentence, hint = (text.replace(SUBJECT, subject) for text in (self.sentence, self.hint))
        return replace(
            self, id=f"{self.id}:{subject}", sentence=sentence, hint=hint, template=self.id
        )


class Book:
    """The known causes, asked about the cells of one run: its environments decide what applies."""

    def __init__(self, causes: Sequence[Known], releases: Releases) -> None:
        self.causes = causes
        self.releases = releases
        self.pairs: dict[tuple[int, str, str], bool] = {}
        self.about: dict[tuple[str, str], Known] = {}
        self.errors: dict[tuple[str, str, str, str], list[tuple[Known, Match]]] = {}
        self.answers = [(known, match) for known in causes for match in known.matches]
        self.answers = [(known, match) for known, match in self.answers if match.methods]

    def cause(self, line: Json) -> Known | None:
        """The known cause of a failing cell's line; None where it is unknown."""
        for known, match in self._candidates(line):
            if (
                (not match.models or _any(line["model"], match.models))
                and (not match.formats or _any(line["format"], match.formats))
                and self._between(match, line["producer"], line["consumer"])
            ):
                return self._made(known, line) if known.is_template else known
        return None

    def _made(self, known: Known, line: Json) -> Known:
        """The cause that a template makes of the line's subject; remembered."""
        key = known.id, fingerprints.subject(fingerprints.message(line))
        if key not in self.about:
            self.about[key] = known.about(key[1])
        return self.about[key]

    def _candidates(self, line: Json) -> Iterable[tuple[Known, Match]]:
        if line["outcome"] in ("drift", "changed"):
            return [found for found in self.answers if found[1].takes_answer(line)]
        type = line["error"]["type"] if line["error"] else ""
        stage = line["error"]["stage"] if line["error"] else ""
        key = (line["outcome"], stage, type, fingerprints.message(line))
        if key not in self.errors:
            self.errors[key] = [
                (known, match)
                for known in self.causes
                for match in known.matches
                if match.takes_error(*key)
            ]
        return self.errors[key]

    def _between(self, match: Match, producer: str, consumer: str) -> bool:
        """Whether the match applies to this pair of environments; remembered."""
        key = id(match), producer, consumer
        if key not in self.pairs:
            self.pairs[key] = (
                match.direction in ("", self.releases.direction(producer, consumer))
                and self.releases.satisfies(producer, match.producer)
                and self.releases.satisfies(consumer, match.consumer)
            )
        return self.pairs[key]


@cache
def _any(text: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)


# -- reading ---------------------------------------------------------------------------------------


def read(folder: Path) -> list[Known]:
    """Every known cause of `folder/*.toml`. MatrixError, with file and line, for what is wrong."""
    found: dict[str, Known] = {}
    for path in sorted(folder.glob("*.toml")):
        source = Source.read(path)
        source.keys(source.data, {"description", "cause"}, "a file of causes")
        for table in _tables(source, source.data, "cause"):
            known = _known(source, table)
            if known.id in found:
                source.fail(
                    f"cause {known.id!r} is there already", "Give it an id of its own.", known.id
                )
            found[known.id] = known
    return sorted(found.values(), key=lambda known: known.fallback)


def _tables(source: Source, where: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = where.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        source.fail(
            f"{key!r} must be an array of tables", "Write [[cause]] or [[cause.match]].", key
        )
    return value


def _known(source: Source, table: Mapping[str, Any]) -> Known:
    source.keys(table, CAUSE, "[[cause]]")
    id = source.need(table, "id", str, "[[cause]]")
    if not ID.fullmatch(id):
        source.fail(f"{id!r} is no id of a cause", "Use a-z, 0-9, '-' and '.'.", id)
    sentence = source.need(table, "sentence", str, "[[cause]]").strip()
    links = source.typed(table.get("links", []), "links", list, table)
    for link in links:
        if not link.startswith("https://"):
            source.fail(f"{link!r} is no address", "Write it whole: https://...", link, table=table)
    matches = tuple(_match(source, id, match, table) for match in _tables(source, table, "match"))
    if not sentence or not matches:
        hint = "Say what explains it, and add a [[cause.match]]."
        source.fail(f"cause {id!r} has no sentence or no match", hint, id)
    hint = source.typed(table.get("hint", ""), "hint", str, table)
    fallback = source.typed(table.get("fallback", False), "fallback", bool, table)
    return Known(id, sentence, hint, tuple(links), matches, fallback)


def _match(source: Source, id: str, match: Mapping[str, Any], cause: Mapping[str, Any]) -> Match:
    source.keys(match, MATCH, f"[[cause.match]] of {id!r}")
    if not {"message", "type", "methods"} & match.keys():
        hint = "Add `message` or `type` for an error, `methods` for a wrong answer."
        source.fail(f"a match of {id!r} would take anything", hint, id)

    def words(key: str, choices: Sequence[str] = ()) -> tuple[str, ...]:
        given = source.typed(match.get(key, []), key, list, cause)
        for word in given if choices else ():
            _one_of(source, cause, key, word, choices)
        return tuple(given)

    def word(key: str, choices: Sequence[str] = ()) -> str:
        given: str = source.typed(match.get(key, ""), key, str, cause)
        if given and choices:
            _one_of(source, cause, key, given, choices)
        return given

    return Match(
        outcomes=words("outcomes", EXPLAINED),
        type=word("type"),
        message=_pattern(source, cause, word("message")),
        stage=word("stage", STAGES),
        methods=words("methods"),
        beside=words("beside") if "beside" in match else ("*",),
        models=words("models"),
        formats=words("formats"),
        producer=_requirements(source, cause, words("producer")),
        consumer=_requirements(source, cause, words("consumer")),
        direction=word("direction", DIRECTIONS),
    )


def _one_of(
    source: Source, cause: Mapping[str, Any], key: str, word: str, choices: Sequence[str]
) -> None:
    if word not in choices:
        hint = did_you_mean(word, choices)
        source.fail(f"{key!r} cannot be {word!r}", hint, token=word, table=cause)


def _pattern(source: Source, cause: Mapping[str, Any], text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text) if text else None
    except re.error as error:
        hint = "It is a regular expression on the normalised message; see shelflife causes --json."
        source.fail(f"'message' is no pattern: {error}", hint, "message", table=cause)


def _requirements(
    source: Source, cause: Mapping[str, Any], texts: Sequence[str]
) -> tuple[Requirement, ...]:
    found = []
    for text in texts:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            hint = "Write a package with versions, such as 'scikit-learn>=1.3,<1.5'."
            source.fail(f"{text!r} is no requirement", hint, token=text, table=cause)
        requirement.name = canonicalize_name(requirement.name)
        found.append(requirement)
    return tuple(found)
