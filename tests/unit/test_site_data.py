"""The data of the site: the same cells in every form, valid, at addresses that stay."""

from __future__ import annotations

import csv
import gzip
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from arro3.io import read_parquet
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harness.site import addresses, changes, data, estimators, feed, matrixtables, tables, upgrade
from harness.site.gather import Site
from harness.site.tables import Column, Table
from harness.store import Run
from tests.synthetic import MARKUP, Synthetic, lines, write_run
from tests.unit import sites

SPEC = Synthetic(700, environments=5)
ATOM = "{http://www.w3.org/2005/Atom}"


def written(site: Site, out: Path) -> Path:
    for write in (upgrade.write, estimators.write, changes.write, data.write):
        write(site, out)
    return out


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("run") / "new", SPEC)


@pytest.fixture(scope="module")
def out(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(sites.site(sites.part(run)), tmp_path_factory.mktemp("site"))


def rows_of_json(path: Path) -> list[dict[str, Any]]:
    raw = path.read_bytes()
    return json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)


def schema(out: Path, name: str) -> Draft202012Validator:
    found = json.loads((out / "data" / "schema" / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


# -- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", matrixtables.TABLES, ids=lambda table: table.name)
def test_csv_json_and_parquet_hold_the_same_rows(table: Table, out: Path) -> None:
    folder = out / "data" / "synthetic"
    parquet = read_parquet(folder / table.file("parquet")).read_all()
    names = [column.name for column in table.columns]
    assert parquet.schema.names == names
    columns = [parquet.column(name).to_pylist() for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    told = rows_of_json(folder / table.file("json"))
    assert [{k: v for k, v in row.items() if v is not None} for row in rows] == [
        {k: float("inf") if v is None else v for k, v in row.items()} for row in told
    ]
    raw = (folder / table.file("csv")).read_bytes()
    text = (gzip.decompress(raw) if table.large else raw).decode()
    sheet = list(csv.DictReader(io.StringIO(text)))
    assert len(sheet) == len(rows)
    for line, row in zip(sheet, rows, strict=True):
        for column in table.columns:
            assert _read(line[column.name], column) == row[column.name]
    assert rows, "an empty table would prove nothing"
    assert not [*schema(out, table.name).iter_errors(told)]


def _read(text: str, column: Column) -> Any:
    if column.empty and text == "":
        return None
    kinds = {"integer": int, "number": float, "yes or no": lambda word: word == "true"}
    return kinds.get(column.type, str)(text)


def test_the_table_of_cells_is_the_run(run: Path, out: Path) -> None:
    told = rows_of_json(out / "data" / "synthetic" / "cells.json.gz")
    found = {"/".join(r[k] for k in ("model", "format", "producer", "consumer")): r for r in told}
    expected = {line["cell"]: line for line in lines(SPEC)}
    assert found.keys() == expected.keys()
    for id, line in expected.items():
        assert found[id]["outcome"] == line["outcome"]
        assert found[id].get("bytes") == (line["artifact"] and line["artifact"]["bytes"])
        assert found[id]["warned"] is bool(line["warnings"])
        assert found[id]["erred"] is bool(line["error"])


def test_the_same_rows_give_the_same_bytes(run: Path, out: Path, tmp_path: Path) -> None:
    part = sites.part(run)
    for table, batches in matrixtables.made(part):
        for form, file, _ in tables.write(table, tmp_path, "again", batches).files:
            first = out / "data" / "synthetic" / table.file(form)
            assert (tmp_path / file).read_bytes() == first.read_bytes()


def test_a_lone_surrogate_does_not_break_a_table(tmp_path: Path) -> None:
    table = Table("t", "", (Column("a", "text", ""), Column("n", "number", "", empty=True)))
    rows = [("\ud800", 1.0), ("b", None), ("c", float("inf"))]
    made = tables.write(table, tmp_path, "x", tables.rows(rows, 2))
    assert made.rows == 3
    assert rows_of_json(tmp_path / "x" / "t.json") == [{"a": "?", "n": 1}, {"a": "b"},
                                                       {"a": "c", "n": None}]  # fmt: skip


# -- addresses -----------------------------------------------------------------------------------


def test_every_cell_is_at_its_address(out: Path) -> None:
    folder = out / "data" / "synthetic" / "estimator"
    documents = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
    check = schema(out, "estimator")
    for document in documents.values():
        assert not [*check.iter_errors(document)]
    seen = 0
    for line in lines(SPEC):
        cell = documents[line["model"]]["formats"]
        for key in ("format", "producer", "consumer"):
            cell = cell[line[key]]
        assert cell["outcome"] == line["outcome"]
        assert cell.get("warned", False) is bool(line["warnings"])
        if "cause" in cell:
            assert cell["cause"] in documents[line["model"]]["causes"]
        seen += 1
    every = sum(len(c) for d in documents.values() for f in d["formats"].values()
                for c in f.values())  # fmt: skip
    assert seen == every


@given(st.lists(st.text(max_size=6), max_size=12))
def test_no_two_files_have_one_name(names: list[str]) -> None:
    found = addresses.plain(names, "model")
    assert len({name.lower() for name in found}) == len(names)
    assert all("/" not in name and not name.startswith(".") for name in found)


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4))
def test_a_pointer_leads_back_to_its_parts(parts: list[str]) -> None:
    text = unquote(addresses.pointer(parts).removeprefix("#"))
    found = [p.replace("~1", "/").replace("~0", "~") for p in text.split("/")[1:]]
    assert found == [part.encode("utf-8", "replace").decode() for part in parts]


def test_badges_are_svg_with_a_title(out: Path) -> None:
    badge = ET.parse(out / "badge" / "synthetic" / "logreg.binary.svg").getroot()
    title = badge.find("{http://www.w3.org/2000/svg}title")
    assert title is not None and "median shelf life" in str(title.text)
    assert badge.get("aria-label") == title.text
    formats = {path.stem for path in (out / "badge" / "synthetic" / "logreg.binary").glob("*.svg")}
    assert {"joblib", "skops", "pickle-5"} <= formats


# -- what changed --------------------------------------------------------------------------------


def worse(run: Path, to: Path) -> int:
    """The same run with load errors where some were identical; how many."""
    write_run(to, SPEC)
    n, changed = 0, []
    for line in lines(SPEC):
        if line["outcome"] == "identical" and line["producer"] != line["consumer"] and n < 5:
            n += 1
            error = {"type": "ValueError", "message": "no longer", "stage": "load", "traceback": ""}
            line |= {"outcome": "load-error", "error": error, "methods": {}}
        changed.append(json.dumps(line))
    (to / "cells.jsonl").write_text("\n".join(changed) + "\n", encoding="utf-8")
    return n


def test_the_feed_has_what_became_worse(run: Path, tmp_path: Path) -> None:
    n = worse(run, tmp_path / "worse")
    site = sites.site(sites.part(tmp_path / "worse"), before={"synthetic": Run(run)})
    texts = [feed.write(site, written(site, tmp_path / "a")).read_text() for _ in range(2)]
    assert texts[0] == texts[1]
    root = ET.fromstring(texts[0])
    entries = root.findall(f"{ATOM}entry")
    assert entries and f"{n} cells" in str(entries[0].findtext(f"{ATOM}title"))
    for element in (root, *entries):
        assert str(element.findtext(f"{ATOM}id")).startswith("tag:shelflife.invalid,2026:")
        assert element.findtext(f"{ATOM}updated") == "2026-11-21T21:40:00+00:00"
        assert element.findtext(f"{ATOM}title")
    page = (tmp_path / "a" / "changes.html").read_text()
    assert f"{n} regression" in page and "no longer" in page


def test_without_a_result_before_nothing_is_said_to_have_changed(out: Path) -> None:
    assert not ET.parse(out / "feed.xml").getroot().findall(f"{ATOM}entry")
    page = (out / "changes.html").read_text()
    assert "nothing newer to compare with" in page
    assert "regression" not in page


def test_transitions_put_wrong_answers_first_and_count_every_saved_model(run: Path) -> None:
    history = sites.part(run).history
    groups = history.groups()
    wrong = [group.kind.wrong for group in groups]
    assert wrong == sorted(wrong, reverse=True) and True in wrong and False in wrong
    moving = sum(history.kind_of(row).moves for row in range(len(history)))
    assert sum(group.count for group in groups) == moving
    ids = {line["cell"]: line["outcome"] for line in lines(SPEC)}
    for group in groups:
        assert any(ids[group.example] == s.outcome for s in group.kind.stretches)


# -- troubles ------------------------------------------------------------------------------------


def test_markup_in_names_stays_text(tmp_path: Path) -> None:
    spec = Synthetic(600, environments=4, markup=True, finished=False)
    run = write_run(tmp_path / "run", spec)
    with (run / "cells.jsonl").open("a") as file:
        file.write('{"cell": "torn')
    out = written(sites.site(sites.part(run, "matrix-0")), tmp_path / "site")
    pages = [*out.glob("*.html"), *out.glob("estimator/*/*.html")]
    assert len(pages) > 4
    for page in pages:
        text = page.read_text()
        assert "<img src=x" not in text and "<script>document" not in text
    assert MARKUP not in {path.stem for path in out.rglob("*")}
    assert ET.parse(out / "feed.xml").getroot().tag == f"{ATOM}feed"
    told = rows_of_json(out / "data" / "matrix-0" / "cells.json.gz")
    assert {row["model"] for row in told} >= {MARKUP}


def test_a_run_without_a_cell_and_no_run_at_all_say_so(tmp_path: Path) -> None:
    empty = sites.part(write_run(tmp_path / "run", Synthetic(0, environments=3, finished=False)))
    for name, site in (("empty", sites.site(empty)), ("none", sites.site())):
        out = written(site, tmp_path / name)
        assert "nothing to ask yet" in (out / "upgrade.html").read_text()
        assert "no page yet" in (out / "estimators.html").read_text()
        assert "No cell has been run" in (out / "data.html").read_text()
    folder = tmp_path / "empty" / "data" / "synthetic"
    assert rows_of_json(folder / "cells.json.gz") == []
    assert gzip.decompress((folder / "cells.csv.gz").read_bytes()).startswith(b"model,format,")


def test_one_environment_has_nowhere_to_go(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", Synthetic(30, environments=1))
    out = written(sites.site(sites.part(run)), tmp_path / "site")
    text = next((out / "estimator" / "synthetic").glob("*.html")).read_text()
    assert "Nothing is known" in text
    assert "nowhere" not in text
