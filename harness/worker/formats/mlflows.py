"""MLflow's folder of a scikit-learn model: the model, MLmodel, and what it needs."""

from __future__ import annotations

import inspect
from typing import Any, Dict, List, Optional, Tuple

from ..registry import Attack, Format, Unsupported, format_
from . import _mlflow_attacks, _mlflow_needs
from .pickles import ARBITRARY, PYTHON_ONLY, refusals

NOT_BY_NAME = "not defined at the top level"  # MLflow of what skops has saved and cannot load
SAVE = """\
import mlflow.sklearn

mlflow.sklearn.save_model(model, path, serialization_format="%s")
loaded = mlflow.sklearn.load_model(path)
"""
SAVE_SKOPS = """\
import mlflow.sklearn
import skops.io

types = skops.io.get_untrusted_types(data=skops.io.dumps(model))  # read them before trusting
mlflow.sklearn.save_model(model, path, skops_trusted_types=types)  # skops is the default
"""


def _choices() -> List[str]:
    """How this MLflow can save a scikit-learn model."""
    import mlflow.sklearn

    return list(mlflow.sklearn.SUPPORTED_SERIALIZATION_FORMATS)


class MLflow(Format):
    """`mlflow.sklearn.save_model`, without the guess of what it needs.

    By default MLflow finds that out in a process of its own, which takes seconds: here it is given
    its own list of what such a model needs at the least. `declared` lets it guess.
    """

    suffix = ".mlflow"
    requires: Tuple[str, ...] = ("mlflow.sklearn",)
    varies = "MLmodel holds the time and a random number"
    serialization = ""
    flavor = "sklearn"  # module of MLflow that loads it

    def dump(self, model: Any, path: str, data: Any) -> None:
        import mlflow.sklearn

        choices = {"include_%s" % name: name == self.serialization for name in _choices()}
        named = inspect.signature(mlflow.sklearn.get_default_pip_requirements).parameters
        chosen = {name: choice for name, choice in choices.items() if name in named}
        default = mlflow.sklearn.get_default_pip_requirements(**chosen)
        self.save(model, path, pip_requirements=default)

    def save(self, model: Any, path: str, **more: Any) -> None:
        """Save, or say that the library inside cannot."""
        import mlflow.sklearn

        if self.serialization not in _choices():
            raise Unsupported("this MLflow saves with %s alone" % " or ".join(_choices()))
        with refusals(self.serialization):
            mlflow.sklearn.save_model(model, path, serialization_format=self.serialization, **more)

    def load(self, path: str) -> Any:
        import mlflow.sklearn

        return mlflow.sklearn.load_model(path)

    def attacks(self, model: Any, data: Any) -> List[Attack]:
        def author(path: str) -> None:
            self.dump(model, path, data)

        return _mlflow_attacks.attacks(author, self.load, self.flavor)

    def declared(self, path: str, data: Any) -> Optional[Dict[str, Any]]:
        import mlflow.sklearn

        model = mlflow.sklearn.load_model(path)
        return _mlflow_needs.declared(lambda again: self.save(model, again), data)


@format_
class MLflowPickle(MLflow):
    """With the model as a pickle."""

    id = "mlflow-pickle"
    summary = "MLflow's folder, with a pickle"
    executes = ARBITRARY
    python_only = PYTHON_ONLY
    serialization = "pickle"
    snippet = SAVE % "pickle"


@format_
class MLflowCloudpickle(MLflow):
    """With the model as a pickle by cloudpickle."""

    id = "mlflow-cloudpickle"
    summary = "MLflow's folder, with a pickle by cloudpickle"
    requires: Tuple[str, ...] = ("mlflow.sklearn", "cloudpickle")
    executes = ARBITRARY
    python_only = PYTHON_ONLY
    serialization = "cloudpickle"
    snippet = SAVE % "cloudpickle"


@format_
class MLflowSkops(MLflow):
    """With the model by skops, the default; the types that it names are trusted in MLmodel.

    MLflow refuses to save what skops does not trust by itself, trees among it, until the author
    lists the types.
    """

    id = "mlflow-skops"
    summary = "MLflow's folder, with skops, its default"
    requires: Tuple[str, ...] = ("mlflow.sklearn", "skops.io")
    executes = "anything: MLmodel, which lies beside it, may name pickle instead, or what to trust"
    python_only = "the schema names scikit-learn's classes, and their code computes the answers"
    serialization = "skops"
    snippet = SAVE_SKOPS + "loaded = mlflow.sklearn.load_model(path)\n"

    def save(self, model: Any, path: str, **more: Any) -> None:
        if "skops" not in _choices():
            return super().save(model, path, **more)
        import skops.io
        from mlflow.exceptions import MlflowException
        from skops.io.exceptions import UnsupportedTypeException

        try:
            types = skops.io.get_untrusted_types(data=skops.io.dumps(model))
            super().save(model, path, skops_trusted_types=types, **more)
        except UnsupportedTypeException as error:
            raise Unsupported("skops cannot store it: %s" % error)
        except MlflowException as error:
            if NOT_BY_NAME not in str(error) or not isinstance(error.__cause__, AttributeError):
                raise
            raise Unsupported("MLflow has tried to load it, in vain: %s" % error.__cause__)


@format_
class MLflowPyfunc(MLflowSkops):
    """The same folder, loaded as what serves models of every kind: it has `predict` alone.

    The model in it is by skops, or as MLflow saved by itself before it knew that.
    """

    id = "mlflow-pyfunc"
    summary = "MLflow's folder, with skops, loaded as a python_function"
    requires: Tuple[str, ...] = ("mlflow.sklearn", "mlflow.pyfunc", "skops.io")
    executes = "anything: MLmodel, which lies beside it, names the module that loads it"
    converts = True
    flavor = "pyfunc"
    snippet = SAVE_SKOPS + "loaded = mlflow.pyfunc.load_model(path)\n"

    def dump(self, model: Any, path: str, data: Any) -> None:
        if not hasattr(model, "predict"):
            raise Unsupported("MLflow makes a python_function only of what has a predict")
        self.serialization = "skops" if "skops" in _choices() else "cloudpickle"
        super().dump(model, path, data)

    def load(self, path: str) -> Any:
        import mlflow.pyfunc

        return mlflow.pyfunc.load_model(path)
