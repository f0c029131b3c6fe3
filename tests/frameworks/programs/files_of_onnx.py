"""Writes models of ONNX into the working directory: converted, built by hand, quantized, with weights beside them."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import quantize_dynamic
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

chance = np.random.default_rng(0)
features = chance.random((60, 4)).astype(np.float32)
labels = np.arange(60) % 2
converted = {
    "pipeline": make_pipeline(StandardScaler(), LogisticRegression()).fit(features, labels),
    "forest": RandomForestClassifier(5).fit(features, labels),
    "linear": LinearRegression().fit(features, labels),
}
for name, model in converted.items():
    onnx.save(to_onnx(model, features[:1]), f"{name}.onnx")


def layers() -> onnx.ModelProto:
    """Two layers with a branch, so that a graph is in the attribute of a node."""
    weights = [numpy_helper.from_array(chance.random((64, 64), np.float32), f"w{number}") for number in range(2)]
    value = helper.make_tensor_value_info("inner", TensorProto.FLOAT, None)
    branches = {
        f"{name}_branch": helper.make_graph([helper.make_node(kind, ["h"], ["inner"])], name, [], [value])
        for name, kind in (("then", "Relu"), ("else", "Tanh"))
    }
    nodes = [
        helper.make_node("MatMul", ["x", "w0"], ["h"]),
        helper.make_node("If", ["flag"], ["b"], **branches),
        helper.make_node("MatMul", ["b", "w1"], ["y"]),
    ]
    inputs = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 64]),
        helper.make_tensor_value_info("flag", TensorProto.BOOL, []),
    ]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 64])]
    graph = helper.make_graph(nodes, "layers", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def with_function() -> onnx.ModelProto:
    """A node that the model itself says how to calculate."""
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("mine", 1)]
    twice = helper.make_function(
        "mine", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], opsets[:1]
    )
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2]) for name in "xy"]
    graph = helper.make_graph([helper.make_node("Twice", ["x"], ["y"], domain="mine")], "g", value[:1], value[1:])
    return helper.make_model(graph, opset_imports=opsets, functions=[twice], ir_version=10)


onnx.save(layers(), "layers.onnx")
onnx.save(with_function(), "function.onnx")
quantize_dynamic("layers.onnx", "quantized.onnx")
onnx.save_model(layers(), "beside.onnx", save_as_external_data=True, location="beside.onnx.data", size_threshold=0)
