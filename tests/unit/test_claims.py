"""Published claims: the ledger, its verdicts, and what the project keeps of them."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import matrix, project
from harness.claims import conduct, counting, judging, ledger, page
from harness.claims.judging import Checked, Outcome
from harness.claims.ledger import Check, Claim, Setup
from harness.environments import Ready
from harness.errors import EnvironmentTrouble, UserError
from harness.measure import records
from harness.measure.records import AGAIN, of_lines
from harness.measure.results import Results

BOOKS = ledger.read(project.claims())
MEASURED = [c for c in BOOKS.claims if (page.kept(BOOKS.folder, c) / records.HEADER).exists()]

SETUP = Setup("case", "env", ("slow", "fast"))
TEST = Check("it is loaded", "case", "load-warm", "slow", "fast", least=1.5)
CLAIM = Claim("id", 1, "Slow is slow.", ("https://github.com/x/y",), "once", baseline="slow",
              setups=(SETUP,), tests=(TEST,))  # fmt: skip


def results(ratio: float, noise: float = 0.005, blocks: int = 10) -> Results:
    """A run in which `slow` takes `ratio` times as long as `fast`, with seeded noise."""
    random = np.random.default_rng(7)
    header = {"baseline": "slow"}
    place = {"environment": "env", "model": "case"}
    lines: list = [
        {"kind": "case", **place, "format": arm, "arm": arm, "status": "ok", "bytes": size}
        for arm, size in (("slow", 300), ("fast", 100), ("slow" + AGAIN, 300))
    ]
    for block in range(blocks):
        rows = []
        for arm, seconds in (("slow", ratio), ("fast", 1.0), ("slow" + AGAIN, ratio)):
            value = seconds * math.exp(noise * random.standard_normal())
            rows.append([arm, "load-warm", value, value, 3])
        lines.append({"kind": "process", **place, "block": block, "process": "inside", "arm": "",
                      "seconds": 1.0, "measured": 0.9, "load_average": 1.0, "steal": 0.0,
                      "samples": rows, "peaks": {}, "resident": {}})  # fmt: skip
    return Results(of_lines(Path(), header, lines))


# -- the ledger ----------------------------------------------------------------------------------


def test_there_are_twenty_one_claims_in_order() -> None:
    assert [claim.number for claim in BOOKS.claims] == list(range(1, 22))
    assert len({claim.id for claim in BOOKS.claims}) == 21


@pytest.mark.parametrize("claim", BOOKS.claims, ids=lambda claim: claim.id)
def test_a_claim_has_source_setup_and_what_judges_it(claim: Claim) -> None:
    assert claim.says.endswith(".")
    assert claim.published
    assert all(source.startswith("https://") for source in claim.sources)
    if claim.counted:
        assert claim.counted in counting.COUNTS
    elif not claim.notrun:
        assert claim.setup
        assert claim.differs
        assert (BOOKS.folder / f"{claim.code}.py").exists()
        declared = matrix.declared(project.matrices())
        used = {id for s in claim.setups for id in (s.environment, s.maker) if id}
        assert used <= set(declared)


def test_what_cannot_be_understood_is_told(tmp_path: Path) -> None:
    def said(text: str) -> str:
        (tmp_path / ledger.FILE).write_text(text, encoding="utf-8")
        with pytest.raises(UserError) as caught:
            ledger.read(tmp_path)
        return str(caught.value)

    entry = '[[claim]]\nid = "x"\nnumber = 1\nsays = "s"\nsources = []\npublished = "p"\n'
    assert "neither tests" in said(entry)
    assert "bound" in said(entry + '[[claim.test]]\nsays="s"\ncase="c"\nstage="bytes"\nof="a"\n')
    assert "'x'" in said(entry + "colour = 1\n")
    with pytest.raises(UserError, match="safetensors-torch"):
        BOOKS.named(["safetensor-torch"])


# -- verdicts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "outcome"),
    [(2.0, Outcome.HOLDS), (1.2, Outcome.FAILS), (1.5, Outcome.UNDECIDED)],
)
def test_a_test_holds_fails_or_is_undecided(ratio: float, outcome: Outcome) -> None:
    assert judging.checked(CLAIM, TEST, results(ratio)).outcome is outcome


def test_noise_and_few_blocks_leave_it_undecided() -> None:
    assert judging.checked(CLAIM, TEST, results(2.0, noise=0.5)).outcome is Outcome.UNDECIDED
    assert judging.checked(CLAIM, TEST, results(2.0, blocks=7)).outcome is Outcome.UNDECIDED


def test_bytes_need_no_blocks() -> None:
    size = replace(TEST, stage=ledger.BYTES, least=2.9, most=3.1)
    found = judging.checked(CLAIM, size, results(1.0, blocks=1))
    assert (found.outcome, found.value) == (Outcome.HOLDS, 3.0)


def test_a_figure_alone_is_judged_in_seconds() -> None:
    alone = replace(TEST, over="", least=1.9, most=2.1)
    assert judging.checked(CLAIM, alone, results(2.0)).outcome is Outcome.HOLDS


def test_what_was_not_measured_is_notrun() -> None:
    other = replace(TEST, stage="start")
    assert judging.checked(CLAIM, other, results(2.0)).outcome is Outcome.MISSING
    assert judging.judge(replace(CLAIM, tests=(other,)), results(2.0)).verdict == judging.NOTRUN


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=5))
def test_a_verdict_follows_from_its_tests(outcomes: list[Outcome]) -> None:
    verdict, _ = judging.combined([Checked(TEST, outcome) for outcome in outcomes])
    kinds = set(outcomes)
    assert (verdict == "reproduced") == (kinds == {Outcome.HOLDS})
    assert (verdict == "refuted") == (kinds == {Outcome.FAILS})
    assert (verdict == "only if") == (Outcome.HOLDS in kinds and len(kinds) > 1)
    assert (verdict == "notrun") == (kinds == {Outcome.MISSING})


# -- what is kept --------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", MEASURED, ids=lambda claim: claim.id)
def test_what_is_kept_has_a_figure_for_every_test(claim: Claim) -> None:
    kept = records.read(page.kept(BOOKS.folder, claim))
    found = judging.judge(claim, Results(kept))
    assert [t.test.says for t in found.tests if t.outcome is Outcome.MISSING] == []
    assert set(kept.header["environments"]) >= {setup.environment for setup in claim.setups}
    assert all(process.load_average >= 0 for process in kept.processes)


def test_the_page_is_what_was_measured() -> None:
    text = (project.ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    assert text == page.text(page.judged(BOOKS), BOOKS.folder), "shelflife claims --write"


def test_nothing_kept_names_this_machine() -> None:
    for path in (BOOKS.folder / "measured").rglob("*.json*"):
        assert '"/' not in path.read_text(encoding="utf-8")


# -- measuring -----------------------------------------------------------------------------------

SCRIPT = """
import os, time

