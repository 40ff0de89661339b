"""The documents against the code: what they name exists, and what exists they name."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from harness import cli, matrix, records
from harness.records import (
    Cell,
    CellId,
    Comparison,
    Failure,
    Outcome,
    Verdict,
)
from harness.store import cell_json

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
HELP = {"-h", "--help"}
# Documents link to these alone: none of them is a package index.
HOSTS = {
    *("github.com", "json-schema.org", "keepachangelog.com", "scikit-learn.org", "semver.org"),
    "shelflife.invalid",
}
HOSTS |= {"huggingface.co", "tech.quantco.com"}  # where claims are published
MACHINE = r"(?<![\w.])/(?:home|root|work|tmp|usr|Users|opt|var|mnt)/|\b[A-Z]:\\"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def section(document: str, heading: str) -> str:
    """What stands under a heading of level 2, up to the next one."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", document, re.M | re.S)
    assert found, f"no heading {heading!r}"
    return found[1]


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", document, re.M | re.S)


def first_column(part: str) -> set[str]:
    """What stands as code in the first column of a part's tables."""
    rows = re.findall(r"^\| (`.*?) \|", part, re.M)
    return {code for row in rows for code in re.findall(r"`([^`]+)`", row)}


# -- README and what CI runs ---------------------------------------------------------------------


def test_quick_start_is_two_blocks_that_are_the_real_commands() -> None:
    start = section(text(ROOT / "README.md"), "Quick start")
    assert len(re.findall(r"^```\w+$", start, re.M)) == 2
    bare, check = blocks(start, "sh")
    assert bare.splitlines() == ["python3 -m pip install tox", "python3 -m tox run -e quick"]
    assert check.splitlines() == ["python3 -m tox run -e check"]
    tox = ConfigParser()
    tox.read(ROOT / "tox.ini", encoding="utf-8")
    assert {"testenv:quick", "testenv:check"} <= set(tox.sections())
    assert "shelflife run quick" in tox["testenv:quick"]["commands"]
    assert "pytest" in tox["testenv:check"]["commands"]
    assert text(ROOT / ".ci" / "run").rstrip().endswith("-m tox run -e check")


def test_the_readme_is_one_screen_with_one_picture() -> None:
    readme = text(ROOT / "README.md")
    assert len(readme.splitlines()) <= 70
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert pictures == ["docs/images/grid.png"]
    assert (ROOT / pictures[0]).stat().st_size < 250_000


def test_hosted_ci_runs_the_same_script() -> None:
    workflow = text(ROOT / ".github" / "workflows" / "ci.yml")
    assert "run: bash .ci/run\n" in workflow
    assert all(re.fullmatch(r"[\w/-]+@v\d+", use) for use in re.findall(r"uses: (\S+)", workflow))


# -- commands ------------------------------------------------------------------------------------


def options(command: click.Command) -> set[str]:
    return {
        name
        for option in command.params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    } - HELP


def test_every_command_is_in_the_reference_and_no_other() -> None:
    titles = re.findall(r"^## shelflife (\S+)$", text(REFERENCE / "commands.md"), re.M)
    assert sorted(titles) == sorted(cli.shelflife.commands)


@pytest.mark.parametrize("name", sorted(cli.shelflife.commands))
def test_every_option_is_in_the_reference_and_no_other(name: str) -> None:
    command = cli.shelflife.commands[name]
    part = section(text(REFERENCE / "commands.md"), f"shelflife {name}")
    assert {code.partition(" ")[0] for code in first_column(part)} == options(command)
    usage = re.search(rf"^`shelflife {name}(?: ([^`]+))?`:", part, re.M)
    assert usage, "the section begins with the usage"
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    assert bool(arguments) == bool(usage[1])
    for argument in arguments:
        kind = argument.type
        shown = kind.choices if isinstance(kind, click.Choice) else [argument.metavar]
        assert all(str(word) in usage[1] for word in shown)


def test_options_of_the_group_are_in_the_reference() -> None:
    reference = text(REFERENCE / "commands.md")
    assert all(f"--{p.name}" in reference for p in cli.shelflife.params if p.name != "help")


def commands_in(document: str) -> Iterator[list[str]]:
    for block in blocks(document, "sh"):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                words.pop(0)
            if words and words[0] == "shelflife":
                yield words


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_shell_blocks_can_be_parsed(path: Path) -> None:
    for _, name, *rest in commands_in(text(path)):
        command = cli.shelflife.commands[name]
        command.make_context(name, list(rest))


