"""Runs in the environment of the store: files made by hand, each of which has to be refused.

    python codefree_hostile.py FOLDER

prints {case: what became of it}. A case is a model, and a change of its structure or of the file.
"""

# ruff: noqa: PTH104, PTH107, PTH118, PTH123, PTH211
from __future__ import annotations

import io
import json
import os
import struct
import sys
import time
import warnings
import zipfile
import zlib

import codefree_child as child
import numpy
from worker import codefree, registry
from worker.codefree import as_hdf5, as_json, as_npz, sealed

CASES = {}  # name: (model, container, what is done)


def case(model: str, container: str = "npz"):
    """A function that changes a Mutant before it is written."""

    def register(change):
        CASES[change.__name__] = (model, container, change)
        return change

    return register


def after(container: str, model: str = "logreg.binary"):
    """A function that changes the file afterwards."""

    def register(change):
        CASES[change.__name__] = (model, container, lambda mutant: None, change)
        return change

    return register


def attributes(mutant, name, at=0):
    """Attributes of the object of that class which comes first, or `at` later."""
    found = [
        entry["attributes"]
        for entry in mutant.structure["objects"]
        if entry.get("class", "").endswith("." + name)
    ]
    return found[at]


def array(mutant, node):
    return mutant.arrays[node["array"]]


def column(mutant, node, field):
    """The array of a field of records."""
    return next(array(mutant, part[2]) for part in node["records"][1] if part[0] == field)


def tree(mutant):
    return next(e["of"] for e in mutant.structure["objects"] if e.get("made", "").endswith(".Tree"))


# -- names and shapes of the structure -------------------------------------------------------------


@case("logreg.binary")
def an_unlisted_class(mutant):
    mutant.structure["objects"][0]["class"] = "subprocess.Popen"


@case("logreg.binary")
def a_listed_beginning(mutant):
    mutant.structure["objects"][0]["class"] = "sklearn.datasets._base.os.mkdir"


@case("logreg.binary")
def the_public_name(mutant):
    mutant.structure["objects"][0]["class"] = "sklearn.linear_model.LogisticRegression"


@case("target.log")
def a_function_by_a_dotted_name(mutant):
    attributes(mutant, "TransformedTargetRegressor")["func"] = {"constant": "numpy.f2py.os.system"}


@case("target.log")
def a_function_that_is_not_listed(mutant):
    attributes(mutant, "TransformedTargetRegressor")["func"] = {"constant": "numpy.save"}


@case("logreg.binary")
def a_dunder_attribute(mutant):
    attributes(mutant, "LogisticRegression")["__class__"] = "x"


@case("logreg.binary")
def a_method_that_is_hidden(mutant):
    attributes(mutant, "LogisticRegression")["predict"] = {"constant": "numpy.log1p"}


@case("svr.rbf")
def a_hidden_attribute_of_the_class(mutant):
    attributes(mutant, "SVR")["_impl"] = "c_svc"


@case("logreg.binary")
def deep_nesting(mutant):
    node = 1
    for _ in range(500):
        node = [node]
    attributes(mutant, "LogisticRegression")["C"] = node


@case("voting.hard")
def a_circle_of_objects(mutant):
    attributes(mutant, "VotingClassifier")["estimators"] = [{"tuple": ["a", {"object": 0}]}]


@case("gpr.quadratic")
def kernels_that_double(mutant):
    objects = mutant.structure["objects"]
    base = len(objects)
    for n in range(64):
        inner = {"object": base + n + 1}
        objects.append(
            {
                "class": "sklearn.gaussian_process.kernels.Sum",
                "attributes": {"k1": inner, "k2": inner},
            }
        )
    objects.append({"class": "sklearn.gaussian_process.kernels.DotProduct", "attributes": {}})
    attributes(mutant, "GaussianProcessRegressor")["kernel_"] = {"object": base}


@case("logreg.binary")
def an_object_that_nothing_refers_to(mutant):
    name = "sklearn.linear_model._ridge.Ridge"
    mutant.structure["objects"].append({"class": name, "attributes": {}})


@case("logreg.binary")
def an_array_that_nothing_refers_to(mutant):
    mutant.structure["arrays"].append(dict(mutant.structure["arrays"][0]))
    mutant.arrays.append(mutant.arrays[0])


@case("logreg.binary")
def another_root(mutant):
    mutant.structure["root"] = [{"object": 0}]