def prepare(case, folder):
    paths = {arm: os.path.join(folder, arm) for arm in ("slow", "fast")}
    for arm, path in paths.items():
        with open(path, "wb") as file:
            file.write(b"x" * (30 if arm == "slow" else 10))
    return paths

def visit(case, arm, path, clock):
    if case == "broken":
        raise ValueError("it cannot be done")
    clock("load-warm", busy, 300000 if arm == "slow" else 3000)

def busy(n):
    return sum(range(n))
"""


def measured(tmp_path: Path, claim: Claim) -> Results:
    (tmp_path / "tiny.py").write_text(SCRIPT, encoding="utf-8")
    here = {"env": Ready("env", Path(sys.executable), {"numpy": "1"})}
    run = tmp_path / "run"
    conduct.measure(claim, tmp_path, here, run, lambda said: None, 2)
    conduct.keep(run, tmp_path / "kept")
    return Results(records.read(tmp_path / "kept"))


TINY = replace(CLAIM, code="tiny", seconds=0.01, packages=("numpy", "absent"))


def test_a_claim_is_measured_in_fresh_processes(tmp_path: Path) -> None:
    started = Setup("starts", "env", ("slow", "fast"), starts=True)
    found = measured(tmp_path, replace(TINY, setups=(SETUP, started)))
    assert found.cases["env", "case", "slow"].bytes == 30
    values = found.values["env", "case", "slow", "load-warm", "cpu"]
    fast = found.values["env", "case", "fast", "load-warm", "cpu"]
    assert sorted(values) == [0, 1]
    assert min(values.values()) > max(fast.values())
    starts = found.values["env", "starts", "slow" + AGAIN, "start", "wall"]
    assert all(0.001 < seconds < 60 for seconds in starts.values())
    assert found.measured.header["environments"] == {"env": {"numpy": "1"}}
    assert not list((tmp_path / "run").glob("work-*"))


def test_a_claim_whose_code_fails_says_how(tmp_path: Path) -> None:
    broken = replace(TINY, setups=(replace(SETUP, case="broken"),))
    with pytest.raises(EnvironmentTrouble, match="it cannot be done"):
        measured(tmp_path, broken)
