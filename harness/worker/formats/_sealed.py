"""A format around another format; how its file is verified is said in `at_rest.py`."""

from __future__ import annotations

import os
from typing import Any, BinaryIO, Callable, Iterator, List

from .. import artifacts
from ..registry import Attack, Format, Unsupported
from . import _at_rest_snippets, _packs

KEY = bytes(range(32))  # for tests, and known to everybody


class Refused(Exception):
    """The file is not, or not wholly, what was sealed with this key as this format."""


class Sealed(Format):
    """A format around another; subclasses say how a pack of files is sealed and opened."""

    way = ""
    words = ""
    module = ""  # that it needs
    needed = "the key"  # without which nobody makes a file that loads
    key = KEY

    def __init__(self, inner: Format) -> None:
        self.inner = inner
        self.wraps = inner.id
        self.id = "%s+%s" % (inner.id, self.way)
        self.summary = "%s; %s" % (inner.summary, self.words)
        self.suffix = "%s.%s" % (inner.suffix, self.way)
        self.requires = inner.requires + ((self.module,) if self.module else ())
        self.requires_to_dump = inner.requires_to_dump
        self.threads = inner.threads
        self.executes = "nothing without %s; with it: %s" % (
            self.needed,
            inner.executes,
        )
        self.converts = inner.converts
        self.tolerance = inner.tolerance
        self.varies = inner.varies
        self.python_only = inner.python_only
        self.subjects = inner.subjects
        self.snippet = _at_rest_snippets.around(inner.snippet, self.way)

    def prepare(self) -> None:
        self.inner.prepare()

    def large(self) -> Any:
        return self.inner.large()

    def dump(self, model: Any, path: str, data: Any) -> None:
        """Meanwhile the plain artifact lies in a folder that only this user can look into."""
        with _packs.private_folder() as folder:
            plain = os.path.join(folder, self._plain_name(path))
            self.inner.dump(model, plain, data)
            pieces = artifacts.pieces(plain)
            if any(os.path.isdir(piece) for piece in pieces):
                raise Unsupported("the artifact of %s is a folder and no file" % self.inner.id)
            self._write(_packs.packed(plain, pieces), path)

    def _write(self, pack: Iterator[bytes], path: str) -> None:
        with open(path, "wb") as file:
            file.write(self.header())
            self.seal(pack, file)

    def load(self, path: str) -> Any:
        return self.opened(path, self.inner.load)

    def declared(self, path: str, data: Any) -> Any:
        return self.opened(path, lambda plain: self.inner.declared(plain, data))

    def opened(self, path: str, use: Callable[[str], Any]) -> Any:
        """`use` of the plain artifact. Raises Refused unless all of the file is as it was."""
        with _packs.private_file() as pack:
            with open(path, "rb") as file:
                if file.read(len(self.header())) != self.header():
                    raise Refused("this is no file of %s" % self.id)
                self.open(file, pack)
            size = pack.tell()
            pack.seek(0)
            with _packs.private_folder(size) as folder:
                plain = os.path.join(folder, self._plain_name(path))
                _packs.unpack(pack, plain)
                return use(plain)

    def header(self) -> bytes:
        """How a file of this format begins."""
        return b"shelflife at rest 1\n%s\n" % self.id.encode()

    def _plain_name(self, path: str) -> str:
        """The artifact's name without what was added here: some formats look at its end."""
        name = os.path.basename(path)
        return (
            name[: -len(self.way) - 1] if name.endswith(self.suffix) else name + self.inner.suffix
        )

    def seal(self, pack: Iterator[bytes], file: BinaryIO) -> None:
        """Write the pack to `file`, behind its header, in a way that `open` can verify."""
        raise NotImplementedError

    def open(self, file: BinaryIO, pack: BinaryIO) -> None:
        """Write what follows the header of `file` to `pack`; Refused, if anything was changed."""
        raise NotImplementedError

    def forger(self) -> Sealed:
        """The same format, of somebody who has another key."""
        other = type(self)(self.inner)
        other.key = bytes(32)
        return other

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        """Files that are hostile to the inner format: as they are, and sealed with either key."""
        inner = [attack for attack in self.inner.attacks(model, data) if attack.mode == "strict"]
        bare = [Attack("strict", a.how + ", not sealed", a.plant, self.load) for a in inner[:1]]
        forged = [self._sealed(a, "strict", "another key", self.forger()) for a in inner[:1]]
        return bare + forged + [self._sealed(a, "lax", "the key itself", self) for a in inner]

    def _sealed(self, attack: Attack, mode: str, key: str, by: Sealed) -> Attack:
        def plant(path: str, canary: str) -> None:
            plain = os.path.join(os.path.dirname(path), "inner" + self.inner.suffix)
            attack.plant(plain, canary)
            pieces = [piece for piece in artifacts.pieces(plain) if os.path.isfile(piece)]
            by._write(_packs.packed(plain, pieces), path)

        return Attack(mode, "%s, sealed with %s" % (attack.how, key), plant, self.load)
