"""Claim 10: an ONNX session of a forest of three million nodes, with and without optimisation."""

import os

DEPTH, FEATURES = 8, 50  # 511 nodes each; LightGBM makes 61 unless told otherwise


def prepare(case, folder):
    """A classifier of full trees, each of 2 ** (DEPTH + 1) - 1 nodes, made without any library."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper

    trees = int(case.split("-")[1])
    random = np.random.default_rng(0)
    nodes, inner = 2 ** (DEPTH + 1) - 1, 2**DEPTH - 1
    ids = np.arange(nodes)
    leaf = ids >= inner
    left, right = np.where(leaf, 0, 2 * ids + 1), np.where(leaf, 0, 2 * ids + 2)
    leaves = nodes - inner
    modes = (["BRANCH_LEQ"] * inner + ["LEAF"] * leaves) * trees
    every = np.repeat(np.arange(trees), nodes)
    node = helper.make_node(
        "TreeEnsembleClassifier", ["X"], ["label", "scores"], domain="ai.onnx.ml",
        nodes_treeids=every, nodes_nodeids=np.tile(ids, trees),
        nodes_featureids=np.where(np.tile(leaf, trees), 0,
                                  random.integers(0, FEATURES, trees * nodes)),
        nodes_values=random.standard_normal(trees * nodes).astype("f4"),
        nodes_modes=modes, nodes_truenodeids=np.tile(left, trees),
        nodes_falsenodeids=np.tile(right, trees),
        nodes_missing_value_tracks_true=np.zeros(trees * nodes, "i8"),
        class_treeids=np.repeat(np.arange(trees), leaves),
        class_nodeids=np.tile(ids[leaf], trees), class_ids=np.zeros(trees * leaves, "i8"),
        class_weights=random.standard_normal(trees * leaves).astype("f4") / trees,
        classlabels_int64s=[0, 1], post_transform="LOGISTIC",
    )  # fmt: skip
    graph = helper.make_graph(
        [node], "forest",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, FEATURES])],
        [helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
         helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, 2])],
    )  # fmt: skip
    imports = [helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", 1)]
    model = helper.make_model(graph, opset_imports=imports, ir_version=8)
    path = os.path.join(folder, "forest.onnx")
    onnx.save(model, path)
    return {"optimised": path, "as it is": path}


def visit(case, arm, path, clock):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    if arm == "as it is":
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    clock("load-warm", session, path, options)


def session(path, options):
    import onnxruntime

    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