# -- what code in C trusts -------------------------------------------------------------------------


@case("forest.classifier")
def a_child_beyond_the_tree(mutant):
    column(mutant, tree(mutant)["nodes"], "left_child")[0] = 1 << 40


@case("forest.classifier")
def a_child_that_is_its_parent(mutant):
    column(mutant, tree(mutant)["nodes"], "right_child")[0] = 0


@case("forest.classifier")
def two_parents_of_a_node(mutant):
    nodes = tree(mutant)["nodes"]
    column(mutant, nodes, "left_child")[0] = column(mutant, nodes, "right_child")[0]


@case("forest.classifier")
def a_feature_beyond_the_columns(mutant):
    column(mutant, tree(mutant)["nodes"], "feature")[0] = 1 << 30


@case("forest.classifier")
def a_tree_of_other_columns(mutant):
    tree(mutant)["n_features"] += 1000


@case("tree.classifier")
def a_tree_without_columns(mutant):
    del attributes(mutant, "DecisionTreeClassifier")["n_features_in_"]


@case("tree.classifier")
def a_tree_deeper_than_it_says(mutant):
    tree(mutant)["max_depth"] = 0


@case("tree.classifier")
def a_tree_less_deep_than_it_says(mutant):
    tree(mutant)["max_depth"] = 1 << 40


@case("tree.outputs")
def classes_without_values(mutant):
    array(mutant, tree(mutant)["n_classes"])[:] = 1 << 40


@case("tree.classifier")
def fewer_values_than_nodes(mutant):
    place = tree(mutant)["values"]["array"]
    mutant.arrays[place] = mutant.arrays[place][:1]


@case("gb.multiclass")
def a_first_guess_of_fewer_classes(mutant):
    guess = attributes(mutant, "DummyClassifier")
    guess["n_classes_"] = {"numpy": ["<i8", 2]}
    place = guess["class_prior_"]["array"]
    mutant.arrays[place] = mutant.arrays[place][:2]


@case("gb.multiclass")
def other_trees_in_an_iteration(mutant):
    attributes(mutant, "GradientBoostingClassifier")["n_trees_per_iteration_"] = 1


@case("gb.classifier")
def a_link_that_takes_the_largest(mutant):
    place = attributes(mutant, "HalfBinomialLoss")["link"]["object"]
    attributes(mutant, "LogitLink")["interval_y_pred"] = 1
    mutant.structure["objects"][place] = {"bunch": [["link", {"constant": "numpy.max"}]]}


@case("gb.init")
def a_first_guess_by_a_broadcast(mutant):
    place = attributes(mutant, "LogisticRegression")["intercept_"]["array"]
    mutant.arrays[place] = numpy.zeros((3, 1))


@case("histgb.classifier")
def a_histogram_node_beyond_the_tree(mutant):
    column(mutant, attributes(mutant, "TreePredictor")["nodes"], "right")[0] = 1 << 31


@case("histgb.classifier")
def a_histogram_feature_beyond_the_columns(mutant):
    column(mutant, attributes(mutant, "TreePredictor")["nodes"], "feature_idx")[0] = 1 << 40


@case("histgb.classifier")
def bits_of_categories_that_are_not_there(mutant):
    nodes = attributes(mutant, "TreePredictor")["nodes"]
    column(mutant, nodes, "is_categorical")[0] = 1
    column(mutant, nodes, "bitset_idx")[0] = 1 << 30


@case("histgb.classifier-categorical")
def a_preprocessor_that_drops_columns(mutant):
    parts = attributes(mutant, "ColumnTransformer")["transformers_"]
    array(mutant, parts[0]["tuple"][2])[:] = False


@case("histgb.classifier-categorical")
def a_preprocessor_that_takes_the_largest(mutant):
    attributes(mutant, "FunctionTransformer", 1)["func"] = {"constant": "numpy.max"}


@case("svc.rbf")
def more_support_vectors_than_there_are(mutant):
    array(mutant, attributes(mutant, "SVC")["_n_support"])[0] += 1000


@case("svc.rbf")
def fewer_coefficients_than_vectors(mutant):
    place = attributes(mutant, "SVC")["_dual_coef_"]["array"]
    mutant.arrays[place] = mutant.arrays[place][:, :1].copy()


@case("svc.rbf")
def fewer_columns_of_support_vectors(mutant):
    place = attributes(mutant, "SVC")["support_vectors_"]["array"]
    mutant.arrays[place] = mutant.arrays[place][:, :1].copy()


