"""Archives that are models: which kind an archive holds, told by the names of its members."""

import re
from collections.abc import Collection, Iterator
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
    TORCH_EXPORT = "torch_export"
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
# What says that an archive is an exported program; the second is how it was before PyTorch 2.8. Case does not matter.
_EXPORTED: Final = re.compile(r"^[^/]*/archive_format$|^serialized_exported_program\.json$", re.IGNORECASE)
_EXPORTED_GRAPH: Final = re.compile(r"^[^/]*/models/|^serialized_exported_program\.json$")
_EXPORTED_WEIGHTS: Final = re.compile(r"^[^/]*/data/(?:weights|constants)/")
# What the name of a zip says that it is, whatever its members are called.
_BY_SUFFIX: Final = {
    ".keras": Package.KERAS,
    ".mar": Package.TORCHSERVE,
    ".npz": Package.NUMPY,
    ".pt2": Package.TORCH_EXPORT,
    ".skops": Package.SKOPS,
}
_REASONS: Final = {
    Package.TORCH_TAR: (review("torch_tar", "It is a checkpoint of PyTorch before 1.0, which is not read in full."),),
    Package.TORCHSERVE: (review("torchserve", "It is an archive of TorchServe, which runs the Python code in it."),),
    Package.JAVA: (review("java", "It is a program for Java."),),
    Package.TORCHSCRIPT: (note("torchscript", "It holds TorchScript: a program that PyTorch runs by itself."),),
}


def packages_of(path: str, container: str, names: Collection[str]) -> tuple[Package, ...]:
    """Everything that a ``zip`` or ``tar`` with members of these names is to some loader, first what it is called.

    Mostly it is one thing. One that is several could hide from the rules of one behind those of another.
    """
    present = frozenset(names)
    if container == "tar":
        return (_of_tar(present),)
    named = _BY_SUFFIX.get(suffix_of(path))
    found = dict.fromkeys([*([] if named is None else [named]), *_of_zip(present)])
    return tuple(found) or (Package.ZIP,)


def _of_tar(present: frozenset[str]) -> Package:
    if {"pickle", "storages"} <= present:
        return Package.TORCH_TAR
    is_nemo = any(name.removeprefix("./") == "model_config.yaml" for name in present)
    return Package.NEMO if is_nemo else Package.TAR


def _of_zip(present: frozenset[str]) -> Iterator[Package]:
    if any(_TORCH_ROOT.match(name) for name in present):
        has_code = any("/code/" in name or name.endswith("/constants.pkl") for name in present)
        yield Package.TORCHSCRIPT if has_code else Package.TORCH
    if any(_EXPORTED.match(name) for name in present):
        yield Package.TORCH_EXPORT
    if any(name.upper() == "MAR-INF/MANIFEST.JSON" for name in present):
        yield Package.TORCHSERVE
    if {"config.json", "model.weights.h5"} <= present:
        yield Package.KERAS
    if "schema.json" in present:
        yield Package.SKOPS
    if any(name.upper() == "META-INF/MANIFEST.MF" for name in present):
        yield Package.JAVA
    if present and all(name.endswith(".npy") for name in present):
        yield Package.NUMPY


def package_reasons(packages: tuple[Package, ...]) -> Iterator[Reason]:
    """What is to be said of every archive of its kinds, and of one that is of several."""
    for package in packages:
        yield from _REASONS.get(package, ())
    if len(packages) > 1:
        kinds = " and as ".join(package.value for package in packages)
        yield review("several_packages", f"It reads as {kinds}, so loaders may disagree.")


def is_exported_graph(name: str) -> bool:
    """Whether a member of this name is the graph of an exported program."""
    return bool(_EXPORTED_GRAPH.match(name))


def name_that_counts(packages: tuple[Package, ...], name: str) -> str:
    """The name by which a member is read; empty if it says nothing.

    The configuration of an exported program says which members are unpickled, and they may have any name.
    """
    return "" if Package.TORCH_EXPORT in packages else name


def is_weights(packages: tuple[Package, ...], name: str) -> bool:
    """Whether a member is in a place for numbers, which have no format. It may be a pickle all the same."""
    return packages == (Package.TORCH_EXPORT,) and bool(_EXPORTED_WEIGHTS.match(name))


def is_storage(package: Package, name: str) -> bool:
    """Whether a member is the bytes of a tensor, which nothing unpickles."""
    return package in {Package.TORCH, Package.TORCHSCRIPT} and bool(_STORAGE.match(name))
