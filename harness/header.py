"""A run's identity, and what its `run.json` says before the first cell."""

from __future__ import annotations

import datetime as dt
import hashlib
import locale
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from harness import __version__, cores
from harness.compare import DEFAULT
from harness.environments import Broken, Prepared
from harness.execute import ISOLATION
from harness.locks import Lock, pins
from harness.plan import Shard
from harness.project import WORKER, matrices
from harness.records import Environment, Json, Matrix

LARGE = WORKER / "models" / "sizes.py"
MEASURING = WORKER / "measuring"  # what is timed decides no verdict: no part of a fingerprint


def fingerprint(matrix: Matrix, locks: Mapping[str, Lock]) -> str:
    """Eight hex digits over all that decides what a run measures.

    The matrix as expanded, the locks, the worker's code and data, and the plugins'. Two runs with
    the same fingerprint measure the same thing, so that the second may go on where the first
    stopped.
    """
    digest = hashlib.sha256(__version__.encode())
    digest.update(repr((matrix.models, matrix.formats, matrix.excludes)).encode())
    digest.update(repr((matrix.includes, matrix.pairs, matrix.facts)).encode())
    digest.update(repr((matrix.environments, matrix.seconds, matrix.memory_mib)).encode())
    for id in sorted(locks):
        digest.update(locks[id].sha256.encode())
    for module in ("compare.py", "judge.py"):
        digest.update((Path(__file__).parent / module).read_bytes())
    for folder in (WORKER, *map(Path, matrix.plugins)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and _decides(matrix, path):
                digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()[:8]


def _decides(matrix: Matrix, path: Path) -> bool:
    """Whether a file can decide a verdict of the matrix.

    The large models are there to be measured, and no matrix takes them that does not name them.
    """
    if MEASURING in path.parents:
        return False
    return path != LARGE or any(model.family == LARGE.stem for model in matrix.models)


def folder(
    results: Path, matrix: Matrix, mark: str, fresh: bool, part: bool, shard: Shard | None = None
) -> Path:
    """Where the run goes: the last one with this fingerprint, or the next one where `fresh`.

    A fresh run of a part of the matrix goes aside, where no command takes it for the newest. Each
    shard has a folder of its own.
    """
    base = f"{matrix.name}-{mark}"
    if shard:
        base += f"-shard{shard.number}of{shard.of}"
    results = results / "aside" if fresh and part else results
    number = 1
    while (results / _numbered(base, number + 1)).exists():
        number += 1
    if fresh and (results / _numbered(base, number)).exists():
        number += 1
    return results / _numbered(base, number)


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}.{number}"


def header(
    run: str, matrix: Matrix, locks: Mapping[str, Lock], prepared: Prepared, planned: int
) -> Json:
    """`run.json` without its footer; see docs/reference/run.schema.json."""
    return {
        "run": run,
        "matrix": matrix.name,
        "argument": _argument(matrix),
        "description": matrix.description,
        "shelflife": __version__,
        "started": now(),
        "host": host(),
        "isolation": ISOLATION,
        "tolerance": asdict(DEFAULT),
        "limits": {"seconds": matrix.seconds, "memory_mib": matrix.memory_mib},
        "planned": planned,
        "environments": _environments(matrix, locks, prepared),
        "models": [asdict(model) for model in matrix.models],
        "formats": [asdict(format) for format in matrix.formats],
        "pairs": matrix.pairs,
        "facts": matrix.facts,
        "excluded": [asdict(exclude) for exclude in matrix.excludes],
        "footer": None,
    }


def _argument(matrix: Matrix) -> str:
    """What `shelflife run` takes for this matrix: its name, or a path where it lies elsewhere."""
    here = Path(matrix.path)
    return matrix.name if here.parent == matrices() else str(here)


def _environments(
    matrix: Matrix, locks: Mapping[str, Lock], prepared: Prepared
) -> Sequence[Mapping[str, Json]]:
    found = []
    for environment in matrix.environments:
        entry = {
            "id": environment.id,
            "python": environment.python,
            "main": environment.main,
            "released": environment.released.isoformat(),
            "cutoff": environment.cutoff.isoformat(),
            "variant_of": environment.variant_of,
            **_locked(environment, locks.get(environment.id)),
        }
        state = prepared.get(environment.id)
        if isinstance(state, Broken):
            entry["notrun"] = state.reason
        found.append(entry)
    return found


def _locked(environment: Environment, lock: Lock | None) -> Mapping[str, Json]:
    """What the lock says; of an environment without one, the versions that the matrix pins."""
    if lock:
        return {"lock": lock.sha256, "packages": lock.pins}
    return {"lock": "", "packages": pins("\n".join(environment.requirements))}


def now() -> str:
    """This moment, in UTC, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat()


def host() -> Json:
    """The machine, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return {
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "cpu": _cpu(),
        "cores": cores.count(),
        "memory_mib": memory,
        "python": platform.python_version(),
        "en_US.UTF-8": _has_locale("en_US.UTF-8"),
    }


def _has_locale(name: str) -> str:
    """Some scorers ask for a locale by name, and fail where a machine does not have it."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return "missing"
    locale.setlocale(locale.LC_CTYPE, before)
    return "there"


def _cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        return "unknown"
    return platform.processor() or "unknown"
