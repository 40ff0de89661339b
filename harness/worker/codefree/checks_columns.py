"""What encoders and vectorizers rely on: they write sparse matrices at places they were told."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from .expect import array, between, columns, held, require, whole


def vocabulary(model: Any) -> None:
    """Every word has a column of its own among as many columns as there are words."""
    import numpy

    if "vocabulary_" not in vars(model):
        return
    words = model.vocabulary_
    require(type(words) is dict, "vocabulary_ is no dictionary")
    places = [whole(place, "the column of a word", 0, len(words) - 1) for place in words.values()]
    require(len(numpy.unique(places)) == len(words), "two words have one column")


def one_hot(model: Any) -> None:
    """Each category leads to a column within those that the encoder says it has."""
    if "_n_features_outs" not in vars(model):
        return
    categories = held(model, "categories_")
    require(type(categories) is list and len(categories) == columns(model), "no categories")
    for known in categories:
        sorted_once(known)
    counts = [len(known) for known in categories]
    grouped = _grouped(model, counts)
    widths = [width if new is None else int(new.max()) + 1 for width, new in zip(counts, grouped)]
    dropped = _dropped(model, widths)
    expected = [width - (gone is not None) for width, gone in zip(widths, dropped)]
    given = model._n_features_outs
    require(type(given) is list and given == expected, "other columns than its categories give")
    require(all(type(width) is int for width in given), "other columns than its categories give")


def sorted_once(known: Any) -> None:
    """Words and numbers are looked up by halving; nan, where there is one, comes last."""
    import numpy

    require(type(known) is numpy.ndarray and known.ndim == 1 and len(known), "no categories")
    if known.dtype == object:
        return  # looked up in a dictionary
    numbers = known[:-1] if known.dtype.kind == "f" and known[-1] != known[-1] else known
    require((numbers[1:] > numbers[:-1]).all(), "categories that are not in order")


def _grouped(model: Any, counts: List[int]) -> List[Optional[Any]]:
    """For each column, the new numbers of its categories, where rare ones are put together."""
    enabled = held(model, "_infrequent_enabled")
    require(type(enabled) is bool, "_infrequent_enabled is neither true nor false")
    if not enabled:
        return [None] * len(counts)
    rare = held(model, "_infrequent_indices")
    maps = held(model, "_default_to_infrequent_mappings")
    require(type(rare) is list and type(maps) is list, "no rare categories")
    require(len(rare) == len(maps) == len(counts), "no rare categories")
    for count, indices, new in zip(counts, rare, maps):
        require((indices is None) is (new is None), "rare categories without new numbers")
        if new is not None:
            array(indices, "rare categories", "<i8", [None])
            between(indices, "rare categories", 0, count)
            between(array(new, "new numbers", "<i8", [count]), "new numbers", 0, count)
    return list(maps)


def _dropped(model: Any, widths: List[int]) -> List[Optional[int]]:
    """For each column, the category that is left out."""
    import numpy

    dropped = held(model, "_drop_idx_after_grouping")
    if dropped is None:
        return [None] * len(widths)
    good = type(dropped) is numpy.ndarray and dropped.shape == (len(widths),)
    require(good, "the categories to drop are no array")
    found: Dict[int, Optional[int]] = {}
    for place, (gone, width) in enumerate(zip(dropped.tolist(), widths)):
        found[place] = None if gone is None else whole(gone, "a category to drop", 0, width - 1)
    return [found[place] for place in range(len(widths))]


def merged_features(model: Any) -> None:
    """Columns are counted up to the highest label."""
    if "labels_" in vars(model):
        labels = array(model.labels_, "labels_", "<i8", [None])
        between(labels, "labels_", 0, len(labels))


def powers(model: Any) -> None:
    """So much room is made for the columns that it gives, and all of it has to be filled."""
    if not {"_n_out_full", "n_output_features_", "_min_degree", "_max_degree"} & set(vars(model)):
        return
    degree = held(model, "degree")
    ends = (0, degree) if not isinstance(degree, (list, tuple)) else tuple(degree)
    low = whole(held(model, "_min_degree"), "_min_degree", 0, 255)
    high = whole(held(model, "_max_degree"), "_max_degree", low, 255)
    require(ends == (low, high), "other degrees than its parameter gives")
    given = {"n_features": columns(model), "max_degree": high}
    for name in ("interaction_only", "include_bias"):
        given[name] = held(model, name)
        require(type(given[name]) is bool, "%s is neither true nor false" % name)
    count = type(model)._num_combinations
    for name, least in (("n_output_features_", low), ("_n_out_full", 0)):
        wanted = int(count(min_degree=least, **given))
        whole(held(model, name), name, wanted, wanted)
