"""A diff as JSON; see docs/reference/diff.schema.json."""

from __future__ import annotations

from dataclasses import asdict

from harness.diff.changes import Change, Group, Kind, Notice
from harness.diff.walk import Diff
from harness.records import Json


def document(diff: Diff) -> Json:
    """Everything that a diff says, every changed cell among it."""
    return {
        "base": asdict(diff.base),
        "new": asdict(diff.new),
        "notes": list(diff.notes),
        "environments": [
            {
                "id": moved.id,
                "how": moved.how,
                "packages": {name: [old, new] for name, old, new in moved.packages},
            }
            for moved in diff.environments
        ],
        "as_before": diff.as_before,
        "surprises": diff.surprises,
        "notices": {notice.value: diff.count(notice) for notice in Notice},
        "kinds": {kind.value: diff.count(kind) for kind in Kind},
        "expired": [each.as_json() for each in diff.expectations.expired],
        "groups": [_group(group) for group in diff.groups],
    }


def _group(group: Group) -> Json:
    first = group.example
    return {
        "notice": first.notice.value,
        "kind": first.kind.value,
        "outcome": group.outcome.value,
        "cause": group.cause,
        "expected": first.expected.as_json() if first.expected else None,
        "count": len(group.changes),
        "directions": {direction.value: n for direction, n in group.directions.items()},
        "models": group.models,
        "formats": group.formats,
        "pairs": [list(pair) for pair in group.pairs],
        "example": first.cell,
        "says": first.says,
        "cells": [_change(change) for change in group.changes],
    }


def _change(change: Change) -> Json:
    return {
        "cell": change.cell,
        "before": change.before.value if change.before else None,
        "after": change.after.value if change.after else None,
        "direction": change.direction.value,
        "cause_before": change.cause_before,
        "cause_after": change.cause_after,
        "difference_before": change.difference[0],
        "difference_after": change.difference[1],
        "says": change.says,
    }
