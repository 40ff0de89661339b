"""Small honest fakes: models that do one bad thing each, where they were not saved.

Each is an estimator in a few lines. What it does wrong, it does when it is loaded or asked in
another environment than the one that saved it, so that its control comes out right; those called
`always.*` do it everywhere.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from shelflife_worker.registry import DATA, model


class Rows:
    """Data of four rows."""

    def __init__(self) -> None:
        import numpy

        self.X = self.ask = numpy.arange(8.0).reshape(4, 2)
        self.y = self.ask_y = numpy.asarray([0.5, 1.5, 2.5, 3.5])


DATA["rows"] = Rows


class Mini:
    """Predicts half the sum of a row. `act` is done at `moment`: load, ask, repr or clone."""

    def __init__(self, act: str = "", moment: str = "never", always: bool = False) -> None:
        self.act = act
        self.moment = moment
        self.always = always

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        self.at("clone")
        return {"act": self.act, "moment": self.moment, "always": self.always}

    def set_params(self, **params: Any) -> Mini:
        self.__dict__.update(params)
        return self

    def fit(self, X: Any, y: Any) -> Mini:
        self.home_ = sys.prefix
        return self

    def predict(self, X: Any) -> Any:
        answer = X.sum(axis=1) / 2
        changed = self.at("ask", answer)
        return answer if changed is None else changed

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.at("load")

    def __repr__(self) -> str:
        self.at("repr")
        return "Mini(%s)" % self.act

    def at(self, moment: str, answer: Any = None) -> Any:
        """Misbehave, if this is the moment and the place."""
        away = getattr(self, "home_", sys.prefix) != sys.prefix
        if self.moment == moment and (away or self.always):
            return ACTS[self.act](answer)
        return None


def segfault(answer: Any) -> None:
    ctypes.string_at(0)


def leave(answer: Any) -> None:
    os._exit(3)


def leave_quietly(answer: Any) -> None:
    os._exit(0)


def leave_loudly(answer: Any) -> None:
    sys.exit("bye")


def loop(answer: Any) -> None:
    while True:
        time.sleep(0.01)


def spin(answer: Any) -> None:
    while True:
        answer = 1


def bomb(answer: Any) -> None:
    heap = []
    while True:
        heap.append(bytearray(64 << 20))


def chatter(answer: Any) -> None:
    for _ in range(2000):
        print('{"kind":"done","item":"nobody/nothing","status":"ok"}')
    os.write(1, b"end\n")
    os.write(2, b"end\n")


def close_all(answer: Any) -> None:
    os.closerange(0, 1024)


def fork(answer: Any) -> None:
    os.fork()


def kill(answer: Any) -> None:
    os.kill(os.getpid(), 9)


def wander(answer: Any) -> None:
    os.chdir("/")
    os.environ.clear()


def complain(answer: Any) -> None:
    raise ValueError("a line\nand another, at 0x7f0012345678")


def unprintable(answer: Any) -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    raise Mute


def warn(answer: Any) -> None:
    import warnings

    for _ in range(50):
        warnings.warn("not what it was", FutureWarning)


def nudge(answer: Any) -> Any:
    import numpy

    return numpy.nextafter(answer, 1e9)


def drift(answer: Any) -> Any:
    answer[2] += 0.25
    return answer


def forget(answer: Any) -> Any:
    answer[1] = float("nan")
    return answer


def relabel(answer: Any) -> Any:
    return answer.astype(int)


def shorten(answer: Any) -> Any:
    return answer[:-1]


def toss(answer: Any) -> Any:
    answer[0] += int.from_bytes(os.urandom(6), "big")
    return answer


ACTS: dict[str, Callable[[Any], Any]] = {
    act.__name__: act
    for act in (
        segfault,
        leave,
        leave_quietly,
        leave_loudly,
        loop,
        spin,
        bomb,
        chatter,
        close_all,
        fork,
        kill,
        wander,
        complain,
        unprintable,
        warn,
        nudge,
        drift,
        forget,
        relabel,
        shorten,
        toss,
    )
}


def register(act: str, moment: str, always: bool = False) -> None:
    id = "%s.%s%s" % (moment, act.replace("_", "-"), ".always" if always else "")

    def recipe() -> Mini:
        return Mini(act, moment, always)

    model(id, data="rows", summary="%s at %s" % (act, moment))(recipe)


model("good.a", data="rows", summary="does nothing wrong")(Mini)
for name in ACTS:
    register(
        name,
        "ask" if name in ("nudge", "drift", "forget", "relabel", "shorten", "toss") else "load",
    )
register("complain", "ask")
register("complain", "repr")
register("complain", "clone")
register("segfault", "ask")
register("loop", "ask")
register("segfault", "load", always=True)
register("complain", "ask", always=True)
register("toss", "ask", always=True)
model("good.z", data="rows", summary="does nothing wrong, after all the others")(Mini)
