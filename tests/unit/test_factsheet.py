"""The fact sheet of the report: what was found and nothing else, and claims that do not hold."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from harness import factwords
from harness.factcheck import contradictions
from harness.factwords import QUESTIONS, SYMBOLS, Tone
from harness.records import Format, Outcome
from harness.report import formats, write_site
from harness.report.factsheet import fact_sheet, format_of, headline, row
from harness.standing import Standing, Standings, standing_json, standing_of, trouble, weight, works
from tests.synthetic import MARKUP, Synthetic, lines, write_run
from tests.synthetic_facts import (
    DAMAGED,
    EMPTY,
    LACKING,
    REFUTED,
    SUBJECT,
    WORDS,
    attack,
    damage,
    fact,
    sheet,
    write_facts,
)

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "facts.schema.json").read_text())


def format(**claims: Any) -> Format:
    named = {"executes": "anything: a pickle is a program", "varies": "a salt", **claims}
    return Format(id="f", summary="", suffix="", requires=(), converts=False, **named)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_facts(write_run(tmp_path / "run", Synthetic(200, environments=1)))


def site(run_dir: Path) -> Path:
    return write_site(run_dir, run_dir.parent / "site").parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that the tests only read."""
    folder = tmp_path_factory.mktemp("facts")
    return site(write_facts(write_run(folder / "run", Synthetic(1_400, environments=2))))


@pytest.fixture
def html(built: Path) -> str:
    return (built / "formats.html").read_text(encoding="utf-8")


# ---- claims against facts


def test_nothing_is_refuted_by_nothing() -> None:
    claims = {"checksum": "CRC", "varies": "", "executes": "nothing", "python_only": "a pickle"}
    assert contradictions(format(**claims), {}) == []
    unknown = {q.fact: factwords_null() for q in QUESTIONS}
    assert contradictions(format(**claims), unknown) == []


def factwords_null() -> dict[str, Any]:
    return fact(None, "not measured")


@pytest.mark.parametrize("word", WORDS)
def test_only_other_answers_refute_a_checksum(word: str) -> None:
    facts = {"flips": fact(word, word, damage(**WORDS[word]))}
    said = contradictions(format(checksum="CRC-32"), facts)
    assert bool(said) == (word == "wrong answers")
    assert contradictions(format(), facts) == []
    if said:
        assert said == [
            f"checksum: CRC-32; but of 24 damaged files of {SUBJECT} 2 gave other answers without "
            "an error (flip at byte 2)"
        ]


def test_a_difference_without_a_reason_is_refuted() -> None:
    differ = {"repeat": fact("differ", "the bytes differ for m: no reason is declared")}
    (said,) = contradictions(format(varies=""), differ)
    assert "the bytes differ for m" in said
    assert contradictions(format(varies="a salt"), differ) == []
    assert contradictions(format(varies=""), {"repeat": fact("equal", "")}) == []


def test_a_snippet_that_fails_is_refuted() -> None:
    (said,) = contradictions(format(), {"snippet": fact("fails", "raise: NameError: x")})
    assert said.endswith("raise: NameError: x")
    assert contradictions(format(), {"snippet": fact("ok", "")}) == []


@pytest.mark.parametrize(
    ("claim", "harmless"),
    [
        ("nothing: a parser in C++ and json in Python", True),
        ("no Python; a parser in C++ that believes the numbers in the file", True),
        ("operators of the runtime, no Python", True),
        ("a class on the loader's own list, no other code", True),
        ("nothing without the key; with it: anything: a pickle is a program", True),
        ("", True),
        ("anything: a pickle is a program", False),
        ("the program in the file, whose operators also write files; no Python", False),
        ("constructors of the listed types, and functions of trusted libraries by name", False),
    ],
)
def test_code_that_was_executed_refutes_a_claim_of_none(claim: str, harmless: bool) -> None:
    for executed in ("load", "answer"):
        fired = {"executes": fact("yes", "1 of 1", [attack("strict", executed)])}
        assert bool(contradictions(format(executes=claim), fired)) == harmless
    lax = [attack("lax", "load"), attack("strict", "never"), attack("strict", "unplanted")]
    assert contradictions(format(executes=claim), {"executes": fact("when lax", "", lax)}) == []


