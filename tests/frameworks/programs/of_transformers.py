"""transformers: a model, a pipeline with its tokenizer, and a model of a class that transformers does not have."""

from pathlib import Path

import torch
import transformers
from expecting import overwrite, refused
from moorage import Client, IncompatibleModelError
from moorage.frameworks.load import load

registry = Client()
config = transformers.BertConfig(
    vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, num_labels=2
)
model = transformers.BertForSequenceClassification(config).eval()
example = {"input_ids": torch.randint(0, 50, (2, 7))}

version = registry.log(model, "sentiment", example=example)
assert version.framework["name"] == "transformers" and version.tags == {}
assert [entry["name"] for entry in version.signature["outputs"]] == ["logits"]
paths = [file.path for file in registry.versions.files("sentiment", 1)]
assert paths == ["model/config.json", "model/model.safetensors", "moorage.json", "requirements.txt"]
loaded = registry.load("sentiment/1")
assert type(loaded) is type(model) and torch.equal(loaded(**example).logits, model(**example).logits)

Path("vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad"]))
pipeline = transformers.pipeline("text-classification", model=model, tokenizer=transformers.BertTokenizer("vocab.txt"))
version = registry.log(pipeline, "sentiment", example=["good", "bad"])
assert [entry["name"] for entry in version.signature["outputs"]] == ["label", "score"]
assert registry.load("sentiment/2")(["good", "bad good"]) == pipeline(["good", "bad good"])


class Ours(transformers.BertForSequenceClassification):
    """A class that transformers does not have."""


registry.log(Ours(config), "sentiment")
with refused(IncompatibleModelError, "sentiment/3", "give the class as into="):
    registry.load("sentiment/3")
assert isinstance(registry.load("sentiment/3", into=Ours), Ours)

# What was loaded stays as it is, whatever becomes of the files.
registry.download("sentiment", 1, "kept")
loaded = load("sentiment", 1, Path("kept"), (), (), None)
overwrite(Path("kept/model/model.safetensors"))
assert torch.equal(loaded(**example).logits, model(**example).logits)

# Weights in a pickle are not read, whatever the descriptor says.
registry.download("sentiment", 1, "copy")
torch.save(model.state_dict(), "copy/model/pytorch_model.bin")
Path("copy/model/model.safetensors").unlink()
registry.register("sentiment", "copy")
with refused(OSError, "safetensors"):
    registry.load("sentiment/4")
