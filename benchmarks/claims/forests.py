"""Claims 8 and 9: a large forest, compressed, and with smaller types in its nodes."""

import copyreg
import io
import lzma
import os
import pickle


def fitted(case):
    """A forest of depth 30 with leaves of 10 rows and more, or of single rows, of noisy classes."""
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    random = np.random.RandomState(0)
    X = random.standard_normal((40000, 12)).astype("f4")
    y = X[:, 0] + X[:, 1] * X[:, 2] + random.standard_normal(len(X))
    if case == "lst":
        model = RandomForestClassifier(30, max_depth=30, min_samples_leaf=10, random_state=0)
        return model.fit(X, y > 0), X[:1000]
    return RandomForestRegressor(4, random_state=0).fit(X, y), X[:1000]


# -- claim 9: the nodes of a tree, without what predicting does not need ---------------------------


def small(tree):
    """A tree's arrays in small types: leaves have a value, inner nodes a split; nothing else."""
    import numpy as np

    cls, arguments, state = tree.__reduce__()
    nodes = state["nodes"]
    leaf = nodes["left_child"] == -1
    inner = ~leaf
    child = np.int16 if len(nodes) < 1 << 15 else np.int32
    kept = {
        "max_depth": state["max_depth"],
        "leaf": np.packbits(leaf),
        "count": len(nodes),
        "left": nodes["left_child"][inner].astype(child),
        "right": nodes["right_child"][inner].astype(child),
        "feature": nodes["feature"][inner].astype(np.int16),
        "threshold": nodes["threshold"][inner].astype(np.float32),
        "values": state["values"][leaf].astype(np.float32),
    }
    return large, (cls, arguments, nodes.dtype, kept)


def large(cls, arguments, dtype, kept):
    """The tree again; what was left out is 0."""
    import numpy as np

    leaf = np.unpackbits(kept["leaf"], count=kept["count"]).astype(bool)
    inner = ~leaf
    nodes = np.zeros(kept["count"], dtype=dtype)
    for name in ("left_child", "right_child"):
        nodes[name] = -1
        nodes[name][inner] = kept[name.split("_")[0]]
    nodes["feature"], nodes["threshold"] = -2, -2
    nodes["feature"][inner], nodes["threshold"][inner] = kept["feature"], kept["threshold"]
    values = np.zeros((kept["count"],) + kept["values"].shape[1:])
    values[leaf] = kept["values"]
    tree = cls(*arguments)
    tree.__setstate__({"max_depth": kept["max_depth"], "node_count": kept["count"],
                       "nodes": nodes, "values": values})  # fmt: skip
    return tree


def reduced(model):
    """A pickle of the model with small trees."""
    from sklearn.tree._tree import Tree

    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=5)
    pickler.dispatch_table = dict(copyreg.dispatch_table)
    pickler.dispatch_table[Tree] = small
    pickler.dump(model)
    return buffer.getvalue()


# -- saving and loading ----------------------------------------------------------------------------


def save(arm, model, path):
    import joblib

    if arm in ("joblib", "joblib-3"):
        joblib.dump(model, path, compress=3 if arm == "joblib-3" else 0)
        return
    content = reduced(model) if "small" in arm else pickle.dumps(model, protocol=5)
    with open(path, "wb") as file:
        file.write(lzma.compress(content) if "lzma" in arm else content)


def load(arm, path):
    import joblib

    if arm in ("joblib", "joblib-3"):
        return joblib.load(path)
    with open(path, "rb") as file:
        content = file.read()
    return pickle.loads(lzma.decompress(content) if "lzma" in arm else content)


ARMS = {
    "lst": ("joblib", "joblib-3"),
    "quantco": ("pickle", "pickle small", "pickle lzma", "pickle small lzma"),
}


def prepare(case, folder):
    """Save; the small trees must answer like the large ones, to what float32 keeps."""
    import numpy as np

    model, rows = fitted(case)
    with open(os.path.join(folder, "model.pkl"), "wb") as file:
        pickle.dump(model, file, protocol=5)
    paths = {}
    for arm in ARMS[case]:
        paths[arm] = os.path.join(folder, arm.replace(" ", "-"))
        save(arm, model, paths[arm])
        np.testing.assert_allclose(load(arm, paths[arm]).predict(rows), model.predict(rows),
                                   rtol=1e-3, atol=1e-3)  # fmt: skip
    return paths


def ready(case, folder):
    with open(os.path.join(folder, "model.pkl"), "rb") as file:
        return pickle.load(file)


def visit(case, arm, path, clock, model):
    again = path + ".again"
    if "lzma" not in arm:  # whose minutes of saving are no part of the claim
        clock("dump-file", save, arm, model, again)
        os.remove(again)
    clock("load-warm", load, arm, path)
