"""What a person can mend: one clear message with what is wrong, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """Shown without a traceback; the command ends with exit code 2."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class MatrixError(UserError):
    """A matrix that does not say what it should; the message begins with file and line."""


class EnvironmentTrouble(UserError):
    """tox, uv or an interpreter cannot do what was asked."""


class StoreError(UserError):
    """Results that cannot be read or written."""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`Did you mean ...?` with the nearest of `choices`, or all of them where none is near."""
    choices = sorted(choices)
    near = difflib.get_close_matches(word, choices, n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    listed = ", ".join(choices[:20]) + (" ..." if len(choices) > 20 else "")
    return f"There are: {listed or 'none'}."
