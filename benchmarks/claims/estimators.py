"""Claims 5, 6 and 20: estimators of scikit-learn by pickle, joblib, cloudpickle, skops and ONNX."""

import os
import pickle


def forest():
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier

    random = np.random.RandomState(0)
    X, y = random.standard_normal((2000, 10)), random.randint(0, 3, 2000)
    return RandomForestClassifier(100, random_state=0).fit(X, y), X[:20]


def logistic():
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    random = np.random.RandomState(0)
    X, y = random.standard_normal((300, 10)), random.randint(0, 3, 300)
    return LogisticRegression(max_iter=200).fit(X, y), X[:20]


def coefficients():
    """A linear model of a million random coefficients, 8 MB."""
    import numpy as np
    from sklearn.linear_model import LinearRegression

    random = np.random.RandomState(0)
    X = random.standard_normal((20, 1000))
    model = LinearRegression().fit(X, random.standard_normal((20, 2)))
    model.coef_ = random.standard_normal((1000, 1000))
    model.intercept_ = random.standard_normal(1000)
    return model, X


MODELS = {"forest": forest, "logistic": logistic, "coefficients": coefficients}


def made(case):
    """Model and rows of a case: `forest`; `forest-old` in another environment, `forest-start`."""
    return MODELS[case.split("-")[0]]()


def save_pickle(model, path):
    with open(path, "wb") as file:
        pickle.dump(model, file)


def save_pickle5(model, path):
    with open(path, "wb") as file:
        pickle.dump(model, file, protocol=5)


def save_cloudpickle(model, path):
    import cloudpickle

    with open(path, "wb") as file:
        cloudpickle.dump(model, file, protocol=5)


def save_joblib(model, path):
    import joblib

    joblib.dump(model, path)


def save_skops(model, path):
    import skops.io

    skops.io.dump(model, path)


def save_onnx(model, path):
    import numpy as np
    from skl2onnx import to_onnx

    rows = np.zeros((1, model.n_features_in_), "f4")
    with open(path, "wb") as file:
        file.write(to_onnx(model, rows).SerializeToString())


def load_pickle(path):
    with open(path, "rb") as file:
        return pickle.load(file)


def load_joblib(path):
    import joblib

    return joblib.load(path)


def load_skops(path):
    """As its documents say: what it does not know is looked at first."""
    import skops.io

    return skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path))


def load_onnx(path):
    import onnxruntime

    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


FORMATS = {
    "pickle": (save_pickle, load_pickle),
    "pickle-5": (save_pickle5, load_pickle),
    "cloudpickle": (save_cloudpickle, load_pickle),
    "joblib": (save_joblib, load_joblib),
    "skops": (save_skops, load_skops),
    "onnx": (save_onnx, load_onnx),
}


def prepare(case, folder):
    """Every format that this environment has."""
    model, rows = made(case)
    with open(os.path.join(folder, "rows.pkl"), "wb") as file:
        pickle.dump(rows.astype("f4"), file)
    paths = {}
    for name, (save, _) in FORMATS.items():
        path = os.path.join(folder, name)
        try:
            save(model, path)
        except ImportError:
            continue
        paths[name] = path
    return paths


def visit(case, arm, path, clock):
    """Save again what was loaded, where the format can; load, and the first answer."""
    save, load = FORMATS[arm]
    model = clock("load-warm", load, path)
    with open(os.path.join(os.path.dirname(path), "rows.pkl"), "rb") as file:
        rows = pickle.load(file)
    if arm == "onnx":
        name = model.get_inputs()[0].name
        clock("first-answer", model.run, None, {name: rows})
        return
    clock("first-answer", model.predict, rows)
    if not case.endswith("-start"):  # where all is timed that the process does
        again = path + ".again"
        clock("dump-file", save, model, again)
        os.remove(again)
