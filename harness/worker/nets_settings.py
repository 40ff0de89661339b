"""Variables that Keras, TensorFlow and JAX read while they are imported; set before that."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import Tuple


def backend() -> str:
    """What Keras computes with: what has been chosen, else the first that is there."""
    there = [name for name in ("tensorflow", "jax", "torch") if _installed(name)]
    return os.environ.get("KERAS_BACKEND") or (there or ["jax"])[0]


def needed() -> Tuple[str, ...]:
    """The modules that Keras needs here: itself and its backend, where that is installed."""
    return ("keras", backend()) if _installed(backend()) else ("keras",)


def _installed(module: str) -> bool:
    return module in sys.modules or importlib.util.find_spec(module) is not None


def apply() -> None:
    """One thread, the order of additions fixed, few messages, nothing written to the home folder.

    Keras takes its backend when it is imported and keeps it. What stands in the environment
    already is left alone.
    """
    wanted = {
        "KERAS_BACKEND": backend(),
        "KERAS_HOME": os.path.join(os.devnull, "keras"),  # where no keras.json can be made
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "TF_ENABLE_ONEDNN_OPTS": "0",  # TensorFlow says that with it results differ a little
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    }
    for name, value in wanted.items():
        os.environ.setdefault(name, value)
