"""TOML -> Matrix. Every fault of a file is one message with file, line and a suggestion."""

from __future__ import annotations

import datetime as dt
import fnmatch
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from harness import project
from harness.errors import MatrixError, did_you_mean
from harness.records import Environment, Exclude, Format, Include, Matrix, Model
from harness.source import Source

TOP = {
    *("description", "models", "formats", "include", "exclude", "from", "environment"),
    *("plugins", "limits", "pairs", "facts"),
}
ENVIRONMENT = {
    *("id", "python", "requirements", "cutoff", "main", "released", "variant_of", "notrun"),
}
FROM = {"matrix", "environments"}
INCLUDE = {"environments", "producers", "consumers", "models", "formats"}
EXCLUDE = {"model", "format", "producer", "consumer", "reason"}
LIMITS = {"seconds", "memory_mib"}
NIGHTLY = "nightly.toml"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
FACTOR = re.compile(r"(?:^|-)([2-9]\.\d+)(?=-|$)")  # what tox reads as a version of Python
PYTHON = re.compile(r"[23]\.\d+")
MARKS = ("+", "sized.")  # what has one in its id is taken by patterns that have it alone


def files(folder: Path) -> list[Path]:
    """Every matrix of a folder, by name; without the file that says what a night runs."""
    return sorted(path for path in folder.glob("*.toml") if path.name != NIGHTLY)


def find(name: str, folder: Path) -> Path:
    """The file of the matrix called `name`, which may also be a path."""
    path = folder / f"{name}.toml"
    if path.is_file() and path.name != NIGHTLY:
        return path
    if name.endswith(".toml") and Path(name).is_file():
        return Path(name).resolve()
    names = [path.stem for path in files(folder)]
    raise MatrixError(f"no matrix is called {name!r} in {folder}", did_you_mean(name, names))


def declared(folder: Path) -> dict[str, Environment]:
    """Every environment that the folder's matrices declare, by id. An id stands once."""
    found: dict[str, tuple[Environment, Path]] = {}
    for path in files(folder):
        for environment in environments_in(Source.read(path)):
            if environment.id in found:
                source, other = Source.read(path), found[environment.id][1]
                hint = "An environment is declared once; elsewhere, take it with [[from]]."
                message = f"environment id {environment.id!r} is already used in {other.name}"
                source.fail(message, hint, token=environment.id)
            found[environment.id] = environment, path
    return {id: environment for id, (environment, _) in found.items()}


def environments_in(source: Source) -> list[Environment]:
    """The environments that one file declares itself."""
    found: list[Environment] = []
    for table in tables(source, "environment"):
        environment = _environment(source, table)
        if environment.id in {other.id for other in found}:
            hint = "Give one of them another id."
            source.fail(f"id {environment.id!r} is used twice", hint, token=environment.id, nth=2)
        found.append(environment)
    return found


def tables(source: Source, key: str) -> list[Mapping[str, Any]]:
    """The array of tables `[[key]]`."""
    value = source.data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        source.fail(f"{key!r} must be an array of tables", f"Write [[{key}]].", token=key)
    return value


def _environment(source: Source, table: Mapping[str, Any]) -> Environment:
    where = "[[environment]]"
    source.keys(table, ENVIRONMENT, where)
    id = source.need(table, "id", str, where)
    if not ID.fullmatch(id):
        hint = "Use letters, digits, dots and dashes, such as sk1.5.2-np2.1-py311."
        source.fail(f"{id!r} is no id for an environment", hint, token=id)
    if factor := FACTOR.search(id):
        hint = f"Join it to a name, such as lib{factor[1]}: tox reads a number alone as a Python."
        source.fail(f"{factor[1]!r} stands alone in the id {id!r}", hint, token=id)
    python = source.need(table, "python", str, where)
    if not PYTHON.fullmatch(python):
        hint = 'Write a version such as "3.11".'
        message = f"environment {id!r}: python {python!r} is no version"
        source.fail(message, hint, "python", table=table)
    requirements = source.need(table, "requirements", list, where)
    main = source.need(table, "main", str, where)
    if not any(re.match(rf"{re.escape(main)}\s*==", line) for line in requirements):
        hint = f'Add "{main}==..." to its requirements.'
        source.fail(f"environment {id!r} does not pin its main library {main!r}", hint, token=id)
    return Environment(
        id=id,
        python=python,
        requirements=tuple(requirements),
        cutoff=source.need(table, "cutoff", dt.date, where),
        main=main,
        released=source.need(table, "released", dt.date, where),
        variant_of=source.typed(table.get("variant_of", ""), "variant_of", str),
        notrun=source.typed(table.get("notrun", ""), "notrun", str),
    )


