"""Fit, save, reload, and write down what the reloaded model answers."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from . import answers, artifacts, files, registry, usable
from .trial import Trial, failure


class Fitted(NamedTuple):
    """A fitted model with what it answered before anything was saved."""

    model: Any
    data: Any
    asked: Dict[str, answers.Ask]
    answers: Dict[str, answers.Answer]


class Producer:
    """Works through the cases of one child; the model fitted last is kept for its next format."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.manifest = os.path.join(folder, "manifest.jsonl")
        self.held: Optional[Tuple[str, Fitted]] = None

    def case(self, item: str, trial: Trial) -> Dict[str, Any]:
        """Produce `model/format`; the response's fields. What was saved is in the manifest."""
        model_id, _, format_id = item.partition("/")
        format = registry.FORMATS[format_id]
        lacking = missing(format.requires + format.requires_to_dump, trial)
        if lacking:
            return {"status": "absent", "reason": lacking}
        stage = "start"
        try:
            prepare(format, trial)
            stage = "fit"
            fitted = self._fitted(model_id, trial)
            stage = "dump"
            path = self._save(item, fitted, format, trial)
            stage = "reload"
            with trial.stage("reload", "load"):
                loaded = format.load(path)
        except registry.Absent as error:
            return {"status": "absent", "reason": str(error)}
        except registry.Unsupported as error:
            return {"status": "unsupported", "reason": str(error)}
        except BaseException as error:
            files.raise_if_disk(error)
            return {"status": "failed", "failure": failure(error, stage)}
        return self._reference(item, fitted, loaded, format, trial)

    def _fitted(self, model_id: str, trial: Trial) -> Fitted:
        if self.held is None or self.held[0] != model_id:
            self.held = None
            self.held = (model_id, fit(registry.MODELS[model_id], trial))
        return self.held[1]

    def _save(self, item: str, fitted: Fitted, format: registry.Format, trial: Trial) -> str:
        path = os.path.join(self.folder, item + format.suffix)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with trial.stage("dump", "dump"):
            artifacts.save(format, fitted.model, path, fitted.data)
        digest, size = artifacts.measured(path)
        line = {
            "item": item,
            "kind": "saved",
            "path": item + format.suffix,
            "sha256": digest,
            "bytes": size,
        }
        line.update(trial.report())
        files.append(self.manifest, line)
        return path

    def _reference(
        self, item: str, fitted: Fitted, loaded: Any, format: registry.Format, trial: Trial
    ) -> Dict[str, Any]:
        asked = fitted.asked
        names = answers.answerable(loaded, asked) if format.converts else list(fitted.answers)
        store = os.path.join(self.folder, item + ".answers")
        if os.path.exists(store):
            os.remove(store)
        failed: Optional[Dict[str, str]] = None
        kept: Dict[str, Any] = {}
        before: Dict[str, Any] = {}
        for name in names:
            try:
                answer = ask(name, asked[name], loaded, trial)
            except BaseException as error:
                files.raise_if_disk(error)
                if format.converts:
                    failed = failed or failure(error, name)
                    continue
                return {"status": "failed", "failure": failure(error, name)}
            kept[name] = keep(answer, store)
            first = fitted.answers.get(name)
            if first is not None and first.sha256 != answer.sha256:
                before[name] = keep(first, store)
        if failed and not kept:
            return {"status": "failed", "failure": failed}
        line = {
            "item": item,
            "kind": "reference",
            "answers": kept,
            "fitted": before,
            "compared": [name for name in names if name in fitted.answers and name in kept],
            "usable": self._usable(loaded, fitted, format, trial),
        }
        files.append(self.manifest, line)
        return {"status": "ok"}

    def _usable(
        self, loaded: Any, fitted: Fitted, format: registry.Format, trial: Trial
    ) -> List[str]:
        """The checks that the producer itself passes: only those can be lost later."""
        tried = usable.checks(format, fitted.data, os.path.join(self.folder, "again"))
        passed = []
        for name in usable.applicable(loaded, list(tried)):
            try:
                with trial.stage(name, "use"):
                    tried[name](loaded)
                passed.append(name)
            except BaseException as error:
                files.raise_if_disk(error)
        return passed


def fit(model: registry.Model, trial: Trial) -> Fitted:
    """Fit a recipe on its data and ask it all that it can answer."""
    data = registry.data(model.data)
    X, y = answers.own(data.X), answers.own(data.y)
    with trial.stage("fit", "fit"):
        estimator = model.build()
        if not model.asks:
            estimator = estimator.fit(X) if y is None else estimator.fit(X, y)
    asked = answers.about(model)
    given = {}
    for name in asked if model.asks else answers.answerable(estimator, asked):
        try:
            given[name] = ask(name, asked[name], estimator, trial)
        except Exception:  # noqa: S112 - the estimator does not answer this: no method of its
            continue
    return Fitted(estimator, data, asked, given)


def prepare(format: registry.Format, trial: Trial) -> None:
    """Start what the format needs running, if anything."""
    if type(format).prepare is not registry.Format.prepare:
        with trial.stage("start", "start"):
            format.prepare()


def ask(name: str, question: answers.Ask, model: Any, trial: Trial) -> answers.Answer:
    """One answer. The global random state is the same at each, as some methods draw from it."""
    import numpy

    with trial.stage(name, "use"):
        numpy.random.seed(0)
        return answers.encode(question(model))


def keep(answer: answers.Answer, store: str) -> Dict[str, Any]:
    """Write an answer's bytes to `store`; where they are and what they mean."""
    at = files.write(store, answer.data)
    return {"spec": answer.spec, "sha256": answer.sha256, "at": at, "bytes": len(answer.data)}


def missing(modules: Tuple[str, ...], trial: Trial) -> str:
    """Which of the modules a format needs cannot be imported here, in words; '' for none."""
    for module in modules:
        if module not in sys.modules:
            try:
                with trial.stage("import", "import"):
                    importlib.import_module(module)
            except ImportError as error:
                return "this environment has no working %s: %s" % (module, error)
    return ""
