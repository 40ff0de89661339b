"""Models that are there to be measured: their size, and that they are the same bits everywhere."""

from __future__ import annotations

import hashlib
import pickle
import re
import zlib
from typing import Any

import pytest

from harness.worker import answers, registry

numpy = pytest.importorskip("numpy")
pytest.importorskip("sklearn")

from harness.worker.models import sizes  # noqa: E402

GROWING = [f"sized.linear-{size}" for size in sizes.GROWTH]
LIGHT = [id for id in GROWING if not id.endswith("00m")]
UNITS = {"k": 1000, "m": 1000000}


def made(id: str) -> Any:
    model = registry.MODELS[id]
    table = registry.data(model.data)
    estimator = model.build()
    return estimator.fit(table.X) if table.y is None else estimator.fit(table.X, table.y)


def test_numbers_are_the_same_bits_on_every_machine() -> None:
    text = sizes.hashed(200_000, 7).astype("<f8").tobytes()
    assert hashlib.sha256(text).hexdigest()[:16] == "1ee18e0ec8908fa2"
    assert (sizes.hashed(200_000, 7)[:5] == sizes.hashed(5, 7)).all()


def test_numbers_differ_by_salt_and_fill_their_range_evenly() -> None:
    found = sizes.hashed(100_000, 1)
    assert len(set(found.tolist())) == 100_000
    assert not set(found[:1000].tolist()) & set(sizes.hashed(1000, 2).tolist())
    assert -0.5 <= found.min() < -0.4999 and 0.4999 < found.max() < 0.5
    counts, _ = numpy.histogram(found, bins=20, range=(-0.5, 0.5))
    assert counts.min() > 4700 and counts.max() < 5300


def test_no_word_of_the_texts_comes_twice() -> None:
    table = registry.data("sized.texts")
    words = [word for text in table.X for word in text.split()]
    assert len(words) == len(set(words)) == sizes.TERMS
    assert all(set(text.split()) <= set(words) for text in table.ask)


@pytest.mark.parametrize("id", GROWING)
def test_a_growing_model_has_the_coefficients_that_its_name_says(id: str) -> None:
    size, unit = re.fullmatch(r"sized\.linear-(\d+)([km])", id).groups()
    columns, targets = sizes.GROWTH[size + unit]
    assert 8 * columns * targets == int(size) * UNITS[unit]


@pytest.mark.parametrize("id", LIGHT)
def test_it_is_pickled_to_that_size_and_its_weights_do_not_compress(id: str) -> None:
    model = made(id)
    content = pickle.dumps(model, 5)
    assert 0 <= len(content) - model.coef_.nbytes < 1000 + 0.6 * model.coef_.nbytes
    assert len(zlib.compress(model.coef_.tobytes())) > 0.85 * model.coef_.nbytes


@pytest.mark.parametrize("id", ["sized.mlp-10m", "sized.logistic-1m", *LIGHT])
def test_a_grown_model_answers_about_its_rows_and_twice_the_same(id: str) -> None:
    ask = registry.data(registry.MODELS[id].data).ask
    one, other = made(id), made(id)
    assert answers.encode(one.predict(ask)).sha256 == answers.encode(other.predict(ask)).sha256
    assert len(one.predict(ask)) == ask.shape[0]
    assert pickle.dumps(one, 5) == pickle.dumps(other, 5)


def test_the_network_has_ten_megabytes_of_weights_and_nothing_of_training() -> None:
    model = made("sized.mlp-10m")
    assert 10.0e6 < sum(weights.nbytes for weights in model.coefs_) < 10.1e6
    assert len(pickle.dumps(model, 5)) < 10.1e6
    assert model.hidden_layer_sizes == (sizes.HIDDEN, sizes.HIDDEN)


def test_large_models_that_are_fitted_are_only_described_here() -> None:
    """Fitting them takes seconds; the benchmarks do."""
    fitted = {"forest-500": "n_estimators", "boosted-300": "max_iter"}
    for name, parameter in fitted.items():
        value = registry.MODELS["sized." + name].build().get_params()[parameter]
        assert str(value) == name.rpartition("-")[2]
