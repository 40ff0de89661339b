"""Texts without the folders of the machine that they come from. Pure.

A worker names its own environment and Python. What an artifact brings along, a library's
compiled part writes, or a crash leaves behind has paths of other environments, of another
Python and of the results.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from harness.records import Json

_FOLDER = r"/[^\s\"'`\\<>:,=()\[\]]*"
_RULES = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (rf"{_FOLDER}/(?=[\w.-]+-[0-9a-f]{{8}}/(?:produced|jobs)/)", "<results>/"),
        (rf"{_FOLDER}/harness/worker/", "<worker>/"),
        (rf"{_FOLDER}(?=/lib/python3\.\d+/site-packages/)", "<environment>"),
        (rf"{_FOLDER}(?=/lib/python3\.\d+/)", "<python>"),
    )
)
_TEXTS = ("message", "traceback")


def shortened(text: str) -> str:
    """`text` with such folders named instead of spelt out; what is done twice changes nothing."""
    if "/" in text:
        for pattern, name in _RULES:
            text = pattern.sub(name, text)
    return text


def failure(found: Mapping[str, str]) -> dict[str, str]:
    """A failure's JSON, its message and traceback shortened."""
    return {name: shortened(text) if name in _TEXTS else text for name, text in found.items()}


def warning(found: dict[str, Json]) -> dict[str, Json]:
    """A warning's JSON, its message shortened."""
    return {**found, "message": shortened(found["message"])}
