"""What two runs are of, and what differs between their environments before any cell does. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.diff.changes import Direction
from harness.records import Json


@dataclass(frozen=True)
class Side:
    """One of the two: what its header says, and how many cells were read."""

    id: str
    matrix: str
    started: str
    shelflife: str
    complete: bool
    cells: int
    planned: int

    @classmethod
    def of(cls, id: str, header: Mapping[str, Json], cells: int) -> Side:
        return cls(
            id=id,
            matrix=header["matrix"],
            started=header.get("started", ""),
            shelflife=header.get("shelflife", ""),
            complete=bool(header.get("footer")),
            cells=cells,
            planned=header.get("planned", cells),
        )


@dataclass(frozen=True)
class Moved:
    """An environment that is new, gone, or has other packages; `packages` is (name, from, to)."""

    id: str
    how: str
    packages: tuple[tuple[str, str, str], ...] = ()

    def says(self) -> str:
        """`sk1.5.2: numpy 2.0.1 -> 2.1.0`."""
        if self.how != "changed":
            return f"{self.id}: {self.how}"
        moves = [f"{name} {old or 'none'} -> {new or 'none'}" for name, old, new in self.packages]
        return f"{self.id}: {', '.join(moves) or 'another lock with the same versions'}"


def moved(base: Mapping[str, Json], new: Mapping[str, Json]) -> list[Moved]:
    """How the environments of two headers differ, by id."""
    old, now = ({e["id"]: e for e in header.get("environments", ())} for header in (base, new))
    found = []
    for id in sorted(old.keys() | now.keys()):
        if id not in now:
            found.append(Moved(id, "gone"))
        elif id not in old:
            found.append(Moved(id, "new"))
        elif packages := _packages(old[id], now[id]):
            found.append(Moved(id, "changed", packages))
        elif old[id].get("lock") != now[id].get("lock"):
            found.append(Moved(id, "changed"))
    return found


def _packages(old: Json, new: Json) -> tuple[tuple[str, str, str], ...]:
    before = {"Python": old["python"], **old.get("packages", {})}
    after = {"Python": new["python"], **new.get("packages", {})}
    names = sorted(before.keys() | after.keys())
    moves = ((name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple((name, old, new) for name, old, new in moves if old != new)


def notes(base: Side, new: Side, headers: Sequence[Mapping[str, Json]]) -> list[str]:
    """What a reader has to know before any change: sentences."""
    said = []
    if base.matrix != new.matrix:
        said.append(f"two matrices: the base is of {base.matrix}, the new one of {new.matrix}")
    for name, side in (("base", base), ("new", new)):
        if not side.complete:
            count = f"{side.cells:,} of {side.planned:,} cells"
            said.append(f"the {name} run {side.id} is incomplete: {count}")
    for key in ("shelflife", "isolation", "tolerance", "limits"):
        old, now = (header.get(key) for header in headers)
        if old != now:
            said.append(f"{key} differs: {_flat(old)} -> {_flat(now)}")
    old, now = (_machine(header) for header in headers)
    if old != now:
        said.append(f"another machine: {old} -> {now}; it may round otherwise")
    return said


def _flat(value: Json) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {inner}" for name, inner in value.items())
    return str(value)


def _machine(header: Mapping[str, Json]) -> str:
    host = header.get("host") or {}
    return " ".join(str(host[key]) for key in ("machine", "cpu") if host.get(key))


class Directions:
    """Producer and consumer to direction, by the days on which their main library was released."""

    def __init__(self, *headers: Mapping[str, Json]) -> None:
        self.released = {
            environment["id"]: environment["released"]
            for header in headers
            for environment in header.get("environments", ())
        }

    def of(self, producer: str, consumer: str) -> Direction:
        """The way from one environment to another."""
        saved, loaded = self.released.get(producer, ""), self.released.get(consumer, "")
        if saved == loaded:
            return Direction.SAME
        return Direction.UPGRADE if loaded > saved else Direction.ROLLBACK