@case("svc.rbf")
def fewer_intercepts_than_pairs(mutant):
    place = attributes(mutant, "SVC")["_intercept_"]["array"]
    mutant.arrays[place] = mutant.arrays[place][:1]


@case("svc.precomputed")
def a_support_vector_beyond_the_kernel(mutant):
    array(mutant, attributes(mutant, "SVC")["support_"])[0] = 1 << 30


@case("svc.chi2-kernel")
def a_kernel_that_takes_the_mean(mutant):
    attributes(mutant, "SVC")["kernel"] = {"constant": "numpy.mean"}


@case("svc.sparse")
def probabilities_that_are_not_there(mutant):
    attributes(mutant, "SVC")["_effective_probability"] = True


@case("knn.sparse")
def a_sparse_index_beyond_the_columns(mutant):
    entry = next(e for e in mutant.structure["objects"] if "csr" in e.get("made", ""))
    array(mutant, entry["of"]["indices"])[0] = 1 << 30


@case("knn.sparse")
def sparse_rows_that_go_back(mutant):
    entry = next(e for e in mutant.structure["objects"] if "csr" in e.get("made", ""))
    array(mutant, entry["of"]["indptr"])[1] = 1 << 30


@case("knn.multilabel")
def neighbours_with_other_columns(mutant):
    attributes(mutant, "KNeighborsClassifier")["n_features_in_"] = 1000


@case("knn.uniform")
def a_label_beyond_the_classes(mutant):
    array(mutant, attributes(mutant, "KNeighborsClassifier")["_y"])[0] = 1 << 40


@case("knn.uniform")
def a_tree_of_neighbours_that_is_none(mutant):
    place = len(mutant.structure["objects"])
    mutant.structure["objects"].append({"bunch": [["query", {"constant": "numpy.clip"}]]})
    attributes(mutant, "KNeighborsClassifier")["_tree"] = {"object": place}


@case("density.kernel")
def weights_of_fewer_rows(mutant):
    entry = next(e for e in mutant.structure["objects"] if "KDTree" in e.get("made", ""))
    mutant.structure["arrays"].append(dict(mutant.structure["arrays"][0]))
    mutant.arrays.append(numpy.ones(1))
    entry["of"]["weights"] = {"array": len(mutant.arrays) - 1}


@case("kmeans.lloyd")
def centres_with_other_columns(mutant):
    place = attributes(mutant, "KMeans")["cluster_centers_"]["array"]
    mutant.arrays[place] = mutant.arrays[place][:, :1].copy()


@case("kmeans.lloyd")
def a_hundred_thousand_threads(mutant):
    attributes(mutant, "KMeans")["_n_threads"] = 100000


@case("birch.tree")
def fewer_norms_than_centres(mutant):
    place = attributes(mutant, "Birch")["_subcluster_norms"]["array"]
    mutant.arrays[place] = mutant.arrays[place][:1]


@case("onehot.drop")
def fewer_columns_than_categories(mutant):
    attributes(mutant, "OneHotEncoder")["_n_features_outs"] = [1, 1, 1]


@case("onehot.infrequent")
def new_numbers_beyond_the_columns(mutant):
    node = attributes(mutant, "OneHotEncoder")["_default_to_infrequent_mappings"]
    array(mutant, node[1])[0] = 1 << 40


@case("kbins.onehot")
def categories_out_of_order(mutant):
    node = attributes(mutant, "OneHotEncoder")["categories_"]
    array(mutant, node[0])[:] = array(mutant, node[0])[::-1].copy()


@case("text.count")
def a_word_beyond_the_columns(mutant):
    attributes(mutant, "CountVectorizer")["vocabulary_"]["dict"][0][1] = 1 << 40


@case("text.count")
def a_pattern_that_never_ends(mutant):
    attributes(mutant, "CountVectorizer")["token_pattern"] = r"(\w+\s?)+$"


@case("text.count")
def words_that_are_files(mutant):
    attributes(mutant, "CountVectorizer")["input"] = "filename"


@case("feature-hasher.dicts")
def hashes_divided_by_nothing(mutant):
    attributes(mutant, "FeatureHasher")["n_features"] = 0


@case("ovr.multilabel")
def labels_that_are_scored_twice(mutant):
    place = attributes(mutant, "LogisticRegression", 1)["coef_"]["array"]
    mutant.arrays[place] = numpy.concatenate([mutant.arrays[place]] * 2)


