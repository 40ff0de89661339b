"""Where a format is tried: its subjects' artifacts, and forked children that do one thing each."""

from __future__ import annotations

import json
import os
import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

from .. import answers, artifacts, children, files, registry
from ..produce import Fitted, fit, missing
from ..trial import Trial, failure

ASKED = ("predict", "predict_proba", "decision_function", "transform")
DAMAGED_MIB = 6144  # of address space over the parent's: room for a Java machine and TensorFlow
Fact = Dict[str, Any]
Work = Callable[[], Any]


class Result(NamedTuple):
    """What became of a work: its value, or why there is none.

    `kind` is `value`, `raise`, `crash` or `hang`; `value` then what was returned, or a sentence.
    """

    kind: str
    value: Any


class Subject(NamedTuple):
    """An artifact of a model, and the digests of what it answers when it is loaded."""

    model: str
    path: str
    answers: Dict[str, str]
    seconds: float  # a load and its answers, in a child that did it for the first time


class Lab:
    """One format, a folder, and the children that work there."""

    def __init__(
        self,
        format: registry.Format,
        folder: str,
        nursery: children.Nursery,
        request: Dict[str, Any],
    ) -> None:
        self.format = format
        self.folder = folder
        self.nursery = nursery
        self.log = request["log"]
        self.limits = children.Limits(request["seconds"], request["memory_mib"])
        self.results = os.path.join(folder, "results.jsonl")
        self.subjects: List[Subject] = []
        self.held: Dict[Tuple[int, str], Fitted] = {}

    # -- children ------------------------------------------------------------------------------

    def run(self, works: Sequence[Work], seconds: Optional[float] = None) -> List[Result]:
        """Do the works in one child, and in a new one only where one has died.

        `seconds` limits each of them, and then memory is limited, too.
        """
        found: Dict[int, Result] = {}
        if os.path.exists(self.results):
            os.remove(self.results)
        limits = self.limits if seconds is None else self._tight(seconds)
        at = 0
        while at < len(works):
            death = self.nursery.run(len(works) - at, self._worker(works, at), limits, self.log)
            if death is None:
                break
            if death.kind == "machine":
                raise OSError(death.message)
            at += death.item
            if death.kind != "late":
                files.end_torn_line(self.results)
                kind = "hang" if death.kind == "timeout" else "crash"
                found[at] = Result(kind, death.message)
                at += 1
        if os.path.exists(self.results):
            with open(self.results, "rb") as file:
                for line in filter(None, map(files.parsed, file)):
                    found.setdefault(line["work"], Result(line["kind"], line["value"]))
        return [found.get(n, Result("crash", "the process ended")) for n in range(len(works))]

    def _tight(self, seconds: float) -> children.Limits:
        """For damaged files, which may claim any size: several are loaded at once."""
        return children.Limits(seconds, min(self.limits.memory_mib, DAMAGED_MIB))

    def one(self, work: Work, seconds: Optional[float] = None) -> Result:
        """Do one work in a child of its own."""
        return self.run([work], seconds)[0]

    def _worker(self, works: Sequence[Work], first: int) -> Callable[[int, children.Note], None]:
        def work(place: int, note: children.Note) -> None:
            note("trial")
            line: Dict[str, Any] = {"work": first + place}
            try:
                line.update(kind="value", value=works[first + place]())
            except BaseException as error:
                files.raise_if_disk(error)
                found = failure(error, "trial")
                line.update(kind="raise", value="%(type)s: %(message)s" % found)
            files.append(self.results, line)

        return work

    # -- subjects ------------------------------------------------------------------------------

    def prepare(self) -> Fact:
        """Save every subject and load it again; those that do both are the lab's subjects."""
        refused = {}
        for model in self.format.subjects:
            path = self.path(model)
            saved = self.one(lambda: self._save(model, path))  # noqa: B023 - called at once
            loaded = saved
            if saved.kind == "value":
                loaded = self.one(lambda: self._timed(model, path))  # noqa: B023
            if loaded.kind == "value" and loaded.value["answers"]:
                self.subjects.append(Subject(model, path, **loaded.value))
            else:
                refused[model] = loaded.value or "it answers nothing that is asked here"
        if self.subjects:
            first = self.subjects[0]._asdict()
            with open(os.path.join(self.folder, "subject.json"), "w", encoding="utf-8") as file:
                json.dump(first, file)
        named = ", ".join(subject.model for subject in self.subjects)
        says = "tried with %s" % named if named else "; ".join(refused.values())
        sizes = {s.model: artifacts.measured(s.path)[1] for s in self.subjects}
        return fact(named or None, says, {"bytes": sizes, "refused": refused})

    def path(self, model: str) -> str:
        return os.path.join(self.folder, model.replace("/", "-") + self.format.suffix)

    def _save(self, model: str, path: str) -> None:
        fitted = self.fitted(model)
        artifacts.save(self.format, fitted.model, path, fitted.data)

    def ready(self) -> None:
        """Have in this child what saving and loading needs. Raises Absent where it is not there."""
        nothing = Trial(lambda stage: None, {})
        lacking = missing(self.format.requires + self.format.requires_to_dump, nothing)
        if lacking:
            raise registry.Absent(lacking)
        self.format.prepare()

    def fitted(self, model: str) -> Fitted:
        """The model, fitted in this child, once."""
        self.ready()
        if (os.getpid(), model) not in self.held:
            nothing = Trial(lambda stage: None, {})
            self.held = {(os.getpid(), model): fit(registry.MODELS[model], nothing)}
        return self.held[os.getpid(), model]

    def _timed(self, model: str, path: str) -> Dict[str, Any]:
        began = time.monotonic()
        found = self.answers(model, path)
        return {"answers": found, "seconds": time.monotonic() - began}

    def answers(
        self, model: str, path: str, load: Optional[Callable[[str], Any]] = None
    ) -> Dict[str, str]:
        """Load an artifact of the model in this child; the digests of what it answers."""
        self.format.prepare()
        loaded = (load or self.format.load)(path)
        return {name: answer.sha256 for name, answer in asked(model, loaded).items()}


def asked(model: str, loaded: Any) -> Dict[str, answers.Answer]:
    """What `loaded`, which may be anything, answers about the model's data, by method."""
    import numpy

    questions = answers.plain(registry.MODELS[model].data, ASKED)
    found = {}
    for name in answers.answerable(loaded, questions):
        numpy.random.seed(0)
        found[name] = answers.encode(questions[name](loaded))
    return found


def compared(subject: Subject, loaded: Any) -> str:
    """`same` or `other`, by every method that the whole artifact answers; raises what one raises.

    An answer that is wrong counts, whatever another method raises.
    """
    import numpy

    questions = answers.plain(registry.MODELS[subject.model].data, list(subject.answers))
    raised: Optional[Exception] = None
    for name, digest in subject.answers.items():
        numpy.random.seed(0)
        try:
            answer = answers.encode(questions[name](loaded))
        except answers.Incomparable:
            return "other"
        except Exception as error:
            raised = raised or error
            continue
        if answer.sha256 != digest:
            return "other"
    if raised is not None:
        raise raised
    return "same"


def fact(value: Any, says: str, evidence: Any = None) -> Fact:
    """A fact as it crosses the wall."""
    return {"value": value, "says": says, "evidence": evidence}


def unmeasured(why: str) -> Fact:
    """A fact of which nothing is known, and why."""
    return fact(None, why)
