"""Verify, load, ask everything again, and see whether the model is usable."""

from __future__ import annotations

import os
from typing import Any, Dict, List

from . import answers, artifacts, files, registry, usable
from .produce import ask, keep, missing, prepare
from .trial import Trial, failure


class Manifest:
    """What a producer saved of some items, read once and shared by all children."""

    def __init__(self, folder: str, items: List[str]) -> None:
        self.folder = folder
        self.saved: Dict[str, Dict[str, Any]] = {}
        self.references: Dict[str, Dict[str, Any]] = {}
        wanted = set(items)
        for line in files.lines(os.path.join(folder, "manifest.jsonl"), wanted):
            if line["kind"] in ("saved", "reference"):
                found = self.saved if line["kind"] == "saved" else self.references
                found[line["item"]] = line


class Consumer:
    """Loads artifacts and asks them, one case after the other."""

    def __init__(self, manifest: Manifest, store: str) -> None:
        self.folder = manifest.folder
        self.saved = manifest.saved
        self.references = manifest.references
        self.store = store

    def case(self, item: str, trial: Trial) -> Dict[str, Any]:
        """Consume one artifact; the response's fields."""
        model_id, _, format_id = item.partition("/")
        format = registry.FORMATS[format_id]
        lacking = missing(format.requires, trial)
        if lacking:
            return {"status": "absent", "reason": lacking}
        trial.note("verify")
        saved = self.saved.get(item)
        path = os.path.join(self.folder, saved["path"]) if saved else ""
        if saved is None or not os.path.exists(path):
            return {"status": "absent", "reason": "the artifact is no longer there"}
        if artifacts.measured(path)[0] != saved["sha256"]:
            reason = "the artifact is not the one that was saved: its SHA-256 differs"
            return {"status": "absent", "reason": reason}
        stage = "start"
        try:
            prepare(format, trial)
            stage = "load"
            with trial.stage("load", "load"):
                loaded = format.load(path)
        except registry.Absent as error:
            return {"status": "absent", "reason": str(error)}
        except BaseException as error:
            files.raise_if_disk(error)
            return {"status": "failed", "failure": failure(error, stage)}
        return self._use(item, loaded, registry.MODELS[model_id], format, trial)

    def _use(
        self, item: str, loaded: Any, model: registry.Model, format: registry.Format, trial: Trial
    ) -> Dict[str, Any]:
        data = registry.data(model.data)
        asked = answers.about(model)
        reference = self.references.get(item, {"answers": {}, "usable": []})
        response: Dict[str, Any] = {"status": "ok", "equal": [], "answers": {}, "lost": []}
        later: List[Dict[str, str]] = []
        for name, expected in reference["answers"].items():
            try:
                answer = ask(name, asked[name], loaded, trial)
            except answers.Incomparable as error:
                answer = answers.opaque(error)
            except BaseException as error:
                files.raise_if_disk(error)
                if answers.is_of_later_release(name, error):
                    later.append(failure(error, name))
                else:
                    response["lost"].append(failure(error, name))
                continue
            if answer.sha256 == expected["sha256"]:
                response["equal"].append(name)
            else:
                response["answers"][name] = keep(answer, self.store)
        if not response["equal"] and not response["answers"]:
            response["lost"] = later + response["lost"]
        tried = usable.checks(format, data, self.store + ".again")
        for name in reference["usable"]:
            try:
                with trial.stage(name, "use"):
                    tried[name](loaded)
            except BaseException as error:
                files.raise_if_disk(error)
                response["lost"].append(failure(error, name))
        return response
