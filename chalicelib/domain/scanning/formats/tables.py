"""Tables in Parquet and Arrow. They hold data only, but for a type by which old versions of pyarrow unpickled.

CVE-2023-47248: pyarrow before 14.0.1 loads a pickle from the metadata of columns of that type.
"""

import base64
from typing import Final

from chalicelib.domain.scanning.detection import HEAD, data_format
from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.reasons import MalformedError, unsafe
from chalicelib.domain.scanning.source import Source, TooMuchReadError

# Bytes of the schema, at the start of Arrow's files and at the end of Parquet's.
MAX_SCHEMA: Final = 16 * 1024 * 1024
_SEARCHED: Final = 1024 * 1024
_PYTHON_TYPE: Final = b"arrow.py_extension_type"
# Parquet holds Arrow's schema in base64, in which the name looks in three ways, by where it starts. The characters at
# both ends also hold bits of what is around it, so they are left out.
_SPELLINGS: Final = (
    _PYTHON_TYPE,
    *(base64.b64encode(bytes(before) + _PYTHON_TYPE)[before + bool(before) :][:-4] for before in range(3)),
)


def scan_data(source: Source) -> FileScan:
    """A file of a format that holds data only. Raises MalformedError, TooMuchReadError."""
    name = data_format(source.read(0, HEAD))
    schema = _schema(name, source)
    if any(spelling in schema for spelling in _SPELLINGS):
        text = "A column is of a type that old versions of pyarrow load by a pickle in the file."
        return FileScan(name, (unsafe("arrow_python_type", text),))
    return FileScan(name)


def _schema(name: str, source: Source) -> bytes:
    if name == "parquet":
        end = source.read(max(0, source.size - 8), 8)
        length = int.from_bytes(end[:4], "little")
        if len(end) < 8 or end[4:] not in {b"PAR1", b"PARE"} or length > source.size - 12:
            raise MalformedError("The table has no end.")
        if length > MAX_SCHEMA:
            raise TooMuchReadError
        return source.read(source.size - 8 - length, length)
    if name in {"arrow", "feather"}:
        return source.read(0, _SEARCHED) + source.read(max(_SEARCHED, source.size - _SEARCHED), _SEARCHED)
    return b""
