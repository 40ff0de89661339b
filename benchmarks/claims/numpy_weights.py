"""Claim 2: large NumPy arrays in safetensors and in a pickle."""

import os
import pickle

ARRAYS, SHAPE = 16, (2048, 1024)  # 8 MiB each, 128 MiB together


def prepare(case, folder):
    import numpy as np
    import safetensors.numpy

    random = np.random.default_rng(0)
    saved = {"w%d" % n: random.standard_normal(SHAPE, dtype="f4") for n in range(ARRAYS)}
    pickled, plain = os.path.join(folder, "model.pkl"), os.path.join(folder, "model.safetensors")
    with open(pickled, "wb") as file:
        pickle.dump(saved, file, protocol=4)
    safetensors.numpy.save_file(saved, plain)
    return {"pickle": pickled, "load_file": plain, "safe_open": plain}


def visit(case, arm, path, clock):
    import safetensors.numpy

    load = {"pickle": unpickled, "load_file": safetensors.numpy.load_file, "safe_open": opened}
    found = clock("load-warm", load[arm], path)
    clock("touch", touch, found)


def unpickled(path):
    with open(path, "rb") as file:
        return pickle.load(file)


def opened(path):
    """As the issue reads them: one tensor after the other."""
    from safetensors import safe_open

    with safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}


def touch(found):
    return sum(int(a.reshape(-1).view("u1")[::4096].sum()) for a in found.values())