def test_another_reader_refutes_python_only() -> None:
    facts = {"python-free": fact("yes", "the same answers by its C library")}
    assert contradictions(format(python_only="a pickle"), facts)
    assert contradictions(format(python_only="a pickle"), {"python-free": fact("no", "")}) == []
    assert contradictions(format(), facts) == []


# ---- words


def test_the_values_are_those_of_the_worker_and_of_the_schema() -> None:
    sources = [ROOT / "harness/facts.py", *(ROOT / "harness/worker/facts").glob("*.py")]
    worker = "".join(path.read_text() for path in sources)
    declared = SCHEMA["properties"]["facts"]["properties"]
    assert {q.fact for q in QUESTIONS} | {"subjects"} == set(declared)
    for question in QUESTIONS:
        assert all(f'"{value}"' in worker for value in question.tones), question.fact
        allowed = declared[question.fact]["allOf"][1]["properties"]["value"].get("enum")
        if question.tones:
            assert set(allowed) == {*question.tones, None}


def test_a_sheet_is_as_the_schema_says() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    validator = Draft202012Validator(SCHEMA)
    for place in range(6):
        assert [error.message for error in validator.iter_errors(sheet(place))] == []
    assert not validator.is_valid({**sheet(0), "facts": {"flips": fact("fine", "")}})


def test_what_is_not_measured_is_neither_good_nor_zero() -> None:
    for question in QUESTIONS:
        for facts in ({}, {question.fact: fact(None, "no library")}):
            value = factwords.value(question, facts)
            assert (value.word, value.tone, value.rank) == ("not measured", Tone.UNKNOWN, None)
    assert factwords.value(QUESTIONS[0], {}, "no interpreter").says == "no interpreter"


def test_a_value_that_nobody_knows_is_shown_as_it_stands() -> None:
    value = factwords.value(QUESTIONS[0], {"executes": fact("at full moon", "seen")})
    assert (value.word, value.tone) == ("at full moon", Tone.PLAIN)


def test_every_tone_that_is_news_has_a_symbol_of_its_own() -> None:
    symbols = [symbol for tone, symbol in SYMBOLS.items() if tone is not Tone.PLAIN]
    assert len(set(symbols)) == len(symbols) == 4 and all(symbols)


# ---- models and sizes


def cell(model: str, outcome: str, **changes: Any) -> dict[str, Any]:
    line = next(iter(lines(Synthetic(1))))
    own = {"model": model, "format": "f", "producer": "a", "consumer": "a", "outcome": outcome}
    kept = {"artifact": {"sha256": "0" * 64, "bytes": 100}, "fidelity": fidelity("identical")}
    return {**line, **kept, **own, **changes}


def fidelity(verdict: str) -> dict[str, Any]:
    return {"verdict": verdict, "max_abs_diff": 0.0, "method": None}


def standing(*cells: dict[str, Any], of: str = "f") -> Standing:
    found = Standings()
    for line in cells:
        found.add(line)
    return found.of(of)


def test_controls_alone_are_counted_and_the_worst_counts() -> None:
    seen = standing(
        cell("m1", "identical"), cell("m1", "load-error", producer="b", consumer="b"),
        cell("m2", "identical"), cell("m2", "notrun", producer="b", consumer="b", artifact=None),
        cell("m3", "identical", consumer="b"), cell("m4", "unsupported", artifact=None),
        cell("m5", "notrun", artifact=None, fidelity=None),
    )  # fmt: skip
    assert (seen.works, seen.failing, seen.tried) == (1, 1, 3)
    assert works(seen).word == "1 of 3"
    assert trouble(seen) == "1 fail, 1 not run"


def test_a_translation_counts_by_how_near_it_came() -> None:
    seen = standing(
        cell("m1", "identical", fidelity=fidelity("drift")),
        cell("m2", "identical", fidelity=fidelity("close")),
        cell("m3", "identical", fidelity=None),
    )
    assert (seen.works, seen.otherwise, seen.uncompared) == (2, 1, 1)
    assert works(seen).tone is Tone.BAD
    assert "1 of them not compared" in works(seen).says


def test_a_later_line_of_a_cell_counts_instead() -> None:
    assert standing(cell("m", "crash"), cell("m", "identical")).works == 1


