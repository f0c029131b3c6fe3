"""Writes models of transformers into the working directory as a hub has them, with tokenizer and training's state."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
    ViTConfig,
    ViTForImageClassification,
)

small = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
made = {
    "bert": BertForSequenceClassification(BertConfig(vocab_size=30, **small)),
    "llama": LlamaForCausalLM(LlamaConfig(vocab_size=30, num_key_value_heads=2, **small)),
    "t5": T5ForConditionalGeneration(T5Config(vocab_size=30, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2)),
    "vit": ViTForImageClassification(ViTConfig(image_size=8, patch_size=4, **small)),
}
for name, model in made.items():
    model.save_pretrained(name)
    torch.save(model.state_dict(), Path(name) / "pytorch_model.bin")
made["llama"].save_pretrained("shards", max_shard_size="1KB")

words = Tokenizer(models.WordLevel({"<unk>": 0, "a": 1, "b": 2}, unk_token="<unk>"))
words.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, unk_token="<unk>")
tokenizer.chat_template = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
tokenizer.save_pretrained("llama")
