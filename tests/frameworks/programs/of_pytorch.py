"""PyTorch: modules and state dicts as safetensors, exported programs."""

from pathlib import Path

import torch
from expecting import overwrite, refused
from moorage import Client, UntrustedModelError
from moorage.frameworks.load import load
from torch import nn


class Net(nn.Module):
    """A small network with weights that two layers share, and a dropout that must be off when it serves."""

    def __init__(self, hidden: int = 4) -> None:
        super().__init__()
        self.first = nn.Linear(4, hidden)
        self.second = nn.Linear(hidden, 4)
        self.second.weight = nn.Parameter(torch.zeros(4, hidden)) if hidden != 4 else self.first.weight
        self.dropout = nn.Dropout(0.5)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return self.second(self.dropout(torch.relu(self.first(rows))))


registry = Client()
rows = torch.rand(5, 4)
net = Net().train()
version = registry.log(net, "net", example=rows)
assert net.training, "logging leaves the module in its mode"
assert version.tags == {} and version.framework["name"] == "pytorch"
assert version.signature["outputs"] == [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 4]}}]
assert [line.partition("==")[0] for line in version.provenance["runtime"]["requirements"]] == ["safetensors", "torch"]
expected = net.eval()(rows)
for into in (Net, lambda: Net(4), Net().train()):
    loaded = registry.load("net/1", into=into)
    assert not loaded.training and torch.equal(loaded(rows), expected)
with refused(RuntimeError, "size mismatch"):
    registry.load("net/1", into=lambda: Net(8))

plain = nn.Linear(4, 2)
registry.log(plain.state_dict(), "net")
weights = registry.load("net/2")
assert weights.keys() == {"weight", "bias"} and torch.equal(weights["weight"], plain.weight)
# What was loaded stays as it is, whatever becomes of the files.
registry.download("net", 2, "copy")
weights = load("net", 2, Path("copy"), (), (), None)
overwrite(Path("copy/model.safetensors"))
assert torch.equal(weights["weight"], plain.weight)

program = torch.export.export(net, (rows,))
version = registry.log(program, "net", example=rows)
assert version.tags == {"runs_code": "pt2"} and version.signature["outputs"]
with refused(UntrustedModelError, "net/3 is an exported program", "allow=['pt2:net/3']"):
    registry.load("net/3")
assert torch.allclose(registry.load("net/3", allow=["pt2:net"]).module()(rows), expected)
