"""Make a tiny language model with random weights in the directory that is given, without PyTorch."""

import sys

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, PreTrainedTokenizerFast

directory = sys.argv[1]
words = ["[UNK]", "[PAD]", "harbour", "mooring", "ships"]
tokenizer = Tokenizer(WordLevel({word: index for index, word in enumerate(words)}, unk_token="[UNK]"))
tokenizer.pre_tokenizer = Whitespace()
PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]").save_pretrained(directory)
BertConfig(
    vocab_size=len(words), hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8
).save_pretrained(directory)
weights = np.random.default_rng(7).normal(size=(len(words), 8)).astype(np.float32)
save_file({"embeddings.word_embeddings.weight": weights}, f"{directory}/model.safetensors", metadata={"format": "pt"})
