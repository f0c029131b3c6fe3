"""ONNX: a graph, whose signature needs no example."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from moorage import Client
from onnx import TensorProto, helper, numpy_helper

registry = Client()
weights = numpy_helper.from_array(np.arange(12, dtype=np.float32).reshape(4, 3), "weights")
graph = helper.make_graph(
    [helper.make_node("MatMul", ["rows", "weights"], ["scores"])],
    "scoring",
    [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["batch", 4])],
    [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", 3])],
    [weights],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)

version = registry.log(model, "scoring")
assert version.framework["name"] == "onnx"
assert version.signature == {
    "inputs": [{"name": "rows", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 4]}}],
    "outputs": [{"name": "scores", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}],
}
loaded = registry.load("scoring/1")
rows = np.random.default_rng(7).random((5, 4), dtype=np.float32)
(before,), (after,) = (
    onnxruntime.InferenceSession(one.SerializeToString()).run(None, {"rows": rows}) for one in (model, loaded)
)
assert np.array_equal(before, after)

# A graph that names a file of this machine for its weights gets nothing from it.
Path("secret").write_bytes(bytes(48))
outside = onnx.ModelProto.FromString(model.SerializeToString())
tensor = outside.graph.initializer[0]
tensor.ClearField("raw_data")
tensor.data_location = TensorProto.EXTERNAL
tensor.external_data.add(key="location", value="../secret")
onnx.save_model(outside, "model.onnx")
registry.download("scoring", 1, "copy", paths=["moorage.json"])
registry.register("scoring", files={"moorage.json": "copy/moorage.json", "model.onnx": "model.onnx"})
assert not registry.load("scoring/2").graph.initializer[0].raw_data
