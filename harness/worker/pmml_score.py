"""Asking a PMML document: what its fields answer of an estimator's methods, by either library."""

from __future__ import annotations

import importlib
import inspect
from typing import Any, Dict, List

INLIER = "predict(outlier)"  # 1 or -1, as scikit-learn's detectors of outliers say
CLUSTER = "cluster"
DECISION = "decisionFunction"

Rows = Dict[str, List[Any]]


def methods(targets: List[str], outputs: List[str]) -> Dict[str, List[List[str]]]:
    """The fields that each method's answer is made of: one list of columns for each target."""
    found: Dict[str, List[List[str]]] = {}
    if targets:
        found["predict"] = [targets]
    else:
        found["predict"] = [[name] for name in (INLIER, CLUSTER) if name in outputs][:1]
    shares = [name for name in outputs if name.startswith("probability(")]
    if len(targets) > 1:
        grouped = [[n for n in shares if n.startswith("probability(%s, " % t)] for t in targets]
        found["predict_proba"] = [group for group in grouped if group]
    elif shares:
        found["predict_proba"] = [shares]
    if DECISION in outputs:
        found["decision_function"] = [[DECISION]]
    return {method: fields for method, fields in found.items() if fields}


def columns(X: Any) -> Rows:
    """The rows as columns of Python's values, named as sklearn2pmml names them; None for NaN."""
    import numpy

    if hasattr(X, "tocsr"):
        raise TypeError("a PMML document has a field for each column: sparse rows do not fit")
    table = numpy.array(X, dtype=getattr(X, "dtype", object))
    table = table.reshape(len(table), -1)
    return {
        "x%d" % (place + 1): [None if value != value else value for value in column.tolist()]
        for place, column in enumerate(table.T)
    }


def array(values: List[Any]) -> Any:
    """Whole numbers, numbers (NaN where there is no answer) or texts as an array."""
    import numpy

    if all(isinstance(value, int) for value in values):
        return numpy.array(values, dtype="i8")
    if all(value is None or isinstance(value, (int, float)) for value in values):
        return numpy.array(values, dtype="f8")
    return numpy.array(values, dtype=object)


class Scorer:
    """A document with the methods that it answers, as attributes."""

    def __init__(self, targets: List[str], outputs: List[str]) -> None:
        self.names = methods(targets, outputs)
        for method, fields in self.names.items():
            setattr(self, method, self._asker(fields))

    def _asker(self, fields: List[List[str]]) -> Any:
        return lambda X: self._joined(self._answers(columns(X)), fields)

    def _answers(self, rows: Rows) -> Rows:
        """The values of every field for every row."""
        raise NotImplementedError

    def _joined(self, answers: Rows, fields: List[List[str]]) -> Any:
        import numpy

        parts = []
        for names in fields:
            given = [_found(answers, name) for name in names]
            if names == [CLUSTER]:  # a text, of the cluster's number
                given = [[int(value) for value in given[0]]]
            arrays = [array(values) for values in given]
            parts.append(arrays[0] if len(arrays) == 1 else numpy.column_stack(arrays))
        return parts[0] if len(parts) == 1 else parts

    def __repr__(self) -> str:
        return "Scorer(%s)" % ", ".join(self.names)


class Jpmml(Scorer):
    """Answers by jpmml_evaluator."""

    def __init__(self, evaluator: Any) -> None:
        self.evaluator = evaluator
        fields = evaluator.getTargetFields()
        targets = [field.getName() for field in fields if field.javaModelField.getName()]
        super().__init__(targets, [field.getName() for field in evaluator.getOutputFields()])

    def _answers(self, rows: Rows) -> Rows:
        frame = importlib.import_module("pandas").DataFrame(rows, dtype=object)
        ask = self.evaluator.evaluateAll
        alone = {"parallelism": 1} if "parallelism" in inspect.signature(ask).parameters else {}
        frame, errors = ask(frame, error_col=None, **alone)
        if errors is not None:
            raise RuntimeError(str(errors.dropna().iloc[0]))
        found = {}
        for name in frame.columns:
            column = frame[name].astype(object)
            found[str(name)] = column.where(column.notna(), None).tolist()
        return found


class Pypmml(Scorer):
    """Answers by pypmml, a row at a time."""

    def __init__(self, model: Any) -> None:
        self.model = model
        targets = [str(name) for name in model.targetNames]
        if targets:
            model.setSupplementOutput(True)  # the label as well, where there are probabilities
        super().__init__(targets, [str(name) for name in model.outputNames])

    def _answers(self, rows: Rows) -> Rows:
        wanted = [rows[str(name)] for name in self.model.inputNames]
        given = self.model.predict([list(row) for row in zip(*wanted)])
        names = [str(name) for name in self.model.outputNames]
        found = dict(zip(names, ([_plain(value) for value in column] for column in zip(*given))))
        for name, values in list(found.items()):
            found.setdefault(name.replace("predicted_", "", 1), values)
        return found


def _found(answers: Rows, name: str) -> List[Any]:
    if name not in answers:
        raise LookupError("the library gives no answer for the document's field %r" % name)
    return answers[name]


def _plain(value: Any) -> Any:
    """Python's own type for one of Java's."""
    for kind in (float, int):
        if isinstance(value, kind):
            return kind(value)
    return None if value is None else str(value)
