"""Networks of Keras: each of another way to build a model, on whatever backend is there."""

from __future__ import annotations

import importlib
from typing import Any

from ..nets_settings import apply
from ..registry import Absent, model
from ._api import library


def _nets() -> Any:
    """The author's module; the state of its random numbers is the same at every call."""
    apply()
    library("keras")
    nets = importlib.import_module(__name__.rpartition(".models.")[0] + ".nets_keras")
    nets.keras.utils.set_random_seed(0)
    return nets


def _keras() -> Any:
    return _nets().keras


def _classifier(*layers: Any) -> Any:
    """A sequence that ends in probabilities of ten digits; its name says so."""
    nets = _nets()
    last = nets.keras.layers.Dense(10, activation="softmax")
    return nets.network(nets.keras.Sequential([*layers, last], name="classifier"))


@model("keras.mlp", data="digits", summary="dense layers, batch norm, dropout, a penalty")
def keras_mlp() -> Any:
    layers = _keras().layers
    return _classifier(
        layers.Input((20,)),
        layers.Rescaling(1 / 16.0),
        layers.Dense(48, activation="gelu", kernel_regularizer="l2"),
        layers.BatchNormalization(momentum=0.8, epsilon=1e-2),
        layers.Dropout(0.2, seed=1),
    )


@model("keras.cnn", data="digits.pictures", summary="convolutions, batch norm, pooling")
def keras_cnn() -> Any:
    layers = _keras().layers
    return _classifier(
        layers.Input((64,)),
        layers.Reshape((8, 8, 1)),
        layers.Rescaling(1 / 16.0),
        layers.Conv2D(6, 3, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=0.8),
        layers.LeakyReLU(0.1),  # by its place: Keras 2 called it alpha
        layers.MaxPooling2D(),
        layers.SeparableConv2D(12, 3, activation="swish", depth_multiplier=2),
        layers.SpatialDropout2D(0.1, seed=2),
        layers.Flatten(),
    )


@model("keras.branches", data="codes", summary="two inputs, embeddings, a connection that skips")
def keras_branches() -> Any:
    keras = _keras()
    layers = keras.layers
    codes, numbers = keras.Input((2,), name="codes"), keras.Input((3,), name="numbers")
    words = layers.Flatten()(layers.Embedding(5, 3, name="words")(codes))
    both = layers.Concatenate()([words, numbers])
    added = layers.Add()([layers.Dense(9, activation="tanh")(both), both])
    chosen = layers.Dense(2, activation="softmax")(added)
    return _nets().network(keras.Model([codes, numbers], chosen, name="classifier"))


@model("keras.attention", data="digits.pictures", summary="attention over rows, then a GRU")
def keras_attention() -> Any:
    keras = _keras()
    layers = keras.layers
    rows = keras.Input((64,))
    steps = layers.Rescaling(1 / 16.0)(layers.Reshape((8, 8))(rows))
    seen = layers.MultiHeadAttention(num_heads=2, key_dim=5)(steps, steps)
    steps = layers.LayerNormalization(epsilon=1e-3)(layers.Add()([steps, seen]))
    last = layers.Bidirectional(layers.GRU(10, reset_after=False))(steps)
    chosen = layers.Dense(10, activation="softmax")(last)
    return _nets().network(keras.Model(rows, chosen, name="classifier"))


@model("keras.custom", data="digits", summary="a layer of the author's own, registered")
def keras_custom() -> Any:
    layers = _keras().layers
    scale = _nets().Scale(power=1.5)
    return _classifier(layers.Input((20,)), layers.Rescaling(1 / 16.0), layers.Dense(32), scale)


@model("keras.function", data="digits", summary="a Lambda layer around a registered function")
def keras_function() -> Any:
    layers = _keras().layers
    share = layers.Lambda(_nets().ink, output_shape=(20,))
    return _classifier(layers.Input((20,)), share, layers.Dense(32, activation="relu"))


@model("keras.lambda", data="digits", summary="a Lambda layer around a lambda of Python")
def keras_lambda() -> Any:
    layers = _keras().layers
    share = layers.Lambda(lambda inputs: inputs / 16.0, output_shape=(20,))
    return _classifier(layers.Input((20,)), share, layers.Dense(32, activation="relu"))


@model("keras.subclass", data="digits", summary="a subclass of Model, registered")
def keras_subclass() -> Any:
    nets = _nets()
    return nets.network(nets.Residual(24, name="classifier"))


@model("keras.regressor", data="diabetes.outputs", summary="two outputs, an adapted layer")
def keras_regressor() -> Any:
    keras = _keras()
    layers = keras.layers
    rows = keras.Input((9,))
    hidden = layers.Dense(3, activation="selu")(layers.Normalization(axis=-1)(rows))
    start = keras.initializers.Constant(2.5)
    heads = [
        layers.Dense(1, bias_initializer=start, name=name)(hidden) for name in ("progress", "sugar")
    ]
    scaled = [layers.Rescaling(50.0)(head) for head in heads]
    return _nets().network(keras.Model(rows, scaled, name="regressor"))


@model("keras.autoencoder", data="digits.unlabelled", summary="models within a model, no targets")
def keras_autoencoder() -> Any:
    keras = _keras()
    layers = keras.layers
    rows = keras.Input((20,))
    encode = keras.Sequential([layers.Dense(12, activation="elu"), layers.Dense(4)], name="encode")
    decode = keras.Sequential([layers.Dense(12, activation="elu"), layers.Dense(20)], name="decode")
    code = encode(layers.Rescaling(1 / 16.0)(rows))
    whole = layers.Rescaling(16.0)(decode(code))
    return _nets().network(keras.Model(rows, [code, whole], name="encoder"))


@model("keras.text", data="text", summary="words are cut, counted and looked up in the model")
def keras_text() -> Any:
    keras = _keras()
    if keras.backend.backend() != "tensorflow":
        raise Absent("TextVectorization inside a model needs the backend TensorFlow")
    layers = keras.layers
    nets = _nets()
    return nets.network(
        keras.Sequential(
            [
                layers.Input((1,), dtype="string"),
                layers.TextVectorization(80, output_mode="tf_idf", pad_to_max_tokens=True),
                layers.Dense(3, activation="softmax"),
            ],
            name="classifier",
        )
    )
