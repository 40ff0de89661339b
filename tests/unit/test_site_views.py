"""The pages of the site: words, addresses, figures; and that no run, however odd, breaks them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import measured
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.charts import rows
from harness.charts.multiples import Multiple, draw_multiples
from harness.measure.results import Results
from harness.records import Outcome
from harness.report.charts import Pen
from harness.report.columns import OUTCOMES
from harness.report.site import SOURCE
from harness.report.svg import tokens
from harness.site import claims, cost, costs, finding, front, method, safety
from harness.site.pairs import Pairs
from harness.site.prose import html
from tests import whole
from tests.synthetic import MARKUP, Synthetic, lines, write_run

# ---- words and addresses


def test_a_sentence_becomes_html() -> None:
    said = html("load it in `sk1.9.1` (**nothing warned**), see [1](https://a.org/b) \\_idf\\_")
    assert said == (
        "load it in <code>sk1.9.1</code> (<strong>nothing warned</strong>), "
        'see <a href="https://a.org/b">a.org/b</a> _idf_'
    )


def test_no_address_but_those_of_the_web_becomes_a_link() -> None:
    assert "<a" not in html("[press](javascript:alert)")


@given(st.text(alphabet="<>&\"'`*[]()\\ abhtps:/."))
def test_no_sentence_becomes_markup_of_its_own(text: str) -> None:
    bare = html(text)
    for known in ("code", "strong"):
        bare = bare.replace(f"<{known}>", "").replace(f"</{known}>", "")
    left = re.sub(r'<a href="https?://[^"<>\s]*">|</a>', "", str(bare))
    assert "<" not in left and ">" not in left


def test_names_of_findings_are_plain_and_differ() -> None:
    assert finding.anchor("sklearn-1.5-tfidf", False, True) == "cause-sklearn-1.5-tfidf"
    assert finding.anchor("sklearn-1.5-tfidf", True, True) == "cause-sklearn-1.5-tfidf-errors"
    odd = [finding.anchor(text, True, False) for text in ("a b", "a  b", MARKUP)]
    assert len(set(odd)) == 3 and all(" " not in name and "<" not in name for name in odd)


def test_shares_never_round_to_none_or_all() -> None:
    assert front.percent(1, 100_000) == "under 1 %"
    assert front.percent(99_999, 100_000) == "over 99 %"
    assert front.percent(0, 5) == "0 %" and front.percent(5, 5) == "100 %"


def test_the_answer_names_wrong_answers_before_errors() -> None:
    worst, rest = front.answer(front.Totals(100, 60, 7, 2))
    assert (
        worst == "7 of 100 cells loaded in another environment answer otherwise without any error"
    )
    assert rest == (
        ", 2 of them without even a warning; 33 fail with an error; 60 answer as before (60 %)."
    )
    assert "nothing can be said yet" in front.answer(front.Totals(0, 0, 0, 0))[1]
    assert front.answer(front.Totals(9, 9, 0, 0))[0].startswith("None of 9 cells")


# ---- the little grid


def test_bars_fill_a_square_and_absence_none() -> None:
    counts = np.zeros((2, 2, len(OUTCOMES)), dtype=np.int64)
    counts[0, 0, OUTCOMES.index(Outcome.IDENTICAL)] = 3
    counts[0, 0, OUTCOMES.index(Outcome.DRIFT)] = 1
    counts[1, 0, OUTCOMES.index(Outcome.NOTRUN)] = 9
    pairs = Pairs(counts)
    assert dict(pairs.paths) == {
        Outcome.DRIFT: "M0 0h5v20h-5z",
        Outcome.IDENTICAL: "M5 0h15v20h-15z",
    }
    assert pairs.absent.count("M") == 3
    assert pairs.said(0, 0) == "75 % <small>≠ 1</small>"
    assert "no result" in pairs.said(1, 0)


# ---- costs


@pytest.fixture(scope="module")
def cost_set() -> costs.CostSet:
    results = Results(measured.run({"linear": 1 << 20}, blocks=10))
    return costs.CostSet("run", results.measured.sets[0], results)


def test_a_ratio_turned_round_is_its_inverse(cost_set: costs.CostSet) -> None:
    for measure in cost_set.measures:
        one = cost_set.ratio("skops", "pickle-5", measure)
        other = cost_set.ratio("pickle-5", "skops", measure)
        assert one and other
        assert one.ratio == pytest.approx(1 / other.ratio)
        assert one.clear == other.clear
        assert one.word == other.word or {one.word, other.word} <= {
            "faster", "slower", "less", "more",
        }  # fmt: skip


def test_what_is_within_noise_is_not_called_a_difference(cost_set: costs.CostSet) -> None:
    for _, cells in cost_set.rows():
        for cell in cells:
            if cell.ratio and not cell.ratio.clear:
                assert cell.ratio.word in ("within noise", "undecided", "the same")


def test_what_was_not_measured_says_so(cost_set: costs.CostSet) -> None:
    cold = next(m for m in costs.MEASURES if m.key == "load-cold")
    assert cost_set.ratio("absent", "pickle-5", cold) is None


def test_kinds_that_no_run_has_are_none_not_zero_charts() -> None:
    assert costs.kinds(["a-b-front", "a-growth", "c-front"]) == {
        "front": 2, "stages": 0, "codecs": 0, "memory": 0, "growth": 1,
    }  # fmt: skip


def test_small_multiples_have_a_panel_and_a_table_for_each_set() -> None:
    results = Results(measured.run({"linear": 1 << 20, "forest": 1 << 24}, blocks=8))
    sets = [costs.CostSet("run", key, results) for key in results.measured.sets]
    panels = [Multiple(each.title, rows.spots(results, each.key)) for each in sets]
    figure = draw_multiples(panels, Pen(tokens((SOURCE / "tokens.css").read_text()), wide=True))
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert [title.partition(" ")[0] for title in titles] == ["linear", "forest"]
    shown = cost.overview(sets)
    assert shown and {row[0] for row in shown.grid.rows} == {"linear", "forest"}
    assert len(shown.grid.rows) == 2 * len(measured.FEW)


def test_one_format_alone_has_no_front() -> None:
    results = Results(measured.run({"linear": 1 << 20}, formats=("pickle-5",)))
    sets = [costs.CostSet("run", key, results) for key in results.measured.sets]
    assert cost.overview(sets) is None


# ---- safety, claims, method


def test_sealed_is_said_only_of_what_was_tried() -> None:
    kept = whole.some()
    known = {format.id: format for format in kept.formats}
    assert safety.sealed(known["pickle-5"], kept).value.word == "yes"
    assert safety.sealed(known["joblib"], kept).value.word == "not tried"
    assert safety.sealed(known["mlflow-skops"], kept).value.tone in safety.Tone
    assert safety.sealed(known["pickle-5+hmac"], kept).value.word == "is sealed"


def test_every_verdict_has_a_tone_and_is_counted() -> None:
    found = whole.some().claims
    assert sum(n for _, n in claims.tallied(found)) == len(found)


def test_rates_that_were_not_observed_are_not_invented() -> None:
    answers, cost, nights = method.alarms([], [], None)
    assert "not observed" in answers.observed
    assert "not measured here" in cost.observed
    assert "31,000 cases and nights" in nights.stated and "not observed" in nights.observed


def test_what_the_experiment_on_noise_has_counted_is_said() -> None:
    arms = [
        {"more": 0.0, "verdicts": {"equivalent": 9, "slower": 1}},
        {"more": 0.1, "verdicts": {"slower": 8, "undecided": 2}},
        {"more": 0.2, "verdicts": {"slower": 10}},
    ]
    _, cost, _ = method.alarms([], [], {"runs": 10, "load": [1.0, 2.5], "arms": arms})
    assert "equal work was called different in 1 and equivalent in 9" in cost.observed
    assert "10 % more in 8 and 20 % more in 10 were found" in cost.observed


# ---- runs as they come


@pytest.fixture(autouse=True)
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts take most of the time of a small site, and have tests of their own."""
    monkeypatch.setattr("harness.report.site.MANY", 0)


