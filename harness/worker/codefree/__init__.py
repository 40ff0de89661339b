"""A store of scikit-learn's estimators without code: parameters, structure and arrays.

    save(model, path, "json")
    loaded = load(path, "json")

`walk.py` says what is stored, `classes.py` lists exactly which classes may be rebuilt, and each
`as_*.py` is a container: how the same text and the same arrays lie in a file. Loading a file
imports modules of that list, makes objects without calling anything that the file names, and
raises Refused for whatever is not as it should be. Saving raises Cannot for what cannot be held.

The rules in full: docs/explanation/code-free-store.md.
"""

from __future__ import annotations

import contextlib
from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Tuple

from . import as_hdf5, as_json, as_npz, as_safetensors, as_text, sealed, walk
from .limits import Cannot, Refused, guard

__all__ = ["CONTAINERS", "Cannot", "Refused", "load", "save", "versions"]


class Container(NamedTuple):
    """How a text and its arrays are written to a path and read again, and by what library."""

    write: Callable[[str, str, List[Any]], None]
    read: Callable[[str], Tuple[sealed.Opened, List[Any]]]
    libraries: Tuple[str, ...] = ()


CONTAINERS: Dict[str, Container] = {
    "json": Container(as_json.write, as_json.read),
    "json-gzip": Container(as_json.write_gzip, as_json.read_gzip),
    "hdf5": Container(as_hdf5.write, as_hdf5.read, ("h5py",)),
    "npz": Container(as_npz.write, as_npz.read),
    "npz-deflate": Container(as_npz.write_deflated, as_npz.read),
    "safetensors": Container(as_safetensors.write, as_safetensors.read, ("safetensors",)),
    "text": Container(as_text.write, as_text.read),
}


def save(model: Any, path: str, container: str) -> None:
    """Write `model` to `path`. Raises Cannot, with the reason in words."""
    kind = CONTAINERS[container]
    text, arrays = sealed.pack(model, kind.libraries)
    kind.write(path, text, arrays)


def load(path: str, container: str) -> Any:
    """The estimator in the file or folder at `path`. Raises Refused for any that is not whole.

    What the operating system says of the path, such as FileNotFoundError, and MemoryError are
    raised as they are.
    """
    with refusing():
        guard(path, container == "text")
        opened, arrays = CONTAINERS[container].read(path)
        return opened.model(arrays)


def versions(path: str, container: str) -> Dict[str, str]:
    """Of the libraries that saved what is at `path`."""
    with refusing():
        guard(path, container == "text")
        return CONTAINERS[container].read(path)[0].versions()


def here(names: Iterable[str]) -> Dict[str, str]:
    """Of those libraries that can be imported."""
    found: Dict[str, str] = {}
    for name in names:
        with contextlib.suppress(ImportError):
            found.update(walk.versions((name,)))
    return found


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Whatever goes wrong with the content of a file is Refused."""
    try:
        yield
    except (Refused, MemoryError):
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        raise Refused("no file of this store: %s" % error)
    except Exception as error:
        raise Refused("no file of this store: %s: %s" % (type(error).__name__, error))
