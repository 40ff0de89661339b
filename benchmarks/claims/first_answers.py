"""Claim 17: what loading leaves to the first prediction: a mapped file, not in memory."""

import os


def fitted():
    """A linear model of 100 MB of random coefficients."""
    import numpy as np
    from sklearn.linear_model import LinearRegression

    random = np.random.RandomState(0)
    model = LinearRegression().fit(random.standard_normal((20, 2500)), random.rand(20, 2))
    model.coef_ = random.standard_normal((5000, 2500))
    model.intercept_ = random.standard_normal(5000)
    return model


def prepare(case, folder):
    import joblib

    path = os.path.join(folder, "m.joblib")
    joblib.dump(fitted(), path)
    return {"read": path, "mapped": path}


def visit(case, arm, path, clock):
    """Cold, where the disk lets it be cold: less than 1 % in the page cache, or no figure."""
    import joblib
    import numpy as np
    from shelflife_worker.measuring import pagecache

    rows = np.ones((4, 2500))
    why = pagecache.why_never_cold(os.path.dirname(path))
    if why:
        raise RuntimeError(why)
    left = pagecache.drop([path])
    if left >= pagecache.COLD:
        raise RuntimeError("%.1f %% of the file stayed in the page cache" % (100 * left))
    mode = "r" if arm == "mapped" else None
    model = clock("load-cold", lambda: joblib.load(path, mmap_mode=mode))
    clock("first-answer", model.predict, rows)
    clock("steady-answer", model.predict, rows)