@case("spline.linear")
def fewer_knots_than_coefficients(mutant):
    entry = next(e for e in mutant.structure["objects"] if "BSpline" in e.get("made", ""))
    place = entry["of"]["t"]["array"]
    mutant.arrays[place] = mutant.arrays[place][:2]


@case("gb.classifier")
def a_random_state_beyond_its_key(mutant):
    entry = next(e for e in mutant.structure["objects"] if "RandomState" in e.get("made", ""))
    entry["of"]["pos"] = 1 << 30


@case("gb.classifier")
def a_random_state_of_zeros(mutant):
    entry = next(e for e in mutant.structure["objects"] if "RandomState" in e.get("made", ""))
    array(mutant, entry["of"]["key"])[:] = 0


@case("hdbscan.leaf")
def a_link_to_a_cluster_that_is_not_there(mutant):
    node = attributes(mutant, "HDBSCAN")["_single_linkage_tree_"]
    column(mutant, node, "left_node")[0] = 1 << 40


@case("agglomerative.features")
def a_label_of_a_column_beyond_counting(mutant):
    array(mutant, attributes(mutant, "FeatureAgglomeration")["labels_"])[0] = 1 << 40


def added(mutant, data):
    """A node of one more array."""
    mutant.structure["arrays"].append(
        {"name": "", "dtype": "", "shape": [], "order": "", "sha256": ""}
    )
    mutant.arrays.append(data)
    return {"array": len(mutant.arrays) - 1}


def listed(mutant, entry):
    """A node of one more object."""
    mutant.structure["objects"].append(entry)
    return {"object": len(mutant.structure["objects"]) - 1}


@case("function.keywords")
def a_keyword_that_is_written_into(mutant):
    node = added(mutant, numpy.zeros(4))
    attributes(mutant, "FunctionTransformer")["kw_args"] = {"dict": [["out", node]]}


@case("function.keywords")
def a_keyword_that_is_an_array(mutant):
    node = added(mutant, numpy.zeros(4))
    attributes(mutant, "FunctionTransformer")["kw_args"] = {"dict": [["a_min", node]]}


@case("function.keywords")
def keywords_that_ask_for_processes(mutant):
    attributes(mutant, "FunctionTransformer")["kw_args"] = {"dict": [["n_jobs", 3000]]}


@case("function.keywords")
def a_function_of_kmeans_on_its_own(mutant):
    name = "sklearn.cluster._kmeans._kmeans_single_lloyd"
    attributes(mutant, "FunctionTransformer")["func"] = {"constant": name}


@case("kernel-ridge.rbf")
def a_kernel_that_writes_into_its_second_row(mutant):
    attributes(mutant, "KernelRidge")["kernel"] = {"constant": "numpy.log1p"}


@case("knn.ball-tree-weighted")
def fewer_variances_than_columns(mutant):
    node = attributes(mutant, "KNeighborsClassifier")["metric_params"]["dict"][0][1]
    given = {"dict": [["V", added(mutant, array(mutant, node)[:1].copy())]]}
    attributes(mutant, "KNeighborsClassifier")["effective_metric_params_"] = given


@case("knn.brute-cosine")
def lengths_of_rows_that_are_given(mutant):
    given = {"dict": [["Y_norm_squared", added(mutant, numpy.zeros(1))]]}
    attributes(mutant, "KNeighborsClassifier")["effective_metric_params_"] = given


@case("histgb.classifier")
def bins_of_no_columns(mutant):
    owner = attributes(mutant, "_BinMapper")
    owner["more"], owner["bin_thresholds_"] = owner["bin_thresholds_"], []


@case("histgb.classifier")
def a_hundred_thousand_threads_of_bins(mutant):
    attributes(mutant, "_BinMapper")["n_threads"] = 100000


@case("histgb.classifier")
def a_model_that_is_being_fitted(mutant):
    attributes(mutant, "HistGradientBoostingClassifier")["_in_fit"] = True


@case("histgb.classifier")
def fewer_bits_of_bins(mutant):
    owner = attributes(mutant, "TreePredictor")
    owner["more"] = owner["binned_left_cat_bitsets"]
    owner["binned_left_cat_bitsets"] = added(mutant, numpy.zeros((7, 8), "u4"))


