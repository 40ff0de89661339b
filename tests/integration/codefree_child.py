"""Runs in the environment of the store: mutated models are loaded and asked, in forked children.

    python codefree_child.py CONTAINER SEED COUNT FOLDER [MODEL ...]

prints a JSON object: how often each outcome came, and the mutants that killed or held a child.
Each mutant is an honest model whose structure or arrays were changed in a few places and whose
digests were computed anew, as whoever writes a hostile file would do.
"""

# ruff: noqa: PTH100, PTH103, PTH106, PTH107, PTH110, PTH112, PTH118, PTH120, PTH208
from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import select
import signal
import sys
import time
import warnings

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")  # threads do not outlive a fork
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "harness"))
from worker import answers, codefree, registry  # noqa: E402
from worker.codefree import classes, sealed  # noqa: E402

SECONDS = 20
MEMORY = 6 << 30
MODELS = (
    "forest.classifier tree.outputs extratrees.missing gb.multiclass gb.init histgb.classifier"
    " histgb.classifier-categorical isolation-forest.auto trees-embedding.sparse svc.rbf svc.sparse"
    " nusvc.string-labels svr.rbf svm.one-class svc.chi2-kernel svc.precomputed kmeans.lloyd"
    " kmeans.bisecting birch.tree knn.uniform knn.ball-tree-weighted knn.brute-cosine knn.sparse"
    " radius.classifier lof.novelty density.kernel onehot.infrequent onehot.drop kbins.onehot"
    " text.count pipeline.tfidf dict-vectorizer.sparse feature-hasher.dicts ovr.multilabel"
    " isotonic.clip spline.linear mlp.classifier logreg.sparse pipeline.columns-forest"
    " stacking.classifier voting.soft grid.pipeline-scores nmf.coordinate dictionary.omp"
    " topics.lda agglomerative.features isomap.neighbors label-spreading.knn gpr.quadratic"
    " rbm.bits dummy.stratified target.log randomized.tree impute.iterative pca.kernel hdbscan.leaf"
).split()
ODD = (0, 1, -1, 2, 3, 7, 255, 256, 4096, 1 << 31, -(1 << 31), (1 << 63) - 1, 1 << 64, 0.0, -1.0)
ODD += (0.5, 1e308, True, False, None, "", "a", "precomputed", "brute", "uniform", "fit", "zero")
TAGGED = (
    {"float": "nan"},
    {"float": "inf"},
    {"tuple": []},
    {"dict": []},
    {"set": []},
    [],
    {"constant": "numpy.log1p"},
    {"constant": "numpy.max"},
    {"constant": "builtins.float"},
    {"slice": [None, None, None]},
    {"numpy": ["<i8", -1]},
    {"dtype": "|O"},
)


