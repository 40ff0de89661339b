"""Parameters that reach into code in C, or decide how long an answer takes, by their names."""

from __future__ import annotations

from typing import Any, Callable, Dict

from . import classes
from .expect import require, whole

ARRAYS = ("V", "VI", "w")  # the keywords that may be arrays: those of metrics
WRITES = ("out", "overwrite_input", "n_jobs", "n_threads", "where")
METRIC = ("p",) + ARRAYS
STEPS = 1000000  # of an iteration


def keywords(value: Any) -> None:
    """Given to a function by name: plain values, and nothing that it would write into."""
    if value is None:
        return
    require(type(value) is dict, "keywords that are no dictionary")
    for key, given in value.items():
        require(type(key) is str and key not in WRITES, "a keyword %.40r" % (key,))
        plain = given is None or type(given) in (bool, int, float, str) or _listed(given)
        require(plain or key in ARRAYS, "the keyword %.40r is no plain value" % (key,))


def _listed(value: Any) -> bool:
    """Whether it is a scalar or dtype of NumPy, or a function or type of the list."""
    import numpy

    if isinstance(value, (numpy.generic, numpy.dtype)):
        return True
    return callable(value) and classes.constant_name(value) is not None


def of_metric(value: Any) -> None:
    """Keywords of a metric; others would be lengths that code in C relies on."""
    import numpy

    keywords(value)
    for key, given in (value or {}).items():
        require(key in METRIC, "the keyword %.40r of a metric" % (key,))
        if key in ARRAYS and given is not None:
            good = type(given) is numpy.ndarray and given.dtype.str == "<f8"
            require(good and given.flags.c_contiguous, "the keyword %s of a metric" % key)
            shape = given.shape[:1] * 2 if key == "VI" else given.shape[:1]
            require(given.ndim and given.shape == shape, "the keyword %s of a metric" % key)


def compares(value: Any) -> None:
    """A kernel or metric of the list of functions: some of NumPy would write into the rows."""
    name = classes.constant_name(value) if callable(value) else None
    known = name is None or name.startswith("sklearn.metrics.pairwise.")
    require(known, "%s compares no rows" % name)


def in_fit(value: Any) -> None:
    """Gradient boosting by histograms then takes what it is asked for bins."""
    require(False, "a model in the middle of being fitted")


def threads(value: Any) -> None:
    """Of code in C."""
    if value is not None:
        whole(value, "n_threads", 1, 64)


def steps(value: Any) -> None:
    """How often something is done over, at most."""
    if _number(value):
        require(value <= STEPS, "more than %d steps" % STEPS)


def samples(value: Any) -> None:
    """So many columns are made of each one."""
    whole(1 if value is None else value, "sample_steps", 1, 1000)


def tolerance(value: Any) -> None:
    """What is never reached is waited for as long as the steps last."""
    if _number(value):
        require(value >= 0, "a tolerance below zero")


def _number(value: Any) -> bool:
    import numpy

    return isinstance(value, (int, float, numpy.number))


def bisects(value: Any) -> None:
    """One of the two that `classes.ONLY_AS` allows here."""
    require(value is None or classes.constant_name(value) in classes.ONLY_AS, "no k-means")


def _each(check: Callable[[Any], None], names: str) -> Dict[str, Callable[[Any], None]]:
    return dict.fromkeys(names.split(), check)


BY_NAME: Dict[str, Callable[[Any], None]] = {}
for _check, _names in (
    (keywords, "kw_args inv_kw_args kernel_params pairwise_kernels_kwargs _kwargs"),
    (of_metric, "metric_params _metric_params effective_metric_params_"),
    (compares, "kernel metric affinity effective_metric_"),
    (in_fit, "_in_fit"),
    (threads, "n_threads"),
    (steps, "max_iter _max_iter transform_max_iter _transform_max_iter max_doc_update_iter"),
    (steps, "max_iter_predict fresh_restarts_max_iter max_trials n_iter"),
    (samples, "sample_steps"),
    (tolerance, "tol _tol mean_change_tol"),
    (bisects, "_kmeans_single"),
):
    BY_NAME.update(_each(_check, _names))
