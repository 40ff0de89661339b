"""Conformance: saved twice, to odd paths, over an older artifact, where nothing can be saved."""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
import time
from typing import Any, Dict, List

from .. import answers, artifacts, registry
from .lab import Fact, Lab, Result, Subject, asked, fact, unmeasured

NAMES = ("repeat", "odd-path", "replace", "overwrite", "read-only", "snippet")
ODD = "mit Leerzeichen und Umlauten äöü 模型"
NOBODY = 65534  # the user that owns nothing, on Linux and the BSDs
PAUSE = 2.1  # seconds between two dumps: a zip file's times have steps of two seconds


def facts(lab: Lab) -> Dict[str, Fact]:
    """What is promised of saving, each tried with the first subject, in one process."""
    if not lab.subjects:
        return {name: unmeasured("nothing was saved") for name in NAMES}
    subject = lab.subjects[0]
    works = {
        "repeat": lambda: _repeat(lab),
        "odd-path": lambda: _odd_path(lab, subject),
        "replace": lambda: _replace(lab, subject),
        "overwrite": lambda: _overwrite(lab, subject),
        "snippet": lambda: _snippet(lab, subject),
        "read-only": lambda: _read_only(lab, subject),
    }
    found = dict(zip(works, lab.run(list(works.values()))))
    return {
        "repeat": _repeated(lab, found["repeat"]),
        "odd-path": _held(found["odd-path"], "saved and loaded"),
        "replace": _held(found["replace"], "the old one or the new one"),
        "overwrite": _overwritten(found["overwrite"]),
        "read-only": _held(found["read-only"], "PermissionError, and nothing is left", "one error"),
        "snippet": _held(
            found["snippet"], "it runs; on a whole file it answers as the format's load does"
        )
        if lab.format.snippet
        else unmeasured("it has no snippet"),
    }


def _held(result: Result, says: str, value: str = "ok") -> Fact:
    """`value`, or what was said instead."""
    if result.kind == "value":
        return fact(value, says)
    return fact("fails", "%s: %s" % (result.kind, result.value))


def _repeat(lab: Lab) -> List[str]:
    """Subjects for which two dumps of one fitted model differ in their bytes."""
    seen: Dict[str, List[str]] = {}
    fitted = {subject.model: lab.fitted(subject.model) for subject in lab.subjects}
    path = os.path.join(lab.folder, "repeat" + lab.format.suffix)
    for again in (False, True):
        time.sleep(PAUSE if again else 0)
        for model, one in fitted.items():
            artifacts.remove(path)
            artifacts.save(lab.format, one.model, path, one.data)
            seen.setdefault(model, []).append(artifacts.measured(path)[0])
    return [model for model, (first, second) in seen.items() if first != second]


def _repeated(lab: Lab, result: Result) -> Fact:
    if result.kind != "value":
        return _held(result, "")
    if not result.value:
        return fact("equal", "two dumps of one model have the same bytes")
    why = lab.format.varies or "no reason is declared"
    return fact("differ", "the bytes differ for %s: %s" % (", ".join(result.value), why))


def _odd_path(lab: Lab, subject: Subject) -> None:
    folder = os.path.join(lab.folder, ODD)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    path = os.path.join(folder, "modèle 1" + lab.format.suffix)
    fitted = lab.fitted(subject.model)
    artifacts.save(lab.format, fitted.model, path, fitted.data)
    _must(lab.answers(subject.model, path) == subject.answers, "it answers otherwise")


def _replace(lab: Lab, subject: Subject) -> None:
    """A dump that fails leaves the old artifact; one that succeeds leaves nothing else."""
    folder = os.path.join(lab.folder, "replace")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    path = os.path.join(folder, "model" + lab.format.suffix)
    fitted = lab.fitted(subject.model)
    artifacts.save(lab.format, fitted.model, path, fitted.data)
    before = artifacts.measured(path)
    _must(_fails(lab, path, fitted.data), "something that cannot be saved was saved")
    _must(artifacts.measured(path) == before, "a dump that failed has changed the old artifact")
    kept = sorted(os.listdir(folder))
    artifacts.save(lab.format, fitted.model, path, fitted.data)
    _must(sorted(os.listdir(folder)) == kept, "something was left beside the artifact")
    _must(lab.answers(subject.model, path) == subject.answers, "it answers otherwise")


