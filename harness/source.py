"""A TOML file as text and as data, so that a fault can be shown with its line."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from harness.errors import MatrixError, did_you_mean

AT_LINE = re.compile(r"\(at line (\d+),")


@dataclass(frozen=True)
class Source:
    """A matrix file as text and as parsed, to say where a fault stands."""

    path: Path
    text: str
    data: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Source:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise MatrixError(f"{path}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise MatrixError(f"{path}:1: not UTF-8", "Save it as UTF-8.") from None
        try:
            return cls(path, text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            place = AT_LINE.search(str(error))
            line = int(place[1]) if place else text.count("\n") + 1
            hint = "See https://toml.io for the form of TOML."
            raise MatrixError(f"{path}:{line}: not valid TOML: {error}", hint) from None

    def fail(
        self,
        message: str,
        hint: str = "",
        token: str | None = None,
        nth: int = 1,
        table: Mapping[str, Any] | None = None,
    ) -> NoReturn:
        """Raise, pointing at the nth line that holds `token` as a key or a quoted value.

        Lines before those of `table` do not count.
        """
        line = 1 if token is None else self.line(token, nth, self.begin(table))
        raise MatrixError(f"{self.path}:{line}: {message}", hint)

    def line(self, token: str, nth: int = 1, begin: int = 1) -> int:
        key = re.escape(token)
        exact = re.compile(rf"""(^\s*\[*|[{{,]\s*){key}\s*(=|\]|\.)|["']{key}["']""")
        found = [n for n, line in self.lines(begin) if exact.search(line)]
        return found[min(nth, len(found)) - 1] if found else begin

    def lines(self, begin: int = 1) -> list[tuple[int, str]]:
        """Numbered lines from `begin` on, without those that are comments."""
        numbered = enumerate(self.text.splitlines(), 1)
        return [(n, line) for n, line in numbered if n >= begin and not line.startswith("#")]

    def begin(self, table: Mapping[str, Any] | None) -> int:
        """The line of the header `[[key]]` that `table` stands under; 1 for the matrix itself."""
        for key, value in self.data.items():
            items: list[Any] = list(value) if isinstance(value, list) else []
            for nth, item in enumerate(items):
                if item is table:
                    head = re.compile(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]")
                    heads = [n for n, line in self.lines() if head.match(line)]
                    return heads[nth] if nth < len(heads) else 1
        return 1

    def keys(self, table: Mapping[str, Any], allowed: set[str], where: str) -> None:
        for key in table:
            if key not in allowed:
                hint = did_you_mean(key, allowed)
                self.fail(f"unknown key {key!r} in {where}", hint, token=key, table=table)

    def need(self, table: Mapping[str, Any], key: str, kind: type[Any], where: str) -> Any:
        if key not in table:
            token = str(table.get("id") or where.strip("[]"))
            hint = f"Add a line `{key} = ...`."
            self.fail(f"{where} needs {key!r}", hint, token=token, table=table)
        return self.typed(table[key], key, kind, table)

    def typed(
        self, value: Any, key: str, kind: type[Any], table: Mapping[str, Any] | None = None
    ) -> Any:
        if not isinstance(value, kind) or (kind is dt.date and isinstance(value, dt.datetime)):
            names = {str: "a string", list: "a list of strings", dict: "a table", dt.date: "a date"}
            message = f"{key!r} must be {names.get(kind, kind.__name__)}"
            self.fail(message, token=key, table=table)
        if kind is list and not all(isinstance(item, str) for item in value):
            self.fail(f"{key!r} must be a list of strings", token=key, table=table)
        return value
