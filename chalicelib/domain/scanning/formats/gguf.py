"""GGUF: typed metadata and descriptions of tensors in front of weights that nothing executes.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Chat templates are in the metadata, and loaders
render them: CVE-2024-34359.
"""

import math
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.scanning.file_scan import FileScan
from chalicelib.domain.scanning.formats.chat_template import template_reasons
from chalicelib.domain.scanning.formats.secrets import MAX_SEARCHED, secrets_in
from chalicelib.domain.scanning.ranges import Reader
from chalicelib.domain.scanning.reasons import MalformedError, joined, note, shown
from chalicelib.domain.scanning.source import Source, TooMuchReadError

FORMAT: Final = "gguf"
# Bytes before the weights.
MAX_PREFIX: Final = 16 * 1024 * 1024
# Of metadata and of tensors.
_MOST: Final = 100_000
_MOST_DIMENSIONS: Final = 4
_VERSIONS: Final = frozenset({2, 3})
_STRING: Final = 8
_ARRAY: Final = 9
_BOOL: Final = 7
_UINT32: Final = 4
# Bytes of a value, by its type.
_WIDTHS: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, _BOOL: 1, 10: 8, 11: 8, 12: 8}
_ALIGNMENT: Final = "general.alignment"
# What readers call parts of the header, so that values of these names would be doubles.
_TAKEN: Final = ("GGUF.version", "GGUF.tensor_count", "GGUF.kv_count")
_TEMPLATE: Final = "tokenizer.chat_template"
# Elements of a block and its bytes, by the tensor's type: ggml's table of types.
_BLOCKS: Final = {
    0: (1, 4),
    1: (1, 2),
    2: (32, 18),
    3: (32, 20),
    6: (32, 22),
    7: (32, 24),
    8: (32, 34),
    9: (32, 40),
    10: (256, 84),
    11: (256, 110),
    12: (256, 144),
    13: (256, 176),
    14: (256, 210),
    15: (256, 292),
    16: (256, 66),
    17: (256, 74),
    18: (256, 98),
    19: (256, 50),
    20: (32, 18),
    21: (256, 110),
    22: (256, 82),
    23: (256, 136),
    24: (1, 1),
    25: (1, 2),
    26: (1, 4),
    27: (1, 8),
    28: (1, 8),
    29: (256, 56),
    30: (1, 2),
    34: (256, 54),
    35: (256, 66),
    39: (32, 17),
    40: (64, 36),
    41: (128, 18),
}


@dataclass(slots=True)
class _Metadata:
    """What is kept of the metadata: texts on their own, and how tensors are aligned."""

    names: set[str] = field(default_factory=lambda: set(_TAKEN))
    texts: dict[str, str] = field(default_factory=dict)
    alignment: int = 32


def scan_gguf(source: Source) -> FileScan:
    """Reads what is in front of the weights. Raises MalformedError, TooMuchReadError."""
    reader = Reader(source)
    if reader.take(4) != b"GGUF":
        raise MalformedError("It does not start with GGUF.")
    version = reader.number(4)
    if version not in _VERSIONS:
        raise MalformedError(f"It is of version {version}, which no reader here knows.")
    tensors, values = reader.number(8), reader.number(8)
    if max(tensors, values) > _MOST:
        raise TooMuchReadError
    metadata = _Metadata()
    for _ in range(values):
        _value(reader, metadata)
    _check_tensors(reader, tensors, metadata.alignment)
    return _judged(metadata.texts)


def _judged(texts: dict[str, str]) -> FileScan:
    found = []
    for name, text in texts.items():
        if name.startswith(_TEMPLATE):
            found.append(FileScan(FORMAT, tuple(template_reasons(text, shown(name)))))
        if len(text) <= MAX_SEARCHED:
            found.append(FileScan(FORMAT, tuple(secrets_in(text, shown(name)))))
        else:
            found.append(FileScan(FORMAT, (note("not_searched", "A text is too long to be searched.", shown(name)),)))
    return joined(FORMAT, found)


def _value(reader: Reader, metadata: _Metadata) -> None:
    name = _string(reader)
    if name in metadata.names:
        raise MalformedError("Two values have one name, so readers may disagree.", shown(name))
    metadata.names.add(name)
    kind = reader.number(4)
    if name == _ALIGNMENT:
        metadata.alignment = _alignment(reader, kind)
    elif kind == _STRING:
        metadata.texts[name] = _string(reader)
    elif kind == _ARRAY:
        metadata.texts.update(_array(reader, name))
    else:
        reader.skip(_width(kind))
    _check_prefix(reader)


def _alignment(reader: Reader, kind: int) -> int:
    if kind != _UINT32:
        raise MalformedError("The alignment is no number of 32 bits.", _ALIGNMENT)
    alignment = reader.number(4)
    if not alignment or alignment & (alignment - 1):
        raise MalformedError("The alignment is no power of two.", _ALIGNMENT)
    return alignment


def _array(reader: Reader, name: str) -> dict[str, str]:
    """The texts of a short list: vocabularies have a thousand times as many. Lists of lists are not in use."""
    kind, count = reader.number(4), reader.number(8)
    if kind == _STRING:
        return _strings(reader, count, name)
    if kind == _ARRAY:
        raise MalformedError("A value is a list of lists.", shown(name))
    reader.skip(count * _width(kind))
    return {}


def _strings(reader: Reader, count: int, name: str) -> dict[str, str]:
    texts = {}
    for index in range(count):
        text = _string(reader)
        _check_prefix(reader)
        if index < 100:
            texts[f"{name}[{index}]"] = text
    return texts


def _string(reader: Reader) -> str:
    length = reader.number(8)
    if length > MAX_PREFIX:
        raise TooMuchReadError
    try:
        return reader.take(length).decode()
    except UnicodeDecodeError as error:
        raise MalformedError("A text is not in UTF-8.") from error


def _width(kind: int) -> int:
    if kind not in _WIDTHS:
        raise MalformedError(f"A value is of type {kind}, which does not exist.")
    return _WIDTHS[kind]


def _check_prefix(reader: Reader) -> None:
    if reader.position > MAX_PREFIX:
        raise TooMuchReadError


def _check_tensors(reader: Reader, count: int, alignment: int) -> None:
    """Each tensor must start at a multiple of the alignment, and end before the file does."""
    names: set[str] = set()
    ends = [0]
    for _ in range(count):
        name = _string(reader)
        if name in names:
            raise MalformedError("Two tensors have one name.", shown(name))
        names.add(name)
        ends.append(_end_of_tensor(reader, alignment, shown(name)))
        _check_prefix(reader)
    weights = -(-reader.position // alignment) * alignment
    if count and weights + max(ends) > reader.size:
        raise MalformedError("A tensor ends after the file does.")


def _end_of_tensor(reader: Reader, alignment: int, name: str) -> int:
    """Where a tensor ends, counted from the first byte of the weights."""
    dimensions = reader.number(4)
    if dimensions > _MOST_DIMENSIONS:
        raise MalformedError(f"A tensor has more than {_MOST_DIMENSIONS} dimensions.", name)
    shape = [reader.number(8) for _ in range(dimensions)]
    kind, offset = reader.number(4), reader.number(8)
    if kind not in _BLOCKS:
        raise MalformedError(f"A tensor is of type {kind}, which no reader here knows.", name)
    if offset % alignment:
        raise MalformedError("A tensor is not aligned.", name)
    block, length = _BLOCKS[kind]
    if block > 1 and (not shape or shape[0] % block):
        raise MalformedError("A row of a tensor is not a whole number of blocks.", name)
    return offset + math.prod(shape) * length // block
