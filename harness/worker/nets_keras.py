"""What makes an estimator of a Keras model, and the layers and functions of the author's own.

This is the author's code, as it stands beside any saved network: files name what is registered
here, and whoever loads them needs this module. It imports keras, so the registry does not import
it; recipes, formats and pickles do, by name.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Dict, List

from . import nets_settings

nets_settings.apply()

import keras  # noqa: E402 - the variables come first
import numpy as np  # noqa: E402

if not hasattr(keras, "ops"):  # before Keras 3 the public names were those within TensorFlow
    from tensorflow import keras

EPOCHS = 40
RATE = 0.01
BATCH = 64  # rows are asked together: how they are grouped may change how sums are rounded


def _operations() -> Any:
    """`keras.ops`; before Keras 3 there was TensorFlow alone, with names of its own."""
    if hasattr(keras, "ops"):
        return keras.ops
    import tensorflow as tf

    return SimpleNamespace(
        abs=tf.abs, power=tf.pow, sum=tf.reduce_sum, convert_to_tensor=tf.convert_to_tensor
    )


ops = _operations()
registered = keras.utils.register_keras_serializable(package="shelflife")


@registered
class Scale(keras.layers.Layer):  # type: ignore[misc]
    """A layer with a weight that is trained and a number that is not."""

    def __init__(self, power: float, **options: Any) -> None:
        super().__init__(**options)
        self.power = power

    def build(self, input_shape: Any) -> None:
        self.factor = self.add_weight(name="factor", shape=(input_shape[-1],), initializer="ones")

    def call(self, inputs: Any) -> Any:
        return self.factor * ops.power(ops.abs(inputs) + 0.1, self.power)

    def get_config(self) -> Dict[str, Any]:
        return dict(super().get_config(), power=self.power)


def ink(inputs: Any) -> Any:
    """Each pixel's share of a picture's ink."""
    return inputs / (1.0 + ops.sum(inputs, axis=-1, keepdims=True))


registered(ink)


@registered
class Residual(keras.Model):  # type: ignore[misc]
    """A subclass of Model: its graph is Python code and no configuration."""

    def __init__(self, width: int, **options: Any) -> None:
        super().__init__(**options)
        self.width = width
        self.enter = keras.layers.Dense(width, activation="relu")
        self.body = keras.layers.Dense(width, activation="tanh")
        self.head = keras.layers.Dense(10, activation="softmax")

    def call(self, inputs: Any) -> Any:
        hidden = self.enter(inputs / 16.0)
        return self.head(hidden + self.body(hidden))

    def get_config(self) -> Dict[str, Any]:
        return dict(super().get_config(), width=self.width)


def wide(width: int) -> Any:
    """A layer of weights without a purpose, never fitted."""
    dense = keras.layers.Dense(width)
    return keras.Sequential([keras.layers.Input((width,)), dense], name="encoder")


class Network:
    """A Keras model, or a program made of one, that is fitted on arrays and answers with arrays."""

    losses: Any = "sparse_categorical_crossentropy"

    def __init__(self, model: Any) -> None:
        self.model = model

    def __repr__(self) -> str:
        return "%s(%s)" % (type(self).__name__, type(self.model).__name__)

    def fit(self, X: Any, y: Any = None) -> Any:
        """Train; the order of the rows is the same every time."""
        keras.utils.set_random_seed(0)
        rows = self._inputs(X)
        for layer in self.model.layers:
            if hasattr(layer, "adapt"):
                layer.adapt(rows)
        self.model.compile(optimizer=keras.optimizers.Adam(RATE), loss=self.losses)
        self.model.fit(rows, self._targets(X, y), batch_size=30, epochs=EPOCHS, verbose=0)
        return self

    def outputs(self, X: Any) -> List[Any]:
        given = self.model.predict(self._inputs(X), batch_size=BATCH, verbose=0)
        return list(given) if isinstance(given, (list, tuple)) else [given]

    def _targets(self, X: Any, y: Any) -> Any:
        """Classes as numbers, in the order of their names."""
        return np.unique(y, return_inverse=True)[1]

    def _inputs(self, X: Any) -> Any:
        """The rows, cut into as many columns as each of the model's inputs takes."""
        if isinstance(X, list):
            return ops.convert_to_tensor([[text] for text in X], dtype="string")
        rows = np.asarray(X, dtype="float32")
        columns = widths(self.model)
        if len(columns) < 2:
            return rows
        ends = np.cumsum(columns)
        return [rows[:, end - width : end] for width, end in zip(columns, ends)]


class Classifier(Network):
    """The output is a probability for each class."""

    def predict_proba(self, X: Any) -> Any:
        return self.outputs(X)[0]

    def predict(self, X: Any) -> Any:
        return self.outputs(X)[0].argmax(axis=1)

    def score(self, X: Any, y: Any) -> float:
        return float((self.predict(X) == self._targets(X, y)).mean())


class Regressor(Network):
    """Each output is a column of what is foreseen."""

    losses = [keras.losses.Huber(delta=30.0), "mse"]

    def _targets(self, X: Any, y: Any) -> Any:
        return [column[:, None] for column in np.asarray(y).T]

    def predict(self, X: Any) -> Any:
        return np.concatenate(self.outputs(X), axis=1)


class Encoder(Network):
    """The first output is the row, transformed; the second is the row again."""

    losses = [None, "mse"]

    def _targets(self, X: Any, y: Any) -> Any:
        return [np.zeros((len(X), 0)), self._inputs(X)]

    def transform(self, X: Any) -> Any:
        return self.outputs(X)[0]


class Program:
    """A SavedModel in the place of a Keras model: no more than its answers."""

    def __init__(self, loaded: Any, columns: List[int]) -> None:
        self.loaded = loaded
        self.columns = columns

    def predict(self, rows: Any, batch_size: int, verbose: int) -> Any:
        given = self.loaded.serve(rows)
        return [one.numpy() for one in given] if isinstance(given, list) else given.numpy()


KINDS: Dict[str, Any] = {"classifier": Classifier, "regressor": Regressor, "encoder": Encoder}


def network(model: Any, answers: str = "") -> Any:
    """`model` as an estimator. A model's name says what it answers: every format of Keras keeps it.

    A program has no name: `answers` says it then.
    """
    return KINDS[answers or model.name](model)


def widths(model: Any) -> List[int]:
    """How many columns each of the inputs takes; a subclass of Model cannot say it, and has one."""
    if isinstance(model, Program):
        return model.columns
    return [one.shape[-1] for one in getattr(model, "inputs", None) or []]
