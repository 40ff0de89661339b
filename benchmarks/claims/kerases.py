"""Claim 15: a Keras model whole, against its configuration and weights; SavedModel against h5."""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def built():
    """40 layers, some of them side by side, 22 MB of weights."""
    import keras

    first = keras.layers.Input((64,))
    at = keras.layers.Dense(384, activation="relu")(first)
    for _ in range(12):
        more = keras.layers.Dense(384, activation="relu")(at)
        more = keras.layers.Dense(384)(more)
        at = keras.layers.LayerNormalization()(keras.layers.Add()([at, more]))
    return keras.Model(first, keras.layers.Dense(10)(at))


def prepare(case, folder):
    import keras

    model = built()
    names = {"keras": "m.keras", "config and weights": "m.weights.h5", "h5": "m.h5",
             "SavedModel": "saved"}  # fmt: skip
    paths = {arm: os.path.join(folder, name) for arm, name in names.items()}
    model.save(paths["h5"])
    if case == "whole":
        model.save(paths["keras"])
        model.save_weights(paths["config and weights"])
        with open(paths["config and weights"] + ".json", "w") as file:
            json.dump(keras.saving.serialize_keras_object(model), file)
    else:
        model.save(paths["SavedModel"], save_format="tf")
    return paths


def visit(case, arm, path, clock):
    import keras

    load = in_parts if arm == "config and weights" else keras.models.load_model
    model = clock("load-warm", load, path)
    del model
    keras.backend.clear_session()


def in_parts(path):
    """As in the issue's answer: the layers of their configuration, then the weights."""
    import keras

    with open(path + ".json") as file:
        model = keras.saving.deserialize_keras_object(json.load(file))
    model.load_weights(path)
    return model