def load(path: Path, folder: Path, models: Sequence[Model], formats: Sequence[Format]) -> Matrix:
    """The matrix in `path`, its patterns expanded over `models` and `formats`.

    `folder` holds the matrices that `[[from]]` may name. Raises MatrixError.
    """
    source = Source.read(path)
    source.keys(source.data, TOP, "the matrix")
    environments = chosen_environments(source, folder)
    if not environments:
        source.fail("no environment", "Declare [[environment]] or take some with [[from]].")
    ids = [environment.id for environment in environments]
    for environment in environments:
        _check_variant(source, environment, ids)
    includes = _includes(source, ids, models, formats)
    picked_models = _union(models, [include.models for include in includes])
    picked_formats = _union(formats, [include.formats for include in includes])
    limits = source.typed(source.data.get("limits", {}), "limits", dict)
    source.keys(limits, LIMITS, "[limits]")
    axes = {
        "model": [model.id for model in picked_models],
        "format": [format.id for format in picked_formats],
        "producer": ids,
        "consumer": ids,
    }
    return Matrix(
        name=path.stem,
        path=str(path),
        description=source.typed(source.data.get("description", ""), "description", str),
        environments=tuple(sorted(environments, key=lambda e: (e.released, e.id))),
        models=picked_models,
        formats=picked_formats,
        includes=includes,
        pairs=_pairs(source),
        facts=source.typed(source.data.get("facts", False), "facts", bool),
        excludes=tuple(_exclude(source, table, axes) for table in tables(source, "exclude")),
        plugins=plugins(source),
        seconds=_positive(source, limits, "seconds", 60),
        memory_mib=_whole(source, limits, "memory_mib", 2048),
    )


def _check_variant(source: Source, environment: Environment, ids: Sequence[str]) -> None:
    """What an environment is a variant of has to be in the matrix."""
    of = environment.variant_of
    if of and of not in set(ids) - {environment.id}:
        message = f"environment {environment.id!r} is a variant of {of!r}, which is not in here"
        source.fail(message, did_you_mean(of, ids), token=of)


def plugins(source: Source) -> tuple[str, ...]:
    """Folders with more models and formats: `SHELFLIFE_PLUGINS`, and the matrix's own."""
    named = source.typed(source.data.get("plugins", []), "plugins", list)
    for name in named:
        if not (source.path.parent / name).is_dir():
            hint = "Make the folder; its path is relative to the matrix."
            source.fail(f"no folder of plugins at {name!r}", hint, token=name)
    found = [str((source.path.parent / name).resolve()) for name in named]
    return tuple(dict.fromkeys([*project.plugins(), *found]))


def chosen_environments(source: Source, folder: Path) -> list[Environment]:
    """Those declared in the file and those taken from others with `[[from]]`."""
    chosen = environments_in(source)
    for table in tables(source, "from"):
        source.keys(table, FROM, "[[from]]")
        name = source.need(table, "matrix", str, "[[from]]")
        others = [path.stem for path in files(folder)]
        if name not in others:
            source.fail(f"no matrix {name!r}", did_you_mean(name, others), token=name)
        there = environments_in(Source.read(folder / f"{name}.toml"))
        offered = {environment.id: environment for environment in there}
        for pattern in source.need(table, "environments", list, "[[from]]"):
            taken = _matching(source, pattern, offered, "environment")
            known = {environment.id for environment in chosen}
            chosen += [offered[id] for id in taken if id not in known]
    return chosen


def _includes(
    source: Source, ids: Sequence[str], models: Sequence[Model], formats: Sequence[Format]
) -> tuple[Include, ...]:
    """What is crossed with what: the lists at the top, or each [[include]] by itself.

    An [[include]] without `models` or `formats` takes those at the top.
    """
    listed = tables(source, "include")
    above = {key: source.data[key] for key in ("models", "formats") if key in source.data}
    for key in above:
        if listed and all(key in table for table in listed):
            hint = "Take it away there, or from an [[include]] that shall use it."
            source.fail(f"{key!r} at the top is used by no [[include]]", hint, token=key)
    found = []
    for table in listed or [{"environments": ["*"]}]:
        where = "[[include]]" if listed else "the matrix"
        if listed:
            source.keys(table, INCLUDE, where)
        table = {**above, **table}
        found.append(
            Include(
                **_roles(source, table, ids, where),
                models=_pick(source, table, "models", {m.id: m for m in models}, where),
                formats=_pick(source, table, "formats", {f.id: f for f in formats}, where),
            )
        )
    return tuple(found)


