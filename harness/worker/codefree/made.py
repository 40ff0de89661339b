"""What is written in C or has no plain attributes: taken apart into parts, and made of them again.

Each kind has a function that takes an object apart into numbers, strings and arrays, and one that
makes an object of such parts after checking them. `__setstate__` is used where nothing else can
fill the object, with a state that was checked here. Trees of neighbours are not trusted at all:
they are built again from the data that they hold, which gives the same tree.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple

from . import made_trees, made_values
from .limits import Refused

Parts = Dict[str, Any]


ALIASES = {  # where a class says in older releases that it is from
    "_loss": "sklearn._loss._loss",
    "scipy.sparse.csr": "scipy.sparse._csr",
    "scipy.sparse.csc": "scipy.sparse._csc",
}


class Kind(NamedTuple):
    """The parts of a class, and how its objects are taken apart and made."""

    parts: str
    take: Callable[[Any], Parts]
    make: Callable[..., Any]


def _loss(name: str, part: str) -> Kind:
    """A loss function in Cython: a class without state, or with one number."""
    return Kind(
        part,
        lambda value: {part: made_values.take_loss(value, part)} if part else {},
        lambda **parts: made_values.make_loss(name, list(parts.values())),
    )


def _sparse(plain: str) -> Kind:
    return Kind(
        "data indices indptr shape",
        made_values.take_sparse,
        lambda **parts: made_values.make_sparse(plain, **parts),
    )


def _neighbours(plain: str) -> Kind:
    return Kind(
        "data leaf_size weights metric p vec mat",
        made_trees.take_neighbours,
        lambda **parts: made_trees.make_neighbours(plain, **parts),
    )


_FROZEN = Kind("name args kwds random", made_values.take_frozen, made_values.make_frozen)
KINDS: Dict[str, Kind] = {
    "numpy.random.mtrand.RandomState": Kind(
        "key pos has_gauss gauss", made_values.take_random, made_values.make_random
    ),
    "numpy.random._generator.Generator": Kind(
        "state inc has_uint32 uinteger entropy spawned",
        made_values.take_generator,
        made_values.make_generator,
    ),
    "scipy.interpolate._bsplines.BSpline": Kind(
        "t c k extrapolate axis", made_values.take_spline, made_values.make_spline
    ),
    "scipy.stats._distn_infrastructure.rv_discrete_frozen": _FROZEN,
    "scipy.stats._distn_infrastructure.rv_continuous_frozen": _FROZEN,
    "scipy.sparse._csr.csr_matrix": _sparse("csr_matrix"),
    "scipy.sparse._csr.csr_array": _sparse("csr_array"),
    "scipy.sparse._csc.csc_matrix": _sparse("csc_matrix"),
    "scipy.sparse._csc.csc_array": _sparse("csc_array"),
    "sklearn.tree._tree.Tree": Kind(
        "n_features n_classes max_depth nodes values", made_trees.take_tree, made_trees.make_tree
    ),
    "sklearn.neighbors._kd_tree.KDTree": _neighbours("KDTree"),
    "sklearn.neighbors._ball_tree.BallTree": _neighbours("BallTree"),
}
_LOSSES = {
    "": "CyAbsoluteError CyExponentialLoss CyHalfBinomialLoss CyHalfGammaLoss CyHalfMultinomialLoss"
    " CyHalfPoissonLoss CyHalfSquaredError",
    "power": "CyHalfTweedieLoss CyHalfTweedieLossIdentity",
    "quantile": "CyPinballLoss",
    "delta": "CyHuberLoss",
}
for _part, _names in _LOSSES.items():
    for _name in _names.split():
        _whole = "sklearn._loss._loss." + _name
        KINDS[_whole] = _loss(_whole, _part)
for _name, _part in (
    ("Log", ""),
    ("SquaredLoss", ""),
    ("Huber", "c"),
    ("Hinge", "threshold"),
    ("SquaredHinge", "threshold"),
    ("ModifiedHuber", ""),
    ("EpsilonInsensitive", "epsilon"),
    ("SquaredEpsilonInsensitive", "epsilon"),
):
    _whole = "sklearn.linear_model._sgd_fast." + _name
    KINDS[_whole] = _loss(_whole, _part)


def name(value: Any) -> str:
    """The name of the kind of `value`; "" where it is of none."""
    module = type(value).__module__
    whole = "%s.%s" % (ALIASES.get(module, module), type(value).__qualname__)
    return whole if whole in KINDS else ""


def take(value: Any) -> Parts:
    """The parts of a `value` of a known kind. Raises Cannot."""
    return KINDS[name(value)].take(value)


def make(name: Any, parts: Parts) -> Any:
    """An object of that kind. Raises Refused, and what the libraries raise for wrong parts."""
    if type(name) is not str or name not in KINDS:
        raise Refused("%.100r is not on the list" % (name,))
    expected: List[str] = KINDS[name].parts.split()
    if list(parts) != expected:
        raise Refused("%s has other parts than %s" % (name, expected))
    return KINDS[name].make(**parts)
