"""Claims 11 and 12: XGBoost's own file against a pickle, and the pickle's size over releases."""

import os
import pickle


def fitted(case):
    """The default classifier on 569 rows of breast cancer, or 100 trees on 5,000 rows."""
    import numpy as np
    import xgboost
    from sklearn.datasets import load_breast_cancer

    if case.startswith("cancer"):
        X, y = load_breast_cancer(return_X_y=True)
        return xgboost.XGBClassifier().fit(X, y)
    random = np.random.RandomState(0)
    X = random.standard_normal((5000, 20))
    y = (X[:, 0] + random.standard_normal(5000) > 0).astype(int)
    return xgboost.XGBClassifier(n_estimators=100, n_jobs=1).fit(X, y)


def prepare(case, folder):
    model = fitted(case)
    own = "m.ubj" if case.endswith("new") else "m.model"
    paths = {"pickle": os.path.join(folder, "m.pkl"), "own": os.path.join(folder, own)}
    with open(paths["pickle"], "wb") as file:
        pickle.dump(model, file)
    if not case.startswith("cancer"):
        model.save_model(paths["own"])
    return paths


def visit(case, arm, path, clock):
    if case.startswith("cancer"):
        clock("load-warm", unpickled, path)
        return
    clock("load-warm", {"pickle": unpickled, "own": loaded}[arm], path)


def unpickled(path):
    with open(path, "rb") as file:
        return pickle.load(file)


def loaded(path):
    import xgboost

    model = xgboost.XGBClassifier()
    model.load_model(path)
    return model