def test_nothing_tried_is_not_measured() -> None:
    assert works(Standing()).tone is Tone.UNKNOWN
    assert weight(Standing()).tone is Tone.UNKNOWN
    absent = standing(cell("m", "notrun", artifact=None, fidelity=None))
    assert works(absent).tone is Tone.UNKNOWN and "1 not run" in works(absent).says


def test_sizes_are_compared_model_by_model() -> None:
    def of(format: str, model: str, bytes: int, producer: str = "a") -> dict[str, Any]:
        artifact = {"sha256": "0" * 64, "bytes": bytes}
        return cell(model, "identical", format=format, artifact=artifact, producer=producer,
                    consumer=producer)  # fmt: skip

    yard = [of("pickle-5", "m1", 100), of("pickle-5", "m1", 1000, "b"), of("pickle-5", "m2", 50)]
    mine = [of("f", "m1", 200), of("f", "m1", 3000, "b"), of("f", "m2", 200), of("f", "m3", 7)]
    sizes = standing(*yard, *mine).sizes
    assert sizes is not None
    assert (sizes.artifacts, sizes.smallest, sizes.largest) == (4, 7, 3000)
    assert (sizes.ratio, sizes.shared) == (3.0, 3)
    alone = standing(*mine)
    assert alone.sizes is not None and alone.sizes.ratio is None
    assert weight(alone).word == "200 B"


def test_a_standing_survives_being_written() -> None:
    seen = standing(cell("m1", "identical"), cell("m2", "use-error"))
    assert standing_of(json.loads(json.dumps(standing_json(seen)))) == seen
    assert standing_of(standing_json(Standing())) == Standing()
    assert seen.of(Outcome.USE_ERROR) == 1


# ---- rows


def entry(made: Any, key: str) -> Any:
    return next(e for e in made.entries if e.column.key == key)


def test_conformance_names_what_is_not_kept_and_counts_no_silence() -> None:
    found = sheet(0)
    found["facts"]["snippet"] = fact(None, "it has no snippet")
    kept = entry(row(format(), found, Standing()), "conformance")
    assert (kept.value.word, kept.value.tone) == ("4 of 4", Tone.PLAIN)
    assert kept.note == "1 not measured"
    found["facts"]["replace"] = fact("fails", "AssertionError")
    broken = entry(row(format(), found, Standing()), "conformance")
    assert (broken.value.word, broken.value.tone) == ("3 of 4", Tone.BAD)
    assert "not: replace" in broken.note
    none = entry(row(format(), {}, Standing()), "conformance")
    assert none.value.tone is Tone.UNKNOWN


@pytest.mark.parametrize(
    "found",
    [None, {}, [], {"facts": []}, {"facts": {"flips": 3}}, {"facts": {"empty": fact("no", "", 7)}}],
)  # fmt: skip
def test_a_sheet_that_is_no_sheet_leaves_everything_unmeasured(found: Any) -> None:
    made = row(format(), found, Standing())
    assert {value.tone for _, value in made.answers} == {Tone.UNKNOWN}


def test_a_header_of_an_older_run_will_do() -> None:
    assert format_of({"id": "f", "summary": "s", "later": 1}).executes == ""


def test_the_headline_counts_what_was_measured() -> None:
    header = {"formats": [{"id": name, "summary": ""} for name in ("a", "b", "c")]}
    tried = {"a": sheet(2), "b": sheet(0)}
    tried["b"]["facts"]["executes"] = fact(None, "no artifact")
    made = fact_sheet(header, tried, lambda _: Standing())
    assert headline(made).startswith("Of 2 formats that were tried, 1 of 1 measured executes code")
    assert headline(fact_sheet(header, {}, lambda _: Standing())) == (
        "No format was tried in this run."
    )


# ---- the site


def test_a_run_without_sheets_has_no_such_page(tmp_path: Path, built: Path) -> None:
    out = shutil.copytree(built, tmp_path / "site")
    assert (out / "formats.html").exists() and list((out / "data").glob("sheets-*.js"))
    assert 'href="formats.html"' in (out / "index.html").read_text()
    write_site(write_run(tmp_path / "bare", Synthetic(0, environments=2)), out)
    assert not (out / "formats.html").exists() and not list((out / "data").glob("sheets-*.js"))
    assert "formats.html" not in (out / "index.html").read_text()


