"""The reports of the matrices: the same files, whichever process writes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import cores
from harness.errors import StoreError
from harness.site import write_all
from harness.store import Run
from tests import whole
from tests.synthetic import Synthetic, write_run


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def named(folder: Path, cells: int) -> Run:
    """A run of a matrix that is called as its folder."""
    path = write_run(folder, Synthetic(cells, environments=4)) / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "matrix": folder.name}))
    return Run(folder)


def test_a_site_is_the_same_whether_one_process_writes_it_or_two(tmp_path: Path) -> None:
    runs = [named(tmp_path / name, count) for name, count in (("one", 300), ("two", 200))]
    for processes in (1, 2):
        out = tmp_path / f"site-{processes}"
        write_all(runs, {}, whole.nothing(), out, whole.MADE, processes=processes)
    alone, beside = files(tmp_path / "site-1"), files(tmp_path / "site-2")
    assert {"m/one/index.html", "m/two/data/cells.js", "m/two/data/causes.js"} <= alone.keys()
    assert beside == alone


def test_what_goes_wrong_beside_is_one_clear_error(tmp_path: Path) -> None:
    run = Run(write_run(tmp_path / "run", Synthetic(50, environments=2)))
    (tmp_path / "site" / "m" / "synthetic").mkdir(parents=True)
    (tmp_path / "site" / "m" / "synthetic" / "index.html").mkdir()
    with pytest.raises(OSError, match=r"index\.html"):
        write_all([run], {}, whole.nothing(), tmp_path / "site", whole.MADE, processes=2)


def test_a_pool_has_processes_of_its_own() -> None:
    with cores.pool(1) as workers:
        assert workers.submit(divmod, 7, 2).result() == (3, 1)
        with pytest.raises(StoreError, match="no disk") as raised:
            workers.submit(_fail).result()
    assert raised.value.hint == "Buy one."


def _fail() -> None:
    raise StoreError("no disk", "Buy one.")