class Mutant:
    """A structure and its arrays, and random changes of them."""

    def __init__(self, text: str, arrays: list, seed: int) -> None:
        self.structure = json.loads(text)["structure"]
        self.arrays = [array.copy(order="K") for array in arrays]
        self.random = random.Random(seed)

    def change(self) -> None:
        changes = [self.value] * 6 + [self.element] * 5 + [self.table] * 5 + [self.place] * 3
        changes += [self.swap] * 2 + [self.name, self.kind, self.drop, self.copy_attribute]
        for _ in range(self.random.choice((1, 1, 1, 2, 3, 6))):
            with contextlib.suppress(IndexError, TypeError):  # nothing is left to change that way
                self.random.choice(changes)()

    def nodes(self) -> list:
        """Every place of a node: its container and its key."""
        found, pending = [], list(self.structure["objects"])
        while pending:
            at = pending.pop()
            for key in at if isinstance(at, dict) else range(len(at)):
                found.append((at, key))
                if isinstance(at[key], (dict, list)):
                    pending.append(at[key])
        return found

    def value(self) -> None:
        at, key = self.random.choice(self.nodes())
        if isinstance(at[key], (int, float)) and self.random.random() < 0.5:
            at[key] = at[key] + self.random.choice((-2, -1, 1, 2, 100))
        else:
            at[key] = json.loads(json.dumps(self.random.choice(ODD + TAGGED)))

    def swap(self) -> None:
        (a, i), (b, j) = self.random.choice(self.nodes()), self.random.choice(self.nodes())
        one, other = json.dumps(a[i]), json.dumps(b[j])
        a[i] = json.loads(other)
        if j in b if isinstance(b, dict) else j < len(b):
            b[j] = json.loads(one)

    def place(self) -> None:
        """Let a reference lead to another object or array."""
        refers = [
            (at[key], tag)
            for at, key in self.nodes()
            if isinstance(at[key], dict)
            for tag in ("object", "array")
            if tag in at[key]
        ]
        if refers:
            node, tag = self.random.choice(refers)
            node[tag] = self.random.randrange(max(len(self.structure[tag + "s"]), 1))

    def entry(self) -> dict:
        return self.random.choice(self.structure["objects"])

    def name(self) -> None:
        entry = self.entry()
        if "class" in entry:
            entry["class"] = self.random.choice(sorted(classes.CLASSES))

    def kind(self) -> None:
        one, other = self.entry(), self.entry()
        one.clear()
        one.update(json.loads(json.dumps(other)))

    def drop(self) -> None:
        at, key = self.random.choice(self.nodes())
        if isinstance(at, dict) or at:
            del at[key]

    def copy_attribute(self) -> None:
        """An attribute under the name of another."""
        entry = self.entry()
        names = list(entry.get("attributes") or ())
        if len(names) > 1:
            one, other = self.random.sample(names, 2)
            entry["attributes"][one] = json.loads(json.dumps(entry["attributes"][other]))

    def element(self) -> None:
        """Change numbers of an array: all, one, or a row."""
        import numpy

        full = [array for array in self.arrays if array.size]
        if not full:
            return
        array = self.random.choice(full)
        flat = array.reshape(-1, order="A")
        odd = self.random.choice((-1, 0, 1, 2, 1000000, (1 << 62), float("nan"), 1e300, 255))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            odd = numpy.array(odd).astype(array.dtype)
        many = self.random.choice((1, 1, 2, 5, flat.size))
        flat[[self.random.randrange(flat.size) for _ in range(many)]] = odd
        if self.random.random() < 0.2:
            flat[:] = flat[::-1].copy()
        array[...] = flat.reshape(array.shape, order="F" if array.flags.fnc else "C")

    def table(self) -> None:
        """Change an array's type, length, shape or order."""
        import numpy

        if not self.arrays:
            return
        at = self.random.randrange(len(self.arrays))
        array = self.arrays[at]
        way = self.random.randrange(8)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if way == 0:
                array = array[: len(array) // 2] if array.ndim else array
            elif way == 1:
                array = numpy.concatenate([array, array]) if array.ndim else array
            elif way == 2:
                array = array.reshape(-1)
            elif way == 3:
                array = numpy.asfortranarray(array.T if self.random.random() < 0.5 else array)
            elif way == 4:
                kinds = ("f8", "f4", "i8", "i4", "u1", "b1", "f2")
                array = array.astype(self.random.choice(kinds))
            elif way == 5:
                array = array[..., :1] if array.ndim else array
            elif way == 6:
                array = array.reshape(array.shape + (1,))
            else:
                array = array[:0] if array.ndim else array
        self.arrays[at] = array

    def write(self, path: str, container: str) -> None:
        entries = self.structure["arrays"]
        for entry, array in zip(entries, self.arrays):
            order = "F" if array.flags.fnc else "C"
            entry.update(dtype=array.dtype.str, shape=list(array.shape), order=order)
            entry["sha256"] = sealed.hashlib.sha256(sealed.raw(array, order)).hexdigest()
        inner = json.dumps(self.structure, separators=(",", ":"))
        text = '{"sha256":"%s","structure":%s}' % (sealed.digest(inner), inner)
        codefree.CONTAINERS[container].write(path, text, self.arrays)


def prepare(names: list) -> list:
    """Each model packed, with what it is asked."""
    registry.read()
    found = []
    for name in names:
        recipe = registry.MODELS[name]
        data = registry.data(recipe.data)
        model = recipe.build()
        model = model.fit(data.X) if data.y is None else model.fit(data.X, data.y)
        small = data._replace(
            ask=data.ask[:7], ask_y=None if data.ask_y is None else data.ask_y[:7]
        )
        found.append((name, sealed.pack(model), answers.questions(small)))
    return found


def one(seed: int, ready: list, container: str, folder: str) -> str:
    """Make a mutant, load it and ask it everything; the outcome in a word."""
    name, (text, arrays), asked = ready[seed % len(ready)]
    mutant = Mutant(text, arrays, seed)
    mutant.change()
    path = os.path.join(folder, "mutant-%d" % os.getpid())
    remove(path)
    try:
        mutant.write(path, container)
    except codefree.Cannot:
        return "unwritten"
    try:
        model = codefree.load(path, container)
    except codefree.Refused:
        return "refused"
    finally:
        remove(path)
    for question in asked.values():
        try:
            answers.encode(question(model))
        except MemoryError:
            return "memory"
        except Exception:
            continue
    try:
        repr(model)
    except Exception:
        return "no repr"
    return "asked"


def remove(path: str) -> None:
    if os.path.isdir(path):
        for name in os.listdir(path):
            os.remove(os.path.join(path, name))
        os.rmdir(path)
    elif os.path.exists(path):
        os.remove(path)


def child(seeds: list, out: int, ready: list, container: str, folder: str) -> None:
    """Work through the seeds; a line before and a line after each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    warnings.simplefilter("ignore")
    for seed in seeds:
        os.write(out, b"%d\n" % seed)
        try:
            word = one(seed, ready, container, folder)
        except BaseException as error:
            word = "raised %s: %s" % (type(error).__name__, str(error)[:200].replace("\n", " "))
        os.write(out, b"%d %s\n" % (seed, word.encode("ascii", "replace")))


def run(seeds: list, ready: list, container: str, folder: str) -> dict:
    """All seeds, in one child after another's death; outcomes by seed."""
    outcomes = {}
    while seeds:
        inner, out = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.setsid()  # what the models start dies with it
                os.close(inner)
                child(seeds, out, ready, container, folder)
            finally:
                os._exit(0)
        os.close(out)
        last, killed = watch(inner, pid, outcomes)
        _, status = os.waitpid(pid, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        if last is not None and last not in outcomes:
            signal_ = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            ended = "killed by %s" % signal.Signals(signal_).name if signal_ else "exited"
            outcomes[last] = "hang" if killed else ended
        seeds = [seed for seed in seeds if seed not in outcomes]
    return outcomes


def end(pid: int) -> None:
    """Kill the child with all that it started; before its setsid there is only itself."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(pid, signal.SIGKILL)


def watch(pipe: int, pid: int, outcomes: dict) -> tuple:
    """Read what the child says until its end, or kill it when it says nothing for long."""
    last, rest, killed = None, b"", False
    while True:
        ready, _, _ = select.select([pipe], [], [], SECONDS)
        if not ready:
            end(pid)
            killed = True
        more = os.read(pipe, 65536)
        if not more:
            break
        lines = (rest + more).split(b"\n")
        rest = lines.pop()
        for line in lines:
            number, _, word = line.decode().partition(" ")
            last = int(number)
            if word:
                outcomes[last] = word
    os.close(pipe)
    return last, killed


def main(container: str, first: int, count: int, folder: str, names: list) -> None:
    warnings.simplefilter("ignore")
    began = time.monotonic()
    ready = prepare(names or MODELS)
    outcomes = run(list(range(first, first + count)), ready, container, folder)
    counts: dict = {}
    for word in outcomes.values():
        counts[word.partition(":")[0]] = counts.get(word.partition(":")[0], 0) + 1
    good = ("refused", "asked", "unwritten", "memory", "no repr")
    bad = {
        str(seed): [ready[seed % len(ready)][0], word]
        for seed, word in sorted(outcomes.items())
        if word not in good
    }
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"counts": counts, "bad": bad, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:])
