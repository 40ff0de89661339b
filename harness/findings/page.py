"""The page of findings: Markdown of what was gathered, the gravest first, each with its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness import lifetables, worth, worthtables
from harness.causes import Cause
from harness.findings import attributions, silent, words
from harness.findings.attributions import Attribution
from harness.findings.gather import Findings
from harness.handbook.markdown import code, fenced, page, plain, table
from harness.lifetables import SAID, UNITS
from harness.shelflives import DIRECTIONS, Life
from harness.survival import MARKS
from harness.words import cells, count

MADE = "<!-- Made by `shelflife findings` of the committed baselines; not to be edited. -->"
LOUD = 15
"""Causes of loud breakages of one matrix that stand in the open; the others wait behind a fold."""
MOST = 120
"""Rows of a table behind a fold, at the most."""
BACK = 10
"""Saved models named that came back."""
TITLE = "What was found"
INTRO = (
    "A model that was saved in one release of a library and loaded in another can fail loudly, or "
    "it can answer, and answer something else. This page lists what was measured of both, from the "
    "baselines that are committed beside the [matrices](reference/matrix.md). It is generated: "
    "`shelflife findings` makes it anew, and a test compares. A *cell* is one model in one format, "
    "saved in one environment and loaded in another ([glossary](glossary.md))."
)
NOTHING = (
    "No baseline is committed yet, so there is nothing to say. `shelflife findings RUN` says what "
    "a run has found."
)
METHOD = (
    "What counts is what a saved model answers: every question that it can be asked, against what "
    "it answered where it was saved, after it had been saved and loaded there once. A difference "
    "beyond the stated tolerance is *drift*, another label, shape or type is *changed*. What is "
    "not plainly equal was run a second time, in another process. Cells whose control fails are "
    "no results. [How a cell is judged](explanation/architecture.md#how-an-answer-is-judged); "
    "[how shelf lives and warnings are counted](explanation/shelf-life.md); "
    "[what the words mean](glossary.md); [how to read a cell](how-to/interpret-a-cell.md)."
)
LIMITS = (
    "One kind of machine, committed data sets of some tens of rows, the environments that the "
    "locks name. Of other rows, machines and versions these cells say nothing. "
    "[Limits](explanation/architecture.md#limits)."
)


def text(found: Sequence[Findings], known: Mapping[str, Attribution]) -> str:
    """The whole page."""
    if not found:
        return page([f"# {TITLE}", MADE, INTRO, NOTHING])
    return page(
        [
            f"# {TITLE}",
            MADE,
            INTRO,
            "## In short",
            "\n".join(map(_short, found)),
            f"Counted by {code('shelflife worth')} and {code('shelflife causes')} of the evidence "
            "that the last section names.",
            "## Wrong answers without an error",
            *silent.section(found, known),
            "## Loud breakages",
            *(part for one in found for part in _loud(one, known)),
            "## Shelf life",
            *(part for one in found for part in _lives(one)),
            "## What the warning is worth",
            *(part for one in found for part in _worth(one)),
            "## Method",
            METHOD,
            LIMITS,
            "## Evidence",
            _sources(found),
        ]
    )


# -- in short ------------------------------------------------------------------------------------


def _short(found: Findings) -> str:
    """The headline of a matrix: what became of what was loaded elsewhere."""
    c, name = found.counts, plain(found.matrix)
    if c.cells and c.cells == c.controls:
        return (
            f"- **{name}**: each of {cells(c.cells)} is loaded in the environment that saved it; "
            f"{count(c.failed_controls)} of them fail there or answer otherwise."
        )
    if not c.loaded:
        return f"- **{name}**: no cell that was loaded elsewhere has a result."
    broken = c.loaded - c.right - c.silent
    parts = [
        f"of {cells(c.loaded)} loaded elsewhere, {count(c.right)} "
        f"({100 * c.right / c.loaded:.0f} %) answer as before",
        f"{count(broken)} fail",
        f"**{count(c.silent)} answer otherwise without any error**",
    ]
    if c.silent:
        parts[-1] += f", {count(c.unwarned) if c.unwarned else 'none'} of them without any warning"
    causes = words.agree(len(found.silent), "cause", "causes", "")
    broke = words.agree(len(found.loud), "cause", "causes", "")
    return f"- **{name}**: {'; '.join(parts)}. {causes} of wrong answers, {broke} of breakages."


def _sources(found: Sequence[Findings]) -> str:
    """Which evidence the page is made of."""
    rows = [
        (
            code(one.id), count(len(one.header["environments"])), count(len(one.header["models"])),
            count(len(one.header["formats"])), count(one.counts.cells),
            count(one.counts.failed_controls), plain(one.header["started"][:10]),
            plain(one.header["shelflife"]),
        )
        for one in found
    ]  # fmt: skip
    head = (
        "Evidence", "Environments", "Models", "Formats", "Cells", "Failed controls", "Measured",
        "Shelflife",
    )  # fmt: skip
    return table(head, rows)


# -- loud ----------------------------------------------------------------------------------------


def _loud(found: Findings, known: Mapping[str, Attribution]) -> list[str]:
    """The causes of one matrix that raise an error, the most frequent first."""
    if not found.loud:
        return []
    causes = sorted(found.loud, key=lambda cause: (-cause.count, cause.id))
    rows = [_loud_row(found, cause, known) for cause in causes]
    head = (
        "What",
        "Cells",
        "Models",
        "First and last bad pair",
        "Cause",
        "What helps",
        "For example",
    )
    parts = [
        f"### {plain(found.matrix)}: {words.agree(len(causes), 'cause', 'causes', '')}",
        table(head, rows[:LOUD]),
    ]
    if rows[LOUD:]:
        some = rows[LOUD : LOUD + MOST]
        parts.append(words.fold(f"{len(rows) - LOUD:,} more", table(head, some)))
    left = len(rows) - LOUD - MOST
    parts += [f"{left:,} more: {words.causes_command(found)}"] if left > 0 else []
    return parts


def _loud_row(found: Findings, cause: Cause, known: Mapping[str, Attribution]) -> tuple[str, ...]:
    return (
        words.failure(cause),
        count(cause.count),
        words.named(cause.models, 2),
        words.span(cause),
        words.why(cause, attributions.of(cause.cells, known)),
        words.helps(cause, 2),
        words.example(found, cause.example),
    )


# -- shelf life ----------------------------------------------------------------------------------


def _lives(found: Findings) -> list[str]:
    """A table a direction; medians, and how many still answer after a while."""
    key = lifetables.keys(found.header)["format"][1]
    parts = []
    for way in DIRECTIONS:
        rows = lifetables.rows(found.lives, way, key)
        if not rows:
            continue
        parts.append(f"{way.capitalize()}, {SAID[way]}:")
        parts.append(_life_table(rows))
    if not parts:
        return []
    back = lifetables.returns(found.lives)
    return [
        f"### {plain(found.matrix)}: {count(found.lives.artifacts)} saved models",
        "Share that still answers, with 95 % limits and how many were followed so long "
        f"([how](explanation/shelf-life.md)); by {words.command(found, 'life')}.",
        *parts,
        *_returns(found, back),
    ]


def _life_table(rows: Sequence[lifetables.Row]) -> str:
    """One line for formats that live alike."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        figures = [f"{row.subjects:,}", f"{row.died:,}"]
        for unit in UNITS:
            figures.append(lifetables.median(row.curves[unit], unit))
            figures += [lifetables.share(row.curves[unit].at(mark)) for mark in MARKS[unit]]
        alike.setdefault(tuple(figures), []).append(row.group[0])
    head = ["Formats", "Saved models", "Died"]
    for unit in UNITS:
        head += [f"Median, {unit}", *(lifetables.mark(mark, unit) for mark in MARKS[unit])]
    return table(head, [(", ".join(map(code, f)), *figures) for figures, f in alike.items()])


