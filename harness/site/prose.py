"""The project's sentences as HTML: the little Markdown that `harness.handbook.markdown` writes."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<bold>[^*\n]+)\*\*"
    r"|\[(?P<text>[^\]\n]+)\]\((?P<link>https?://[^)\s]+)\)"
    r"|<(?P<bare>https?://[^>\s]+)>"
    r"|\\(?P<kept>[\\*_\[\]<>|~])"
)


def html(text: str) -> Markup:
    """Code, bold and links of a sentence; all else stays the text that it is."""
    parts, end = [Markup()], 0
    for found in _TOKEN.finditer(text):
        parts += [escape(text[end : found.start()]), _element(found)]
        end = found.end()
    return Markup().join([*parts, escape(text[end:])])


def _element(found: re.Match[str]) -> Markup:
    if found["code"]:
        return Markup("<code>{}</code>").format(found["code"].replace("\\|", "|"))
    if found["bold"]:
        return Markup("<strong>{}</strong>").format(found["bold"])
    if found["link"]:
        return Markup('<a href="{}">{}</a>').format(found["link"], _named(found))
    if found["bare"]:
        return Markup('<a href="{0}">{0}</a>').format(found["bare"])
    return escape(found["kept"])


def _named(found: re.Match[str]) -> str:
    """What a link says; of a bare number, as footnotes have it, what it leads to."""
    text = found["text"]
    return found["link"].removeprefix("https://") if text.isdigit() else text
