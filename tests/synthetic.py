"""Writes a believable run of any size: seeded, with every outcome and with hostile names.

The figures are invented and follow simple rules (the farther, the worse); nothing was measured.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RELEASES = (
    ("0.22.2", "2020-03-04", "3.8"),
    ("0.23.2", "2020-08-04", "3.8"),
    ("0.24.2", "2021-04-28", "3.9"),
    ("1.0.2", "2021-12-25", "3.10"),
    ("1.1.3", "2022-10-26", "3.10"),
    ("1.2.2", "2023-03-09", "3.11"),
    ("1.3.2", "2023-10-23", "3.11"),
    ("1.4.2", "2024-04-09", "3.11"),
    ("1.5.2", "2024-09-11", "3.12"),
    ("1.6.1", "2025-01-10", "3.12"),
    ("1.7.2", "2025-09-09", "3.12"),
    ("1.8.0", "2025-12-10", "3.13"),
    ("1.9.0", "2026-05-20", "3.13"),
    ("1.9.1", "2026-08-11", "3.13"),
)
FORMATS = (
    "pickle-4", "pickle-5", "joblib", "joblib-zlib-3", "cloudpickle", "skops", "onnx-f32",
    "onnx-f64", "pmml", "hdf5",
)  # fmt: skip
FAMILIES = (
    "logreg", "forest", "hgb", "svc", "knn", "pipeline", "pca", "kmeans", "ridge", "mlp", "gauss",
)  # fmt: skip
SHAPES = ("binary", "multiclass", "regressor", "sparse", "multioutput")
FACTOR = {"joblib-zlib-3": 0.35, "onnx-f32": 0.5, "onnx-f64": 0.8, "pmml": 6.0, "hdf5": 1.7}
ERRORS = (
    ("ModuleNotFoundError", "No module named 'sklearn.linear_model.logistic'"),
    ("ValueError", "node array from the pickle has an incompatible dtype at {address}"),
    ("AttributeError", "'DecisionTreeClassifier' object has no attribute 'monotonic_cst'"),
    ("TypeError", "__randomstate_ctor() takes from 0 to 1 positional arguments but 2 were given"),
)
NOTRUN = "no interpreter: Python 3.8 was not found on this machine"
MARKUP = "<img src=x onerror=alert(1)>&\"quoted'"
TRACEBACK = """Traceback (most recent call last):
  File "/tmp/worker/formats/{format}.py", line 41, in load
    return pickle.load(stream)
  File "sklearn/tree/_tree.pyx", line 728, in sklearn.tree._tree.Tree.__setstate__
{type}: {message}
"""


@dataclass(frozen=True)
class Synthetic:
    """What to write: how many cells, and which troubles."""

    cells: int
    seed: int = 7
    environments: int = 14
    finished: bool = True
    markup: bool = False


def _environment(place: int) -> dict[str, Any]:
    version, released, python = RELEASES[place % len(RELEASES)]
    numpy = "1.17.5" if place < 2 else "1.26.4" if place < 9 else "2.1.3"
    lap = place // len(RELEASES)
    minor = numpy.rsplit(".", 1)[0]
    identifier = f"sk{version}-np{minor}-py{python.replace('.', '')}"
    packages = {
        "joblib": "1.1.1" if place < 5 else "1.4.2",
        "numpy": numpy,
        "scikit-learn": version,
        "scipy": "1.4.1" if place < 2 else f"1.{6 + place}.0",
        "threadpoolctl": "3.5.0",
    }
    if place % 3 == 2:
        packages["skops"] = "0.11.0"
    return {
        "id": identifier + (f"-v{lap}" if lap else ""),
        "python": python,
        "main": "scikit-learn",
        "released": released,
        "cutoff": released,
        "packages": packages,
    }


def _models(count: int, markup: bool) -> list[dict[str, Any]]:
    names = [f"{family}.{shape}" for shape in SHAPES for family in FAMILIES]
    names += [f"{name}.v{lap}" for lap in range(2, 40) for name in names[:55]]
    if markup:
        names[0] = MARKUP
    return [
        {
            "id": name,
            "family": name.split(".")[0],
            "summary": f"a fitted {name}",
            "data": "digits",
            "tolerance": {"rtol": 1e-9, "reason": "sums in another order"} if n % 3 == 0 else None,
        }
        for n, name in enumerate(names[:count])
    ]


def _lock_text(packages: dict[str, str]) -> str:
    pins = [
        f"{name}=={version} \\\n    --hash=sha256:{'ab' * 32}" for name, version in packages.items()
    ]
    return "# made by uv pip compile\n" + "\n".join(pins) + "\n"


def header(spec: Synthetic) -> dict[str, Any]:
    """`run.json` without its footer."""
    environments = [_environment(place) for place in range(spec.environments)]
    for environment in environments:
        text = _lock_text(environment["packages"])
        environment["lock"] = hashlib.sha256(text.encode()).hexdigest()
    if spec.environments > 3:
        environments[1]["notrun"] = NOTRUN
    cases = max(1, -(-spec.cells // max(1, spec.environments**2)))
    return {
        "run": "2026-11-21-synthetic",
        "matrix": "synthetic" if not spec.markup else MARKUP,
        "description": "Invented figures that look like a run; nothing here was measured."
        + (" </script><script>document.title = 'pwned'</script>" if spec.markup else ""),
        "shelflife": "0.1.0",
        "started": "2026-11-21T20:56:00+00:00",
        "host": {"kernel": "6.1", "machine": "x86_64", "cpu": "invented", "cores": 2},
        "isolation": "fork+rlimits",
        "tolerance": {"rtol": 1e-9, "reason": "sums in another order"},
        "limits": {"seconds": 60.0, "memory_mib": 2048},
        "planned": spec.cells if spec.finished else max(spec.cells * 7, 14_000),
        "environments": environments,
        "models": _models(-(-cases // len(FORMATS)), spec.markup),
        "formats": [{"id": name, "summary": f"the format {name}"} for name in FORMATS],
        "excluded": [{"reason": "takes hours", "model": "gauss.*", "format": "pmml"}],
        "footer": None,
    }


def _outcome(chance: random.Random, fmt: str, apart: int, steady: float) -> str:
    """Worse the farther apart; loading in an older release is worse than in a newer one."""
    roll = chance.random()
    if apart == 0:
        return "invalid" if roll < 0.004 else "identical" if roll < 0.97 else "close"
    if fmt in ("pmml", "hdf5", "onnx-f64") and steady < 0.18:
        return "unsupported"
    if fmt in ("onnx-f32", "onnx-f64", "pmml"):
        return "close" if roll < 0.8 else "drift" if roll < 0.83 else "identical"
    weak = 0.012 * apart if apart > 0 else 0.028 * -apart
    if roll > weak + (0.1 if fmt == "pickle-4" else 0.14) * (steady > 0.85):
        return "close" if roll > 0.985 else "identical"
    kinds = ("load-error", "use-error", "drift", "changed", "crash", "timeout", "dump-error")
    weights = (70, 22, 3.2, 0.9, 1.1, 0.6, 2.0)
    return chance.choices(kinds, weights)[0]


def _error(chance: random.Random, outcome: str, fmt: str, markup: bool) -> dict[str, str] | None:
    stages = {"load-error": "load", "use-error": "predict", "dump-error": "dump", "crash": "load"}
    if outcome == "timeout":
        return {"type": "timeout", "message": "60 s passed", "stage": "load", "traceback": ""}
    if outcome not in stages:
        return None
    name, message = chance.choice(ERRORS)
    message = message.format(address=f"{chance.getrandbits(40):#x}")
    if outcome == "crash":
        name, message = "SIGSEGV", "the process died"
    text = TRACEBACK.format(format=fmt, type=name, message=message)
    if markup:
        message, text = f"{message} {MARKUP}", text + "</script><img src=x onerror=alert(1)>\n"
    return {"type": name, "message": message, "stage": stages[outcome], "traceback": text}


def _methods(chance: random.Random, outcome: str) -> dict[str, Any]:
    good = {"verdict": "identical", "max_abs_diff": 0.0, "max_ulp": 0, "changed": 0}
    if outcome == "identical":
        return {"predict": good, "predict_proba": good, "transform": good}
    if outcome in ("close", "drift"):
        difference = 10 ** chance.uniform(-14, -10 if outcome == "close" else 0)
        odd = {
            "verdict": outcome, "max_abs_diff": difference, "max_ulp": chance.randrange(2, 10**6),
            "changed": 0, "worst_row": chance.randrange(200),
        }  # fmt: skip
        return {"predict": good, "predict_proba": odd}
    if outcome == "changed":
        odd = {
            "verdict": "changed", "max_abs_diff": None, "max_ulp": 0,
            "changed": chance.randrange(1, 40), "worst_row": 3, "note": "dtype int64, was int32",
        }  # fmt: skip
        return {"predict": odd, "predict_proba": good}
    return {"predict": good} if outcome == "use-error" else {}


def _found(
    chance: random.Random, spec: Synthetic, outcome: str, fmt: str, apart: int
) -> dict[str, Any]:
    """What was seen of a cell."""
    times = {stage: round(chance.uniform(0.2, 9), 3) for stage in ("fit", "dump", "load")}
    reasons = {
        "notrun": NOTRUN,
        "unsupported": f"{fmt} has no operator for this model",
        "close": "sums in another order",
        "invalid": "its control drifts" if apart else "the control itself drifts",
    }
    return {
        "outcome": outcome,
        "methods": _methods(chance, outcome),
        "error": _error(chance, outcome, fmt, spec.markup),
        "ms": {} if outcome == "notrun" else times,
        "reason": reasons.get(outcome),
        "observed": "drift" if outcome == "invalid" else None,
        "runs": 0 if outcome == "notrun" else 2 if outcome in ("drift", "changed") else 1,
    }


def _warned(outcome: str, saved: dict[str, Any], loaded: dict[str, Any]) -> dict[str, Any]:
    """The warning that scikit-learn gives, in most of the cells where it could."""
    versions = saved["packages"]["scikit-learn"], loaded["packages"]["scikit-learn"]
    silent = ("notrun", "unsupported", "dump-error", "crash")
    if versions[0] == versions[1] or outcome in silent or versions[0] == "1.3.2":
        return {"warnings": []}
    message = (
        "Trying to unpickle estimator from version {} when using version {}. Use at your risk."
    )
    warning = {"category": "InconsistentVersionWarning", "count": 3, "stage": "load"}
    return {"warnings": [{**warning, "message": message.format(*versions)}]}


def _kept(outcome: str, digest: str, weight: float) -> dict[str, Any]:
    """The artifact, where one was written."""
    if outcome in ("notrun", "unsupported", "dump-error"):
        return {"artifact": None, "fidelity": None}
    fidelity = {"verdict": "identical", "max_abs_diff": 0.0, "method": None}
    return {"artifact": {"sha256": digest, "bytes": int(weight)}, "fidelity": fidelity}


def _pairs(spec: Synthetic, head: dict[str, Any]) -> Iterator[tuple[int, int, str, str]]:
    wanted, size = spec.cells, range(spec.environments)
    for model in head["models"]:
        for fmt in head["formats"]:
            for producer in size:
                for consumer in size:
                    if wanted == 0:
                        return
                    wanted -= 1
                    yield producer, consumer, model["id"], fmt["id"]


def lines(spec: Synthetic) -> Iterator[dict[str, Any]]:
    """The cells, one at a time."""
    chance, head = random.Random(spec.seed), header(spec)
    environments = head["environments"]
    for producer, consumer, model, fmt in _pairs(spec, head):
        saved, loaded = environments[producer], environments[consumer]
        steady = random.Random(f"{spec.seed}{model}{fmt}").random()
        outcome = _outcome(chance, fmt, consumer - producer, steady)
        gone = saved.get("notrun") or loaded.get("notrun")
        yield {
            "cell": f"{model}/{fmt}/{saved['id']}/{loaded['id']}",
            "matrix": head["matrix"],
            "producer": saved["id"],
            "consumer": loaded["id"],
            "model": model,
            "format": fmt,
            **_found(chance, spec, "notrun" if gone else outcome, fmt, consumer - producer),
            **_warned("notrun" if gone else outcome, saved, loaded),
            **_kept(
                "notrun" if gone else outcome,
                hashlib.sha256(f"{model}{fmt}{producer}".encode()).hexdigest(),
                900 * 60**steady * FACTOR.get(fmt, 1.0) * (1 + producer / 40),
            ),
        }


def write_run(folder: Path, spec: Synthetic) -> Path:
    """The run's folder, written."""
    head = header(spec)
    (folder / "locks").mkdir(parents=True, exist_ok=True)
    for environment in head["environments"]:
        path = folder / "locks" / f"{environment['id']}.txt"
        path.write_text(_lock_text(environment["packages"]), encoding="utf-8")
    outcomes: dict[str, int] = {}
    with (folder / "cells.jsonl").open("w", encoding="utf-8") as out:
        for line in lines(spec):
            outcomes[line["outcome"]] = outcomes.get(line["outcome"], 0) + 1
            out.write(json.dumps(line) + "\n")
    if spec.finished and spec.cells:
        finished = dt.datetime(2026, 11, 21, 21, 40, tzinfo=dt.UTC).isoformat()
        head["footer"] = {
            "finished": finished, "cells": spec.cells, "seconds": 2640.0, "outcomes": outcomes,
        }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(head, indent=1), encoding="utf-8")
    return folder
