"""Which module reads what: by the kind of content, and by the place in an archive of a known kind."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from chalicelib.domain.scanning.containers.packages import Package, is_exported_graph
from chalicelib.domain.scanning.detection import Kind
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.formats.binaries import scan_closed, scan_executable
from chalicelib.domain.scanning.formats.exported_program import scan_exported_program
from chalicelib.domain.scanning.formats.gguf import scan_gguf
from chalicelib.domain.scanning.formats.graphs import scan_graph
from chalicelib.domain.scanning.formats.keras import scan_hdf5, scan_keras_configuration, scan_keras_weights
from chalicelib.domain.scanning.formats.safetensors import scan_safetensors
from chalicelib.domain.scanning.formats.skops import scan_skops_schema
from chalicelib.domain.scanning.formats.tables import scan_data
from chalicelib.domain.scanning.formats.text import scan_text
from chalicelib.domain.scanning.formats.torchscript import scan_torchscript
from chalicelib.domain.scanning.formats.unknown import scan_unknown
from chalicelib.domain.scanning.pickles.npy import scan_npy
from chalicelib.domain.scanning.pickles.scan import scan_pickle
from chalicelib.domain.scanning.source import Source

# They may raise MalformedError and TooMuchReadError.
Reader: TypeAlias = Callable[[Source], FileScan]
NamedReader: TypeAlias = Callable[[str, Source], FileScan]

# Archives and compressed streams are in neither: what is in them is scanned in turn.
BY_CONTENT: Final[Mapping[Kind, Reader]] = {
    Kind.CLOSED: scan_closed,
    Kind.DATA: scan_data,
    Kind.GGUF: scan_gguf,
    Kind.HDF5: scan_hdf5,
    Kind.NPY: scan_npy,
    Kind.PICKLE: scan_pickle,
    Kind.SAFETENSORS: scan_safetensors,
    Kind.UNKNOWN: scan_unknown,
}
# Of these, the name says which rules apply.
BY_NAME: Final[Mapping[Kind, NamedReader]] = {
    Kind.EXECUTABLE: scan_executable,
    Kind.PROTOBUF: scan_graph,
    Kind.TEXT: scan_text,
}
_BY_PLACE: Final[Mapping[tuple[Package, str], Reader]] = {
    (Package.KERAS, "config.json"): scan_keras_configuration,
    (Package.KERAS, "model.weights.h5"): scan_keras_weights,
    (Package.SKOPS, "schema.json"): scan_skops_schema,
}
# Without them, an archive is not what it is called.
NEEDED: Final[Mapping[Package, str]] = {Package.KERAS: "config.json", Package.SKOPS: "schema.json"}


def reader_of_member(package: Package, name: str) -> Reader | None:
    """How a member is read whose place says what it is; None for the others, whose content says it."""
    if package is Package.TORCHSCRIPT and "/code/" in name and name.endswith(".py"):
        return scan_torchscript
    if package is Package.TORCH_EXPORT and is_exported_graph(name):
        return scan_exported_program
    return _BY_PLACE.get((package, name))
