"""What a model is asked, and its answers as raw bytes that any numpy can compare.

An answer's *spec* describes its bytes, in order, without their values:

    {"k": "array", "dtype": "<f8", "shape": [3, 2], "n": 48}
    {"k": "sparse", "shape": [3, 9], "parts": [data, indices, indptr]}     canonical CSR
    {"k": "list", "parts": [...]}            several outputs, staged answers, (distances, indices)
    {"k": "objects", "shape": [3], "n": 21}  UTF-8 JSON; floats keep every bit
    {"k": "opaque", "type": "..."}           nothing that can be compared: never a reference

Its digest is the SHA-256 of the spec as compact JSON with sorted keys, then the bytes.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any, Callable, Dict, List, NamedTuple, Sequence, Tuple

from . import registry

WITH_X = (
    "predict predict_proba predict_log_proba decision_function transform score_samples apply"
    " decision_path kneighbors kneighbors_graph radius_neighbors mahalanobis bic aic perplexity"
    " staged_predict staged_predict_proba staged_decision_function scores error_norm"
).split()
SPARSE_TOO = ("predict", "predict_proba", "decision_function", "transform")
WITHOUT_X = ("get_feature_names_out", "get_support", "get_covariance", "get_precision")
NAMES = "get_feature_names_out"  # says nothing about rows; scikit-learn 1.0 to 1.2 brought it
FITTED = ("labels_", "embedding_")  # all that some clusterings and embeddings ever give

Ask = Callable[[Any], Any]


class Answer(NamedTuple):
    """An answer in bytes, with its description and digest."""

    spec: Dict[str, Any]
    data: bytes
    sha256: str


def about(model: registry.Model) -> Dict[str, Ask]:
    """The questions that `model` is asked: its own, or those about its data set."""
    return dict(model.asks) if model.asks else _about(model.data)


@lru_cache(maxsize=None)
def _about(name: str) -> Dict[str, Ask]:
    """The questions about the data set `name`, made once in a process."""
    return questions(registry.data(name))


def questions(data: Any) -> Dict[str, Ask]:
    """Every question that may be asked about `data`, by the name it has in results.

    The part of the name before a `/` is the attribute that a model needs to be asked; whether it
    can answer is seen by asking.
    """
    asked: Dict[str, Ask] = {name: _asker(name, data.ask) for name in WITH_X}
    asked["radius_neighbors"] = _within_radius(data.ask)
    asked["predict/std"] = lambda model: model.predict(own(data.ask), return_std=True)
    asked["inverse_transform"] = _round_trip(data.ask)
    asked["score"] = _scorer(data)
    asked.update((name, _caller(name)) for name in WITHOUT_X)
    asked.update((name, _getter(name)) for name in FITTED)
    sparse = _as_sparse(data.ask)
    if sparse is not None:
        asked.update((name + "/sparse", _asker(name, sparse)) for name in SPARSE_TOO)
    return asked


def plain(name: str, methods: Sequence[str]) -> Dict[str, Ask]:
    """Only these methods about the data set `name`, its rows as they are: no library is needed."""
    ask = registry.data(name).ask
    return {method: _asker(method, ask) for method in methods}


def answerable(model: Any, asked: Dict[str, Ask]) -> List[str]:
    """Names of the questions that `model` has an attribute for."""
    return [name for name in asked if _has(model, name.partition("/")[0])]


def is_of_later_release(name: str, error: BaseException) -> bool:
    """Whether a question failed because this release has no such method, in whatever part.

    That is no failure of a model that was saved where there is one: a model of this release that
    was never saved has none either. Only the names of the columns are excused so; who cannot
    predict any more has failed.
    """
    return name == NAMES and isinstance(error, AttributeError) and NAMES in str(error)


def _has(model: Any, name: str) -> bool:
    """`hasattr`, where a property may raise anything."""
    try:
        return hasattr(model, name)
    except Exception:
        return False


def _asker(name: str, X: Any) -> Callable[[Any], Any]:
    return lambda model: getattr(model, name)(own(X))


def _caller(name: str) -> Callable[[Any], Any]:
    return lambda model: getattr(model, name)()


def _getter(name: str) -> Callable[[Any], Any]:
    return lambda model: getattr(model, name)


def _round_trip(X: Any) -> Callable[[Any], Any]:
    return lambda model: model.inverse_transform(model.transform(own(X)))


def _within_radius(X: Any) -> Callable[[Any], Any]:
    """A set for each row, in the order of its indices: scikit-learn promises none."""

    def ask(model: Any) -> Any:
        distances, indices = model.radius_neighbors(own(X))
        orders = [row.argsort() for row in indices]
        return [_rows(distances, orders), _rows(indices, orders)]

    return ask


def _rows(rows: Any, orders: Any) -> Any:
    """`rows`, an array of arrays, each put in its order."""
    import numpy as np

    found = np.empty(len(rows), dtype=object)
    for place, (row, order) in enumerate(zip(rows, orders)):
        found[place] = row[order]
    return found


def _scorer(data: Any) -> Callable[[Any], Any]:
    if data.ask_y is None:
        return lambda model: model.score(own(data.ask))
    return lambda model: model.score(own(data.ask), own(data.ask_y))


def own(X: Any) -> Any:
    """A copy, so that a model that works in place cannot spoil the next question."""
    return X.copy() if hasattr(X, "copy") else X


def _as_sparse(X: Any) -> Any:
    """CSR form of dense numeric rows without missing values; None for anything else."""
    if hasattr(X, "tocsr"):
        return None
    if getattr(X, "ndim", 0) != 2 or X.dtype.kind not in "fiu" or (X != X).any():
        return None
    from scipy.sparse import csr_matrix

    return csr_matrix(X)


class Incomparable(Exception):
    """An answer, or an element of it, of a type that has no bytes to compare."""


def opaque(error: Incomparable) -> Answer:
    """What stands for an answer that cannot be compared, beside a reference that can."""
    return Answer({"k": "opaque", "type": str(error)}, b"", "")


def encode(answer: Any) -> Answer:
    """`answer` as bytes. Raises Incomparable for what has none."""
    chunks: List[bytes] = []
    spec = _spec(answer, chunks)
    data = b"".join(chunks)
    digest = hashlib.sha256(json.dumps(spec, sort_keys=True, separators=(",", ":")).encode())
    digest.update(data)
    return Answer(spec, data, digest.hexdigest())


def _spec(answer: Any, chunks: List[bytes]) -> Dict[str, Any]:
    import numpy

    if hasattr(answer, "tocsr"):
        return _sparse(answer, chunks)
    if isinstance(answer, (list, tuple)) or hasattr(answer, "__next__"):
        parts = list(answer)
        if not parts or any(hasattr(part, "shape") for part in parts):
            return {"k": "list", "parts": [_spec(part, chunks) for part in parts]}
        answer = numpy.asarray(parts, dtype=object)
    if isinstance(answer, (bool, int, float, complex, numpy.generic)):
        answer = numpy.asarray(answer)
    if not isinstance(answer, numpy.ndarray):
        if isinstance(answer, (str, bytes, dict, set, frozenset, type(None))):
            return _objects((), [answer], chunks)
        raise Incomparable(type(answer).__name__)
    if answer.dtype.hasobject or answer.dtype.names:
        return _objects(answer.shape, answer.ravel().tolist(), chunks)
    return _array(answer, chunks)


def _array(answer: Any, chunks: List[bytes]) -> Dict[str, Any]:
    little = answer.astype(answer.dtype.newbyteorder("<"), copy=False)
    data = little.tobytes()
    chunks.append(data)
    return {"k": "array", "dtype": little.dtype.str, "shape": list(answer.shape), "n": len(data)}


def _sparse(answer: Any, chunks: List[bytes]) -> Dict[str, Any]:
    """Canonical: the width of the indices and stored zeros are no part of an answer."""
    import numpy

    matrix = answer.tocsr().copy()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    arrays = (matrix.data, matrix.indices.astype(numpy.int64), matrix.indptr.astype(numpy.int64))
    parts = [_array(array, chunks) for array in arrays]
    return {"k": "sparse", "shape": list(matrix.shape), "parts": parts}


def _objects(shape: Tuple[int, ...], values: List[Any], chunks: List[bytes]) -> Dict[str, Any]:
    data = json.dumps([_plain(value) for value in values], separators=(",", ":")).encode()
    chunks.append(data)
    return {"k": "objects", "shape": list(shape), "n": len(data)}


def _plain(value: Any) -> Any:
    """JSON for an element of an object array; what JSON lacks is tagged by its type."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, float):
        finite = value == value and abs(value) != float("inf")
        return value if finite else {"float": float.__repr__(value)}  # numpy 2 has another repr
    if isinstance(value, int):
        return value
    if isinstance(value, complex):
        return {"complex": [_plain(value.real), _plain(value.imag)]}
    if hasattr(value, "tolist"):
        return {"array": str(value.dtype), "values": _plain(value.tolist())}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return {"set": sorted((_plain(item) for item in value), key=repr)}
    if isinstance(value, dict):
        return {"dict": sorted(([_plain(k), _plain(v)] for k, v in value.items()), key=repr)}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    raise Incomparable(type(value).__name__)