def texts(site: Path) -> Iterator[tuple[Path, str]]:
    for path in site.rglob("*.html"):
        yield path, path.read_text(encoding="utf-8")


def test_a_site_without_any_run_says_so(tmp_path: Path) -> None:
    index = whole.write(tmp_path, [])
    assert "nothing can be said yet" in index.read_text()
    said = {path.name: text for path, text in texts(index.parent)}
    assert "it was made of no run" in said["grid.html"]
    assert "No measuring run is part of this site" in said["cost.html"]
    assert "No format was tried" in said["safety.html"]
    assert "The ledger has no claim" in said["claims.html"]


def test_a_run_without_any_cell_has_no_answer(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", Synthetic(0, environments=3, finished=False))
    site = whole.write(tmp_path, [run]).parent
    said = dict(texts(site))
    assert "nothing can be said yet" in said[site / "index.html"]
    assert "incomplete: no cell of" in said[site / "grid.html"]
    assert "No cell is here, so nothing was found." in said[site / "findings.html"]
    assert "100 %" not in said[site / "index.html"].partition("<main")[2]


def test_one_environment_has_no_shelf_life(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", Synthetic(60, environments=1))
    text = whole.write(tmp_path, [run]).read_text()
    assert "there is no shelf life to show" in text
    assert "no result elsewhere" in text


def test_a_torn_last_line_is_not_counted_and_said(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", Synthetic(90, environments=3))
    path = run / "cells.jsonl"
    path.write_bytes(path.read_bytes()[:-200])
    site = whole.write(tmp_path, [run]).parent
    for page in ("index.html", "grid.html"):
        assert "the run ended with 90 cells, 89 are here" in (site / page).read_text()


def test_an_incomplete_run_with_markup_for_names_stays_text(tmp_path: Path) -> None:
    spec = Synthetic(200, environments=3, markup=True, finished=False)
    site = whole.write(tmp_path, [write_run(tmp_path / "run", spec)]).parent
    for path, text in texts(site):
        assert "<img src=x" not in text and "alert(1)</script>" not in text, path
        assert "pwned'</script>" not in text, path
    assert "incomplete: 200 of" in (site / "index.html").read_text()


def test_many_equal_errors_are_one_finding_on_a_small_page(tmp_path: Path) -> None:
    spec = Synthetic(6_000, environments=3)
    run = write_run(tmp_path / "run", spec)
    with (run / "cells.jsonl").open("w") as out:
        for line in lines(spec):
            if line["producer"] != line["consumer"] and line["outcome"] != "notrun":
                error = {"type": "OSError", "message": "x" * 300, "stage": "load", "traceback": ""}
                line |= {"outcome": "load-error", "error": error, "methods": {}, "reason": None}
            out.write(json.dumps(line) + "\n")
    site = whole.write(tmp_path, [run]).parent
    text = (site / "findings.html").read_text()
    assert text.count('class="finding"') == 1
    assert max(path.stat().st_size for path in site.glob("*.html")) < 1_000_000


def test_the_causes_of_a_report_are_those_of_its_cells(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", Synthetic(900, environments=3))
    site = whole.write(tmp_path, [run]).parent
    text = (site / "m" / "synthetic" / "data" / "causes.js").read_text()
    told = json.loads(text.partition("=")[2].rstrip(";\n"))
    assert told["names"][0] == "" and told["addresses"][0] == ""
    page = (site / "findings.html").read_text()
    for address in told["addresses"][1:]:
        assert f'id="{address.partition("#")[2]}"' in page
