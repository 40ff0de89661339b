"""Models that leave something behind for whoever comes after them, each before its victim.

Ids are sorted, so that a leaker is produced and loaded just before its victim. The victims do
nothing wrong: alone they come out identical.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import Any

from shelflife_worker.registry import model

LOCK = threading.Lock()


class Plain:
    """Predicts the sum of a row."""

    def fit(self, X: Any, y: Any) -> "Plain":
        self.home_ = sys.prefix
        return self

    def predict(self, X: Any) -> Any:
        return X.sum(axis=1)

    def away(self) -> bool:
        return getattr(self, "home_", sys.prefix) != sys.prefix


@model("leak1.alarm", data="rows", summary="sets an alarm in fit and does not wait for it")
class Alarm(Plain):
    def fit(self, X: Any, y: Any) -> "Plain":
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        return super().fit(X, y)


@model("leak1.victim", data="rows", summary="takes its time in fit")
class Slow(Plain):
    def fit(self, X: Any, y: Any) -> "Plain":
        time.sleep(0.5)
        return super().fit(X, y)


@model("leak2.closer", data="rows", summary="closes standard output in fit")
class Closer(Plain):
    def fit(self, X: Any, y: Any) -> "Plain":
        sys.stdout.close()
        return super().fit(X, y)


@model("leak2.victim", data="rows", summary="prints in fit")
class Verbose(Plain):
    def fit(self, X: Any, y: Any) -> "Plain":
        print("fitting")
        return super().fit(X, y)


@model("leak3.keeper", data="rows", summary="keeps a lock when it is loaded elsewhere")
class Keeper(Plain):
    def __setstate__(self, state: Any) -> None:
        self.__dict__.update(state)
        if self.away():
            LOCK.acquire()


@model("leak3.victim", data="rows", summary="takes the lock and gives it back")
class Locker(Plain):
    def predict(self, X: Any) -> Any:
        with LOCK:
            return super().predict(X)


@model("leak4.forker", data="rows", summary="forks when it is let go")
class Forker(Plain):
    def __del__(self) -> None:
        if self.away():
            os.fork()


class Drifter(Plain):
    """Drifts by a number of its own when it is loaded elsewhere."""

    def __init__(self, by: float = 0.0) -> None:
        self.by = by

    def predict(self, X: Any) -> Any:
        return super().predict(X) + (self.by if self.away() else 0.0)


def register(by: int) -> None:
    model("leak4.victim%02d" % by, data="rows", summary="drifts by %d" % by)(lambda: Drifter(by))


for by in range(1, 13):
    register(by)


@model("leak5.strict", data="rows", summary="makes numpy raise, in fit")
class Strict(Plain):
    def fit(self, X: Any, y: Any) -> "Plain":
        import numpy

        numpy.seterr(all="raise")
        return super().fit(X, y)


@model("leak5.victim", data="rows", summary="takes the logarithm of zero")
class Logarithm(Plain):
    def predict(self, X: Any) -> Any:
        import numpy

        return numpy.log(X[:, 0])


@model("leak6.opaque", data="rows", summary="answers with something that cannot be compared")
class Opaque(Plain):
    def predict(self, X: Any) -> Any:
        return object()
