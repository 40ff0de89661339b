"""How cost grows with the environments: `python -m benchmarks.growth`, some minutes when idle.

The same cases between 4, 8 and 14 environments of the matrix `sklearn`, each pair in both
directions. Cells grow with the square of the environments; processes and imports should not.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness import environments, header, matrix, project, session, store
from harness.environments import Prepared
from harness.records import Environment
from harness.run import Conductor, Phases
from harness.source import Source

SEED = 20261122
SIZES = (4, 8, 14)
MODELS = 40
FORMATS = ("pickle-4", "joblib", "skops")


class Counted(Phases):
    """Phases that also count the children that gave account of themselves."""

    children = 0

    def worker(self, spent: Mapping[str, float]) -> None:
        self.children += 1
        super().worker(spent)


@dataclass(frozen=True)
class Point:
    """What one size has cost: seconds on the wall, CPU seconds, and counts."""

    environments: int
    cells: int
    artifacts: int
    wall: float
    cpu: float
    imports: float
    children: int


def spread(some: Sequence[Environment], count: int) -> list[str]:
    """Ids of `count` of them, evenly spaced, with the first and the last.

    A variant comes in only after all that are none, and after the one that it varies.
    """
    ids = [each.id for each in some if not each.variant_of]
    if count <= len(ids):
        return [ids[round(place * (len(ids) - 1) / (count - 1))] for place in range(count)]
    while len(ids) < count:
        ids.append(next(e.id for e in some if e.variant_of in ids and e.id not in ids))
    return ids


def write_matrix(path: Path, ids: list[str], models: list[str]) -> None:
    """A matrix that takes its environments from `sklearn` and `quick`."""
    tables = "".join(
        f'[[from]]\nmatrix = "{name}"\nenvironments = {sorted(taken)}\n'
        for name in ("sklearn", "quick")
        if (taken := {*ids} & declared(name))
    )
    lists = f"models = {models}\nformats = {list(FORMATS)}\n"
    path.write_text((lists + tables).replace("'", '"'))


def declared(name: str) -> set[str]:
    """Ids of the environments that a matrix declares itself."""
    source = Source.read(project.matrices() / f"{name}.toml")
    return {environment.id for environment in matrix.environments_in(source)}


def measure(name: str, prepared: Prepared) -> Point:
    """Run a whole matrix anew, in environments that are made."""
    chosen = session.choose(name, ())
    writer = store.Writer(chosen.folder)
    conductor = Conductor(chosen.matrix, prepared, writer, header.cores(), ())
    conductor.phases = counted = Counted()
    began = time.monotonic()
    conductor.run(chosen.planned, {})
    wall = time.monotonic() - began
    saved = {cell.id.control for cell in store.Run(chosen.folder).cells() if cell.artifact}
    writer.close()
    return Point(
        len(chosen.matrix.environments),
        len(chosen.planned),
        len(saved),
        wall,
        sum(counted.seconds.values()),
        counted.seconds["import"],
        counted.children,
    )


def main() -> None:
    whole = session.choose("sklearn", ())
    models = sorted(model.id for model in whole.matrix.models)
    sample = sorted(random.Random(SEED).sample(models, MODELS))
    prepared = environments.prepare(whole.locks, print)
    print("environments | cells | artifacts | wall s | CPU s | importing s | children | cells/s")
    with tempfile.TemporaryDirectory(prefix="shelflife-growth-") as place:
        os.environ["SHELFLIFE_RESULTS"] = place
        for size in SIZES:
            path = Path(place) / f"growth{size}.toml"
            write_matrix(path, spread(whole.matrix.environments, size), sample)
            point = measure(str(path), prepared)
            print(
                f"{point.environments} | {point.cells:,} | {point.artifacts:,} | {point.wall:.1f}"
                f" | {point.cpu:.1f} | {point.imports:.1f} | {point.children}"
                f" | {point.cells / point.wall:.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
