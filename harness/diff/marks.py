"""Cells of two runs side by side, as much of each as a comparison needs.

A mark has no methods, and all of a line takes ten times as long: `Seen` keeps the methods as bytes,
which are read for the few cells that answer otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest
from typing import Any

import msgspec

from harness import lines
from harness.evidence import Evidence
from harness.records import Json, Outcome

LOUD = frozenset({Outcome.DRIFT.value, Outcome.CHANGED.value})
NONE_ASKED = msgspec.Raw(b"{}")


class Seen(lines.Mark, frozen=True, gc=False):
    """A mark, and the methods as the JSON that they are recorded in."""

    methods: msgspec.Raw = NONE_ASKED

    @property
    def line(self) -> Json:
        """What of its line names a cause; see `harness.causes.fingerprint`."""
        model, format, producer, consumer = self.cell.split("/")
        return {
            "cell": self.cell,
            "model": model,
            "format": format,
            "producer": producer,
            "consumer": consumer,
            "outcome": self.outcome,
            "observed": self.observed,
            "reason": self.reason,
            "error": msgspec.structs.asdict(self.error) if self.error else None,
            "methods": self.asked,
        }

    @property
    def asked(self) -> dict[str, Json]:
        """How each method compares, by name."""
        found: dict[str, Json] = msgspec.json.decode(self.methods)
        return found

    @property
    def worst(self) -> tuple[str, float] | None:
        """The method with the largest absolute difference of those that answer otherwise."""
        others = [
            (name, found["max_abs_diff"])
            for name, found in self.asked.items()
            if found["verdict"] in ("drift", "changed") and found["max_abs_diff"]
        ]
        return max(others, key=lambda other: other[1], default=None)

    def waiting(self) -> Seen:
        """The same to be kept: as it was read, it holds on to all of the block that it stood in."""
        kept = self.methods.copy() if self.outcome in LOUD else NONE_ASKED
        return msgspec.structs.replace(self, methods=kept)

    def says_as(self, other: Seen) -> bool:
        """Whether both fail with the same words, or answer otherwise by the same figures."""
        if self.outcome in LOUD:
            return bytes(self.methods) == bytes(other.methods)
        return self.error == other.error and (bool(self.error) or self.reason == other.reason)


_SEEN = msgspec.json.Decoder(Seen)


def seen(of: Evidence | lines.Recorded) -> Iterator[Seen]:
    """Every cell of a run, a part of one, or a baseline, in its order."""
    blocks = getattr(of, "blocks", None)
    if blocks is None:
        return map(_converted, of.lines())
    return chain.from_iterable(map(_decoded, blocks()))


def _decoded(block: bytes) -> Iterable[Seen]:
    try:
        return _SEEN.decode_lines(block)
    except (msgspec.MsgspecError, UnicodeDecodeError):  # a torn line, or one for `json` alone
        return map(_converted, lines.objects(block))


def _converted(line: dict[str, Any]) -> Seen:
    """A line as read by `json`, without the lone surrogates that no file could hold."""
    error = line["error"]
    said = (error[part] for part in ("type", "message", "stage")) if error else ()
    methods = json.dumps(line["methods"], ensure_ascii=False)
    return Seen(
        cell=line["cell"],
        outcome=line["outcome"],
        reason=_writable(line["reason"]) if line["reason"] else None,
        observed=line["observed"],
        error=lines.Fault(*map(_writable, said)) if error else None,
        methods=msgspec.Raw(_writable(methods).encode()),
    )


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


class Pairing:
    """Finds to each cell of one side its counterpart on the other.

    Runs of one matrix record in nearly the same order, so both are read in step, and what has
    found no counterpart yet waits: memory goes with how far the two orders are apart.
    """

    def __init__(self) -> None:
        self.left: dict[str, Seen] = {}
        self.right: dict[str, Seen] = {}

    def of(self, base: Iterable[Seen], new: Iterable[Seen]) -> Iterator[tuple[Seen, Seen]]:
        """The pairs that these complete, with each other or with what waits."""
        left, right = self.left, self.right
        for before, after in zip_longest(base, new):
            if before and after and before.cell == after.cell:
                yield before, after
                continue
            if before:
                if before.cell in right:
                    yield before, right.pop(before.cell)
                else:
                    left[before.cell] = before.waiting()
            if after:
                if after.cell in left:
                    yield left.pop(after.cell), after
                else:
                    right[after.cell] = after.waiting()
