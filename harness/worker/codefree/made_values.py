"""Taken apart and made again: random states, losses, splines, sparse matrices, distributions."""

from __future__ import annotations

import importlib
from typing import Any, Dict, List

from .expect import array, number, require, whole
from .limits import Cannot

Parts = Dict[str, Any]
DISTRIBUTIONS = "beta expon gamma geom loguniform lognorm norm poisson randint reciprocal uniform"
PARAMETERS = ("loc", "scale", "low", "high", "a", "b", "s", "mu", "p")


def make_loss(name: str, parts: List[Any]) -> Any:
    """A listed loss function of Cython, with the one number that it may have."""
    module, _, plain = name.rpartition(".")
    for part in parts:
        number(part, "the parameter of a loss")
    return vars(importlib.import_module(module))[plain](*parts)


def take_loss(value: Any, part: str) -> float:
    """The one number of a loss function of Cython."""
    return float(getattr(value, part) if hasattr(value, part) else value.__reduce__()[1][0])


def take_random(value: Any) -> Parts:
    """A RandomState: the Mersenne twister alone."""
    state = value.get_state(legacy=False)
    if state["bit_generator"] != "MT19937":
        raise Cannot("a RandomState that draws from %s" % state["bit_generator"])
    return {
        "key": state["state"]["key"],
        "pos": int(state["state"]["pos"]),
        "has_gauss": int(state["has_gauss"]),
        "gauss": float(state["gauss"]),
    }


def make_random(key: Any, pos: Any, has_gauss: Any, gauss: Any) -> Any:
    """A position beyond the key reads beyond it; a key of zeros gives zeros for ever."""
    import numpy

    array(key, "the key of a RandomState", "<u4", [624])
    require(key[1:].any(), "the key of a RandomState is nothing but zeros")
    whole(pos, "the position in the key", 0, 624)
    whole(has_gauss, "has_gauss", 0, 1)
    number(gauss, "gauss")
    state = numpy.random.RandomState(0)
    state.set_state(("MT19937", key, pos, has_gauss, gauss))
    return state


def take_generator(value: Any) -> Parts:
    """A Generator: PCG64 alone, with the seeds that it would spawn others from."""
    state = value.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise Cannot("a Generator that draws from %s" % state["bit_generator"])
    seeds = value.bit_generator.seed_seq
    one = hasattr(seeds.entropy, "__index__")
    return {
        "state": state["state"]["state"],
        "inc": state["state"]["inc"],
        "has_uint32": int(state["has_uint32"]),
        "uinteger": int(state["uinteger"]),
        "entropy": int(seeds.entropy) if one else [int(part) for part in seeds.entropy],
        "spawned": [int(key) for key in seeds.spawn_key] + [int(seeds.n_children_spawned)],
    }


def make_generator(
    state: Any, inc: Any, has_uint32: Any, uinteger: Any, entropy: Any, spawned: Any
) -> Any:
    """An even increment could make PCG64 stand still, and whoever draws from it wait for ever."""
    import numpy

    require(isinstance(spawned, list) and 1 <= len(spawned) <= 64, "no seeds of a Generator")
    parts = entropy if isinstance(entropy, list) else [entropy]
    require(len(parts) <= 64, "no seeds of a Generator")
    for part in [state, inc] + parts:
        whole(part, "the state of a Generator", 0, (1 << 128) - 1)
    for part in spawned + [uinteger]:
        whole(part, "the state of a Generator", 0, (1 << 32) - 1)
    require(inc % 2 == 1, "the increment of PCG64 is even")
    seeds = numpy.random.SeedSequence(
        entropy, spawn_key=spawned[:-1], n_children_spawned=spawned[-1]
    )
    bits = numpy.random.PCG64(seeds)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": inc},
        "has_uint32": whole(has_uint32, "has_uint32", 0, 1),
        "uinteger": uinteger,
    }
    return numpy.random.Generator(bits)


def take_spline(value: Any) -> Parts:
    """A BSpline."""
    return {
        "t": value.t,
        "c": value.c,
        "k": int(value.k),
        "extrapolate": value.extrapolate,
        "axis": int(value.axis),
    }


