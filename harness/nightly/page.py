"""A page of the night's site: its matrices, what is missing, and the nights before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from harness.records import OK_OUTCOMES, Json, Outcome

FILE = "nights.html"
SHOWN = 60  # nights
HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shelflife, night of {date}</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }}
body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse }}
th, td {{ padding: .2rem .8rem .2rem 0; text-align: start; vertical-align: top }}
td.n {{ text-align: end; font-variant-numeric: tabular-nums }}
</style>
<p><a href="index.html">shelflife</a></p>
<h1>Night of {date}</h1>
"""
COLUMNS = "<th>Cells<th>Answer as before<th>Answer otherwise<th>Fail<th>No result<th>Surprises"


def write(path: Path, date: str, nights: Mapping[str, Json], troubles: Sequence[str]) -> Path:
    """Write the page beside the others of the site."""
    tonight = nights[date]["matrices"]
    parts = [HEAD.format(date=escape(date))]
    rows = [
        f'<tr><td><a href="m/{escape(name)}/index.html">{escape(name)}</a>{_counts(found)}'
        for name, found in tonight.items()
    ]
    parts += [f"<table><tr><th>Matrix{COLUMNS}", *rows, "</table>"]
    if troubles:
        listed = "".join(f"<li>{escape(trouble)}" for trouble in troubles)
        parts.append(f"<h2>What is missing or went wrong</h2><ul>{listed}</ul>")
    parts.append(f"<h2>Nights before</h2><table><tr><th>Night<th>Matrix{COLUMNS}")
    for night in sorted(nights, reverse=True)[:SHOWN]:
        for name, found in nights[night]["matrices"].items():
            parts.append(f"<tr><td>{escape(night)}<td>{escape(name)}{_counts(found)}")
    parts.append("</table></html>\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def _counts(found: Json) -> str:
    outcomes = {Outcome(name): n for name, n in found["outcomes"].items()}
    good = sum(n for outcome, n in outcomes.items() if outcome in OK_OUTCOMES)
    silent = outcomes.get(Outcome.DRIFT, 0) + outcomes.get(Outcome.CHANGED, 0)
    absent = sum(n for outcome, n in outcomes.items() if not outcome.is_result)
    total = f"{found['cells']:,}"
    if found["cells"] < found["planned"]:
        total += f" of {found['planned']:,}"
    rest = found["cells"] - good - silent - absent
    surprises = "none to compare with" if found["surprises"] is None else found["surprises"]
    columns = (total, f"{good:,}", f"{silent:,}", f"{rest:,}", f"{absent:,}", surprises)
    return "".join(f'<td class="n">{column}' for column in columns)