def test_environment_variables_in_the_reference_are_those_of_the_code() -> None:
    part = section(text(REFERENCE / "commands.md"), "Environment variables")
    named = {
        name
        for path in (ROOT / "harness").glob("*.py")
        for name in re.findall(r"\bSHELFLIFE_[A-Z_]+", text(path))
    }
    assert first_column(part) == named


# -- results -------------------------------------------------------------------------------------


def fields(schema: Any, prefix: str = "") -> set[str]:
    """Paths of all properties of a schema: `methods.*.verdict`, `warnings[].count`."""
    found: set[str] = set()
    for choice in schema.get("oneOf", ()):
        found |= fields(choice, prefix)
    for name, inner in schema.get("properties", {}).items():
        found |= {prefix + name} | fields(inner, f"{prefix}{name}.")
    if "items" in schema:
        found |= fields(schema["items"], prefix[:-1] + "[].")
    if isinstance(schema.get("additionalProperties"), dict):
        found |= fields(schema["additionalProperties"], prefix + "*.")
    return found


def schema(name: str) -> Any:
    return json.loads(text(REFERENCE / f"{name}.schema.json"))


@pytest.mark.parametrize(
    ("name", "heading"),
    [("cell", "A line of cells.jsonl"), ("run", "run.json"), ("facts", "Facts")],
)
def test_every_field_is_in_the_reference_and_no_other(name: str, heading: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    part = section(text(REFERENCE / "results.md"), heading)
    assert first_column(part) == fields(schema(name))


def test_the_schema_knows_every_outcome_and_verdict() -> None:
    cell = schema("cell")
    assert cell["$defs"]["outcome"]["enum"] == [outcome.value for outcome in Outcome]
    method = cell["properties"]["methods"]["additionalProperties"]["properties"]
    fidelity = cell["properties"]["fidelity"]["oneOf"][1]["properties"]
    for found in (method, fidelity):
        assert found["verdict"]["enum"] == [verdict.value for verdict in Verdict]


def sample(outcome: Outcome) -> Cell:
    """A cell in which every field holds something."""
    return Cell(
        id=CellId("logreg.binary", "skops", "old", "new"),
        matrix="quick",
        outcome=outcome,
        methods={
            "predict": records.IDENTICAL,
            "predict/sparse": Comparison(Verdict.CHANGED, 1.0, 0, 5, 3, "0 instead of 1"),
        },
        error=Failure("AttributeError", "no attribute", "predict", "Traceback ..."),
        warnings=({"category": "UserWarning", "message": "old", "count": 2, "stage": "load"},),
        artifact={"sha256": "0" * 64, "bytes": 943},
        fidelity={"verdict": "close", "max_abs_diff": 1e-16, "method": "predict"},
        ms={"load": 1.5},
        reason="because",
        observed=Outcome.DRIFT,
        runs=3,
    )


@pytest.mark.parametrize("outcome", Outcome)
def test_what_the_store_writes_is_valid(outcome: Outcome) -> None:
    validator = Draft202012Validator(schema("cell"))
    full = sample(outcome)
    bare = Cell(full.id, "quick", outcome)
    for cell in (full, bare):
        line = json.loads(json.dumps(cell_json(cell)))
        assert [error.message for error in validator.iter_errors(line)] == []


# -- matrix --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("Top level", matrix.TOP),
        ("[[environment]]", matrix.ENVIRONMENT),
        ("[[from]]", matrix.FROM),
        ("[[exclude]]", matrix.EXCLUDE),
        ("[limits]", matrix.LIMITS),
    ],
)
def test_every_key_of_a_matrix_is_in_the_reference_and_no_other(
    heading: str, keys: set[str]
) -> None:
    assert first_column(section(text(REFERENCE / "matrix.md"), heading)) == keys


# -- words ---------------------------------------------------------------------------------------

DEFINED = re.findall(r"^## (.+)$", text(ROOT / "docs" / "glossary.md"), re.M)


def test_a_word_is_defined_once() -> None:
    assert len(DEFINED) == len(set(DEFINED))


def test_every_outcome_and_verdict_is_defined() -> None:
    assert {str(member) for enum in (Outcome, Verdict) for member in enum} <= set(DEFINED)


