"""Claims 3 and 4: joblib's codecs, on columns like those of KDD99 and on random weights."""

import os

ROWS = 30000
CODECS = {
    "raw": 0,
    "lz4": "lz4",
    "zlib": "zlib",
    "gzip": "gzip",
    "bz2": "bz2",
    "xz": ("xz", 3),
    "lzma": ("lzma", 3),
}


def columns():
    """17 columns of connections, most of them alike: few words, mostly zeros, some counts."""
    import numpy as np

    random = np.random.default_rng(0)
    words = {
        "protocol_type": (["icmp", "tcp", "udp"], [0.57, 0.39, 0.04]),
        "service": (["ecr_i", "private", "http", "smtp", "other"], [0.57, 0.22, 0.13, 0.02, 0.06]),
        "flag": (["SF", "S0", "REJ", "RSTR"], [0.76, 0.18, 0.05, 0.01]),
    }
    found = {}
    for name, (values, shares) in words.items():
        found[name] = np.array(values, dtype=object)[random.choice(len(values), ROWS, p=shares)]
    common = np.array([1032, 0, 520, 105, 146])
    found["src_bytes"] = np.where(random.random(ROWS) < 0.85, random.choice(common, ROWS),
                                  random.geometric(1e-3, ROWS))  # fmt: skip
    found["dst_bytes"] = np.where(random.random(ROWS) < 0.83, 0, random.geometric(5e-4, ROWS))
    found["duration"] = np.where(random.random(ROWS) < 0.98, 0, random.geometric(1e-3, ROWS))
    for n in range(11):  # flags and counts that are nearly always 0
        found["rare_%d" % n] = (random.random(ROWS) < 0.001 * (n + 1)).astype("i8")
    return found


def subject(case):
    """What is saved: the columns, or 8 MB of random weights."""
    import numpy as np

    if case == "connections":
        return columns()
    return np.random.default_rng(0).standard_normal(2000000, dtype="f4")


def prepare(case, folder):
    import joblib

    found, paths = subject(case), {}
    for name, codec in CODECS.items():
        paths[name] = os.path.join(folder, name + ".joblib")
        joblib.dump(found, paths[name], compress=codec)
    for name, path in paths.items():
        with open(path, "rb") as file:
            plain = file.read(1) == b"\x80"  # how a pickle begins, and no codec's file
        if plain != (name == "raw"):
            raise ValueError("%s: compressed, or not, against what was asked for" % name)
    return paths


def ready(case, folder):
    return subject(case)


def visit(case, arm, path, clock, found):
    import joblib

    again = path + ".again"
    clock("dump-file", lambda: joblib.dump(found, again, compress=CODECS[arm]))
    clock("load-warm", joblib.load, path)
    os.remove(again)
