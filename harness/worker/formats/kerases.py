"""Keras: its own three kinds of file, and the SavedModel that TensorFlow runs without it."""

from __future__ import annotations

import importlib
import inspect
import json
import os
from typing import Any, List, Optional, Tuple

from .. import nets_settings
from ..registry import Attack, Format, Unsupported, format_
from . import _keras_attacks as planted

SAFE = (
    "layers and functions of Keras, and those that the author registered; bytecode and other"
    " modules are refused"
)
ABOUT = os.path.join("assets.extra", "answers.json")  # a folder that TensorFlow leaves to us

nets_settings.apply()  # what imports keras first, also without a model of ours, finds them set


def _nets() -> Any:
    """The author's module, which imports keras and registers the layers of the models."""
    return importlib.import_module(__name__.rpartition(".formats.")[0] + ".nets_keras")


class _Keras(Format):
    """What all formats of Keras share; with safe mode, which is the default, or without."""

    requires = nets_settings.needed()
    subjects = ("keras.mlp", "keras.cnn")
    executes = SAFE

    def dump(self, model: Any, path: str, data: Any) -> None:
        """Save under a name that ends as Keras insists on."""
        written = path if path.endswith(self.suffix) else path + self.suffix
        try:
            self.save(_model(model), written)
        except NotImplementedError as error:
            raise Unsupported(str(error).partition(". ")[0])
        if written != path:
            os.replace(written, path)

    def save(self, model: Any, path: str) -> None:
        model.save(path)

    def load(self, path: str) -> Any:
        return _nets().network(self.restore(path, True))

    def restore(self, path: str, safe: bool) -> Any:
        return _nets().keras.models.load_model(path, safe_mode=safe)

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return planted.configurations(self)

    def large(self) -> Any:
        """A layer of 16 MiB."""
        nets = _nets()
        return nets.network(nets.wide(2048))


def _safe_mode() -> Any:
    """What switches safe mode for a with block; Keras 2.12 had it in another place."""
    try:
        from keras.src.saving import serialization_lib as place
    except ImportError:
        from keras.saving import serialization_lib as place
    return place.SafeModeScope


def _model(model: Any) -> Any:
    import keras

    inner = getattr(model, "model", None)
    if not isinstance(inner, keras.Model):
        raise Unsupported("not a Keras model")
    return inner


@format_
class Archive(_Keras):
    """`.keras`: a zip of the configuration as JSON, the weights as HDF5, the optimizer's state."""

    id = "keras-v3"
    summary = "Keras 3's own archive, safe mode"
    suffix = ".keras"
    checksum = "zip's CRC-32 of the configuration and of the weights"
    varies = "the archive holds the time at which it was made"
    python_only = "what a layer named in the file computes, only Keras knows"
    snippet = """\
import keras

model.model.save(path)
loaded = type(model)(keras.saving.load_model(path))
"""

    def save(self, model: Any, path: str) -> None:
        """Keras 2.12 writes HDF5 under whatever name, unless it is told."""
        import keras

        told = keras.__version__.startswith("2.12.")
        model.save(path, **({"save_format": "keras_v3"} if told else {}))


@format_
class Hdf5(_Keras):
    """The whole model in one HDF5 file, as Keras 1 and 2 did; Keras 3 calls it legacy."""

    id = "keras-h5"
    summary = "Keras' legacy HDF5 file, whole model"
    suffix = ".h5"
    requires = (*nets_settings.needed(), "h5py")
    python_only = "what a layer named in the file computes, only Keras knows"
    snippet = """\
import keras

model.model.save(path)
loaded = type(model)(keras.saving.load_model(path))
"""

    def save(self, model: Any, path: str) -> None:
        """Keras 3.15 takes the optimizer out of the model's own configuration: put it back."""
        config = getattr(getattr(model, "_compile_config", None), "config", {})
        kept = dict(config)
        try:
            model.save(path)
        finally:
            config.clear()
            config.update(kept)


@format_
class Json(_Keras):
    """The configuration as JSON, weights and the optimizer's state as HDF5, in two files."""

    id = "keras-json"
    summary = "architecture as JSON, weights as HDF5 beside it"
    suffix = ".json"
    requires = (*nets_settings.needed(), "h5py")
    python_only = "what a layer named in the file computes, only Keras knows"
    snippet = """\
import keras

with open(path, "w") as file:
    file.write(model.model.to_json())
model.model.save_weights(path + ".weights.h5")
with open(path) as file:
    rebuilt = keras.models.model_from_json(file.read())
rebuilt.load_weights(path + ".weights.h5")
loaded = type(model)(rebuilt)
"""

    def dump(self, model: Any, path: str, data: Any) -> None:
        self.save(_model(model), path)

    def save(self, model: Any, path: str) -> None:
        with open(path, "w", encoding="utf-8") as file:
            file.write(model.to_json())
        model.save_weights(path + ".weights.h5")

    def restore(self, path: str, safe: bool) -> Any:
        nets = _nets()
        with open(path, encoding="utf-8") as file, _safe_mode()(safe):
            model = nets.keras.models.model_from_json(file.read())
        model.load_weights(path + ".weights.h5")
        return model


@format_
class SavedModel(_Keras):
    """`Model.export`: a folder with a graph of TensorFlow's operators, and the variables."""

    id = "tf-savedmodel"
    summary = "TensorFlow's SavedModel, from model.export"
    suffix = ".savedmodel"
    own = ("answers.json",)
    requires = ("keras", "tensorflow")
    executes = "the graph in the file, whose operators also read and write files; no Python"
    varies = "functions are numbered as the process traces them, and each save draws an identifier"
    converts = True
    snippet = """\
import tensorflow

model.model.export(path, verbose=False)
program = tensorflow.saved_model.load(path)
class Program:
    def predict(self, X):
        return program.serve(X.astype("float32")).numpy().argmax(axis=1)
loaded = Program()
"""

    def dump(self, model: Any, path: str, data: Any) -> None:
        nets = _nets()
        inner = _model(model)
        named = inspect.signature(inner.export).parameters  # Keras 2 exports nothing else
        choices = {"format": "tf_saved_model", "verbose": False}
        inner.export(path, **{name: choices[name] for name in choices if name in named})
        about = {"answers": inner.name, "widths": nets.widths(inner)}
        os.makedirs(os.path.join(path, os.path.dirname(ABOUT)))
        with open(os.path.join(path, ABOUT), "w", encoding="utf-8") as file:
            json.dump(about, file)

    def load(self, path: str) -> Any:
        import tensorflow

        with open(os.path.join(path, ABOUT), encoding="utf-8") as file:
            about = json.load(file)
        nets = _nets()
        program = nets.Program(tensorflow.saved_model.load(path), about["widths"])
        return nets.network(program, about["answers"])

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        return planted.graphs(ABOUT, self.load)

    def outside(self, path: str, data: Any) -> Optional[Tuple[str, Any]]:
        from ._tensorflow_c import run

        with open(os.path.join(path, ABOUT), encoding="utf-8") as file:
            about = json.load(file)
        if about["answers"] != "classifier" or len(about["widths"]) != 1:
            return None
        given = run(path, data.ask.astype("float32"))
        return "TensorFlow's C library through ctypes", given.argmax(axis=1)
