"""Writes models of PyTorch and transformers into the working directory, in every usual format."""

from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

model = torch.nn.Sequential(
    torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Dropout(0.1), torch.nn.Linear(8, 2)
)
optimizer = torch.optim.AdamW(model.parameters())
torch.save(model.state_dict(), "weights.pt")
torch.save(model.state_dict(), "pytorch_model.bin")
torch.save(model.state_dict(), "legacy.pth", _use_new_zipfile_serialization=False)
torch.save(model, "module.pt")
torch.save(
    {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "loss": 0.5}, "checkpoint.ckpt"
)
torch.save({"half": torch.ones(3, dtype=torch.bfloat16), "sparse": torch.eye(3).to_sparse()}, "kinds.pt")
torch.jit.save(torch.jit.script(model.eval()), "script.pt")
save_file(model.state_dict(), "model.safetensors", metadata={"format": "pt"})
bert = BertConfig(vocab_size=30, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
folder = Path("bert")
BertModel(bert).save_pretrained(folder)
for file in folder.iterdir():
    file.rename(f"bert_{file.name}" if file.suffix != ".json" else file.name)
