"""Facts that are found by the worker: what counts as a hang, and what as a row that was kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.worker.facts import damage, rows


class Lab:
    """One artifact, and a format whose loading does what it is told."""

    def __init__(self, folder: Path, load: Any) -> None:
        self.folder, self.format = str(folder), self
        self.load, self.ready = load, lambda: None
        self.path = str(folder / "whole.bin")
        Path(self.path).write_bytes(b"artifact")


def tried(lab: Lab) -> str:
    return damage._work(lab, lab, damage.WHOLE)()  # type: ignore[arg-type]


def test_who_fills_the_memory_hangs_though_it_raises_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damage, "FILLED", 40 << 20)

    def fill(path: str) -> None:
        swollen = os.urandom(1 << 20) * 80
        raise MemoryError(len(swollen))

    assert tried(Lab(tmp_path, fill)) == "hang"


def test_who_asks_for_more_than_there_is_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damage, "FILLED", 40 << 20)

    def ask(path: str) -> None:
        raise MemoryError("Unable to allocate 2.00 EiB")

    with pytest.raises(MemoryError):
        tried(Lab(tmp_path, ask))


@pytest.mark.parametrize("kind", ["<f8", "<f4", ">f8", "<f2"])
def test_a_planted_row_is_found_in_every_width(tmp_path: Path, kind: str) -> None:
    planted = np.array([[0.7312, 1.8841, 2.2273, 5.0191]])
    file = tmp_path / "model.bin"
    file.write_bytes(b"head" + planted.astype(kind).tobytes() + b"tail")
    assert rows._in_files(str(file), planted)
    file.write_bytes(b"head" + planted[:, :2].astype(kind).tobytes() + b"tail")
    assert not rows._in_files(str(file), planted)


def test_no_row_is_found_in_noise_however_long(tmp_path: Path) -> None:
    planted = np.array([[0.7312, 1.8841, 2.2273, 5.0191]])
    file = tmp_path / "model.bin"
    file.write_bytes(np.random.default_rng(0).bytes(4 << 20))
    assert not rows._in_files(str(file), planted)