def _returns(found: Findings, back: Sequence[Life]) -> list[str]:
    if not back:
        return ["None came back after it had died."]
    listed = [
        f"- {code(life.cell(life.fatal))} is {life.outcome}; it answers again in "
        f"{code(life.returned)}"
        for life in back[:BACK]
    ]
    verb = words.agree(len(back), "saved model comes", "saved models come", "")
    said = f"{verb} back in a release behind the one that broke it; counted as dead."
    more = [f"- {len(back) - BACK:,} more: {words.command(found, 'life', '--json')}"]
    return [said, words.fold("Which", "\n".join(listed + (more if len(back) > BACK else [])))]


# -- warnings ------------------------------------------------------------------------------------


def _worth(found: Findings) -> list[str]:
    whole = found.worth.whole()
    if not whole.cells:
        return []
    if not whole.of((worth.VERSION,)):
        return [f"**{plain(found.matrix)}**: no cell warns about versions."]
    measured = worth.measures(whole)
    said = [
        f"- {worthtables.counted(getattr(measured, name))} {words_of}."
        for name, words_of in worthtables.MEASURED.items()
        if getattr(measured, name).of
    ]
    judged = [
        f"- “{plain(j.claim)}” **{j.verdict}**: {plain(j.says)} "
        + "(" + ", ".join(f"[source]({source})" for source in j.sources) + ")"
        for j in worth.judgements(found.worth)
        if j.verdict != worth.UNTRIED
    ]  # fmt: skip
    return [
        f"### {plain(found.matrix)}: {count(whole.cells)} cells loaded elsewhere",
        "\n".join(said),
        fenced("text", worthtables.square(whole)),
        _pairs(found),
        "Published claims:" if judged else "",
        "\n".join(judged),
        f"Limits are Wilson's at 95 %. By {words.command(found, 'worth')}.",
    ]


def _pairs(found: Findings) -> str:
    groups = found.worth.by(worthtables.BY["pair"][1])
    rows = [
        (*group, count(t.cells), *(worthtables.percent(s) for s in worthtables.figures(t)))
        for group, t in groups.items()
    ]
    head = ("Direction", "Distance", "Cells", *(h.capitalize() for h in worthtables.HEADS))
    return table(head, rows)
