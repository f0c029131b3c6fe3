"""Archives that are models: which kind an archive holds, told by the names of its members."""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import Final

from chalicelib.domain.scanning.file_scan import Reason
from chalicelib.domain.scanning.paths import suffix_of
from chalicelib.domain.scanning.reasons import note, review


class Package(StrEnum):
    """What an archive holds. The values are the formats that scans name."""

    TORCH = "torch"
    TORCHSCRIPT = "torchscript"
    TORCH_TAR = "torch_tar"
    TORCHSERVE = "torchserve"
    KERAS = "keras"
    SKOPS = "skops"
    NUMPY = "npz"
    NEMO = "nemo"
    JAVA = "java"
    ZIP = "zip"
    TAR = "tar"


# PyTorch reads a storage as numbers, whatever its bytes are: aten's PyTorchStreamReader.
_STORAGE: Final = re.compile(r"^[^/]*/(?:data|constants)/\d+$")
_TORCH_ROOT: Final = re.compile(r"^[^/]*/data\.pkl$")
_REASONS: Final = {
    Package.TORCH_TAR: (review("torch_tar", "It is a checkpoint of PyTorch before 1.0, which is not read in full."),),
    Package.TORCHSERVE: (review("torchserve", "It is an archive of TorchServe, which runs the Python code in it."),),
    Package.JAVA: (review("java", "It is a program for Java."),),
    Package.TORCHSCRIPT: (note("torchscript", "It holds TorchScript: a program that PyTorch runs by itself."),),
}


def package_of(path: str, container: str, names: Collection[str]) -> Package:
    """What a ``zip`` or ``tar`` with members of these names is."""
    present = frozenset(names)
    if container == "tar":
        if {"pickle", "storages"} <= present:
            return Package.TORCH_TAR
        is_nemo = any(name.removeprefix("./") == "model_config.yaml" for name in present)
        return Package.NEMO if is_nemo else Package.TAR
    if any(_TORCH_ROOT.match(name) for name in present):
        has_code = any("/code/" in name or name.endswith("/constants.pkl") for name in present)
        return Package.TORCHSCRIPT if has_code else Package.TORCH
    if any(name.upper() == "MAR-INF/MANIFEST.JSON" for name in present) or suffix_of(path) == ".mar":
        return Package.TORCHSERVE
    if {"config.json", "model.weights.h5"} <= present or suffix_of(path) == ".keras":
        return Package.KERAS
    if "schema.json" in present or suffix_of(path) == ".skops":
        return Package.SKOPS
    if any(name.upper() == "META-INF/MANIFEST.MF" for name in present):
        return Package.JAVA
    is_numpy = present and all(name.endswith(".npy") for name in present)
    return Package.NUMPY if is_numpy else Package.ZIP


def package_reasons(package: Package) -> tuple[Reason, ...]:
    """What is to be said of every archive of its kind."""
    return _REASONS.get(package, ())


def is_storage(package: Package, name: str) -> bool:
    """Whether a member is the bytes of a tensor, which nothing unpickles."""
    return package in {Package.TORCH, Package.TORCHSCRIPT} and bool(_STORAGE.match(name))
