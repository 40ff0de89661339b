"""The cells of a matrix in the order of their ids' codes: sorted once, then split by model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from harness.records import OK_OUTCOMES, Outcome
from harness.report.columns import OUTCOMES, Columns

Array: TypeAlias = NDArray[Any]
NOTHING = len(OUTCOMES)
"""Where an outcome's code is asked for and there is no cell."""
OK = np.array([o in OK_OUTCOMES for o in OUTCOMES] + [False])
"""Whether an outcome is identical or close, by its code; what is unknown never is."""
RESULT = np.array([o.is_result for o in OUTCOMES] + [False])
NONE = -1.0
"""A size or a difference that there is not: NaN, which equals nothing, is no key of a table."""


def code(outcome: Outcome) -> int:
    """The code that the columns have for an outcome."""
    return OUTCOMES.index(outcome)


class Cells:
    """Columns of one length, sorted by model, format, producer and consumer.

    `outcome` and the four parts of an id are codes, `cause` is one into the part's `cause_names`,
    `detail` one into the columns' `details`. `bytes` and `difference` are `NONE` where there is
    none; a `difference` that is not finite is infinity.
    """

    def __init__(self, columns: Columns, causes: Sequence[int]) -> None:
        parts = [_raw(columns.codes[name]) for name in ("consumer", "producer", "format", "model")]
        order = np.lexsort(parts)
        self.consumer, self.producer, self.format, self.model = (part[order] for part in parts)
        names = ("outcome", "detail", "warned", "erred")
        self.outcome, self.detail, self.warned, self.erred = (
            _raw(columns.codes[name])[order] for name in names
        )
        self.cause = np.asarray(causes, dtype=np.uint32)[order]
        self.bytes = np.nan_to_num(columns.sizes()[order], nan=NONE)
        difference = np.frombuffer(columns.difference, dtype=np.float64)[order]
        self.difference = np.nan_to_num(difference, nan=NONE, posinf=np.inf)
        self.bounds = np.searchsorted(self.model, np.arange(len(columns.models) + 1))

    def __len__(self) -> int:
        return len(self.outcome)

    def of(self, model: int) -> slice:
        """Where the cells of a model stand."""
        return slice(int(self.bounds[model]), int(self.bounds[model + 1]))


def _raw(values: Any) -> Array:
    """An array's own codes, without a copy."""
    return np.frombuffer(values, dtype=f"u{values.itemsize}")


class Block:
    """The cells of one model as a dense array: format x producer x consumer.

    `formats` and `environments` are codes of those that it has any cell of; `at` is the place of
    each cell in the sorted columns, -1 where there is none, `outcome` its code or `NOTHING`.
    """

    def __init__(self, cells: Cells, model: int) -> None:
        own = cells.of(model)
        saved, loaded = cells.producer[own], cells.consumer[own]
        self.formats, fmt = np.unique(cells.format[own], return_inverse=True)
        self.environments = np.union1d(saved, loaded)
        self.producers, self.consumers = (
            np.searchsorted(self.environments, column) for column in (saved, loaded)
        )
        self.format = fmt
        shape = len(self.formats), len(self.environments), len(self.environments)
        self.at = np.full(shape, -1, dtype=np.int64)
        self.outcome = np.full(shape, NOTHING, dtype=np.uint8)
        here = fmt, self.producers, self.consumers
        self.at[here] = np.arange(own.start, own.stop)
        self.outcome[here] = cells.outcome[own]

    @property
    def ok(self) -> Array:
        """Which cells are known to answer as they should."""
        return OK[self.outcome]
