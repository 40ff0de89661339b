"""Every format of the registry keeps what it promises, in the environment of its group.

One run of `matrices/formats.toml`, of a few models for which each format has a cell; the facts are
found with each format's own subjects. What a format cannot do may be a fact; what it claims must
hold, and what the harness promises of saving must hold for all.
"""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest

from harness import factcheck, registry
from harness.records import Format
from tests.integration.conftest import ROOT, command, environment

MODELS = (
    *("tree.classifier", "mlp.classifier", "xgboost.binary", "lightgbm.binary"),
    *("catboost.binary", "torch.mlp", "keras.mlp"),
)
FORMATS = [format for format in registry.read().formats if not format.wraps]
LEVEL = re.compile(r"joblib-\w+-\d")
CELLS = (
    *(f"{model}/*[!19]/*" for model in MODELS),
    *("tree.classifier/pickle-1/*", "tree.classifier/*ed25519/*"),
)
"""Of each of joblib's codecs the middle one of the three levels that the matrix has."""
UNWRITTEN = ("xgboost-binary",)
each_format = pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.id)

# A cut that does not raise: what the library does, and its users have to know. Fact by format.
LOOKS_AWAY = "it does not read the checksum that the codec has put at the end"
BESIDE = "a cut in a file that is not the model's own, such as requirements.txt"
LAST = "nothing is missed when the last byte is gone"
KNOWN = {
    "catboost-json": "CatBoost takes what it finds before the cut",
    "joblib-gzip-5": LOOKS_AWAY,
    "joblib-zlib-5": LOOKS_AWAY,
    "lightgbm-text": "LightGBM reads a cut tree and dies, or leaves the parameters at the end out",
    "mlflow-cloudpickle": BESIDE,
    "mlflow-pickle": BESIDE,
    "mlflow-pyfunc": BESIDE,
    "mlflow-skops": BESIDE,
    "pmml": LAST,
    "pmml-pypmml": LAST,
    "treelite": LAST,
    "tf-savedmodel": BESIDE,
    "xgboost-ubj": "XGBoost dies of one of the cuts",
}


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The fact sheets of one run, by format."""
    folder = tmp_path_factory.mktemp("conformance")
    chosen = [argument for pattern in CELLS for argument in ("--select", pattern)]
    done = subprocess.run(
        command("run", "formats", *chosen),
        env=environment(folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1700,
    )
    assert done.returncode in (0, 1), done.stderr
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*/facts/*.json")}


@pytest.fixture
def facts(sheets: dict[str, dict[str, Any]], format: Format) -> dict[str, Any]:
    """The facts of one format. Where its environment cannot be had, there is nothing to hold."""
    if format.id not in sheets and LEVEL.fullmatch(format.id):
        pytest.skip(
            "one level of each codec is tried here, and the others by `shelflife run formats`"
        )
    if format.id in UNWRITTEN:
        pytest.skip("no release that this matrix has writes it any more")
    sheet = sheets[format.id]
    if not sheet["facts"]:
        pytest.skip(sheet["reason"])
    found: dict[str, Any] = sheet["facts"]
    return found


@each_format
def test_no_claim_is_refuted(format: Format, facts: dict[str, Any]) -> None:
    assert factcheck.contradictions(format, facts) == []


@each_format
def test_something_is_saved_and_loaded(format: Format, facts: dict[str, Any]) -> None:
    assert facts["subjects"]["value"], facts["subjects"]["says"]


@each_format
def test_saving_keeps_its_promises(format: Format, facts: dict[str, Any]) -> None:
    wanted = {"odd-path": "ok", "replace": "ok", "read-only": "one error", "snippet": "ok"}
    found = {name: facts[name]["value"] for name in wanted}
    assert found == wanted, [facts[name]["says"] for name in wanted]


@each_format
def test_two_dumps_are_equal_or_it_says_why(format: Format, facts: dict[str, Any]) -> None:
    assert facts["repeat"]["value"] == "equal" or format.varies


@each_format
def test_an_empty_file_raises(format: Format, facts: dict[str, Any]) -> None:
    wanted = {"unnoticed", "detected"} if KNOWN.get(format.id) == BESIDE else {"detected"}
    assert facts["empty"]["value"] in wanted, facts["empty"]


@each_format
def test_a_file_without_its_end_raises(format: Format, facts: dict[str, Any]) -> None:
    if format.id not in KNOWN:
        assert facts["truncation"]["value"] == "detected", facts["truncation"]


@each_format
def test_a_claimed_checksum_leaves_no_wrong_answer(format: Format, facts: dict[str, Any]) -> None:
    if format.checksum:
        for name in ("truncation", "trailing", "flips"):
            assert facts[name]["value"] != "wrong answers", facts[name]


@each_format
def test_what_it_executes_and_needs_is_measured(format: Format, facts: dict[str, Any]) -> None:
    for name in ("executes", "needs"):
        assert facts[name]["value"] is not None, facts[name]["says"]