@case("glm.poisson")
def the_loss_of_another_model(mutant):
    entry = next(e for e in mutant.structure["objects"] if e.get("class", "").endswith("Loss"))
    entry["class"] = "sklearn._loss.loss.HalfMultinomialLoss"


@case("glm.poisson")
def a_loss_computed_as_another(mutant):
    entry = next(e for e in mutant.structure["objects"] if "_loss.Cy" in e.get("made", ""))
    entry["made"] = "sklearn._loss._loss.CyHalfMultinomialLoss"


@case("glm.poisson")
def coefficients_of_several_classes(mutant):
    place = attributes(mutant, "PoissonRegressor")["coef_"]["array"]
    mutant.arrays[place] = numpy.zeros((len(mutant.arrays[place]), 3))


@case("polynomial.interactions")
def columns_that_are_never_filled(mutant):
    attributes(mutant, "PolynomialFeatures")["_n_out_full"] = 4000


@case("birch.tree")
def leaves_in_a_circle(mutant):
    leaf = attributes(mutant, "Birch")["dummy_leaf_"]["object"]
    mutant.structure["objects"][leaf]["attributes"]["next_leaf_"] = {"object": leaf}


# -- what takes for ever ---------------------------------------------------------------------------


@case("nmf.coordinate")
def an_iteration_without_end(mutant):
    attributes(mutant, "NMF")["max_iter"] = 1 << 60


@case("nmf.coordinate")
def a_tolerance_that_is_never_reached(mutant):
    attributes(mutant, "NMF")["tol"] = -1.0


@case("sampler.additive-chi2")
def columns_without_end(mutant):
    attributes(mutant, "AdditiveChi2Sampler")["sample_steps"] = 1 << 40


@case("forest.classifier")
def thousands_of_processes(mutant):
    attributes(mutant, "RandomForestClassifier")["n_jobs"] = 4096


@case("function.keywords")
def a_step_that_is_done_for_ever(mutant):
    inner = {"object": 0}
    for _ in range(17):
        steps = [{"tuple": [name, inner]} for name in "ab"]
        named = {"class": "sklearn.pipeline.Pipeline", "attributes": {"steps": steps}}
        inner = listed(mutant, named)
    mutant.structure["root"] = inner


@case("function.keywords", "json-gzip")
def words_that_are_wide_and_many(mutant):
    wide = {"words": ["<U16000000", [1], ["a"]]}
    attributes(mutant, "FunctionTransformer")["more"] = [wide] * 40


@case("function.keywords", "json-gzip")
def records_that_are_wide(mutant):
    records = {"records": [4096, [["a", 0, added(mutant, numpy.zeros(200000, "i1"))]]]}
    attributes(mutant, "FunctionTransformer")["more"] = records


@case("function.keywords", "json-gzip")
def records_made_of_one_array_again_and_again(mutant):
    records = {"records": [8, [["a", 0, added(mutant, numpy.zeros(2000000))]]]}
    attributes(mutant, "FunctionTransformer")["more"] = [records] * 1000


@case("density.kernel", "json-gzip")
def a_tree_that_is_built_again_and_again(mutant):
    entry = next(e for e in mutant.structure["objects"] if "KDTree" in e.get("made", ""))
    entry["of"]["data"] = added(mutant, numpy.zeros((200000, 1)))
    again = [listed(mutant, entry) for _ in range(500)]
    attributes(mutant, "KernelDensity")["more"] = again


@after("json-gzip")
def lists_that_fold_into_nothing(path):
    inner = b'"structure":{"root":[' + b"[]," * 20000000 + b"0]}}\n"
    whole = b'{"sha256":"' + sealed.digest(inner.decode()).encode() + b'",\n' + inner
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(whole) + packer.flush()
    tail = struct.pack("<LL", zlib.crc32(whole), len(whole))
    with open(path, "wb") as file:
        file.write(as_json.GZIP_HEAD + data + tail)


@after("hdf5")
def chunks_of_one_number(path):
    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        data = arrays["0000"]
        file.create_dataset("arrays/0000", data=data, chunks=(1,) * data.ndim, **KEPT)

    hdf5(path, write)


def piped(path):
    os.remove(path)
    os.mkfifo(path)


@after("json")
def a_pipe_of_json(path):
    piped(path)


@after("npz")
def a_pipe_of_npz(path):
    piped(path)


@after("hdf5")
def a_pipe_of_hdf5(path):
    piped(path)


