"""Writes models of PyTorch into the working directory: weights, checkpoints, every layer whole, and programs."""

import argparse
import inspect
import warnings
from collections.abc import Iterator
from typing import Final

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.export import Dim

# Of layers that take more than sizes.
ARGUMENTS: Final = {
    "AdaptiveLogSoftmaxWithLoss": (4, 8, [2]),
    "FractionalMaxPool2d": (2, 2),
    "FractionalMaxPool3d": (2, 2),
    "GRU": (4, 4),
    "LSTM": (4, 4),
    "RNN": (4, 4),
    "TransformerDecoder": (nn.TransformerDecoderLayer(4, 2), 2),
    "TransformerEncoder": (nn.TransformerEncoderLayer(4, 2, batch_first=True), 2),
    "Unflatten": (1, (2, 2)),
}
# What others are made from, and layers that learn their sizes first.
NO_LAYERS: Final = {"Container", "Module", "RNNBase", "RNNCellBase"}


def layers() -> Iterator[tuple[str, nn.Module]]:
    """Every layer and loss of PyTorch. All sizes are 4."""
    for name in sorted(set(nn.modules.__all__) - NO_LAYERS):
        kind = getattr(nn, name)
        if not name.startswith("Lazy"):
            parameters = inspect.signature(kind).parameters.values()
            needed = [one for one in parameters if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
            yield name, kind(*ARGUMENTS.get(name, [4] * len(needed)))


class Attention(nn.Module):
    """With sizes that are calculated, a branch, and a constant."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True, activation="gelu")

    def forward(self, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        half = first.shape[1] // 2
        hidden = self.inner(torch.cat([first[:, :half], second[:, half - 1 :]], dim=1))
        hidden = hidden.reshape(-1, hidden.shape[1] * 4) + torch.tensor([1.0])
        return torch.cond(hidden.sum() > 0, lambda one: one + 1, lambda one: one - 1, (hidden,))


warnings.simplefilter("ignore")
model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2))
optimizer = torch.optim.AdamW(model.parameters())
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=10)
model(torch.ones(3, 4)).sum().backward()
optimizer.step()
schedule.step()

state = model.state_dict()
torch.save(state, "weights.pt")
torch.save(state, "pytorch_model.bin")
torch.save(state, "legacy.pth", _use_new_zipfile_serialization=False)
torch.save(state, "protocol_5.pt", pickle_protocol=5)
torch.save(model, "module.pt")
torch.save(model, "legacy_module.pt", _use_new_zipfile_serialization=False)
torch.save(nn.DataParallel(model), "parallel.pt")
torch.save(nn.TransformerEncoderLayer(4, 2, activation="gelu"), "gelu.pt")
torch.save(optimizer.state_dict(), "optimizer.pt")
torch.save(schedule.state_dict(), "scheduler.pt")
torch.save({"cpu": torch.get_rng_state(), "numpy": np.random.default_rng(0).bit_generator.state}, "rng_state.pth")
checkpoint = {"model": state, "optimizer": optimizer.state_dict(), "epoch": 3, "loss": np.float64(0.5)}
torch.save(checkpoint | {"arguments": argparse.Namespace(rate=0.1), "history": np.zeros(3)}, "checkpoint.ckpt")
kinds = {
    "half": torch.ones(3, dtype=torch.bfloat16),
    "eighth": torch.ones(3).to(torch.float8_e4m3fn),
    "complex": torch.ones(3, dtype=torch.complex64),
    "sparse": torch.eye(3).to_sparse(),
    "rows": torch.eye(3).to_sparse_csr(),
    "quantized": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
    "channels": torch.quantize_per_channel(torch.ones(2, 2), torch.ones(2), torch.zeros(2), 0, torch.qint8),
    "view": torch.ones(4, 4)[1:, ::2],
    "parameter": nn.Parameter(torch.ones(2)),
    "shape": torch.Size([1, 2]),
    "type": torch.float16,
    "device": torch.device("cpu"),
}
torch.save(kinds, "kinds.pt")
for name, layer in layers():
    torch.save(layer, f"layer_{name}.pt")
save_file(state, "model.safetensors", metadata={"format": "pt"})

example = (torch.ones(1, 4),)
torch.jit.save(torch.jit.script(model.eval()), "script.pt")
torch.jit.save(torch.jit.trace(model.eval(), example), "trace.pt")
torch.export.save(torch.export.export(model.eval(), example), "exported.pt2")
several = (torch.ones(3, 6, 4), torch.ones(3, 6, 4))
sizes = torch.export.export(
    Attention().eval(), several, dynamic_shapes=({0: Dim.AUTO, 1: Dim.AUTO}, {0: Dim.AUTO, 1: Dim.AUTO})
)
torch.export.save(sizes, "exported_sizes.pt2")
