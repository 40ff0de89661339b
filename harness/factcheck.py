"""What a format claims in the registry against what was found by trying it. Pure.

A claim that is refuted is a fault: of the claim, of the format or of the trial. It is never left
to the reader to notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from harness.factwords import EXECUTED, attacks, damages
from harness.records import Format, Json

# How an `executes` begins that claims that nothing of the file is run: `nothing without the key`.
NOTHING = re.compile(r"(nothing|none|no)\b", re.I)
# What else claims it, `operators of the runtime, no Python`, and what takes that back.
NO_CODE = re.compile(r"\bno (other )?(python|code)\b", re.I)
ADMITS = re.compile(r"\b(anything|program|writes? files)\b", re.I)


def contradictions(format: Format, facts: Mapping[str, Json]) -> list[str]:
    """Sentences, each about one claim of the registry that the facts refute."""
    checks = (_checksum, _varies, _snippet, _executes, _python_only)
    return [sentence for check in checks for sentence in check(format, facts)]


def _value(facts: Mapping[str, Json], name: str) -> Json:
    return (facts.get(name) or {}).get("value")


def _says(facts: Mapping[str, Json], name: str) -> str:
    return str(facts[name]["says"])


def _checksum(format: Format, facts: Mapping[str, Json]) -> Iterator[str]:
    """A damaged file that answers otherwise and without an error has passed the checksum."""
    if not format.checksum:
        return
    for damage in damages(facts):
        others = damage.counts["other"]
        if others:
            tried = sum(damage.counts.values())
            where = ", ".join(place for word, place in damage.where if word == "other")
            yield (
                f"checksum: {format.checksum}; but of {tried} damaged files of {damage.model} "
                f"{others} gave other answers without an error ({where})"
            )


def _varies(format: Format, facts: Mapping[str, Json]) -> Iterator[str]:
    if not format.varies and _value(facts, "repeat") == "differ":
        yield f"two dumps are to be equal, as no reason is declared; but {_says(facts, 'repeat')}"


def _snippet(format: Format, facts: Mapping[str, Json]) -> Iterator[str]:
    if _value(facts, "snippet") == "fails":
        yield f"the documented code does not do what it should: {_says(facts, 'snippet')}"


def _executes(format: Format, facts: Mapping[str, Json]) -> Iterator[str]:
    """Only the format's own way of loading counts: a lax one is another than it claims."""
    claim = format.executes
    harmless = NOTHING.match(claim) or (NO_CODE.search(claim) and not ADMITS.search(claim))
    if claim and not harmless:
        return
    claim = claim or "nothing is said of it"
    for attack in attacks(facts):
        if attack.mode == "strict" and attack.fired:
            yield f"executes: {claim}; but code was {EXECUTED[attack.executed]}: {attack.how}"


def _python_only(format: Format, facts: Mapping[str, Json]) -> Iterator[str]:
    if format.python_only and _value(facts, "python-free") == "yes":
        yield f"python_only: {format.python_only}; but {_says(facts, 'python-free')}"
