"""The handbook: pages that say what is committed and what the registry has, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harness import cli, handbook, registry
from harness.errors import UserError
from harness.handbook import gather
from harness.handbook.entries import Entry, entries, merged, named, snippets
from harness.handbook.markdown import fenced, plain, table
from harness.handbook.pages import family, pages
from harness.project import ROOT
from harness.records import Format, Tolerance
from harness.registry import Registry
from harness.standing import Standing
from harness.store import Run
from tests.synthetic import Synthetic, write_run
from tests.synthetic_facts import attack, fact, sheet, write_facts
from tests.unit.test_documents import HOSTS, MACHINE

FOLDER = ROOT / "docs" / "formats"
SCHEMA = json.loads((ROOT / "docs" / "reference" / "facts.schema.json").read_text())
COMMITTED = gather.read(FOLDER)


@pytest.fixture(scope="module")
def known() -> Registry:
    return registry.read()


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = write_facts(write_run(tmp_path / "run", Synthetic(60, environments=1)))
    for name in ("torn", "cloudpickle"):  # that is damaged: see the test of the gathered facts
        (made / "facts" / f"{name}.json").unlink()
    return Run(made)


def entry(id: str, wraps: str = "", snippet: str = "", facts: Any = None, **claims: Any) -> Entry:
    format = Format(
        id=id, summary=f"the {id}", suffix=".bin", requires=(), executes="anything",
        converts=False, family="some", wraps=wraps, snippet=snippet, **claims,
    )  # fmt: skip
    return Entry(format, "e", facts or {}, "" if facts else "it has not been tried yet", Standing())


def some(*ids: str) -> list[Entry]:
    return [entry(id, wraps=id.partition("+")[0] if "+" in id else "") for id in ids]


ABOUT = {
    "run": {"run": "r-1", "matrix": "m", "started": "2026-11-22T00:00:00+00:00",
            "shelflife": "0.1.0", "host": {"machine": "x86_64"}},
    "environments": {"e": {"python": "3.11", "main": "numpy", "version": "2.4"}},
    "formats": {}, "standing": {},
}  # fmt: skip


# ---- what is committed


def test_the_committed_pages_are_what_the_registry_and_the_facts_make(known: Registry) -> None:
    changed = handbook.differing(FOLDER, known)
    assert changed == [], "make them anew: shelflife handbook"


def test_the_committed_sheets_are_as_the_schema_says() -> None:
    validator = Draft202012Validator(SCHEMA)
    wrong = {
        id: [error.message for error in validator.iter_errors(found)]
        for id, found in COMMITTED["formats"].items()
        if not validator.is_valid(found)
    }
    assert wrong == {}
    assert gather.text(COMMITTED) == (FOLDER / gather.FILE).read_text(encoding="utf-8")


def test_the_committed_facts_name_no_machine_and_no_package_index() -> None:
    text = (FOLDER / gather.FILE).read_text(encoding="utf-8")
    assert re.findall(MACHINE, text) == []
    assert set(re.findall(r"https?://([\w.-]+)", text)) <= HOSTS
    assert not re.search(r"\b(pypi|pythonhosted)\b", text)


def test_every_format_of_the_registry_is_on_a_page_and_in_the_index(known: Registry) -> None:
    made = pages(known, COMMITTED)
    for format in known.formats:
        assert f"| `{format.id}` | " in made["index.md"]
        assert f"| `{format.id}` | " in made[f"{format.family}.md"]
    assert set(known.families) == {name.removesuffix(".md") for name in made} - {"index"}


def test_a_format_without_a_sheet_is_not_measured(known: Registry) -> None:
    bare = {**COMMITTED, "formats": {}, "standing": {}}
    for name, text in pages(known, bare).items():
        if name != "index.md":
            assert "None was tried yet." in text
            assert re.search(r"\| not measured \| it has not been tried yet \| (all|`)", text)


# ---- from a run to pages


def test_facts_are_gathered_whole(run: Run) -> None:
    facts = gather.gather(run)
    assert set(facts["formats"]) == set(run.facts()) == set(facts["standing"])
    assert facts["run"]["matrix"] == "synthetic"
    assert "memory_mib" not in facts["run"]["host"]
    validator = Draft202012Validator(SCHEMA)
    assert all(validator.is_valid(found) for found in facts["formats"].values())
    assert json.loads(gather.text(facts)) == facts


def test_a_run_that_tried_nothing_has_no_handbook(tmp_path: Path) -> None:
    bare = Run(write_run(tmp_path / "run", Synthetic(10, environments=1)))
    with pytest.raises(UserError, match="no fact sheet"):
        gather.gather(bare)
    with pytest.raises(UserError, match="shelflife handbook RUN"):
        gather.read(tmp_path)


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("no file at /tmp/some/model.pkl, or so", "no file at …/model.pkl, or so"),
        ("in '/home/someone/a b'", "in '…/a b'"),
        ("see https://example.org/a/b?c=1.", "see (an address)"),
        ("RUN/facts/one/artifact.bin is gone", "…/artifact.bin is gone"),
        ("and/or 1/2, needs /proc/self/status", "and/or 1/2, needs /proc/self/status"),
        ("<worker>/formats/x.py", "<worker>/formats/x.py"),
    ],
)
def test_places_and_addresses_are_shortened(text: str, scrubbed: str) -> None:
    run = Path("/results/run-1")
    found = gather.scrubbed({"a": [text.replace("RUN", str(run)), 3, None]}, run)
    assert found["a"][1:] == [3, None]
    assert found["a"][0] == scrubbed


def test_the_command_takes_makes_and_checks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "pages"

    def ask(*arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(cli.shelflife, ["handbook", "--out", str(out), *arguments])
        return found.exit_code, found.output

    assert ask()[0] == 1, "there are no facts yet"
    code, said = ask(str(run.folder))
    assert code == 0 and "written index.md" in said
    assert ask("--check") == (0, "")
    assert ask() == (0, ""), "nothing has changed"
    (out / "index.md").write_text("edited")
    (out / "gone.md").write_text((out / "pickles.md").read_text())
    (out / "notes.md").write_text("a person's own")
    assert ask("--check") == (1, "differs gone.md\ndiffers index.md\n")
    assert (out / "index.md").read_text() == "edited"
    assert ask() == (0, "written gone.md\nwritten index.md\n")
    assert not (out / "gone.md").exists() and (out / "notes.md").exists()
    assert ask("--check", str(run.folder))[0] == 2


def test_figures_come_from_the_committed_facts_alone(run: Run, known: Registry) -> None:
    facts = gather.gather(run)
    assert pages(known, facts) == pages(known, json.loads(gather.text(facts)))


# ---- a page


def test_a_page_has_the_claims_the_facts_and_the_attacks() -> None:
    found = sheet(2)["facts"]
    found["executes"]["evidence"] = [
        attack("strict", "load", "a __reduce__ | with bars"),
        attack("lax", "never", "another"),
    ]
    one = entry(
        "f", facts=found, snippet="loaded = 1\n", checksum="CRC-32", varies="a salt",
        python_only="a pickle", tolerance=Tolerance(1e-5, "float32"),
    )  # fmt: skip
    text = family("some: things", [one], ABOUT)
    for part in (
        "# some: things", "```python\nloaded = 1\n```", "- `f`: may execute: anything",
        "- `f`: verifies on loading: CRC-32", "- `f`: bytes may differ: a salt",
        "- `f`: only Python can answer: a pickle", "- `f`: rtol 1e-05, because float32",
        r"| strict | a \_\_reduce\_\_ \| with bars | executed on loading | nothing | `f` |",
        "| lax | another | did not execute | nothing | `f` |",
        "- `e`: numpy 2.4, Python 3.11",
    ):  # fmt: skip
        assert part in text, part
    assert "fact is measured" not in text


def test_a_refuted_claim_stands_at_the_top() -> None:
    one = entry("f", facts={"repeat": fact("differ", "the bytes differ for m: no reason")})
    text = family("some", [one], ABOUT)
    assert text.index("It does not do what it claims") < text.index("## Formats")
    assert "does not do what" not in family("some", [entry("g")], ABOUT)


def test_what_is_alike_is_said_once() -> None:
    one, two, three = some("a", "b", "c")
    rows = merged([(one, ("x",)), (two, ("y",)), (three, ("x",)), (three, ("x",))])
    assert rows == [(("x",), [one, three]), (("y",), [two])]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ("a-1 a-2 a-3 b a-1+s a-2+s a-3+s b+s", "all"),
        ("a-1 a-2 a-3 b a-1+s a-2+s a-3+s", "all but `b+s`"),
        ("a-1 a-2 a-3", "`a-1` to `a-3`"),
        ("a-1 a-3 b", "`a-1`, `a-3`, `b`"),
        ("b a-1+s a-2+s a-3+s b+s", "all but `a-1` to `a-3`"),
        ("a-1+s a-2+s a-3+s b+s", "all `*+s`"),
        ("b+s", "`b+s`"),
    ],
)
def test_formats_are_named_exactly_and_in_few_words(chosen: str, words: str) -> None:
    every = some("a-1", "a-2", "a-3", "b", "a-1+s", "a-2+s", "a-3+s", "b+s")
    which = [e for e in every if e.format.id in chosen.split()]
    assert named(which, every) == words
    assert named(every[:1], every[:1]) == "`a-1`"


def test_snippets_that_differ_in_numbers_are_shown_once() -> None:
    every = [
        entry("a-1", snippet="dump(1)"), entry("a-2", snippet="dump(2)"),
        entry("b", snippet="other()"), entry("none"),
        entry("b+s", wraps="b", snippet="seal(other())"),
        entry("a-1+s", wraps="a-1", snippet="seal(dump(1))"),
    ]  # fmt: skip
    shown = {found.format.id: words for found, words in snippets(every)}
    assert shown == {
        "a-1": "With other numbers, likewise for `a-2`.",
        "b": "",
        "b+s": "Around the code of the format inside, likewise for all `*+s`.",
    }


def test_entries_are_of_the_registry_and_not_of_the_facts() -> None:
    facts = {**ABOUT, "formats": {"f": sheet(0), "gone": sheet(1)}}
    (found,) = entries([entry("f").format], facts)
    assert (found.format.id, found.environment, found.why) == ("f", "core-1", "")


# ---- Markdown


@given(st.text())
def test_no_text_becomes_markup_or_breaks_its_line(text: str) -> None:
    made = plain(text)
    assert len(made.splitlines()) <= 1
    outside = re.sub(r"`[^`]*`", "", made)
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_<>|~\[\]]", outside)
    assert not re.search(r"\]\(", made)


def test_code_in_a_text_stays_code() -> None:
    assert plain("needs `a_b|c`, not a_b") == r"needs `a_b\|c`, not a\_b"
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_a_fence_is_longer_than_what_it_holds() -> None:
    assert fenced("python", "x = 1\n").startswith("```python\n")
    assert fenced("python", 'x = """\n```\n"""').startswith("````python\n")
