"""Claim 7: ExtraTreesClassifier(random_state=0) by skops and by pickle, as skops checks itself."""

import os
import pickle


def fitted():
    """The default estimator on a small set: 100 trees, as in skops' own check."""
    from sklearn.datasets import make_classification
    from sklearn.ensemble import ExtraTreesClassifier

    X, y = make_classification(
        n_samples=50, n_features=20, n_redundant=0, n_repeated=0, n_clusters_per_class=1,
        random_state=0,
    )  # fmt: skip
    return ExtraTreesClassifier(random_state=0).fit(X, y)


def prepare(case, folder):
    import skops.io

    model = fitted()
    paths = {"pickle": os.path.join(folder, "m.pkl"), "skops": os.path.join(folder, "m.skops")}
    with open(paths["pickle"], "wb") as file:
        pickle.dump(model, file)
    skops.io.dump(model, paths["skops"])
    return paths


def ready(case, folder):
    return fitted()


def visit(case, arm, path, clock, model):
    """To memory and back, `round-trip`, as the check does; and the halves of it."""
    clock("round-trip", {"pickle": pickled, "skops": skopsed}[arm], model)
    if arm == "pickle":
        content = clock("dump-memory", pickle.dumps, model)
        clock("load-warm", pickle.loads, content)
        return
    import skops.io

    content = clock("dump-memory", skops.io.dumps, model)
    clock("load-warm", trusted, content)


def pickled(model):
    return pickle.loads(pickle.dumps(model))


def skopsed(model):
    import skops.io

    return trusted(skops.io.dumps(model))


def trusted(content):
    import skops.io

    known = skops.io.get_untrusted_types(data=content)
    return skops.io.loads(content, trusted=known)
