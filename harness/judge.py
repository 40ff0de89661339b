"""What a worker said of an item -> the outcome of a cell. Pure but for reading answers' bytes.

The rules, in words:

- An answer with the reference's digest is identical; any other is compared by its bytes.
- A cell's outcome is the worst of its methods' verdicts and its errors, in order of severity.
- A format that gives the estimator back must also answer as the model did before it was saved:
  where it does not, its control has failed. For a format that converts, that is its fidelity.
- A cell whose control is neither identical nor close is `invalid`, whatever was observed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from harness import compare, protocol
from harness.protocol import Done, Manifest
from harness.records import (
    IDENTICAL,
    OK_OUTCOMES,
    Cell,
    CellId,
    Comparison,
    Failure,
    Format,
    Json,
    Matrix,
    Model,
    Outcome,
    Tolerance,
    Verdict,
)

AS_OUTCOME = {verdict: Outcome(verdict.value) for verdict in Verdict}
FAILED_BEFORE = {"crash": Outcome.CRASH, "timeout": Outcome.TIMEOUT, "failed": Outcome.DUMP_ERROR}


@dataclass(frozen=True)
class Terms:
    """What cells are judged by: the matrix's name and its models and formats by id."""

    matrix: str
    models: Mapping[str, Model]
    formats: Mapping[str, Format]

    @classmethod
    def of(cls, matrix: Matrix) -> Terms:
        """The terms of a matrix."""
        models = {model.id: model for model in matrix.models}
        return cls(matrix.name, models, {format.id: format for format in matrix.formats})

    def tolerance(self, cell: CellId) -> Tolerance:
        """The widest of what the model and the format declare, or the default."""
        declared = (self.models[cell.model].tolerance, self.formats[cell.format].tolerance)
        return max(
            (tolerance for tolerance in declared if tolerance),
            key=lambda tolerance: tolerance.rtol,
            default=compare.DEFAULT,
        )


def not_produced(cell: CellId, done: Done, terms: Terms) -> Cell:
    """The cell of a case that never became an artifact."""
    if done.status == "unsupported":
        return Cell(cell, terms.matrix, Outcome.UNSUPPORTED, reason=done.reason, ms=done.ms)
    if done.status == "absent":
        return notrun(cell, terms, done.reason or "")
    outcome = FAILED_BEFORE[done.status]
    return Cell(cell, terms.matrix, outcome, error=done.failure, warnings=done.warnings, ms=done.ms)


def notrun(cell: CellId, terms: Terms, reason: str) -> Cell:
    """A cell of which nothing is known, and why."""
    return Cell(cell, terms.matrix, Outcome.NOTRUN, reason=reason, runs=0)


def consumed(cell: CellId, done: Done, manifest: Manifest, answers: Path, terms: Terms) -> Cell:
    """The cell as its consumer answered it, before its control has been looked at."""
    saved = manifest.saved[cell.case]
    if done.status == "absent":
        return notrun(cell, terms, done.reason or "")
    base = Cell(
        cell,
        terms.matrix,
        Outcome.IDENTICAL,
        artifact={"sha256": saved.sha256, "bytes": saved.bytes},
        warnings=[*(saved.warnings if cell.is_control else ()), *done.warnings],
        ms={**saved.ms, **done.ms},
    )
    if done.status != "ok":
        outcome = _failed(done)
        return replace(base, outcome=outcome, error=done.failure)
    methods = dict.fromkeys(done.equal, IDENTICAL)
    tolerance = terms.tolerance(cell)
    entries = manifest.reference(cell.case).answers if done.answers else {}
    for name, entry in done.answers.items():
        reference = manifest.answer(cell.case, entries[name])
        methods[name] = compare.compare(reference, protocol.stored(answers, entry), tolerance)
    return _judged(base, methods, done, tolerance)


def _failed(done: Done) -> Outcome:
    if done.status in ("crash", "timeout"):
        return FAILED_BEFORE[done.status]
    return Outcome.LOAD_ERROR


def _judged(
    base: Cell, methods: Mapping[str, Comparison], done: Done, tolerance: Tolerance
) -> Cell:
    if not methods and not done.lost:
        nothing = "none of its methods gave an answer that can be compared"
        return replace(base, outcome=Outcome.INVALID, reason=nothing)
    outcomes = [AS_OUTCOME[found.verdict] for found in methods.values()]
    outcomes += [Outcome.USE_ERROR] if done.lost else []
    outcome = max(outcomes, key=lambda o: o.severity)
    reason = tolerance.reason if outcome is Outcome.CLOSE else None
    error: Failure | None = done.lost[0] if done.lost else None
    return replace(base, outcome=outcome, methods=methods, error=error, reason=reason)


