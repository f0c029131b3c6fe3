"""Writes weights without code into the working directory: arrays of NumPy, safetensors and GGUF."""

import gguf
import numpy as np
from safetensors.numpy import save_file

chance = np.random.default_rng(0)
weights = {f"layer.{number}": chance.random((8, 32), np.float32) for number in range(4)}
template = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"

np.save("array.npy", weights["layer.0"])
np.save("records.npy", np.zeros(3, dtype=[("name", "U8"), ("score", "f4")]))
np.save("column_order.npy", np.asfortranarray(weights["layer.0"]))
np.savez("arrays.npz", **weights)
np.savez_compressed("packed.npz", **weights)

kinds = {f"of {kind}": np.ones(3, kind) for kind in ("?", "i1", "u2", "i8", "f2", "f4", "f8", "c8")}
save_file(weights, "model.safetensors", metadata={"format": "np"})
save_file(kinds, "kinds.safetensors")
save_file({}, "empty.safetensors")

for name, kind in {"whole": None, "half": np.float16, "quantized": gguf.GGMLQuantizationType.Q8_0}.items():
    writer = gguf.GGUFWriter(f"{name}.gguf", "llama")
    writer.add_name("tiny")
    writer.add_license("apache-2.0")
    writer.add_context_length(64)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(["<s>", "</s>", "a", "b"])
    writer.add_token_types([3, 3, 1, 1])
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(0)
    writer.add_chat_template(template)
    for label, values in weights.items():
        if isinstance(kind, gguf.GGMLQuantizationType):
            writer.add_tensor(label, gguf.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(label, values if kind is None else values.astype(kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
