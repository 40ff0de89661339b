"""Claim 14: forests in Treelite's checkpoint and in scikit-learn's pickle."""

import os
import pickle

TREES, DEPTH = {"shallow": 100, "medium": 50, "deep": 10}, {"shallow": 4, "medium": 10}


def fitted(case):
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier

    random = np.random.RandomState(0)
    X, y = random.standard_normal((10000, 20)).astype("f4"), random.randint(0, 2, 10000)
    model = RandomForestClassifier(TREES[case], max_depth=DEPTH.get(case), random_state=0)
    return model.fit(X, y)


def prepare(case, folder):
    import treelite

    model = fitted(case)
    paths = {"pickle": os.path.join(folder, "m.pkl"), "treelite": os.path.join(folder, "m.tl")}
    with open(paths["pickle"], "wb") as file:
        pickle.dump(model, file, protocol=5)
    treelite.sklearn.import_model(model).serialize(paths["treelite"])
    return paths


def visit(case, arm, path, clock):
    import treelite

    clock("load-warm", {"pickle": unpickled, "treelite": treelite.Model.deserialize}[arm], path)


def unpickled(path):
    with open(path, "rb") as file:
        return pickle.load(file)