def test_everything_that_flows_between_the_stages_is_defined() -> None:
    classes = [
        name
        for name, value in vars(records).items()
        if dataclasses.is_dataclass(value) and value.__module__ == records.__name__
    ]
    words = {re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower() for name in classes}
    assert words <= set(DEFINED)


def code() -> str:
    """Names, docstrings and comments of the program, with CamelCase and snake_case as words."""
    files = [*(ROOT / "harness").rglob("*.py"), ROOT / "toxfile.py"]
    joined = "\n".join(text(path) for path in files)
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", joined).lower()


def test_every_defined_word_occurs_in_the_code() -> None:
    program = code()
    missing = [w for w in DEFINED if not re.search(rf"\b{re.escape(w)}(?:s|es)?\b", program)]
    assert missing == []


# -- every document ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        assert found.is_relative_to(ROOT), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", text(found), re.M)
            assert anchor in {re.sub(r"[^\w -]", "", t).lower().replace(" ", "-") for t in titles}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_names_a_machine_or_a_package_index(path: Path) -> None:
    assert re.findall(MACHINE, text(path)) == []
    assert set(re.findall(r"https?://([\w.-]+)", text(path))) <= HOSTS


def test_every_document_is_on_the_map() -> None:
    docs = ROOT / "docs"
    linked = {
        (index.parent / link).resolve()
        for index in (docs / "index.md", docs / "formats" / "index.md")
        for link in re.findall(r"\]\(([^)#]+)", text(index))
    }
    assert {*docs.rglob("*.md")} - {docs / "index.md"} <= linked


# -- snippets ------------------------------------------------------------------------------------

SNIPPETS = [
    pytest.param(snippet, id=f"{name}-{place}")
    for name in ("add-a-model", "add-a-format")
    for place, snippet in enumerate(
        blocks(text(ROOT / "docs" / "how-to" / f"{name}.md"), "python"), 1
    )
]


def described(*plugins: Path) -> set[str]:
    """Ids of all models and formats that the worker's registry then has, without wrappers."""
    command = [sys.executable, "-I", str(ROOT / "harness" / "worker"), "describe"]
    answer = subprocess.run(
        [*command, *map(str, plugins)], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    entries = [*found["models"], *found["formats"]]
    return {entry["id"] for entry in entries if not entry.get("wraps")}


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_snippets_register_what_they_say(snippet: str, tmp_path: Path) -> None:
    outside = snippet.replace("from ..registry", "from shelflife_worker.registry")
    outside = outside.replace("from ._api", "from shelflife_worker.models._api")
    (tmp_path / "snippet.py").write_text(outside, encoding="utf-8")
    named = set(re.findall(r'(?:^    id = |@model\(\s*)"([^"]+)"', snippet, re.M))
    assert named
    assert described(tmp_path) - described() == named


FORMAT_CHECK = """
import sys, tempfile, types
worker = types.ModuleType("shelflife_worker"); worker.__path__ = [sys.argv[1]]
sys.modules["shelflife_worker"] = worker
from shelflife_worker import registry
namespace = {"__name__": "snippet"}
exec(open(sys.argv[2]).read(), namespace)
class Plain:
    def get_params(self):
        return {"alpha": 0.5}
class Fitted(Plain):
    def __init__(self):
        self.coef_ = 1.0
format = next(iter(registry.FORMATS.values()))
path = sys.argv[3]
if format.id.startswith("json"):
    format.dump(Plain(), path, None)
    assert format.load(path) == {"alpha": 0.5}
    try:
        format.dump(Fitted(), path, None)
    except registry.Unsupported as refused:
        assert "coef_" in str(refused)
    else:
        raise SystemExit("it should have refused")
else:
    format.dump({"any": ["thing"]}, path, None)
    assert format.load(path) == {"any": ["thing"]}
"""


@pytest.mark.parametrize("snippet", [p for p in SNIPPETS if "format" in str(p.id)])
def test_formats_in_snippets_give_back_what_was_saved(snippet: str, tmp_path: Path) -> None:
    plugin = tmp_path / "snippet.py"
    plugin.write_text(snippet.replace("from ..registry", "from shelflife_worker.registry"))
    worker = ROOT / "harness" / "worker"
    arguments = [str(worker), str(plugin), str(tmp_path / "artifact")]
    done = subprocess.run(
        [sys.executable, "-I", "-c", FORMAT_CHECK, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
