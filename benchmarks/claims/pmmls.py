"""Claim 13: a pipeline of words as a pickle and as PMML, and what one prediction costs."""

import os
import pickle

WORDS, CLASSES, ROWS = 500, 20, 2000


def fitted():
    """A logistic model of 20 classes on 500 counts: what the issue's pipeline comes to."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    random = np.random.RandomState(0)
    X, y = random.poisson(0.05, (ROWS, WORDS)).astype("f8"), random.randint(0, CLASSES, ROWS)
    return LogisticRegression(max_iter=50).fit(X, y), X[:20]


def prepare(case, folder):
    from shelflife_worker import jvm, pmml_make

    model, rows = fitted()
    paths = {"pickle": os.path.join(folder, "m.pkl"), "pmml": os.path.join(folder, "m.pmml")}
    with open(paths["pickle"], "wb") as file:
        pickle.dump(model, file)
    with open(os.path.join(folder, "rows"), "wb") as file:
        pickle.dump(rows, file)
    jvm.start()
    pmml_make.convert(model, paths["pmml"])
    return paths


def visit(case, arm, path, clock):
    with open(os.path.join(os.path.dirname(path), "rows"), "rb") as file:
        rows = pickle.load(file)
    if arm == "pickle":
        model = clock("load-warm", unpickled, path)
    else:
        from shelflife_worker import jvm
        from shelflife_worker.formats import pmmls

        jvm.start()
        model = clock("load-warm", pmmls.Jpmml().load, path)
    clock("first-answer", model.predict, rows[:1])
    clock("steady-answer", model.predict, rows)


def unpickled(path):
    with open(path, "rb") as file:
        return pickle.load(file)
