"""Claim 16: a small DataFrame by joblib and by pickle, in memory."""

import os
import pickle
import shutil
import tempfile

MEMORY = "/dev/shm"


def frame():
    """1309 rows and 14 columns like those of the list of the Titanic's passengers."""
    import numpy as np
    import pandas as pd

    random = np.random.RandomState(0)
    rows = 1309
    names = np.array(["Passenger, Mr. %d of somewhere" % n for n in range(rows)], dtype=object)
    words = np.array(["S", "C", "Q", None], dtype=object)
    return pd.DataFrame(
        {
            "pclass": random.randint(1, 4, rows), "survived": random.randint(0, 2, rows),
            "name": names, "sex": np.array(["male", "female"], dtype=object)[
                random.randint(0, 2, rows)],
            "age": np.where(random.rand(rows) < 0.2, np.nan, random.rand(rows) * 80),
            "sibsp": random.randint(0, 8, rows), "parch": random.randint(0, 9, rows),
            "ticket": np.array([str(n) for n in random.randint(1, 1e6, rows)], dtype=object),
            "fare": random.rand(rows) * 500, "cabin": np.where(
                random.rand(rows) < 0.77, None, names), "embarked": words[
                random.randint(0, 4, rows)],
            "boat": np.where(random.rand(rows) < 0.63, None, "13"),
            "body": np.where(random.rand(rows) < 0.9, np.nan, random.rand(rows)),
            "home.dest": np.where(random.rand(rows) < 0.43, None, names),
        }
    )  # fmt: skip


def prepare(case, folder):
    found, paths = frame(), {}
    for arm in ("pickle", "joblib"):
        paths[arm] = os.path.join(folder, arm)
        save(arm, found, paths[arm])
    return paths


def ready(case, folder):
    """The frame, and a folder in memory."""
    return frame(), tempfile.mkdtemp(prefix="shelflife-", dir=MEMORY)


def save(arm, found, path):
    import joblib

    if arm == "joblib":
        joblib.dump(found, path)
        return
    with open(path, "wb") as file:
        pickle.dump(found, file)


def load(arm, path):
    import joblib

    if arm == "joblib":
        return joblib.load(path)
    with open(path, "rb") as file:
        return pickle.load(file)


def visit(case, arm, path, clock, made):
    found, folder = made
    os.makedirs(folder, exist_ok=True)
    again = os.path.join(folder, arm)
    clock("dump-file", save, arm, found, again)
    clock("load-warm", load, arm, again)
    shutil.rmtree(folder)