def make_spline(t: Any, c: Any, k: Any, extrapolate: Any, axis: Any) -> Any:
    """SciPy's constructor checks knots against coefficients; its evaluation in C does not."""
    from scipy.interpolate import BSpline

    array(t, "the knots of a spline", "<f8", [None])
    array(
        c, "the coefficients of a spline", "<f8", [None] * (2 if getattr(c, "ndim", 1) > 1 else 1)
    )
    whole(k, "the degree of a spline", 0, 64)
    whole(axis, "the axis of a spline", 0, 0)
    known = type(extrapolate) is bool or extrapolate == "periodic"
    require(known, "no way to extrapolate a spline")
    return BSpline(t, c, k, extrapolate=extrapolate, axis=axis)


def take_sparse(value: Any) -> Parts:
    """A matrix of compressed rows or columns."""
    return {
        "data": value.data,
        "indices": value.indices,
        "indptr": value.indptr,
        "shape": [int(length) for length in value.shape],
    }


def make_sparse(plain: str, data: Any, indices: Any, indptr: Any, shape: Any) -> Any:
    """Every index is checked: what multiplies such a matrix trusts them."""
    import scipy.sparse

    require(isinstance(shape, list) and len(shape) == 2, "no shape of a sparse matrix")
    sizes = [whole(length, "the shape of a sparse matrix", 0, 1 << 27) for length in shape]
    major, minor = sizes if plain.startswith("csr") else sizes[::-1]
    wide = "<i8" if getattr(indices, "itemsize", 0) == 8 else "<i4"
    array(indices, "the indices of a sparse matrix", wide, [None])
    array(indptr, "the rows of a sparse matrix", wide, [major + 1])
    require(getattr(data, "ndim", 0) == 1 and data.shape == indices.shape, "no data of a matrix")
    require(data.dtype.kind in "biuf", "no data of a matrix")
    require(indptr[0] == 0 and indptr[-1] == len(indices), "no rows of a sparse matrix")
    require((indptr[1:] >= indptr[:-1]).all(), "no rows of a sparse matrix")
    inside = len(indices) == 0 or (indices.min() >= 0 and indices.max() < minor)
    require(inside, "a sparse matrix has indices beyond its shape")
    made = getattr(scipy.sparse, plain)((data, indices, indptr), shape=tuple(sizes))
    made.check_format(full_check=True)
    made.data = data.copy()  # nothing else may write into what was checked
    made.indices, made.indptr = indices.copy(), indptr.copy()  # as wide as they were
    return made


def take_frozen(value: Any) -> Parts:
    """A distribution of scipy.stats with its parameters."""
    import numpy

    own = value.dist._random_state
    if type(own) is not numpy.random.RandomState:
        raise Cannot("a distribution that draws from %s" % type(own).__name__)
    return {
        "name": value.dist.name,
        "args": list(value.args),
        "kwds": dict(value.kwds),
        "random": None if own is numpy.random.mtrand._rand else take_random(own),
    }


def make_frozen(name: Any, args: Any, kwds: Any, random: Any) -> Any:
    """One of the listed distributions of scipy.stats."""
    import scipy.stats

    require(type(name) is str and name in DISTRIBUTIONS.split(), "no listed distribution")
    require(isinstance(args, list) and isinstance(kwds, dict), "no parameters of a distribution")
    require(all(key in PARAMETERS for key in kwds), "no parameters of a distribution")
    for value in args + list(kwds.values()):
        number(value, "the parameter of a distribution")
    made = getattr(scipy.stats, name)(*args, **kwds)
    if random is not None:
        require(isinstance(random, dict), "no random state of a distribution")
        made.random_state = make_random(**random)
    return made


def is_histogram_check(value: Any) -> bool:
    """Whether it is the one partial function that scikit-learn itself puts into a model."""
    import functools

    import numpy
    from sklearn.utils.validation import check_array

    if type(value) is not functools.partial or value.func is not check_array or value.args:
        return False
    return value.keywords == {"dtype": [numpy.float64], _all_finite(): False}


def histogram_check() -> Any:
    """That function: what gradient boosting by histograms does to columns of numbers."""
    import functools

    import numpy
    from sklearn.utils.validation import check_array

    return functools.partial(check_array, **{"dtype": [numpy.float64], _all_finite(): False})


def _all_finite() -> str:
    """What this release calls the check for nan and infinity."""
    import inspect

    from sklearn.utils.validation import check_array

    known = "ensure_all_finite" in inspect.signature(check_array).parameters
    return "ensure_all_finite" if known else "force_all_finite"
