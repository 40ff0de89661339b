"""What is asked for: models, formats, environments -> comparison sets and the run they go to."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from packaging.version import Version

from harness import __version__, environments, locks, matrix, project, registry
from harness.errors import UserError, did_you_mean
from harness.locks import Lock
from harness.measure.plan import Set
from harness.measure.records import HEADER
from harness.records import Environment, Format

BASELINE = "pickle-5"
MODELS = ("logreg.binary", "forest.classifier", "knn.kd-tree-cube", "pipeline.tfidf")
FORMATS = (
    "pickle-5", "cloudpickle", "dill", "joblib", "joblib-mmap", "joblib-zlib-3", "joblib-lz4-1",
    "joblib-lzma-3", "pickle-zstd", "pickle-lz4", "skops", "safetensors", "npz", "hdf5", "json",
    "onnx-f32",
)  # fmt: skip
QUICK_MODELS = ("forest.classifier",)
QUICK_FORMATS = ("pickle-5", "cloudpickle", "joblib", "joblib-zlib-3", "skops", "safetensors")
DISTRIBUTIONS = {"sklearn": "scikit-learn", "jpype": "jpype1"}
"""Modules whose distribution has another name."""


@dataclass(frozen=True)
class Own:
    """A model of the user's own: its file, and rows to ask about where they were given."""

    path: Path
    ask: Path | None

    @property
    def id(self) -> str:
        return self.path.stem

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Chosen:
    """The comparison sets, the locks of their environments, formats by id, and the run's name."""

    sets: tuple[Set, ...]
    locks: Mapping[str, Lock]
    formats: Mapping[str, Format]
    plugins: tuple[str, ...]
    baseline: str
    own: Own | None
    gc: bool
    mark: str

    @property
    def models(self) -> list[str]:
        return list(dict.fromkeys(each.model for each in self.sets))


def choose(
    models: Sequence[str],
    formats: Sequence[str],
    wanted: Sequence[str],
    baseline: str,
    own: Own | None,
    gc: bool,
) -> Chosen:
    """Patterns and ids -> sets. UserError where something is named that there is not."""
    plugins = project.plugins()
    known = registry.read(plugins)
    by_id = {format.id: format for format in known.formats}
    chosen = matching("format", formats, by_id)
    matching("format", (baseline,), by_id)
    chosen = [baseline, *(id for id in chosen if id != baseline)]
    named = [own.id] if own else matching("model", models, [model.id for model in known.models])
    folder = project.matrices()
    declared = matrix.declared(folder)
    places = _places(wanted, declared, [by_id[id] for id in chosen], baseline, folder)
    sets = tuple(
        Set(environment, model, held, baseline)
        for environment, held in places.items()
        for model in named
    )
    pinned = locks.read_all(folder, [declared[id] for id in places])
    mark = _mark(sets, pinned, own, gc, plugins)
    return Chosen(sets, pinned, by_id, plugins, baseline, own, gc, mark)


def matching(what: str, patterns: Iterable[str], known: Collection[str]) -> list[str]:
    """The ids that match, in order of the patterns. UserError where one matches none."""
    found: dict[str, None] = {}
    for pattern in patterns:
        matched = [id for id in known if fnmatchcase(id, pattern)]
        if not matched:
            raise UserError(f"no {what} matches {pattern!r}", did_you_mean(pattern, known))
        found.update(dict.fromkeys(matched))
    return list(found)


def _places(
    wanted: Sequence[str],
    declared: Mapping[str, Environment],
    formats: Sequence[Format],
    baseline: str,
    folder: Path,
) -> dict[str, tuple[str, ...]]:
    """{environment: formats}: those named with all formats, or the made ones that hold most.

    Without a name: the environment that holds most of the formats, the newest of several; for what
    it does not hold another one, with the baseline, as figures are compared within an environment.
    """
    all_ids = tuple(format.id for format in formats)
    if wanted:
        return dict.fromkeys(matching("environment", wanted, declared), all_ids)
    made = [e for e in declared.values() if environments.interpreter(e.id).exists()]
    held = {e.id: _holds(e, formats, folder) for e in made if locks.path(folder, e.id).exists()}
    places: dict[str, tuple[str, ...]] = {}
    left = set(all_ids)
    while left:
        best = max(
            (id for id in held if baseline in held[id]),
            key=lambda id: (len(left & held[id]), *_newness(declared[id], folder), id),
            default=None,
        )
        if best is None or not left & held[best]:
            break
        places[best] = tuple(id for id in all_ids if id in (left & held[best]) | {baseline})
        left -= held[best]
    if not places:
        hint = "Make some: shelflife run formats, or name one with --environment."
        raise UserError("no environment that is made can be measured in", hint)
    return places


def _holds(environment: Environment, formats: Sequence[Format], folder: Path) -> set[str]:
    """Ids of the formats whose modules an environment's lock has, where it has scikit-learn."""
    text = locks.path(folder, environment.id).read_text(encoding="utf-8")
    pins = locks.pins(text)
    if "scikit-learn" not in pins:
        return set()
    return {f.id for f in formats if all(_distribution(name) in pins for name in f.requires)}


def _newness(environment: Environment, folder: Path) -> tuple[Version, bool, dt.date, Version]:
    """By scikit-learn's version; of several, one that is about it; then by date and Python."""
    main = "scikit-learn"
    pins = locks.pins(locks.path(folder, environment.id).read_text(encoding="utf-8"))
    about = environment.main == main
    return Version(pins[main]), about, environment.released, Version(environment.python)


def _distribution(module: str) -> str:
    top = module.partition(".")[0]
    return DISTRIBUTIONS.get(top) or locks.normal(top)


def _mark(
    sets: Sequence[Set],
    pinned: Mapping[str, Lock],
    own: Own | None,
    gc: bool,
    plugins: Sequence[str],
) -> str:
    """Eight hex digits over all that decides what is measured."""
    digest = hashlib.sha256(__version__.encode())
    digest.update(repr((sets, gc)).encode())
    for id in sorted(pinned):
        digest.update(pinned[id].sha256.encode())
    if own:
        digest.update(own.path.read_bytes())
        digest.update(own.ask.read_bytes() if own.ask else b"")
    for folder in (project.WORKER, *map(Path, plugins)):
        for path in sorted(folder.rglob("*.py")):
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()[:8]


def run_folder(results: Path, mark: str, fresh: bool) -> Path:
    """Where the run goes: the last one with this mark, or the next one where `fresh`."""
    number = 1
    while (results / _numbered(mark, number + 1)).exists():
        number += 1
    if fresh and (results / _numbered(mark, number) / HEADER).exists():
        number += 1
    return results / _numbered(mark, number)


def _numbered(mark: str, number: int) -> str:
    return f"measure-{mark}" if number == 1 else f"measure-{mark}.{number}"
