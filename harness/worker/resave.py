"""Load what another environment has saved and save it here again, in the same format.

Whether that helps is asked of a third environment, which loads the new artifact. What it must
answer is what the first producer's reference says: that goes with it unchanged.
"""

from __future__ import annotations

import os
import shutil
from typing import Any, Dict

from . import artifacts, files, registry
from .consume import Manifest
from .produce import missing, prepare
from .trial import Trial, failure


class Resaver:
    """Loads artifacts and saves them anew into `folder`, one case after the other."""

    def __init__(self, manifest: Manifest, folder: str) -> None:
        self.manifest = manifest
        self.folder = folder

    def case(self, item: str, trial: Trial) -> Dict[str, Any]:
        """Save one artifact again; the response's fields."""
        model_id, _, format_id = item.partition("/")
        format = registry.FORMATS[format_id]
        lacking = missing(format.requires + format.requires_to_dump, trial)
        if lacking:
            return {"status": "absent", "reason": lacking}
        saved = self.manifest.saved.get(item)
        if saved is None or item not in self.manifest.references:
            return {"status": "absent", "reason": "there is nothing to save again"}
        old = os.path.join(self.manifest.folder, saved["path"])
        if artifacts.measured(old)[0] != saved["sha256"]:
            reason = "the artifact is not the one that was saved: its SHA-256 differs"
            return {"status": "absent", "reason": reason}
        stage = "start"
        try:
            prepare(format, trial)
            stage = "load"
            with trial.stage("load", "load"):
                loaded = format.load(old)
            stage = "dump"
            new = os.path.join(self.folder, saved["path"])
            os.makedirs(os.path.dirname(new), exist_ok=True)
            data = registry.data(registry.MODELS[model_id].data)
            with trial.stage("dump", "dump"):
                artifacts.save(format, loaded, new, data)
        except registry.Absent as error:
            return {"status": "absent", "reason": str(error)}
        except registry.Unsupported as error:
            return {"status": "unsupported", "reason": str(error)}
        except BaseException as error:
            files.raise_if_disk(error)
            return {"status": "failed", "failure": failure(error, stage)}
        self._keep(item, new, trial)
        return {"status": "ok"}

    def _keep(self, item: str, new: str, trial: Trial) -> None:
        """Write the new manifest: the new artifact, with the reference that it was first given."""
        digest, size = artifacts.measured(new)
        saved = dict(self.manifest.saved[item], sha256=digest, bytes=size, **trial.report())
        answers = os.path.join(self.manifest.folder, item + ".answers")
        if os.path.exists(answers):
            shutil.copyfile(answers, os.path.join(self.folder, item + ".answers"))
        manifest = os.path.join(self.folder, "manifest.jsonl")
        files.append(manifest, saved)
        files.append(manifest, self.manifest.references[item])