def test_every_format_has_a_row_and_a_sheet(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "SHEETS_PER_CHUNK", 3)
    out = site(run)
    html = (out / "formats.html").read_text(encoding="utf-8")
    ids = [entry["id"] for entry in json.loads((run / "run.json").read_text())["formats"]]
    rows = re.findall(r'<tr role="row" data-format="([^"]+)" data-chunk="(\d+)"', html)
    assert sorted(id for id, _ in rows) == sorted(ids)
    for id, chunk in rows:
        text = (out / "data" / f"sheets-{chunk}.js").read_text(encoding="ascii")
        found = re.fullmatch(rf"shelflifeSheets\({chunk},(.*)\);\n", text)
        assert found and id in json.loads(found[1])


def test_the_page_shows_contradictions_before_anything_else(built: Path, html: str) -> None:
    assert html.index('id="contradictions"') < html.index("<table")
    assert f'href="#format={REFUTED}"' in html
    assert "2 gave other answers without an error" in html
    assert re.search(rf'data-format="{REFUTED}"[^>]* data-refuted', html)
    index = (built / "index.html").read_text(encoding="utf-8")
    assert f"<code>{REFUTED}</code> contradicted: checksum: CRC-32" in index


def cells_of(html: str, id: str) -> dict[str, str]:
    part = html[html.index(f'data-format="{id}"') :].partition("</tr>")[0]
    return dict(re.findall(r'data-column="([\w-]+)"[^>]*?data-tone="(\w+)"', part))


def test_unmeasured_cells_are_unknown_and_say_why(html: str) -> None:
    for id, why in (
        (LACKING, "the run has no sheet of it"),
        (EMPTY, "no interpreter: 3.8"),
        (DAMAGED, "its sheet is damaged"),
    ):
        tones = cells_of(html, id)
        own = {tones[key] for key in tones if key not in ("works", "size")}
        assert own == {"unknown"}, id
        assert tones["works"] != "unknown", "its cells are there all the same"
        assert why in html


def test_families_have_their_titles_and_wrapped_formats_come_last(html: str) -> None:
    headings = re.findall(r'class="family"><th [^>]*>(.*?) <span', html)
    assert "The pickle module" in headings
    assert headings[-1] == "sealed"
    assert "with the 1 that wrap another format" in html


def test_what_others_wrote_is_never_markup(tmp_path: Path) -> None:
    run_dir = write_run(tmp_path / "run", Synthetic(200, environments=1, markup=True))
    out = site(write_facts(run_dir, markup=True))
    html = (out / "formats.html").read_text(encoding="utf-8")
    assert "<img" not in html
    assert html.count("</script>") == html.count("<script")
    for path in (out / "data").glob("sheets-*.js"):
        text = path.read_text(encoding="ascii")
        assert "<" not in text
        found = json.loads(text[text.index(",") + 1 : -3])
        assert all("<img" not in markup for markup in found.values())
        assert any(MARKUP.split(" ")[1] in markup for markup in found.values())


def test_the_page_keeps_its_policy(html: str) -> None:
    assert "http:" not in html and "https:" not in html
    assert " style=" not in html and "<style" not in html
    assert not re.search(r"\son\w+=", re.sub(r">[^<]*<", "><", html))


def test_the_same_run_gives_the_same_bytes(run: Path) -> None:
    first, second = (write_site(run, run.parent / name).parent for name in ("one", "two"))
    for name in ("formats.html", "data/sheets-0.js"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_more_formats_than_a_chart_can_show_are_left_to_the_table(run: Path) -> None:
    header = json.loads((run / "run.json").read_text())
    line = json.loads((run / "cells.jsonl").read_text().splitlines()[0])
    with (run / "cells.jsonl").open("a") as out:
        for place in range(90):
            out.write(json.dumps({**line, "format": f"f{place}"}) + "\n")
    header["formats"] += [{"id": f"f{place}", "summary": ""} for place in range(90)]
    (run / "run.json").write_text(json.dumps(header))
    index = (site(run) / "index.html").read_text(encoding="utf-8")
    assert "formats are too many for one chart" in index
    assert index.count('<th scope="row">f8') >= 11