@after("safetensors")
def a_pipe_of_safetensors(path):
    piped(path)


@after("json")
def a_device_that_never_ends(path):
    os.remove(path)
    os.symlink("/dev/zero", path)


# -- files -----------------------------------------------------------------------------------------


def zipped(path, members, **more):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = as_npz.MODE
            for key, value in more.items():
                setattr(info, key, value)
            archive.writestr(info, data)


def members(path):
    with zipfile.ZipFile(path) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


@after("npz")
def a_member_more(path):
    zipped(path, [*members(path), ("more.npy", b"")])


@after("npz")
def a_member_twice(path):
    found = members(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        zipped(path, [*found, found[-1]])


@after("npz")
def a_member_outside_the_folder(path):
    found = members(path)
    zipped(path, [*found[:-1], ("../../" + found[-1][0], found[-1][1])])


@after("npz")
def a_pickled_array_of_objects(path):
    found = dict(members(path))
    file = io.BytesIO()
    numpy.save(file, numpy.array([{}], dtype=object), allow_pickle=True)
    found["0000.npy"] = file.getvalue()
    zipped(path, found.items())


@after("npz")
def a_header_that_asks_for_a_terabyte(path):
    found = dict(members(path))
    found["0000.npy"] = as_npz.header("<f8", False, [1 << 37]) + bytes(8)
    zipped(path, found.items())


@after("npz-deflate")
def a_zip_bomb(path):
    zipped(path, [("structure.json", bytes(1 << 28))], compress_type=zipfile.ZIP_DEFLATED)


@after("npz")
def something_before_the_zip(path):
    with open(path, "rb") as file:
        whole = file.read()
    with open(path, "wb") as file:
        file.write(b"#!/bin/sh\n" + whole)


@after("json-gzip")
def a_gzip_bomb(path):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    with open(path, "wb") as file:
        for _ in range(512):
            file.write(packer.compress(bytes(1 << 20)))
        file.write(packer.flush())


@after("json")
def lists_without_end(path):
    inner = b'"structure":' + b"[" * 1000000
    write_json(path, inner)


@after("json")
def a_key_twice(path):
    with open(path, "rb") as file:
        inner = file.read().partition(b"\n")[2]
    write_json(path, inner.replace(b'"store":1', b'"store":1,"store":1'))


@after("json")
def a_number_of_a_million_digits(path):
    with open(path, "rb") as file:
        inner = file.read().partition(b"\n")[2]
    write_json(path, inner.replace(b'"store":1', b'"store":' + b"9" * 1000000))


def write_json(path, inner):
    digest = sealed.hashlib.sha256(inner).hexdigest().encode()
    with open(path, "wb") as file:
        file.write(b'{"sha256":"' + digest + b'",\n' + inner)


@after("text")
def a_link_in_the_folder(path):
    name = os.path.join(path, "0000.txt")
    os.rename(name, path + ".elsewhere")
    os.symlink(path + ".elsewhere", name)


@after("text")
def a_pipe_in_the_folder(path):
    os.remove(os.path.join(path, "0000.txt"))
    os.mkfifo(os.path.join(path, "0000.txt"))


@after("text")
def a_file_more(path):
    with open(os.path.join(path, "more.txt"), "w") as file:
        file.write("1\n")


@after("text")
def a_digest_of_a_file_outside(path):
    name = os.path.join(path, "SHA256SUMS")
    with open(name) as file:
        text = file.read()
    with open(name, "w") as file:
        file.write(text.replace("0000.txt", "../../../etc/passwd"))


@after("safetensors")
def a_tensor_more(path):
    import safetensors.numpy

    with safetensors.safe_open(path, framework="numpy") as file:
        text = file.metadata()["shelflife"]
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    tensors["more"] = numpy.zeros(1)
    safetensors.numpy.save_file(tensors, path, metadata={"shelflife": text})


@after("safetensors")
def a_header_that_is_longer_than_the_file(path):
    with open(path, "r+b") as file:
        file.write(struct.pack("<Q", 1 << 60))


def hdf5(path, write):
    """Make the file anew with its own structure, and seal it as an attacker would."""
    import h5py

    with h5py.File(path, "r") as file:
        text = bytes(file["structure"][0])
        arrays = {name: file["arrays"][name][()] for name in file["arrays"]}
    os.rename(path, path + ".honest")
    with h5py.File(path, "w", userblock_size=as_hdf5.BLOCK) as file:
        write(file, text, arrays)
    with open(path, "r+b") as file:
        file.write(as_hdf5.block(path))


KEPT = {"compression": "gzip", "compression_opts": 4, "shuffle": True, "fletcher32": True}


def structure(file, text):
    file.create_dataset("structure", data=numpy.array([text]), chunks=(1,), **KEPT)


def others(file, arrays, but=()):
    for name, data in arrays.items():
        if name not in but:
            file.create_dataset("arrays/" + name, data=data, chunks=True, **KEPT)


@after("hdf5")
def an_external_link(path):
    import h5py

    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        file["arrays/0000"] = h5py.ExternalLink(path + ".honest", "/arrays/0000")

    hdf5(path, write)


@after("hdf5")
def a_soft_link(path):
    import h5py

    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        file["arrays/0000"] = h5py.SoftLink("/arrays/0001")

    hdf5(path, write)


@after("hdf5")
def storage_in_another_file(path):
    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        data = arrays["0000"]
        more = {"external": [("/etc/hostname", 0, data.nbytes)]}
        file.create_dataset("arrays/0000", shape=data.shape, dtype=data.dtype, **more)

    hdf5(path, write)


@after("hdf5")
def a_virtual_dataset(path):
    import h5py

    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        data = arrays["0000"]
        layout = h5py.VirtualLayout(shape=data.shape, dtype=data.dtype)
        layout[...] = h5py.VirtualSource(path + ".honest", "arrays/0000", shape=data.shape)
        file.create_virtual_dataset("arrays/0000", layout)

    hdf5(path, write)


@after("hdf5")
def no_checksum(path):
    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        file.create_dataset("arrays/0000", data=arrays["0000"], chunks=True, compression="gzip")

    hdf5(path, write)


@after("hdf5")
def a_chunk_that_unfolds_to_a_gigabyte(path):
    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        data = arrays["0000"]
        made = file.create_dataset("arrays/0000", data=data, chunks=data.shape, **KEPT)
        packer = zlib.compressobj(9)
        packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()
        made.id.write_direct_chunk((0,) * data.ndim, packed + bytes(4))

    hdf5(path, write)


@after("hdf5")
def a_chunk_without_filters(path):
    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        data = arrays["0000"]
        made = file.create_dataset("arrays/0000", data=data, chunks=data.shape, **KEPT)
        made.id.write_direct_chunk((0,) * data.ndim, data.tobytes(), filter_mask=7)

    hdf5(path, write)


@after("hdf5")
def a_chunk_that_is_missing(path):
    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        data = arrays["0000"]
        file.create_dataset("arrays/0000", shape=data.shape, dtype=data.dtype, chunks=True, **KEPT)

    hdf5(path, write)


@after("hdf5")
def a_dataset_of_objects(path):
    import h5py

    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays, ["0000"])
        shape = arrays["0000"].shape
        file.create_dataset("arrays/0000", shape=shape, dtype=h5py.special_dtype(vlen=str))

    hdf5(path, write)


