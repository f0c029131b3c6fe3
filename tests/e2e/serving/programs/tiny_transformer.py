"""Load the tiny model with transformers. Prints what it is and what its tokenizer makes of a text, as JSON."""

import json
import sys

from safetensors.numpy import load_file
from transformers import AutoConfig, AutoTokenizer
from transformers.utils import cached_file

repository, revision = sys.argv[1:]
config = AutoConfig.from_pretrained(repository, revision=revision)
tokenizer = AutoTokenizer.from_pretrained(repository, revision=revision)
weights = load_file(cached_file(repository, "model.safetensors", revision=revision))
print(
    json.dumps(
        {
            "kind": config.model_type,
            "hidden": config.hidden_size,
            "tokens": tokenizer("ships mooring sky")["input_ids"],
            "sum": float(sum(abs(weight).sum() for weight in weights.values())),
        }
    )
)
