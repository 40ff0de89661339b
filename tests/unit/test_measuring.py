"""What measuring decides, on made-up numbers: verdicts, order, records, regressions."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import StoreError, UserError
from harness.measure import choose, paired, plan, records, regress, store, tables
from harness.measure.campaign import State
from harness.measure.choose import Chosen
from harness.measure.paired import Verdict
from harness.measure.plan import Set
from harness.measure.records import AGAIN, STAGES
from harness.measure.results import Results
from harness.measure.store import Ledger

ROOT = Path(__file__).resolve().parents[2]
KEY = ("env", "logreg.binary")
SET = Set(*KEY, ("pickle-5", "joblib"), "pickle-5")
INSIDE, START = plan.tracks([SET])
NONE = {"peaks": {}, "resident": {}, "load_average": 0.0, "steal": None}


def noisy(seed: int, n: int, scale: float, shift: float = 0.0) -> paired.Floats:
    """Differences of n blocks: noise with heavy tails, as a busy machine makes it."""
    return shift + scale * np.random.default_rng(seed).standard_t(3, n)


# -- verdicts ------------------------------------------------------------------------------------


def verdict(d: paired.Floats, equal: paired.Floats) -> Verdict:
    return paired.compare(d, paired.band(equal)).verdict


def share(wanted: Verdict, ratio: float, scale: float, runs: int = 200) -> float:
    """How often 20 blocks with that much noise get the verdict."""
    shift = math.log(ratio)
    found = [
        verdict(noisy(2 * s, 20, scale, shift), noisy(2 * s + 1, 20, scale)) for s in range(runs)
    ]
    return found.count(wanted) / runs


def test_equal_arms_are_equivalent_and_slower_ones_are_found() -> None:
    assert share(Verdict.EQUIVALENT, 1.0, 0.015) >= 0.99
    assert share(Verdict.SLOWER, 1.2, 0.015) >= 0.95
    assert share(Verdict.SLOWER, 1.1, 0.015) >= 0.80
    assert share(Verdict.FASTER, 1 / 1.2, 0.015) >= 0.95


def test_noise_that_forbids_an_answer_gives_none() -> None:
    assert share(Verdict.UNDECIDED, 1.0, 0.3) >= 0.95
    assert share(Verdict.UNDECIDED, 1.1, 0.3) >= 0.95
    assert share(Verdict.SLOWER, 1.0, 0.3) == 0


def test_a_difference_below_five_percent_is_none() -> None:
    assert share(Verdict.EQUIVALENT, 1.02, 0.005) >= 0.99


def test_a_wide_band_of_the_run_widens_what_counts() -> None:
    d = noisy(1, 20, 0.005, math.log(1.1))
    assert paired.compare(d, 0.01).verdict is Verdict.SLOWER
    assert paired.compare(np.full(20, 0.06), 0.08).verdict is Verdict.EQUIVALENT
    assert (
        paired.compare(d, 0.2).verdict is Verdict.UNDECIDED
    )  # 20 % is too much to be called equal
    assert paired.compare(d, math.log(1.1)).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("n", range(plan.ENOUGH))
def test_few_blocks_decide_nothing(n: int) -> None:
    d = np.full(n, 3.0)
    assert paired.compare(d, 0.0).verdict is Verdict.UNDECIDED
    assert paired.band(np.zeros(n)) is None


def test_without_a_known_band_nothing_is_decided() -> None:
    assert paired.compare(np.full(20, 3.0), None).verdict is Verdict.UNDECIDED


times = st.dictionaries(st.integers(0, 30), st.floats(1e-6, 1e3), min_size=8, max_size=30)


@given(times, times)
def test_a_comparison_turned_round_is_its_mirror_image(
    a: dict[int, float], b: dict[int, float]
) -> None:
    there, back = paired.differences(a, b), paired.differences(b, a)
    assert np.allclose(there, -back, atol=1e-12)
    assert len(there) == len(a.keys() & b.keys())


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_the_median_lies_within_its_interval(values: list[float]) -> None:
    d = np.array(values)
    low, high = paired.interval(d)
    assert low <= np.median(d) <= high


def test_values_that_are_not_positive_say_nothing() -> None:
    assert len(paired.differences({1: 0.0, 2: 1.0}, {1: 1.0, 2: 1.0, 3: 1.0})) == 1


# -- order ---------------------------------------------------------------------------------------

TRACKS = plan.tracks([Set("env", model, ("pickle-5",), "pickle-5") for model in "ab"])
COSTS = dict(zip(TRACKS, (1.0, 10.0, 2.0, 20.0), strict=True))


def scheduled(
    blocks: int, undecided: set[plan.Track], seconds: float = math.inf, most: int = 0
) -> list[int]:
    """Places of the tracks in the order in which their blocks come."""
    done, costs, taken = dict.fromkeys(TRACKS, 0), {}, []
    while track := plan.following(done, costs, undecided, blocks, most or blocks, seconds):
        done[track] += 1
        costs[track] = COSTS[track]
        seconds -= COSTS[track]
        taken.append(TRACKS.index(track))
    return taken


def test_first_everything_gets_a_block_then_what_comes_soonest_to_a_verdict() -> None:
    rest = plan.ENOUGH - 1
    taken = scheduled(plan.ENOUGH, set())
    assert taken == [0, 1, 2, 3] + [0] * rest + [2] * rest + [1] * rest + [3] * rest


def test_then_open_verdicts_come_first_and_the_others_after_them() -> None:
    taken = scheduled(plan.ENOUGH + 2, {TRACKS[3]})
    assert taken[4 * plan.ENOUGH :] == [3, 3, 0, 1, 2, 0, 1, 2]


def test_a_verdict_that_stays_open_gets_more_blocks_up_to_the_most() -> None:
    taken = scheduled(plan.ENOUGH, {TRACKS[3]}, most=plan.ENOUGH + 3)
    assert taken[4 * plan.ENOUGH :] == [3, 3, 3]
    assert [taken.count(place) for place in range(3)] == [plan.ENOUGH] * 3


def test_no_block_is_begun_that_would_not_end_in_time() -> None:
    assert scheduled(plan.ENOUGH, set(), 33 + 8) == [0, 1, 2, 3] + [0] * 7
    assert scheduled(plan.ENOUGH, set(), 33 + 9) == [0, 1, 2, 3] + [0] * 7 + [2]


def test_the_order_within_a_block_is_seeded_and_differs_between_blocks() -> None:
    orders = [plan.order(1, SET, block, SET.arms) for block in range(20)]
    assert orders == [plan.order(1, SET, block, SET.arms) for block in range(20)]
    assert len({tuple(order) for order in orders}) > 10
    assert all(sorted(order) == ["", "joblib", "pickle-5", "pickle-5" + AGAIN] for order in orders)


# -- records -------------------------------------------------------------------------------------


def case(arm: str, **more: Any) -> dict[str, Any]:
    place = {"kind": "case", "environment": KEY[0], "model": KEY[1]}
    fields = {"format": records.format_of(arm), "arm": arm, "status": "ok", "bytes": 10, "files": 1}
    return {**place, **fields, **more}


def process(block: int, kind: str, arm: str, samples: list[list[Any]]) -> dict[str, Any]:
    place = {"kind": "process", "environment": KEY[0], "model": KEY[1], "block": block}
    spent = {"process": kind, "arm": arm, "seconds": 2.0, "measured": 1.8}
    return {**place, **spent, **NONE, "samples": samples}


def block(number: int, value: Callable[[str, str], float]) -> list[dict[str, Any]]:
    """The processes of a block in which `value(arm, stage)` seconds were measured."""

    def sample(arm: str, stage: str) -> list[Any]:
        return [arm, stage, value(arm, stage), value(arm, stage), 3]

    inside = [s for s, stage in STAGES.items() if stage.process == "inside"]
    starts = [s for s, stage in STAGES.items() if stage.process == "start"]
    first = process(number, "inside", "", [sample(a, s) for a in SET.arms for s in inside])
    return [first, *(process(number, "start", a, [sample(a, s) for s in starts]) for a in SET.arms)]


def run_of(folder: Path, blocks: int) -> Ledger:
    """A run in which joblib takes twice as long as pickle."""
    ledger = Ledger(folder)
    machine = {"cpu": "a", "cores": 2, "system": "Linux", "filesystem": "ext4", "governor": "none"}
    ledger.begin({"run": folder.name, "baseline": "pickle-5", "started": "", "sheet": machine})
    for arm in SET.arms:
        ledger.append(case(arm))
    random = np.random.default_rng(0)
    for number in range(blocks):
        for line in block(
            number, lambda arm, _: (2 if arm == "joblib" else 1) * math.exp(random.normal(0, 0.01))
        ):
            ledger.append(line)
    ledger.append({"kind": "spent", "seconds": 10.0, "measured": 9.0, "phases": {}})
    return ledger


def test_what_was_recorded_is_read_again(tmp_path: Path) -> None:
    with run_of(tmp_path / "run", 20) as ledger:
        found = Results(ledger.read())
    assert found.measured.sets == [KEY]
    assert found.measured.share == 0.9
    assert found.blocks(KEY) == 20
    assert found.compared(KEY, "joblib", "start").verdict is Verdict.SLOWER
    assert found.compared(KEY, "pickle-5" + AGAIN, "start").verdict is Verdict.EQUIVALENT
    assert not found.is_open(KEY)


def test_a_torn_line_is_cut_off_and_the_rest_stays(tmp_path: Path) -> None:
    run_of(tmp_path / "run", 1).__exit__()
    path = tmp_path / "run" / records.LINES
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"kind": "process", "envir')
    assert len(records.read(path.parent).processes) == 4
    with Ledger(path.parent) as ledger:
        assert path.read_bytes() == whole
        ledger.append({"kind": "spent", "seconds": 1.0, "measured": 1.0, "phases": {}})
        assert len(ledger.read().spent) == 2


def test_two_cannot_measure_into_one_run(tmp_path: Path) -> None:
    with Ledger(tmp_path / "run"), pytest.raises(StoreError, match="another process"):
        Ledger(tmp_path / "run")


def test_a_run_goes_on_at_the_first_block_that_lacks_anything(tmp_path: Path) -> None:
    chosen = Chosen((SET,), {}, {}, (), "pickle-5", None, True, "")
    with run_of(tmp_path / "run", 3) as ledger:
        ledger.append(process(3, "start", "joblib", []))
        state = State(chosen, ledger.read())
        assert state.done == {INSIDE: 3, START: 3}
        assert state.parts[*KEY, 3] == {("start", "joblib")}
        for arm in ("pickle-5", "pickle-5" + AGAIN):
            ledger.append(process(3, "start", arm, []))
        assert State(chosen, ledger.read()).done == {INSIDE: 3, START: 4}


def test_an_arm_that_was_given_up_is_not_waited_for(tmp_path: Path) -> None:
    chosen = Chosen((SET,), {}, {}, (), "pickle-5", None, True, "")
    with run_of(tmp_path / "run", 0) as ledger:
        ledger.append(case("joblib", status="crash", reason="killed by SIGSEGV"))
        for arm in ("pickle-5", "pickle-5" + AGAIN):
            ledger.append(process(0, "start", arm, []))
        ledger.append(process(0, "inside", "", []))
        assert State(chosen, ledger.read()).done == {INSIDE: 1, START: 1}


def test_the_newest_run_is_found_and_an_unknown_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no measuring run"):
        store.find(tmp_path, None)
    run_of(tmp_path / "measure-1", 0).__exit__()
    assert store.find(tmp_path, None) == tmp_path / "measure-1"
    with pytest.raises(StoreError, match="measure-2"):
        store.find(tmp_path, "measure-2")


def test_a_fresh_run_has_a_folder_of_its_own(tmp_path: Path) -> None:
    first = choose.run_folder(tmp_path, "abc", fresh=True)
    run_of(first, 0).__exit__()
    assert choose.run_folder(tmp_path, "abc", fresh=False) == first
    assert choose.run_folder(tmp_path, "abc", fresh=True) == tmp_path / "measure-abc.2"


def test_a_pattern_that_matches_nothing_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match="no format matches 'pickel-5'"):
        choose.matching("format", ["pickel-5"], ["pickle-5"])


def test_tables_and_json_say_the_same(tmp_path: Path) -> None:
    with run_of(tmp_path / "run", 12) as ledger:
        results = Results(ledger.read())
    row = next(r for r in tables.document(results)["sets"][0]["rows"] if r["arm"] == "joblib")
    assert row["against"]["start"]["verdict"] == "slower"
    table, foot = tables.tables(results)
    assert "12 blocks inside, 12 of starts" in str(table.title)  # type: ignore[union-attr]
    cells = [list(column.cells) for column in table.columns]  # type: ignore[union-attr]
    assert "slower" in cells[-1][1] and f"{row['against']['start']['ratio']:.2f}" in cells[-1][1]
    assert "A/A noise" in str(foot)
    assert json.dumps(tables.document(results))


def test_the_reference_names_every_stage_with_its_process_and_clock() -> None:
    text = (ROOT / "docs" / "reference" / "measure.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (inside|start) \| (\w+) \| (.+) \|$", text, re.M)
    told = [(s.name, s.process, s.clock, s.says) for s in STAGES.values()]
    assert [(n, p, c, says.replace("`", "")) for n, p, c, says in rows] == told


# -- regressions ---------------------------------------------------------------------------------


def test_without_a_change_one_night_in_31_is_suspected() -> None:
    random = np.random.default_rng(5)
    nights = random.standard_t(3, (10_000, regress.NIGHTS + 1))  # whatever the noise looks like
    flagged = sum(regress.is_suspected(row[-1], list(row[:-1])) for row in nights)
    expected = len(nights) / 31
    assert abs(flagged - expected) < 4 * math.sqrt(expected)


def test_without_a_change_alarms_stay_within_the_stated_rate() -> None:
    """500 cases over half a year: both stages together."""
    random = np.random.default_rng(6)
    cases, days = 500, 180
    values = random.standard_t(3, (cases, days + regress.NIGHTS))
    alarms = 0
    for series in values:
        tops = np.lib.stride_tricks.sliding_window_view(series[:-1], regress.NIGHTS).max(axis=1)
        for _ in range(int((series[regress.NIGHTS :] > tops).sum())):
            alarms += regress.is_confirmed(random.standard_t(3, regress.PAIRS))
    expected = regress.false_alarms(cases) * days
    assert 1 / regress.false_alarms(cases) == pytest.approx(62)
    assert alarms <= expected + 3 * math.sqrt(expected)


def test_a_case_ten_percent_slower_is_found() -> None:
    runs, found = 200, 0
    for seed in range(runs):
        random = np.random.default_rng(seed)
        before = [float(np.median(noisy(seed * 100 + n, 20, 0.03))) for n in range(regress.NIGHTS)]
        tonight = float(np.median(noisy(seed * 100 + 99, 20, 0.03, math.log(1.1))))
        pairs = math.log(1.1) + 0.03 * random.standard_t(3, regress.PAIRS)
        found += regress.is_suspected(tonight, before) and regress.is_confirmed(pairs)
    assert found / runs >= 0.95


def test_fewer_nights_or_pairs_say_nothing() -> None:
    assert not regress.is_suspected(9.0, [0.0] * (regress.NIGHTS - 1))
    assert not regress.is_confirmed(np.full(regress.PAIRS - 1, 9.0))


def test_nights_come_from_runs(tmp_path: Path) -> None:
    with run_of(tmp_path / "run", 8) as ledger:
        results = Results(ledger.read())
    history = regress.nights([results] * 30)
    place = (*KEY, "joblib", "start")
    assert len(history[place]) == 30 and math.exp(history[place][0]) == pytest.approx(2, rel=0.05)
    history[place].append(math.log(2.5))
    (found,) = regress.suspects(history)
    assert (found.arm, found.tonight) == ("joblib", pytest.approx(2.5))
    assert any("confirm: shelflife measure" in line for line in tables.suspicions(history))
