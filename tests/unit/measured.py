"""A made-up measuring run: many formats of models of growing size, with seeded noise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from harness.measure.records import AGAIN, Measured, format_of, of_lines

ENVIRONMENT = "core-sk1.9.1-py311"
BASELINE = "pickle-5"
FORMATS = (
    "pickle-5", "cloudpickle", "dill", "joblib", "joblib-mmap", "skops", "safetensors", "npz",
    "hdf5", "json", "onnx-f32", "pickle-zstd-1", "pickle-zstd-9", "pickle-zstd-19", "pickle-lz4",
    "joblib-zlib-1", "joblib-zlib-3", "joblib-zlib-9", "joblib-lzma-1", "joblib-lzma-9",
)  # fmt: skip
FEW = ("pickle-5", "joblib", "skops", "pickle-zstd-1", "pickle-zstd-9", "pickle-zstd-19")
SMALLER = {"zstd": 3.0, "lz4": 1.7, "zlib": 2.6, "lzma": 4.0}
SLOWER = {"zstd": 3.0, "lz4": 1.4, "zlib": 12.0, "lzma": 90.0, "skops": 30.0, "json": 20.0}
PARTS = {"interpreter": 0.012, "import": 0.9, "start-load": 0.0, "start-answer": 0.01}
MB = 1 << 20


def run(models: Mapping[str, int], blocks: int = 8, formats: Sequence[str] = FEW) -> Measured:
    """A run of models {id: bytes of their arrays}."""
    header = {
        "run": "measure-0badcafe",
        "shelflife": "0",
        "started": "2026-01-02T03:04:05+00:00",
        "baseline": BASELINE,
        "sheet": {"cpu": "a processor", "cores": 2, "filesystem": "ext4"},
    }
    arms = [*formats, BASELINE + AGAIN]
    made = [line for id, payload in models.items() for line in _lines(id, payload, blocks, arms)]
    return of_lines(Path(), header, made)


def _lines(model: str, payload: int, blocks: int, arms: Sequence[str]) -> Iterator[dict[str, Any]]:
    random = np.random.default_rng(len(model) + payload)
    place = {"environment": ENVIRONMENT, "model": model}
    for arm in arms:
        size = int(payload * 1.02 / _smaller(arm)) + 900
        yield {"kind": "case", **place, "format": format_of(arm), "arm": arm, "status": "ok",
               "bytes": size, "files": 1, "payload": payload}  # fmt: skip
    for block in range(blocks):
        for arm in arms:
            yield _process(place, block, "start", arm, _starts(random, arm, payload))
        samples = [row for arm in arms for row in _inside(random, arm, payload)]
        yield _process(place, block, "inside", "", samples)


def _process(place: dict[str, Any], block: int, kind: str, arm: str, rows: Any) -> dict[str, Any]:
    more = len(arm) * MB
    peaks = {arm: {"base": 60 * MB, "load": 90 * MB + more, "answer": 99 * MB + more}}
    return {
        "kind": "process", **place, "block": block, "process": kind, "arm": arm, "seconds": 1.0,
        "measured": 0.9, "load_average": 0.5, "steal": 0.0, "samples": rows,
        "peaks": peaks if arm else {}, "resident": {},
    }  # fmt: skip


def _word(arm: str, factors: Mapping[str, float]) -> float:
    return next((factor for word, factor in factors.items() if word in arm), 1.0)


def _smaller(arm: str) -> float:
    last = format_of(arm).split("-")[-1]
    level = int(last) if last.isdigit() else 3
    return _word(arm, SMALLER) * (1 + 0.02 * level) if _word(arm, SMALLER) > 1 else 1.0


def _load(arm: str, payload: int) -> float:
    return (2e-4 + payload / 2e9) * max(1.0, _word(arm, SLOWER) / 4) * (0.2 if "mmap" in arm else 1)


def _inside(random: Any, arm: str, payload: int) -> Iterator[list[Any]]:
    load = _load(arm, payload)
    stages = {
        "dump-file": (3e-4 + payload / 1e9) * _word(arm, SLOWER),
        "load-warm": load, "load-cold": 3 * load + 1e-3, "touch": payload / 8e9 + 1e-6,
        "load-touch": load + payload / 8e9 + 1e-6, "first-answer": 2e-3,
    }  # fmt: skip
    for stage, seconds in stages.items():
        value = seconds * float(np.exp(0.02 * random.standard_t(4)))
        yield [arm, stage, value, value, 5]


def _starts(random: Any, arm: str, payload: int) -> list[list[Any]]:
    parts = {**PARTS, "start-load": _load(arm, payload)}
    if "onnx" in arm:
        parts["import"] = 0.12
    elif "safetensors" in arm or "npz" in arm or "hdf5" in arm:
        parts["import"] = 0.35
    rows = []
    for stage, seconds in parts.items():
        value = seconds * float(np.exp(0.02 * random.standard_t(4)))
        rows.append([arm, stage, value, value, 1])
    total = sum(row[2] for row in rows)
    return [*rows, [arm, "start", total, total, 1]]