def _roles(
    source: Source, table: Mapping[str, Any], ids: Sequence[str], where: str
) -> dict[str, tuple[str, ...]]:
    """Who saves and who loads: `environments` do both, or `producers` and `consumers` apart."""
    offered = {id: id for id in ids}
    keys = [key for key in ("producers", "consumers") if key in table]
    if not keys:
        return {"producers": _pick(source, table, "environments", offered, where)}
    if "environments" in table:
        hint = "Environments in both lists save and load."
        source.fail(f"{keys[0]!r} beside 'environments'", hint, keys[0], table=table)
    return {key: _pick(source, table, key, offered, where) for key in ("producers", "consumers")}


def _pairs(source: Source) -> str:
    """`all` pairs of environments, or each with its `own` artifacts alone."""
    value: str = source.typed(source.data.get("pairs", "all"), "pairs", str)
    if value not in ("all", "own"):
        source.fail(f"pairs = {value!r}", 'Write "all" or "own".', "pairs")
    return value


T = TypeVar("T", Model, Format, str)


def _union(offered: Sequence[T], parts: Sequence[tuple[T, ...]]) -> tuple[T, ...]:
    """Everything in any of the parts, in the order of `offered`."""
    return tuple(value for value in offered if any(value in part for part in parts))


def _pick(
    source: Source, table: Mapping[str, Any], key: str, offered: Mapping[str, T], where: str
) -> tuple[T, ...]:
    """What the list of patterns `key` selects, in the registry's order; `!` before one takes away.

    A pattern with a `/`, such as `linear/*`, is matched against `family/id`. A format that wraps
    another, such as `skops+aesgcm`, is taken by a pattern with a `+` alone, and a model that is
    there to be measured by one that says `sized.`.
    """
    patterns = source.need(table, key, list, where)
    what = key.rstrip("s")
    picked: set[str] = set()
    for pattern in patterns:
        named = pattern.removeprefix("!")
        known = [id for id in offered if all(m in named or m not in id for m in MARKS)] or [
            *offered
        ]
        names = {_in_family(id, offered[id]) if "/" in named else id: id for id in known}
        taken = {names[name] for name in _matching(source, named, names, what, pattern)}
        picked = picked - taken if pattern.startswith("!") else picked | taken
    if not picked:
        source.fail(f"{key!r} selects no {what}", f'Write {key} = ["*"].', key)
    return tuple(value for id, value in offered.items() if id in picked)


def _in_family(id: str, value: Model | Format | str) -> str:
    """The id of a model or a format after its family's name."""
    return f"{value.family}/{id}" if isinstance(value, Model | Format) else id


def _matching(
    source: Source, pattern: str, offered: Iterable[str], what: str, token: str | None = None
) -> list[str]:
    """The ids that the pattern, written in the file as `token`, selects; it must be some."""
    taken = fnmatch.filter(offered, pattern)
    if not taken:
        hint = did_you_mean(pattern, offered)
        source.fail(f"{pattern!r} selects no {what}", hint, token=token or pattern)
    return taken


def _exclude(
    source: Source, table: Mapping[str, Any], axes: Mapping[str, Sequence[str]]
) -> Exclude:
    source.keys(table, EXCLUDE, "[[exclude]]")
    reason = source.need(table, "reason", str, "[[exclude]]")
    patterns = {axis: table[axis] for axis in axes if axis in table}
    if not patterns:
        hint = "Add model, format, producer or consumer."
        message = "[[exclude]] without a pattern would leave nothing"
        source.fail(message, hint, "reason", table=table)
    for axis, pattern in patterns.items():
        _matching(source, source.typed(pattern, axis, str), axes[axis], axis)
    return Exclude(reason=reason, **patterns)


def _positive(source: Source, limits: Mapping[str, Any], key: str, default: float) -> float:
    value = limits.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        source.fail(f"{key!r} must be a number above 0", token=key)
    return float(value)


def _whole(source: Source, limits: Mapping[str, Any], key: str, default: int) -> int:
    value = _positive(source, limits, key, default)
    if not value.is_integer():
        source.fail(f"{key!r} must be a whole number above 0", token=key)
    return int(value)