@after("hdf5")
def another_group(path):
    def write(file, text, arrays):
        structure(file, text)
        others(file, arrays)
        file.create_group("more")

    hdf5(path, write)


def become(name: str, ready: dict, folder: str) -> str:
    """Make the file of a case, load it, and ask it if that worked."""
    model, container, change, *afterwards = CASES[name]
    _, (text, arrays), asked = ready[model]
    mutant = child.Mutant(text, arrays, 0)
    change(mutant)
    path = os.path.join(folder, name)
    mutant.write(path, container)
    for done in afterwards:
        done(path)
    began = time.monotonic()
    try:
        loaded = codefree.load(path, container)
    except codefree.Refused as error:
        return ("refused: %s" if time.monotonic() - began < 5 else "late: %s") % error
    for question in asked.values():
        with child.contextlib.suppress(Exception):
            question(loaded)
    return "loaded"


def main(folder: str) -> None:
    warnings.simplefilter("ignore")
    registry.read()
    ready = {name: child.prepare([name])[0] for name in {case[0] for case in CASES.values()}}
    names = sorted(CASES)
    child.one = lambda seed, *rest: become(names[seed], ready, folder)
    outcomes = child.run(list(range(len(names))), [], "", folder)
    print(json.dumps({names[seed]: word for seed, word in outcomes.items()}))


if __name__ == "__main__":
    main(sys.argv[1])