def fidelity(cell: CellId, manifest: Manifest, terms: Terms) -> Json:
    """How the reloaded model's answers compare with the fitted model's, in the producer itself."""
    if not manifest.has_reference(cell.case):
        return None
    reference = manifest.reference(cell.case)
    if not reference.compared:
        return None
    tolerance = terms.tolerance(cell)
    converts = terms.formats[cell.format].converts
    found = {}
    for name, entry in reference.fitted.items():
        pair = [manifest.answer(cell.case, e) for e in (entry, reference.answers[name])]
        before, after = compare.plain(*pair) if converts else pair
        found[name] = compare.compare(before, after, tolerance)
    overall = compare.worst(list(found.values()))
    differing = [name for name, c in found.items() if c.verdict == overall.verdict]
    return {
        "verdict": overall.verdict.value,
        "max_abs_diff": overall.max_abs_diff,
        "method": differing[0] if differing and overall.verdict != Verdict.IDENTICAL else None,
    }


def control(cell: Cell, found: Json, terms: Terms) -> Cell:
    """A control with its fidelity: a faithful format must not change the answers by saving."""
    cell = replace(cell, fidelity=found)
    if found is None or terms.formats[cell.id.format].converts:
        return cell
    saved_as = AS_OUTCOME[Verdict(found["verdict"])]
    if saved_as in OK_OUTCOMES or saved_as.severity <= cell.outcome.severity:
        return cell
    reason = f"saving changed it: reloaded at once, {found['method']} answers otherwise"
    return replace(cell, outcome=saved_as, reason=reason)


def unexplained(cell: Cell, refused: Done) -> Cell:
    """A control that could be loaded, of an artifact that its producer could not ask.

    Where no method answered, that is what is wrong with it. Where reloading failed in the process
    that had saved it, and now did not, nothing can be said.
    """
    error = refused.failure
    if error is not None and error.stage != "reload" and refused.status == "failed":
        return replace(cell, outcome=Outcome.USE_ERROR, error=error, reason=None)
    reason = "asking it failed where it was saved, and it could be loaded in a fresh process"
    return replace(cell, outcome=Outcome.INVALID, error=error, reason=reason)


def slim(control: Cell) -> Cell:
    """What others need of a control: a run keeps one for each artifact."""
    return replace(control, methods={}, warnings=(), ms={}, artifact=None)


def under(cell: Cell, control: Cell | None) -> Cell:
    """The cell in the light of its control: `invalid` unless that came out right.

    A matrix may exclude controls; such a cell stands as it is, without fidelity.
    """
    if control is None:
        return cell
    if control.outcome in OK_OUTCOMES:
        return replace(cell, fidelity=control.fidelity)
    return invalid(cell, control)


def invalid(cell: Cell, control: Cell) -> Cell:
    """A cell that says nothing, since loading fails or varies where the model was saved."""
    if control.outcome is Outcome.NOTRUN:
        reason = f"its control did not run: {control.reason}"
        return replace(cell, outcome=Outcome.NOTRUN, reason=reason)
    what = control.error.message.splitlines()[0] if control.error and control.error.message else ""
    reason = f"its control is {control.outcome}" + (f": {what}" if what else "")
    observed = cell.outcome if cell.runs else None
    return replace(cell, outcome=Outcome.INVALID, reason=reason, observed=observed)


def needs_confirmation(cell: Cell) -> bool:
    """Whether a second run must agree: everything that is not plainly equal and can be repeated."""
    return cell.outcome not in (Outcome.IDENTICAL, Outcome.NOTRUN, Outcome.INVALID)


def is_grave(cell: Cell) -> bool:
    """Whether the second run deserves a process of its own, free of what others left behind."""
    return cell.outcome in (Outcome.DRIFT, Outcome.CHANGED, Outcome.CRASH, Outcome.TIMEOUT)


def agree(a: Cell, b: Cell) -> bool:
    """Whether two runs of a cell say the same: outcome, error and each method's verdict."""
    return (
        a.outcome == b.outcome
        and (a.error and (a.error.type, a.error.stage))
        == (b.error and (b.error.type, b.error.stage))
        and {n: c.verdict for n, c in a.methods.items()}
        == {n: c.verdict for n, c in b.methods.items()}
    )


def settle(runs: list[Cell]) -> Cell | None:
    """What the runs of a cell so far come to; None where one more is needed.

    Two runs that agree are believed, and of three the last two, which had processes of their own.
    """
    if len(runs) == 1:
        return None if needs_confirmation(runs[0]) else runs[0]
    if agree(runs[-1], runs[-2]):
        note = runs[-1].reason
        if len(runs) > 2:
            note = f"alone in a process; among others it was {runs[0].outcome}"
        return replace(runs[-1], runs=len(runs), reason=note)
    if len(runs) < 3:
        return None
    seen = ", ".join(str(run.outcome) for run in runs)
    reason = f"not confirmed: its runs came out {seen}"
    last = replace(runs[-1], runs=len(runs), reason=reason, observed=runs[-1].outcome)
    return replace(last, outcome=Outcome.INVALID)
