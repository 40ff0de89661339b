"""The command that ranks formats for a question."""

from __future__ import annotations

import json
import re

import click
from rich.console import Console

from harness import advise, baseline, evidence, project
from harness.advise import Beside, Shelf, Subject, tables
from harness.baseline import Baseline
from harness.cli.group import json_option, shelflife
from harness.cli.publish import measuring_runs
from harness.errors import UserError
from harness.evidence import Evidence
from harness.handbook import gather
from harness.measure import records
from harness.measure.results import Results
from harness.records import Json
from harness.report.reading import plain_name

FACTORS = {"B": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9}
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(B|kB|MB|GB)")


@shelflife.command("advise")
@click.argument("names", metavar="[RUN]...", nargs=-1)
@click.option("--family", metavar="NAME", help="The models: a kind such as forest, or a family.")
@click.option("--model", metavar="ID", help="One model, such as forest.classifier.")
@click.option("--apart", metavar="HOW", help="same, release, year or two-years; year.")
@click.option("--way", metavar="WAY", help="upgrade, rollback or both; upgrade.")
@click.option("--file", metavar="BY", help="trusted or untrusted: who made the file; trusted.")
@click.option("--python", metavar="YES", help="yes or no: is Python there when it is served; yes.")
@click.option("--first", metavar="WHAT", help="life, size, start or memory matters most; life.")
@click.option("--size", metavar="BYTES", help="Of the model as a pickle, such as 20MB; any.")
@click.option("--measured", multiple=True, metavar="RUN",
              help="A run of `shelflife measure`: the newest, and those committed.")  # fmt: skip
@json_option
def advise_command(
    names: tuple[str, ...],
    family: str | None,
    model: str | None,
    measured: tuple[str, ...],
    size: str | None,
    as_json: bool,
    **parts: str | None,
) -> None:
    """Which format? Ranked by what was measured, with ties, and what speaks against each."""
    if family and model:
        raise click.UsageError("--family and --model are two questions: ask one")
    rules = advise.read_rules()
    question = rules.question(size=_class(size, rules), **parts)
    found = _evidence(names)
    headers = [one.header() for one in found]
    subject = advise.find(headers, family=family, model=model)
    formats = {fmt["id"] for header in headers for fmt in header["formats"]}
    results = [Results(records.read(folder)) for folder in measuring_runs(measured).values()]
    advisor = advise.Advisor(
        subject, _shelves(found, headers, subject), Beside(_facts(), results, formats, rules)
    )
    answer = advisor.answer(question)
    if as_json:
        click.echo(json.dumps(tables.document(advisor, question, answer)))
        return
    out = Console(highlight=False, width=None if Console().is_terminal else 150)
    for part in tables.parts(advisor, question, answer):
        out.print(part, soft_wrap=isinstance(part, str), markup=False)


def _class(text: str | None, rules: advise.Rules) -> str | None:
    """The option for a size such as `20MB`; an option as it stands. UserError for no size."""
    if text is None or text in rules.part("size").options:
        return text
    match = _SIZE.fullmatch(text)
    if match is None:
        hint = f"Write 900B, 20kB or 5MB, or one of: {', '.join(rules.part('size').options)}."
        raise UserError(f"{text!r} is no size", hint)
    return rules.size(float(match[1]) * FACTORS[match[2]])


def _evidence(names: tuple[str, ...]) -> list[Evidence]:
    if names:
        return [evidence.find(name) for name in names]
    return list(baseline.baselines(evidence.baselines()))


def _shelves(found: list[Evidence], headers: list[Json], subject: Subject) -> list[Shelf]:
    """The matrices that have such models, with the cells of those alone."""
    shelves = []
    for number, (one, header) in enumerate(zip(found, headers, strict=True)):
        here = {model["id"] for model in header["models"]} & subject.models.keys()
        if here:
            lines = one.lines_of(here) if isinstance(one, Baseline) else one.lines()
            some = (line for line in lines if line["model"] in here)
            name = str(header["matrix"])
            name = name if plain_name(name) else f"matrix-{number}"
            shelves.append(advise.shelf(name, header, some, source=one.id))
    return shelves


def _facts() -> Json:
    """The committed facts of formats; none where there are none."""
    try:
        return gather.read(project.ROOT / "docs" / "formats")
    except UserError:
        return {"formats": {}}