def _overwrite(lab: Lab, subject: Subject) -> str:
    """What a failed dump by the format's own call, without our renaming, does to an older file."""
    folder = os.path.join(lab.folder, "overwrite")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    path = os.path.join(folder, "model" + lab.format.suffix)
    fitted = lab.fitted(subject.model)
    artifacts.save(lab.format, fitted.model, path, fitted.data)
    before = artifacts.measured(path)
    broken = copy.copy(fitted.model)
    try:
        broken.__dict__["breaks_"] = _breaks()
        lab.format.dump(broken, path, fitted.data)
    except Exception:
        return "kept" if artifacts.measured(path) == before else "destroyed"
    return "no failure"


def _overwritten(result: Result) -> Fact:
    if result.kind != "value":
        return unmeasured("%s: %s" % (result.kind, result.value))
    if result.value == "no failure":
        return unmeasured("a part that cannot be saved was left out without an error")
    says = {
        "kept": "an older file is as it was when saving over it fails",
        "destroyed": "an older file is lost when saving over it by the plain call fails half-way",
    }
    return fact(result.value, says[result.value])


def _fails(lab: Lab, path: str, data: Any) -> bool:
    """Whether the dump of something that no format can hold raises."""

    try:
        artifacts.save(lab.format, _breaks(), path, data)
    except Exception:
        return True
    return False


def _breaks() -> Any:
    """Something that cannot be saved."""

    class Breaks:
        def __reduce__(self) -> Any:
            raise registry.Unsupported("this object cannot be saved")

        __getstate__ = __deepcopy__ = __reduce__

        def __reduce_ex__(self, protocol: Any) -> Any:
            return self.__reduce__()

    return Breaks()


def _read_only(lab: Lab, subject: Subject) -> None:
    """One clear error where the folder takes no files, and nothing left in it."""
    fitted = lab.fitted(subject.model)
    warm = os.path.join(lab.folder, "warm" + lab.format.suffix)
    artifacts.save(lab.format, fitted.model, warm, fitted.data)
    folder = tempfile.mkdtemp()
    try:
        os.chmod(folder, 0o555)  # noqa: S103 - to be read by nobody's process
        if os.geteuid() == 0:  # whom no folder refuses
            os.seteuid(NOBODY)
        _refusal(lab, fitted, folder)
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        shutil.rmtree(folder)


def _refusal(lab: Lab, fitted: Any, folder: str) -> None:
    path = os.path.join(folder, "model" + lab.format.suffix)
    try:
        artifacts.save(lab.format, fitted.model, path, fitted.data)
    except PermissionError:
        _must(not os.listdir(folder), "something was left in the folder")
    else:
        raise AssertionError("it was saved in a folder that takes no files")


def _snippet(lab: Lab, subject: Subject) -> None:
    """The documented code, run as it stands: what it loads must answer as our own load does."""
    fitted = lab.fitted(subject.model)
    path = os.path.join(lab.folder, "snippet" + lab.format.suffix)
    names = {"model": fitted.model, "path": path, "X": answers.own(fitted.data.ask)}
    names.update(X_train=answers.own(fitted.data.X), y_train=answers.own(fitted.data.y))
    exec(compile(lab.format.snippet, "snippet", "exec"), names)  # noqa: S102 - our own text
    got = asked(subject.model, names["loaded"])
    shared = [name for name in got if name in subject.answers]
    _must(bool(shared), "what it loads answers nothing that can be compared")
    different = [name for name in shared if got[name].sha256 != subject.answers[name]]
    _must(not different, "it answers otherwise: %s" % ", ".join(different))


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)
