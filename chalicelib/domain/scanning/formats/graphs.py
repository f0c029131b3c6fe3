"""Files of Protocol Buffers: which model they hold is in their name, or only in how they are built."""

from pathlib import PurePosixPath
from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.formats.keras import code_in
from chalicelib.domain.scanning.formats.onnx import scan_onnx
from chalicelib.domain.scanning.formats.saved_model import scan_saved_model
from chalicelib.domain.scanning.formats.unknown import scan_unknown
from chalicelib.domain.scanning.reasons import MalformedError
from chalicelib.domain.scanning.source import Source, TooMuchReadError

# Bytes of the configuration that Keras keeps beside a SavedModel.
_MAX_CONFIGURATION: Final = 16 * 1024 * 1024


def scan_graph(path: str, source: Source) -> FileScan:
    """Raises MalformedError, TooMuchReadError."""
    name = PurePosixPath(path.lower()).name
    if name == "saved_model.pb":
        return scan_saved_model(source)
    if name.endswith(".onnx"):
        return scan_onnx(source)
    if name == "keras_metadata.pb":
        if source.size > _MAX_CONFIGURATION:
            raise TooMuchReadError
        return FileScan("keras_metadata", tuple(code_in(source.read(0, source.size))))
    return _tried(source)


def _tried(source: Source) -> FileScan:
    for scan in (scan_onnx, scan_saved_model):
        try:
            return scan(source)
        except MalformedError:
            continue
    return scan_unknown(source)
