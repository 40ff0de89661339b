"""What an artifact says itself that it needs, and whether it was true."""

from __future__ import annotations

from typing import Dict

from .. import registry
from .lab import Fact, Lab, fact, unmeasured

NAMES = ("declared",)


def facts(lab: Lab) -> Dict[str, Fact]:
    """The format's own check of what its artifact declares, if it declares anything."""
    if not lab.subjects:
        return {"declared": unmeasured("no artifact to read")}
    subject = lab.subjects[0]
    data = registry.data(registry.MODELS[subject.model].data)
    found = lab.one(lambda: lab.format.declared(subject.path, data))
    if found.kind != "value":
        return {"declared": unmeasured("%s: %s" % (found.kind, found.value))}
    if found.value is None:
        return {"declared": unmeasured("nobody has looked for versions in the artifact")}
    if not found.value:
        return {"declared": fact("nothing", "the artifact names no versions that it needs")}
    wrong = {name: found.value.get(name) for name in ("missing", "needless", "mismatched")}
    said = ["%s: %s" % (name, ", ".join(map(str, what))) for name, what in wrong.items() if what]
    says = "; ".join(said) or "all true"
    return {"declared": fact("untrue" if said else "true", says, found.value)}
