"""Making PMML of scikit-learn's models: what `sklearn2pmml` does, in the Java machine at hand.

`sklearn2pmml.sklearn2pmml` pickles the model and starts a Java machine of its own for
`com.sklearn2pmml.Main`, for two seconds or more. Here the same class does the same in the machine
that runs already. Its `main` is not called: where a conversion fails, that would end the process,
and report the failure to its authors over the network.
"""

from __future__ import annotations

import copy
import os
import re
import tempfile
from typing import Any

from . import jvm
from .registry import Unsupported

REFUSAL = re.compile(r"not (a )?supported|unsupported|does not specify", re.IGNORECASE)


def convert(model: Any, path: str) -> None:
    """Write `model` as a PMML file. Unsupported where the converter says that it cannot."""
    pickled = _pickled(model)
    try:
        _run(pickled, path)
    finally:
        os.remove(pickled)


def _pickled(model: Any) -> str:
    """A file with a copy of the model, prepared as sklearn2pmml does; it writes to what it gets."""
    import joblib
    import sklearn2pmml

    pipeline = sklearn2pmml.make_pmml_pipeline(copy.deepcopy(model))
    escaped = sklearn2pmml._escape(pipeline, sklearn2pmml._escape)
    handle, path = tempfile.mkstemp(suffix=".pkl.z")
    os.close(handle)
    joblib.dump(escaped, path, compress=3)
    return path


def _run(pickled: str, path: str) -> None:
    """What `Main.main` does between its arguments and its exit code."""
    import jpype
    from sklearn2pmml.resources import _package_classpath

    loader = jvm.apart(tuple(_package_classpath()))
    kind = loader.loadClass("com.sklearn2pmml.Main")
    application = jpype.JClass("org.jpmml.converter.Application", loader=loader)
    main = kind.getDeclaredConstructor().newInstance()
    for name, value in (("inputFile", pickled), ("outputFile", path)):
        field = kind.getDeclaredField(name)
        field.setAccessible(True)
        field.set(main, jpype.JClass("java.io.File")(value))
    thread = jpype.JClass("java.lang.Thread").currentThread()
    before = thread.getContextClassLoader()
    thread.setContextClassLoader(loader)
    application.setInstance(main)
    try:
        methods = {str(method.getName()): method for method in kind.getDeclaredMethods()}
        for name in ("validate", "run"):  # older ones validate while they run
            if name in methods:
                methods[name].setAccessible(True)
                methods[name].invoke(main)
    except jpype.JClass("java.lang.reflect.InvocationTargetException") as error:
        _raise(error.getCause())
    finally:
        application.setInstance(None)
        thread.setContextClassLoader(before)


def _raise(error: Any) -> None:
    """Unsupported for what the converter says that it does not take; else all that Java says."""
    chain = []
    while error is not None:
        name = str(error.getClass().getName()).rpartition(".")[2]
        chain.append("%s: %s" % (name, str(error.getMessage() or "no message").split("\n")[0]))
        error = error.getCause()
    refused = [text for text in chain if REFUSAL.search(text)]
    if refused:
        raise Unsupported("sklearn2pmml refuses: %s" % refused[-1])
    raise RuntimeError("; ".join(chain))
