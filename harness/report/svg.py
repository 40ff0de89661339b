"""Makes matplotlib's SVG fit to stand inside the page.

No inline styles (the page's policy forbids them), colours as the variables of `tokens.css` so that
dark mode and print follow, ids that are unique in the page, a title and a description.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

from matplotlib.figure import Figure

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_REFERENCE = re.compile(r"(?:url\()?#([^)]+)\)?")
_FONT_SIZE = re.compile(r"([\d.]+)px")

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)


def tokens(css: str) -> dict[str, str]:
    """The colours of the first (light) block of `tokens.css`, by name."""
    block = css[: css.index("}")]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6});", block))


def inline_svg(figure: Figure, name: str, title: str, text: str, colours: Mapping[str, str]) -> str:
    """The figure as an `<svg>` element; `name` goes before each of its ids."""
    raw = io.StringIO()
    figure.savefig(raw, format="svg", metadata={"Date": None})
    root = ET.fromstring(raw.getvalue())
    variables = {value.lower(): f"var(--{key},{value})" for key, value in colours.items()}
    _drop(root, f"{{{_SVG}}}metadata", f"{{{_SVG}}}style")
    referenced = _references(root)
    for element in root.iter():
        _unstyle(element, variables)
        _rename(element, name, referenced)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {"class": "plot", "role": "img", "aria-labelledby": f"{name}-t {name}-d"}
    for place, (tag, words) in enumerate((("title", title), ("desc", text))):
        label = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{name}-{tag[0]}"})
        label.text = words
        root.insert(place, label)
    return ET.tostring(root, encoding="unicode")


def _drop(root: ET.Element, *tags: str) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in tags:
                parent.remove(child)


def _references(root: ET.Element) -> set[str]:
    values = (
        value
        for element in root.iter()
        for key, value in element.attrib.items()
        if key.endswith("href") or "url(#" in value
    )
    return {match[1] for value in values for match in _REFERENCE.finditer(value)}


def _unstyle(element: ET.Element, variables: Mapping[str, str]) -> None:
    """Style declarations become attributes of their own."""
    style = element.attrib.pop("style", "")
    for declaration in filter(None, map(str.strip, style.split(";"))):
        key, value = (part.strip() for part in declaration.split(":", 1))
        size = _FONT_SIZE.search(value)
        if key == "font":
            element.set("font-size", size[1] if size else "9")
        elif key not in ("font-family", "white-space"):
            element.set(key, value)
    for key in ("fill", "stroke"):
        value = element.get(key, "").lower()
        if value in variables:
            element.set(key, variables[value])


def _rename(element: ET.Element, name: str, referenced: set[str]) -> None:
    """Ids that are referred to get the chart's name before them; the others go."""
    own = element.attrib.pop("id", None)
    if own in referenced:
        element.set("id", f"{name}-{own}")
    for key, value in list(element.attrib.items()):
        if key.endswith("href"):
            element.set(key, value.replace("#", f"#{name}-", 1))
        elif "url(#" in value:
            element.set(key, value.replace("url(#", f"url(#{name}-"))
