"""The ledger for people: a table for the terminal, JSON, and docs/claims.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.table import Table

from harness.claims import counting, judging
from harness.claims.judging import Checked, Judged, Outcome
from harness.claims.ledger import BYTES, Books, Claim
from harness.measure import records
from harness.measure.records import HEADER, Measured
from harness.measure.results import Results
from harness.measure.tables import bytes_text, seconds_text
from harness.records import Json
from harness.words import digits
from harness.worth import ONLY_IF

OPENING = """\
# Published claims

Made by `shelflife claims --write` of `benchmarks/claims/`; do not edit. What is published about
the cost and the life of saved models, measured on one machine: our setup, our numbers, a verdict.
`shelflife claims --measure` measures again.

A test holds where the whole 99 % interval of its figure, widened by the noise of two equal arms in
the same run, lies within its bounds; it fails where the whole lies outside, and is undecided
otherwise. A claim is *reproduced* where all its tests hold, *refuted* where all fail, and holds
*only if* what the tests that hold say. Each figure is the median of blocks, each of which is a
fresh process that goes through all arms in random order; ratios are of paired blocks, by CPU time
unless wall time is named. The tables of stages give wall time.
"""


def kept(folder: Path, claim: Claim) -> Path:
    """Where the project keeps what was measured of a claim, in the form of a measuring run."""
    return folder / "measured" / claim.id


def judged(books: Books) -> list[Judged]:
    """Every claim with what was measured or counted so far."""
    return [_judged(claim, books.folder) for claim in books.claims]


def measured(books: Books) -> dict[str, Measured]:
    """What was measured of the claims that were, by id."""
    places = {claim.id: kept(books.folder, claim) for claim in books.claims if claim.tests}
    return {id: records.read(place) for id, place in places.items() if (place / HEADER).exists()}


def _judged(claim: Claim, folder: Path) -> Judged:
    if claim.notrun:
        return Judged(claim, judging.NOTRUN, claim.notrun)
    if claim.counted:
        return counting.judged(claim, folder)
    place = kept(folder, claim)
    if not (place / HEADER).exists():
        why = f"not measured yet: shelflife claims --measure {claim.id}"
        return Judged(claim, judging.NOTRUN, why)
    return judging.judge(claim, Results(records.read(place)))


def table(found: Sequence[Judged]) -> Table:
    """A row for each claim."""
    table = Table(pad_edge=False)
    for name in ("", "claim", "says", "verdict"):
        table.add_column(name)
    for each in found:
        said = verdict(each)
        table.add_row(str(each.claim.number), each.claim.id, each.claim.says, said)
    return table


def verdict(found: Judged) -> str:
    """`only if this; or that`."""
    return f"{ONLY_IF} {found.says}" if found.verdict == ONLY_IF and found.tests else found.verdict


def as_json(found: Judged) -> Json:
    """A claim, its verdict and its tests; what is not known is null."""
    return {
        "id": found.claim.id,
        "number": found.claim.number,
        "claim": found.claim.says,
        "sources": list(found.claim.sources),
        "verdict": found.verdict,
        "says": found.says,
        "tests": [
            {
                "says": t.test.says, "outcome": t.outcome, "stage": t.test.stage,
                "of": t.test.of, "over": t.test.over or None, "case": t.test.case,
                "value": _known(t.value), "low": _known(t.low), "high": _known(t.high),
                "noise": t.noise, "n": t.n, "least": t.test.least, "most": t.test.most,
            }
            for t in found.tests
        ],
    }  # fmt: skip


def _known(value: float) -> float | None:
    return value if value == value else None


def text(found: Sequence[Judged], folder: Path) -> str:
    """docs/claims.md, whole."""
    parts = [OPENING, "\n".join(_overview(found))]
    parts += ["\n".join(_section(each, folder)) for each in found]
    return "\n".join(parts)


def _overview(found: Sequence[Judged]) -> Iterator[str]:
    yield "| | Claim | Verdict |"
    yield "| --- | --- | --- |"
    for each in found:
        link = f"[{each.claim.says}](#{anchor(each.claim)})"
        yield f"| {each.claim.number} | {link} | {each.verdict} |"
    yield ""


def heading(claim: Claim) -> str:
    return f"{claim.number} {claim.id}"


def anchor(claim: Claim) -> str:
    """Of its heading, as it is made of Markdown."""
    return heading(claim).lower().replace(".", "").replace(" ", "-")


def _section(found: Judged, folder: Path) -> Iterator[str]:
    claim = found.claim
    yield f"## {heading(claim)}\n"
    yield f"> {claim.says}\n"
    end = f": {found.says}" if found.says and not found.tests else ""
    said = verdict(found)
    yield f"**{said[:1].upper()}{said[1:]}**{end}\n"
    yield f"- Source: {', '.join(f'<{source}>' for source in claim.sources)}"
    yield f"- Published: {claim.published}"
    if claim.setup:
        yield f"- Here: {claim.setup}"
    if claim.differs:
        yield f"- What differs: {claim.differs}"
    if not found.tests:
        yield ""
        return
    measured = records.read(kept(folder, claim))
    yield from (f"- {said}" for said in conditions(claim, measured))
    yield ""
    yield from _tests(found.tests)
    yield from _figures(claim, Results(measured))


def conditions(claim: Claim, measured: Measured) -> Iterator[str]:
    """Code, machine, versions, date and load."""
    sheet, loads = measured.header["sheet"], [p.load_average for p in measured.processes]
    for id, packages in measured.header["environments"].items():
        versions = ", ".join(f"{name} {version}" for name, version in packages.items())
        yield f"Environment `{id}`: {versions}"
    blocks = 1 + max(process.block for process in measured.processes)
    machine = f"{sheet['cpu']}, {sheet['cores']} cores, {sheet['memory_mib'] >> 10} GB"
    yield (
        f"Measured by `benchmarks/claims/{claim.code}.py` on {measured.header['started'][:10]}: "
        f"{machine}, {sheet['filesystem']}, {blocks} blocks, load average "
        f"{min(loads):.1f} to {max(loads):.1f}"
    )


def _tests(tests: Iterable[Checked]) -> Iterator[str]:
    yield "| Holds if | Measured | Wanted | |"
    yield "| --- | --- | --- | --- |"
    for each in tests:
        yield f"| {each.test.says} | {measured_text(each)} | {wanted(each)} | {each.outcome} |"
    yield ""


def measured_text(each: Checked) -> str:
    """`torch / safetensors, load-warm: 76.8 (70.1-80.2), noise 2.1 %`."""
    test = each.test
    if each.outcome is Outcome.MISSING:
        return each.why
    clock = ", wall time" if test.clock == "wall" else ""
    first = f"{test.of}{f' ({test.case})' if test.over_case else ''}"
    if not test.over:
        return f"{first}, {test.stage}{clock}: {_figure(test.stage, each.value)}"
    second = f"{test.over}{f' ({test.over_case})' if test.over_case else ''}"
    second += f", {test.over_stage}" if test.over_stage else ""
    said = f"{first} / {second}, {test.stage}{clock}: {digits(each.value)}"
    if test.stage == BYTES:
        return said
    return (
        f"{said} ({digits(each.low)} to {digits(each.high)}), noise {100 * (each.noise - 1):.1f} %"
    )


def wanted(each: Checked) -> str:
    """`38.3 or more`."""
    test = each.test
    if test.least is not None and test.most is not None:
        return f"{test.least:g} to {test.most:g}"
    if test.least is not None:
        unit = "" if test.over else " s"
        return f"{test.least:g}{unit} or more"
    return f"{test.most:g} or less"


def _figures(claim: Claim, results: Results) -> Iterator[str]:
    """Size and median wall time of each stage, by case and arm."""
    heads, *rows = figures(claim, results)
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def figures(claim: Claim, results: Results) -> Iterator[tuple[str, ...]]:
    """The same as headings and rows."""
    used = [s for s in (*records.STAGES, "round-trip") if _has(results, s)]
    yield ("Case", "Arm", "Size", *used)
    for setup in claim.setups:
        for arm in setup.arms:
            size = bytes_text(results.cases[*setup.key, arm].bytes or 0)
            times = [results.figure(setup.key, arm, stage) for stage in used]
            cells = [seconds_text(figure.value) if figure else "" for figure in times]
            yield (setup.case, arm, size, *cells)


def _has(results: Results, stage: str) -> bool:
    return any(place[3] == stage for place in results.values)


def _figure(stage: str, value: float) -> str:
    return bytes_text(value) if stage == BYTES else seconds_text(value)
